// Package answers defines the answers file, fieldlab.yaml: what a team said
// about its data source and its process. It knows the form of the file (keys,
// types, positions, defaults of form) and nothing of its meaning: package
// model judges that.
//
// The Go types below are the single source of the format. The strict decoder,
// the published JSON Schema and the wizard all read their struct tags:
//
//	yaml:"key"      the key in the file
//	doc:"..."       Dutch help text, shown by editors and by the wizard
//	enum:"a|b"      the allowed values
//	names:"type"    the allowed values are the names in a table of another package
//	example:"..."   an example value for editors
//	required:"true" the schema and the decoder insist on the key
//	form:"oin"      how the text is written, or between which bounds a number
//	                lies: a pattern or bounds in the schema for editors;
//	                package model judges the value itself
package answers

// Version is the version of the answers format that this program writes.
const Version = 1

// FileName is the name of the answers file in the root of a component.
const FileName = "fieldlab.yaml"

// Answers is the whole answers file.
type Answers struct {
	Version     int         `yaml:"version" required:"true" doc:"Versie van dit formaat; nu 1." example:"1"`
	Component   Component   `yaml:"component" required:"true" doc:"Wat er gemaakt wordt en door wie."`
	Register    []Entity    `yaml:"register" doc:"Wat dit component zelf bewaart. [] is een goed antwoord: gegevens blijven bij de bron."`
	Sources     []Source    `yaml:"sources" doc:"Bronnen van anderen die dit component bevraagt, altijd via de outway."`
	Process     Process     `yaml:"process" doc:"Het proces: wie doet wat, in welke volgorde. Zonder dit deel komt er een standaardproces."`
	Privacy     Privacy     `yaml:"privacy" doc:"Verwerkingsactiviteiten met doel en grondslag."`
	Interaction Interaction `yaml:"interaction" doc:"Hoe de schermen eruitzien."`
	FSC         FSC         `yaml:"fsc" doc:"De aansluiting op FSC: groep, directory en de adressen van OpenFSC. Wat ontbreekt, komt in docs/overdracht.md."`
	Delivery    Delivery    `yaml:"delivery" doc:"Bouwen en uitleveren."`
	Fieldlab    Fieldlab    `yaml:"fieldlab" doc:"Het fieldlab zelf: dagen, team en doel."`
	Pack        Pack        `yaml:"pack" doc:"Het eigen pakket dat over de sjablonen ligt. Schrijf dit niet zelf: new --pack en update --pack doen dat."`
}

// Component says what the component is and who is responsible for it.
type Component struct {
	Name         string       `yaml:"name" doc:"Korte naam in kleine letters met streepjes; standaard afgeleid van de titel." example:"verhuizing"`
	Title        string       `yaml:"title" required:"true" doc:"Titel zoals inwoners en collega's die lezen." example:"Verhuizing doorgeven"`
	Summary      string       `yaml:"summary" doc:"Een of twee zinnen: wat doet het en voor wie." example:"Inwoners geven hun verhuizing door; burgerzaken verwerkt de aangifte."`
	Organisation Organisation `yaml:"organisation" required:"true" doc:"De organisatie die verantwoordelijk is."`
	Contact      Contact      `yaml:"contact" doc:"Bij wie een gebruiker van de API terecht kan."`
	Repository   string       `yaml:"repository" form:"url" doc:"Adres van de broncode; bepaalt ook het Go-modulepad." example:"https://github.com/gemeente/verhuizing"`
	Licence      string       `yaml:"licence" enum:"EUPL-1.2" doc:"Licentie (SPDX); standaard EUPL-1.2."`
}

// Organisation identifies the responsible organisation.
type Organisation struct {
	Name    string `yaml:"name" required:"true" doc:"Naam van de organisatie." example:"Gemeente 's-Hertogenbosch"`
	OIN     string `yaml:"oin" form:"oin" doc:"Organisatie-identificatienummer, 20 cijfers. Weglaten mag: dan staat het in docs/overdracht.md." example:"00000001001299757000"`
	TOOI    string `yaml:"tooi" doc:"TOOI-code van de organisatie." example:"gm0796"`
	Website string `yaml:"website" form:"url" doc:"Website van de organisatie." example:"https://www.s-hertogenbosch.nl"`
}

