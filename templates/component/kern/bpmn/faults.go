package bpmn

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Error says which element of the file is outside the profile, why, and what
// to do about it.
type Error struct {
	Element string // id, or the name of the element when it has none; "" for the file itself
	Line    int
	Reason  string
}

func (e *Error) Error() string {
	text := "4-proces/proces.bpmn"
	if e.Line > 0 {
		text += fmt.Sprintf(" regel %d", e.Line)
	}
	if e.Element != "" {
		text += ": " + e.Element
	}
	return text + ": " + e.Reason
}

// faults are what is wrong with a file, each once.
type faults struct {
	all  []*Error
	seen map[Error]bool
}

// mostFaults is how many faults one error names: a list that nobody reads helps
// nobody.
const mostFaults = 50

func (f *faults) add(e Error) {
	if f.seen == nil {
		f.seen = map[Error]bool{}
	}
	if !f.seen[e] {
		f.seen[e] = true
		f.all = append(f.all, &e)
	}
}

// err is all of them in the order of the lines; nil when there are none.
func (f *faults) err() error {
	slices.SortStableFunc(f.all, func(a, b *Error) int { return cmp.Compare(a.Line, b.Line) })
	var all []error
	for i, e := range f.all {
		if i == mostFaults {
			all = append(all, fmt.Errorf("4-proces/proces.bpmn: en nog %d fouten; verhelp eerst deze", len(f.all)-i))
			break
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}
