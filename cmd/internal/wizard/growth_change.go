package wizard

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// kinds are what the lists of the conversation hold, with how each is asked.
type kindOf struct {
	count  func(*session) int
	pick   func(s *session, action string) (int, error)
	name   func(s *session, at int) string
	called func(s *session, at int) string
	goes   func(s *session, at int) []string
	title  func(s *session, at int) step
}

func kindFrom[T any](l list[T], name func(T) string) kindOf {
	return kindOf{
		count:  func(s *session) int { return len(*l.items(s)) },
		pick:   func(s *session, action string) (int, error) { return l.pick(s, action) },
		name:   func(s *session, at int) string { return name((*l.items(s))[at]) },
		called: func(s *session, at int) string { return l.called(s, (*l.items(s))[at]) },
		goes: func(s *session, at int) []string {
			if l.goes == nil {
				return nil
			}
			return l.goes(s, at)
		},
		title: func(s *session, at int) step {
			for _, st := range l.form(s, at) {
				if strings.HasSuffix(st.id, ".title") {
					return st
				}
			}
			return l.form(s, at)[0]
		},
	}
}

// activityList holds the processing activities, for who changes them by name.
func activityList() list[answers.Activity] {
	return list[answers.Activity]{
		key:   "privacy.activities",
		items: func(s *session) *[]answers.Activity { return &s.a.Privacy.Activities },
		label: func(_ *session, v answers.Activity) string { return shown(v.Title, v.Name) },
		form:  ownActivitySteps,
	}
}

func (s *session) kind(ref grow.Ref) kindOf {
	switch ref.Kind {
	case grow.Entity:
		return kindFrom(entityList(), func(e answers.Entity) string { return e.Name })
	case grow.Field:
		at := slices.IndexFunc(s.a.Register, func(e answers.Entity) bool { return e.Name == ref.Of })
		return kindFrom(fieldList(max(at, 0)), func(f answers.Field) string { return f.Name })
	case grow.Step:
		return kindFrom(stepList(), func(st answers.Step) string { return st.Name })
	case grow.Role:
		return kindFrom(roleList(), func(r answers.Role) string { return r.Name })
	case grow.Source:
		return kindFrom(sourceList(), func(x answers.Source) string { return x.Name })
	}
	return kindFrom(activityList(), func(v answers.Activity) string { return v.Name })
}

// AskRename asks what gets another name, and which: what is known of it is in
// ref. The answer is a title, from which the name follows.
func AskRename(g Growth, ref grow.Ref) (grow.Ref, string, error) {
	s, now := g.session(), ""
	err := s.talk(s.whose(&ref), s.which(&ref, listChange), step{id: "new-title", ask: func(s *session, _ step) error {
		s.a = clone(g.Answers)
		k := s.kind(ref)
		at := s.placeOf(k, ref.Name)
		q := k.title(s, at)
		err := s.walk([]step{q}, 0, nil, nil)
		now = k.called(s, at)
		if q.show != nil {
			now = q.show(s)
		}
		return err
	}})
	return ref, now, err
}

// AskRemove asks what goes, where a step leads that has more than one way out,
// and whether the person is sure.
func AskRemove(g Growth, ref grow.Ref, to string) (grow.Ref, string, bool, error) {
	s, sure := g.session(), false
	ways := func(s *session) []string { return waysFrom(s.a, ref) }
	err := s.talk(s.whose(&ref), s.which(&ref, listRemove),
		step{id: "step.to", when: func(s *session) bool { return ref.Kind == grow.Step && len(ways(s)) != 1 }, ask: func(s *session, q step) error {
			names := ways(s)
			chosen, err := s.prompter.Select(s.question(q, ""), labelled(names, s.stepTitle), max(slices.Index(names, to), 0))
			if err == nil {
				to = names[chosen]
			}
			return err
		}},
		step{id: "sure", ask: func(s *session, _ step) (err error) {
			k := s.kind(ref)
			at := s.placeOf(k, ref.Name)
			if ref.Kind == grow.Field || ref.Kind == grow.Step && len(ways(s)) == 1 { // of the others it is refused
				for _, said := range k.goes(s, at) {
					s.prompter.Say(s.io.Wrap("- "+said, "  "))
				}
			}
			sure, err = s.prompter.Confirm(Question{Ask: s.text.T("wizard.list.sure", k.called(s, at)), Help: s.text.T("wizard.list.sure-help")}, false)
			return err
		}},
	)
	return ref, to, sure, err
}

// waysFrom are the steps where zaken can go that stand at a step: those that
// follow it, or all others when nothing does.
func waysFrom(a answers.Answers, ref grow.Ref) (ways []string) {
	for _, st := range a.Process.Steps {
		if st.Name == ref.Name {
			ways = slices.DeleteFunc(grow.Targets(st), func(next string) bool { return next == st.Name })
		}
	}
	if len(ways) > 0 {
		return ways
	}
	for _, st := range a.Process.Steps {
		if st.Name != ref.Name {
			ways = append(ways, st.Name)
		}
	}
	return ways
}

// whose asks of what a field is, as long as that is not known.
func (s *session) whose(ref *grow.Ref) step {
	known := ref.Of != ""
	return step{id: "field.of", when: func(s *session) bool { return ref.Kind == grow.Field && !known && len(s.a.Register) > 1 },
		ask: func(s *session, q step) error {
			names := entityNames(s)
			chosen, err := s.prompter.Select(s.question(q, ""), labelled(names, s.entityTitle), max(slices.Index(names, ref.Of), 0))
			if err == nil {
				ref.Of = names[chosen]
			}
			return err
		}}
}

// which asks which one of its kind, as long as that is not known.
func (s *session) which(ref *grow.Ref, action string) step {
	known := ref.Name != ""
	return step{id: "which", when: func(*session) bool { return !known }, ask: func(s *session, _ step) error {
		if ref.Kind == grow.Field && ref.Of == "" && len(s.a.Register) > 0 {
			ref.Of = s.a.Register[0].Name
		}
		k := s.kind(*ref)
		if k.count(s) == 0 {
			return Empty{}
		}
		at, err := k.pick(s, action)
		if err == nil {
			ref.Name = k.name(s, at)
		}
		return err
	}}
}

// Empty says that there is none of a kind.
type Empty struct{}

func (Empty) Error() string { return "there is none" }

func (s *session) placeOf(k kindOf, name string) int {
	for at := range k.count(s) {
		if k.name(s, at) == name {
			return at
		}
	}
	return 0
}

// Spell gives problems in the words of the conversation: what they are about by
// its title, not by its place in the file.
func Spell(g Growth, found problem.List) []string {
	s := g.session()
	words := make([]string, len(found))
	for i, p := range found {
		words[i] = terminal.Safe(s.spell(p))
	}
	return words
}

// Where says what a key of the answers is about, by its title; "" when no
// question is about it.
func Where(g Growth, key string) string { return g.session().where(key) }

// Period reads how people say how long something takes; "" is not understood.
func Period(said string) string { return period(said) }

// Bases are the grondslagen of the AVG, as the answers have them.
func Bases() []string { return bases() }
