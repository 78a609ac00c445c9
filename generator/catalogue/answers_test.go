package catalogue_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

// The answers of an entry, as the stand-in reads them.
type (
	answersFile struct {
		Explanation string      `json:"uitleg"`
		Operations  []operation `json:"operaties"`
	}
	operation struct {
		Name      string       `json:"naam"`
		Method    string       `json:"methode"`
		Path      string       `json:"pad"`
		Asks      []string     `json:"vragen"`
		Chooses   any          `json:"kiest"`
		Answers   []answerCase `json:"antwoorden"`
		Otherwise answerCase   `json:"anders"`
	}
	answerCase struct {
		With   map[string]any `json:"bij"`
		Status int            `json:"status"`
		Answer any            `json:"antwoord"`
	}
)

func parseAnswers(t *testing.T, e catalogue.Entry) answersFile {
	t.Helper()
	var a answersFile
	d := json.NewDecoder(bytes.NewReader(e.Answers()))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		t.Fatalf("%s: %v", e.Name, err)
	}
	return a
}

// holds says whether an answer has the field at the end of some path.
func (o operation) holds(field string) bool {
	return slices.ContainsFunc(o.Answers, func(g answerCase) bool { return holds(g.Answer, strings.Split(field, ".")) })
}

func holds(value any, path []string) bool {
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			if key == path[0] && (len(path) == 1 || holds(below, path[1:])) || holds(below, path) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, func(item any) bool { return holds(item, path) })
	}
	return false
}

// document is the specification of an entry.
type document struct {
	*openapi3.T
	operations []specified
}

type specified struct {
	*openapi3.Operation
	method, path string
}

func specification(t *testing.T, e catalogue.Entry) *document {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(e.Specification())
	if err != nil {
		t.Fatalf("%s: %v", e.Name, err)
	}
	if err := doc.Validate(t.Context()); err != nil || doc.OpenAPI != "3.0.3" {
		t.Fatalf("%s: version %s: %v", e.Name, doc.OpenAPI, err)
	}
	return operationsOf(doc)
}

func operationsOf(doc *openapi3.T) *document {
	d := &document{T: doc}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			op.Parameters = append(op.Parameters, item.Parameters...)
			d.operations = append(d.operations, specified{op, method, path})
		}
	}
	return d
}

func (d *document) find(name string) *specified {
	i := slices.IndexFunc(d.operations, func(s specified) bool { return s.OperationID == name })
	if i < 0 {
		return nil
	}
	return &d.operations[i]
}

// inputs are the parameters, and the properties of the body that the constants choose.
func (d *document) inputs(s *specified, constants map[string]string) []string {
	var names []string
	for _, p := range s.Parameters {
		names = append(names, p.Value.Name)
	}
	if s.RequestBody == nil {
		return names
	}
	schema := s.RequestBody.Value.Content.Get("application/json").Schema.Value
	if schema.Discriminator == nil {
		return slices.AppendSeq(names, maps.Keys(schema.Properties))
	}
	chosen, ok := schema.Discriminator.Mapping[constants[schema.Discriminator.PropertyName]]
	if !ok {
		return nil
	}
	chosenName := strings.TrimPrefix(chosen.Ref, "#/components/schemas/")
	for _, part := range d.Components.Schemas[chosenName].Value.AllOf {
		for name := range part.Value.Properties {
			names = append(names, name)
		}
	}
	return names
}

// properties are all names of properties in the specification.
func (d *document) properties(t *testing.T) map[string]bool {
	t.Helper()
	body, err := d.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(body, &tree); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			if properties, ok := value["properties"].(map[string]any); ok {
				for name := range properties {
					names[name] = true
				}
			}
			for _, below := range value {
				walk(below)
			}
		case []any:
			for _, item := range value {
				walk(item)
			}
		}
	}
	walk(tree)
	return names
}

