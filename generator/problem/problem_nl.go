package problem

// nlForm holds the Dutch texts on form and names: what is wrong, then what to do.
var nlForm = map[Code]string{
	FileTooLarge:      `het bestand is groter dan {1}. Maak het kleiner; voorbeeldgegevens horen in een eigen bestand.`,
	FileEmpty:         `het bestand is leeg. Begin met "version: 1", of maak er een met "fieldlab new".`,
	NotUTF8:           `byte {1} is geen UTF-8. Sla het bestand op als UTF-8.`,
	NotYAML:           `dit is geen geldige YAML ({1}). Controleer inspringing, dubbele punten en aanhalingstekens op deze plek.`,
	ColonInText:       `hier staat een dubbele punt met een spatie midden in een tekst. Zet de tekst tussen aanhalingstekens: "…".`,
	NeedsQuotes:       `deze waarde begint met een teken dat in YAML iets anders betekent. Zet haar tussen aanhalingstekens: "…".`,
	NotClosed:         `hier gaat een aanhalingsteken of haakje open zonder dicht te gaan, of andersom. Zet tekst met een ' erin tussen "…".`,
	TabIndent:         `deze regel springt in met een tab. Gebruik spaties.`,
	ControlCharacter:  `hier staat een onzichtbaar teken ({1}). Haal het weg.`,
	TooDeep:           `de inspringing gaat dieper dan {1} niveaus. Zo diep gaat dit formaat niet; controleer de haakjes.`,
	TooMany:           `het bestand heeft meer dan {1} waarden. Maak het kleiner.`,
	MultipleDocuments: `hier begint een tweede document (---). Zet alle antwoorden in één document.`,
	AnchorUsed:        `ankers (&{1}) kunnen hier niet. Schrijf de waarde voluit.`,
	AliasUsed:         `verwijzingen (*{1}) kunnen hier niet. Schrijf de waarde voluit.`,
	TagUsed:           `het type-etiket {1} kan hier niet. Haal het weg.`,
	MergeUsed:         `samenvoegen met << kan hier niet. Schrijf de sleutels voluit.`,
	KeyNotText:        `een sleutel moet een woord zijn. Zet er een woord met een dubbele punt neer.`,
	KeyDuplicate:      `"{1}" staat hier voor de tweede keer; eerder op regel {2}. Haal er een weg.`,
	KeyUnknown:        `"{1}" bestaat hier niet. Kies uit {2}.`,
	KeyMissing:        `"{1}" ontbreekt. Voeg het toe.`,
	WantMapping:       `hier horen sleutels met waarden, niet {1}. Schrijf bijvoorbeeld "name: waarde".`,
	WantList:          `hier hoort een lijst, niet {1}. Zet er streepjes voor of gebruik [a, b].`,
	WantText:          `hier hoort tekst, niet {1}. Zet er één waarde neer.`,
	WantInteger:       `hier hoort een geheel getal, niet {1}.`,
	WantNumber:        `hier hoort een getal, niet {1}. Schrijf duizend als 1000, zonder punt, en gebruik een punt voor decimalen.`,
	WantBoolean:       `hier hoort true of false, niet {1}.`,
	ValueIsComment:    `na een spatie begint # een opmerking, dus {1} telt niet mee. Zet er aanhalingstekens omheen: "{1}".`,
	ValueEmpty:        `deze waarde is leeg. Vul haar in.`,
	ValueUnknown:      `"{1}" kan hier niet. Kies uit {2}.`,
	VersionNewer:      `versie {1} van dit formaat is nieuwer dan deze fieldlab kent ({2}). Werk fieldlab bij.`,
	VersionUnknown:    `versie {1} van dit formaat bestaat niet. Schrijf "version: 1".`,
	MoreProblems:      `en nog {1} andere. Los deze eerst op.`,
	SetForm:           `"{1}" is geen sleutel=waarde. Schrijf bijvoorbeeld --set component.title="Verhuizing doorgeven".`,
	SetPath:           `"{1}" wijst geen plek in de antwoorden aan. Schrijf bijvoorbeeld register[0].fields[1].title.`,
	SetNotText:        `"{1}" bevat een teken dat niet in het bestand kan. Haal het weg.`,
	RewriteByHand:     `dit is niet netjes in het bestand te zetten. Doe het met de hand; hier hoort dan: {1}`,

	NameUnusable:  `"{1}" heeft geen letter of cijfer. Geef een naam met letters.`,
	NameCollision: `"{1}" en "{2}" worden allebei {3}. Geef een van de twee een andere naam.`,
	NameReserved:  `"{1}" gebruikt het component zelf al ({2}). Kies een andere naam.`,
}

// nlFormTerms holds the Dutch words in them.
var nlFormTerms = map[Term]string{
	TermNothing: `niets`,
	TermText:    `tekst`,
	TermList:    `een lijst`,
	TermMapping: `sleutels met waarden`,
}
