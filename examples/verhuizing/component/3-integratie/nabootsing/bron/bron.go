// Package bron stands in for a source: somebody else's API, with invented
// answers.
package bron

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// HeaderNabootsing is on every answer of a stand-in.
const HeaderNabootsing = "Nabootsing"

const maxQuestion = 4 << 20 // bytes

// Voorbeeld is what the stand-in of a source answers to one operation.
type Voorbeeld struct {
	Dienst     string
	Methode    string
	Pad        string   // with {naam} for path parameters
	Parameters []string // names of what a question varies in
	Antwoord   []byte   // JSON
}

// Bron answers from examples, by one rule that a reader can predict: a
// parameter that the example holds a property of the same name for must have
// one of the values there; otherwise nothing is found. A parameter that the
// example does not hold is not judged. So asking for what the example shows
// finds it, and asking for another postcode finds nothing.
type Bron struct{ operations []operation }

type operation struct {
	Voorbeeld
	segments []string
	example  any
	values   map[string][]string // what the example holds under the name of each parameter
}

// New makes the stand-in of the source behind a service.
func New(service string, examples []Voorbeeld) (*Bron, error) {
	s := &Bron{}
	for _, e := range examples {
		if e.Dienst != service {
			continue
		}
		op := operation{Voorbeeld: e, segments: strings.Split(e.Pad, "/"), values: map[string][]string{}}
		d := json.NewDecoder(bytes.NewReader(e.Antwoord))
		d.UseNumber()
		if err := d.Decode(&op.example); err != nil {
			return nil, fmt.Errorf("het voorbeeldantwoord van %s %s %s is geen JSON: %w", service, e.Methode, e.Pad, err)
		}
		for _, name := range e.Parameters {
			op.values[name] = collect(op.example, name, nil)
		}
		s.operations = append(s.operations, op)
	}
	return s, nil
}

// ServeHTTP is the source.
func (s *Bron) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(HeaderNabootsing, "bron")
	for _, op := range s.operations {
		inPath, ok := match(op.segments, r.URL.EscapedPath())
		if !ok || op.Methode != r.Method {
			continue
		}
		asked, err := question(r, inPath)
		if err != nil {
			problem(w, http.StatusBadRequest, "De vraag is geen geldige JSON.")
			return
		}
		if op.holds(asked) {
			answer(w, op.example)
			return
		}
		// A real source says in one of two ways that there is nothing: an empty
		// list, or 404.
		if empty, has := emptied(op.example); has {
			answer(w, empty)
			return
		}
		NietGevonden(w)
		return
	}
	problem(w, http.StatusNotFound, "De nabootsing kent geen voorbeeldantwoord bij dit pad en deze methode.")
}

// holds says whether the example is an answer to what is asked.
func (op *operation) holds(asked map[string][]string) bool {
	for name, known := range op.values {
		if len(known) == 0 {
			continue
		}
		for _, value := range asked[name] {
			if !slices.Contains(known, normal(value)) {
				return false
			}
		}
	}
	return true
}

// match compares a path with a template and gives the path parameters.
func match(segments []string, path string) (map[string]string, bool) {
	given := strings.Split(path, "/")
	if len(given) != len(segments) {
		return nil, false
	}
	found := map[string]string{}
	for i, s := range segments {
		value, err := url.PathUnescape(given[i])
		if err != nil {
			return nil, false
		}
		if name, ok := strings.CutPrefix(s, "{"); ok && value != "" {
			found[strings.TrimSuffix(name, "}")] = value
			continue
		}
		if value != s {
			return nil, false
		}
	}
	return found, true
}

// question collects the parameters of a request: path, query and the plain
// values at the top of a JSON body.
func question(r *http.Request, inPath map[string]string) (map[string][]string, error) {
	asked := map[string][]string{}
	for name, value := range inPath {
		asked[name] = []string{value}
	}
	for name, values := range r.URL.Query() {
		asked[name] = values
	}
	if r.Method == http.MethodGet {
		return asked, nil
	}
	d := json.NewDecoder(io.LimitReader(r.Body, maxQuestion))
	d.UseNumber()
	var body map[string]any
	if err := d.Decode(&body); err != nil {
		return nil, err
	}
	for name, v := range body {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, item := range list {
			if s, ok := scalar(item); ok {
				asked[name] = append(asked[name], s)
			}
		}
	}
	return asked, nil
}

// collect gathers the plain values under a name anywhere in a document.
func collect(v any, name string, found []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if s, ok := scalar(value); ok && strings.EqualFold(key, name) {
				found = append(found, normal(s))
				continue
			}
			found = collect(value, name, found)
		}
	case []any:
		for _, value := range v {
			found = collect(value, name, found)
		}
	}
	return found
}

// normal makes "1234 ab" and "1234AB" the same.
func normal(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

// emptied is the document without the contents of its lists; it reports
// whether there was a list to empty.
func emptied(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, value := range v {
			if sub, ok := emptied(value); ok {
				kept[key] = sub
			}
		}
		return kept, len(kept) > 0
	case []any:
		return []any{}, true
	}
	return nil, false
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // when the caller has gone there is nobody to tell
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "title": http.StatusText(status), "detail": detail})
}

// NietGevonden answers that there is nothing.
func NietGevonden(w http.ResponseWriter) { problem(w, http.StatusNotFound, "Niets gevonden.") }

// scalar is a plain value as text.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}
