package value

import (
	"errors"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	postcode      = regexp.MustCompile(patternPostcode)
	loosePostcode = regexp.MustCompile(`^([1-9][0-9]{3})([A-Z]{2})$`)
	colour        = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	phone         = regexp.MustCompile(patternPhone)
	host          = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`)
	webAddress    = regexp.MustCompile(`^https?://[^\s<>"\\^` + "`" + `{|}\x00-\x1f\x7f]+$`)

	// barePhone: with the number of a country, of a subscriber, 0800 and 090x,
	// and 112, 14 073 and 116 111.
	barePhone = regexp.MustCompile(`^(\+[1-9][0-9]{7,14}|0[1-9][0-9]{8}|00[1-9][0-9]{7,13}|(0800|090[0-9])[0-9]{4,7}|1[1-9][0-9]{1,4})$`)
)

// Postcode checks a Dutch postcode: 1234 AB.
func Postcode(s string) error {
	if !postcode.MatchString(s) || strings.HasSuffix(s, "SA") || strings.HasSuffix(s, "SD") || strings.HasSuffix(s, "SS") {
		return errors.New("Vul een postcode in als 1234 AB")
	}
	return nil
}

func canonicalPostcode(s string) string {
	if m := loosePostcode.FindStringSubmatch(capitals(closed(s))); m != nil {
		return m[1] + " " + m[2]
	}
	return tidy(s)
}

// sidecodes are the forms that the RDW gives to number plates: X a letter, 9 a
// digit. https://www.rdw.nl lists them as sidecode 1 to 14. No two are the same
// without dashes.
var sidecodes = []string{
	"XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9",
	"9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
}

// Kenteken checks a Dutch number plate in capitals with dashes.
func Kenteken(s string) error {
	if !slices.Contains(sidecodes, plateForm(s)) {
		return errors.New("Vul een Nederlands kenteken in, bijvoorbeeld AB-123-C")
	}
	return nil
}

func plateForm(s string) string {
	return strings.Map(func(r rune) rune {
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
}

// canonicalKenteken puts the dashes back where letters and digits meet.
func canonicalKenteken(s string) string {
	bare := capitals(closed(s))
	form := plateForm(bare)
	for _, code := range sidecodes {
		if strings.ReplaceAll(code, "-", "") == form {
			first := strings.IndexByte(code, '-')
			second := strings.LastIndexByte(code, '-') - 1
			return bare[:first] + "-" + bare[first:second] + "-" + bare[second:]
		}
	}
	return tidy(s)
}

// Phone checks a telephone number: digits with spaces and dashes between them,
// from the Netherlands or with the number of a country.
func Phone(s string) error {
	if !phone.MatchString(s) || !barePhone.MatchString(strings.NewReplacer(" ", "", "-", "").Replace(s)) {
		return errors.New("Vul een telefoonnummer in, bijvoorbeeld 06 12345678 of +32 2 123 45 67")
	}
	return nil
}

// trunk is the zero of a number within the Netherlands, which nobody dials behind
// the number of the country.
var trunk = regexp.MustCompile(`^\+31 ?0 ?`)

// canonicalPhone writes 0031 as +31, and a Dutch number without what stands
// between its groups; a number from abroad keeps its spaces.
func canonicalPhone(s string) string {
	s = strings.NewReplacer("(0)", "", "(", "", ")", "", ".", " ", "/", " ", "-", " ").Replace(tidy(s))
	s = strings.Join(strings.Fields(s), " ")
	if abroad, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + strings.TrimSpace(abroad)
	}
	s = trunk.ReplaceAllString(s, "+31")
	if strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "+31") {
		return s
	}
	return strings.ReplaceAll(s, " ", "")
}

// areas are the numbers of areas of three digits; the others have four, and 14
// comes before the number of an area.
var areas = regexp.MustCompile(`^(\+31|0|)((?:6|[17]0|1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7[1-9]|8[4578]|91)|[89]00|90[69]|14|[1-9][0-9]{2})([0-9]{3,8})$`)

// showPhone writes a Dutch number in groups: 06 12345678.
func showPhone(s string) string {
	m := areas.FindStringSubmatch(canonicalPhone(s))
	switch {
	case m == nil || m[1] == "" && m[2] != "14" || Phone(s) != nil:
		return s
	case m[1] == "+31":
		return m[1] + " " + m[2] + " " + m[3]
	}
	return m[1] + m[2] + " " + m[3]
}

// Email checks the form of an e-mail address; whether it works only a message
// can tell.
func Email(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || broken(s) || a.Address != s || a.Name != "" || len(s) > 254 || !IsHost(s[strings.LastIndexByte(s, '@')+1:]) {
		return errors.New("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl")
	}
	return nil
}

// broken says whether a text is not one word, or holds what nobody sees.
func broken(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || Unseen(r) })
}

func canonicalEmail(s string) string {
	s = unbroken(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		return s[7:]
	}
	return s
}

// canonicalURL writes the scheme in small letters, as every reader expects it.
func canonicalURL(s string) string {
	s = unbroken(s)
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		return strings.ToLower(scheme) + "://" + rest
	}
	return s
}

// URL checks an address on the web.
func URL(s string) error {
	u, err := url.Parse(s)
	if err != nil || broken(s) || u.Hostname() == "" || u.User != nil || len(s) > 2000 || !webAddress.MatchString(s) {
		return errors.New("Vul een webadres in dat begint met https://")
	}
	return nil
}

// IsHost says whether s is the name of a computer on the internet: with a
// domain, and no number.
func IsHost(s string) bool { return len(s) <= 253 && host.MatchString(s) }

// UUID checks the text form of RFC 9562. Capitals are taken, and written small
// before anything is done with them: that is how ids are stored, and in a
// database another spelling would be another id.
func UUID(s string) error {
	if !IsUUID(s) {
		return errors.New("Vul alle 36 tekens in: cijfers, letters (a tot en met f) en streepjes")
	}
	return nil
}

// canonicalUUID writes the letters small and puts the dashes where they belong.
func canonicalUUID(s string) string {
	s = strings.ToLower(tidy(s))
	bare := strings.NewReplacer(" ", "", "-", "", "{", "", "}", "", "urn:uuid:", "").Replace(s)
	if len(bare) != 32 {
		return s
	}
	return bare[:8] + "-" + bare[8:12] + "-" + bare[12:16] + "-" + bare[16:20] + "-" + bare[20:]
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
			if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
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
