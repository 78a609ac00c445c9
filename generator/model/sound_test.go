package model

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// checkSound holds a component against what templates rely on.
func checkSound(t *testing.T, c *Component) {
	t.Helper()
	checkNames(t, reflect.ValueOf(c), map[any]bool{})
	for _, e := range c.Entities {
		for _, f := range e.Fields {
			checkField(t, f)
		}
	}
	for _, s := range c.Process.Steps {
		for _, f := range s.Fields {
			checkField(t, f.Field)
		}
		if s.Kind == "lookup" && (s.Source == nil || s.Op == nil) || s.Human() && s.Role == nil || s.Kind != "end" && len(exits(s)) == 0 {
			t.Errorf("step %+v is not complete", s)
		}
	}
	for _, s := range c.Sources {
		if !json.Valid([]byte(s.AnswersFile)) {
			t.Errorf("the answers of %s: %s", s.Name.Raw, s.AnswersFile)
		}
		for _, h := range s.Headers {
			if !regexHeader.MatchString(h.Name) || !regexHeaderValue.MatchString(h.Value) || isOwnHeader(h.Name) || secretHeaders.MatchString(h.Name) {
				t.Errorf("header %+v", h)
			}
		}
		if s.Auth != nil && s.Auth.Header != "" && (!regexHeader.MatchString(s.Auth.Header) || isOwnHeader(s.Auth.Header)) {
			t.Errorf("auth %+v", s.Auth)
		}
		if s.Activity == nil || len(s.Fields) == 0 || !regexp.MustCompile(`^FSC_GRANT_HASH_[A-Z0-9_]+$`).MatchString(s.GrantEnv) {
			t.Errorf("source %+v is not complete", s)
		}
		for _, op := range s.Operations {
			if !json.Valid([]byte(op.Example)) || !regexPath.MatchString(op.Path) {
				t.Errorf("operation %+v is not complete", op)
			}
			checkShape(t, op.Shape)
		}
	}
	if contrast(c.Interaction.Colour) < readable {
		t.Errorf("colour %s", c.Interaction.Colour)
	}
}

// checkShape holds a typed answer against what a Go struct can be made of.
func checkShape(t *testing.T, s *Shape) {
	t.Helper()
	if s == nil {
		return
	}
	checkShape(t, s.Item)
	taken := map[string]bool{}
	for _, f := range s.Fields {
		if taken[f.Go] || !token.IsIdentifier(f.Go) || !token.IsExported(f.Go) || f.JSON == "" || f.JSON == "-" || strings.ContainsAny(f.JSON, "`\",\\") {
			t.Errorf("field %+v", f)
		}
		taken[f.Go] = true
		checkShape(t, f.Shape)
	}
}

// checkNames looks for names that were never derived, anywhere.
func checkNames(t *testing.T, v reflect.Value, seen map[any]bool) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Interface()] {
			seen[v.Interface()] = true
			checkNames(t, v.Elem(), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkNames(t, v.Index(i), seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			checkNames(t, v.Field(i), seen)
		}
		if names, ok := v.Interface().(Names); ok && (names.Go == "" || names.Path == "" || names.SQL == "") {
			t.Errorf("a name was not derived: %+v", names)
		}
	}
}

func checkField(t *testing.T, f *Field) {
	t.Helper()
	var schema map[string]any
	if err := yaml.Unmarshal([]byte(f.OpenAPI), &schema); err != nil || strings.Contains(f.OpenAPI, "\n") || schema["title"] == nil || schema["description"] == nil || schema["example"] == nil && partsOf(f) == nil {
		t.Errorf("%s: schema %s: %v", f.Name.Raw, f.OpenAPI, err)
	}
	if len(f.Examples) != fieldtype.Count {
		t.Errorf("%s has %d examples", f.Name.Raw, len(f.Examples))
	}
	for _, e := range f.Examples {
		if _, err := parser.ParseExpr(e.Go); err != nil || e.Form == "" || !json.Valid([]byte(e.JSON)) {
			t.Errorf("%s: example %+v: %v", f.Name.Raw, e, err)
		}
	}
	if f.Personal && f.Filter {
		t.Errorf("%s is personal and may not stand in a URL", f.Name.Raw)
	}
	if f.SQLite == "" || f.Postgres == "" || f.Pointer() && !strings.HasPrefix(f.GoType, "*") {
		t.Errorf("%s: %+v", f.Name.Raw, f)
	}
}

// files are what mutated answers may name.
var files = fstest.MapFS{
	"bronnen/plek.json":       {Data: []byte(`{"plek": 1, "x": [{"naam": "a"}]}`)},
	"bronnen/voertuigen.yaml": {Data: readTest("testdata/right/bronnen/voertuigen.yaml")},
	"bronnen/kapot.yaml":      {Data: []byte("openapi: 3.1.0\npaths: &a {/x: *a, /y: {get: {operationId: zoek, parameters: [{$ref: '#/paths'}]}}}")},
}

