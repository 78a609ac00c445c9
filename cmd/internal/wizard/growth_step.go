package wizard

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// NewStep is a step that comes behind a way out of another one.
type NewStep struct {
	Step    answers.Step
	After   string // "" asks
	Outcome string // of After, when that has more than one; a new one for an end
}

// AskStep asks about a step. There has to be a process.
func AskStep(g Growth, in NewStep) (NewStep, error) {
	s, at, begin := g.session(), 0, in.Step
	given := in.spot(g.Answers)
	err := s.talk(
		step{id: "step", ask: func(s *session, _ step) (err error) {
			fresh := begin
			fresh.Kind, fresh.Title = in.Step.Kind, in.Step.Title
			s.a, s.fresh, s.spot = clone(g.Answers), fresh, given
			at, err = addStep(s)
			if err != nil {
				in.Step.Kind, in.Step.Title = s.fresh.Kind, s.fresh.Title
				return err
			}
			in.Step = s.a.Process.Steps[at]
			before := g.Answers.Process.Steps[s.spot.after]
			in.After, in.Outcome = before.Name, ""
			switch {
			case s.spot.fresh != "":
				in.Outcome = nameOf(s.spot.fresh, kebab)
			case len(before.Outcomes) > 1:
				in.Outcome = before.Outcomes[s.spot.outcome].Name
			}
			return nil
		}},
		step{id: "step.form", ask: func(s *session, _ step) error {
			err := s.walk(stepSteps(s, at, true), 0, nil, nil)
			in.Step = s.a.Process.Steps[at]
			return err
		}},
	)
	return in, err
}

// spot is the place that the command named.
func (in NewStep) spot(a answers.Answers) (found spot) {
	found.after = max(slices.IndexFunc(a.Process.Steps, func(st answers.Step) bool { return st.Name == in.After }), 0)
	if len(a.Process.Steps) == 0 || in.Outcome == "" {
		return found
	}
	found.outcome = slices.IndexFunc(a.Process.Steps[found.after].Outcomes, func(o answers.Outcome) bool { return o.Name == in.Outcome })
	if found.outcome < 0 {
		found.outcome, found.fresh = 0, in.Outcome
	}
	return found
}
