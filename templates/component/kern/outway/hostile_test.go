package outway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// An answer of a few MB that is deep, or has long names, asks for no more memory
// than it has itself: it is no answer.
func TestADeepAnswerIsNone(t *testing.T) {
	name := strings.Repeat("k", 300)
	for what, c := range map[string]struct {
		body  string
		reads bool
	}{
		"objects":    {`{"naam":` + strings.Repeat(`{"`+name+`":`, 9000) + `1` + strings.Repeat(`}`, 9001), false},
		"lists":      {`{"naam":` + strings.Repeat(`[`, 9000) + strings.Repeat(`]`, 9000) + `}`, false},
		"101 lists":  {`{"naam":` + strings.Repeat(`[`, 101) + strings.Repeat(`]`, 101) + `}`, false},
		"100 lists":  {`{"naam":` + strings.Repeat(`[`, 100) + `{}` + strings.Repeat(`]`, 100) + `}`, false},
		"99 lists":   {`{"naam":` + strings.Repeat(`[`, 99) + `{}` + strings.Repeat(`]`, 99) + `}`, true},
		"one name":   {`{"naam":{"` + strings.Repeat("k", 1996) + `":1}}`, true},
		"its length": {`{"naam":{"` + strings.Repeat("k", 1997) + `":1}}`, false},
		"names":      {`{"naam":{"` + strings.Repeat("k", 999) + `":{"` + strings.Repeat("k", 999) + `":1}}}`, false},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		a, err := told(t, Contract{Holds: []string{"naam"}}, 200, "application/json", c.body)
		runtime.ReadMemStats(&after)
		if (err == nil) != c.reads || a.Found != c.reads {
			t.Errorf("%s: found %v, %v", what, a.Found, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 200<<20 {
			t.Errorf("%s of %d bytes takes %d MB", what, len(c.body), used>>20)
		}
	}
}

// Of many warnings it is said that there are more, and each stays in the data.
func TestManyWarnings(t *testing.T) {
	warnings := []Warning{{Field: "geheim", Text: "Geheim"}}
	for n, want := range map[int]int{maxNotes: maxNotes, maxNotes + 1: maxNotes + 1, 200_000: maxNotes + 1} {
		all := make([]any, n)
		for i := range all {
			all[i] = map[string]any{"geheim": true}
		}
		notes := warningsIn(warnings, map[string]any{"naam": all})
		if len(notes) != want {
			t.Errorf("%d warnings become %d notes", n, len(notes))
		}
		if more := notes[0].Text != "Geheim"; more != (n > maxNotes) || !more && notes[0].Place != "/naam/0" || notes[len(notes)-1].Place != fmt.Sprintf("/naam/%d", min(n, maxNotes)-1) {
			t.Errorf("%d: %+v … %+v", n, notes[0], notes[len(notes)-1])
		}
	}
}

// A name is one step of a path, whatever is in it, and its place is a JSON pointer.
func TestOddNames(t *testing.T) {
	var answer any
	if err := json.Unmarshal([]byte(`{"a.b":"fout","a":{"b":"goed","__proto__":{"w":true}},"~/":{"b":{"w":true}},"a":{"b":"laatste","~1/":{"w":"ja"}},"constructor":"x","":"leeg"}`), &answer); err != nil {
		t.Fatal(err)
	}
	warnings := []Warning{{Field: "w", Text: "W"}}
	kept := pruned(answer, "", fields("a", "~/"), warnings)
	if raw, _ := json.Marshal(kept); string(raw) != `{"a":{"b":"laatste","~1/":{"w":"ja"}},"~/":{"b":{"w":true}}}` {
		t.Errorf("%s", raw)
	}
	if got := fmt.Sprint(warningsIn(warnings, kept)); got != `[{/a/~01~1 waarschuwing w W} {/~0~1/b waarschuwing w W}]` {
		t.Error(got)
	}
	if raw, _ := json.Marshal(pruned(answer, "", fields("a.b"), nil)); string(raw) != `{"a":{"b":"laatste"}}` {
		t.Errorf("%s", raw)
	}
	c := Contract{List: "~/.x"}
	f, ok := c.find(map[string]any{"~/": map[string]any{"x": []any{1}}})
	if !ok || f.at(0) != "/~0~1/x/0" {
		t.Errorf("%v %s", ok, f.at(0))
	}
}

// Nothing that a source says comes in a log or in the text of an error, and neither
// does what was asked.
func TestASourceDoesNotWriteTheLog(t *testing.T) {
	const secret = "GEHEIM999993653"
	for what, s := range map[string]struct {
		status int
		kind   string
		body   string
	}{
		"another":   {200, "application/json", `{"x":"` + secret + `"}`},
		"no JSON":   {200, "application/json", secret},
		"a number":  {200, "application/json", `{"naam":1e400,"` + secret + `":`},
		"a type":    {200, secret, `{"naam":"x"}`},
		"problem":   {500, "application/problem+json", `{"title":"` + secret + `","detail":"` + secret + `"}`},
		"refusal":   {400, "application/json", `{"detail":"` + secret + `"}`},
		"deep":      {200, "application/json", `{"naam":{"` + strings.Repeat(secret, 200) + `":1}}`},
		"somebody":  {200, "application/json", `{"naam":"` + secret + `","id":"` + secret + `"}`},
		"of a sort": {200, "application/json", `{"naam":{"` + secret + `":"` + secret + `"}}`},
	} {
		o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", s.kind)
			w.Header().Set("Nabootsing", secret)
			w.WriteHeader(s.status)
			_, _ = w.Write([]byte(s.body))
		}))
		b := Bron{Name: "bron", Title: "De bron", Service: "bron", Activity: activity, Fields: fields("naam")}
		q := o.Client(b).Question("zoek", http.MethodGet, "/dingen/{id}", "Zoek", Contract{Holds: []string{"naam"}})
		q.InPath("id", "pad-"+secret)
		q.InQuery("bsn", secret)
		q.About(secret)
		a, err := o.Client(b).Ask(t.Context(), q)
		var to struct {
			Name string `json:"naam"`
		}
		o.Client(b).Decode(q, a, &to)
		text := log.String()
		if err != nil {
			text += err.Error()
			if f, ok := errors.AsType[*Fault](err); ok {
				text += fmt.Sprintf("%s %v", f.reason, f.cause)
			}
		}
		if strings.Contains(text, secret) {
			t.Errorf("%s: %s", what, text)
		}
	}
}
