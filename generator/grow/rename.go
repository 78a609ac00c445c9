package grow

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Apply gives something another name everywhere in the answers. Title is its new
// title; "" keeps the title, unless that was derived from the name. A field that
// only forms ask is one too: then Of is "" or the name of a step.
func Apply(a answers.Answers, r Rename, title string) (answers.Answers, []Note, error) {
	c := begin(a)
	switch r.Kind {
	case Entity:
		c.renameEntity(r, title)
	case Field:
		c.renameField(r, title)
	case Step:
		c.renameStep(r, title)
	case Role:
		c.renameRole(r, title)
	case Source:
		c.renameSource(r, title)
	case Activity:
		c.renameActivity(r, title)
	}
	if len(c.problems) == 0 {
		c.mentions(a, r)
	}
	return c.done(a)
}

// renamed checks a new name and gives it to what has name and title, of which
// the key is given; taken are the names beside it.
func (c *change) renamed(r Rename, key string, name, shown *string, title string, taken []string) bool {
	if *name == r.New && (title == "" || title == *shown) {
		c.refuse(problem.GrowNamed, key, terms[r.Kind], r.New)
		return false
	}
	if !c.free(r.Kind, key, r.New, taken) {
		return false
	}
	old := *name
	*name = r.New
	switch {
	case title != "":
		*shown = title
	case *shown == "" || Same(old, r.New):
	case Same(*shown, old):
		*shown = naming.Title(r.New)
	default:
		c.note(NoteTitle, r.New, *shown)
	}
	return true
}

func (c *change) renameEntity(r Rename, title string) {
	i, ok := lookup(c, Entity, "register", c.a.Register, entityName, r.Old)
	if !ok {
		return
	}
	e := &c.a.Register[i]
	old, key := e.Name, at("register", i)
	if !c.renamed(r, key+".name", &e.Name, &e.Title, title, entityNames(c.a.Register, i)) {
		return
	}
	switch {
	case e.Plural == "":
	case Same(e.Plural, naming.Plural(old)):
		e.Plural = naming.Plural(r.New)
	case !Same(old, r.New):
		c.note(NotePlural, r.New, e.Plural)
	}
	if Same(plural(*e), r.New) {
		c.suggest(r.New+"-lijst", problem.PluralSame, key+".plural", r.New)
	} else {
		c.free(Entity, key+".plural", plural(*e), entityNames(c.a.Register, i))
	}
	FollowEntity(&c.a, old, r.New)
}

func (c *change) renameField(r Rename, title string) {
	e, i := c.findField(r.Of, r.Old)
	if len(c.problems) > 0 {
		return
	}
	if e < 0 {
		c.renameInline(r, title)
		return
	}
	f := &c.a.Register[e].Fields[i]
	old := f.Name
	key := at(at("register", e)+".fields", i) + ".name"
	if c.renamed(r, key, &f.Name, &f.Title, title, fieldNames(c.a, e, i)) {
		FollowField(&c.a, e, old, r.New)
	}
}

// findField finds the field of an entity; the entity is -1 when only forms ask
// it, and what is not there is a problem.
func (c *change) findField(of, name string) (entity, field int) {
	inline := index(c.inline(), fieldName, name) >= 0
	e := -1
	if of != "" {
		e = index(c.a.Register, entityName, of)
		if e < 0 && index(c.a.Process.Steps, stepName, of) >= 0 && inline {
			return -1, -1
		}
		if e < 0 {
			c.unknown(Entity, "register", of, names(c.a.Register, entityName))
			return -1, -1
		}
	} else {
		var found []string
		for i, one := range c.a.Register {
			if index(one.Fields, fieldName, name) >= 0 {
				found = append(found, one.Name)
				e = i
			}
		}
		switch {
		case len(found) > 1:
			c.refuse(problem.GrowWhichEntity, "register", name, found)
			return -1, -1
		case len(found) == 0 && inline:
			return -1, -1
		case len(found) == 0:
			var known []string
			EachField(&c.a, func(f *answers.Field, _ string) { known = append(known, f.Name) })
			c.unknown(Field, "register", name, known)
			return -1, -1
		}
	}
	field = index(c.a.Register[e].Fields, fieldName, name)
	if field < 0 {
		c.unknown(Field, at("register", e)+".fields", name, names(c.a.Register[e].Fields, fieldName))
	}
	return e, field
}

// inline are the fields that only forms ask.
func (c *change) inline() []answers.Field {
	var found []answers.Field
	for _, st := range c.a.Process.Steps {
		for _, f := range st.Fields {
			if f.Inline != nil {
				found = append(found, *f.Inline)
			}
		}
	}
	return found
}

