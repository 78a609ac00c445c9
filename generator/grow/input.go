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
	if len(answersTo(a, st, p)) > 0 {
		return "", false
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

// answersTo are the answers of other sources that can fill a parameter.
func answersTo(a answers.Answers, st answers.Step, p parameter) []string {
	var found []string
	for _, s := range a.Sources {
		for _, field := range s.Purpose.Fields {
			if !Same(s.Name, st.Source) && field[strings.LastIndexByte(field, '.')+1:] == p.name {
				found = append(found, s.Name+"."+field)
			}
		}
	}
	return found
}

// inputs keeps what questions to sources are asked with the same as before: what
// went without saying is written down when it would be something else now, and
// what nothing fills any more, or not always, is refused.
func (c *change) inputs(before answers.Answers) {
	c.standardInputs(before)
	for i := range c.a.Process.Steps {
		st := &c.a.Process.Steps[i]
		if st.Kind != "lookup" {
			continue
		}
		key := at("process.steps", i) + ".input"
		c.explicit(before, st, key)
		was := c.before(before, i)
		list, known := parameters(c.a, *st)
		var unfilled []string
		for _, p := range list {
			if _, said := st.Input[p.name]; said || !known {
				continue
			}
			now, _ := filled(c.a, *st, p)
			if was >= 0 {
				c.keep(before, was, i, p)
				continue
			}
			answered := slices.ContainsFunc(answersTo(c.a, *st, p), func(value string) bool { return atHand(c.a, i, value) })
			if now == "" && !answered && p.required {
				unfilled = append(unfilled, p.name)
			}
			if now != "" && !atHand(c.a, i, now) {
				c.refuse(problem.InputNotAlways, key+"."+p.name, now, st.Name)
			}
		}
		if len(unfilled) > 0 {
			c.refuse(problem.InputNothing, key, unfilled, st.Name)
		}
		for _, name := range slices.Sorted(maps.Keys(st.Input)) {
			value := st.Input[name]
			if !c.refused(key+"."+name) && !atHand(c.a, i, value) && (was < 0 || wasAtHand(before, was, name, value)) {
				c.refuse(problem.InputNotAlways, key+"."+name, value, st.Name)
			}
		}
	}
}

// standardInputs refuses a source that the standard process cannot ask any more:
// it asks every source, with what the register has.
func (c *change) standardInputs(before answers.Answers) {
	if len(c.a.Process.Steps) > 0 {
		return
	}
	var available []string
	for _, f := range asked(c.a) {
		available = append(available, f.Name)
	}
	for i, s := range c.a.Sources {
		st := answers.Step{Kind: "lookup", Source: s.Name}
		list, known := parameters(c.a, st)
		had := known && index(before.Sources, sourceName, s.Name) >= 0
		var unfilled []string
		for _, p := range list {
			now, sure := filled(c.a, st, p)
			was, _ := filled(before, st, p)
			if now == "" && sure && p.required && (!had || was != "") {
				unfilled = append(unfilled, p.name)
			}
		}
		if len(unfilled) > 0 {
			c.refuse(problem.InputStandard, at("sources", i), unfilled, available)
		}
	}
}

// refused says whether something is in the way at a key already.
func (c *change) refused(key string) bool {
	return slices.ContainsFunc(c.problems, func(p problem.Problem) bool { return p.Key == key })
}

// wasAtHand says whether what a question takes was known before, so that the
// change is what is in the way. What it takes can have another name now.
func wasAtHand(before answers.Answers, step int, parameter, now string) bool {
	value, said := before.Process.Steps[step].Input[parameter]
	if !said {
		value = now
	}
	return !said || atHand(before, step, value)
}

// before is the place of a step before the change: of that with its name, or
// in the same place when it has another one; -1 when it is new.
func (c *change) before(a answers.Answers, i int) int {
	j := index(a.Process.Steps, stepName, c.a.Process.Steps[i].Name)
	if j < 0 && len(a.Process.Steps) == len(c.a.Process.Steps) {
		j = i
	}
	return j
}

// keep writes down what a parameter was filled with, when that would be something
// else now, and refuses when it is not known any more.
func (c *change) keep(before answers.Answers, was, i int, p parameter) {
	st, key := &c.a.Process.Steps[i], at("process.steps", i)+".input."+p.name
	old, sure := filled(before, before.Process.Steps[was], p)
	if !sure || old == "" || !atHand(before, was, old) {
		return
	}
	now, _ := filled(c.a, *st, p)
	head, rest, dotted := strings.Cut(old, ".")
	want := c.nowCalled(before, head)
	if want != "" && dotted {
		want += "." + rest
	}
	switch {
	case want == "" && now != "" && atHand(c.a, i, now), want == "" && !p.required:
		c.note(NoteInput, st.Name, p.name)
	case want == "":
		c.refuse(problem.UsedByInput, key, st.Name, old, p.name)
	case !atHand(c.a, i, want):
		c.refuse(problem.InputNotAlways, key, want, st.Name)
	case !Same(want, now):
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
		if isAsked(c.a, head) || source || !isAsked(before, head) {
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
