package fieldtype

import (
	"math"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
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

// Check judges s as a value of f and returns it in form notation.
func (t Type) Check(f *Field, s string) (string, Fault) {
	if t.check == nil {
		return "", NotHere
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return "", Empty
	}
	s, fault := t.check(f, s)
	if fault != "" {
		return "", fault
	}
	if longest := t.MaxLength(f); longest > 0 && utf8.RuneCountInString(s) > longest {
		return "", TooLong
	}
	return s, ""
}

func checkText(f *Field, s string) (string, Fault) {
	for _, r := range s {
		if unicode.IsControl(r) && (r != '\n' || f.Type != "longtext") || r == utf8.RuneError {
			return "", Characters
		}
	}
	return s, ""
}

// Largest whole number that JSON readers keep exact.
const maxSafe = 1<<53 - 1

func checkInteger(f *Field, s string) (string, Fault) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > maxSafe || n < -maxSafe {
		return "", Whole
	}
	return strconv.FormatInt(n, 10), within(f, float64(n))
}

func checkDecimal(f *Field, s string) (string, Fault) {
	n, fault := parseNumber(s)
	if fault != "" {
		return "", fault
	}
	return strconv.FormatFloat(n, 'f', -1, 64), within(f, n)
}

func parseNumber(s string) (float64, Fault) {
	if !regexNumber.MatchString(s) {
		return 0, Number
	}
	n, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || math.Abs(n) > 1e15 {
		return 0, Number
	}
	return n, ""
}

// checkMoney takes euros with a point or a comma and returns a comma: what
// people in the Netherlands type.
func checkMoney(f *Field, s string) (string, Fault) {
	n, fault := parseNumber(strings.TrimSpace(strings.TrimPrefix(s, "€")))
	if fault != "" {
		return "", fault
	}
	if math.Abs(n) > 1e13 {
		return "", TooLarge
	}
	cents := math.Round(n * 100)
	if math.Abs(cents-n*100) > 1e-6*max(1, math.Abs(n)) {
		return "", Decimals
	}
	return formMoney(int64(cents)), within(f, n)
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

func checkBoolean(_ *Field, s string) (string, Fault) {
	switch strings.ToLower(s) {
	case "true", "ja":
		return "true", ""
	case "false", "nee":
		return "false", ""
	}
	return "", Form
}

func checkDate(_ *Field, s string) (string, Fault) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1000 {
		return "", Form
	}
	return s, ""
}

func checkDatetime(_ *Field, s string) (string, Fault) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1000 {
		return "", Form
	}
	return t.Format(time.RFC3339), ""
}

func checkEnum(f *Field, s string) (string, Fault) {
	if !slices.Contains(f.Values, s) {
		return "", Choice
	}
	return s, ""
}

func checkEmail(_ *Field, s string) (string, Fault) {
	if !IsEmail(s) {
		return "", Form
	}
	return s, ""
}

// IsEmail says whether s is a plain e-mail address: no display name, a domain
// with a dot.
func IsEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s || address.Name != "" || len(s) > 254 {
		return false
	}
	return isHost(s[strings.LastIndexByte(s, '@')+1:])
}

func checkURL(_ *Field, s string) (string, Fault) {
	if u, err := url.Parse(s); err != nil || u.Scheme != "https" && u.Scheme != "http" || !isHost(u.Hostname()) || !regexURL.MatchString(s) {
		return "", Form
	}
	return s, ""
}

// IsHTTPS says whether s is an absolute https address without user name,
// fragment or white space.
func IsHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.User == nil && isHost(u.Hostname()) && regexURL.MatchString(s) && !strings.Contains(s, "#") && len(s) <= 2000
}

func isHost(host string) bool { return len(host) <= 253 && regexHost.MatchString(host) }

func checkUUID(_ *Field, s string) (string, Fault) { return matched(regexUUID, strings.ToLower(s)) }

func checkKVK(_ *Field, s string) (string, Fault) { return matched(regexKVK, s) }

func checkOIN(_ *Field, s string) (string, Fault) { return matched(regexOIN, s) }

func checkBAGID(_ *Field, s string) (string, Fault) { return matched(regexBAGID, s) }

// checkPhone follows the form: what the component stores may hold spaces and
// dashes.
func checkPhone(_ *Field, s string) (string, Fault) {
	bare := strings.NewReplacer(" ", "", "-", "").Replace(s)
	if !regexPhone.MatchString(s) || !regexBarePhone.MatchString(bare) {
		return "", Form
	}
	return s, ""
}

func checkPostcode(_ *Field, s string) (string, Fault) {
	m := regexPostcode.FindStringSubmatch(strings.ToUpper(s))
	if m == nil || m[2] == "SA" || m[2] == "SD" || m[2] == "SS" {
		return "", Form
	}
	return m[1] + " " + m[2], ""
}

