// Package fieldtype knows the types that a field can have: how a value is
// checked, stored, described in OpenAPI and asked on a screen, what synthetic
// values look like, and whether it is personal data.
//
// To add a type: add a line to the table here, its check to checks.go, its
// examples to examples.go, and its name to the enum of answers.Field. A test
// names the one that was forgotten.
package fieldtype

import (
	"slices"
	"strings"
)

// Count is how many synthetic examples each field has.
const Count = 8

// Type is one type of field.
type Type struct {
	Name     string
	Go       string // type of a required value: "int64", "value.Date" …
	SQLite   string // column type
	Postgres string // column type
	Control  string // form control
	Format   string // format in OpenAPI
	Pattern  string // regular expression of the plain string
	Length   int    // default for maxLength; 0: not a free text
	Longest  int    // largest maxLength that can be asked for
	Number   bool   // min and max make sense
	Personal bool
	Filter   bool
	Sort     bool
	Default  bool // a default value makes sense

	check func(*Field, string) (string, Fault)
}

// Field is what was asked of one field: the input of Check, OpenAPI and
// Examples.
type Field struct {
	Name      string // JSON name
	Title     string
	Help      string
	Type      string
	Required  bool
	Min, Max  *float64
	MaxLength int // 0: the type's own
	Values    []string
	Example   string   // "" or a checked value in form notation
	Records   []string // reference: ids of the synthetic records it can point to
	Personal  bool
}

// Patterns of plain strings; valid in RE2 and in ECMA 262.
const (
	patternMoney    = `^-?[0-9]{1,15}\.[0-9]{2}$`
	patternPhone    = `^[+0-9][0-9 -]{2,24}$`
	patternURL      = `^https?://[^\s]+$`
	patternUUID     = `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`
	patternNine     = `^[0-9]{9}$`
	patternKVK      = `^[0-9]{8}$`
	patternOIN      = `^[0-9]{20}$`
	patternIBAN     = `^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`
	patternPostcode = `^[1-9][0-9]{3} [A-Z]{2}$`
	patternKenteken = `^[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3}$`
	patternBAGID    = `^[0-9]{4}(01|02|03|10|20|30)[0-9]{10}$`
)

var table = []Type{
	{Name: "text", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Length: 255, Longest: 2000, Sort: true, Default: true, check: checkText},
	{Name: "longtext", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "textarea", Length: 4000, Longest: 100_000, Personal: true, Default: true, check: checkText},
	{Name: "integer", Go: "int64", SQLite: "INTEGER", Postgres: "BIGINT", Control: "number", Format: "int64", Number: true, Sort: true, Default: true, check: checkInteger},
	{Name: "decimal", Go: "float64", SQLite: "REAL", Postgres: "DOUBLE PRECISION", Control: "number", Format: "double", Number: true, Sort: true, Default: true, check: checkDecimal},
	{Name: "money", Go: "value.Money", SQLite: "INTEGER", Postgres: "BIGINT", Control: "money", Format: "money", Pattern: patternMoney, Number: true, Sort: true, Default: true, check: checkMoney},
	{Name: "boolean", Go: "bool", SQLite: "INTEGER", Postgres: "BOOLEAN", Control: "checkbox", Filter: true, Default: true, check: checkBoolean},
	{Name: "date", Go: "value.Date", SQLite: "TEXT", Postgres: "DATE", Control: "date", Format: "date", Filter: true, Sort: true, Default: true, check: checkDate},
	{Name: "datetime", Go: "value.DateTime", SQLite: "TIMESTAMP", Postgres: "TIMESTAMPTZ", Control: "datetime", Format: "date-time", Sort: true, Default: true, check: checkDatetime},
	{Name: "enum", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "radio", Filter: true, Default: true, check: checkEnum},
	{Name: "email", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "email", Format: "email", Personal: true, Default: true, check: checkEmail},
	{Name: "phone", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "tel", Format: "phone", Pattern: patternPhone, Personal: true, Default: true, check: checkPhone},
	{Name: "url", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "url", Format: "uri", Pattern: patternURL, Default: true, check: checkURL},
	{Name: "uuid", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "uuid", Pattern: patternUUID, check: checkUUID},
	{Name: "bsn", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "bsn", Pattern: patternNine, Personal: true, check: checkBSN},
	{Name: "kvk", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "kvk", Pattern: patternKVK, Default: true, check: checkKVK},
	{Name: "rsin", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "rsin", Pattern: patternNine, Default: true, check: checkRSIN},
	{Name: "oin", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "oin", Pattern: patternOIN, Default: true, check: checkOIN},
	{Name: "iban", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "iban", Pattern: patternIBAN, Personal: true, Default: true, check: checkIBAN},
	{Name: "postcode", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "postcode", Pattern: patternPostcode, Personal: true, Default: true, check: checkPostcode},
	{Name: "kenteken", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "kenteken", Pattern: patternKenteken, Personal: true, Default: true, check: checkKenteken},
	{Name: "adres", Go: "value.Address", SQLite: "TEXT", Postgres: "JSONB", Control: "adres", Personal: true, check: checkAddress},
	{Name: "bag-id", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "text", Format: "bag-id", Pattern: patternBAGID, Default: true, check: checkBAGID},
	{Name: "geo", Go: "value.Point", SQLite: "TEXT", Postgres: "JSONB", Control: "geo", check: checkPoint},
	{Name: "file", Go: "value.Attachment", SQLite: "TEXT", Postgres: "JSONB", Control: "file", Personal: true},
	{Name: "reference", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Control: "reference", Format: "uuid", Pattern: patternUUID, Filter: true},
}