// Contact is the team behind the API (API Design Rules, /core/doc-openapi-contact).
type Contact struct {
	Name  string `yaml:"name" doc:"Naam van het team." example:"Team Burgerzaken"`
	Email string `yaml:"email" form:"email" doc:"E-mailadres van het team." example:"burgerzaken@s-hertogenbosch.nl"`
	URL   string `yaml:"url" form:"url" doc:"Contactpagina." example:"https://www.s-hertogenbosch.nl/contact"`
}

// Entity is a kind of thing that the component stores itself.
type Entity struct {
	Name      string    `yaml:"name" required:"true" doc:"Naam in enkelvoud." example:"verhuizing"`
	Plural    string    `yaml:"plural" doc:"Naam in meervoud; standaard afgeleid." example:"verhuizingen"`
	Title     string    `yaml:"title" doc:"Titel zoals mensen die lezen; standaard de naam met een hoofdletter." example:"Verhuizing"`
	Fields    []Field   `yaml:"fields" required:"true" doc:"De velden."`
	Retention Retention `yaml:"retention" doc:"Hoe lang deze gegevens bewaard worden en waar dat staat."`
}

// Field is one field of an entity, or an input of a form that is not stored.
type Field struct {
	Name      string   `yaml:"name" required:"true" doc:"Naam van het veld; elke Nederlandse naam mag." example:"verhuisdatum"`
	Type      string   `yaml:"type" required:"true" names:"type" doc:"Soort gegeven."`
	Title     string   `yaml:"title" doc:"Vraag of label op het scherm; standaard de naam." example:"Datum van verhuizing"`
	Help      string   `yaml:"help" doc:"Uitleg onder de vraag."`
	Required  bool     `yaml:"required" doc:"Moet het ingevuld zijn?"`
	Min       *float64 `yaml:"min" doc:"Kleinste waarde (getallen); 0 als het niet minder dan nul kan zijn."`
	Max       *float64 `yaml:"max" doc:"Grootste waarde (getallen)."`
	MaxLength *int     `yaml:"maxLength" doc:"Grootste lengte in tekens (tekst)."`
	Values    []string `yaml:"values" doc:"De keuzes, bij type enum." example:"[ja, nee]"`
	Default   string   `yaml:"default" doc:"Vooraf ingevulde waarde."`
	Example   string   `yaml:"example" doc:"Voorbeeldwaarde; een BSN alleen uit de testreeks."`
	Entity    string   `yaml:"entity" doc:"Waar een reference naar verwijst: de naam van een entiteit uit register."`
	Filter    *bool    `yaml:"filter" doc:"Kan de lijst van de API op dit veld gefilterd worden? Standaard bij enum, boolean, date en reference. Nooit bij persoonsgegevens: de waarde staat dan in een webadres."`
	Sort      *bool    `yaml:"sort" doc:"Kan de lijst van de API op dit veld gesorteerd worden? Standaard bij getallen, bedragen, datums en korte tekst zonder persoonsgegevens."`
	Person    string   `yaml:"person" doc:"Van wie een bsn, kvk, vestigingsnummer of rsin is: de naam van een rol (dan komt het uit de inlog van wie die rol heeft) of other (een ander; dan wordt het getypt en niet gecontroleerd)." example:"other"`
}

// Retention is how long data is kept.
type Retention struct {
	Period  string            `yaml:"period" form:"duration" doc:"Bewaartermijn als ISO 8601-duur, in dagen of langer." example:"P5Y"`
	Start   string            `yaml:"start" enum:"closing|decision|object|creation" doc:"Waarmee de termijn begint: het sluiten van de zaak (closing), het besluit (decision), een datum in het gegeven (object, met field) of het aanmaken (creation). Standaard closing voor waar de zaak over gaat, en anders de laatste wijziging."`
	Field   string            `yaml:"field" doc:"Bij start object: het veld van type date met het einde van waar het over gaat." example:"einddatum"`
	Source  string            `yaml:"source" doc:"Waar die termijn staat." example:"Selectielijst gemeenten 2020, 7.7"`
	Keep    bool              `yaml:"keep" doc:"Blijvend bewaren: wordt nooit vernietigd."`
	Results []ResultRetention `yaml:"results" doc:"Resultaten van de zaak waarvoor een andere termijn geldt."`
}

