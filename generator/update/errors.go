package update

import (
	"errors"
	"fmt"
	"strings"
)

// ErrPending says that an earlier update left conflicts: first Continue or Abort.
var ErrPending = errors.New("update: an earlier update has conflicts that are not settled")

// ErrNothingPending says that there is nothing to continue or abort.
var ErrNothingPending = errors.New("update: no update is waiting for anybody")

// ErrBusy says that another fieldlab works in this component.
var ErrBusy = errors.New("update: another fieldlab works in this component")

// ErrUndecided says that there are questions without an answer.
var ErrUndecided = errors.New("update: there are questions without an answer")

// NoComponent says that a folder is no component.
type NoComponent struct{ Dir string }

// Error is part of error.
func (n NoComponent) Error() string {
	return fmt.Sprintf("%s is not a component: it has no .fieldlab/manifest.json", n.Dir)
}

// TooOld says that a component was made before kern and the rooms: what is
// whose cannot be told.
type TooOld struct{ Dir string }

// Error is part of error.
func (t TooOld) Error() string {
	return fmt.Sprintf("%s was made by a fieldlab from before the rooms and cannot be updated", t.Dir)
}

// NoBase says that a component has no base, and that none was found in git.
type NoBase struct {
	Dir string
	Why NoBaseWhy
}

// NoBaseWhy is why no base was found in git.
type NoBaseWhy string

// What was found in the place of a base.
const (
	NoRepository NoBaseWhy = "no-repository"
	NoCommit     NoBaseWhy = "no-commit"  // none has the files as fieldlab made them
	Unreadable   NoBaseWhy = "unreadable" // the repository cannot be read
)

// Error is part of error.
func (n NoBase) Error() string {
	return fmt.Sprintf("%s has no base to update from, and none was found in git: %s", n.Dir, n.Why)
}

// OldAnswers says that this fieldlab makes nothing of the answers in the base.
type OldAnswers struct{ Err error }

// Error is part of error.
func (o OldAnswers) Error() string {
	return "the answers of before, in .fieldlab/basis, cannot be used: " + o.Err.Error()
}

// Unwrap is part of error.
func (o OldAnswers) Unwrap() error { return o.Err }

// Changed says that files changed while the update was prepared. Nothing was
// written.
type Changed struct{ Paths []string }

// Error is part of error.
func (c Changed) Error() string {
	return "these files changed while the update was prepared; nothing was written: " + strings.Join(c.Paths, ", ")
}

// Unresolved says what is left to do before an update with conflicts is done.
type Unresolved struct {
	Markers []string // files that hold markers
	Beside  []string // new versions that still lie beside a file
}

// Error is part of error.
func (u Unresolved) Error() string {
	return fmt.Sprintf("conflicts are left: markers in %v, new versions beside %v", u.Markers, u.Beside)
}

// Unfinished says that an update stopped half way. The next command of fieldlab
// in the component finishes it.
type Unfinished struct{ Err error }

// Error is part of error.
func (u Unfinished) Error() string {
	return "the update stopped half way; the next command of fieldlab here finishes it: " + u.Err.Error()
}

// Unwrap is part of error.
func (u Unfinished) Unwrap() error { return u.Err }
