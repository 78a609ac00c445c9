package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// creates reports an operation that makes or changes something: a lookup may be
// put again, and the source would do it again.
func (b *builder) creates(key, name string, found *openapi.Operation) {
	if instead := found.Instead(); instead != nil {
		b.suggest(instead.ID, problem.OperationCreates, key, name)
		return
	}
	b.add(problem.OperationCreates, key, name)
}

// questions judges the questions when it is known what fills them.
func (b *builder) questions() {
	for _, s := range b.own {
		for i, op := range s.Operations {
			key := at(s.key+".operations", i) + ".name"
			if len(s.given.Operations) <= i {
				key = s.key + ".name"
			}
			b.inAddress(s, op, key)
			f := s.forms[op]
			known := s.entry != nil && f != nil && f.found != nil // the catalogue has searches only
			op.Contract.Once = op.Method != "GET" && !known && (f == nil || f.found == nil || f.found.Effect(f.constants) != openapi.Reads)
			b.exact(s, op)
		}
	}
}

// inAddress reports a number of a person in the address of a question: addresses
// come into logs at every place that a question passes.
func (b *builder) inAddress(s *source, op *Operation, key string) {
	for _, p := range op.Parameters {
		if p.In != "path" && p.In != "query" || !openapi.Person(p.Name) && !b.personal(op, p.Name) {
			continue
		}
		var byBody *openapi.Operation
		if f := s.forms[op]; f != nil && f.found != nil {
			byBody = f.found.ByBody()
		}
		if byBody != nil {
			b.suggest(byBody.ID, problem.PersonInAddressBody, key, op.Name.Raw, p.Name, byBody.ID)
		} else {
			b.add(problem.PersonInAddress, key, op.Name.Raw, p.Name)
		}
		return
	}
}

// personal says whether a lookup fills a parameter with the number of a person.
func (b *builder) personal(op *Operation, parameter string) bool {
	return slices.ContainsFunc(b.steps, func(s *step) bool {
		return s.Op == op && slices.ContainsFunc(s.Input, func(in Input) bool {
			_, last, _ := cutLast(in.Path)
			return in.Parameter.Name == parameter && (in.Field != nil && in.Field.Type == "bsn" || in.Path != "" && openapi.Person(last))
		})
	})
}

// exact makes a question about an address exact when every lookup fills all that
// an address has: without that a source also gives 38-2 for 38.
func (b *builder) exact(s *source, op *Operation) {
	if s.entry == nil {
		return
	}
	known, ok := s.entry.Operation(op.Name.Raw)
	if !ok || known.Exact == nil || slices.ContainsFunc(op.Constants, func(c Constant) bool { return c.Name == known.Exact.Name }) {
		return
	}
	asked := false
	for _, step := range b.steps {
		if step.Op != op {
			continue
		}
		asked = true
		for _, name := range known.Exact.When {
			if !slices.ContainsFunc(step.Input, func(in Input) bool { return in.Parameter.Name == name }) {
				return
			}
		}
	}
	if !asked {
		return
	}
	in := "query"
	if op.Method == "POST" {
		in = "body"
	}
	op.Parameters = slices.DeleteFunc(op.Parameters, func(p Parameter) bool { return p.Name == known.Exact.Name })
	op.Constants = append(op.Constants, Constant{Name: known.Exact.Name, In: in, Value: known.Exact.Value})
	slices.SortFunc(op.Constants, func(a, b Constant) int { return strings.Compare(a.Name, b.Name) })
}

// automatic is what the BRP always returns, the last one with any field of the
// address; asking for the others is an error there.
var automatic = []string{"inOnderzoek", "geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie", "indicatieVastgesteldVerblijftNietOpAdres"}

// fieldsConstant fills the parameter "fields", by which a source returns no
// more than was asked, with the purpose fields, when the form of it is known: of
// the catalogue, or shown by the specification itself. It says whether all is
// well: a source may insist on it.
func (b *builder) fieldsConstant(s *source, op *Operation, key string, a answers.Operation, found *openapi.Operation) bool {
	i := slices.IndexFunc(op.Parameters, func(p Parameter) bool { return p.Name == "fields" && p.In != "path" })
	if i < 0 || len(s.Fields) == 0 || a.Constants["fields"] != "" {
		return true
	}
	p, f := op.Parameters[i], s.forms[op]
	if f == nil || f.found == nil {
		f = &form{}
	}
	paths := s.Fields // as good as any when the answer is not described
	if f.full != nil {
		paths = s.wantedPaths(f)
	}
	if len(paths) == 0 && p.Required && f.full.Place(f.list, "burgerservicenummer").Path != "" {
		paths = []string{"burgerservicenummer"} // the list may not be empty
	}
	if len(paths) == 0 || s.entry == nil && !found.DottedFields("fields", f.full) {
		if p.Required {
			b.add(problem.FieldsUnknown, key+".name", a.Name)
		}
		return !p.Required
	}
	chooses := &Chooses{Field: "fields", Under: f.list}
	for _, name := range automatic {
		if p.In == "body" && len(f.full.Below(f.list).Places(name)) > 0 {
			chooses.Always = append(chooses.Always, name)
		}
	}
	constant := Constant{Name: "fields", In: p.In, Value: strings.Join(paths, ",")}
	if p.List {
		constant.Value, constant.Values = "", paths
	}
	op.Constants = append(op.Constants, constant)
	op.Chooses = chooses
	return true
}

// wantedPaths are the whole paths of the fields in an answer, each once. A date
// is asked as a whole, for it may be a year alone. What a source sends along
// unasked is left out: asking for it is an error at the BRP.
func (s *source) wantedPaths(f *form) []string {
	var out []string
	shape := f.full.Below(f.list)
	for _, field := range s.Fields {
		for _, at := range f.places[field] {
			place := at.Path
			if place == "" || f.list != "" && at.Root == place { // beside the list it comes along
				continue
			}
			if parent, _, ok := cutLast(place); ok && shape.Below(parent+".langFormaat") != nil {
				place = parent
			}
			unasked := slices.ContainsFunc(strings.Split(place, "."), func(part string) bool { return slices.Contains(automatic, part) })
			if !unasked && !slices.Contains(out, place) {
				out = append(out, place)
			}
		}
	}
	return out
}
