package bron

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestNothing(t *testing.T) {
	for _, c := range []struct{ path, answer, want string }{
		{"/personen", `{"type":"x","personen":[{"bsn":"1"}]}`, `{"personen":[],"type":"x"}`},
		{"/zaken", `{"count":1,"next":null,"results":[{"a":1}]}`, `{"count":0,"next":null,"results":[]}`},
		{"/adressen", `{"_embedded":{"adressen":[{}]},"_links":{"self":{"href":"x"}}}`, `{"_embedded":{"adressen":[]}}`},
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