// ResultRetention is how long data is kept when the zaak ended with one result.
type ResultRetention struct {
	Result string `yaml:"result" required:"true" doc:"Het resultaat, zoals bij een stap van soort end." example:"toegekend"`
	Period string `yaml:"period" form:"duration" doc:"Bewaartermijn als ISO 8601-duur, in dagen of langer." example:"P10Y"`
	Start  string `yaml:"start" enum:"closing|decision|object|creation" doc:"Waarmee de termijn begint; standaard closing."`
	Field  string `yaml:"field" doc:"Bij start object: het veld van type date met het einde van waar het over gaat." example:"einddatum"`
	Source string `yaml:"source" doc:"Waar die termijn staat." example:"Selectielijst gemeenten 2020, 7.8"`
	Keep   bool   `yaml:"keep" doc:"Blijvend bewaren: wordt nooit vernietigd."`
}

// Source is an API of somebody else, reached through the outway.
type Source struct {
	Name           string            `yaml:"name" required:"true" doc:"Korte naam van de bron." example:"bag"`
	Title          string            `yaml:"title" doc:"Volledige naam." example:"Basisregistratie Adressen en Gebouwen"`
	OpenAPI        string            `yaml:"openapi" doc:"OpenAPI-bestand van de bron, naast fieldlab.yaml." example:"bronnen/bag.yaml"`
	Catalogue      string            `yaml:"catalogue" enum:"bag|brp-personen|brp-bewoning|brk|woz|kvk|zgw-zaken|zgw-catalogi|zgw-documenten|zgw-besluiten" doc:"Bekende bron uit de ingebouwde catalogus."`
	Service        string            `yaml:"service" doc:"Naam van de FSC-dienst; standaard die van de catalogus, of de naam van de bron." example:"bag-bevragen"`
	BaseURL        string            `yaml:"baseUrl" form:"url" doc:"Adres waaronder de bron zichzelf kent. Verwijzingen in antwoorden beginnen ermee; de vragen zelf gaan via de outway." example:"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2"`
	Headers        map[string]string `yaml:"headers" doc:"Vaste headers die bij elke vraag meegaan, zoals Accept-Crs. Nooit een sleutel."`
	Authentication Authentication    `yaml:"authentication" doc:"Wat de bron zelf vraagt om te weten wie er vraagt, naast FSC."`
	Provider       Provider          `yaml:"provider" doc:"Wie de bron aanbiedt."`
	Operations     []Operation       `yaml:"operations" doc:"De vragen die gesteld worden: een naam, of een naam met pad."`
	Purpose        Purpose           `yaml:"purpose" doc:"Waarvoor en welke velden: doelbinding en dataminimalisatie."`
}

// Provider is the organisation behind a source.
type Provider struct {
	Name string `yaml:"name" doc:"Naam van de aanbieder." example:"Kadaster"`
	OIN  string `yaml:"oin" form:"oin" doc:"OIN van de aanbieder, 20 cijfers." example:"00000001802327497000"`
}

// Authentication is how a source itself wants to know who asks. The secrets are
// settings of the running component and never stand in the file.
type Authentication struct {
	Type   string `yaml:"type" enum:"none|apikey|zgw-jwt|oauth2" doc:"none: niets; apikey: een sleutel in een header; zgw-jwt: een token met gedeeld geheim (ZGW-API's); oauth2: een token van een autorisatieserver."`
	Header string `yaml:"header" doc:"Naam van de header met de sleutel, bij apikey." example:"X-Api-Key"`
}

