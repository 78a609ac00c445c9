// Package update brings a component up to date with its answers and with this
// fieldlab, without losing what the team wrote. It first only reads, and says
// what would happen; then it does that, all or nothing.
package update

import (
	"context"
	"errors"
	"io/fs"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
)

// Request is everything that an update depends on.
type Request struct {
	Dir     string // the component
	Pack    fs.FS  // templates.Component()
	Version string // of fieldlab
	Env     func(key string) string

	Answers []byte            // the new fieldlab.yaml; nil: as it lies in Dir
	Renames []grow.Rename     // what has another name than in the base
	Steps   map[string]string // where zaken go that are at a step that is gone: lines of 4-proces/overgang.yaml
	Decided migration.Decisions
	Take    []string // packages of kern that become the team's: "outway"
	Title   string   // what the line in the changelog says; "" writes one from the difference
}

// Action is what happens to a file.
type Action string

// The actions. Those that a person has to look at are conflicts; see Conflict.
const (
	Add     Action = "add"
	Replace Action = "replace" // the team did not touch it
	Merge   Action = "merge"
	Move    Action = "move" // From has another path now; its edits came along
	Remove  Action = "remove"
	Keep    Action = "keep" // the team's: fieldlab would have changed or removed it; Why says which
)

// Change is what happens to one file. A file that stays as it is has none.
type Change struct {
	Path   string // slash-separated, in the component
	From   string // its old path, for Move
	Action Action
	Why    string // a code for people: update.why.<code>; "" when the action says it

	Conflicts int    // places with markers
	Beside    string // path of the new version, laid beside a file that holds no markers

	Before, After []byte // nil: the file is not there
	Mode          fs.FileMode
}

// Conflict says whether a person has to look at it.
func (c Change) Conflict() bool { return c.Conflicts > 0 || c.Beside != "" }

// Update is what would happen.
type Update struct {
	Changes   []Change             // outside kern, sorted by path
	Kern      KernChange           // the same for kern
	Migration string               // its name with number; "" for none
	Questions []migration.Question // without answers nothing can be done
	Guesses   []Guess              // the same: what may have got another name
	Gone      []string             // steps that went, of which nothing says where their zaken go; see Request.Steps
	Steps     []string             // where they can go: the steps of now
	Notes     []grow.Note
	From, To  string // versions of fieldlab
}

// KernChange is what happens to kern.
type KernChange struct {
	Files   int      // that get another content
	Changes []Change // of files that the team edited or took
	Taken   []string // packages that are the team's
}

// ErrNotBuilt is what the stub gives.
var ErrNotBuilt = errors.New("update: not built")

// Find reads the component and says what would happen. Mistakes in the answers
// are an error of type problem.List.
func Find(ctx context.Context, r Request) (*Update, error) { return nil, ErrNotBuilt }

// Waiting says whether there is anything to do.
func (u *Update) Waiting() bool { return false }

// Conflicts are the changes that a person has to look at, also in kern.
func (u *Update) Conflicts() []Change { return nil }

// Apply does it, all or nothing: whoever kills it in the middle finds the
// component as it was, or the next command finishes it.
func (u *Update) Apply(ctx context.Context) error { return ErrNotBuilt }

// Continue ends an update with conflicts: files that still hold markers, and new
// versions that still lie beside a file, are an error that names them.
func Continue(ctx context.Context, dir string) error { return ErrNotBuilt }

// Abort puts every file that the update changed back as it was.
func Abort(ctx context.Context, dir string) error { return ErrNotBuilt }
