package value

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

func TestWhatASourceSaysIsRecognised(t *testing.T) {
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"plaatsgevondenOp", "2026-01-12T09:00:00Z", "12 januari 2026 om 10:00"},
		{"x", "2026-07-12T22:30:00Z", "13 juli 2026 om 00:30"}, // summer, and the next day
		{"x", "2026-01-12T09:00:07Z", "12 januari 2026 om 10:00:07"},
		{"x", "2026-01-12T09:00:00.123456Z", "12 januari 2026 om 10:00"},
		{"x", "2026-01-12T09:00:00+01:00", "12 januari 2026 om 09:00"},
		{"x", "2026-01-12T09:00:00+0530", "12 januari 2026 om 04:30"},
		{"x", "2026-01-12t09:00z", "12 januari 2026 om 10:00"},
		{"x", "2026-01-12T09:00:00-00:00", "12 januari 2026 om 10:00"},
		{"x", "2026-07-12T09:00:00", "12 juli 2026 om 09:00"},
		{"x", "2026-10-25T00:30:00Z", "25 oktober 2026 om 02:30"}, // the hour that comes twice
		{"x", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
		{"x", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{"x", "2026-01-12T25:00:00Z", "2026-01-12T25:00:00Z"},
		{"x", "2026-02-28", "28 februari 2026"},
		{"x", "2026-02-30", "2026-02-30"},
		{"datumAanvang", "20150301", "1 maart 2015"},
		{"datumAanvang", "20150300", "maart 2015"},
		{"datumAanvang", "20150000", "2015"},
		{"datumAanvang", "20151399", "20151399"},
		{"kvkNummer", "20150301", "20150301"},
		{"postcode", "1028BC", "1028 BC"},
		{"artikel", "1028BC", "1028BC"},
		{"identificatie", "0363010000000034", "0363010000000034"},
		{"identificatie", json.Number("363010000000034123456"), "363010000000034123456"},
		{"hoogte", json.Number("12.50"), "12,50"},
		{"hoogte", json.Number("-1.5e2"), "-150"},
		{"hoogte", json.Number("1e999"), "1e999"},
		{"hoogte", 12.5, "12,5"},
		{"x", true, "ja"}, {"x", false, "nee"}, {"x", nil, ""}, {"x", "  ", ""},
		{"x", "a\u202eb\u0000c\ufeff", "abc"},
		{"x", "regel\r\ntwee\u2028drie", "regel\ntwee\ndrie"},
		{"x", "https://voorbeeld.test/a", "https://voorbeeld.test/a"},
	} {
		if got := Recognise(c.name, c.v); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.name, c.v, got, c.want)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	for _, s := range []string{"2026-01-12T09:00:00Z", "20150300", "1028BC", "a\u202eb", "0000-00-00T00:00"} {
		f.Add("datum", s)
		f.Add("postcode", s)
	}
	f.Fuzz(func(t *testing.T, name, s string) {
		shown := Recognise(name, s)
		if strings.ContainsFunc(shown, func(r rune) bool {
			return unicode.Is(unicode.Bidi_Control, r) || r != '\n' && r != '\t' && unicode.IsControl(r)
		}) {
			t.Errorf("%q is shown as %q", s, shown)
		}
		Recognise(name, json.Number(s))
	})
}