// TestAnswersAreAsSpecified: each answer is valid against our specification
// and holds nothing that the specification does not name.
func TestAnswersAreAsSpecified(t *testing.T) {
	for _, e := range catalogue.Entries() {
		doc := specification(t, e)
		for _, op := range parseAnswers(t, e).Operations {
			spec := doc.find(op.Name)
			for i, g := range append(slices.Clone(op.Answers), op.Otherwise) {
				if g.Status == 0 {
					g.Status = http.StatusOK
				}
				response := spec.Responses.Value(strconv.Itoa(g.Status))
				if response == nil {
					t.Errorf("%s %s: the specification has no status %d", e.Name, op.Name, g.Status)
					continue
				}
				var known map[string]*place
				for _, media := range response.Value.Content {
					known = doc.tree(media.Schema)
					if err := media.Schema.Value.VisitJSON(g.Answer, openapi3.EnableFormatValidation(), openapi3.MultiErrors()); err != nil {
						t.Errorf("%s %s answer %d: %v", e.Name, op.Name, i+1, err)
					}
				}
				paths(g.Answer, "", func(path string) {
					if known[path] == nil {
						t.Errorf("%s %s answer %d: the specification has no %q", e.Name, op.Name, i+1, path)
					}
				})
			}
		}
	}
}

// each calls f for every key of every object in value.
func each(value any, f func(key string, value any)) {
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			f(key, below)
			each(below, f)
		}
	case []any:
		for _, item := range value {
			each(item, f)
		}
	}
}

// TestEveryCaseIsReached asks the stand-in itself each question of each entry:
// no case hides behind an earlier one, and an unknown key finds nothing.
func TestEveryCaseIsReached(t *testing.T) {
	for _, e := range catalogue.Entries() {
		source := standIn(t, e)
		for _, op := range parseAnswers(t, e).Operations {
			for i, g := range op.Answers {
				if g.With == nil {
					t.Errorf("%s %s case %d does not say what it answers", e.Name, op.Name, i+1)
				}
				if got := ask(t, source, op, g.With); !reflect.DeepEqual(got, g.Answer) {
					t.Errorf("%s %s case %d (%v) is hidden by another", e.Name, op.Name, i+1, g.With)
				}
			}
			nothing := map[string]any{}
			for _, name := range op.Asks {
				nothing[name] = "0"
			}
			if got := ask(t, source, op, nothing); !reflect.DeepEqual(got, op.Otherwise.Answer) {
				t.Errorf("%s %s finds something under an unknown key", e.Name, op.Name)
			}
		}
	}
}

// standIn is the stand-in of an entry.
func standIn(t *testing.T, e catalogue.Entry) http.Handler {
	t.Helper()
	body := append([]byte(`{"dienst": "x", `), bytes.TrimLeft(e.Answers(), "{ \n")...)
	files := fstest.MapFS{"a.json": {Data: body}, "s.yaml": {Data: e.Specification()}}
	var warned bytes.Buffer
	source, err := bron.New(files, slog.New(slog.NewTextHandler(&warned, nil)), bron.Files{Answers: "a.json"})
	if err != nil || warned.Len() > 0 {
		t.Fatalf("%s: %v %s", e.Name, err, warned.String())
	}
	return source
}

// ask puts the question that belongs to a case.
func ask(t *testing.T, source http.Handler, op operation, bij map[string]any) any {
	t.Helper()
	path, query, body := op.Path, url.Values{}, map[string]any{}
	for name, value := range bij {
		switch {
		case value == nil:
		case strings.Contains(path, "{"+name+"}"):
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value.(string)))
		case op.Method == http.MethodGet:
			query.Set(name, value.(string))
		default:
			body[name] = value
		}
	}
	var payload io.Reader
	if op.Method != http.MethodGet {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		payload = bytes.NewReader(raw)
	}
	r := httptest.NewRequest(op.Method, path+"?"+query.Encode(), payload)
	w := httptest.NewRecorder()
	source.ServeHTTP(w, r)
	var got any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v", op.Name, err)
	}
	return got
}
