package wizard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// entityList builds up the register.
func entityList() list[answers.Entity] {
	return list[answers.Entity]{
		key:   "register",
		items: func(s *session) *[]answers.Entity { return &s.a.Register },
		label: func(s *session, e answers.Entity) string {
			names := make([]string, len(e.Fields))
			for i, f := range e.Fields {
				names[i] = lower(fieldTitle(f))
			}
			return shown(e.Title, e.Name) + " (" + strings.Join(names, ", ") + ")"
		},
		title:  func(_ *session, e answers.Entity) string { return shown(e.Title, e.Name) },
		form:   entitySteps,
		made:   func(e answers.Entity) bool { return e.Name != "" },
		remove: (*session).leaveEntity,
		goes:   (*session).entityGoes,
	}
}

func entitySteps(_ *session, at int) []step {
	key := fmt.Sprintf("register[%d].", at)
	entity := func(s *session) *answers.Entity { return &s.a.Register[at] }
	fields := fieldList(at)
	return []step{
		textStep{id: "entity.title", keys: []string{key + "title", key + "name"},
			refuse: refuseSame(func(s *session) []answers.Entity { return s.a.Register }, at, func(e answers.Entity) string { return e.Name }, kebab),
			get:    func(s *session) string { return entity(s).Title },
			set: func(s *session, v string) {
				e, before := entity(s), entity(s).Name
				e.Name = renamed(before, e.Title, v, kebab)
				e.Title = v
				grow.FollowEntity(&s.a, before, e.Name)
			}}.step(),
		textStep{id: "entity.plural", keys: []string{key + "plural", key + "name"},
			standard: func(s *session) string { return lower(s.plural(shown(entity(s).Title, entity(s).Name))) },
			get:      func(s *session) string { return entity(s).Plural },
			set: func(s *session, v string) {
				if entity(s).Plural = v; nameOf(v, kebab) == naming.Plural(entity(s).Name) {
					entity(s).Plural = ""
				}
			}}.step(),
		{id: "entity.fields", keys: []string{key + "fields"}, ask: fields.edit},
		periodStep("entity.retention", key+"retention.period", nil, func(s *session) *string { return &entity(s).Retention.Period }),
		textStep{id: "entity.retention-source", keys: []string{key + "retention.source"}, optional: true,
			when: func(s *session) bool { return entity(s).Retention.Period != "" }}.
			in(func(s *session) *string { return &entity(s).Retention.Source }).step(),
	}
}

// renamed gives the name that belongs to a new title. A name that the person
// gave in another way stays.
func renamed(name, before, now string, spelling func(naming.Names) string) string {
	if name == "" || (before != "" && name == nameOf(before, spelling)) {
		return nameOf(now, spelling)
	}
	return name
}

// shown is how people read something.
func shown(title, name string) string {
	if title != "" {
		return title
	}
	return naming.Title(name)
}

func fieldTitle(f answers.Field) string { return shown(f.Title, f.Name) }

// fieldList builds up the fields of an entity.
func fieldList(entity int) list[answers.Field] {
	return list[answers.Field]{
		key:      fmt.Sprintf("register[%d].fields", entity),
		needsOne: true,
		items:    func(s *session) *[]answers.Field { return &s.a.Register[entity].Fields },
		label: func(s *session, f answers.Field) string {
			label := fieldTitle(f) + " (" + s.text.T("wizard.type."+f.Type)
			if f.Required {
				label += ", " + s.text.T("wizard.is-required")
			}
			return label + ")"
		},
		title:  func(_ *session, f answers.Field) string { return fieldTitle(f) },
		form:   func(s *session, at int) []step { return fieldSteps(s, entity, at) },
		made:   func(f answers.Field) bool { return f.Name != "" && f.Type != "" },
		remove: func(s *session, at int) { s.leaveField(entity, at) },
		goes:   func(s *session, at int) []string { return s.fieldGoes(entity, at) },
	}
}

// standardType is what a field is as long as nobody says otherwise.
const standardType = "text"

func fieldSteps(s *session, entity, at int) []step {
	key := fmt.Sprintf("register[%d].fields[%d].", entity, at)
	field := func(s *session) *answers.Field { return &s.a.Register[entity].Fields[at] }
	shelf := map[string]answers.Field{}                       // as it was with each type
	fresh := !numeric(field(s).Type) || s.given["field.type"] // how a number behaves was never asked
	return append([]step{
		textStep{id: "field.title", keys: []string{key + "title", key + "name"},
			refuse: refuseSame(func(s *session) []answers.Field { return s.a.Register[entity].Fields }, at, func(f answers.Field) string { return f.Name }, camel),
			get:    func(s *session) string { return field(s).Title },
			set: func(s *session, v string) {
				f, before := field(s), field(s).Name
				f.Name = renamed(before, f.Title, v, camel)
				f.Title = v
				if f.Type == "" {
					f.Type = standardType // so that who stops here keeps the field
				}
				s.everywhere(func(a *answers.Answers) { grow.FollowField(a, entity, before, f.Name) })
			}}.step(),
		choiceStep{id: "field.type", keys: []string{key + "type"}, standard: standardType,
			get: func(s *session) string { return field(s).Type },
			set: func(s *session, v string) {
				if f := field(s); f.Type != v {
					shelf[f.Type] = *f
					*f = retyped(*f, v, shelf[v])
				}
			},
			values: func(*session) []string { return fieldtype.Names() },
			words:  func(s *session, v string) string { return v + " " + s.text.T("wizard.find."+v) },
			label:  func(s *session, v string) string { return s.text.T("wizard.type." + v) }}.step(),
		textStep{id: "field.values", keys: []string{key + "values"},
			when: func(s *session) bool { return field(s).Type == "enum" },
			get:  func(s *session) string { return strings.Join(field(s).Values, ", ") },
			set:  func(s *session, v string) { field(s).Values = words(v) }}.step(),
		choiceStep{id: "field.entity", keys: []string{key + "entity"},
			when:   func(s *session) bool { return field(s).Type == "reference" },
			get:    func(s *session) string { return field(s).Entity },
			set:    func(s *session, v string) { field(s).Entity = v },
			values: entityNames,
			label:  (*session).entityTitle}.step(),
		confirmStep{id: "field.required", keys: []string{key + "required"},
			get: func(s *session) bool { return field(s).Required },
			set: func(s *session, yes bool) { field(s).Required = yes }}.step(),
		confirmStep{id: "field.negative", keys: []string{key + "min"}, when: func(s *session) bool { return numeric(field(s).Type) },
			get: func(s *session) bool {
				n := field(s).Min
				return n == nil && !fresh || n != nil && *n < 0
			},
			set: func(s *session, yes bool) {
				fresh = false
				switch n := field(s).Min; {
				case yes && n != nil && *n >= 0:
					field(s).Min = nil
				case !yes && (n == nil || *n < 0):
					field(s).Min = new(float64)
				}
			}}.step(),
	}, moreSteps(s, key, field)...)
}

