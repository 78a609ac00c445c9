package workshop

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// CollectRequest asks for what was made in places.
type CollectRequest struct {
	Places []Place
	Known  BackRequest    // how a known-good state is made; its Dir and Step do not count
	Seen   func(done int) // is told how many were looked at; may be nil
}

// Collected is what a team made.
type Collected struct {
	Row
	Title    string     `json:"componentTitle"`
	Goal     string     `json:"goal,omitempty"`
	Steps    []StepDone `json:"steps"`
	Compared string     `json:"comparedWith"` // the last step that is done; "" is the begin
	Added    []Thing    `json:"added"`        // in the answers, beyond the course
	Removed  []Thing    `json:"removed"`      // from the answers, that the course has
	Rooms    []Room     `json:"rooms"`        // files that differ from the course
	Tests    time.Time  `json:"testsSeenGreen,omitzero"`
	Open     []OpenItem `json:"open"`           // of docs/overdracht.md
	Note     string     `json:"note,omitempty"` // why a part is missing, in words for the trainer

	notes   []error
	picture string   // of the process: SVG that was drawn here
	words   []string // the same in sentences
	colour  string
	folder  string // of the team in its workshop
	left    []*course.Step
}

// StepDone is a step that was done.
type StepDone struct {
	ID       string    `json:"step"`
	Title    string    `json:"title"`
	At       time.Time `json:"at"`
	CaughtUp bool      `json:"caughtUp,omitempty"`
}

// Notes are why parts are missing.
func (c Collected) Notes() []error { return c.notes }

// Collect looks at what the teams made. It only reads their folders: what a known-good
// state is, is found in a folder of its own. One that cannot be read gives its reason.
func Collect(ctx context.Context, r CollectRequest) ([]Collected, error) {
	rows := Rows(ctx, r.Places)
	all := make([]Collected, len(rows))
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(rows) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				all[i] = r.collect(ctx, rows[i])
				if n := int(done.Add(1)); r.Seen != nil {
					r.Seen(n)
				}
			}
		})
	}
	workers.Wait()
	return all, ctx.Err()
}

// collect looks at one component.
func (r CollectRequest) collect(ctx context.Context, row Row) (c Collected) {
	c = Collected{Row: row, Steps: []StepDone{}, Added: []Thing{}, Removed: []Thing{}, Rooms: []Room{}, Open: []OpenItem{}}
	if row.Err != nil {
		return c
	}
	defer func() {
		if trouble := recover(); trouble != nil { // a folder that we do not understand is said, and the others go on
			c.notes = append(c.notes, fmt.Errorf("%v", trouble))
		}
	}()
	component, err := Open(row.Directory)
	if err != nil {
		c.notes = append(c.notes, err)
		return c
	}
	root, err := os.OpenRoot(row.Directory)
	if err != nil {
		c.notes = append(c.notes, err)
		return c
	}
	defer root.Close()
	c.colour, c.folder = component.Mine.Team.Colour, component.Mine.Team.Folder
	done := c.course(component)
	c.Open = openItems(root)
	c.picture, c.words = pictureOf(root)
	now, err := answersIn(root)
	if err != nil {
		c.notes = append(c.notes, err)
	} else {
		c.Title, c.Goal = now.Component.Title, now.Fieldlab.Goal
	}
	known := r.Known
	known.Dir = row.Directory
	good, err := known.knownGood(ctx, root, done)
	if err != nil {
		c.notes = append(c.notes, err)
		return c
	}
	for _, file := range good {
		if file.Path == plan.AnswersPath && now != nil {
			if before, problems := answers.Parse(file.Path, file.Body); len(problems) == 0 {
				c.Added, c.Removed = things(before.Answers, *now)
			}
		}
	}
	here, err := filesOf(ctx, row.Directory, root, r.Known.Env)
	if err != nil {
		c.notes = append(c.notes, err)
		return c
	}
	c.Rooms = compare(good, here)
	return c
}

// course notes what of the course was done, and gives the steps that lead to where the
// team is.
func (c *Collected) course(component *Component) []*course.Step {
	if component.Course == nil {
		return nil
	}
	last := ""
	for i := range component.Course.Steps {
		step := &component.Course.Steps[i]
		done := component.Progress.Steps[step.ID]
		for _, check := range step.Checks {
			if at := done.Checks[check.Name]; check.Kind == "tests" && at.After(c.Tests) {
				c.Tests = at
			}
		}
		if done.At.IsZero() {
			continue
		}
		last = step.ID
		c.Steps = append(c.Steps, StepDone{step.ID, step.Title, done.At, done.CaughtUp})
	}
	for _, step := range component.Path() {
		if component.Progress.Steps[step.ID].At.IsZero() {
			c.left = append(c.left, step)
		}
	}
	c.Compared = last
	return component.Course.Until(last)
}

// answersIn reads the answers of a component.
func answersIn(root *os.Root) (*answers.Answers, error) {
	body, err := readFile(root, plan.AnswersPath, 1<<20)
	if err != nil {
		return nil, err
	}
	document, problems := answers.Parse(plan.AnswersPath, body)
	if len(problems) > 0 {
		return nil, problems
	}
	return &document.Answers, nil
}