func readTest(name string) []byte {
	data, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return data
}

// FuzzNew feeds answers files. New must not panic, and what it accepts must be
// sound.
func FuzzNew(f *testing.F) {
	for _, file := range exampleFiles(f) {
		f.Add(readTest(file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, _ := answers.Parse("", data)
		if component, problems := New(doc.Answers, files, Env{}); len(problems) == 0 {
			checkSound(t, component)
		}
	})
}

// FuzzOpenAPI feeds specifications of sources.
func FuzzOpenAPI(f *testing.F) {
	f.Add(readTest("testdata/right/bronnen/voertuigen.yaml"))
	f.Add(files["bronnen/kapot.yaml"].Data)
	f.Add([]byte(`{"openapi": "3.0.0", "paths": {"/a": {"get": {"operationId": "zoekVoertuigen", "responses": {"200": {"content": {"x/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}}, "components": {"schemas": {"A": {"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"merk": {"$ref": "#/components/schemas/A"}}}}}}`))
	a := parse(f, "testdata/right/bron-met-specificatie.yaml").Answers
	a.Sources = a.Sources[:1]
	f.Fuzz(func(t *testing.T, data []byte) {
		spec := fstest.MapFS{"bronnen/voertuigen.yaml": {Data: data}}
		if component, problems := New(a, spec, Env{}); len(problems) == 0 {
			checkSound(t, component)
		}
	})
}

// words are what a mutated answer becomes: right in one place, wrong in most.
var words = []string{
	"", " ", "x", "zaak", "type", "id", "aanvraag", "verhuizing", "bag", "nieuwAdres", "nieuwAdres.postcode", "bag.postcode", "beoordelen",
	"form", "lookup", "decide", "task", "end", "citizen", "text", "enum", "reference", "adres", "money", "bsn", "999993653", "gevonden", "niet-gevonden",
	"P5D", "P", "-1", "1e9", "\x00", "\u202e", "{{ .x }}", "../../etc/passwd", "bronnen/plek.json", "bronnen/voertuigen.yaml", "bronnen/kapot.yaml", "https://a.b/c",
	"brp-personen", "zoekVoertuigen", "zoek", "/a/{b}", "POST", "startDatum", strings.Repeat("lang ", 100), "é", "+", "1", "Con", "a.b", "\xff",
}

// TestMutatedAnswers changes right answers in a few places, thousands of times.
func TestMutatedAnswers(t *testing.T) {
	rounds := 1500
	if testing.Short() {
		rounds = 300
	}
	random := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	docs := exampleFiles(t)
	for i := range rounds {
		a := parse(t, docs[i%len(docs)]).Answers
		for range 1 + random.IntN(3) {
			mutate(random, reflect.ValueOf(&a).Elem())
		}
		component, problems := New(a, files, Env{})
		if len(problems) == 0 {
			accepted++
			checkSound(t, component)
		}
		for _, p := range problems {
			if p.Key == "" || p.Text("nl") == string(p.Code) {
				t.Errorf("%+v", p)
			}
		}
	}
	if accepted < rounds/20 || accepted > rounds*19/20 {
		t.Errorf("%d of %d accepted: the mutations test nothing", accepted, rounds)
	}
}

// mutate changes one value somewhere below v.
func mutate(random *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		mutate(random, v.Field(random.IntN(v.NumField())))
	case reflect.Slice:
		switch n := v.Len(); {
		case n > 0 && random.IntN(8) == 0: // twice
			v.Set(reflect.Append(v, v.Index(random.IntN(n))))
		case n > 0 && random.IntN(8) == 0: // shorter
			v.Set(v.Slice(0, n-1))
		case n > 0:
			mutate(random, v.Index(random.IntN(n)))
		default:
			v.Set(reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
			mutate(random, v.Index(0))
		}
	case reflect.Map:
		copied := reflect.MakeMap(v.Type())
		for _, key := range v.MapKeys() {
			copied.SetMapIndex(key, v.MapIndex(key))
		}
		copied.SetMapIndex(reflect.ValueOf(words[random.IntN(len(words))]), reflect.ValueOf(words[random.IntN(len(words))]))
		v.Set(copied)
	case reflect.Pointer:
		if v.IsNil() || random.IntN(4) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
		}
		mutate(random, v.Elem())
	case reflect.String:
		v.SetString(words[random.IntN(len(words))])
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int:
		v.SetInt(int64(random.IntN(10)) - 3)
	case reflect.Float64:
		v.SetFloat(random.NormFloat64() * 100)
	}
}