// renameInline gives a field that is not stored another name in every form: a
// question to a source finds it by its name, whichever form asked.
func (c *change) renameInline(r Rename, title string) {
	var taken []string
	for _, f := range asked(c.a) {
		if !Same(f.Name, r.Old) {
			taken = append(taken, f.Name)
		}
	}
	for i := range c.a.Process.Steps {
		for j := range c.a.Process.Steps[i].Fields {
			f := &c.a.Process.Steps[i].Fields[j]
			if f.Inline == nil || !Same(f.Name, r.Old) {
				continue
			}
			key := at(at("process.steps", i)+".fields", j) + ".name"
			if !c.renamed(r, key, &f.Inline.Name, &f.Inline.Title, title, taken) {
				return
			}
			f.Name = f.Inline.Name
		}
	}
	followInput(&c.a, r.Old, r.New)
}

func (c *change) renameStep(r Rename, title string) {
	p := &c.a.Process
	i, ok := lookup(c, Step, "process.steps", p.Steps, stepName, r.Old)
	if !ok {
		return
	}
	st := &p.Steps[i]
	old, result := st.Name, ends(*st)
	if !c.renamed(r, at("process.steps", i)+".name", &st.Name, &st.Title, title, without(p.Steps, stepName, i)) {
		return
	}
	FollowStep(p, old, r.New)
	if now := ends(*st); st.Kind == "end" && now != result {
		FollowResult(&c.a, result, now)
	}
	if !Same(old, r.New) {
		c.note(NoteTransition, old, r.New)
	}
}

// ends is the result with which a zaak ends at a step.
func ends(st answers.Step) string {
	switch {
	case st.Kind != "end":
		return ""
	case st.Result != "":
		return st.Result
	case st.Title != "":
		return strings.ToLower(st.Title)
	}
	return strings.ToLower(naming.Title(st.Name))
}

func (c *change) renameRole(r Rename, title string) {
	roles := c.a.Process.Roles
	i, ok := lookup(c, Role, "process.roles", roles, roleName, r.Old)
	if !ok {
		return
	}
	old := roles[i].Name
	if c.renamed(r, at("process.roles", i)+".name", &roles[i].Name, &roles[i].Title, title, without(roles, roleName, i)) {
		FollowRole(&c.a, old, r.New)
	}
}

func (c *change) renameSource(r Rename, title string) {
	i, ok := lookup(c, Source, "sources", c.a.Sources, sourceName, r.Old)
	if !ok {
		return
	}
	s := &c.a.Sources[i]
	old := s.Name
	if !c.renamed(r, at("sources", i)+".name", &s.Name, &s.Title, title, without(c.a.Sources, sourceName, i)) {
		return
	}
	if names, err := naming.Of(old); err == nil && s.Service == "" && s.Catalogue == "" && !Same(old, r.New) {
		s.Service = names.Path // that is what the provider calls it
		c.note(NoteService, r.New, s.Service)
	}
	FollowSource(&c.a, old, r.New)
	if !Same(old, r.New) {
		c.note(NoteSettings, r.New)
	}
}

func (c *change) renameActivity(r Rename, title string) {
	list := c.a.Privacy.Activities
	i, ok := lookup(c, Activity, "privacy.activities", list, activityName, r.Old)
	if !ok {
		return
	}
	old := list[i].Name
	if c.renamed(r, at("privacy.activities", i)+".name", &list[i].Name, &list[i].Title, title, without(list, activityName, i)) {
		FollowActivity(&c.a, old, r.New)
		if !Same(old, r.New) {
			c.note(NoteAnother, r.New)
		}
	}
}

// mentions notes the texts for people in which the old name still stands: what
// they say is not ours.
func (c *change) mentions(before answers.Answers, r Rename) {
	old := strings.ToLower(naming.Title(r.Old))
	if r.Kind == Source || r.Kind == Activity || r.Kind == Step {
		return // people read those by their titles
	}
	if strings.Contains(strings.ToLower(naming.Title(r.New)), old) {
		return
	}
	var keys []string
	see := func(key, text string) {
		words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" .,;:!?()\"\n", r) }), " ") + " "
		if strings.Contains(words, " "+old+" ") {
			keys = append(keys, key)
		}
	}
	see("component.title", c.a.Component.Title)
	see("component.summary", c.a.Component.Summary)
	see("process.title", c.a.Process.Title)
	for i, e := range c.a.Register {
		see(at("register", i)+".title", e.Title)
	}
	EachField(&c.a, func(f *answers.Field, key string) {
		see(key+".title", f.Title)
		see(key+".help", f.Help)
	})
	for i, st := range c.a.Process.Steps {
		see(at("process.steps", i)+".title", st.Title)
		see(at("process.steps", i)+".help", st.Help)
	}
	for i, v := range c.a.Privacy.Activities {
		see(at("privacy.activities", i)+".title", v.Title)
		see(at("privacy.activities", i)+".purpose", v.Purpose)
	}
	see("fieldlab.goal", c.a.Fieldlab.Goal)
	if len(keys) > 0 {
		c.note(NoteMentions, r.Old, strings.Join(keys[:min(len(keys), 8)], ", "))
	}
}
