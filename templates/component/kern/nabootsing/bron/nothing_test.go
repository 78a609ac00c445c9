package bron

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestNothing(t *testing.T) {
	for _, c := range []struct{ path, answer, want string }{
		{"/personen", `{"type":"x","personen":[{"bsn":"1"}]}`, `{"personen":[],"type":"x"}`},
		{"/zaken", `{"count":1,"next":null,"results":[{"a":1}]}`, `{"count":0,"next":null,"results":[]}`},
		{"/adressen", `{"_embedded":{"adressen":[{}]},"_links":{"self":{"href":"x"}}}`, `{"_embedded":{"adressen":[]}}`},
		{"/zaken", `{"totaal":1,"jaar":2026,"results":[{"a":1}]}`, `{"jaar":2026,"results":[],"totaal":0}`},
		{"/zaken", `{"talen":["nl"],"results":[{"a":1}]}`, `{"results":[]}`},
		{"/lijst", `[{"a":1}]`, `[]`},
		{"/leeg", `{"l":[]}`, `{"l":[]}`},
		{"/personen/{bsn}", `{"naam":"x","kinderen":[{}]}`, ``},
		{"/personen/{bsn}/", `[{}]`, ``},
		{"/persoon", `{"naam":"x","talen":["nl"]}`, ``},
		{"/persoon", `{"naam":"x"}`, ``},
		{"/persoon", `null`, ``},
	} {
		var v any
		d := json.NewDecoder(strings.NewReader(c.answer))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		got := ""
		if empty, has := Nothing(c.path, v); has {
			raw, _ := json.Marshal(empty)
			got = string(raw)
		}
		if got != c.want {
			t.Errorf("%s of %s is %s, want %s", c.path, c.answer, got, c.want)
		}
	}
}

// Told to find nothing, a source says so in its own way: with 404 a search would be
// no answer at all.
func TestToldToFindNothing(t *testing.T) {
	s := newSource(t, `{"dienst":"a","operaties":[
	  {"naam":"zoek","methode":"GET","pad":"/adressen","antwoorden":[{"antwoord":{"l":[{"x":1}]}}],"fouten":{"404":{"title":"eigen"}}},
	  {"naam":"vind","methode":"GET","pad":"/zaken","antwoorden":[{"antwoord":{"l":[{"x":1}]}}],"anders":{"antwoord":{"leeg":[]}}},
	  {"naam":"lees","methode":"GET","pad":"/adressen/{id}","antwoorden":[{"antwoord":{"x":1}}],"fouten":{"404":{"title":"eigen"}}},
	  {"naam":"streng","methode":"GET","pad":"/streng","antwoorden":[{"antwoord":{"l":[{"x":1}]}}],"anders":{"status":400,"antwoord":{"title":"fout"}}},
	  {"naam":"wie","methode":"GET","pad":"/wie","antwoorden":[{"antwoord":{"x":1}}]}]}`)
	for path, want := range map[string]string{"/adressen": `200 {"l":[]}`, "/zaken": `200 {"leeg":[]}`, "/streng": `200 {"l":[]}`, "/adressen/1": `404 {"title":"eigen"}`,
		"/wie": `404 {"type":"about:blank","title":"Niets gevonden.","status":404}`} {
		w := s.forced(http.StatusNotFound, "GET", path, "")
		if got := strconv.Itoa(w.Code) + " " + strings.TrimSpace(w.Body.String()); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
