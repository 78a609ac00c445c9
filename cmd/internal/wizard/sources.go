package wizard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// ownSource is the choice for a source that is not in the catalogue.
const ownSource = "eigen"

// sourceList builds up the sources.
func sourceList() list[answers.Source] {
	return list[answers.Source]{
		key:   "sources",
		items: func(s *session) *[]answers.Source { return &s.a.Sources },
		label: func(_ *session, x answers.Source) string { return title(x) },
		form:  sourceSteps,
		made:  func(x answers.Source) bool { return x.Name != "" },
		add: func(s *session) (int, error) {
			s.a.Sources = append(s.a.Sources, answers.Source{Purpose: answers.Purpose{Activity: activity(&s.a).Name}})
			return len(s.a.Sources) - 1, nil
		},
		remove: (*session).leaveSource,
		goes:   (*session).sourceGoes,
	}
}

func sourceSteps(s *session, at int) []step {
	key := fmt.Sprintf("sources[%d].", at)
	source := func(s *session) *answers.Source { return &s.a.Sources[at] }
	kind := ""
	if current := source(s); current.Catalogue != "" {
		kind = current.Catalogue
	} else if current.Name != "" {
		kind = ownSource
	}
	made := map[string]answers.Source{} // as it was with each kind
	own := func(*session) bool { return kind == ownSource }
	entry := func(s *session) catalogue.Entry {
		e, _ := catalogue.Find(source(s).Catalogue)
		return e
	}
	operations := operationList(at)
	return []step{
		choiceStep{id: "source.kind", keys: []string{key + "catalogue"},
			get: func(*session) string { return kind },
			set: func(s *session, v string) {
				if v != kind {
					made[kind] = *source(s)
					kind = v
					if before, ok := made[v]; ok {
						*source(s) = before
					} else {
						s.setKind(at, v)
					}
				}
			},
			values: sourceKinds,
			label:  sourceLabel}.step(),
		choiceStep{id: "source.operation", keys: []string{key + "operations"},
			when:   func(s *session) bool { return len(entry(s).Operations) > 1 },
			get:    func(s *session) string { return first(source(s).Operations).Name },
			set:    func(s *session, v string) { s.setOperation(at, v) },
			values: func(s *session) []string { return operationsOf(entry(s)) },
			label:  func(s *session, v string) string { return operationLabel(entry(s), v) }}.step(),
		textStep{id: "source.title", keys: []string{key + "title", key + "name"}, when: own,
			refuse: refuseSame(func(s *session) []answers.Source { return s.a.Sources }, at, func(x answers.Source) string { return x.Name }, kebab),
			get:    func(s *session) string { return source(s).Title },
			set: func(s *session, v string) {
				x, before := source(s), source(s).Name
				x.Name = renamed(before, x.Title, v, kebab)
				x.Title = v
				s.everywhere(func(a *answers.Answers) { grow.FollowSource(a, before, x.Name) })
			}}.step(),
		textStep{id: "source.provider", keys: []string{key + "provider.name"}, when: own, optional: true}.
			in(func(s *session) *string { return &source(s).Provider.Name }).step(),
		textStep{id: "source.provider-oin", keys: []string{key + "provider.oin"}, when: own, optional: true}.
			in(func(s *session) *string { return &source(s).Provider.OIN }).step(),
		textStep{id: "source.openapi", keys: []string{key + "openapi"}, when: own, optional: true}.
			in(func(s *session) *string { return &source(s).OpenAPI }).step(),
		{id: "source.operations", keys: []string{key + "operations"}, when: own, ask: operations.edit},
		choiceStep{id: "source.activity", keys: []string{key + "purpose.activity"},
			when:   func(s *session) bool { return len(s.a.Privacy.Activities) > 1 },
			get:    func(s *session) string { return source(s).Purpose.Activity },
			set:    func(s *session, v string) { source(s).Purpose.Activity = v },
			values: activityNames,
			label:  func(_ *session, v string) string { return v }}.step(),
		{id: "source.fields", keys: []string{key + "purpose.fields"}, when: func(s *session) bool { return source(s).Catalogue != "" },
			ask: func(s *session, q step) error { return askFields(s, q, at) }},
		textStep{id: "source.own-fields", keys: []string{key + "purpose.fields"}, when: own,
			get: func(s *session) string { return strings.Join(source(s).Purpose.Fields, ", ") },
			set: func(s *session, v string) { withFields(&source(s).Purpose, words(v)) }}.step(),
		textStep{id: "source.reasons", keys: []string{key + "purpose.reasons"}, optional: true,
			get: func(s *session) string { return reasonsOf(source(s).Purpose, s.titlesOf(*source(s))) },
			set: func(s *session, v string) { withReasons(&source(s).Purpose, v, s.titlesOf(*source(s))) }}.step(),
	}
}

