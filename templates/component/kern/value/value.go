// Package value holds the kinds of data that a municipality works with: dates,
// amounts, addresses, numbers with a check digit. For each kind it knows the
// notation in JSON, in the database and in a form, and says in plain Dutch what
// is wrong with a value. No message ever repeats the value: it may be somebody's
// burgerservicenummer.
package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// formats are the checks of strings in OpenAPI: those of the kinds, and of what
// is no type of its own.
var formats = func() map[string]func(string) error {
	all := map[string]func(string) error{"colour": Colour, "landcode": func(s string) error { return Country(s).check() }}
	for _, k := range kinds {
		if k.check != nil {
			all[k.Format] = k.check
		}
	}
	return all
}()

// Formats says per OpenAPI format whether a string has it.
var Formats = func() map[string]func(string) bool {
	all := make(map[string]func(string) bool, len(formats))
	for name, check := range formats {
		all[name] = func(s string) bool { return check(s) == nil }
	}
	return all
}()

// Check says what is wrong with a string in an OpenAPI format, in Dutch and
// without the string itself. A format that is not ours is fine.
func Check(format, s string) error {
	if check := formats[format]; check != nil {
		return check(s)
	}
	return nil
}

// ObjectFaults says per part what is wrong with an object in an OpenAPI format,
// beyond what its schema says; the part "" is the whole. A format that is not
// ours is fine.
func ObjectFaults(format string, v map[string]any) map[string]error {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Format == format && k.faults != nil })
	if i < 0 {
		return nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return kinds[i].faults(raw)
}

// Notation is what a program has to write in an OpenAPI format; "" when Check
// says it well enough.
func Notation(format string) string {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Format == format && format != "" })
	if i < 0 {
		return ""
	}
	return kinds[i].Notation
}

// ErrEmpty is what the form functions return for a field that was left empty.
var ErrEmpty = errors.New("Vul iets in")

// Missing is what page and API say of a text that has to be there and says
// nothing.
const Missing = "Vul dit in"

// FromForm turns what somebody typed into the value that goes into JSON: kind
// is the type of the field in fieldlab.yaml. What people write in more ways
// than one (1234ab, 2-1-2026, € 12,50) becomes the one canonical notation. The
// error is for the person at the screen. An empty text gives nil and ErrEmpty,
// so that the caller, who knows whether the field is required, decides.
//
// An adres, a geo and a file are made of several inputs: see ParseAddress,
// ParsePoint and NewAttachment.
func FromForm(kind, text string) (any, error) {
	if Blank(text) {
		return nil, ErrEmpty
	}
	text = NFC(strings.TrimSpace(text))
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, errors.New("Deze tekst bevat tekens die we niet kunnen lezen")
	}
	k, _ := Of(kind)
	if k.parse != nil {
		return k.parse(text)
	}
	canonical := k.Canonical(text)
	return canonical, k.Check(canonical)
}

// ParseBoolean reads ja and nee, and what an HTML checkbox sends.
func ParseBoolean(s string) (bool, error) {
	switch strings.ToLower(tidy(s)) {
	case "ja", "true", "on", "1":
		return true, nil
	case "nee", "false", "off", "0":
		return false, nil
	}
	return false, errors.New("Kies ja of nee")
}

// Plain is a value that encoding/json decoded with UseNumber, as text: what is an
// object, a list or nothing is not plain.
func Plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// Display writes a value from JSON the way people read it. It takes what
// encoding/json makes of it (string, float64, bool, map) as well as the types
// of this package; kind is the type of the field.
func Display(kind string, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "ja"
		}
		return "nee"
	case float64:
		return showNumber(kind, strconv.FormatFloat(v, 'f', -1, 64))
	case json.Number:
		return showNumber(kind, withoutExponent(v))
	case int64:
		return showNumber(kind, strconv.FormatInt(v, 10))
	case string:
		if k, _ := Of(kind); k.show != nil {
			v = k.show(v)
		}
		return Shown(v)
	case map[string]any:
		return displayObject(kind, v)
	case time.Time:
		return DateTime{v}.String()
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}

func groupsOf(n int, s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%n == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
