package openapi

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func document(t testing.TB, name string) *Document {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRead(t *testing.T) {
	const minimal = `"openapi": "3.0.0", "paths": {"/a": {"get": {"operationId": "a"}}}`
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for name, c := range map[string]struct {
		data string
		want error
	}{
		"empty":              {"", ErrForm},
		"text":               {"geen specificatie", ErrForm},
		"a list":             {"[1]", ErrForm},
		"broken YAML":        {"openapi: 3.0.0\n\tpaths: [", ErrForm},
		"broken JSON":        {`{"openapi": "3.0.0", "paths": {`, ErrForm},
		"binary":             {"\x00\x01\xff", ErrForm},
		"no version":         {"paths: {/a: {get: {operationId: a}}}", ErrForm},
		"version 4":          {"openapi: 4.0.0\npaths: {/a: {get: {operationId: a}}}", ErrForm},
		"Swagger":            {"swagger: '2.0'\npaths: {}", ErrSwagger},
		"Swagger as number":  {"swagger: 2.0\npaths: {}", ErrSwagger},
		"no paths":           {"openapi: 3.0.0", ErrEmpty},
		"JSON":               {"{" + minimal + "}", nil},
		"JSON with tabs":     {"{\n\t" + minimal + "}", nil},
		"JSON with a mark":   {"\ufeff{" + minimal + "}", nil},
		"JSON escapes":       {`{"info": {"title": "\ud83d\ude97 \/"}, ` + minimal + "}", nil},
		"JSON too deep":      {`{` + minimal + `, "x": ` + deep + "}", nil}, // YAML reads it, and nobody looks at x
		"alias of itself":    {"openapi: 3.0.0\npaths: &a {/x: *a, /y: {get: {operationId: zoek}}}", nil},
		"alias of nothing":   {"openapi: 3.0.0\npaths: *a", ErrForm},
		"too large":          {strings.Repeat(" ", MaxBytes+1), ErrTooLarge},
		"too many values":    {"x: [" + strings.Repeat("1,", maxMarks+1) + "]", ErrTooLarge},
		"deeper than a tree": {"x: " + strings.Repeat("{a: ", 20_000) + strings.Repeat("}", 20_000), ErrForm},
	} {
		if _, err := Read([]byte(c.data)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestLargeSpecificationFits: half a megabyte with 25 paths and 130 schemas of
// 50 properties is what the larger APIs of the government publish.
func TestLargeSpecificationFits(t *testing.T) {
	var b strings.Builder
	b.WriteString("openapi: 3.0.0\npaths:\n")
	for i := range 25 {
		fmt.Fprintf(&b, "  /zaken%d:\n    get:\n      operationId: zaak%d_list\n      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Zaak0'}}}}}\n", i, i)
	}
	b.WriteString("components:\n  schemas:\n")
	for i := range 130 {
		fmt.Fprintf(&b, "    Zaak%d:\n      type: object\n      properties:\n", i)
		for j := range 50 {
			fmt.Fprintf(&b, "        veld%d:\n          type: string\n          maxLength: 200\n          title: Veld %d\n          description: Een veld met een uitleg zoals specificaties die hebben, van een zin.\n", j, j)
		}
		fmt.Fprintf(&b, "        deel: {$ref: '#/components/schemas/Zaak%d'}\n", (i+1)%130)
	}
	d, err := Read([]byte(b.String()))
	if err != nil || len(d.Operations()) != 25 || b.Len() < 1<<20 {
		t.Fatalf("%d bytes: %v", b.Len(), err)
	}
	o := d.Operation("zaak7_list")
	shape, missing := o.Shape([]string{"veld49", "deel.deel.veld1"}, nil)
	if shape == nil || len(missing) > 0 || o.Exhausted() || len(o.Answers([]string{"veld49"}, nil)) != 2 {
		t.Errorf("missing %v after %d steps", missing, o.Work())
	}
}

func TestDocument(t *testing.T) {
	d := document(t, "testdata/alles.yaml")
	if got := d.Servers(); !slices.Equal(got, []string{"https://api.test.proef.nl/v1", "https://api.proef.nl/v1"}) {
		t.Errorf("servers %v", got)
	}
	if d.Outside() != "" {
		t.Errorf("outside %q", d.Outside())
	}
	var names []string
	for _, o := range d.Operations() {
		names = append(names, o.ID+" "+o.Method)
	}
	if want := []string{"ding GET", "weg DELETE", "zoek POST", "get-zonder-naam-x GET"}; !slices.Equal(names, want) {
		t.Errorf("operations %q", names)
	}
	for id, want := range map[string]*Security{"zoek": {Kind: "apikey", Header: "X-Sleutel"}, "ding": {Kind: "bearer", JWT: true}, "get-zonder-naam-x": nil} {
		if got := d.Operation(id).Security(); !reflect.DeepEqual(got, want) {
			t.Errorf("security of %s is %+v", id, got)
		}
	}
	if d.Operation("onbekend") != nil {
		t.Error("an unknown operation")
	}
}

func TestQuestion(t *testing.T) {
	o := document(t, "testdata/alles.yaml").Operation("zoek")
	if o.Title != "Zoek alles" {
		t.Errorf("title %q", o.Title)
	}
	var choice *ChoiceError
	if _, err := o.Question(nil); !errors.As(err, &choice) || choice.Property != "soort" || !slices.Equal(choice.Values, []string{"Kort", "lang"}) || choice.Error() == "" {
		t.Errorf("no choice: %v", err)
	}
	query := []Parameter{
		{Name: "pagina", In: "query", Type: "integer", Required: true},
		{Name: "soorten", In: "query", Type: "string", List: true, Joined: true},
		{Name: "punt", In: "query", Type: "number"},
	}
	for kind, want := range map[string][]Parameter{
		"Kort": {{Name: "soort", In: "body", Type: "string"}, {Name: "bsn", In: "body", Type: "string", Required: true, Subject: true}},
		"lang": {{Name: "soort", In: "body", Type: "string"}, {Name: "aan", In: "body", Type: "boolean"}, {Name: "burgerservicenummers", In: "body", Type: "string", List: true}},
	} {
		q, err := o.Question(map[string]string{"soort": kind})
		if err != nil || !reflect.DeepEqual(q.Parameters, append(slices.Clone(query), want...)) {
			t.Errorf("%s: %+v, %v", kind, q.Parameters, err)
		}
		var unfilled []string
		if kind == "lang" {
			unfilled = []string{"plek"}
		}
		headers := []Header{{Name: "X-Verplicht", Required: true}, {Name: "Accept-Crs", Value: "EPSG:4326"}}
		if !slices.Equal(q.Unfilled, unfilled) || !reflect.DeepEqual(q.Headers, headers) {
			t.Errorf("%s: unfilled %v, headers %v", kind, q.Unfilled, q.Headers)
		}
	}
	if o.Broken() != "" || o.Exhausted() {
		t.Errorf("broken %q", o.Broken())
	}
}

func TestErrors(t *testing.T) {
	o := document(t, "testdata/alles.yaml").Operation("zoek")
	got := o.Errors()
	for status, want := range map[int]string{404: "Weg", 429: "Iets", 401: "Iets", 503: "Dicht"} {
		if !strings.Contains(got[status], want) {
			t.Errorf("%d: %q", status, got[status])
		}
	}
	if len(got[500]) > 0 {
		t.Errorf("500: %s", got[500])
	}
	if strings.Contains(got[404], "555555021") || !strings.Contains(got[404], `"9999`) {
		t.Errorf("a number that may be of somebody: %s", got[404])
	}
}

func TestReferencesThatLeadNowhere(t *testing.T) {
	const start = "openapi: 3.0.0\npaths: {/a: {get: {operationId: a, responses: {'200': {content: {application/json: {schema: {properties: {x: {$ref: '"
	for ref, broken := range map[string]bool{
		"#/components/schemas/Weg":  true,
		"#/components/schemas/Ding": false,
		"#/components/x/0/naam":     false,
		"#/components/x/1":          true,
		"#/components/x/-1":         true,
		"#/components/x~1y/a%20b":   false,
		"#/components/x~1y/%zz":     true,
		"#":                         false,
		"#geen":                     true,
		"ander.yaml":                true,
		"ander.yaml#/a":             true,
		"https://proef.nl/a.yaml":   true,
		"file:///etc/passwd":        true,
		"../../etc/passwd":          true,
	} {
		d, err := Read([]byte(start + ref + "'}, y: {type: string}}}}}}}}}}\ncomponents: {schemas: {Ding: {type: string}}, x: [{naam: {type: string}}], x/y: {a b: {type: string}}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		o := d.Operation("a")
		if o.Shape([]string{"y"}, nil); o.Broken() != "" != broken {
			t.Errorf("%s: broken %q", ref, o.Broken())
		}
	}
	d, err := Read([]byte("openapi: 3.0.0\npaths: {/a: {$ref: 'paden.yaml#/a'}}"))
	if err != nil || d.Outside() != "paden.yaml#/a" {
		t.Errorf("%v, %v", d, err)
	}
}
