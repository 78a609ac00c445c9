package fieldtype

import "regexp"

// The shared schemas of what is an object: they stand in the specification of
// each layer that has a field of the type. A format of ours on an object says
// that it has rules that a schema cannot say; package rest of the component
// checks those.
const (
	sharedPartialDate = `    OnvolledigeDatum:
      type: object
      format: onvolledige-datum
      nullable: true
      description: Een datum waarvan niet alles bekend hoeft te zijn, zoals in de BRP. Bij Datum hoort datum, bij JaarMaandDatum jaar en maand, bij JaarDatum jaar, bij DatumOnbekend onbekend.
      additionalProperties: false
      required: [type]
      properties:
        type: {type: string, enum: [Datum, JaarMaandDatum, JaarDatum, DatumOnbekend], description: Welk deel van de datum bekend is.}
        datum: {type: string, format: date, description: De hele datum., example: '1985-03-12'}
        jaar: {type: integer, minimum: 1, maximum: 9999, description: Het jaar., example: 1985}
        maand: {type: integer, minimum: 1, maximum: 12, description: De maand., example: 3}
        onbekend: {type: boolean, enum: [true], description: Van de datum is niets bekend.}
        langFormaat: {type: string, maxLength: 40, description: De datum in woorden; wie een datum geeft mag dit weglaten., example: maart 1985}`
	// The parts of an address in the Netherlands, and of one abroad.
	dutchProperties = `        straat: {type: string, minLength: 1, pattern: '\S', maxLength: 80, description: De straat., example: Dorpsstraat}
        huisnummer: {type: integer, minimum: 1, maximum: 99999, description: Het huisnummer., example: 12}
        huisletter: {type: string, pattern: '^[A-Za-z]$', description: De huisletter., example: a}
        huisnummertoevoeging: {type: string, pattern: '^[A-Za-z0-9]{1,4}$', description: De toevoeging., example: '2'}
        postcode: {type: string, format: postcode, pattern: '^[1-9][0-9]{3} [A-Z]{2}$', description: De postcode als 1234 AB., example: 1234 AB}
        woonplaats: {type: string, minLength: 1, pattern: '\S', maxLength: 80, description: De woonplaats., example: Utrecht}`
	foreignProperties = `        regel1: {type: string, minLength: 1, pattern: '\S', maxLength: 80, description: De straat en het nummer., example: Voorbeeldlaan 7}
        regel2: {type: string, minLength: 1, pattern: '\S', maxLength: 80, description: De postcode en de plaats., example: 2000 Antwerpen}
        regel3: {type: string, minLength: 1, pattern: '\S', maxLength: 80, description: De regio of provincie., example: Vlaanderen}
        land:
          type: object
          description: Het land; wie een land noemt mag de omschrijving weglaten.
          additionalProperties: false
          required: [code]
          properties:
            code: {type: string, format: landcode, pattern: '^[A-Z]{2}$', description: De code volgens ISO 3166-1., example: BE}
            omschrijving: {type: string, maxLength: 80, description: De naam., example: België}`
	sharedAddress = `    Adres:
      type: object
      nullable: true
      description: Een adres in Nederland, met de onderdelen van de BAG.
      additionalProperties: false
      required: [straat, huisnummer, postcode, woonplaats]
      properties:
` + dutchProperties
	sharedForeign = `    AdresBuitenland:
      type: object
      format: adres-buitenland
      nullable: true
      description: Een adres buiten Nederland, zoals op een envelop.
      additionalProperties: false
      required: [regel1, land]
      properties:
` + foreignProperties
	sharedPoint = `    Punt:
      type: object
      nullable: true
      description: Een plek op de kaart als GeoJSON Point in CRS84.
      additionalProperties: false
      required: [type, coordinates]
      properties:
        type: {type: string, enum: [Point], description: Altijd Point.}
        coordinates: {type: array, minItems: 2, maxItems: 2, items: {type: number, minimum: -180, maximum: 180}, description: De lengtegraad en dan de breedtegraad., example: [5.12, 52.09]}`
	sharedFile = `    Bestand:
      type: object
      nullable: true
      description: Een bestand. Wie een bestand noemt, geeft alleen het id; de rest staat bij het bestand zelf.
      additionalProperties: false
      required: [id]
      properties:
        id: {type: string, format: uuid, description: De identificatie.}
        naam: {type: string, minLength: 1, maxLength: 255, description: De naam., example: bewijs.pdf}
        mediatype: {type: string, maxLength: 127, description: Het soort bestand., example: application/pdf}
        grootte: {type: integer, format: int64, minimum: 1, description: De grootte in bytes., example: 4096}`
)

// example is the example of one property.
var example = regexp.MustCompile(`, example: [^}]+`)

// The schema of an address anywhere has the examples of one in the Netherlands alone:
// together they are an address, of which a test or a client makes its example. There is
// none of the whole: the linter of the design rules takes a postcode in an example for a
// POST that lacks its answer 400 (adr-linter of package adr).
var sharedAnyAddress = `    AdresOveral:
      type: object
      format: adres-overal
      nullable: true
      description: Een adres in Nederland of in het buitenland. Bij Adres horen straat, huisnummer, postcode en woonplaats, bij AdresBuitenland regel1 en land.
      additionalProperties: false
      required: [type]
      properties:
        type: {type: string, enum: [Adres, AdresBuitenland], description: Of het adres in Nederland is of in het buitenland.}
` + dutchProperties + "\n" + example.ReplaceAllString(foreignProperties, "")
