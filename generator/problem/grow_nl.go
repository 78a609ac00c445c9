package problem

// nlGrow holds the Dutch texts of package grow.
var nlGrow = map[Code]string{
	GrowTaken:          `er is al een {2} "{3}", en "{1}" is daar niet van te onderscheiden. Kies een andere naam.`,
	GrowUnknown:        `{1} "{2}" is er niet. Kies uit {3}.`,
	GrowNone:           `{1} "{2}" is er niet; er is er nog geen.`,
	GrowNamed:          `{1} "{2}" heet al zo. Geef een andere naam, of een titel.`,
	GrowWhichEntity:    `veld "{1}" is er bij {2}. Zeg met --of welk van de twee u bedoelt.`,
	GrowNotSubject:     `een formulier vraagt alleen velden van waar de zaak over gaat, en dat is niet "{2}". Laat --form weg bij "{1}".`,
	GrowNotForm:        `stap "{1}" is geen formulier. Kies uit {2}.`,
	GrowStandard:       `dit component heeft het standaardproces: zijn stappen staan nog niet in fieldlab.yaml. Schrijf ze daar eerst uit bij process.steps.`,
	GrowWhichOutcome:   `stap "{1}" heeft meer uitkomsten. Zeg na welke de nieuwe stap komt: {2}.`,
	GrowOutcomeUnknown: `stap "{1}" heeft geen uitkomst "{2}". Kies uit {3}.`,
	GrowAfterEnd:       `stap "{1}" is een einde: daarna komt niets. Zeg na welke andere stap deze komt.`,
	GrowTo:             `na stap "{1}" gaat het niet vanzelf één kant op. Zeg met --to waar zaken en verwijzingen heen gaan: {2}.`,
	GrowSourceLess:     `waar komt bron "{1}" vandaan? Kies er een uit de catalogus, geef met --openapi haar OpenAPI-bestand of noem een vraag met haar pad.`,

	UsedByForm:      `stap "{1}" zou zonder veld "{2}" niets meer vragen. Haal die stap eerst weg, of laat haar iets anders vragen.`,
	UsedByInput:     `stap "{1}" bevraagt een bron met "{2}" (bij {3}). Geef daar eerst iets anders op, of haal die stap weg.`,
	UsedByRetention: `de bewaartermijn van "{1}" gaat uit van "{2}". Pas die termijn eerst aan.`,
	UsedByReference: `veld "{1}" bij "{2}" verwijst naar entiteit "{3}". Haal dat veld eerst weg.`,
	UsedAsSubject:   `de zaak gaat over "{1}". Laat haar bij process.subject eerst over iets anders gaan.`,
	UsedByStep:      `stap "{1}" kan niet zonder {2} "{3}". Geef die stap eerst iets anders, of haal haar weg.`,
	UsedByPerson:    `veld "{1}" is het nummer van wie rol "{2}" heeft. Pas person daar eerst aan.`,
	UsedBySource:    `bron "{1}" wordt bevraagd voor "{2}". Noem bij purpose.activity eerst een andere verwerkingsactiviteit.`,
	UsedLastField:   `"{1}" is het laatste veld van "{2}". Haal dan de hele entiteit weg, of geef haar eerst een ander veld.`,
}

// nlGrowTerms holds the Dutch words in them.
var nlGrowTerms = map[Term]string{
	TermEntity: `entiteit`, TermField: `veld`, TermStep: `stap`, TermRole: `rol`, TermSource: `bron`, TermActivity: `verwerkingsactiviteit`,
}