// numeric says whether a type counts something.
func numeric(name string) bool {
	t, ok := fieldtype.Of(name)
	return ok && t.Number
}

// retyped gives a field another type. What belongs to the type before goes, and
// what it had with this type comes back.
func retyped(f answers.Field, name string, before answers.Field) answers.Field {
	if numeric(f.Type) && numeric(name) {
		before.Min, before.Max = f.Min, f.Max // a number stays what it was about
	}
	return answers.Field{
		Name: f.Name, Title: f.Title, Help: f.Help, Required: f.Required, Person: before.Person, Type: name,
		Min: before.Min, Max: before.Max, MaxLength: before.MaxLength, Values: before.Values, Default: before.Default, Example: before.Example, Entity: before.Entity,
	}
}

// moreSteps are about what few fields need; they are asked on request.
func moreSteps(s *session, key string, field func(*session) *answers.Field) []step {
	f := field(s)
	more := f.Help != "" || f.Default != "" || f.Example != "" || f.Min != nil && *f.Min != 0 || f.Max != nil || f.MaxLength != nil
	wanted := func(allowed func(fieldtype.Type) bool) func(*session) bool {
		return func(s *session) bool {
			t, ok := fieldtype.Of(field(s).Type)
			return more && ok && allowed(t)
		}
	}
	always := func(fieldtype.Type) bool { return true }
	number := func(t fieldtype.Type) bool { return t.Number }
	return []step{
		confirmStep{id: "field.more", keys: []string{key + "more"},
			get: func(*session) bool { return more },
			set: func(_ *session, yes bool) { more = yes }}.step(),
		textStep{id: "field.help", keys: []string{key + "help"}, optional: true, when: wanted(always)}.
			in(func(s *session) *string { return &field(s).Help }).step(),
		numberStep("field.min", key+"min", wanted(number), func(s *session) **float64 { return &field(s).Min }),
		numberStep("field.max", key+"max", wanted(number), func(s *session) **float64 { return &field(s).Max }),
		textStep{id: "field.max-length", keys: []string{key + "maxLength"}, optional: true,
			when: wanted(func(t fieldtype.Type) bool { return t.Length > 0 }),
			refuse: func(s *session, v string) string {
				if _, err := fieldtype.ReadWhole(v); v != "" && err != nil {
					return s.text.T("wizard.no-whole-number", v)
				}
				return ""
			},
			get: func(s *session) string {
				if n := field(s).MaxLength; n != nil {
					return strconv.Itoa(*n)
				}
				return ""
			},
			set: func(s *session, v string) {
				field(s).MaxLength = nil
				if n, err := fieldtype.ReadWhole(v); err == nil {
					field(s).MaxLength = &n
				}
			}}.step(),
		textStep{id: "field.default", keys: []string{key + "default"}, optional: true,
			when: wanted(func(t fieldtype.Type) bool { return t.Default })}.
			in(func(s *session) *string { return &field(s).Default }).step(),
		textStep{id: "field.example-value", keys: []string{key + "example"}, optional: true, when: wanted(always)}.
			in(func(s *session) *string { return &field(s).Example }).step(),
	}
}

func numberStep(id, key string, when func(*session) bool, place func(*session) **float64) step {
	return textStep{id: id, keys: []string{key}, optional: true, when: when, refuse: refuseNumber,
		get: func(s *session) string {
			if n := *place(s); n != nil {
				return fieldtype.WriteNumber(*n)
			}
			return ""
		},
		set: func(s *session, v string) {
			*place(s) = nil
			if n, err := fieldtype.ReadNumber(v); err == nil {
				*place(s) = &n
			}
		}}.step()
}

// refuseNumber says so when an answer is no number.
func refuseNumber(s *session, v string) string {
	if _, err := fieldtype.ReadNumber(v); v != "" && err != nil {
		return s.text.T("wizard.no-number", v)
	}
	return ""
}

func entityNames(s *session) []string {
	names := make([]string, len(s.a.Register))
	for i, e := range s.a.Register {
		names[i] = e.Name
	}
	return names
}

// words cuts a list that somebody typed with commas.
func words(line string) []string {
	var found []string
	for word := range strings.SplitSeq(line, ",") {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(found, word) {
			found = append(found, word)
		}
	}
	return found
}
