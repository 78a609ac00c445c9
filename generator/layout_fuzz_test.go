package generator_test

import (
	"path"
	"strings"
	"testing"
)

// FuzzGoOfAnyText: whatever a team writes, the Go source of its component is Go, and as
// gofmt writes it. Our own layout passes by go/format, which would refuse the rest.
func FuzzGoOfAnyText(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack)
	}
	for _, words := range []string{
		"\ufeff", "a\ufeffb", "eind\u00a0", "eind\u2003", "eind\u0085", "\u2028", "a\u2029b", "``x''", "''", "``", "- een", "# Kop", "[x]: https://x.test", "Deprecated: nee", "//go:build ignore", "/* */", "//", "a // b",
		"een lange tekst die langer is dan negentig tekens, met (haakjes), {accolades} en [blokhaken] erin, en nog meer", "éééééééééééééééééééééééééééé", "日本語のテキスト", "a\tb", "a  b", ":", "a: b", ",", "x,", "\\", "\u200b", "\U0010ffff", "\u00ad", "e\u0301",
	} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		files, err := plannedOr(words)
		switch {
		case err != nil && strings.Contains(err.Error(), "not valid Go"):
			t.Fatalf("%q breaks out: %v", words, err)
		case err != nil: // the model takes no such text
			return
		}
		for name, body := range files {
			if path.Ext(name) == ".go" {
				if err := readable(name, body); err != nil {
					t.Errorf("%q breaks %s: %v", words, name, err)
				}
			}
		}
	})
}
