package arguments

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"new", "answers", "explain", "completion", "version", "help"}
	for typed, want := range map[string]string{
		"nwe": "new", "anwers": "answers", "expl": "explain", "verison": "version", "NEW": "new",
		"xyzzy": "", "q": "", "": "", "completions": "completion", "helpp": "help",
	} {
		if got := Nearest(typed, words); got != want {
			t.Errorf("%q gives %q, want %q", typed, got, want)
		}
	}
}
