package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// step is a Step while it is being derived.
type step struct {
	*Step
	key   string
	given answers.Step
}

func (b *builder) process() {
	a := b.a.Process
	if len(a.Steps) == 0 {
		if len(b.a.Register) == 0 {
			b.add(problem.NothingToDo, "process")
			return
		}
		a, b.guessed = b.standardProcess(), true
		defer b.notOfSteps(len(b.problems))
	}
	p := &Process{guessed: b.guessed, Title: or(b.line("process.title", a.Title, 100), b.c.Title)}
	b.c.Process = p
	switch {
	case a.Name != "":
		p.Name = b.name(&naming.Scope{}, "process.name", a.Name)
	case a.Title != "" && p.Title != "":
		p.Name = b.name(&naming.Scope{}, "process.title", p.Title)
	default:
		p.Name, _ = naming.Of(p.Title) // the component's own; judged there
	}
	if a.Subject != "" {
		if p.Subject = b.entity(a.Subject); p.Subject == nil {
			b.suggest(closest(a.Subject, b.entityNames()), problem.EntityUnknown, "process.subject", a.Subject)
			b.unsure.fields = true
		} else {
			p.Subject.IsSubject = true
		}
	}
	b.roles(a.Roles)
	unclear := b.stepNames(a.Steps)
	for _, s := range b.steps {
		b.step(s)
	}
	broken := b.links(a.Start)
	b.startForm()
	b.persons()
	if broken || unclear {
		return // what follows would only repeat it
	}
	if b.walks() {
		b.inputs()
		b.questions()
		b.unproven()
	}
}

// standardProcess is what most processes of a municipality begin as: somebody
// asks, somebody decides and may ask for more. Sources are asked in between.
func (b *builder) standardProcess() answers.Process {
	a := b.a.Process
	a.Subject = or(a.Subject, b.a.Register[0].Name)
	if len(a.Roles) == 0 {
		a.Roles = []answers.Role{
			{Name: "inwoner", Title: "Inwoner", Audience: "citizen"},
			{Name: "behandelaar", Title: "Behandelaar", Audience: "employee"},
		}
	}
	citizen, employee := a.Roles[0].Name, a.Roles[len(a.Roles)-1].Name
	var fields []answers.StepField
	for _, e := range b.a.Register {
		if e.Name == a.Subject {
			for _, f := range e.Fields {
				fields = append(fields, answers.StepField{Name: f.Name})
			}
		}
	}
	title := strings.ToLower(or(b.c.Title, "aanvraag"))
	a.Start = "aanvraag"
	a.Steps = []answers.Step{{Name: "aanvraag", Kind: "form", Role: citizen, Title: b.c.Title, Fields: fields}}
	for _, s := range b.a.Sources {
		name := "raadplegen-" + s.Name
		a.Steps[len(a.Steps)-1].Next = name
		a.Steps = append(a.Steps, answers.Step{Name: name, Kind: "lookup", Source: s.Name, Title: or(s.Title, naming.Title(s.Name)) + " raadplegen"})
	}
	a.Steps[len(a.Steps)-1].Next = "beoordelen"
	again := "beoordelen"
	if len(b.a.Sources) > 0 {
		again = a.Steps[1].Name
	}
	a.Steps = append(a.Steps,
		answers.Step{Name: "beoordelen", Kind: "decide", Role: employee, Title: "Beoordelen", Outcomes: []answers.Outcome{
			{Name: "akkoord", Next: "toegekend"}, {Name: "aanvullen", Next: "aanvullen"}, {Name: "afwijzen", Next: "afgewezen"},
		}},
		answers.Step{Name: "aanvullen", Kind: "form", Role: citizen, Title: "Aanvullen: " + title, Fields: fields, Next: again},
		answers.Step{Name: "toegekend", Kind: "end", Title: "Toegekend", Result: "toegekend"},
		answers.Step{Name: "afgewezen", Kind: "end", Title: "Afgewezen", Result: "afgewezen"},
	)
	return a
}

// notOfSteps keeps problems away from steps that nobody wrote. The standard
// process is made of the register and the sources: after a problem in those,
// what is wrong with a step only repeats it, and a lookup that cannot be filled
// is about its source.
func (b *builder) notOfSteps(before int) {
	found := b.problems[before:]
	b.problems = b.problems[:before:before]
	for _, p := range found {
		if !strings.HasPrefix(p.Key, "process.steps") {
			b.problems = append(b.problems, p)
			continue
		}
		if before > 0 {
			continue
		}
		place := "register"
		for _, s := range b.steps {
			if s.Kind == "lookup" && strings.HasPrefix(p.Key+".", s.key+".") {
				place = b.source(s.given.Source).key
			}
		}
		p.Key = place
		if p.Code == problem.InputMissing {
			p.Code = problem.InputStandard // there is no step to write input at
		}
		b.problems = append(b.problems, p)
	}
}

