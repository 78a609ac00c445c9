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

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"één", "een", 2}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
