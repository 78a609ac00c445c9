package migration

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// decisions finds what was decided about a field, in whatever spelling.
type decisions struct {
	Decisions
	wrong []Mistake
}

// spellings are the ways to write a name.
func spellings(n model.Names) []string { return []string{n.Raw, n.Path, n.JSON, n.SQL, n.Go} }

// keys are the ways to write "entity.field", or "entity" when there is no field.
func keys(e, f *model.Names) (all []string) {
	for _, entity := range spellings(*e) {
		if f == nil {
			all = append(all, entity)
			continue
		}
		for _, field := range spellings(*f) {
			all = append(all, entity+"."+field)
		}
	}
	return all
}

// key is how a question names a field.
func key(e *model.Entity, f *model.Field) string {
	if f == nil {
		return e.Name.Raw
	}
	return e.Name.Raw + "." + f.Name.Raw
}

// value is what a field gets where it has nothing that fits. A value that the
// field cannot have is a mistake.
func (d *decisions) value(e *model.Entity, f *model.Field) (form string, given bool) {
	for _, k := range keys(&e.Name, &f.Name) {
		if form, given = d.Defaults[k]; given {
			break
		}
	}
	if !given {
		return "", false
	}
	canonical, why := valid(f, form)
	if why != nil {
		d.wrong = append(d.wrong, Mistake{Code: "value", Key: key(e, f), Value: form, Why: *why})
	}
	return canonical, true
}

// valid judges a value in form notation, and says what is wrong with it.
func valid(f *model.Field, form string) (string, *problem.Problem) {
	t, _ := fieldtype.Of(f.Type)
	if f.Type == "reference" { // the id of a record, which only the database knows
		t, _ = fieldtype.Of("uuid")
	}
	spec := &fieldtype.Field{Name: f.Name.JSON, Title: f.Title, Required: f.Required, Min: f.Min, Max: f.Max, MaxLength: f.MaxLength}
	for _, v := range f.Values {
		spec.Values = append(spec.Values, v.Raw)
	}
	canonical, fault := t.Check(spec, form)
	if fault == "" {
		return canonical, nil
	}
	why := model.Misfit(t, spec.Values, form, fault)
	return "", &why
}

// choice is what takes the place of a choice that is gone.
func (d *decisions) choice(e *model.Entity, f *model.Field, gone string) (form string, given bool) {
	for _, k := range keys(&e.Name, &f.Name) {
		if form, given = d.Replace[k+"."+gone]; given {
			break
		}
	}
	if !given {
		return "", false
	}
	canonical, why := valid(f, form)
	if why != nil {
		d.wrong = append(d.wrong, Mistake{Code: "value", Key: key(e, f) + "." + gone, Value: form, Why: *why})
	}
	return canonical, true
}

// in says whether a list names a field, or an entity.
func in(list []string, e, f *model.Names) bool {
	for _, one := range list {
		if _, name, found := strings.Cut(one, ":"); found { // "field:verhuizing.telefoon"
			one = name
		}
		for _, k := range keys(e, f) {
			if one == k {
				return true
			}
		}
	}
	return false
}

// check reports decisions about what is not there: a slip of the finger would
// otherwise go unseen.
func (d *decisions) check(before, after *model.Component, left []keptName) {
	known, entities := map[string]bool{}, map[string]bool{}
	for _, c := range []*model.Component{before, after} {
		for _, e := range c.Entities {
			for _, k := range keys(&e.Name, nil) {
				entities[k] = true
			}
			for _, f := range e.Fields {
				for _, k := range keys(&e.Name, &f.Name) {
					known[k] = true
				}
			}
		}
	}
	report := func(k, field string) {
		if !known[field] {
			d.wrong = append(d.wrong, Mistake{Code: "unknown", Key: k})
		}
	}
	for k := range d.Defaults {
		report(k, k)
	}
	for k := range d.Replace {
		report(k, knownPart(k, known))
	}
	for _, k := range d.Empty {
		report(k, k)
	}
	for _, k := range d.Drop {
		if k == DropBridges {
			continue
		}
		if !known[k] && !entities[k] && d.keptBy(k, before, after, left) < 0 {
			d.wrong = append(d.wrong, Mistake{Code: "unknown", Key: k})
		}
	}
}

// knownPart is the part of "entity.field.value" that names a field.
func knownPart(k string, known map[string]bool) string {
	for i, r := range k {
		if r == '.' && known[k[:i]] {
			return k[:i]
		}
	}
	return k
}

// keptBy is which of the kept columns and tables a key means; -1 for none. It may
// be the name in the database, or "entity.field".
func (d *decisions) keptBy(k string, before, after *model.Component, left []keptName) int {
	for i, n := range left {
		if k == n.name() {
			return i
		}
		for _, c := range []*model.Component{before, after} {
			for _, e := range c.Entities {
				if e.Plural.SQL != n.table {
					continue
				}
				for _, entity := range spellings(e.Name) {
					if n.column == "" && k == entity {
						return i
					}
					field, found := strings.CutPrefix(k, entity+".")
					if names, err := naming.Of(field); found && err == nil && n.column != "" && names.SQL == n.column {
						return i
					}
				}
			}
		}
		if names, err := naming.Of(k); err == nil && n.column == "" && (n.table == names.SQL || n.table == plural(k)) {
			return i
		}
	}
	return -1
}

func plural(raw string) string {
	names, err := naming.Of(naming.Plural(raw))
	if err != nil {
		return ""
	}
	return names.SQL
}

// mistake is the first of the decisions that cannot be.
func (d *decisions) mistake() error {
	if len(d.wrong) == 0 {
		return nil
	}
	first := d.wrong[0]
	for _, w := range d.wrong { // the order of a map must not show
		if w.Key < first.Key {
			first = w
		}
	}
	return &first
}
