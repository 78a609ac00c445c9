package value

import (
	"errors"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
)

var (
	postcode      = regexp.MustCompile(`^[1-9][0-9]{3} [A-Z]{2}$`)
	loosePostcode = regexp.MustCompile(`^([1-9][0-9]{3})[ ]*([A-Z]{2})$`)
	colour        = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	phone         = regexp.MustCompile(`^(\+[1-9]|00[1-9]|0[1-9]|1[1-9][0-9])[0-9]*$`)
	email         = regexp.MustCompile(`^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$`)
)

// Postcode checks a Dutch postcode: 1234 AB.
func Postcode(s string) error {
	if !postcode.MatchString(s) || strings.HasSuffix(s, "SA") || strings.HasSuffix(s, "SD") || strings.HasSuffix(s, "SS") {
		return errors.New("Vul een postcode in als 1234 AB")
	}
	return nil
}

func normalPostcode(s string) string {
	if m := loosePostcode.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s))); m != nil {
		return m[1] + " " + m[2]
	}
	return s
}

// sidecodes are the forms that the RDW gives to number plates: X a letter, 9 a
// digit. https://www.rdw.nl lists them as sidecode 1 to 14, and CD plates.
var sidecodes = map[string]bool{
	"XX-99-99": true, "99-99-XX": true, "99-XX-99": true, "XX-99-XX": true,
	"XX-XX-99": true, "99-XX-XX": true, "99-XXX-9": true, "9-XXX-99": true,
	"XX-999-X": true, "X-999-XX": true, "XXX-99-X": true, "X-99-XXX": true,
	"9-XX-999": true, "999-XX-9": true, "CD-999": true, "CD-99-99": true,
}

// Kenteken checks a Dutch number plate in capitals with dashes.
func Kenteken(s string) error {
	if !sidecodes[plateForm(s)] {
		return errors.New("Vul een Nederlands kenteken in, bijvoorbeeld AB-123-C")
	}
	return nil
}

func plateForm(s string) string {
	prefix := ""
	if strings.HasPrefix(s, "CD-") && len(s) == 6 {
		prefix, s = "CD", s[2:]
	}
	form := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return 'X'
		case r >= '0' && r <= '9':
			return '9'
		case r == '-':
			return r
		}
		return '?'
	}, s)
	return prefix + form
}

// normalKenteken puts the dashes back where letters and digits meet.
func normalKenteken(s string) string {
	bare := strings.NewReplacer(" ", "", "-", "").Replace(strings.ToUpper(strings.TrimSpace(s)))
	for form := range sidecodes {
		if len(form)-strings.Count(form, "-") != len(bare) {
			continue
		}
		var b strings.Builder
		i := 0
		for _, c := range form {
			if c == '-' {
				b.WriteByte('-')
				continue
			}
			b.WriteByte(bare[i])
			i++
		}
		if plate := b.String(); plateForm(plate) == form || strings.HasPrefix(form, "CD") && plateForm(plate) == form {
			return plate
		}
	}
	return s
}

// Phone checks a telephone number: digits with spaces and dashes between them,
// from the Netherlands or with the number of a country.
func Phone(s string) error {
	bare := strings.NewReplacer(" ", "", "-", "").Replace(s)
	ok := phone.MatchString(bare) && len(bare) <= 16 && len(s) <= 25
	if strings.HasPrefix(bare, "0") && !strings.HasPrefix(bare, "00") {
		ok = ok && (len(bare) == 10 || strings.HasPrefix(bare, "0800") || strings.HasPrefix(bare, "090"))
	} else if strings.HasPrefix(bare, "1") { // 112, 14 073, 116 111
		ok = ok && len(bare) <= 6
	} else {
		ok = ok && len(bare) >= 8
	}
	if !ok {
		return errors.New("Vul een telefoonnummer in, bijvoorbeeld 06 12345678 of +32 2 123 45 67")
	}
	return nil
}

// Email checks the form of an e-mail address; whether it works only a message
// can tell.
func Email(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || !email.MatchString(s) || len(s) > 254 {
		return errors.New("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl")
	}
	return nil
}

// URL checks an address on the web.
func URL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || len(s) > 2000 || strings.ContainsAny(s, " \t\r\n<>\"") {
		return errors.New("Vul een webadres in dat begint met https://")
	}
	return nil
}

// UUID checks the text form of RFC 9562, in small letters: that is how ids are
// stored, and in SQLite another spelling would be another id.
func UUID(s string) error {
	if !IsUUID(s) {
		return errors.New("Vul alle 36 tekens in: cijfers, kleine letters (a tot en met f) en streepjes")
	}
	return nil
}

// IsUUID is UUID without the words; it is on the path of every request.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// Colour checks a colour as #rrggbb.
func Colour(s string) error {
	if !colour.MatchString(s) {
		return errors.New("Vul een kleur in als #154273")
	}
	return nil
}
