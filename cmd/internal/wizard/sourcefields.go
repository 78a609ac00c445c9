package wizard

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
)

// offered lists the fields that a source of the catalogue can give with the
// question that was chosen: first those that teams use most.
func offered(x answers.Source) []string {
	e, ok := catalogue.Find(x.Catalogue)
	if !ok {
		return nil
	}
	op, ok := e.Operation(first(x.Operations).Name)
	if !ok {
		op = e.Standard()
	}
	paths := slices.Clone(op.Fields)
	for _, f := range e.Fields {
		paths = append(paths, f.Name)
	}
	var rest []string
	for path := range e.Titles {
		rest = append(rest, path)
	}
	slices.Sort(rest)
	has := func(string) bool { return true }
	if d, err := openapi.Read(e.Specification()); err == nil {
		if asked := d.Operation(op.Name); asked != nil {
			full := asked.Full(op.Constants)
			list := full.ListFor(asked.Path, op.Fields)
			has = func(path string) bool { return full.Place(list, path).Path == path }
		}
	}
	var fields []string
	for _, path := range append(paths, rest...) {
		if !slices.Contains(fields, path) && has(path) && !strings.Contains(path, "_links") {
			fields = append(fields, path)
		}
	}
	return fields
}

// fieldOf is how people read a field of a source: its title, with that of the
// group it is in when it has one.
func (s *session) fieldOf(x answers.Source, path string) string {
	e, _ := catalogue.Find(x.Catalogue)
	own := e.Titles[path]
	if own == "" {
		own = naming.Title(path[strings.LastIndexByte(path, '.')+1:])
	}
	for at := strings.LastIndexByte(path, '.'); at > 0; at = strings.LastIndexByte(path[:at], '.') {
		if group := e.Titles[path[:at]]; group != "" {
			return own + " (" + lower(group) + ")"
		}
	}
	return own
}

// askFields lets the person tick the fields of a source of the catalogue, by
// what they are called.
func askFields(s *session, q step, at int) error {
	x := &s.a.Sources[at]
	paths := offered(*x)
	for _, path := range x.Purpose.Fields {
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	question := s.question(q, "")
	labels := make([]string, len(paths))
	var ticked []int
	for i, path := range paths {
		labels[i] = s.fieldOf(*x, path)
		question.Words = append(question.Words, path)
		if slices.Contains(x.Purpose.Fields, path) {
			ticked = append(ticked, i)
		}
	}
	for {
		chosen, err := s.prompter.MultiSelect(question, distinct(labels), ticked)
		if err != nil {
			return err
		}
		before, fields := clone(s.a), make([]string, len(chosen))
		for i, c := range chosen {
			fields[i] = paths[c]
		}
		withFields(&s.a.Sources[at].Purpose, fields)
		found := s.objections(q.keys...)
		if len(found) == 0 {
			return nil
		}
		s.complain(found)
		s.a, ticked = before, chosen
	}
}

// from is a place that a value for a source can come from.
type from struct{ name, label string }

// fromWhere lists what a question to a source can get: the fields of what the
// case is about, those of forms, and what other sources answered.
func (s *session) fromWhere(at int) []from {
	var places []from
	add := func(f answers.Field) {
		t, _ := fieldtype.Of(f.Type)
		if t.Parts == nil {
			places = append(places, from{f.Name, fieldTitle(f)})
			return
		}
		for _, part := range t.Parts {
			places = append(places, from{f.Name + "." + part, fieldTitle(f) + ": " + part})
		}
	}
	for _, e := range s.a.Register {
		if e.Name == s.a.Process.Subject {
			for _, f := range e.Fields {
				add(f)
			}
		}
	}
	for _, st := range s.a.Process.Steps {
		for _, f := range st.Fields {
			if f.Inline != nil {
				add(*f.Inline)
			}
		}
	}
	for _, x := range s.a.Sources {
		if x.Name == s.a.Process.Steps[at].Source {
			continue
		}
		for _, path := range x.Purpose.Fields {
			places = append(places, from{x.Name + "." + path, title(x) + ": " + s.fieldOf(x, path)})
		}
	}
	return places
}

// askInput asks where each thing comes from that a question to a source needs.
func askInput(s *session, q step, at int) error {
	st := s.a.Process.Steps[at]
	i := slices.IndexFunc(s.a.Sources, func(x answers.Source) bool { return x.Name == st.Source })
	if i < 0 {
		return nil
	}
	source := s.a.Sources[i]
	if st.Operation != "" {
		source.Operations = slices.DeleteFunc(slices.Clone(source.Operations), func(o answers.Operation) bool { return o.Name != st.Operation })
	}
	places := s.fromWhere(at)
	if len(places) == 0 {
		return nil
	}
	var asks []step
	for _, p := range parametersOf(source) {
		labels := map[string]string{}
		var values []string
		for _, place := range places {
			values, labels[place.name] = append(values, place.name), place.label
		}
		standard := values[0]
		for _, value := range values {
			if last := value[strings.LastIndexByte(value, '.')+1:]; sameName(last, p.Name) {
				standard = value
				break
			}
		}
		asks = append(asks, choiceStep{id: "step.input", standard: standard,
			get: func(s *session) string { return s.a.Process.Steps[at].Input[p.Name] },
			set: func(s *session, v string) {
				st := &s.a.Process.Steps[at]
				if st.Input == nil {
					st.Input = map[string]string{}
				}
				if st.Input[p.Name] = v; v == p.Name {
					delete(st.Input, p.Name)
				}
			},
			values: func(*session) []string { return values },
			words:  func(_ *session, v string) string { return v },
			label:  func(_ *session, v string) string { return labels[v] }}.step().about(s.fieldOf(source, p.Name)))
	}
	return s.walk(asks, 0, nil, nil)
}
