package model

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
)

// A source of the catalogue is a source with a specification, which happens to
// be ours, and with answers that are better than made up.

// fromEntry fills what the catalogue knows of a source.
func (b *builder) fromEntry(s *source, name string) {
	e, ok := catalogue.Find(name)
	if !ok {
		return
	}
	s.entry = &e
	s.Title, s.Provider.Name, s.Provider.OIN = e.Title, e.Provider.Name, e.Provider.OIN
	body := e.Specification()
	if d, err := openapi.Read(body); err == nil { // a test reads them all
		s.openapi = d
	}
	s.Specification = "3-integratie/" + s.Name.File + ".openapi.yaml"
	b.c.Files = append(b.c.Files, ExtraFile{Path: s.Specification, Body: body})
	for _, base := range e.BaseURLs {
		s.BaseURLs = append(s.BaseURLs, base.URL)
	}
	for _, h := range e.Headers {
		s.Headers = append(s.Headers, Constant{Name: h.Name, In: "header", Value: h.Value})
	}
}

// proposedTitle is what a source is called when the answers do not say: as the
// catalogue does, and two of one entry with their own name behind it.
func (s *source) proposedTitle(all []answers.Source) string {
	if s.entry == nil {
		return s.Title
	}
	for _, a := range all {
		if a.Catalogue == s.entry.Name && strings.TrimSpace(a.Title) == "" && a.Name != s.given.Name {
			return s.Title + ", " + naming.Title(s.given.Name)
		}
	}
	return s.Title
}

// listed adds to an operation of the answers the constants that the catalogue
// knows; what the answers say wins.
func (s *source) listed(a answers.Operation) answers.Operation {
	if s.entry == nil {
		return a
	}
	known, ok := s.entry.Operation(a.Name)
	if !ok || len(known.Constants) == 0 {
		return a
	}
	constants := maps.Clone(known.Constants)
	maps.Copy(constants, a.Constants)
	a.Constants = constants
	return a
}

// askAsListed keeps of the parameters those by which the catalogue asks, so
// that a lookup needs nothing written out. A team that asks in another way, by
// another constant or by an input of its own, gets all that the source takes.
func (b *builder) askAsListed(s *source, op *Operation, a answers.Operation) {
	known, ok := s.entry.Operation(a.Name)
	if !ok {
		return
	}
	named := func(name string) bool {
		return slices.ContainsFunc(known.Parameters, func(p catalogue.Parameter) bool { return p.Name == name })
	}
	for name, value := range known.Constants {
		if a.Constants[name] != value {
			return
		}
	}
	for _, step := range b.a.Process.Steps {
		if same(s.Name, step.Source) && (step.Operation == "" || same(op.Name, step.Operation)) {
			for name := range step.Input {
				if !named(name) {
					return
				}
			}
		}
	}
	op.Parameters = slices.DeleteFunc(op.Parameters, func(p Parameter) bool { return p.Name != "fields" && !p.Required && !named(p.Name) })
	for i := range op.Parameters {
		for _, p := range known.Parameters {
			if p.Name == op.Parameters[i].Name {
				op.Parameters[i].Required = op.Parameters[i].Required || p.Required
			}
		}
	}
}

// cases gives op the answers that the catalogue has for it.
func (s *source) cases(op *Operation, name string) {
	kept, found := listed.Load(s.entry.Name)
	if !found {
		read := &listedAnswers{}
		if err := json.Unmarshal(s.entry.Answers(), read); err != nil {
			return // a test reads them all
		}
		kept, _ = listed.LoadOrStore(s.entry.Name, read)
	}
	file := kept.(*listedAnswers)
	s.note = file.Note
	for _, o := range file.Operations {
		if o.Name != name {
			continue
		}
		op.Answers = nil
		for _, c := range o.Answers {
			op.Answers = append(op.Answers, c.answer(o.Asked))
		}
		if o.Otherwise != nil {
			otherwise := o.Otherwise.answer(nil)
			op.Otherwise = &otherwise
		}
		op.Example = op.Answers[0].Body
	}
}

// listedAnswers are the answers of one source of the catalogue.
type listedAnswers struct {
	Note       string `json:"uitleg"`
	Operations []struct {
		Name      string       `json:"naam"`
		Asked     []string     `json:"vragen"`
		Answers   []listedCase `json:"antwoorden"`
		Otherwise *listedCase  `json:"anders"`
	} `json:"operaties"`
}

// listed keeps them, by the name of the source: they are part of this program, and
// every component that asks the source has them.
var listed sync.Map

// listedCase is one answer in the catalogue.
type listedCase struct {
	When   map[string]*string `json:"bij"` // null: not asked
	Status int                `json:"status"`
	Body   json.RawMessage    `json:"antwoord"`
}

func (c listedCase) answer(order []string) Answer {
	a := Answer{Status: c.Status, Body: string(c.Body)}
	for _, name := range order {
		switch value, ok := c.When[name]; {
		case !ok:
		case value == nil:
			a.When = append(a.When, Constant{Name: name})
		default:
			a.When = append(a.When, Constant{Name: name, Value: *value})
		}
	}
	return a
}
