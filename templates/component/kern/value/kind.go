package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Kind is one kind of data: what a running component knows of a type of
// fieldlab.yaml. How it is stored and described is known when the component is
// made, and stands there.
type Kind struct {
	Name    string  // the type in fieldlab.yaml
	Format  string  // the format in OpenAPI; "" when it has none
	Pattern string  // regular expression of text in JSON, in OpenAPI; valid in RE2 and in ECMA 262
	Control Control // how a form asks for it
	Input   Input   // how its input looks, when it is one input

	// Notation is what a program has to write, when the words of check are only
	// right for people at a form, who write it otherwise.
	Notation string

	check     func(string) error        // what is wrong with text in JSON; nil: nothing can be
	canonical func(string) string       // text as typed → text in JSON; nil: as it is
	parse     func(string) (any, error) // for what is no text: as typed → value for JSON
	show      func(string) string       // text in JSON → as people read it; nil: as it is
	object    func(raw []byte) string   // for what is an object: JSON → as people read it

	// faults says per part what is wrong with an object, beyond its schema; nil:
	// the schema says it all.
	faults func(raw []byte) map[string]error
	typed  func(string) string // text in JSON → as people type it; nil: as it is
}

// Control is how a form asks for a value.
type Control string

// The controls that the pages have.
const (
	Line          Control = "line"        // one line
	Lines         Control = "lines"       // a text of more lines
	Choice        Control = "choice"      // one of the values of the field
	YesNo         Control = "yes-no"      // yes or no
	Day           Control = "day"         // day, month and year
	PartialDay    Control = "partial"     // day, month and year, of which not all is known
	Moment        Control = "moment"      // a day and a time
	AddressParts  Control = "address"     // the parts of an address
	ForeignLines  Control = "foreign"     // the lines of an address abroad
	AnyAddressOf  Control = "any-address" // the parts of an address, in the Netherlands or abroad
	Place         Control = "place"       // latitude and longitude
	Upload        Control = "upload"      // a file
	ReferenceList Control = "reference"   // one of the records that there are
)

// Input is how the input of a kind looks.
type Input struct {
	Type         string // type attribute; "" for text
	Mode         string // inputmode attribute
	Autocomplete string // autocomplete attribute
	Width        string // class that gives it a fitting width
	Prose        bool   // the browser may check the spelling
	Hint         string // for the person who fills it in
}

// Patterns of text in JSON that the checks use as well.
const (
	patternMoney    = `^-?[0-9]{1,15}\.[0-9]{2}$`
	patternPhone    = `^[+0-9][0-9 -]{2,24}$`
	patternUUID     = `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`
	patternNine     = `^[0-9]{9}$`
	patternKVK      = `^[0-9]{8}$`
	patternBranch   = `^[0-9]{12}$`
	patternOIN      = `^[0-9]{20}$`
	patternIBAN     = `^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`
	patternPostcode = `^[1-9][0-9]{3} [A-Z]{2}$`
	patternBAGID    = `^[0-9]{4}(01|02|03|10|20|30)[0-9]{10}$`
)

