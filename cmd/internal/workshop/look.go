package workshop

import (
	"context"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
)

// State is how far a team is, as an overview shows it.
type State struct {
	Team   string          `json:"team"`
	Number int             `json:"number,omitempty"`
	Step   string          `json:"step"`  // the first that is not done; "" when all are
	Title  string          `json:"title"` // of that step
	Done   int             `json:"done"`  // number of steps
	Taken  int             `json:"taken"` // of those, taken over by catching up
	Of     int             `json:"of"`
	Red    []course.Result `json:"-"`               // checks of that step that are not done
	Err    error           `json:"-"`               // why nothing can be said
	Error  string          `json:"error,omitempty"` // the same, in words
}

// Look says how far the team of a component is, without running anything.
func Look(ctx context.Context, dir string) State {
	c, err := Open(dir)
	if err != nil {
		return State{Err: err, Error: err.Error()}
	}
	return c.State(ctx)
}

// State says how far the team is, without running anything.
func (c *Component) State(ctx context.Context) State {
	s := State{Team: c.Mine.Team.Name, Number: c.Mine.Team.Number}
	var now *course.Step
	for _, step := range c.Path() {
		s.Of++
		done := c.Progress.Steps[step.ID]
		switch {
		case !done.At.IsZero():
			s.Done++
			if done.CaughtUp {
				s.Taken++
			}
		case now == nil:
			now = step
		}
	}
	if now == nil {
		return s
	}
	s.Step, s.Title = now.ID, now.Title
	_, begun := c.Progress.Steps[now.ID] // a team that begins a step has it there, with nothing done
	at := course.Place{Dir: c.Dir, Port: c.Mine.Team.Port, Answer: c.Progress.Answers[now.ID], Begun: begun}
	for _, result := range now.Look(ctx, at) {
		if !result.OK && !result.Skipped {
			s.Red = append(s.Red, result)
		}
	}
	return s
}
