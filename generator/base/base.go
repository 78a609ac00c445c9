// Package base keeps what a component was when fieldlab last wrote it: the
// pristine files from which an update merges. It lies in .fieldlab and comes
// with the component, so reading it is reading a stranger's file.
package base

import (
	"errors"
	"io/fs"

	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

const (
	// RoomsPath holds the text of every file outside kern that an update merges,
	// and of the answers.
	RoomsPath = ".fieldlab/basis"
	// KernPath holds, of every file in kern, its sum and the lines without text.
	KernPath = ".fieldlab/kern"
)

// Base is what is remembered.
type Base struct {
	Manifest plan.Manifest
	Files    map[string][]byte // by path; files of the team are in the manifest only, but for the answers
	Kern     map[string]Kern
}

// Kern is what is kept of one file in kern.
type Kern struct {
	SHA256 string
	Lines  merge.Lines // nil for what is no text
}

// ErrNotBuilt is what the stub gives.
var ErrNotBuilt = errors.New("base: not built")

// Of makes the two files of a base from the files of a plan.
func Of(files []plan.File) ([]plan.File, error) { return nil, ErrNotBuilt }

// Read reads the base of the component in a folder. What is damaged, hostile or
// of a newer fieldlab is an error that says what to do; fs.ErrNotExist says that
// the component has none.
func Read(component fs.FS) (*Base, error) { return nil, ErrNotBuilt }