// kinds has one row for each type. A new type that is a text of one line needs
// its row, with its check, and nothing else in this component.
var kinds = []Kind{
	{Name: "text", Control: Line, Input: Input{Prose: true}},
	{Name: "longtext", Control: Lines, Input: Input{Prose: true}},
	{Name: "integer", Format: "int64", Control: Line, Input: Input{Mode: "numeric", Width: "kort"}, parse: as(ParseInteger)},
	{Name: "decimal", Format: "double", Control: Line, Input: Input{Mode: "decimal", Width: "kort", Hint: "Bijvoorbeeld: 12,5"}, parse: as(ParseDecimal), typed: pointToComma},
	{Name: "money", Format: "money", Pattern: patternMoney, Control: Line, Input: Input{Mode: "decimal", Width: "kort", Hint: "Bedrag in euro, bijvoorbeeld: 12,50"}, parse: as(ParseMoney), check: checkMoney, Notation: "een bedrag als tekst met een punt en twee decimalen, zoals 12.50,", show: showMoney, typed: pointToComma},
	{Name: "boolean", Control: YesNo, parse: as(ParseBoolean), typed: typedBoolean},
	{Name: "date", Format: "date", Control: Day, Input: Input{Hint: "Bijvoorbeeld: 31 12 2026"}, parse: as(ParseDate), check: checkDate, Notation: "een bestaande datum als 2026-12-31", show: showDate},
	{Name: "onvolledige-datum", Format: "onvolledige-datum", Control: PartialDay, Input: Input{Hint: "Bijvoorbeeld: 31 12 1985. Weet u de dag of de maand niet, laat die dan leeg; weet u niets, vul dan bij het jaar 0000 in"}, parse: as(ParsePartialDate), object: objectOf[PartialDate], faults: partialDateFaults},
	{Name: "datetime", Format: "date-time", Control: Moment, Input: Input{Hint: "Bijvoorbeeld: 31 12 2026 en 14:30, in Nederlandse tijd"}, parse: as(ParseDateTime), check: checkDateTime, Notation: "een tijdstip als 2026-12-31T14:30:00Z (RFC 3339)", show: showDateTime},
	{Name: "enum", Control: Choice},
	{Name: "email", Format: "email", Control: Line, Input: Input{Type: "email", Autocomplete: "email"}, canonical: canonicalEmail, check: Email},
	{Name: "phone", Format: "phone", Pattern: patternPhone, Control: Line, Input: Input{Type: "tel", Autocomplete: "tel", Width: "middel", Hint: "Bijvoorbeeld: 06 12345678"}, canonical: canonicalPhone, check: Phone, show: showPhone},
	{Name: "url", Format: "uri", Pattern: `^https?://[^\s]+$`, Control: Line, Input: Input{Type: "url", Hint: "Begint met https://"}, canonical: canonicalURL, check: URL},
	{Name: "uuid", Format: "uuid", Pattern: patternUUID, Control: Line, Input: Input{Hint: "36 tekens, met streepjes"}, canonical: canonicalUUID, check: UUID},
	{Name: "bsn", Format: "bsn", Pattern: patternNine, Control: Line, Input: Input{Mode: "numeric", Width: "middel", Hint: "9 cijfers; het staat op het paspoort of de identiteitskaart"}, canonical: nine, check: BSN},
	{Name: "kvk", Format: "kvk", Pattern: patternKVK, Control: Line, Input: Input{Mode: "numeric", Width: "middel", Hint: "8 cijfers"}, canonical: closed, check: matching(patternKVK, "Een KVK-nummer bestaat uit 8 cijfers")},
	{Name: "vestigingsnummer", Format: "vestigingsnummer", Pattern: patternBranch, Control: Line, Input: Input{Mode: "numeric", Width: "middel", Hint: "12 cijfers"}, canonical: closed, check: matching(patternBranch, "Een vestigingsnummer bestaat uit 12 cijfers")},
	{Name: "rsin", Format: "rsin", Pattern: patternNine, Control: Line, Input: Input{Mode: "numeric", Width: "middel", Hint: "9 cijfers"}, canonical: nine, check: RSIN},
	{Name: "oin", Format: "oin", Pattern: patternOIN, Control: Line, Input: Input{Mode: "numeric", Width: "middel", Hint: "20 cijfers"}, canonical: closed, check: matching(patternOIN, "Een OIN bestaat uit 20 cijfers")},
	{Name: "iban", Format: "iban", Pattern: patternIBAN, Control: Line, Input: Input{Width: "middel", Hint: "Bijvoorbeeld: NL91 ABNA 0417 1643 00"}, canonical: canonicalIBAN, check: IBAN, show: inFours},
	{Name: "postcode", Format: "postcode", Pattern: patternPostcode, Control: Line, Input: Input{Autocomplete: "postal-code", Width: "kort", Hint: "Bijvoorbeeld: 1234 AB"}, canonical: canonicalPostcode, check: Postcode, show: canonicalPostcode},
	{Name: "kenteken", Format: "kenteken", Pattern: `^[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3}$`, Control: Line, Input: Input{Width: "kort", Hint: "Bijvoorbeeld: AB-123-C"}, canonical: canonicalKenteken, check: Kenteken, show: canonicalKenteken},
	{Name: "adres", Control: AddressParts, object: objectOf[Address]},
	{Name: "adres-buitenland", Format: "adres-buitenland", Control: ForeignLines, Input: Input{Hint: "Schrijf het adres zoals op een envelop"}, object: objectOf[ForeignAddress], faults: foreignFaults},
	{Name: "adres-overal", Format: "adres-overal", Control: AnyAddressOf, Input: Input{Hint: "Een postbus: vul bij de straat Postbus in en bij het huisnummer het nummer"}, object: objectOf[AnyAddress], faults: anyAddressFaults},
	{Name: "bag-id", Format: "bag-id", Pattern: patternBAGID, Control: Line, Input: Input{Mode: "numeric", Width: "middel", Hint: "16 cijfers"}, canonical: closed, check: matching(patternBAGID, "Een BAG-identificatie bestaat uit 16 cijfers, waarvan het vijfde en zesde het soort zeggen: 01, 02, 03, 10, 20 of 30")},
	{Name: "geo", Control: Place, Input: Input{Hint: "Breedtegraad en lengtegraad zoals een kaart of telefoon die geeft, bijvoorbeeld: 51,6900 en 5,3000"}, object: objectOf[Point]},
	{Name: "file", Control: Upload, Input: Input{Type: "file"}, object: objectOf[Attachment]},
	{Name: "reference", Format: "uuid", Pattern: patternUUID, Control: ReferenceList, canonical: canonicalUUID, check: UUID},
}

