package logboek

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Violation is a line that breaks a rule. It never holds a value: that may be
// exactly what should not be in a log.
type Violation struct {
	Line  int    // place in the list, from 0
	Field string // name in the API: traceId
	What  string // what is wrong, a Dutch sentence
}

func (v *Violation) Error() string {
	return fmt.Sprintf("logboek: regel %d, %s: %s", v.Line, v.Field, v.What)
}

const (
	maxText   = 255
	maxFields = 200
)

// Check holds lines against the presence rules of Logboek Dataverwerkingen
// 1.0 and against our own: no number of nine digits that could be a
// burgerservicenummer, in no field. Each error is a *Violation. A line without
// an end is one that is still going on.
func Check(lines []Verwerking) []error {
	var faults []error
	for i := range lines {
		c := check{line: i, faults: faults}
		c.ids(&lines[i])
		c.texts(&lines[i])
		c.subject(&lines[i])
		c.shown(&lines[i])
		faults = c.faults
		for j := range i {
			// The end of a line may follow its begin in the same list.
			if lines[j].SpanID == lines[i].SpanID && lines[j].TraceID == lines[i].TraceID && !lines[j].End.IsZero() {
				faults = append(faults, &Violation{i, "spanId", "Deze regel staat al eerder in de lijst."})
			}
		}
	}
	return faults
}

type check struct {
	line   int
	faults []error
}

func (c *check) need(ok bool, field, what string) {
	if !ok {
		c.faults = append(c.faults, &Violation{c.line, field, what})
	}
}

func (c *check) ids(v *Verwerking) {
	c.need(isHex(v.TraceID, 32), "traceId", "Dit moeten 32 hexadecimale cijfers zijn, niet allemaal nul.")
	c.need(isHex(v.SpanID, 16), "spanId", "Dit moeten 16 hexadecimale cijfers zijn, niet allemaal nul.")
	c.need(v.ParentID == "" || isHex(v.ParentID, 16), "parentSpanId", "Dit moeten 16 hexadecimale cijfers zijn, niet allemaal nul.")
	c.need(v.ParentID == "" || v.ParentID != v.SpanID, "parentSpanId", "Een regel is niet zijn eigen ouder.")
	c.need(v.Kind == Action || v.Kind == Question || v.Kind == Register, "soort", "Kies handeling, bevraging of register.")
	c.need(v.Status == Unset || v.Status == Ok || v.Status == Error, "status", "Kies Unset, Ok of Error.")
	c.need(v.Begin.UnixNano() > 0 && v.Begin.Year() < 2200, "begin", "Dit moet een moment zijn.")
	c.need(v.End.IsZero() || !v.End.Before(v.Begin), "einde", "Het einde ligt voor het begin.")
	c.need(v.Zaak == "" || isUUID(v.Zaak), "zaak", "Dit moet een UUID zijn.")
	c.need(v.Transaction == "" || isUUID(v.Transaction), "transactie", "Dit moet een UUID zijn.")
}

func (c *check) texts(v *Verwerking) {
	c.need(v.Name != "", "naam", "Dit is verplicht.")
	c.need(isURI(v.ActivityURI), "activiteitUri", "Dit moet een URI zijn.")
	c.need(v.Caller == "" || isURI(v.Caller), "aanroeper", "Dit moet een URI zijn.")
	c.text("naam", v.Name)
	c.text("activiteit", v.Activity)
	c.text("bron", v.Bron)
	c.text("rol", v.Role)
	c.text("gebruiker", v.User)
	c.text("gebruikerNaam", v.UserName)
	c.text("fout", v.Fault)
	c.text("activiteitUri", v.ActivityURI)
	c.need(len(v.Fields) <= maxFields, "velden", "Dit zijn te veel velden.")
	for _, field := range v.Fields {
		c.text("velden", field)
	}
}

func (c *check) text(field, s string) {
	if s == "" {
		return
	}
	c.need(utf8.RuneCountInString(s) <= maxText && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0, field, "Deze tekst is te lang of bevat tekens die niet kunnen.")
	c.need(!holdsBSN(s), field, "Hier lijkt een burgerservicenummer in te staan.")
}

func (c *check) subject(v *Verwerking) {
	c.need((v.DataSubject == "") == (v.DataSubjectKind == ""), "betrokkeneSoort", "De betrokkene en zijn soort horen bij elkaar.")
	digits := v.DataSubject != "" && strings.Trim(v.DataSubject, "0123456789. -") == ""
	c.need(!digits, "betrokkene", "Een betrokkene staat hier met een pseudoniem, nooit met een nummer.")
	c.text("betrokkene", v.DataSubject)
	c.text("betrokkeneSoort", v.DataSubjectKind)
	c.need(v.Representative == "" || strings.Trim(v.Representative, "0123456789. -") != "", "gemachtigde", "Een gemachtigde staat hier met een pseudoniem, nooit met een nummer.")
	c.text("gemachtigde", v.Representative)
}

// shown holds those of a line about several to what a line about one is held to.
func (c *check) shown(v *Verwerking) {
	if len(v.Shown) == 0 {
		return
	}
	c.need(len(v.Shown) <= MaxShown, "getoond", "Dit zijn er te veel.")
	c.need(!v.End.IsZero(), "einde", "Wat getoond is, is voorbij.")
	c.need(v.Zaak == "" && v.DataSubject == "" && v.Representative == "", "getoond", "Een regel over meer zaken of betrokkenen noemt er zelf geen.")
	for i := range v.Shown {
		of := Verwerking{DataSubject: v.Shown[i].DataSubject, DataSubjectKind: v.Shown[i].DataSubjectKind}
		c.need(v.Shown[i].Zaak == "" || isUUID(v.Shown[i].Zaak), "zaak", "Dit moet een UUID zijn.")
		c.need((v.Shown[i].Zaak == "") == (v.Shown[0].Zaak == ""), "zaak", "Of elk noemt een zaak, of geen.")
		c.subject(&of)
	}
}

// isHex says whether s is n hexadecimal digits in small letters, not all zero.
func isHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	zero := true
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
		zero = zero && c == '0'
	}
	return !zero
}

// isUUID is the text form of RFC 9562 in small letters, and not the nil UUID.
func isUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	return isHex(s[:8]+s[9:13]+s[14:18]+s[19:23]+s[24:], 32)
}

// isURI says whether s is an absolute URI (RFC 3986, section 3): a scheme, a
// colon and something that needs no quoting.
func isURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || rest == "" || strings.IndexByte("0123456789+-.", scheme[0]) >= 0 {
		return false
	}
	for _, c := range []byte(scheme) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && strings.IndexByte("0123456789+-.", c) < 0 {
			return false
		}
	}
	for _, c := range []byte(rest) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("<>\"{}|\\^`", c) >= 0 {
			return false
		}
	}
	return true
}

// holdsBSN says whether nine digits that stand alone pass the elfproef. A
// pseudonym or an id has letters around them.
func holdsBSN(s string) bool {
	run := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] >= '0' && s[i] <= '9' {
			run++
			continue
		}
		if run == 9 && alone(s, i-9, i) && value.BSN(s[i-9:i]) == nil {
			return true
		}
		run = 0
	}
	return false
}

func alone(s string, from, to int) bool {
	part := func(i int) bool {
		return i >= 0 && i < len(s) && (s[i] == '-' || s[i] == '_' || s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z')
	}
	return !part(from-1) && !part(to)
}
