package model

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
)

// The answers file of a stand-in source, as package bron of a component reads
// it. Keys are Dutch, for a team edits the file.
type (
	answersFile struct {
		Service    string             `json:"dienst"`
		Specified  string             `json:"specificatie,omitempty"` // path of the OpenAPI file
		Note       string             `json:"uitleg"`
		Operations []answersOperation `json:"operaties"`
	}
	answersOperation struct {
		Name      string                     `json:"naam"`
		Method    string                     `json:"methode"`
		Path      string                     `json:"pad"`
		Asked     []string                   `json:"vragen"`
		Chooses   *answersChoice             `json:"kiest,omitempty"`
		Answers   []answersCase              `json:"antwoorden"`
		Otherwise *answersCase               `json:"anders,omitempty"`
		Errors    map[string]json.RawMessage `json:"fouten,omitempty"`
	}
	answersChoice struct {
		Field  string   `json:"veld"`
		Under  string   `json:"onder,omitempty"`
		Always []string `json:"altijd,omitempty"`
	}
	answersCase struct {
		When   *map[string]any `json:"bij,omitempty"` // empty: whatever is asked
		Status int             `json:"status,omitempty"`
		Body   json.RawMessage `json:"antwoord,omitempty"`
		File   string          `json:"bestand,omitempty"`
	}
)

const answersNote = "Verzonnen antwoorden van de nabootsing, alleen voor ontwikkeling. U mag dit bestand aanpassen; hoe dat werkt staat in docs/testgegevens.md."

// answersFiles writes what the stand-in of each source answers. It runs when
// the parameters of every operation are settled.
func (b *builder) answersFiles() {
	for _, s := range b.own {
		s.AnswersFile = b.answersFile(s.Source, s.note)
	}
}

// answersFile is the file of one source; more is said in it of the answers.
func (b *builder) answersFile(s *Source, more string) string {
	file := answersFile{Service: s.Service, Specified: s.Specification, Note: strings.TrimSpace(answersNote + " " + more), Operations: []answersOperation{}}
	for _, op := range s.Operations {
		o := answersOperation{Name: op.Name.JSON, Method: op.Method, Path: op.Path, Asked: asked(op), Answers: []answersCase{}}
		if op.Chooses != nil {
			o.Chooses = &answersChoice{Field: op.Chooses.Field, Under: op.Chooses.Under, Always: op.Chooses.Always}
		}
		for _, a := range op.cases() {
			o.Answers = append(o.Answers, caseOf(a))
		}
		if op.ExampleFile != "" { // cases puts it first
			o.Answers[0] = answersCase{File: op.ExampleFile}
		}
		if op.Otherwise != nil {
			otherwise := caseOf(*op.Otherwise)
			otherwise.When = nil
			o.Otherwise = &otherwise
		}
		for status, body := range op.Errors {
			if o.Errors == nil {
				o.Errors = map[string]json.RawMessage{}
			}
			o.Errors[strconv.Itoa(status)] = json.RawMessage(body)
		}
		file.Operations = append(file.Operations, o)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(file); err != nil {
		return "" // only when a body is no JSON, and every body was made or read as such
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// cases are the answers that op can get: the team's own example first, for that
// is why it was given, and of the others those that fit what always goes along
// with the question. Without any, the example is the answer.
func (op *Operation) cases() []Answer {
	var out []Answer
	if op.ExampleFile != "" {
		out = append(out, Answer{Body: op.Example})
	}
	for _, a := range op.Answers {
		if !slices.ContainsFunc(a.When, op.never) {
			out = append(out, op.findable(a))
		}
	}
	if len(out) == 0 && op.Example != "" {
		out = append(out, op.findable(Answer{Body: op.Example}))
	}
	return out
}

// findable gives an answer that would fit any question, for it holds nothing of
// what is asked, a question of its own: one that suits the names. So there are
// questions that find nothing as well, as with the source itself. Of a source
// that nobody described even the question is a guess; that finds what it may.
func (op *Operation) findable(a Answer) Answer {
	var body any
	if op.Guessed || a.Always || len(a.When) > 0 || json.Unmarshal([]byte(a.Body), &body) != nil || len(held(op, body)) > 0 {
		return a
	}
	for _, p := range op.Parameters {
		if value, known := openapi.Known(p.Name); known && p.Required {
			a.When = append(a.When, Constant{Name: p.Name, In: p.In, Value: strings.Trim(value, `"`)})
		}
	}
	return a
}

// never says whether what always goes along with the question makes it
// impossible that c is asked.
func (op *Operation) never(c Constant) bool {
	return slices.ContainsFunc(op.Constants, func(fixed Constant) bool {
		return fixed.Name == c.Name && fixed.Values == nil && c.Values == nil && !strings.EqualFold(fixed.Value, c.Value)
	})
}

// asked are the names of what a question varies in.
func asked(op *Operation) []string {
	names := []string{}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, p := range op.Parameters {
		add(p.Name)
	}
	for _, a := range op.cases() {
		for _, c := range a.When {
			add(c.Name)
		}
	}
	return names
}

func caseOf(a Answer) answersCase {
	c := answersCase{Status: a.Status}
	if a.Body != "" {
		c.Body = json.RawMessage(a.Body)
	}
	if a.Always || len(a.When) > 0 {
		when := map[string]any{}
		for _, constant := range a.When {
			if constant.Values != nil {
				when[constant.Name] = constant.Values
				continue
			}
			when[constant.Name] = constant.Value
		}
		c.When = &when
	}
	return c
}
