// Package course is a course as data: what the steps of a workshop ask, how it
// shows by itself that they are done, and how their end is reached. Nothing of a
// course runs as a command of the system: it may come from anybody.
package course

import (
	"context"
	"io/fs"
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
}

// Operation is one thing by which the known-good state is reached. One of its
// fields is set.
type Operation struct {
	Fieldlab []string // add, rename or remove, with arguments
	Edit     *Edit
	Write    *File
}

// Edit replaces a text, which must be there exactly once, by another.
type Edit struct{ File, From, To string }

// File is a file that comes in its place.
type File struct{ Path, Text string }

// Check is something that can be seen to be done or not.
type Check struct {
	Name string
	Kind string
	Slow bool // runs the tests: not for an overview
	// what the kind needs follows, in package-private form
}

// Place is a component at which a check looks.
type Place struct {
	Dir    string // the component
	Port   int    // where it would run
	Answer string // what somebody typed, for a check of kind answer
	Begin  fs.FS  // the files as the step began; nil when that is unknown
	Slow   bool   // slow checks too
	Live   bool   // may ask the running component
}

// Result is what a check saw.
type Result struct {
	Check   string
	OK      bool
	Skipped bool   // was not looked at, which is not the same as seen done
	Why     string // what is missing and what to do, in Dutch; "" when OK
}

// Read reads a course. The error holds all that is wrong with it, with file and
// line, as a problem.List.
func Read(files fs.FS) (*Course, error) { return nil, nil }

// Step finds a step by its ID or number; nil when there is none.
func (c *Course) Step(name string) *Step { return nil }

// Look looks whether a step is done at a place.
func (s *Step) Look(ctx context.Context, at Place) []Result { return nil }
