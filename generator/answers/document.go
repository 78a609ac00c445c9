package answers

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Document is an answers file that was read: what it says, where it says it
// and its text.
type Document struct {
	Answers   Answers
	Positions Positions
	Source    []byte // the text, changed by Set and by migrations
	File      string // "" for standard input or the wizard

	tree     *yaml.Node   // the document node; nil when the text cannot be read
	problems problem.List // of form, for the present state
	format   format
}

// Position is a place in a file. Both count from 1; Column counts characters.
type Position struct{ Line, Column int }

// Positions gives the place of every key that the file has. A key is written
// as in problem.Problem: register[0].fields[2].type.
type Positions map[string]Position

// Of returns the place of key, or else of the nearest key that holds it.
func (p Positions) Of(key string) (Position, bool) {
	for {
		if at, ok := p[key]; ok {
			return at, true
		}
		if key == "" {
			return Position{}, false
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
}

// Place fills in line and column of problems that have none, so that package
// model needs to know keys only.
func (p Positions) Place(found problem.List) problem.List {
	placed := make(problem.List, len(found))
	for i, one := range found {
		if at, ok := p.Of(one.Key); ok && one.Line == 0 {
			one.Line, one.Column = at.Line, at.Column
		}
		placed[i] = one
	}
	return placed
}

// Place fills in the file as well.
func (d *Document) Place(found problem.List) problem.List {
	placed := d.Positions.Place(found)
	for i := range placed {
		placed[i].File = d.File
	}
	return placed
}

// Problems returns the mistakes of form in the document as it is now.
func (d *Document) Problems() problem.List { return d.problems }

// join gives the key of name within parent.
func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

func index(parent string, i int) string { return parent + "[" + strconv.Itoa(i) + "]" }
