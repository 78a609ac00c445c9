package wizard

import (
	"errors"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// placeFresh is the place of a step that is not there yet.
const placeFresh = "process.fresh"

// addStep asks for kind, title and place of a new step, puts it there and
// links it with its neighbours.
func addStep(s *session) (int, error) {
	fresh := &s.fresh
	s.place = placeFresh
	at := &s.spot
	if !s.given["step.after"] {
		*at = spot{}
	}
	asks := []step{
		choiceStep{id: "step.kind",
			get:    func(*session) string { return fresh.Kind },
			set:    func(_ *session, v string) { fresh.Kind = v },
			values: stepKinds, label: func(s *session, v string) string { return s.text.T("wizard.kind." + v) }}.step(),
		textStep{id: "step.title",
			get: func(*session) string { return fresh.Title },
			set: func(_ *session, v string) { fresh.Title = v }}.step(),
		{id: "step.after", when: func(s *session) bool { return fresh.Kind != "end" || s.grows }, ask: func(s *session, q step) (err error) {
			at.after, err = askAfter(s, q)
			return err
		}},
		{id: "step.outcome",
			when: func(s *session) bool {
				before := s.a.Process.Steps[at.after]
				return len(before.Outcomes) > 1 && (fresh.Kind != "end" || s.grows && before.Kind == "lookup")
			},
			ask: func(s *session, q step) (err error) {
				at.outcome, err = askOutcome(s, q, at.after)
				return err
			}},
		textStep{id: "outcome.name", // an end comes beside the others
			when: func(s *session) bool {
				return fresh.Kind == "end" && s.grows && s.a.Process.Steps[at.after].Kind == "decide"
			},
			refuse: refuseSame(func(s *session) []answers.Outcome { return s.a.Process.Steps[at.after].Outcomes }, -1, func(o answers.Outcome) string { return o.Name }, kebab),
			get:    func(*session) string { return at.fresh },
			set:    func(_ *session, v string) { at.fresh = v }}.step(),
	}
	if err := s.walk(asks, 0, nil, nil); err != nil {
		return 0, err
	}
	if fresh.Name == "" {
		fresh.Name = s.freeStepName(-1, fresh.Title)
	}
	p, place := &s.a.Process, s.spot.after+1
	if fresh.Kind == "end" {
		place = len(p.Steps)
	} else {
		s.link(fresh, at.after, at.outcome)
	}
	p.Steps = slices.Insert(p.Steps, place, *fresh)
	s.fresh = answers.Step{}
	return place, nil
}

// freeStepName is the name that goes with a title, and that no other step has.
func (s *session) freeStepName(at int, title string) string {
	return free(nameOf(title, kebab), func(name string) bool {
		return slices.ContainsFunc(s.a.Process.Steps, func(st answers.Step) bool {
			return st.Name == name && (at < 0 || name != s.a.Process.Steps[at].Name)
		})
	})
}

// stepKinds leaves out looking something up when there is no source.
func stepKinds(s *session) []string {
	if len(s.a.Sources) == 0 {
		return []string{"form", "decide", "task", "end"}
	}
	return []string{"form", "lookup", "decide", "task", "end"}
}

// link puts the fresh step between the step at after and what followed it.
func (s *session) link(fresh *answers.Step, after, outcome int) {
	p := &s.a.Process
	before := &p.Steps[after]
	next := before.Next
	if len(before.Outcomes) > 0 {
		next = before.Outcomes[outcome].Next
		before.Outcomes[outcome].Next = fresh.Name
	} else {
		before.Next = fresh.Name
	}
	switch {
	case len(fresh.Outcomes) > 0 || fresh.Next != "": // they came with the command
	case fresh.Kind == "decide":
		fresh.Outcomes = []answers.Outcome{{Name: nameOf(s.text.T("wizard.standard.agreed"), kebab), Next: next}}
	case fresh.Kind == "lookup":
		fresh.Outcomes = []answers.Outcome{{Name: "gevonden", Next: next}, {Name: "niet-gevonden", Next: next}}
	default:
		fresh.Next = next
	}
}

// askAfter asks which step comes before the new one; ends are no choice.
func askAfter(s *session, q step) (int, error) {
	var labels []string
	var places []int
	for i, st := range s.a.Process.Steps {
		if st.Kind != "end" {
			labels, places = append(labels, shown(st.Title, st.Name)), append(places, i)
		}
	}
	if len(places) == 0 {
		return 0, errors.New("a process without steps has no place for a new one")
	}
	chosen, err := s.prompter.Select(s.question(q, ""), labels, 0)
	if err != nil {
		return 0, err
	}
	return places[chosen], nil
}

func askOutcome(s *session, q step, after int) (int, error) {
	var labels []string
	for _, o := range s.a.Process.Steps[after].Outcomes {
		labels = append(labels, s.outcomeLabel(o))
	}
	return s.prompter.Select(s.question(q, ""), labels, 0)
}

// nextOf is what comes after a step, or "" after an end. A step that leads to
// itself leads nowhere.
func nextOf(st answers.Step) string {
	for _, next := range grow.Targets(st) {
		if next != st.Name {
			return next
		}
	}
	return ""
}

// removeStep takes a step out; what led to it leads to what came after it. An
// outcome that led to an end which goes has nothing to lead to and goes too.
func removeStep(s *session, at int) {
	p := &s.a.Process
	gone := p.Steps[at]
	next := nextOf(gone)
	p.Steps = slices.Delete(p.Steps, at, at+1)
	for i, st := range p.Steps {
		if loses(st, next) {
			p.Steps[i].Outcomes = slices.DeleteFunc(st.Outcomes, func(o answers.Outcome) bool { return o.Next == gone.Name })
		}
	}
	grow.FollowStep(p, gone.Name, next)
	for i := range p.Steps {
		p.Steps[i].Outcomes = slices.DeleteFunc(p.Steps[i].Outcomes, func(o answers.Outcome) bool { return o.Next == "" })
	}
}

// loses says whether a decision loses its outcome when the step to which that
// leads goes: it would lead back to the decision itself.
func loses(st answers.Step, next string) bool {
	return next == "" || st.Kind == "decide" && st.Name == next && len(grow.Targets(st)) > 1
}
