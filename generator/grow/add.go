package grow

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// AddField puts a field at the end of an entity, and in forms. Forms names the
// steps of kind form that ask it; none: the first form of the process when the
// entity is its subject.
func AddField(a answers.Answers, entity string, f answers.Field, forms []string) (answers.Answers, []Note, error) {
	c := begin(a)
	e, ok := lookup(c, Entity, "register", c.a.Register, entityName, entity)
	if !ok {
		return c.done(a)
	}
	key := at(at("register", e)+".fields", len(c.a.Register[e].Fields))
	c.free(Field, key+".name", f.Name, fieldNames(c.a, e, -1))
	if f.Type == "reference" {
		if to, ok := lookup(c, Entity, key+".entity", c.a.Register, entityName, f.Entity); ok {
			f.Entity = c.a.Register[to].Name
		}
	}
	into := c.forms(e, f, forms)
	if len(c.problems) > 0 {
		return c.done(a)
	}
	c.a.Register[e].Fields = append(c.a.Register[e].Fields, clonedField(f))
	c.circle(at("register", e)+".fields", e)
	for _, i := range into {
		st := &c.a.Process.Steps[i]
		st.Fields = append(st.Fields, answers.StepField{Name: f.Name})
		c.note(NoteAsked, f.Name, st.Name)
	}
	if len(into) == 0 && len(c.a.Process.Steps) > 0 {
		c.note(NoteNotAsked, f.Name, c.a.Register[e].Name)
	}
	return c.done(a)
}

func clonedField(f answers.Field) answers.Field {
	var a answers.Answers
	a.Register = []answers.Entity{{Fields: []answers.Field{f}}}
	return clone(a).Register[0].Fields[0]
}

// forms are the steps that will ask a new field of an entity.
func (c *change) forms(entity int, f answers.Field, given []string) []int {
	e, p := c.a.Register[entity], c.a.Process
	var all []string
	first := -1
	for i, st := range p.Steps {
		if st.Kind != "form" {
			continue
		}
		if all = append(all, st.Name); first < 0 || Same(st.Name, p.Start) {
			first = i
		}
	}
	subject := Same(e.Name, p.Subject)
	switch {
	case len(given) > 0 && !subject:
		c.refuse(problem.GrowNotSubject, at("register", entity), f.Name, e.Name)
		return nil
	case len(given) == 0 && subject && first >= 0:
		return []int{first}
	}
	var into []int
	for _, name := range given {
		i, ok := lookup(c, Step, "process.steps", p.Steps, stepName, name)
		switch {
		case !ok:
		case p.Steps[i].Kind != "form":
			c.suggest(closest(name, all), problem.GrowNotForm, at("process.steps", i), p.Steps[i].Name, all)
		case !slices.Contains(into, i):
			into = append(into, i)
		}
	}
	return into
}

// AddEntity adds an entity to the register.
func AddEntity(a answers.Answers, e answers.Entity) (answers.Answers, []Note, error) {
	c := begin(a)
	key := at("register", len(c.a.Register))
	taken := entityNames(c.a.Register, -1)
	if c.free(Entity, key+".name", e.Name, taken) {
		c.free(Entity, key+".plural", plural(e), taken)
	}
	if len(e.Fields) == 0 {
		c.refuse(problem.KeyMissing, key+".fields", "fields")
	}
	c.a.Register = append(c.a.Register, clone(answers.Answers{Register: []answers.Entity{e}}).Register[0])
	c.references(key, &c.a.Register[len(c.a.Register)-1])
	if len(c.a.Process.Steps) > 0 {
		c.note(NoteNoProcess, e.Name)
	}
	return c.done(a)
}

// references spells what the fields of a new entity refer to as it is called.
func (c *change) references(key string, e *answers.Entity) {
	for i := range e.Fields {
		if f := &e.Fields[i]; f.Type == "reference" {
			if to, ok := lookup(c, Entity, at(key+".fields", i)+".entity", c.a.Register, entityName, f.Entity); ok {
				f.Entity = c.a.Register[to].Name
			}
		}
	}
}

