// Package workshop makes and follows the components of many teams at once.
package workshop

import (
	"context"
	"io/fs"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
)

// File is the workshop of a trainer, in its folder.
const File = "workshop.json"

// Folder is where a component of a workshop keeps what belongs to it.
const Folder = ".fieldlab/workshop"

// Workshop is what workshop.json holds.
type Workshop struct {
	Version int    `json:"version"` // of this format; 1
	Case    string `json:"case"`
	Course  string `json:"course,omitempty"` // name; "" when there is none
	Days    int    `json:"days"`
	Teams   []Team `json:"teams"`
}

// Team is one team of a workshop.
type Team struct {
	Number  int    `json:"number"`
	Name    string `json:"name"`
	Folder  string `json:"folder"` // below teams/, such as 01-zuid
	Port    int    `json:"port"`
	Colour  string `json:"colour"`
	OIN     string `json:"oin"`
	Variant int    `json:"variant"`
	Code    string `json:"code,omitempty"` // never in a component
}

// Mine is what .fieldlab/workshop/team.json holds: a team without its code, and
// the course it follows.
type Mine struct {
	Version int    `json:"version"`
	Team    Team   `json:"team"`
	Course  string `json:"course,omitempty"`
	Days    int    `json:"days"`
}

// Progress is what .fieldlab/workshop/voortgang.json holds.
type Progress struct {
	Version int               `json:"version"`
	Steps   map[string]Done   `json:"steps"`             // by ID of the step
	Begun   string            `json:"begun"`             // step that was begun last
	Answers map[string]string `json:"answers,omitempty"` // typed answers, by step
}

// Done is when what of a step was seen done.
type Done struct {
	Checks map[string]time.Time `json:"checks"`      // by name, those seen OK
	At     time.Time            `json:"at,omitzero"` // all of them
}

// Component is the component of a team, with what it keeps of the workshop.
type Component struct {
	Dir      string
	Mine     Mine
	Course   *course.Course // nil when there is none
	Progress Progress
}

// Open reads what the component in dir keeps of its workshop; fs.ErrNotExist when
// it has nothing.
func Open(dir string) (*Component, error) { return nil, fs.ErrNotExist }

// Save writes the progress, all or nothing.
func (c *Component) Save() error { return nil }

// Read reads the workshop in a folder; fs.ErrNotExist when it is none.
func Read(dir string) (*Workshop, error) { return nil, fs.ErrNotExist }

// State is how far a team is, as an overview shows it.
type State struct {
	Team  string          `json:"team"`
	Step  string          `json:"step"` // the first that is not done; "" when all are
	Done  int             `json:"done"` // number of steps
	Of    int             `json:"of"`
	Red   []course.Result `json:"-"`               // checks of that step that are not done
	Error string          `json:"error,omitempty"` // why nothing can be said
}

// Look says how far the team of a component is, without running anything.
func Look(ctx context.Context, dir string) State { return State{} }
