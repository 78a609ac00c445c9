// Package workshop makes and follows the components of many teams at once.
package workshop

import (
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
)

// File is the workshop of a trainer, in its folder.
const File = "workshop.json"

// Folder is where a component of a workshop keeps what belongs to it.
const Folder = ".fieldlab/workshop"

// ProgressFile is the file in Folder with how far the team is.
const ProgressFile = "voortgang.json"

// The other files in Folder.
const (
	mineFile     = "team.json"
	courseFolder = "cursus"
	courseIndex  = "cursus.yaml"
	coursePage   = "cursus.html"
	ignoreFile   = ".gitignore"
	joinedFile   = "bord.json" // of package serve; holds a teamcode, so never committed
)

// version is the one of all formats of this package.
const version = 1

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
	Checks   map[string]time.Time `json:"checks"`             // by name, those seen OK
	At       time.Time            `json:"at,omitzero"`        // all of them
	CaughtUp bool                 `json:"caughtUp,omitempty"` // it was taken over, not done
}

// Component is the component of a team, with what it keeps of the workshop.
type Component struct {
	Dir      string
	Mine     Mine
	Course   *course.Course // nil when there is none
	Progress Progress
}

// Path is the steps that the team walks, in their order: those of the plan of its
// days, or all when the course has no such plan.
func (c *Component) Path() []*course.Step {
	if c.Course == nil {
		return nil
	}
	return c.Course.For(c.Mine.Days)
}
