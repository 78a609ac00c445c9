package wizard

import (
	"errors"
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Growth is a conversation about one thing that comes in answers that are there
// already, with the questions of the conversation in which those were made.
type Growth struct {
	IO       *terminal.IO
	Text     *text.Catalogue
	Prompter Prompter
	Answers  answers.Answers
	Check    func(answers.Answers) problem.List // the rules
	Given    []string                           // questions that the command answers already, as "field.type"
}

func (g Growth) session() *session {
	s := &session{
		io: g.IO, text: g.Text, prompter: g.Prompter, check: g.Check, a: clone(g.Answers),
		answered: map[string]bool{}, process: processOwn, grows: true, given: map[string]bool{},
	}
	for _, id := range g.Given {
		s.given[id] = true
	}
	return s
}

// talk asks the steps; before the first there is nothing.
func (s *session) talk(steps ...step) error {
	for {
		err := s.walk(steps, 0, nil, nil)
		if !errors.Is(err, Back) {
			return err
		}
		s.prompter.Say("  " + s.text.T("wizard.first"))
	}
}

// grown asks about an item that comes at the end of a list of the answers as
// they were. What was said stays in it, for who comes back to it.
func grown[T any](s *session, before answers.Answers, list func(*answers.Answers) *[]T, item *T, form func(s *session, at int) []step) error {
	s.a = clone(before)
	items := list(&s.a)
	at := len(*items)
	*items = append(*items, *item)
	err := s.walk(form(s, at), 0, nil, nil)
	*item = (*list(&s.a))[at]
	return err
}

// NewField is a field that comes.
type NewField struct {
	Entity string // where it comes; "" asks
	Field  answers.Field
	Forms  []string // the forms that ask it
}

// AskField asks about a field. There has to be something that is stored.
func AskField(g Growth, in NewField) (NewField, error) {
	s := g.session()
	entity := func() int {
		return max(slices.IndexFunc(g.Answers.Register, func(e answers.Entity) bool { return e.Name == in.Entity }), 0)
	}
	err := s.talk(
		step{id: "field.of", when: func(*session) bool { return len(g.Answers.Register) > 1 }, ask: func(s *session, q step) error {
			names := entityNames(s)
			chosen, err := s.prompter.Select(s.question(q, ""), labelled(names, s.entityTitle), entity())
			if err == nil {
				in.Entity = names[chosen]
			}
			return err
		}},
		step{id: "field", ask: func(s *session, _ step) error {
			in.Entity = g.Answers.Register[entity()].Name
			fields := func(a *answers.Answers) *[]answers.Field { return &a.Register[entity()].Fields }
			return grown(s, g.Answers, fields, &in.Field, func(s *session, at int) []step { return fieldSteps(s, entity(), at) })
		}},
		step{id: "field.forms", when: func(s *session) bool { return in.Entity == s.a.Process.Subject && len(formNames(s)) > 1 }, ask: func(s *session, q step) error {
			names := formNames(s)
			var ticked []int
			for i, name := range names {
				if slices.Contains(in.Forms, name) || len(in.Forms) == 0 && i == 0 {
					ticked = append(ticked, i)
				}
			}
			chosen, err := s.prompter.MultiSelect(s.question(q, ""), labelled(names, s.stepTitle), ticked)
			if err == nil {
				in.Forms = nil
				for _, i := range chosen {
					in.Forms = append(in.Forms, names[i])
				}
			}
			return err
		}},
	)
	return in, err
}

// formNames are the steps in which somebody fills something in.
func formNames(s *session) (names []string) {
	for _, st := range s.a.Process.Steps {
		if st.Kind == "form" {
			names = append(names, st.Name)
		}
	}
	return names
}

// labelled are the titles that belong to names, to choose from.
func labelled(names []string, title func(string) string) []string {
	labels := make([]string, len(names))
	for i, name := range names {
		labels[i] = title(name)
	}
	return distinct(labels)
}

// AskEntity asks about something that is stored.
func AskEntity(g Growth, e answers.Entity) (answers.Entity, error) {
	err := g.session().talk(step{id: "entity", ask: func(s *session, _ step) error {
		return grown(s, g.Answers, func(a *answers.Answers) *[]answers.Entity { return &a.Register }, &e, entitySteps)
	}})
	return e, err
}

// AskRole asks about a role.
func AskRole(g Growth, r answers.Role) (answers.Role, error) {
	err := g.session().talk(step{id: "role", ask: func(s *session, _ step) error {
		return grown(s, g.Answers, func(a *answers.Answers) *[]answers.Role { return &a.Process.Roles }, &r, roleSteps)
	}})
	return r, err
}

// AskActivity asks about a processing activity.
func AskActivity(g Growth, v answers.Activity) (answers.Activity, error) {
	err := g.session().talk(step{id: "activity", ask: func(s *session, _ step) error {
		return grown(s, g.Answers, func(a *answers.Answers) *[]answers.Activity { return &a.Privacy.Activities }, &v, ownActivitySteps)
	}})
	return v, err
}

// ownActivitySteps ask for the title as well, which that of the component is not
// of a second activity.
func ownActivitySteps(_ *session, at int) []step {
	of := func(s *session) *answers.Activity { return &s.a.Privacy.Activities[at] }
	key := fmt.Sprintf("privacy.activities[%d].", at)
	title := textStep{id: "activity.title", keys: []string{key + "title", key + "name"},
		refuse: refuseSame(func(s *session) []answers.Activity { return s.a.Privacy.Activities }, at, func(v answers.Activity) string { return v.Name }, kebab),
		get:    func(s *session) string { return of(s).Title },
		set: func(s *session, v string) {
			of(s).Name = renamed(of(s).Name, of(s).Title, v, kebab)
			of(s).Title = v
		}}
	return append([]step{title.step()}, activitySteps(at, of, func(s *session) string { return s.text.T("wizard.standard.purpose", shown(of(s).Title, of(s).Name)) })...)
}

// AskSource asks about a source.
func AskSource(g Growth, x answers.Source) (answers.Source, error) {
	if x.Purpose.Activity == "" && len(g.Answers.Privacy.Activities) > 0 {
		x.Purpose.Activity = g.Answers.Privacy.Activities[0].Name
	}
	err := g.session().talk(step{id: "source", ask: func(s *session, _ step) error {
		return grown(s, g.Answers, func(a *answers.Answers) *[]answers.Source { return &a.Sources }, &x, sourceSteps)
	}})
	return x, err
}

// Catalogued completes a source of the catalogue as the conversation does: with
// a name that is free, a question, and the fields that go with that.
func Catalogued(a answers.Answers, x answers.Source) answers.Source {
	e, ok := catalogue.Find(x.Catalogue)
	if !ok {
		return x
	}
	s := &session{a: clone(a)}
	at := len(s.a.Sources)
	s.a.Sources = append(s.a.Sources, x)
	if x.Name == "" {
		s.a.Sources[at].Name = s.freeSourceName(at, e.Name)
	}
	operation := first(x.Operations).Name
	if operation == "" {
		operation = e.Standard().Name
	}
	s.a.Sources[at].Operations = nil
	s.setOperation(at, operation)
	if len(x.Operations) > 0 {
		s.a.Sources[at].Operations = x.Operations
	}
	return s.a.Sources[at]
}

// WithReasons gives a source the reasons why its fields are needed, as somebody
// says them: one for all, or one of a field behind its name.
func WithReasons(x *answers.Source, said string) {
	s := &session{}
	withReasons(&x.Purpose, said, s.titlesOf(*x))
}

// Choose asks one question of which the answer is one of the options.
func Choose(g Growth, q Question, options []string) (int, error) {
	chosen := 0
	err := g.session().talk(step{id: "choose", ask: func(s *session, _ step) (err error) {
		chosen, err = s.prompter.Select(q, options, 0)
		return err
	}})
	return chosen, err
}
