package value

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMeant(t *testing.T) {
	names := []string{"naam", "tokens", "operaties", "oin", "lijstZaken", "leesZaak", "leesVerhuizing", "maakVerhuizing"}
	for given, want := range map[string]string{
		"token": "tokens", "Naam": "naam", "nama": "naam", "lijstZaak": "lijstZaken", "leesVerhuizingen": "leesVerhuizing",
		"nio": "oin", "xyzzy": "", "": "", "kleur": "", "verhuizing": "leesVerhuizing", "leesvehruizing": "leesVerhuizing",
		strings.Repeat("naam", 100_000): "",
	} {
		if got := Meant(given, names); got != want {
			t.Errorf("%.40q: %q, want %q", given, got, want)
		}
	}
	if got := Meant("zak", []string{"bak", "zaak", "zal"}); got != "zaak" && got != "zal" {
		t.Errorf("of names that are as like it, %q begins otherwise", got)
	}
	if got := Meant("bak", nil); got != "" {
		t.Error(got)
	}
}

func FuzzMeant(f *testing.F) {
	f.Add("naam", "nama")
	f.Add("é\xff", "\xfe")
	f.Fuzz(func(t *testing.T, a, b string) {
		// Of what is no text every wrong byte is as like as the next.
		if got := Meant(a, []string{a, b}); utf8.ValidString(a) && utf8.ValidString(b) && len(a) < maxWord && got != a && !strings.EqualFold(got, a) {
			t.Errorf("%q is not %q itself, but %q", a, a, got)
		}
	})
}
