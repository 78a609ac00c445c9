package outway

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// What goes along under the name of a key does not make another thing the one that
// was asked.
func TestAKeyIsNotWhatIsAskedBesideIt(t *testing.T) {
	for found, fails := range map[string]bool{`{"id":"1"}`: false, `{"id":"2"}`: true} {
		_, err := told(t, Contract{}, 200, "application/json", found, func(q *Question) {
			q.InPath("id", "1")
			q.InQuery("id", "2")
		})
		if (err != nil) != fails {
			t.Errorf("%s: %v", found, err)
		}
	}
}

// A key names the thing itself: what stands in it has keys of its own. And of what
// is not kept nothing is said.
func TestWhatIsNotCompared(t *testing.T) {
	a, err := told(t, Contract{}, 200, "application/json", `{"naam":"x","adres":{"id":"2"}}`, func(q *Question) { q.InPath("id", "1") })
	if err != nil || len(a.Notes) > 0 {
		t.Errorf("%+v %v", a.Notes, err)
	}
	many := `[` + strings.Repeat(`{"naam":"a1"},`, 2*maxKept) + `{"naam":"a1"}]`
	a, err = told(t, Contract{Array: true}, 200, "application/json", many, func(q *Question) { q.InQuery("naam", "b2") })
	if err != nil || len(a.Notes) != maxKept || a.Count != 2*maxKept+1 {
		t.Errorf("%d notes of %d, %v", len(a.Notes), a.Count, err)
	}
}

// The log names each thing that is kept once.
func TestWhatIsKeptIsNamedOnce(t *testing.T) {
	b := Bron{Fields: fields("a", "b"), Warnings: []Warning{{Field: "b", Values: []string{"x"}}, {Field: "c", Values: []string{"x"}}, {Field: "c", Values: []string{"y"}}}}
	if got := b.kept(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Error(got)
	}
}

// A segment of a path cannot lead elsewhere, whoever decodes it.
func TestWhatCanStandInAPath(t *testing.T) {
	for value, can := range map[string]bool{"1": true, "a b": true, "a/b": true, "..a": true, "": false, ".": false, "..": false, "a/../b": false, `a\..\b`: false, "a/.": false,
		"a\x00": false, "a\n": false, "a\u0085": false, "\xff": false} {
		q := NewQuestion("x", http.MethodGet, "/dingen/{id}")
		if q.InPath("id", value); (q.fault == nil) != can {
			t.Errorf("%q: %v", value, q.fault)
		}
	}
}