func (b *builder) roles(given []answers.Role) {
	var scope naming.Scope
	for i, a := range given {
		key := at("process.roles", i)
		r := &Role{
			Name:      b.name(&scope, key+".name", a.Name),
			Title:     or(b.line(key+".title", a.Title, 100), naming.Title(a.Name)),
			Citizen:   a.Audience == citizenAudience,
			Company:   a.Audience == companyAudience,
			Anonymous: a.Anonymous,
		}
		if a.Audience == "" {
			b.suggest(audienceOf(r.Name.Path), problem.RoleAudience, key+".audience", a.Name)
		} else if b.oneOf(key+".audience", a.Audience, audiences...) && a.Anonymous && !r.Outside() {
			b.add(problem.AnonymousEmployee, key+".anonymous", a.Name)
		}
		r.Rights = b.rights(key+".rights", a.Rights, r)
		b.c.Process.Roles = append(b.c.Process.Roles, r)
	}
}

// rights are those of a role, each once and in a fixed order. They are for
// people of the organisation.
func (b *builder) rights(key string, given []string, r *Role) []string {
	for i, right := range given {
		if b.oneOf(at(key, i), right, "inzage", "archief") && r.Outside() {
			b.add(problem.RightsOutside, at(key, i), right, r.Name.Raw)
		}
	}
	rights := slices.Clone(given)
	slices.Sort(rights)
	return slices.Compact(rights)
}

// stepNames takes the names of all steps, before anything refers to them, and
// says whether one cannot be told from another.
func (b *builder) stepNames(given []answers.Step) (unclear bool) {
	var scope naming.Scope
	scope.Reserve("bevragingen") // its path is taken in the API of the process
	scope.Reserve("blijft")      // in overgang.yaml: the zaken stay on the process of before
	for i, a := range given {
		key := at("process.steps", i)
		before := len(b.problems)
		s := &step{Step: &Step{Name: b.name(&scope, key+".name", a.Name), Kind: a.Kind}, key: key, given: a}
		unclear = unclear || len(b.problems) > before
		s.Title = b.logged(key+".title", or(b.line(key+".title", a.Title, 100), naming.Title(a.Name)))
		s.Help = b.block(key+".help", a.Help, 1000)
		b.steps = append(b.steps, s)
		b.c.Process.Steps = append(b.c.Process.Steps, s.Step)
	}
	return unclear
}

// kinds says which keys a kind of step can have, and which it must have. "to"
// is one of next and outcomes.
var kinds = map[string]struct{ may, must []string }{
	"form":   {[]string{"role", "help", "fields", "next", "term"}, []string{"role", "fields", "next"}},
	"lookup": {[]string{"source", "operation", "input", "next", "outcomes"}, []string{"source", "to"}},
	"decide": {[]string{"role", "help", "outcomes", "term"}, []string{"role", "outcomes"}},
	"task":   {[]string{"role", "help", "next", "outcomes", "term"}, []string{"role", "to"}},
	"end":    {[]string{"result"}, nil},
}

var kindNames = []string{"form", "lookup", "decide", "task", "end"}

// present are the keys that a step has.
func present(a answers.Step) []string {
	var keys []string
	for _, key := range []struct {
		name  string
		given bool
	}{
		{"role", a.Role != ""}, {"help", a.Help != ""}, {"fields", len(a.Fields) > 0}, {"source", a.Source != ""},
		{"operation", a.Operation != ""}, {"input", len(a.Input) > 0}, {"next", a.Next != ""},
		{"outcomes", len(a.Outcomes) > 0}, {"term", a.Term != ""}, {"result", a.Result != ""},
	} {
		if key.given {
			keys = append(keys, key.name)
		}
	}
	return keys
}

func (b *builder) step(s *step) {
	if !b.required(s.key+".kind", s.Kind) || !b.oneOf(s.key+".kind", s.Kind, kindNames...) {
		return
	}
	kind, has := kinds[s.Kind], present(s.given)
	for _, key := range has {
		if !slices.Contains(kind.may, key) {
			b.add(problem.StepKey, s.key+"."+key, key, s.Kind, kind.may)
		}
	}
	next, outcomes := slices.Contains(has, "next"), slices.Contains(has, "outcomes")
	if next && outcomes && slices.Contains(kind.must, "to") {
		b.add(problem.StepBoth, s.key+".outcomes")
	}
	for _, key := range kind.must {
		switch {
		case key == "to" && !next && !outcomes:
			b.add(problem.StepNowhere, s.key, s.given.Name)
		case key != "to" && !slices.Contains(has, key):
			b.add(problem.KeyMissing, s.key, key)
		}
	}
	s.Term = b.duration(s.key+".term", s.given.Term)
	switch s.Kind {
	case "form":
		b.formFields(s)
	case "lookup":
		b.lookup(s)
	case "end":
		s.Result = or(b.line(s.key+".result", s.given.Result, 100), strings.ToLower(s.Title))
	}
	if s.given.Role != "" && s.Human() {
		b.role(s)
	}
	b.outcomes(s)
}