// circle refuses the last field of an entity when by it entities refer to each
// other in a circle: none of them could be the first to exist. One that may be
// left out can refer to its own entity.
func (c *change) circle(key string, entity int) {
	register := c.a.Register
	fields := register[entity].Fields
	last := fields[len(fields)-1]
	if last.Type != "reference" {
		return
	}
	key = at(key, len(fields)-1)
	goal := index(register, entityName, last.Entity)
	seen := map[int]bool{}
	var leads func(i int) bool
	leads = func(i int) bool {
		if i < 0 || seen[i] {
			return false
		}
		seen[i] = true
		return i == entity || slices.ContainsFunc(register[i].Fields, func(f answers.Field) bool {
			return f.Type == "reference" && leads(index(register, entityName, f.Entity))
		})
	}
	if goal == entity && last.Required || goal != entity && leads(goal) {
		c.refuse(problem.ReferenceCycle, key, register[goal].Name)
	}
}

// AddRole adds a role.
func AddRole(a answers.Answers, r answers.Role) (answers.Answers, []Note, error) {
	c := begin(a)
	if len(c.a.Process.Steps) == 0 {
		c.refuse(problem.GrowStandard, "process.roles") // its steps are for the first role and the last
		return c.done(a)
	}
	key := at("process.roles", len(c.a.Process.Roles))
	c.free(Role, key+".name", r.Name, names(c.a.Process.Roles, roleName))
	if r.Audience == "" {
		c.refuse(problem.RoleAudience, key+".audience", r.Name)
	}
	r.Rights = slices.Clone(r.Rights)
	c.a.Process.Roles = append(c.a.Process.Roles, r)
	c.note(NoteRoleUnused, r.Name)
	return c.done(a)
}

// AddSource adds a source; a step that asks it is AddStep. A source of the
// catalogue that says nothing else gets the question and the fields that most
// teams need, and the first processing activity.
func AddSource(a answers.Answers, s answers.Source) (answers.Answers, []Note, error) {
	c := begin(a)
	s = clone(answers.Answers{Sources: []answers.Source{s}}).Sources[0]
	key := at("sources", len(c.a.Sources))
	if s.Name == "" {
		s.Name = s.Catalogue
	}
	c.free(Source, key+".name", s.Name, names(c.a.Sources, sourceName))
	c.fromCatalogue(key, &s)
	switch {
	case s.Purpose.Activity == "" && len(c.a.Privacy.Activities) > 0:
		s.Purpose.Activity = c.a.Privacy.Activities[0].Name
		c.note(NoteActivity, s.Name, s.Purpose.Activity)
	default:
		if i, ok := lookup(c, Activity, key+".purpose.activity", c.a.Privacy.Activities, activityName, s.Purpose.Activity); ok {
			s.Purpose.Activity = c.a.Privacy.Activities[i].Name
		}
	}
	if len(s.Purpose.Fields) == 0 {
		c.refuse(problem.PurposeFields, key+".purpose.fields", s.Name)
	}
	c.a.Sources = append(c.a.Sources, s)
	c.note(NoteReasons, s.Name)
	if len(c.a.Process.Steps) > 0 {
		c.note(NoteSourceUnused, s.Name)
	}
	return c.done(a)
}

// fromCatalogue fills in what the catalogue knows.
func (c *change) fromCatalogue(key string, s *answers.Source) {
	e, known := catalogue.Find(s.Catalogue)
	switch {
	case s.Catalogue != "" && !known:
		c.unknown(Source, key+".catalogue", s.Catalogue, catalogue.Names())
	case !known && len(s.Operations) == 0:
		c.refuse(problem.GrowSourceLess, key, s.Name)
	case known:
		if len(s.Operations) == 0 {
			s.Operations = []answers.Operation{{Name: e.Standard().Name}}
		}
		if op, ok := e.Operation(s.Operations[0].Name); ok && len(s.Purpose.Fields) == 0 {
			s.Purpose.Fields = slices.Clone(op.Fields)
		}
	}
}

// AddActivity adds a processing activity.
func AddActivity(a answers.Answers, v answers.Activity) (answers.Answers, []Note, error) {
	c := begin(a)
	c.free(Activity, at("privacy.activities", len(c.a.Privacy.Activities))+".name", v.Name, names(c.a.Privacy.Activities, activityName))
	c.a.Privacy.Activities = append(c.a.Privacy.Activities, v)
	c.note(NoteActivityUnused, v.Name)
	return c.done(a)
}
