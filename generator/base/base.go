// Package base keeps what a component was when fieldlab last wrote it: the
// pristine files from which an update merges. It lies in .fieldlab and comes
// with the component, so reading it is reading a stranger's file.
package base

import (
	"bytes"
	"fmt"

	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

const (
	// RoomsPath holds the text of every file outside kern that an update merges,
	// and of the answers.
	RoomsPath = plan.BasisPath
	// KernPath holds, of every file in kern, its sum and the lines without text.
	KernPath = plan.KernLinesPath
	// Folder is where fieldlab keeps what it remembers. What lies in it is
	// replaced, never merged.
	Folder = ".fieldlab"
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

// Code says what is wrong with a base.
type Code string

// What can be wrong, and what somebody can do about it.
const (
	Damaged  Code = "damaged"   // cut short or no base at all: take the file from git
	WrongSum Code = "wrong-sum" // the files of the base do not belong together
	BadPath  Code = "bad-path"  // a path that leads outside, or comes twice
	Link     Code = "link"      // a link or folder in the place of a file
	TooLarge Code = "too-large" // no component has this much
	Newer    Code = "newer"     // of a later fieldlab: install that
	Foreign  Code = "foreign"   // of another component
	TooOld   Code = "too-old"   // of before the rooms
)

// Fault is a base that is not used.
type Fault struct {
	Code   Code
	Path   string // of the file of the base
	Detail string // the path in it, the module, the version
}

// Error is part of error.
func (f Fault) Error() string {
	return fmt.Sprintf("the base of the component cannot be used: %s: %s %s", f.Path, f.Code, f.Detail)
}

// IsText says whether lines mean anything in a file.
func IsText(body []byte) bool { return !bytes.Contains(body, []byte{0}) }

// File is one file of a base that is yet to be written.
type File struct {
	Path       string
	Body       []byte
	Executable bool
	SHA256     string         // "" when nobody knows it yet
	Static     *render.Static // as in plan.File
}

func (f File) sum() string {
	if f.SHA256 != "" {
		return f.SHA256
	}
	return plan.SumOf(f.Body)
}

// Of makes the two files of a base from the files of a plan.
func Of(files []plan.File) ([]plan.File, error) {
	var rooms, kern []File
	for _, file := range files {
		one := File{Path: file.Path, Body: file.Body, Executable: file.Mode&0o111 != 0, SHA256: file.SHA256, Static: file.Static}
		switch {
		case file.Owner == plan.Kern:
			kern = append(kern, one)
		case Remembered(file.Path, file.Owner) && IsText(file.Body):
			rooms = append(rooms, one)
		}
	}
	return Write(rooms, kern)
}

// Remembered says whether the text of a file belongs in the base, when it has one.
func Remembered(path string, owner plan.Owner) bool {
	return path == plan.AnswersPath || owner == plan.Merged && !inFolder(path)
}

func inFolder(path string) bool {
	return len(path) > len(Folder) && path[:len(Folder)+1] == Folder+"/"
}

// Write makes the two files of a base; both lists are sorted by path.
func Write(rooms, kern []File) ([]plan.File, error) {
	basis, err := writeRooms(rooms)
	if err != nil {
		return nil, err
	}
	lines, err := writeKern(kern)
	if err != nil {
		return nil, err
	}
	return []plan.File{
		{Path: RoomsPath, Mode: 0o644, Body: basis, Owner: plan.Merged},
		{Path: KernPath, Mode: 0o644, Body: lines, Owner: plan.Merged},
	}, nil
}
