package openapi

import (
	"encoding/json"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestShape(t *testing.T) {
	for _, c := range []struct {
		fields  []string
		paths   string
		missing []string
	}{
		{[]string{"naam"}, "_embedded.dingen.naam", nil},
		{[]string{"dingen.naam", "href"}, "_embedded.dingen.naam _links.self.href", nil},
		{[]string{"keus"}, "_embedded.dingen.keus.datum _embedded.dingen.keus.jaar _embedded.dingen.keus.type", nil},
		{[]string{"keus.jaar", "som"}, "_embedded.dingen.keus.jaar _embedded.dingen.som.a _embedded.dingen.som.b", nil},
		{[]string{"kaart"}, "_embedded.dingen.kaart", nil},
		{[]string{"dag"}, "_embedded.dingen.dag.datum _embedded.dingen.dag.type", nil},
		{[]string{"dagen"}, "_embedded.dingen.dagen.datum _embedded.dingen.dagen.jaar _embedded.dingen.dagen.type", nil},
		{nil, "", nil},
	} {
		o := document(t, "testdata/alles.yaml").Operation("zoek")
		shape, missing := o.Shape(c.fields, nil)
		if got := strings.Join(shape.Paths(), " "); got != c.paths || !slices.Equal(missing, c.missing) {
			t.Errorf("%v: %s, missing %v", c.fields, got, missing)
		}
	}
}

// TestMissing: a field is missing only where everything is described.
func TestMissing(t *testing.T) {
	for schema, missing := range map[string]bool{
		`{properties: {naam: {type: string}}}`:                                       true,
		`{properties: {naam: {properties: {voor: {type: string}}}}}`:                 true,
		`{properties: {naam: {type: [string, integer]}}}`:                            true,
		`{properties: {naam: {type: object}}}`:                                       false,
		`{properties: {naam: {}}}`:                                                   false,
		`{additionalProperties: {type: string}, properties: {naam: {type: string}}}`: false,
		`{type: array, items: {properties: {naam: {type: string}}}}`:                 true,
		`{type: array}`: false,
	} {
		o := answering(t, schema)
		if _, got := o.Shape([]string{"huisnummer"}, nil); len(got) > 0 != missing {
			t.Errorf("%s: missing %v", schema, got)
		}
	}
	if got := answering(t, `{properties: {naam: {properties: {voor: {type: string}}}}}`).Places(nil); !slices.Equal(got, []string{"naam", "naam.voor"}) {
		t.Errorf("names %v", got)
	}
}

// answering is an operation with an answer of a schema.
func answering(t testing.TB, schema string) *Operation {
	t.Helper()
	d, err := Read([]byte("openapi: 3.1.0\npaths: {/a: {get: {operationId: a, responses: {'200': {content: {application/json: {schema: " + schema + "}}}}}}}\n"))
	if err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	return d.Operation("a")
}

// TestIdentifiers: whatever the properties are called, a Go struct can be made
// of them, and encoding/json fills it.
func TestIdentifiers(t *testing.T) {
	o := document(t, "testdata/alles.yaml").Operation("zoek")
	shape, _ := o.Shape([]string{"dingen"}, nil)
	ding := shape.Below("_embedded.dingen")
	taken := map[string]bool{}
	got := map[string]string{}
	for _, f := range ding.Fields {
		if !token.IsIdentifier(f.Go) || !token.IsExported(f.Go) || taken[f.Go] {
			t.Errorf("%q is called %q", f.JSON, f.Go)
		}
		taken[f.Go] = true
		got[f.JSON] = f.Go
		fieldType := reflect.StructField{Name: "X", Type: reflect.TypeFor[any](), Tag: reflect.StructTag("json:\"" + f.JSON + "\"")}
		v := reflect.New(reflect.StructOf([]reflect.StructField{fieldType}))
		document, _ := json.Marshal(map[string]int{f.JSON: 7})
		if err := json.Unmarshal(document, v.Interface()); err != nil || v.Elem().Field(0).Interface() != 7.0 {
			t.Errorf("the tag of %q does not work: %v", f.JSON, err)
		}
	}
	for name, want := range map[string]string{"@id": "ID", "type": "Type", "70procent": "N70procent", "a-b": "AB", "a_b": "AB2", "naam": "Naam"} {
		if got[name] != want {
			t.Errorf("%q is called %q, want %q", name, got[name], want)
		}
	}
	for _, name := range []string{"", `a"b` + "`c", "🎉"} {
		if got[name] != "" {
			t.Errorf("%q cannot stand in a tag", name)
		}
	}
	if ding.field("ouder").Kind != "any" {
		t.Errorf("a ding within itself is %+v", ding.field("ouder"))
	}
	if ding.field("naam") == nil || ding.Fields[slices.IndexFunc(ding.Fields, func(f ShapeField) bool { return f.JSON == "naam" })].Doc != "Naam van het ding." {
		t.Error("naam has no description")
	}
}

func TestShapeOf(t *testing.T) {
	const document = `{"a": [{"naam": "x", "n": 1, "leeg": null}, {"naam": null, "n": 2.5, "weg": {}}], "b": {"c": [[true]], "m": [1, "x"]}}`
	for fields, want := range map[string]string{
		"naam":    "{A: [{Naam: string}]}",
		"a.n":     "{A: [{N: number}]}",
		"leeg":    "{A: [{Leeg: any}]}",
		"weg":     "{A: [{Weg: any}]}",
		"c":       "{B: {C: [[boolean]]}}",
		"m":       "{B: {M: [any]}}",
		"bestaat": "nothing",
	} {
		if got := written(ShapeOf(document, []string{fields})); got != want {
			t.Errorf("%s: %s", fields, got)
		}
	}
	if ShapeOf("geen JSON", []string{"a"}) != nil {
		t.Error("a shape of nothing")
	}
}

func written(s *Shape) string {
	switch {
	case s == nil:
		return "nothing"
	case s.Kind == "list":
		return "[" + written(s.Item) + "]"
	case s.Kind != "object":
		return s.Kind
	}
	var fields []string
	for _, f := range s.Fields {
		fields = append(fields, f.Go+": "+written(f.Shape))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

func TestPlaces(t *testing.T) {
	shape := ShapeOf(`{"type": "x", "personen": [{"naam": {"voornamen": "a"}, "kinderen": [{"naam": {"voornamen": "b"}}]}]}`, []string{"type", "personen"})
	if got := shape.Below("personen").Places("naam.voornamen"); !slices.Equal(got, []string{"kinderen.naam.voornamen", "naam.voornamen"}) {
		t.Errorf("places %v", got)
	}
	if shape.Below("personen.naam") == nil || shape.Below("personen.weg.weg") != nil {
		t.Error("below")
	}
}
