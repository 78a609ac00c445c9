package fieldtype

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Fault is why a value is refused; "" when it is not. Package model makes a
// problem of it.
type Fault string

// The faults that a value can have.
const (
	Empty      Fault = "empty"
	Whole      Fault = "whole"      // not a whole number
	Number     Fault = "number"     // not a number
	Decimals   Fault = "decimals"   // more than two decimals in an amount
	TooSmall   Fault = "too-small"  // less than min
	TooLarge   Fault = "too-large"  // more than max
	TooLong    Fault = "too-long"   // more characters than maxLength
	Characters Fault = "characters" // a control character
	Choice     Fault = "choice"     // not one of the values
	Form       Fault = "form"       // not of the form of the type
	Checksum   Fault = "checksum"   // elfproef or mod 97 fails
	RealPerson Fault = "real"       // a BSN outside the published test range
	NotHere    Fault = "not-here"   // the type cannot have this in the answers file
)

// checkFunc judges s, which is not empty, as a value of f in the answers file,
// and returns it in form notation.
type checkFunc func(t Type, f *Field, s string) (string, Fault)

// checkKind is the check of every type whose notation in the answers file is
// that of a form: package value of the component has the rules.
func checkKind(t Type, _ *Field, s string) (string, Fault) {
	s = t.kind.Canonical(s)
	switch err := t.kind.Check(s); {
	case value.IsCheckDigit(err):
		return "", Checksum
	case err != nil:
		return "", Form
	}
	return s, ""
}

// Check judges s as a value of f and returns it in form notation.
func (t Type) Check(f *Field, s string) (string, Fault) {
	if t.Unwritten {
		return "", NotHere
	}
	check := t.check
	if check == nil {
		check = checkKind
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return "", Empty
	}
	s, fault := check(t, f, s)
	if fault != "" {
		return "", fault
	}
	if longest := t.MaxLength(f); longest > 0 && utf8.RuneCountInString(s) > longest {
		return "", TooLong
	}
	return s, ""
}

func checkText(t Type, _ *Field, s string) (string, Fault) {
	if _, found := Unprintable(s, t.kind.Control == value.Lines); found || strings.ContainsRune(s, utf8.RuneError) {
		return "", Characters
	}
	return s, ""
}

// checkInteger, checkDecimal and checkMoney read a number as a form does: 1.250
// means the same wherever people write it.
func checkInteger(_ Type, f *Field, s string) (string, Fault) {
	n, err := value.ParseInteger(s)
	if err != nil {
		return "", Whole
	}
	return strconv.FormatInt(n, 10), within(f, float64(n))
}

func checkDecimal(_ Type, f *Field, s string) (string, Fault) {
	n, err := value.ParseDecimal(s)
	if err != nil {
		return "", Number
	}
	return strconv.FormatFloat(n, 'f', -1, 64), within(f, n)
}

// checkMoney returns a comma: what people in the Netherlands type.
func checkMoney(_ Type, f *Field, s string) (string, Fault) {
	m, err := value.ParseMoney(s)
	if err != nil {
		if _, err := value.ParseDecimal(strings.TrimPrefix(s, "€")); err == nil {
			return "", Decimals
		}
		return "", Number
	}
	n := float64(m) / 100
	if math.Abs(n) > 1e13 {
		return "", TooLarge
	}
	return formMoney(int64(m)), within(f, n)
}

func formMoney(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	s := strconv.FormatInt(cents, 10)
	if len(s) < 3 {
		s = strings.Repeat("0", 3-len(s)) + s
	}
	return sign + s[:len(s)-2] + "," + s[len(s)-2:]
}

func within(f *Field, n float64) Fault {
	switch {
	case f.Min != nil && n < *f.Min:
		return TooSmall
	case f.Max != nil && n > *f.Max:
		return TooLarge
	}
	return ""
}

// checkBoolean takes the words only: what a form sends is no answer.
func checkBoolean(_ Type, _ *Field, s string) (string, Fault) {
	switch strings.ToLower(s) {
	case "true", "ja":
		return "true", ""
	case "false", "nee":
		return "false", ""
	}
	return "", Form
}

func checkEnum(_ Type, f *Field, s string) (string, Fault) {
	if !slices.Contains(f.Values, s) {
		return "", Choice
	}
	return s, ""
}

// checkDate refuses years that are a slip of the finger; an API may have them.
func checkDate(t Type, f *Field, s string) (string, Fault) {
	if s < "1000" {
		return "", Form
	}
	return checkKind(t, f, s)
}

// checkDatetime keeps the offset that the team wrote.
func checkDatetime(t Type, f *Field, s string) (string, Fault) {
	moment, err := time.Parse(time.RFC3339, s)
	if _, fault := checkDate(t, f, s); fault != "" || err != nil {
		return "", Form
	}
	return moment.Format(time.RFC3339), ""
}

// checkURL insists on a domain: what an answers file holds is published. In a
// form an address within the own network is an answer too.
func checkURL(t Type, f *Field, s string) (string, Fault) {
	s, fault := checkKind(t, f, s)
	if u, err := url.Parse(s); fault != "" || err != nil || !value.IsHost(u.Hostname()) {
		return "", Form
	}
	return s, ""
}

// checkBSN accepts test numbers only: an answers file is committed and its
// values end up in documentation and test data.
func checkBSN(t Type, f *Field, s string) (string, Fault) {
	s, fault := checkKind(t, f, s)
	if fault == "" && !strings.HasPrefix(s, "9999") {
		return "", RealPerson
	}
	return s, fault
}

// checkParts is the check of what has parts: read reads what stands in the answers
// file and form writes it as a form does.
func checkParts[T any](read func(string) (T, bool), form func(T) string) checkFunc {
	return func(_ Type, _ *Field, s string) (string, Fault) {
		v, ok := read(s)
		if !ok {
			return "", Form
		}
		return form(v), ""
	}
}

// checkPartialDate takes what the form takes.
func checkPartialDate(_ Type, _ *Field, s string) (string, Fault) {
	date, err := value.ParsePartialDate(s)
	if err != nil {
		return "", Form
	}
	return string(date), ""
}

// IsEmail says whether s is a plain e-mail address: no display name, a domain
// with a dot.
func IsEmail(s string) bool { return value.Email(s) == nil }

// IsHTTPS says whether s is an absolute https address without user name,
// fragment or white space.
func IsHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && value.URL(s) == nil && value.IsHost(u.Hostname()) && !strings.Contains(s, "#")
}

// HoldsBSN says whether nine digits in a text could be a burgerservicenummer.
func HoldsBSN(text string) bool {
	return slices.ContainsFunc(regexDigits.FindAllString(text, -1), func(s string) bool { return value.BSN(s) == nil })
}

var regexDigits = regexp.MustCompile(`[0-9]+`)
