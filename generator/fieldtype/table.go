package fieldtype

import (
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// table has one row for each type, next to that in package value of the
// component. A new type that is a text of one line needs no more here than its
// row: the check is that of package value.
var table = []Type{
	{
		Name: "text", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Free: true, ByName: true, Length: Prose, Longest: 2000, Sort: FromTheStart, Default: true, Filter: OnRequest,
		check: checkText, example: suited(exampleText),
	},
	{
		Name: "longtext", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Free: true, Length: 4000, Longest: 100_000, Personal: true, Default: true,
		check: checkText, example: suited(exampleText),
	},
	{
		Name: "integer", Go: "int64", SQLite: "INTEGER", Postgres: "BIGINT",
		Free: true, ByName: true, Number: true, Sort: FromTheStart, Default: true, Filter: OnRequest,
		check: checkInteger, example: suited(exampleNumber),
	},
	{
		Name: "decimal", Go: "float64", SQLite: "REAL", Postgres: "DOUBLE PRECISION",
		Number: true, Sort: FromTheStart, Default: true,
		check: checkDecimal, example: suited(exampleNumber),
	},
	{
		Name: "money", Go: "value.Money", SQLite: "INTEGER", Postgres: "BIGINT",
		Number: true, Sort: FromTheStart, Default: true,
		check: checkMoney, example: suited(exampleNumber),
	},
	{
		Name: "boolean", Go: "bool", SQLite: "INTEGER", Postgres: "BOOLEAN",
		ByName: true, Filter: FromTheStart, Default: true,
		Expected: problem.Words{NL: "ja of nee", EN: "ja or nee"},
		check:    checkBoolean, example: listed("true", "false"),
	},
	{
		Name: "date", Go: "value.Date", SQLite: "TEXT", Postgres: "DATE",
		ByName: true, Filter: FromTheStart, Sort: FromTheStart, Default: true,
		Expected: problem.Words{NL: "een datum als 2026-01-31", EN: "a date like 2026-01-31"},
		check:    checkDate, example: suited(exampleDate),
	},
	{
		Name: "onvolledige-datum", Go: "value.PartialDate", SQLite: "TEXT", Postgres: "TEXT",
		Schema: "OnvolledigeDatum", shared: sharedPartialDate, Parts: []string{"datum", "jaar", "maand"},
		ByName: true, Sort: FromTheStart,
		Expected: problem.Words{NL: "een datum als 1985-03-12, 1985-03 of 1985, of onbekend", EN: "a date like 1985-03-12, 1985-03 or 1985, or onbekend"},
		check:    checkPartialDate, example: suited(examplePartialDate),
	},
	{
		Name: "datetime", Go: "value.DateTime", SQLite: "TIMESTAMP", Postgres: "TIMESTAMPTZ",
		ByName: true, Sort: FromTheStart, Default: true,
		Expected: problem.Words{NL: "een tijdstip als 2026-01-31T09:00:00Z", EN: "a moment like 2026-01-31T09:00:00Z"},
		check:    checkDatetime, example: each(exampleMoment),
	},
	{
		Name: "enum", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		ByName: true, Filter: FromTheStart, Default: true, Sort: OnRequest,
		check: checkEnum, example: suited(exampleChoice),
	},
	{
		Name: "email", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Limit: 254, Distinct: true, Personal: true, Default: true, Sort: OnRequest,
		Expected: problem.Words{NL: "een e-mailadres", EN: "an e-mail address"},
		example:  each(exampleEmail),
	},
	{
		Name: "phone", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Personal: true, Default: true,
		Expected: problem.Words{NL: "een telefoonnummer", EN: "a telephone number"},
		example:  each(examplePhone),
	},
	{
		Name: "url", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Limit: 2000, Default: true, Sort: OnRequest,
		Expected: problem.Words{NL: "een webadres met https://", EN: "a web address with https://"},
		check:    checkURL, example: each(exampleURL),
	},
	{
		Name: "uuid", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Filter: OnRequest,
		Expected: problem.Words{NL: "een UUID", EN: "a UUID"},
		example:  each(exampleUUID),
	},
	{
		Name: "bsn", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Personal: true,
		Parameters: []string{"burgerservicenummer", "bsn"},
		Expected:   problem.Words{NL: "een burgerservicenummer van 9 cijfers", EN: "a burgerservicenummer of 9 digits"},
		check:      checkBSN, example: listed(testBSNs...),
	},
	{
		Name: "kvk", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Default: true, Filter: OnRequest, Sort: OnRequest,
		Parameters: []string{"kvknummer", "kvk"},
		Expected:   problem.Words{NL: "een KVK-nummer van 8 cijfers", EN: "a KVK number of 8 digits"},
		example:    listed(testKVKs...),
	},
	{
		Name: "vestigingsnummer", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Default: true, Filter: OnRequest, Sort: OnRequest,
		Parameters: []string{"vestigingsnummer"},
		Expected:   problem.Words{NL: "een vestigingsnummer van 12 cijfers", EN: "a vestigingsnummer of 12 digits"},
		example:    listed(testBranches...),
	},
	{
		Name: "rsin", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Default: true, Filter: OnRequest, Sort: OnRequest,
		Parameters: []string{"rsin"},
		Expected:   problem.Words{NL: "een RSIN van 9 cijfers", EN: "an RSIN of 9 digits"},
		example:    each(rsin),
	},
	{
		Name: "oin", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Default: true, Filter: OnRequest, Sort: OnRequest,
		Parameters: []string{"oin"},
		Expected:   problem.Words{NL: "een OIN van 20 cijfers", EN: "an OIN of 20 digits"},
		example:    each(exampleOIN),
	},
	{
		Name: "iban", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Personal: true, Default: true, Note: "Hoofdletters, zonder spaties.",
		Parameters: []string{"iban"},
		Expected:   problem.Words{NL: "een IBAN", EN: "an IBAN"},
		example:    each(iban),
	},
	{
		Name: "postcode", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Personal: true, Default: true, Note: "Als 1234 AB.", Sort: OnRequest,
		Parameters: []string{"postcode"},
		Expected:   problem.Words{NL: "een postcode als 1234 AB", EN: "a postcode like 1234 AB"},
		example:    suited(examplePostcode),
	},
	{
		Name: "kenteken", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Personal: true, Default: true, Note: "Hoofdletters, met streepjes.", Sort: OnRequest,
		Parameters: []string{"kenteken"},
		Expected:   problem.Words{NL: "een Nederlands kenteken", EN: "a Dutch number plate"},
		example:    each(exampleKenteken),
	},
	{
		Name: "adres", Go: "value.Address", SQLite: "TEXT", Postgres: "JSONB",
		Schema: "Adres", shared: sharedAddress, Parts: value.Parts(), Distinct: true, Personal: true,
		Expected: problem.Words{NL: `een adres als "Kerkstraat 1 A, 1234 AB Plaats"`, EN: `an address like "Kerkstraat 1 A, 1234 AB Plaats"`},
		check:    checkParts(parseAddress, formAddress), example: exampleAddress,
	},
	{
		Name: "adres-buitenland", Go: "value.ForeignAddress", SQLite: "TEXT", Postgres: "JSONB",
		Schema: "AdresBuitenland", shared: sharedForeign, Distinct: true, Personal: true,
		Expected: problem.Words{NL: `een adres als "Voorbeeldlaan 7, 2000 Antwerpen, België"`, EN: `an address like "Voorbeeldlaan 7, 2000 Antwerpen, België"`},
		check:    checkParts(parseForeign, formForeign), example: exampleForeign,
	},
	{
		Name: "adres-overal", Go: "value.AnyAddress", SQLite: "TEXT", Postgres: "JSONB",
		Schema: "AdresOveral", shared: sharedAnyAddress, Parts: value.Parts(), Distinct: true, Personal: true,
		Expected: problem.Words{NL: `een adres als "Kerkstraat 1 A, 1234 AB Plaats" of "Voorbeeldlaan 7, 2000 Antwerpen, België"`, EN: `an address like "Kerkstraat 1 A, 1234 AB Plaats" or "Voorbeeldlaan 7, 2000 Antwerpen, België"`},
		check:    checkParts(parseAnyAddress, formAnyAddress), example: exampleAnyAddress,
	},
	{
		Name: "bag-id", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Distinct: true, Default: true, Filter: OnRequest, Sort: OnRequest,
		Parameters: []string{"adresseerbaarobjectidentificatie", "nummeraanduidingidentificatie"},
		Expected:   problem.Words{NL: "een BAG-identificatie van 16 cijfers", EN: "a BAG identification of 16 digits"},
		example:    suited(exampleBAGID),
	},
	{
		Name: "geo", Go: "value.Point", SQLite: "TEXT", Postgres: "JSONB",
		Schema: "Punt", shared: sharedPoint,
		Expected: problem.Words{NL: `een plek in Nederland als "52.09, 5.12" (breedte, lengte)`, EN: `a place in the Netherlands like "52.09, 5.12" (latitude, longitude)`},
		check:    checkParts(parsePoint, formPoint), example: examplePoint,
	},
	{
		Name: "file", Go: "value.Attachment", SQLite: "TEXT", Postgres: "JSONB",
		Schema: "Bestand", shared: sharedFile, Personal: true, Unwritten: true,
		example: exampleAttachment,
	},
	{
		Name: "reference", Go: "string", SQLite: "TEXT", Postgres: "TEXT",
		Filter: FromTheStart, Unwritten: true, Note: "Het id van het andere gegeven.",
		example: suited(exampleRecord),
	},
}
