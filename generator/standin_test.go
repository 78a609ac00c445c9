package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/templates"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

// TestStandIns asks the stand-in of every source what the page of test data
// says, and finds what the page says. The questions are judged by the
// specification of the source, when the component has one.
func TestStandIns(t *testing.T) {
	for _, example := range examples(t) {
		t.Run(filepath.Base(example), func(t *testing.T) { askAll(t, request(t, example)) })
	}
}

// TestStandInsOfTheCatalogue does so for every question of every source of the
// catalogue.
func TestStandInsOfTheCatalogue(t *testing.T) {
	for _, entry := range catalogue.Entries() {
		for _, op := range entry.Operations {
			t.Run(entry.Name+"/"+op.Name, func(t *testing.T) {
				var fields, input []string
				for i, p := range op.Parameters {
					field := fmt.Sprintf("veld%d", i)
					fields = append(fields, fmt.Sprintf("{name: %s, type: %s}", field, p.Type))
					input = append(input, fmt.Sprintf("%q: %s", p.Name, field))
				}
				sheet := fmt.Sprintf(asksOne, entry.Name, op.Name, strings.Join(op.Fields, ", "), strings.Join(fields, ", "), op.Name, strings.Join(input, ", "))
				document, problems := answers.Parse(answers.FileName, []byte(sheet))
				if len(problems) > 0 {
					t.Fatal(problems)
				}
				askAll(t, generator.Request{Document: document, Files: fstest.MapFS{}, Pack: templates.Component(), Env: reproducible, Now: time.Now})
			})
		}
	}
}

// asksOne is a component that puts one question.
const asksOne = `version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources:
  - {name: bron, catalogue: %s, operations: [{name: %s}], purpose: {activity: doel, fields: [%s]}}
process:
  roles: [{name: balie, audience: employee}]
  steps:
    - {name: vragen, kind: form, role: balie, fields: [%s], next: zoeken}
    - {name: zoeken, kind: lookup, source: bron, operation: %s, input: {%s}, outcomes: {gevonden: klaar, niet-gevonden: klaar}}
    - {name: klaar, kind: end}
privacy: {activities: [{name: doel, purpose: Proeven}]}
`

func askAll(t *testing.T, r generator.Request) {
	t.Helper()
	planned, c, err := generator.Plan(r)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, f := range planned {
		files[f.Path] = &fstest.MapFile{Data: f.Body}
	}
	var log bytes.Buffer
	for _, s := range c.Sources {
		log.Reset()
		source, err := bron.New(files, slog.New(slog.NewTextHandler(&log, nil)), bron.Files{
			Answers: "3-integratie/" + s.Name.File + ".antwoorden.json", Specification: s.Specification,
		})
		if err != nil {
			t.Errorf("%s: %v", s.Service, err)
			continue
		}
		for _, op := range s.Operations {
			finds := op.Finds(s.Fields)
			if !slices.ContainsFunc(finds, func(f model.Find) bool { return f.Status == http.StatusOK && len(f.Shows) > 0 }) {
				t.Errorf("%s %s: no question finds a field of the purpose", s.Service, op.Name.Raw)
			}
			for _, f := range finds {
				check(t, source, s, op, f)
			}
			nothing(t, source, s, op, finds)
		}
		if log.Len() > 0 {
			t.Errorf("%s: the log says %s", s.Service, log.String())
		}
	}
}

// check asks what a line of the page says.
func check(t *testing.T, source http.Handler, s *model.Source, op *model.Operation, f model.Find) {
	t.Helper()
	w := put(source, s, op, f.Asked)
	if w.Code != f.Status {
		t.Errorf("%s %s asked with %v gives %d, not %d: %s", s.Service, op.Name.Raw, f.Asked, w.Code, f.Status, w.Body)
	}
	for _, value := range f.Shows {
		if value != "ja" && value != "nee" && !strings.Contains(w.Body.String(), value) {
			t.Errorf("%s %s asked with %v does not find %s: %s", s.Service, op.Name.Raw, f.Asked, value, w.Body)
		}
	}
}

