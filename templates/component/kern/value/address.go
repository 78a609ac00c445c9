package value

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Address is an address in the Netherlands, with the parts of the BAG.
type Address struct {
	Straat               string `json:"straat"`
	Huisnummer           int    `json:"huisnummer"`
	Huisletter           string `json:"huisletter,omitempty"`
	Huisnummertoevoeging string `json:"huisnummertoevoeging,omitempty"`
	Postcode             string `json:"postcode"`
	Woonplaats           string `json:"woonplaats"`
}

// The names of the parts, as in JSON and as the end of the name of a form input.
const (
	PartStraat               = "straat"
	PartHuisnummer           = "huisnummer"
	PartHuisletter           = "huisletter"
	PartHuisnummertoevoeging = "huisnummertoevoeging"
	PartPostcode             = "postcode"
	PartWoonplaats           = "woonplaats"
)

// Parts lists the names of the parts of an address, in the order of the screen.
func Parts() []string {
	return []string{PartStraat, PartHuisnummer, PartHuisletter, PartHuisnummertoevoeging, PartPostcode, PartWoonplaats}
}

var (
	huisletter           = regexp.MustCompile(`^[A-Za-z]$`)
	huisnummertoevoeging = regexp.MustCompile(`^[A-Za-z0-9]{1,4}$`)
)

// ParseAddress reads an address from a form: part gives what was typed for a
// part. The faults are per part and for the person at the screen. When all is
// empty there is no address and no fault.
func ParseAddress(part func(name string) string) (*Address, map[string]error) {
	given, empty := parts(Parts(), part)
	if empty {
		return nil, nil
	}
	if m := postbus.FindStringSubmatch(tidy(given[PartStraat])); m != nil && given[PartHuisnummer] == "" {
		given[PartStraat], given[PartHuisnummer] = m[1], m[2]
	}
	a := Address{
		Straat:     given[PartStraat],
		Postcode:   canonicalPostcode(given[PartPostcode]),
		Woonplaats: given[PartWoonplaats],
	}
	if err := a.house(given[PartHuisnummer], given[PartHuisletter], given[PartHuisnummertoevoeging]); err != nil {
		faults := a.Faults()
		if faults == nil {
			faults = map[string]error{}
		}
		faults[PartHuisnummer] = err
		return &a, faults
	}
	return &a, a.Faults()
}

// parts is what somebody typed in the inputs of one field, and whether that is
// nothing.
func parts(names []string, part func(name string) string) (given map[string]string, empty bool) {
	given, empty = map[string]string{}, true
	for _, name := range names {
		if text := part(name); !Blank(text) {
			given[name], empty = strings.TrimSpace(text), false
		}
	}
	return given, empty
}

// Faults says per part what is wrong with an address; nil when nothing is.
func (a Address) Faults() map[string]error {
	faults := map[string]error{}
	line(faults, PartStraat, a.Straat, "Vul de straat in (hoogstens 80 tekens)")
	if a.Huisnummer < 1 || a.Huisnummer > 99999 {
		faults[PartHuisnummer] = errHouse
	}
	if a.Huisletter != "" && !huisletter.MatchString(a.Huisletter) {
		faults[PartHuisletter] = errLetter
	}
	if a.Huisnummertoevoeging != "" && !huisnummertoevoeging.MatchString(a.Huisnummertoevoeging) {
		faults[PartHuisnummertoevoeging] = errAddition
	}
	if err := Postcode(a.Postcode); err != nil {
		faults[PartPostcode] = err
	}
	line(faults, PartWoonplaats, a.Woonplaats, "Vul de woonplaats in (hoogstens 80 tekens)")
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// maxLine is how long one line of an address is at most.
const maxLine = 80

// line adds a fault when a line of an address is not there or too long.
func line(faults map[string]error, name, text, fault string) {
	if Blank(text) || utf8.RuneCountInString(text) > maxLine || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		faults[name] = errors.New(fault)
	}
}

// String is the address on one line: Kerkstraat 12a-2, 5211 KA 's-Hertogenbosch.
func (a Address) String() string {
	number := strconv.Itoa(a.Huisnummer) + a.Huisletter
	if a.Huisnummertoevoeging != "" {
		number += "-" + a.Huisnummertoevoeging
	}
	return Shown(fmt.Sprintf("%s %s, %s %s", a.Straat, number, canonicalPostcode(a.Postcode), a.Woonplaats))
}

// Part is one part of the address as text, by its name in JSON; "" when it is
// empty or no part. The postcode has no space then: that is how sources want it.
func (a Address) Part(name string) string {
	switch name {
	case PartStraat:
		return a.Straat
	case PartHuisnummer:
		return strconv.Itoa(a.Huisnummer)
	case PartHuisletter:
		return a.Huisletter
	case PartHuisnummertoevoeging:
		return a.Huisnummertoevoeging
	case PartPostcode:
		return strings.ReplaceAll(a.Postcode, " ", "")
	case PartWoonplaats:
		return a.Woonplaats
	}
	return ""
}

// Value implements driver.Valuer: an address is stored as JSON.
func (a Address) Value() (driver.Value, error) { return jsonValue(a) }

// Scan implements sql.Scanner. A list of addresses spends a quarter of its time
// in encoding/json, so the form that Value writes is read without it.
func (a *Address) Scan(src any) error {
	text, ok := src.(string)
	if b, is := src.([]byte); is {
		text, ok = string(b), true
	}
	if ok {
		if fresh, fits := plainAddress(text); fits {
			*a = fresh
			return nil
		}
	}
	return scanJSON(src, a)
}

// plainAddress reads a flat JSON object of texts without escapes and a whole
// number. It says no to everything else, which encoding/json then judges.
func plainAddress(s string) (a Address, ok bool) {
	next := func(prefix string) bool { // also skips the spaces of JSONB
		s, ok = strings.CutPrefix(strings.TrimLeft(s, " "), prefix)
		return ok
	}
	quoted := func() (text string) {
		if !next(`"`) {
			return ""
		}
		text, s, ok = strings.Cut(s, `"`)
		ok = ok && !strings.Contains(text, `\`)
		return text
	}
	if !next("{") {
		return a, false
	}
	for {
		name := quoted()
		if !ok || !next(":") {
			return a, false
		}
		part := a.text(name)
		switch {
		case name == PartHuisnummer:
			s = strings.TrimLeft(s, " ")
			end := strings.IndexAny(s, ",} ")
			if end < 0 {
				return a, false
			}
			n, err := strconv.Atoi(s[:end])
			if err != nil {
				return a, false
			}
			a.Huisnummer, s = n, s[end:]
		case part == nil:
			return a, false
		default:
			if *part = quoted(); !ok {
				return a, false
			}
		}
		if next("}") {
			return a, s == ""
		}
		if !next(",") {
			return a, false
		}
	}
}

// text points at the part of that name, when it is a text.
func (a *Address) text(name string) *string {
	switch name {
	case PartStraat:
		return &a.Straat
	case PartHuisletter:
		return &a.Huisletter
	case PartHuisnummertoevoeging:
		return &a.Huisnummertoevoeging
	case PartPostcode:
		return &a.Postcode
	case PartWoonplaats:
		return &a.Woonplaats
	}
	return nil
}
