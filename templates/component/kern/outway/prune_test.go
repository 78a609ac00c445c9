package outway

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestPrune(t *testing.T) {
	const persons = `{"type":"x","personen":[{"bsn":"1","geheim":true,"naam":{"volledigeNaam":"A","voornamen":"B","onderzoek":{"a":true}},"adres":{"postcode":"1234AB","straat":"S","onderzoek":{"straat":true}},"partners":[{"bsn":"9","geheim":true}]},{"bsn":"2"}],"leeg":{"naam":{}}}`
	warnings := []Warning{{Field: "geheim"}, {Field: "onderzoek"}}
	for _, c := range []struct {
		fields   []string
		warnings []Warning
		want     string
	}{
		{[]string{"naam.volledigeNaam"}, nil, `{"personen":[{"naam":{"volledigeNaam":"A"}},{}]}`},
		{[]string{"postcode"}, nil, `{"personen":[{},{}]}`},
		{[]string{"bsn"}, nil, `{"personen":[{"bsn":"1"},{"bsn":"2"}]}`},
		{[]string{"partners.bsn"}, nil, `{"personen":[{"partners":[{"bsn":"9"}]},{}]}`},
		{[]string{"naam"}, nil, `{"personen":[{"naam":{"onderzoek":{"a":true},"volledigeNaam":"A","voornamen":"B"}},{}]}`},
		{[]string{"personen.naam.voornamen"}, nil, `{"personen":[{"naam":{"voornamen":"B"}},{}]}`},
		{[]string{"type"}, nil, `{"personen":[{},{}],"type":"x"}`},
		{[]string{"adres.volledigeNaam", "Naam", ""}, nil, `{"personen":[{},{}]}`},
		{nil, warnings, `{"personen":[{"geheim":true},{}]}`},
		{[]string{"naam.voornamen"}, warnings, `{"personen":[{"geheim":true,"naam":{"onderzoek":{"a":true},"voornamen":"B"}},{}]}`},
		{[]string{"partners.bsn"}, warnings, `{"personen":[{"geheim":true,"partners":[{"bsn":"9","geheim":true}]},{}]}`},
	} {
		var v any
		if err := json.Unmarshal([]byte(persons), &v); err != nil {
			t.Fatal(err)
		}
		raw, _ := json.Marshal(Prune(v, "personen", fields(c.fields...), c.warnings))
		if string(raw) != c.want {
			t.Errorf("%q keeps\n%s, want\n%s", c.fields, raw, c.want)
		}
	}
}

func TestField(t *testing.T) {
	a := Answer{List: "l", Data: map[string]any{"l": []any{map[string]any{"nummer": json.Number("0363200000000034"), "waar": true}}, "b": map[string]any{"naam": "x"}}}
	for path, want := range map[string]string{"nummer": "0363200000000034", "l.nummer": "0363200000000034", "waar": "true", "b.naam": "x", "c.naam": "", "b": "", "naam": ""} {
		if got := a.Field(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// Whatever a source answers, nothing is left that the purpose does not name.
func FuzzPrune(f *testing.F) {
	f.Add(`{"a":{"b":[{"c":1},{"d":null}]},"c":"x"}`, "b.c,c", "a.b")
	f.Add(`[[{"a":1}],"los",{"a":{"b":{}}}]`, "a", "")
	f.Fuzz(func(t *testing.T, doc, list, at string) {
		var v any
		if len(doc) > 10_000 || json.Unmarshal([]byte(doc), &v) != nil {
			return
		}
		names := strings.Split(list, ",")
		kept := Prune(v, at, fields(names...), nil)
		if !allowed(kept, nil, names, at) {
			t.Errorf("of %s the fields %q keep %v", doc, names, kept)
		}
		if again := Prune(kept, at, fields(names...), nil); !reflect.DeepEqual(kept, again) {
			t.Errorf("pruning twice gives %v and then %v", kept, again)
		}
	})
}

// allowed says whether every plain value stands below a path that was asked.
func allowed(v any, at, names []string, list string) bool {
	path := strings.Join(at, ".")
	if path != "" && (slices.Contains(names, path) || slices.Contains(names, strings.TrimPrefix(path, list+"."))) {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if !allowed(x, append(slices.Clone(at), k), names, list) {
				return false
			}
		}
		return true
	case []any:
		return !slices.ContainsFunc(v, func(x any) bool { return !allowed(x, at, names, list) })
	}
	return v == nil
}