// Operation is one question that is put to a source. In the file it is a bare
// name (looked up in the OpenAPI file or the catalogue) or a mapping.
type Operation struct {
	Name       string            `yaml:"name" required:"true" doc:"Naam (operationId) van de vraag." example:"bevraagAdressen"`
	Method     string            `yaml:"method" enum:"GET|POST" doc:"HTTP-methode; standaard GET."`
	Path       string            `yaml:"path" doc:"Pad bij de bron, met {naam} voor padparameters." example:"/adressen"`
	Parameters []string          `yaml:"parameters" doc:"Wat er meegegeven wordt: in de query bij GET, in de body bij POST. Met ? erachter mag het ontbreken, met [] is het een lijst." example:"[postcode, huisnummer]"`
	Constants  map[string]string `yaml:"constants" doc:"Vaste waarden die altijd meegaan."`
	Example    string            `yaml:"example" doc:"JSON-bestand naast fieldlab.yaml met het antwoord van de nabootsing." example:"bronnen/bag-adressen.json"`
}

// Purpose binds a source to a processing activity and to the fields it may see.
type Purpose struct {
	Activity string            `yaml:"activity" doc:"Naam van de verwerkingsactiviteit uit privacy.activities."`
	Fields   []string          `yaml:"fields" doc:"De velden die nodig zijn; de rest van het antwoord wordt weggegooid." example:"[postcode, huisnummer]"`
	Reasons  map[string]string `yaml:"reasons" doc:"Waarom elk veld nodig is: een zin per veld uit fields. De brief aan de aanbieder noemt hem."`
	Warnings []string          `yaml:"warnings" doc:"Velden die de bron ongevraagd meestuurt en die de betekenis van de rest veranderen, zoals een geheimhouding. Wat in de standaarden van de overheid een vaste naam heeft, gaat al vanzelf mee." example:"[indicatieBetwist]"`
	Stored   []string          `yaml:"stored" doc:"Velden van de bron die dit component toch zelf bewaart. Standaard geen: gegevens blijven bij de bron."`
	Reason   string            `yaml:"reason" doc:"Waarom die velden bewaard moeten worden; verplicht bij stored." example:"Archiefwet: het besluit moet te herleiden zijn"`
}

// Process is the process that the component runs.
type Process struct {
	Name    string `yaml:"name" doc:"Korte naam; standaard afgeleid van de titel." example:"verhuizing-doorgeven"`
	Title   string `yaml:"title" doc:"Titel van het proces." example:"Verhuizing doorgeven"`
	Subject string `yaml:"subject" doc:"Entiteit waar de zaak over gaat; mag ontbreken."`
	Roles   []Role `yaml:"roles" doc:"Wie er meedoet."`
	Start   string `yaml:"start" doc:"Eerste stap; standaard de eerste in de lijst."`
	Steps   []Step `yaml:"steps" doc:"De stappen."`
}

// Role is a kind of person in the process.
type Role struct {
	Name      string   `yaml:"name" required:"true" doc:"Korte naam." example:"burgerzaken"`
	Title     string   `yaml:"title" doc:"Zoals mensen het lezen." example:"Medewerker burgerzaken"`
	Audience  string   `yaml:"audience" enum:"citizen|company|employee" doc:"Inwoner (citizen), ondernemer of organisatie (company) of medewerker (employee)."`
	Anonymous bool     `yaml:"anonymous" doc:"Mag zonder inloggen starten (alleen citizen en company)."`
	Rights    []string `yaml:"rights" enum:"inzage|archief" doc:"Wat deze medewerkers meer mogen dan hun stappen: inzage (gegevens van een persoon opzoeken, tonen en verbeteren) en archief (vernietiging goedkeuren of tegenhouden)."`
}

