// Package grow changes answers as a person would: something is added, gets
// another name or goes, and what refers to it follows. It knows nothing of files.
package grow

import (
	"errors"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// Kind is what can be added, renamed and removed.
type Kind string

// The kinds, as on the command line.
const (
	Entity   Kind = "entity"
	Field    Kind = "field"
	Step     Kind = "step"
	Role     Kind = "role"
	Source   Kind = "source"
	Activity Kind = "activity"
)

// Rename says that something has another name now. Names are those of the answers.
type Rename struct {
	Kind     Kind
	Of       string // the entity of a field, with its new name when that changes too
	Old, New string
}

// Ref points at one thing.
type Ref struct {
	Kind Kind
	Of   string // the entity of a field
	Name string
}

// Note is something that the change did, or that it leaves to people. Code is a
// key of the texts of the command line: grow.note.<code>.
type Note struct {
	Code string
	Args []any
}

// ErrNotBuilt is what the stub gives.
var ErrNotBuilt = errors.New("grow: not built")

// AddField, AddEntity and their like put something in the answers at the place
// where it belongs and take care that it is used. Form names the steps of kind
// form that ask the field; none: the first form of the process when the entity
// is its subject.
func AddField(a answers.Answers, entity string, f answers.Field, forms []string) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}

// AddEntity adds an entity to the register.
func AddEntity(a answers.Answers, e answers.Entity) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}

// AddStep adds a step after another: what led from there to the next now leads
// here, and from here there. Outcome names the way out of after that is meant;
// "" is its only one.
func AddStep(a answers.Answers, s answers.Step, after, outcome string) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}

// AddRole adds a role.
func AddRole(a answers.Answers, r answers.Role) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}

// AddSource adds a source; a step that asks it is AddStep.
func AddSource(a answers.Answers, s answers.Source) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}

// AddActivity adds a processing activity.
func AddActivity(a answers.Answers, v answers.Activity) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}

// Apply gives something another name everywhere in the answers. Title is its new
// title; "" keeps the title, unless that was derived from the name.
func Apply(a answers.Answers, r Rename, title string) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}

// Remove takes something out. What refers to it and cannot do without is an
// error that names it; To says for a step where zaken and arrows go instead.
func Remove(a answers.Answers, ref Ref, to string) (answers.Answers, []Note, error) {
	return a, nil, ErrNotBuilt
}
