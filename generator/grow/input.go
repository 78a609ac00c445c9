package grow

import (
	"maps"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// parameter is what a question to a source takes.
type parameter struct {
	name     string
	required bool
}

// parameters lists those of a lookup. Known is false when only the OpenAPI file
// of the source says so.
func parameters(a answers.Answers, st answers.Step) (list []parameter, known bool) {
	i := index(a.Sources, sourceName, st.Source)
	if i < 0 {
		return nil, false
	}
	s := a.Sources[i]
	var op answers.Operation
	if len(s.Operations) > 0 {
		op = s.Operations[0]
	}
	if j := index(s.Operations, func(o answers.Operation) string { return o.Name }, st.Operation); j >= 0 {
		op = s.Operations[j]
	}
	if e, ok := catalogue.Find(s.Catalogue); ok {
		entry, ok := e.Operation(op.Name)
		if op.Name == "" {
			entry, ok = e.Standard(), true
		}
		for _, p := range entry.Parameters {
			if _, fixed := op.Constants[p.Name]; !fixed {
				list = append(list, parameter{p.Name, p.Required})
			}
		}
		return list, ok
	}
	if s.OpenAPI != "" && op.Path == "" {
		return nil, false
	}
	for segment := range strings.SplitSeq(op.Path, "{") {
		if name, _, ok := strings.Cut(segment, "}"); ok {
			list = append(list, parameter{name, true})
		}
	}
	for _, p := range op.Parameters {
		name := strings.TrimSuffix(strings.TrimSuffix(p, "?"), "[]")
		list = append(list, parameter{strings.TrimSuffix(name, "?"), !strings.Contains(p, "?")})
	}
	return list, true
}

// filled is what a question takes for a parameter about which the answers say
// nothing: something of the same name, or the only field of its kind. It is ""
// for nothing, and sure is false when the answer of a source may be it.
func filled(a answers.Answers, st answers.Step, p parameter) (from string, sure bool) {
	fields := asked(a)
	if i := index(fields, fieldName, p.name); i >= 0 && parts(fields[i]) == nil {
		return fields[i].Name, true
	}
	only := func(kind string) string {
		found := ""
		for _, f := range fields {
			if f.Type == kind && found != "" {
				return ""
			} else if f.Type == kind {
				found = f.Name
			}
		}
		return found
	}
	for _, kind := range []string{"adres", "adres-overal"} {
		t, _ := fieldtype.Of(kind)
		if part := strings.ToLower(p.name); slices.Contains(t.Parts, part) && only(kind) != "" {
			return only(kind) + "." + part, true
		}
	}
	for _, s := range a.Sources {
		for _, field := range s.Purpose.Fields {
			if !Same(s.Name, st.Source) && field[strings.LastIndexByte(field, '.')+1:] == p.name {
				return "", false
			}
		}
	}
	if kind := fieldtype.ForParameter(p.name); kind != "" {
		return only(kind), true
	}
	return "", true
}

func parts(f answers.Field) []string {
	t, _ := fieldtype.Of(f.Type)
	return t.Parts
}

// inputs keeps what questions to sources are asked with the same as before: what
// went without saying is written down when it would be something else now, and
// what nothing fills any more is refused. Steps are compared in order; one that
// is new has no before.
func (c *change) inputs(before answers.Answers) {
	for i := range c.a.Process.Steps {
		st := &c.a.Process.Steps[i]
		if st.Kind != "lookup" {
			continue
		}
		key := at("process.steps", i) + ".input"
		c.explicit(before, st, key)
		was := c.before(before, i)
		if was == nil {
			continue
		}
		list, known := parameters(c.a, *st)
		for _, p := range list {
			if _, said := st.Input[p.name]; said || !known {
				continue
			}
			old, sure := filled(before, *was, p)
			if now, _ := filled(c.a, *st, p); sure && old != "" {
				c.keep(before, st, key, p, old, now)
			}
		}
	}
}

// before is the step as it was: that of the same name, or in the same place when
// it has another name.
func (c *change) before(a answers.Answers, i int) *answers.Step {
	now := c.a.Process.Steps[i]
	j := index(a.Process.Steps, stepName, now.Name)
	if j < 0 && len(a.Process.Steps) == len(c.a.Process.Steps) {
		j = i
	}
	if j < 0 {
		return nil
	}
	return &a.Process.Steps[j]
}

// keep writes down what a parameter was filled with, when that is something else
// now.
func (c *change) keep(before answers.Answers, st *answers.Step, key string, p parameter, old, now string) {
	head, rest, dotted := strings.Cut(old, ".")
	renamed := c.nowCalled(before, head)
	want := renamed
	if dotted {
		want += "." + rest
	}
	switch {
	case renamed != "" && Same(want, now) || renamed == "" && now != "":
	case renamed == "" && p.required:
		c.refuse(problem.UsedByInput, key+"."+p.name, st.Name, old, p.name)
	case renamed == "":
		c.note(NoteInput, st.Name, p.name)
	default:
		if st.Input == nil {
			st.Input = map[string]string{}
		}
		st.Input[p.name] = want
		c.note(NoteNewly, st.Name, p.name, want)
	}
}

// nowCalled is the name that a field has now; "" when it is gone. A field that
// got another name stays in its place.
func (c *change) nowCalled(before answers.Answers, name string) string {
	was, is := asked(before), asked(c.a)
	if i := index(is, fieldName, name); i >= 0 {
		return is[i].Name
	}
	if i := index(was, fieldName, name); i >= 0 && len(was) == len(is) {
		return is[i].Name
	}
	return ""
}

// explicit takes out of a question what comes from a field that is gone, and
// refuses that when the question cannot do without.
func (c *change) explicit(before answers.Answers, st *answers.Step, key string) {
	list, known := parameters(c.a, *st)
	for _, name := range slices.Sorted(maps.Keys(st.Input)) {
		head, _, dotted := strings.Cut(strings.TrimSpace(st.Input[name]), ".")
		source := dotted && index(c.a.Sources, sourceName, head) >= 0
		if isAsked(c.a, head) || !isAsked(before, head) && (source || index(before.Sources, sourceName, head) < 0) {
			if source && !isAsked(c.a, head) && c.unanswered(before, head) {
				c.refuse(problem.UsedByInput, key+"."+name, st.Name, st.Input[name], name)
			}
			continue
		}
		i := slices.IndexFunc(list, func(p parameter) bool { return p.name == name })
		if !known || i < 0 || list[i].required || len(st.Input) == 1 {
			c.refuse(problem.UsedByInput, key+"."+name, st.Name, st.Input[name], name)
			continue
		}
		delete(st.Input, name)
		c.note(NoteInput, st.Name, name)
	}
}

// unanswered says whether no step asks a source any more.
func (c *change) unanswered(before answers.Answers, source string) bool {
	asks := func(st answers.Step) bool { return Same(st.Source, source) }
	return slices.ContainsFunc(before.Process.Steps, asks) && !slices.ContainsFunc(c.a.Process.Steps, asks)
}