// Of returns the type called name.
func Of(name string) (Type, bool) {
	i := slices.IndexFunc(table, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return Type{}, false
	}
	return table[i], true
}

// Names returns the names of all types, in the order of the documentation.
func Names() []string {
	names := make([]string, len(table))
	for i, t := range table {
		names[i] = t.Name
	}
	return names
}

// GoType is the type of a struct field: a pointer when the value may be absent
// and "" cannot say so.
func (t Type) GoType(required bool) string {
	if required || t.Go == "string" {
		return t.Go
	}
	return "*" + t.Go
}

// ControlFor is the form control for a field with so many choices: a short
// list can be seen at a glance, a long one is folded.
func (t Type) ControlFor(choices int) string {
	if t.Name == "enum" && choices > 5 {
		return "select"
	}
	return t.Control
}

// MaxLength is the largest number of characters of a value of f; 0 when its
// form already limits it.
func (t Type) MaxLength(f *Field) int {
	switch {
	case f.MaxLength > 0:
		return f.MaxLength
	case t.Name == "email":
		return 254
	case t.Name == "url":
		return 2000
	}
	return t.Length
}

// IsPersonal says whether a field of this type and name is personal data. The
// name only ever adds: a text called "achternaam" is personal, a bsn always.
func (t Type) IsPersonal(name string) bool {
	if t.Personal {
		return true
	}
	switch t.Name {
	case "text", "date", "datetime", "integer", "boolean", "enum":
	default:
		return false
	}
	name = strings.ToLower(name)
	if name == "naam" {
		return true
	}
	return slices.ContainsFunc(personalWords, func(word string) bool { return strings.Contains(name, word) })
}

// personalWords are parts of names of fields that tell something of a person.
// A word too many costs a filter, a word too few puts a name in a URL.
var personalWords = []string{
	"voornaam", "voornamen", "achternaam", "geslacht", "roepnaam", "meisjesnaam", "voorletter", "initialen",
	"voorvoegsel", "tussenvoegsel", "volledigenaam", "geboorte", "overlijden", "overleden", "nationaliteit",
	"burgerlijkestaat", "burgerservice", "bsn", "telefoon", "mailadres", "straat", "huisnummer", "rekeningnummer",
	"paspoort", "rijbewijs", "documentnummer", "inkomen", "gezondheid", "medisch", "religie", "handtekening",
	"contactpersoon", "aanvragernaam", "naamaanvrager", "partnernaam", "naampartner", "kindnaam", "naamkind", "leeftijd",
}