// Of returns the kind called name. What a form or a page asks of a kind that
// does not exist, it gets of a text.
func Of(name string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{Control: Line}, false
	}
	return kinds[i], true
}

// Names returns the names of all kinds, in the order of the documentation.
func Names() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	return names
}

// Check says what is wrong with a text in its canonical notation, in Dutch and
// without the text itself.
func (k Kind) Check(s string) error {
	if k.check == nil {
		return nil
	}
	return k.check(s)
}

// Checks says whether there are texts that the kind refuses.
func (k Kind) Checks() bool { return k.check != nil }

// Canonical writes a number or code the way we store it. What it is not it
// leaves as it is, for Check.
func (k Kind) Canonical(s string) string {
	if k.canonical == nil {
		return strings.TrimSpace(s)
	}
	return k.canonical(s)
}

// Typed writes a text from JSON, or a default of fieldlab.yaml, as people type it.
func (k Kind) Typed(s string) string {
	if k.typed == nil {
		return s
	}
	return k.typed(s)
}

// matching is a check that needs no more than a pattern.
func matching(pattern, text string) func(string) error {
	form := regexp.MustCompile(pattern)
	return func(s string) error {
		if !form.MatchString(s) {
			return errors.New(text)
		}
		return nil
	}
}

// as makes a parser one of the table.
func as[T any](parse func(string) (T, error)) func(string) (any, error) {
	return func(s string) (any, error) { return parse(s) }
}

// objectOf shows a kind that is an object in JSON.
func objectOf[T fmt.Stringer](raw []byte) string {
	var v T
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	return v.String()
}

func pointToComma(s string) string { return strings.Replace(s, ".", ",", 1) }

func typedBoolean(s string) string {
	yes, err := ParseBoolean(s)
	switch {
	case err != nil:
		return ""
	case yes:
		return "ja"
	}
	return "nee"
}

func checkMoney(s string) error {
	_, err := parseCents(s)
	return err
}

func showMoney(s string) string {
	if m, err := parseCents(s); err == nil {
		return m.String()
	}
	return s
}

func checkDate(s string) error { return Date(s).check() }

func showDate(s string) string { return Date(s).String() }

func checkDateTime(s string) error {
	_, err := parseDateTime(s)
	return err
}

func showDateTime(s string) string {
	if t, err := parseDateTime(s); err == nil {
		return t.String()
	}
	return s
}

func inFours(s string) string { return groupsOf(4, s) }
