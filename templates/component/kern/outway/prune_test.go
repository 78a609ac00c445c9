package outway

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestPrune(t *testing.T) {
	const person = `{"type":"x","personen":[{"bsn":"1","naam":{"volledigeNaam":"A","voornamen":"B"},"adres":{"postcode":"1234AB","straat":"S"}},{"bsn":"2"}],"leeg":{"naam":{}}}`
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{[]string{"naam.volledigeNaam"}, `{"personen":[{"naam":{"volledigeNaam":"A"}}]}`},
		{[]string{"postcode"}, `{"personen":[{"adres":{"postcode":"1234AB"}}]}`},
		{[]string{"bsn"}, `{"personen":[{"bsn":"1"},{"bsn":"2"}]}`},
		{[]string{"naam"}, `{"personen":[{"naam":{"volledigeNaam":"A","voornamen":"B"}}]}`},
		{[]string{"personen.naam.voornamen"}, `{"personen":[{"naam":{"voornamen":"B"}}]}`},
		{[]string{"adres.volledigeNaam", "Naam"}, ""},
		{nil, ""},
		{[]string{""}, ""},
	} {
		var v any
		if err := json.Unmarshal([]byte(person), &v); err != nil {
			t.Fatal(err)
		}
		kept, ok := Prune(v, c.fields)
		raw, _ := json.Marshal(kept)
		if ok != (c.want != "") || ok && string(raw) != c.want {
			t.Errorf("%q keeps %s, %v, want %s", c.fields, raw, ok, c.want)
		}
	}
}

func TestField(t *testing.T) {
	a := Answer{Data: map[string]any{"l": []any{map[string]any{"nummer": json.Number("0363200000000034"), "waar": true}}, "b": map[string]any{"naam": "x"}}}
	for path, want := range map[string]string{"nummer": "0363200000000034", "l.nummer": "0363200000000034", "waar": "true", "b.naam": "x", "c.naam": "", "b": ""} {
		if got := a.Field(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// Whatever a source answers, nothing is left that the purpose does not name.
func FuzzPrune(f *testing.F) {
	f.Add(`{"a":{"b":[{"c":1},{"d":null}]},"c":"x"}`, "b.c,c")
	f.Add(`[[{"a":1}],"los",{"a":{"b":{}}}]`, "a")
	f.Fuzz(func(t *testing.T, doc, list string) {
		var v any
		if len(doc) > 10_000 || json.Unmarshal([]byte(doc), &v) != nil {
			return
		}
		fields := strings.Split(list, ",")
		kept, ok := Prune(v, fields)
		if !ok {
			return
		}
		if !allowed(kept, nil, fields) {
			t.Errorf("of %s the fields %q keep %v", doc, fields, kept)
		}
		again, _ := Prune(kept, fields)
		if !reflect.DeepEqual(kept, again) {
			t.Errorf("pruning twice gives %v and then %v", kept, again)
		}
	})
}

// allowed says whether every plain value stands below a name that was asked.
func allowed(v any, at, fields []string) bool {
	for i := range at {
		for _, f := range fields {
			want := strings.Split(f, ".")
			if f != "" && len(want) <= i+1 && slices.Equal(want, at[i+1-len(want):i+1]) {
				return true
			}
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if !allowed(x, append(slices.Clone(at), k), fields) {
				return false
			}
		}
		return true
	case []any:
		return !slices.ContainsFunc(v, func(x any) bool { return !allowed(x, at, fields) })
	}
	return false
}
