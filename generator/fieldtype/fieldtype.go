// Package fieldtype knows the types that a field can have: how a value is
// stored, described in OpenAPI and written in the answers file, what synthetic
// values look like, and whether it is personal data. What a running component
// has to know of a type as well, its check, its notation and its control, is in
// package value of the component, which this package uses.
//
// To add a type: see CONTRIBUTING.md. The tests name the place that was
// forgotten.
package fieldtype

import (
	"slices"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Count is how many synthetic examples each field has.
const Count = 8

// Type is one type of field.
type Type struct {
	Name     string
	Go       string // type of a required value: "int64", "value.Date" …
	SQLite   string // column type
	Postgres string // column type
	Schema   string // the shared schema in OpenAPI of what is an object
	Note     string // what the description in OpenAPI adds
	Length   int    // default for maxLength; 0: not a free text
	Longest  int    // largest maxLength that can be asked for
	Limit    int    // longest value of what is no free text, when its form does not say it
	Number   bool   // min and max make sense
	Free     bool   // any value of it is as good as another, so that an example can be what a source takes
	Personal bool   // always personal data
	ByName   bool   // personal data when the name of the field says so
	Distinct bool   // two fields of a record never hold the same: the partners of a marriage are not one person
	Filter   Offer  // a list of the API can be asked for one value of it
	Sort     Offer  // a list of the API can be in its order
	Default  bool   // a default value makes sense

	Unwritten bool // the answers file cannot hold a value of it

	// Parameters are names, in small letters, under which sources ask for it.
	Parameters []string
	// Expected says what a value in the answers file should have been.
	Expected problem.Words

	// Parts are the parts of what is an object that a source can be asked with.
	Parts []string

	shared  string      // the shared schema in OpenAPI, as YAML
	check   checkFunc   // nil: what package value says
	example exampleFunc // the synthetic values
	kind    value.Kind  // what a component knows of it
}

// Offer says whether a list of the API offers something of a field.
//
// What is offered costs an index (column, id), so that a page takes as long with a
// million rows as with ten. Measured on SQLite: 15 to 30 µs CPU and 60 to 110 bytes
// a row, on a write that takes some milliseconds through all layers; one index
// serves filter, sort and the way back. So what people look a record up by is
// offered from the start: a choice, a date, a reference, a number or a short text
// to sort by. It would also be an API that takes something back when one of those
// went. A text costs twice, a folded copy of it and the index on that: one longer
// than a line is prose, which nobody reads in alphabetical order. The rest is for
// who asks for it, in the answers.
type Offer int

// The offers.
const (
	Never Offer = iota
	OnRequest
	FromTheStart
)

// Prose is how long a text may be before it is no longer offered by itself. It is
// also the longest that can be filtered by: a page of an index of PostgreSQL holds
// no key of more than 2 700 bytes.
const Prose = 255

// Field is what was asked of one field: the input of Check, OpenAPI and
// Examples.
type Field struct {
	Name      string // JSON name
	Title     string
	Help      string
	Required  bool
	Min, Max  *float64
	MaxLength int // 0: the type's own
	Values    []string
	Example   string   // "" or a checked value in form notation
	Records   []string // reference: ids of the synthetic records it can point to
	Personal  bool
	Nullable  bool // null is a value, and takes away what was there
	Variant   int  // which of the synthetic values come first
}

// turned is the number of the value that comes as the i-th one in the variant of a
// field: all fields of a record turn by the same number, so that what belongs
// together stays together.
func (f *Field) turned(i int) int { return i + first(Count, f.Variant) }

// within is turned for values of which there are Count.
func (f *Field) within(i int) int { return f.turned(i) % Count }

// Of returns the type called name.
func Of(name string) (Type, bool) {
	i := slices.IndexFunc(table, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return Type{}, false
	}
	t := table[i]
	t.kind, _ = value.Of(name)
	return t, true
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

// ForParameter is the name of the type of what a source calls parameter; "" when
// its name does not say so.
func ForParameter(parameter string) string {
	for _, t := range table {
		if slices.Contains(t.Parameters, strings.ToLower(parameter)) {
			return t.Name
		}
	}
	return ""
}

// ReadNumber reads a number that somebody types, as the forms of a component do.
func ReadNumber(s string) (float64, error) { return value.ParseDecimal(s) }

// ReadWhole reads a whole number that somebody types.
func ReadWhole(s string) (int, error) {
	n, err := value.ParseInteger(s)
	return int(n), err
}

// WriteNumber writes a number so that ReadNumber gives it back.
func WriteNumber(n float64) string { return value.Display("", n) }

// Unprintable finds the first character of a text that has no place in one that
// people read: a control character, or one that nobody sees. What makes an emoji
// of the sign before it stays, unless there is nothing else.
func Unprintable(s string, lines bool) (r rune, found bool) {
	for _, r := range s {
		if unicode.IsControl(r) && (r != '\n' || !lines) || value.Unseen(r) && (!unicode.Is(unicode.Variation_Selector, r) || value.Blank(s)) {
			return r, true
		}
	}
	return 0, false
}

// Shared is the shared schema in OpenAPI of what is an object: the lines that
// stand below components.schemas.
func (t Type) Shared() string { return t.shared }

// MaxLength is the largest number of characters of a value of f; 0 when its
// form already limits it.
func (t Type) MaxLength(f *Field) int {
	switch {
	case f.MaxLength > 0:
		return f.MaxLength
	case t.Limit > 0:
		return t.Limit
	}
	return t.Length
}

// IsPersonal says whether a field of this type and name is personal data. The
// name only ever adds: a text called "achternaam" is personal, a bsn always.
func (t Type) IsPersonal(name string) bool {
	if t.Personal || !t.ByName {
		return t.Personal
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
