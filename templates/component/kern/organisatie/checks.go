package organisatie

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// line accepts text of one line.
func line(most int) func(string) error {
	return func(s string) error {
		if strings.ContainsAny(s, "\n\r") {
			return errors.New("dit hoort op één regel")
		}
		return lines(most)(s)
	}
}

// lines accepts text of which every sign can be seen.
func lines(most int) func(string) error {
	return func(s string) error {
		switch {
		case value.Blank(s):
			return errors.New("hier staat niets; vul het in of laat de sleutel weg")
		case !utf8.ValidString(s) || value.Shown(s) != s:
			return errors.New("hier staan tekens in die niemand ziet; typ de tekst opnieuw")
		case utf8.RuneCountInString(s) > most:
			return fmt.Errorf("gebruik hoogstens %d tekens", most)
		}
		return nil
	}
}

func oin(s string) error {
	if !value.Formats["oin"](s) || !strings.HasPrefix(s, "000000") {
		return errors.New("een OIN bestaat uit 20 cijfers en begint met zes nullen; zet er aanhalingstekens om")
	}
	return nil
}

func email(s string) error {
	if !value.Formats["email"](s) {
		return errors.New("dit is geen e-mailadres")
	}
	return nil
}

// host is a name, with a port or without.
var host = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)

// webAddress accepts an address that everybody may read: https, and nothing in it
// that lets somebody in.
func webAddress(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || !host.MatchString(u.Host) || u.User != nil || strings.ContainsAny(s, " \t\r\n\"<>\\") || len(s) > 1000 || value.Shown(s) != s {
		return errors.New("dit is geen adres als https://www.gemeente.nl/pagina")
	}
	return nil
}

// atRoot accepts an address without a path: the pages stand at the root.
func atRoot(s string) error {
	if u, err := url.Parse(s); err != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("de pagina's staan op zichzelf: geef het adres zonder pad, zoals https://verhuizen.gemeente.nl")
	}
	return nil
}

// endsOn accepts the address of an API with its version.
func endsOn(base string) func(string) error {
	return func(s string) error {
		if u, err := url.Parse(s); err != nil || !strings.HasSuffix(u.Path, base) || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("het adres van deze API eindigt op %s", base)
		}
		return nil
	}
}

// reachable accepts how somebody is reached: a web address, or mail.
func reachable(s string) error {
	if address, mail := strings.CutPrefix(s, "mailto:"); mail && value.Formats["email"](address) || webAddress(s) == nil {
		return nil
	}
	return errors.New("dit is geen adres als https://www.gemeente.nl/melden of mailto:cert@gemeente.nl")
}

// anyURI accepts what names an activity in the log of processing: a page, or a name
// that is nowhere else. Others could be something to press that runs.
func anyURI(s string) error {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" || u.Host == "") && (u.Scheme != "urn" || u.Opaque == "") || u.User != nil || strings.ContainsAny(s, " \t\r\n\"<>\\") || len(s) > 255 || value.Shown(s) != s {
		return errors.New("dit is geen URI zoals https://register.gemeente.nl/verwerkingen/12 of urn:uuid:…")
	}
	return nil
}

// readable is the contrast that WCAG asks of text.
const readable = 4.5

func colour(s string) error {
	if err := value.Colour(s); err != nil {
		return errors.New("schrijf een kleur als \"#154273\", tussen aanhalingstekens")
	}
	if c := contrast(s); c < readable {
		return fmt.Errorf("het contrast met wit is %s op 1 en moet minstens 4,5 op 1 zijn, anders zijn knoppen en links niet te lezen; neem een donkerder tint", strings.Replace(strconv.FormatFloat(math.Floor(c*10)/10, 'f', 1, 64), ".", ",", 1))
	}
	return nil
}

// contrast is the WCAG contrast of a colour with white.
func contrast(colour string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		return 1
	}
	part := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0) + 0.05)
}
