package outway

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// pruned is what is kept of an answer.
func pruned(v any, list string, fields []Field, warnings []Warning) any {
	return newPruner(list, fields, warnings).prune(v)
}

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
		raw, _ := json.Marshal(pruned(v, "personen", fields(c.fields...), c.warnings))
		if string(raw) != c.want {
			t.Errorf("%q keeps\n%s, want\n%s", c.fields, raw, c.want)
		}
	}
}

// A warning stands beside what is kept, in lists and below, also when what was
// asked there is missing: an address that is shielded has none. Nothing is left
// empty for it.
func TestWarningsBesideWhatIsKept(t *testing.T) {
	const doc = `{"l":[{"a":1,"w":true,"o":{"w":true,"x":1},"s":[{"b":1},{"b":2,"c":3,"w":true},{"w":true}],"k":{"r":{"code":"O"},"d":1},"m":[{"r":1},{"d":2}],"e":{},"n":null}],"w":true}`
	for _, c := range []struct{ fields, warnings, want string }{
		{"a", "w", `{"l":[{"a":1,"w":true}],"w":true}`},
		{"o.x", "w", `{"l":[{"o":{"w":true,"x":1},"w":true}],"w":true}`},
		{"s.c", "w", `{"l":[{"s":[{"c":3,"w":true},{"w":true}],"w":true}],"w":true}`},
		{"s.c.d", "n", `{"l":[{}]}`},
		{"s.b", "w", `{"l":[{"s":[{"b":1},{"b":2,"w":true},{"w":true}],"w":true}],"w":true}`},
		{"s.c", "s.b", `{"l":[{"s":[{"b":1},{"b":2,"c":3}]}]}`},
		{"a", "k.r", `{"l":[{"a":1,"k":{"r":{"code":"O"}}}]}`},
		{"k.d", "k.r.code", `{"l":[{"k":{"d":1,"r":{"code":"O"}}}]}`},
		{"a", "m.r", `{"l":[{"a":1,"m":[{"r":1}]}]}`},
		{"m", "m.r", `{"l":[{"m":[{"r":1},{"d":2}]}]}`},
		{"k", "k.r", `{"l":[{"k":{"d":1,"r":{"code":"O"}}}]}`},
		{"a", "e,n,e.x,k.z,m.z,a.z,x", `{"l":[{"a":1}]}`},
		{"z", "o.w", `{"l":[{"o":{"w":true}}]}`},
		{"l", "w", `{"l":[{"a":1,"e":{},"k":{"d":1,"r":{"code":"O"}},"m":[{"r":1},{"d":2}],"n":null,"o":{"w":true,"x":1},"s":[{"b":1},{"b":2,"c":3,"w":true},{"w":true}],"w":true}],"w":true}`},
	} {
		var v any
		if err := json.Unmarshal([]byte(doc), &v); err != nil {
			t.Fatal(err)
		}
		var warnings []Warning
		for name := range strings.SplitSeq(c.warnings, ",") {
			warnings = append(warnings, Warning{Field: name})
		}
		if raw, _ := json.Marshal(pruned(v, "l", fields(c.fields), warnings)); string(raw) != c.want {
			t.Errorf("%s with %s keeps\n%s, want\n%s", c.fields, c.warnings, raw, c.want)
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

// The next question builds on what was meant: not on the house next door because
// the source names it first.
func TestFieldIsOfWhatWasAsked(t *testing.T) {
	both := map[string]any{"l": []any{map[string]any{"id": "36A", "alleen": "x"}, map[string]any{"id": "36"}}}
	first, second := Note{Place: "/l/0", Kind: NoteDiffers}, Note{Place: "/l/1", Kind: NoteDiffers}
	for _, c := range []struct {
		notes    []Note
		id, only string
	}{{nil, "36A", "x"}, {[]Note{first}, "36", ""}, {[]Note{second}, "36A", "x"}, {[]Note{first, second}, "36A", "x"}, {[]Note{{Place: "/l/0", Kind: NoteWarning}}, "36A", "x"}} {
		a := Answer{List: "l", Data: both, Notes: c.notes}
		if id, only := a.Field("id"), a.Field("alleen"); id != c.id || only != c.only {
			t.Errorf("with %+v: %q and %q", c.notes, id, only)
		}
	}
}

// Whatever a source answers, nothing is left that the purpose does not name.
func FuzzPrune(f *testing.F) {
	f.Add(`{"a":{"b":[{"c":1},{"d":null}]},"c":"x"}`, "b.c,c", "a.b")
	f.Add(`[[{"a":1}],"los",{"a":{"b":{}}}]`, "a", "")
	f.Add(`{"l":[{"w":1,"o":{"w":2},"s":[{"w":3},{"a":1}]}]}`, "s.a", "l")
	f.Fuzz(func(t *testing.T, doc, list, at string) {
		var v any
		if len(doc) > 10_000 || json.Unmarshal([]byte(doc), &v) != nil {
			return
		}
		names := strings.Split(list, ",")
		kept := pruned(v, at, fields(names...), nil)
		if !allowed(kept, nil, names, at) {
			t.Errorf("of %s the fields %q keep %v", doc, names, kept)
		}
		if again := pruned(kept, at, fields(names...), nil); !reflect.DeepEqual(kept, again) {
			t.Errorf("pruning twice gives %v and then %v", kept, again)
		}
		warned := pruned(v, at, fields(names...), []Warning{{Field: "w"}, {Field: "s.w"}})
		if !allowed(warned, nil, append(names, "w"), at) && !allowed(without(warned), nil, names, at) {
			t.Errorf("of %s the fields %q and the warnings keep %v", doc, names, warned)
		}
	})
}

// without takes the warnings out again.
func without(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			if name == "w" {
				delete(v, name)
				continue
			}
			v[name] = without(below)
		}
	case []any:
		for i := range v {
			v[i] = without(v[i])
		}
	}
	return v
}

// BenchmarkPrune is of a person with all that the BRP knows, fifty times.
func BenchmarkPrune(b *testing.B) {
	person := `{"burgerservicenummer":"999993653","geheim":true,"naam":{"voornamen":"A","onderzoek":{"a":true}},"verblijfplaats":{"verblijfadres":{"postcode":"1028BC","huisnummer":38,"straat":"S"}},"kinderen":[{"naam":{"voornamen":"B"}}],"partners":[{"naam":{"voornamen":"C"}}]}`
	var v any
	if err := json.Unmarshal([]byte(`{"personen":[`+strings.Repeat(person+",", maxKept-1)+person+`]}`), &v); err != nil {
		b.Fatal(err)
	}
	kept, warnings := fields("naam.voornamen", "verblijfplaats.verblijfadres.postcode", "verblijfplaats.verblijfadres.huisnummer"), []Warning{{Field: "geheim"}, {Field: "onderzoek"}}
	for b.Loop() {
		pruned(v, "personen", kept, warnings)
	}
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

// Only what was found is cut off: a list that a field names is kept whole. And what
// is null, or warns beyond what is kept, is left out.
func TestWhatIsCutOff(t *testing.T) {
	many := func(n int, item any) (all []any) {
		for range n {
			all = append(all, item)
		}
		return all
	}
	count := func(v any, name string) int {
		object, _ := v.(map[string]any)
		all, _ := object[name].([]any)
		return len(all)
	}
	answer := map[string]any{"l": many(maxKept+9, map[string]any{"w": true}), "namen": many(maxKept+9, "x"), "niets": nil}
	kept := pruned(answer, "l", fields("namen", "niets"), []Warning{{Field: "l.w"}})
	if l, namen := count(kept, "l"), count(kept, "namen"); l != maxKept || namen != maxKept+9 {
		t.Errorf("kept are %d of what was found and %d names", l, namen)
	}
	if _, there := kept.(map[string]any)["niets"]; there {
		t.Error("null is kept")
	}
	kept = pruned(answer, "", fields("l"), nil)
	if l := count(kept, "l"); l != maxKept+9 {
		t.Errorf("kept are %d of a list that a field names", l)
	}
}
