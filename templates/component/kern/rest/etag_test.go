package rest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestIfMatch holds the header against RFC 9110, section 13.1.1: what is there
// has version 7.
func TestIfMatch(t *testing.T) {
	for _, c := range []struct {
		lines  []string
		status int // 0: the change may be made
	}{
		{[]string{`"7"`}, 0},
		{[]string{`*`}, 0},
		{[]string{` * `}, 0},
		{[]string{`"99", "7"`}, 0},
		{[]string{`"99" ,"7"`}, 0},
		{[]string{`"99"`, `"7"`}, 0},
		{[]string{`, "7",, `}, 0},
		{[]string{`W/"7", "7"`}, 0},
		{[]string{`"a,b", "7"`}, 0},
		{[]string{`"6"`}, 412},
		{[]string{`"07"`}, 412}, // layers above compare tags as text
		{[]string{`"+7"`}, 412},
		{[]string{`""`}, 412},
		{[]string{`"a,7"`}, 412},
		{[]string{`W/"7"`}, 412},
		{[]string{`W/"7", "6"`}, 412},
		{[]string{`7`}, 400},
		{[]string{`"7`}, 400},
		{[]string{`"7" "7"`}, 400},
		{[]string{`"7"x`}, 400},
		{[]string{`" 7"`}, 400},
		{[]string{`w/"7"`}, 400},
		{[]string{`*, "7"`}, 400},
		{[]string{`"7", *`}, 400},
		{[]string{``}, 428},
		{nil, 428},
	} {
		r := httptest.NewRequest("PUT", "/", nil)
		r.Header["If-Match"] = c.lines
		condition, err := IfMatch(r)
		if err == nil {
			err = condition.MeetsVersion(7)
		}
		p, status := (*Problem)(nil), 0
		if errors.As(err, &p) {
			status = p.Status
		}
		if status != c.status {
			t.Errorf("If-Match %q gives %d (%v), want %d", c.lines, status, err, c.status)
		}
		if status == 412 && strings.Contains(strings.Join(c.lines, ","), "W/") != strings.Contains(p.Detail, "zwakke ETag") {
			t.Errorf("If-Match %q: %s", c.lines, p.Detail)
		}
	}
}

// TestATagIsOfOneVersion: a zaak moves from the version that its tag names.
func TestATagIsOfOneVersion(t *testing.T) {
	for tag, want := range map[string]int64{`"7"`: 7, `"07"`: 0, `"+7"`: 0, `7`: 0, `"7`: 0, `"-7"`: 0, `"7.1"`: 0, `"0"`: 0, `""`: 0, ``: 0} {
		if got := VersionOf(tag); got != want {
			t.Errorf("%s is of version %d, want %d", tag, got, want)
		}
	}
}

func TestAKeyIsWrittenInSmallLetters(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Idempotency-Key", "0198F7A0-0000-7000-8000-00000000ABCD")
	if key, err := IdempotencyKey(r); err != nil || key != "0198f7a0-0000-7000-8000-00000000abcd" {
		t.Error(key, err)
	}
}