// Step is one step of the process.
type Step struct {
	Name      string            `yaml:"name" required:"true" doc:"Korte naam van de stap." example:"beoordelen"`
	Kind      string            `yaml:"kind" required:"true" enum:"form|lookup|decide|task|end" doc:"form: iemand vult iets in; lookup: een bron bevragen; decide: iemand kiest; task: iemand doet iets; end: klaar."`
	Role      string            `yaml:"role" doc:"Wie de stap doet (form, decide, task)."`
	Title     string            `yaml:"title" doc:"Titel van de stap." example:"Aangifte beoordelen"`
	Help      string            `yaml:"help" doc:"Uitleg bij de stap op het scherm."`
	Fields    []StepField       `yaml:"fields" doc:"Velden van het formulier: namen van velden van het onderwerp, of losse velden die niet bewaard worden."`
	Source    string            `yaml:"source" doc:"Bron van een lookup."`
	Operation string            `yaml:"operation" doc:"Vraag van een lookup; standaard de eerste van de bron."`
	Input     map[string]string `yaml:"input" doc:"Waar elke parameter vandaan komt: een veld, adresveld.deel of bron.veld; standaard gelijke namen."`
	Next      string            `yaml:"next" doc:"Volgende stap."`
	Outcomes  []Outcome         `yaml:"outcomes" doc:"Uitkomst en de stap die erop volgt. Bij lookup: gevonden en niet-gevonden."`
	Term      string            `yaml:"term" form:"duration" doc:"Termijn als ISO 8601-duur." example:"P5D"`
	Result    string            `yaml:"result" doc:"Resultaat van de zaak bij end." example:"toegekend"`
}

// StepField is a field of a form: a reference to a field of the subject (only
// Name is set, in the file a bare name), or a field of its own that is used
// for the question and then forgotten (in the file a mapping; Inline is set).
type StepField struct {
	Name   string
	Inline *Field
}

// Outcome is one way out of a step. In the file outcomes are a mapping of name
// to next step, in the order in which people should see them.
type Outcome struct {
	Name string
	Next string
}

// Privacy lists the processing activities.
type Privacy struct {
	Activities []Activity `yaml:"activities" doc:"Verwerkingsactiviteiten zoals in het register van verwerkingen."`
}

// Activity is a verwerkingsactiviteit (AVG article 30).
type Activity struct {
	Name        string `yaml:"name" required:"true" doc:"Korte naam." example:"aangifte-verhuizing"`
	Title       string `yaml:"title" doc:"Titel." example:"Behandelen van aangiften van verhuizing"`
	Purpose     string `yaml:"purpose" doc:"Doel van de verwerking." example:"Bijhouden van het adres in de BRP"`
	Basis       string `yaml:"basis" enum:"gerechtvaardigd belang|publieke taak|toestemming betrokkene|uitvoering overeenkomst|wettelijke verplichting" doc:"Grondslag uit AVG artikel 6."`
	Explanation string `yaml:"explanation" doc:"Het wetsartikel of de toelichting." example:"Wet BRP artikel 2.39"`
	Retention   string `yaml:"retention" form:"duration" doc:"Bewaartermijn als ISO 8601-duur." example:"P5Y"`
}

// Interaction says how the pages look.
type Interaction struct {
	Theme     string   `yaml:"theme" enum:"voorbeeld" doc:"Thema; standaard voorbeeld."`
	Colour    string   `yaml:"colour" form:"colour" doc:"Huiskleur als #rrggbb." example:"#154273"`
	Audiences []string `yaml:"audiences" enum:"citizen|company|employee" doc:"Voor wie er schermen zijn; standaard afgeleid van de rollen."`
}