// nothing asks something that no line says: of the first, another value.
func nothing(t *testing.T, source http.Handler, s *model.Source, op *model.Operation, finds []model.Find) {
	t.Helper()
	if len(finds) == 0 || len(finds[0].Asked) == 0 {
		return
	}
	other := slices.Clone(finds[0].Asked)
	for i, c := range other {
		other[i].Value, other[i].Values = unlike(c.Value), nil
	}
	w := put(source, s, op, other)
	for _, value := range finds[0].Shows {
		if w.Code == http.StatusOK && len(value) > 3 && strings.Contains(w.Body.String(), value) {
			t.Errorf("%s %s asked with %v finds %s all the same", s.Service, op.Name.Raw, other, value)
		}
	}
	if w.Code >= 500 || w.Code == http.StatusBadRequest {
		t.Errorf("%s %s asked with %v gives %d: %s", s.Service, op.Name.Raw, other, w.Code, w.Body)
	}
}

// unlike is another value of the same form: the last character is another.
func unlike(value string) string {
	if value == "" {
		return "x"
	}
	before, last := value[:len(value)-1], value[len(value)-1]
	switch {
	case last >= '0' && last <= '9':
		last = '0' + (last-'0'+5)%10
	case last == 'Z' || last == 'z':
		last--
	default:
		last++
	}
	return before + string(rune(last))
}

// samples are in no answer, and of the form that sources want.
var samples = map[string]string{"peildatum": "2026-01-12", "burgerservicenummer": "999999321", "postcode": "9999XX"}

// put puts a question as the client of a component does.
func put(source http.Handler, s *model.Source, op *model.Operation, asked []model.Constant) *httptest.ResponseRecorder {
	path, query, body := op.Path, url.Values{}, map[string]any{}
	add := func(in, kind, name string, values []string, list bool) {
		switch in {
		case "path":
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(values[0]))
		case "query":
			query[name] = append(query[name], strings.Join(values, ","))
		default:
			var all []any
			for _, v := range values {
				if kind == "integer" || kind == "number" || kind == "boolean" {
					all = append(all, json.RawMessage(v))
					continue
				}
				all = append(all, v)
			}
			if body[name] = any(all); !list {
				body[name] = all[0]
			}
		}
	}
	for _, c := range op.Constants {
		if c.Values != nil {
			add(c.In, "string", c.Name, c.Values, true)
			continue
		}
		add(c.In, "string", c.Name, []string{c.Value}, false)
	}
	for _, c := range asked {
		values := c.Values
		if values == nil {
			values = []string{c.Value}
		}
		i := slices.IndexFunc(op.Parameters, func(p model.Parameter) bool { return p.Name == c.Name })
		if i < 0 || len(values) == 0 || values[0] == "" {
			continue // not asked
		}
		p := op.Parameters[i]
		add(p.In, p.Type, p.Name, values, p.List)
	}
	for _, p := range op.Parameters { // a component never asks without these
		if p.Required && !slices.ContainsFunc(asked, func(c model.Constant) bool { return c.Name == p.Name }) {
			value, known := samples[p.Name]
			if !known {
				value = "7"
			}
			add(p.In, p.Type, p.Name, []string{value}, p.List)
		}
	}
	raw, _ := json.Marshal(body)
	if op.Method == http.MethodGet {
		raw = nil
	}
	r := httptest.NewRequest(op.Method, "/", bytes.NewReader(raw))
	r.URL = &url.URL{Path: path, RawQuery: query.Encode()}
	if unescaped, err := url.PathUnescape(path); err == nil {
		r.URL.Path, r.URL.RawPath = unescaped, path
	}
	r.Header.Set("Accept", "application/json, application/hal+json, application/problem+json")
	if raw != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range s.Headers {
		r.Header.Set(h.Name, h.Value)
	}
	w := httptest.NewRecorder()
	source.ServeHTTP(w, r)
	return w
}
