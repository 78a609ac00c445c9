package problem

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"één", "een", 2}} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestSameWord(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"land", "land", true}, {" land", "land\u00a0", true}, {"la\u200bnd", "land", true}, {"a  b", "a b", true},
		{"Land", "land", false}, {"a b", "ab", false}, {"land", "adres.land", false}, {"", "", true},
	} {
		if got := SameWord(c.a, c.b); got != c.want {
			t.Errorf("%q and %q give %v", c.a, c.b, got)
		}
	}
}
