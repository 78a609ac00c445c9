// Package course is a course as data: what the steps of a workshop ask, how it
// shows by itself that they are done, and how their end is reached. Nothing of a
// course runs as a command of the system: it may come from anybody.
package course

import (
	"slices"
	"strconv"
	"time"
)

// Course is a course for one case.
type Course struct {
	Name, Title, Case string
	Steps             []Step
	Plans             map[int][]Slot // by number of days
}

// Slot is what is done in a part of a day: ochtend, middag or einde.
type Slot struct {
	Day   int
	Part  string
	Steps []string // IDs
}

// Step is a quarter of an hour.
type Step struct {
	ID      string // kebab-case, from the name of its file
	Number  int    // from 1
	Title   string
	Goal    string
	Minutes int
	Do      []byte // Markdown
	Hint    []byte // Markdown
	Checks  []Check
	Recipe  []Operation
	Plant   *Edit

	File string // in the folder of the course
}

// Operation is one thing by which the known-good state is reached. One of its
// fields is set.
type Operation struct {
	Fieldlab []string // add, rename or remove, with arguments
	Edit     *Edit
	Write    *File

	Line int // in the file of the step
}

// Edit replaces a text, which must be there exactly once, by another.
type Edit struct{ File, From, To string }

// File is a file that comes in its place.
type File struct{ Path, Text string }

// Check is something that can be seen to be done or not.
type Check struct {
	Name     string
	Kind     string
	Question string // of a check of kind answer
	Slow     bool   // runs the tests or reads all files: not for an overview
	Line     int    // in the file of the step

	spec spec
}

// Place is a component at which a check looks.
type Place struct {
	Dir    string // the component
	Port   int    // where it would run
	Answer string // what somebody typed, for a check of kind answer
	Begun  bool   // the step was begun, so its mistake was planted
	Slow   bool   // slow checks too
	Live   bool   // may ask the running component
	Now    time.Time

	rehearsed bool // a course is tried: what only reads files is looked at, also when it reads many
}

// Result is what a check saw.
type Result struct {
	Check   string
	OK      bool
	Skipped bool   // was not looked at, which is not the same as seen done
	Why     string // what is missing and what to do, in Dutch; "" when OK
}

// Step finds a step by its ID or number; nil when there is none.
func (c *Course) Step(name string) *Step {
	number, err := strconv.Atoi(name)
	for i := range c.Steps {
		if s := &c.Steps[i]; s.ID == name || err == nil && s.Number == number {
			return s
		}
	}
	return nil
}

// For gives the steps that the plan for a number of days chooses, in their order;
// all of them when there is no such plan.
func (c *Course) For(days int) []*Step {
	chosen := map[string]bool{}
	for _, slot := range c.Plans[days] {
		for _, id := range slot.Steps {
			chosen[id] = true
		}
	}
	var steps []*Step
	for i := range c.Steps {
		if len(chosen) == 0 || chosen[c.Steps[i].ID] {
			steps = append(steps, &c.Steps[i])
		}
	}
	return steps
}

// Until gives every step of the course up to and including one: by their recipes
// the end of it is reached, whatever a plan leaves out.
func (c *Course) Until(id string) []*Step {
	var steps []*Step
	for i := range c.Steps {
		steps = append(steps, &c.Steps[i])
		if c.Steps[i].ID == id {
			return steps
		}
	}
	return nil
}

// Days gives the numbers of days for which there is a plan, in order.
func (c *Course) Days() []int {
	var days []int
	for n := range c.Plans {
		days = append(days, n)
	}
	slices.Sort(days)
	return days
}