// sourceKinds are the sources of the catalogue, and one of the team itself.
func sourceKinds(*session) []string { return append(catalogue.Names(), ownSource) }

// sourceLabel is how a choice reads. The registers have Dutch names only.
func sourceLabel(s *session, kind string) string {
	if e, ok := catalogue.Find(kind); ok {
		return e.Short
	}
	return s.text.T("wizard.source." + kind)
}

func operationsOf(e catalogue.Entry) []string {
	var names []string
	for _, op := range e.Operations {
		names = append(names, op.Name)
	}
	return names
}

func operationLabel(e catalogue.Entry, name string) string {
	op, ok := e.Operation(name)
	if !ok {
		return name
	}
	return strings.TrimSuffix(op.About, ".")
}

// setKind makes a source of the catalogue, or an empty one of the team.
func (s *session) setKind(at int, kind string) {
	s.a.Sources[at] = answers.Source{Purpose: answers.Purpose{Activity: s.a.Sources[at].Purpose.Activity}}
	if e, ok := catalogue.Find(kind); ok {
		s.a.Sources[at].Catalogue, s.a.Sources[at].Name = e.Name, s.freeSourceName(at, e.Name)
		s.setOperation(at, e.Standard().Name)
	}
}

// setOperation chooses a question of the catalogue, with the fields that go
// with it as long as the person did not change them.
func (s *session) setOperation(at int, name string) {
	x := &s.a.Sources[at]
	e, _ := catalogue.Find(x.Catalogue)
	before, _ := e.Operation(first(x.Operations).Name)
	if op, ok := e.Operation(name); ok && (len(x.Purpose.Fields) == 0 || slices.Equal(x.Purpose.Fields, before.Fields)) {
		withFields(&x.Purpose, slices.Clone(op.Fields))
	}
	if before.Name != name {
		x.Operations = []answers.Operation{{Name: name}}
	}
}

func first(operations []answers.Operation) answers.Operation {
	if len(operations) == 0 {
		return answers.Operation{}
	}
	return operations[0]
}

// freeSourceName gives the second BAG a name of its own.
func (s *session) freeSourceName(at int, name string) string {
	taken := func(candidate string) bool {
		for i, other := range s.a.Sources {
			if i != at && other.Name == candidate {
				return true
			}
		}
		return false
	}
	return free(name, taken)
}

// free puts a number behind a name until it is not taken.
func free(name string, taken func(string) bool) string {
	candidate := name
	for n := 2; taken(candidate); n++ {
		candidate = fmt.Sprintf("%s-%d", name, n)
	}
	return candidate
}

func activityNames(s *session) []string {
	names := make([]string, len(s.a.Privacy.Activities))
	for i, a := range s.a.Privacy.Activities {
		names[i] = a.Name
	}
	return names
}

// operationList builds up the questions to a source of the team.
func operationList(source int) list[answers.Operation] {
	key := fmt.Sprintf("sources[%d].operations", source)
	return list[answers.Operation]{
		key:      key,
		needsOne: true,
		items:    func(s *session) *[]answers.Operation { return &s.a.Sources[source].Operations },
		label: func(_ *session, o answers.Operation) string {
			return strings.TrimSpace(naming.Title(o.Name) + " " + o.Path)
		},
		made: func(o answers.Operation) bool { return o.Name != "" },
		form: func(_ *session, at int) []step {
			key := fmt.Sprintf("%s[%d].", key, at)
			operation := func(s *session) *answers.Operation { return &s.a.Sources[source].Operations[at] }
			described := func(s *session) bool { return s.a.Sources[source].OpenAPI != "" }
			undescribed := func(s *session) bool { return !described(s) }
			return []step{
				textStep{id: "operation.name", keys: []string{key + "name"},
					get: func(s *session) string { return operation(s).Name },
					set: func(s *session, v string) {
						before := operation(s).Name
						operation(s).Name = v
						grow.FollowOperation(&s.a, s.a.Sources[source].Name, before, v)
					}}.step(),
				textStep{id: "operation.path", keys: []string{key + "path"}, when: undescribed, optional: true}.
					in(func(s *session) *string { return &operation(s).Path }).step(),
				textStep{id: "operation.parameters", keys: []string{key + "parameters"}, when: undescribed, optional: true,
					get: func(s *session) string { return strings.Join(operation(s).Parameters, ", ") },
					set: func(s *session, v string) { operation(s).Parameters = words(v) }}.step(),
			}
		},
	}
}