// FSC says where the component meets the rest of an FSC group. All of it may be
// left out: development needs none, and the files of OpenFSC say what is missing.
type FSC struct {
	Group           string    `yaml:"group" form:"group" doc:"Group ID van de FSC-groep waarin de contracten gesloten worden." example:"fsc-test"`
	Directory       Directory `yaml:"directory" doc:"De peer die in deze groep de directory is."`
	ManagerAddress  string    `yaml:"managerAddress" form:"address" doc:"Adres van de eigen FSC-manager voor andere peers, met poort 443 of 8443." example:"https://fsc-manager.gemeente.nl:8443"`
	Manager         string    `yaml:"manager" form:"address" doc:"Intern adres van de eigen FSC-manager (poort 9443): voor de outway en voor beheer." example:"https://fsc-manager.intern:9443"`
	ManagerForInway string    `yaml:"managerForInway" form:"address" doc:"Intern adres van de eigen FSC-manager voor de inway (poort 9444)." example:"https://fsc-manager.intern:9444"`
	Controller      string    `yaml:"controller" form:"address" doc:"Adres waar outway en inway zich bij de FSC-controller melden (poort 9443)." example:"https://fsc-controller.intern:9443"`
	ControllerAdmin string    `yaml:"controllerAdmin" form:"address" doc:"Adres voor het beheer van de FSC-controller (poort 9444); standaard dezelfde host als controller." example:"https://fsc-controller.intern:9444"`
	TransactionLog  string    `yaml:"transactionLog" form:"address" doc:"Adres van het transactielog van FSC (poort 9443)." example:"https://fsc-txlog.intern:9443"`
	InwayAddress    string    `yaml:"inwayAddress" form:"address" doc:"Adres waarop andere peers de inway bereiken, met poort 443 of 8443." example:"https://inway.gemeente.nl:443"`
	OutwayAddress   string    `yaml:"outwayAddress" doc:"Adres waarop dit component de outway bereikt; de waarde van OUTWAY_URL." example:"http://verhuizing-open-fsc-outway"`
	OwnPeer         bool      `yaml:"ownPeer" doc:"Ook bestanden voor een eigen manager, controller en transactielog. Veel gemeenten hebben die al."`
	Compose         bool      `yaml:"compose" doc:"Ook een compose-bestand met twee peers van OpenFSC, om op een laptop te proberen."`
}

// Directory is the peer that publishes the services of the group.
type Directory struct {
	OIN     string `yaml:"oin" form:"oin" doc:"OIN van de directory, 20 cijfers." example:"00000099000000005000"`
	Manager string `yaml:"manager" form:"address" doc:"Adres van de manager van de directory, met poort 443 of 8443." example:"https://directory.fsc-test.nl:8443"`
}

// Delivery says how the component is built and shipped.
type Delivery struct {
	CI       []string `yaml:"ci" enum:"github|gitlab" doc:"Voor welke omgevingen CI-bestanden komen; standaard beide."`
	Image    string   `yaml:"image" doc:"Naam van het containerimage." example:"ghcr.io/gemeente/verhuizing"`
	Postgres string   `yaml:"postgres" doc:"Hoofdversie van PostgreSQL; standaard 16." example:"16"`
	Port     *int     `yaml:"port" form:"port" doc:"Eerste van de vier poorten waarop go run . luistert als PORT niet gezet is, 1024 tot en met 65532; standaard 8080. In productie is het zonder PORT altijd 8080." example:"8100"`
}

// Fieldlab describes the event.
type Fieldlab struct {
	Days  int    `yaml:"days" doc:"Aantal dagen (2, 3 of 5); standaard 5." example:"5"`
	Start string `yaml:"start" form:"date" doc:"Eerste dag, jjjj-mm-dd." example:"2026-11-23"`
	Team  string `yaml:"team" doc:"Naam van het team."`
	Goal  string `yaml:"goal" doc:"Wat er op de laatste dag te zien is."`
	// Variant keeps the components of a workshop apart.
	Variant int `yaml:"variant" form:"variant" doc:"Welke van de verzonnen personen en voorbeelden dit component heeft, 0 tot en met 9999; standaard 0. Twee teams met een ander getal tonen niet dezelfde." example:"3"`
}

// Pack names the own pack that lies over the built-in templates. A component keeps
// the pack itself in .fieldlab/pakket.
type Pack struct {
	Name    string `yaml:"name" required:"true" doc:"Naam van het pakket." example:"huisstijl"`
	Version string `yaml:"version" required:"true" doc:"Versie van het pakket." example:"1.0"`
	Sum     string `yaml:"sum" form:"sum" required:"true" doc:"Som van het pakket: sha256: en 64 tekens."`
}
