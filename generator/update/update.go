// Package update brings a component up to date with its answers and with this
// fieldlab, without losing what the team wrote. It first only reads, and says
// what would happen; then it does that, all or nothing.
package update

import (
	"context"
	"io/fs"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
)

// Request is everything that an update depends on.
type Request struct {
	Dir     string // the component
	Pack    fs.FS  // templates.Component()
	Version string // of fieldlab
	Env     func(key string) string

	// Own is another pack to lay over Pack than the component keeps, and Answers name
	// it; nil takes the one that it keeps, if any.
	Own *pack.Pack

	Answers []byte            // the new fieldlab.yaml; nil: as it lies in Dir
	Renames []grow.Rename     // what has another name than in the base
	Steps   map[string]string // where zaken go that are at a step that is gone: lines of 4-proces/overgang.yaml
	Decided migration.Decisions
	Typed   bool     // a person typed the names in Renames, Steps and Decided: each must be there
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

// Why an action is what it is, where that is not plain: Change.Why.
const (
	WhyDeleted  = "deleted"    // the team deleted it, and fieldlab changed it: it stays away
	WhyGone     = "gone"       // fieldlab has it no more, and the team edited it: it is the team's now
	WhyInTheWay = "in-the-way" // a link, folder or other thing is in its place, or in that of its folder
	WhyCase     = "case"       // a file of which the name differs in case only: on some laptops the same
	WhyBoth     = "both"       // the team and fieldlab both added it, and the two differ
	WhyForm     = "form"       // of a kind that holds no markers: JSON, BPMN, SQL, binary
	WhyMoved    = "moved"      // the team gave it another path, and it was followed there
	WhyTaken    = "taken"      // of a package of kern that is the team's
	WhyNames    = "names"      // of the team alone; identifiers that got another name follow
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

	fresh  []byte      // what lies beside
	seen   fs.FileInfo // of the file as it was read: at From when that is given
	oldSum string      // of a file that is not kept in Before
}

// Conflict says whether a person has to look at it.
func (c Change) Conflict() bool { return c.Conflicts > 0 || c.Beside != "" }

// Update is what would happen.
type Update struct {
	Changes   []Change             // outside kern, sorted by path
	Kern      KernChange           // the same for kern
	Migration string               // its name with number; "" for none
	Stop      string               // why it cannot run while a version of before still serves; "" when it can
	Rewrites  []string             // tables of which it writes every row anew
	Bridged   bool                 // it leaves something for a version of before
	Questions []migration.Question // without answers nothing can be done
	Guesses   []Guess              // the same: what may have got another name
	Gone      []string             // steps that went, of which nothing says where their zaken go; see Request.Steps
	Steps     []string             // where they can go: the steps of now
	Notes     []grow.Note
	Dirty     []string // files that change and hold edits that are not committed
	From, To  string   // versions of fieldlab

	dir    string
	silent []Change // in kern as in .fieldlab: replaced, and of no interest one by one
}

// KernChange is what happens to kern.
type KernChange struct {
	Files   int      // that get another content
	Changes []Change // of files that the team edited or took
	Taken   []string // packages that are the team's
}

// Waiting says whether there is anything to do. What fieldlab remembers can
// differ without that: a comment in the answers changes nothing else.
func (u *Update) Waiting() bool {
	return len(u.Changes) > 0 || u.Kern.Files > 0 || len(u.Kern.Changes) > 0 || u.From != u.To
}

// Conflicts are the changes that a person has to look at, also in kern.
func (u *Update) Conflicts() []Change {
	var found []Change
	for _, change := range slices.Concat(u.Changes, u.Kern.Changes) {
		if change.Conflict() {
			found = append(found, change)
		}
	}
	return found
}

// Find reads the component and says what would happen. Mistakes in the answers
// are an error of type problem.List.
func Find(ctx context.Context, r Request) (*Update, error) {
	f, err := open(r)
	if err != nil {
		return nil, err
	}
	defer f.disk.close()
	if err := f.read(ctx); err != nil {
		return nil, err
	}
	if err := f.misnamed(); err != nil {
		return nil, err
	}
	return f.find(ctx)
}
