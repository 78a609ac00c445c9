package rest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// FuzzIfMatch reads any header. What is read of it is a list of tags that says the
// same when it is written again, and each tag on it meets the condition.
func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{`*`, `"1"`, `"99", "1"`, `W/"1"`, `"1",,"2" , W/"3"`, `"a,b"`, `1`, `"`, `"1" "2"`, `W/*`, `"é"`, ` * `} {
		f.Add(seed)
	}
	read := func(header string) (Condition, error) {
		return IfMatch(&http.Request{Header: http.Header{"If-Match": {header}}})
	}
	f.Fuzz(func(t *testing.T, header string) {
		c, err := read(header)
		if err != nil || c.Any() {
			return
		}
		for _, tag := range c.Tags() {
			if len(tag) < 2 || strings.Count(tag, `"`) != 2 || tag[0] != '"' || tag[len(tag)-1] != '"' {
				t.Fatalf("%q of %q is no tag", tag, header)
			}
			if err := c.Meets(tag); err != nil {
				t.Fatalf("%q does not meet its own condition %q", tag, header)
			}
		}
		if len(c.Tags()) == 0 {
			return
		}
		again, err := read(strings.Join(c.Tags(), ", "))
		if err != nil || !slices.Equal(again.Tags(), c.Tags()) {
			t.Fatalf("%q was %q and became %q, %v", header, c.Tags(), again.Tags(), err)
		}
	})
}
