package evolve

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestUnified: a change of a file → its difference.
func TestUnified(t *testing.T) {
	long := strings.Repeat("x\n", 20)
	for name, c := range map[string]struct {
		change update.Change
		want   string
	}{
		"changed":  {update.Change{Path: "a", Before: []byte("1\n2\n"), After: []byte("1\n3\n")}, "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n"},
		"new":      {update.Change{Path: "a", After: []byte("1\n")}, "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+1\n"},
		"gone":     {update.Change{Path: "a", Before: []byte("1\n")}, "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n"},
		"moved":    {update.Change{Path: "b", From: "a", Before: []byte("1\n"), After: []byte("1\n")}, "--- a/a\n+++ b/b\n"},
		"the same": {update.Change{Path: "a", Before: []byte("1\n"), After: []byte("1\n")}, ""},
		"no end":   {update.Change{Path: "a", Before: []byte("1"), After: []byte("1\n")}, "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n\\ No newline at end of file\n+1\n"},
		"binary":   {update.Change{Path: "a.png", Before: []byte("\x00"), After: []byte("\x01\x00")}, "a.png: verandert; dit is geen tekst\n"},
		"hostile":  {update.Change{Path: "a\x1b[2J", Before: []byte("1\n"), After: []byte("\t\x1b]0;x\a\u202e\xff\u0085é\r\n")}, "--- a/a[2J\n+++ b/a[2J\n@@ -1 +1 @@\n-1\n+\t\\u001b]0;x\\u0007\\u202e\\xff\\u0085é\r\n"},
		"the right line": {update.Change{Path: "a", Before: []byte("1\nx\n2\n" + long + "3\n"), After: []byte("1\n1\nx\n2\n2\n" + long + "4\n")},
			"--- a/a\n+++ b/a\n@@ -1,6 +1,8 @@\n 1\n+1\n x\n 2\n+2\n x\n x\n x\n@@ -21,4 +23,4 @@\n x\n x\n x\n-3\n+4\n"},
	} {
		b := newBench(text.Dutch, update.Update{})
		if got := unified(b.Deps, c.change); got != c.want {
			t.Errorf("%s: got\n%q, want\n%q", name, got, c.want)
		}
	}
}

// TestColour: on a screen only, and not with NO_COLOR or --plain.
func TestColour(t *testing.T) {
	c := update.Change{Path: "a", Before: []byte("1\r\n"), After: []byte("2\r\n")}
	for _, screen := range []struct{ out, colour, want bool }{{true, true, true}, {true, false, false}, {false, true, false}, {false, false, false}} {
		b := newBench(text.Dutch, update.Update{})
		b.IO.OutTerminal, b.IO.Colour = screen.out, screen.colour
		got := unified(b.Deps, c)
		if strings.Contains(got, "\x1b[31m-1\x1b[0m") != screen.want || strings.Contains(got, "\x1b") != screen.want {
			t.Errorf("%+v: %q", screen, got)
		}
		if strings.Contains(got, "\r") == screen.out {
			t.Errorf("%+v: the end of a line of Windows: %q", screen, got)
		}
	}
}

// FuzzUnified: nothing in a file steers a terminal.
func FuzzUnified(f *testing.F) {
	f.Add("a", "1\n", "2\x1b[2J")
	f.Add("a\x1bb", "\xff\xfe", "\u2028\u202e")
	f.Fuzz(func(t *testing.T, path, before, after string) {
		b := newBench(text.Dutch, update.Update{})
		b.IO.OutTerminal = true
		got := unified(b.Deps, update.Change{Path: path, Before: []byte(before), After: []byte(after)})
		if !utf8.ValidString(got) {
			t.Errorf("not UTF-8: %q", got)
		}
		for _, r := range got {
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("%q holds %q", got, r)
			}
		}
	})
}