func (b *builder) role(s *step) {
	name := func(r *Role) Names { return r.Name }
	if s.Role = find(b.c.Process.Roles, name, s.given.Role); s.Role == nil {
		b.suggest(closest(s.given.Role, raws(b.c.Process.Roles, name)), problem.RoleUnknown, s.key+".role", s.given.Role)
	}
}

// lookup finds the source and the question of a lookup.
func (b *builder) lookup(s *step) {
	if s.given.Source == "" {
		return
	}
	from := b.source(s.given.Source)
	if from == nil {
		b.suggest(closest(s.given.Source, raws(b.own, sourceName)), problem.SourceUnknown, s.key+".source", s.given.Source)
		b.unsure.sources = true
		return
	}
	s.Source = from.Source
	if s.given.Operation == "" {
		if len(from.Operations) > 0 {
			s.Op = from.Operations[0]
		}
		return
	}
	name := func(op *Operation) Names { return op.Name }
	switch s.Op = find(from.Operations, name, s.given.Operation); {
	case s.Op != nil:
	case from.unknown && from.openapi.Operation(s.given.Operation) != nil:
		// The step is right: what it means is misspelled at the source, and reported there.
	default:
		b.follows(from.unread, closest(s.given.Operation, raws(from.Operations, name)), problem.OperationUnknown, s.key+".operation", s.given.Operation, from.Name.Raw, few(raws(from.Operations, name)))
	}
}

func (b *builder) source(raw string) *source { return find(b.own, sourceName, raw) }

func sourceName(s *source) Names { return s.Name }

// lookupOutcomes are the only two ways out of a lookup.
var lookupOutcomes = []string{"gevonden", "niet-gevonden"}

// outcomes derives the ways out of a step; where they lead comes later.
func (b *builder) outcomes(s *step) {
	given := s.given.Outcomes
	if len(given) == 0 || !slices.Contains(kinds[s.Kind].may, "outcomes") {
		return
	}
	var scope naming.Scope
	for _, a := range given {
		key := outcomeKey(s, a)
		if s.Kind == "lookup" && !b.oneOf(key, a.Name, lookupOutcomes...) {
			continue
		}
		o := Outcome{Name: b.name(&scope, key, a.Name)}
		o.Title = naming.Title(o.Name.Raw)
		s.Outcomes = append(s.Outcomes, o)
	}
	if s.Kind == "lookup" {
		for _, name := range lookupOutcomes {
			if !slices.ContainsFunc(given, func(a answers.Outcome) bool { return a.Name == name }) {
				b.add(problem.OutcomeMissing, s.key+".outcomes", name)
			}
		}
	} else if len(given) == 1 {
		b.add(problem.OutcomesTooFew, s.key+".outcomes", given[0].Name)
	}
}

func outcomeKey(s *step, a answers.Outcome) string { return s.key + ".outcomes." + a.Name }

// formFields are the fields of a form: of the subject, or of its own.
func (b *builder) formFields(s *step) {
	subject := b.c.Process.Subject
	var scope naming.Scope
	for i, a := range s.given.Fields {
		key := at(s.key+".fields", i)
		if a.Inline != nil {
			f := b.field(&scope, key, *a.Inline, nil)
			if subject != nil && fieldByName(subject.Fields, f.Name.Raw) != nil {
				b.add(problem.InlineTaken, key+".name", f.Name.Raw, subject.Name.Raw)
			}
			b.sameType(s, f, key)
			s.Fields = append(s.Fields, StepField{Field: f})
			continue
		}
		if b.name(&scope, key, a.Name).Path == "" {
			continue
		}
		if subject == nil {
			if b.a.Process.Subject == "" {
				b.suggest(first(b.entityNames()), problem.NoSubject, key, a.Name)
				b.unsure.fields = true
			}
			continue
		}
		f := fieldByName(subject.Fields, a.Name)
		if f == nil {
			b.suggest(closest(a.Name, fieldNames(subject.Fields)), problem.FieldUnknown, key, a.Name, subject.Name.Raw)
			b.unsure.fields = true
			continue
		}
		s.Fields = append(s.Fields, StepField{Field: f, Stored: true})
	}
}

// sameType reports a field that an earlier form has under the same name with
// another type: a lookup could not know which one it gets.
func (b *builder) sameType(s *step, f *Field, key string) {
	for _, earlier := range b.steps {
		if earlier == s {
			return
		}
		for _, other := range earlier.Fields {
			if !other.Stored && f.Name.Path != "" && other.Name.Path == f.Name.Path && other.Type != f.Type {
				b.add(problem.InlineType, key+".type", f.Name.Raw, other.Type, earlier.Name.Raw)
				return
			}
		}
	}
}