func matched(pattern *regexp.Regexp, s string) (string, Fault) {
	if !pattern.MatchString(s) {
		return "", Form
	}
	return s, ""
}

// checkBSN accepts test numbers only: an answers file is committed and its
// values end up in documentation and test data.
func checkBSN(_ *Field, s string) (string, Fault) {
	switch {
	case !regexNine.MatchString(s):
		return "", Form
	case !elfproef(s):
		return "", Checksum
	case !strings.HasPrefix(s, "9999"):
		return "", RealPerson
	}
	return s, ""
}

func checkRSIN(_ *Field, s string) (string, Fault) {
	switch {
	case !regexNine.MatchString(s):
		return "", Form
	case !elfproef(s):
		return "", Checksum
	}
	return s, ""
}

// elfproef is the weighted checksum of BSN and RSIN.
func elfproef(digits string) bool {
	sum := 0
	for i := range 8 {
		sum += (9 - i) * int(digits[i]-'0')
	}
	sum -= int(digits[8] - '0')
	return sum%11 == 0 && digits != "000000000"
}

var regexDigits = regexp.MustCompile(`[0-9]+`)

// HoldsBSN says whether nine digits in a text could be a burgerservicenummer.
func HoldsBSN(text string) bool {
	return slices.ContainsFunc(regexDigits.FindAllString(text, -1), func(s string) bool { return len(s) == 9 && elfproef(s) })
}

func checkIBAN(_ *Field, s string) (string, Fault) {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	if !regexIBAN.MatchString(s) || strings.HasPrefix(s, "NL") && len(s) != 18 {
		return "", Form
	}
	if mod97(s[4:]+s[:4]) != 1 {
		return "", Checksum
	}
	return s, ""
}

func mod97(s string) int {
	rest := 0
	for _, c := range []byte(s) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}

// sidecodes are the shapes of Dutch number plates: X a letter, 9 a digit. No
// two are the same without dashes.
var sidecodes = []string{
	"XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9",
	"9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
}

// checkKenteken returns the plate with its dashes.
func checkKenteken(_ *Field, s string) (string, Fault) {
	s = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(s))
	if !regexKenteken.MatchString(s) {
		return "", Form
	}
	shape := strings.Map(func(r rune) rune {
		if r <= '9' {
			return '9'
		}
		return 'X'
	}, s)
	for _, code := range sidecodes {
		if strings.ReplaceAll(code, "-", "") == shape {
			first := strings.IndexByte(code, '-')
			second := strings.LastIndexByte(code, '-') - 1
			return s[:first] + "-" + s[first:second] + "-" + s[second:], ""
		}
	}
	return "", Form
}

// checkAddress takes "Straat 1 A bis, 1234 AB Plaats".
func checkAddress(_ *Field, s string) (string, Fault) {
	address, ok := parseAddress(s)
	if !ok {
		return "", Form
	}
	return address.form(), ""
}

// checkPoint takes "52.3874, 5.0263": latitude, longitude.
func checkPoint(_ *Field, s string) (string, Fault) {
	point, ok := parsePoint(s)
	if !ok {
		return "", Form
	}
	return point.form(), ""
}

var (
	regexNumber    = regexp.MustCompile(`^-?[0-9]{1,16}([.,][0-9]{1,9})?$`)
	regexPhone     = regexp.MustCompile(patternPhone)
	regexBarePhone = regexp.MustCompile(`^(\+[1-9][0-9]{7,14}|0[1-9][0-9]{8}|00[1-9][0-9]{7,13}|(0800|090[0-9])[0-9]{4,7}|1[1-9][0-9]{1,4})$`)
	regexURL       = regexp.MustCompile(`^https?://[^\s<>"\\^` + "`" + `{|}\x00-\x1f\x7f]+$`)
	regexUUID      = regexp.MustCompile(patternUUID)
	regexNine      = regexp.MustCompile(patternNine)
	regexKVK       = regexp.MustCompile(patternKVK)
	regexOIN       = regexp.MustCompile(patternOIN)
	regexIBAN      = regexp.MustCompile(patternIBAN)
	regexPostcode  = regexp.MustCompile(`^([1-9][0-9]{3}) *([A-Z]{2})$`)
	regexKenteken  = regexp.MustCompile(`^[A-Z0-9]{6}$`)
	regexBAGID     = regexp.MustCompile(patternBAGID)
	regexHost      = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`)
	regexAddress   = regexp.MustCompile(`^([^,0-9\s\p{Z}\x{85}][^,]{0,78}?) ([1-9][0-9]{0,4})(?: ?([A-Za-z])(?:[ -]([A-Za-z0-9]{1,4}))?|[ -]([A-Za-z0-9]{1,4}))?, ?([1-9][0-9]{3}) ?([A-Za-z]{2}),? +([^,0-9\s\p{Z}\x{85}][^,]{0,78})$`)
)
