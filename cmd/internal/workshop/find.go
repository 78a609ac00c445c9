package workshop

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// ErrBare says that a folder is a repository without files.
var ErrBare = errors.New("workshop: a repository without files; clone it")

// ErrNothing says that there is no component in a folder.
var ErrNothing = errors.New("workshop: no component here")

// Place is where a component of a workshop is, or should be.
type Place struct {
	Dir string
	Err error // why nothing can be said of it; nil when somebody can look
}

// Find finds the components that are meant by folders: a component, a workshop, or a
// folder with components or workshops in it. A folder that is none of these gives a
// place with the reason.
func Find(dirs []string) []Place {
	var all []Place
	for _, dir := range dirs {
		found := findIn(dir, 0)
		if len(found) == 0 {
			found = []Place{{Dir: dir, Err: ErrNothing}}
		}
		all = append(all, found...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(p Place) bool { // a pattern and a name can mean the same
		name := p.Dir
		if absolute, err := filepath.Abs(name); err == nil {
			name = absolute
		}
		again := seen[name]
		seen[name] = true
		return again
	})
}

// maxFolders is how many folders one folder is searched for.
const maxFolders = 2 * MaxTeams

func findIn(dir string, depth int) []Place {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return []Place{{Dir: dir, Err: err}}
	case !info.IsDir():
		return nil
	case is(dir, File):
		return ofWorkshop(dir)
	case is(dir, plan.ManifestPath), is(dir, Folder), is(dir, plan.AnswersPath):
		return []Place{{Dir: dir}}
	case repository.IsBare(dir):
		return []Place{{Dir: dir, Err: ErrBare}}
	case depth > 1:
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []Place{{Dir: dir, Err: err}}
	}
	var found []Place
	for i, entry := range entries {
		if i == maxFolders {
			break
		}
		if entry.IsDir() && entry.Name()[0] != '.' { // what a link shows is elsewhere
			found = append(found, findIn(filepath.Join(dir, entry.Name()), depth+1)...)
		}
	}
	return found
}

func is(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil
}

// ofWorkshop are the components of a workshop, also those that are gone.
func ofWorkshop(dir string) []Place {
	w, err := Read(dir)
	if err != nil {
		return []Place{{Dir: dir, Err: err}}
	}
	var places []Place
	for _, team := range w.Teams {
		at := filepath.Join(dir, "teams", team.Folder)
		p := Place{Dir: at}
		if _, err := os.Lstat(at); err != nil {
			p.Err = err
		}
		places = append(places, p)
	}
	return places
}

// Row is what an overview says of a team.
type Row struct {
	Directory string `json:"directory"`
	State
	Reds   []Red     `json:"red"`
	Branch string    `json:"branch,omitempty"`
	When   time.Time `json:"lastCommit,omitzero"`
}

// Red is a check that is not done.
type Red struct {
	Check string `json:"check"`
	Why   string `json:"why"`
}

// Rows says of each place how far the team is. Nothing runs; a component that cannot
// be read gives a row with the reason. They are in the order of their numbers.
func Rows(ctx context.Context, places []Place) []Row {
	rows := make([]Row, len(places))
	for i, place := range places {
		rows[i] = rowOf(ctx, place)
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if a.Number == 0 || b.Number == 0 { // those of which nothing is known come last
			return cmp.Compare(b.Number, a.Number)
		}
		return cmp.Compare(a.Number, b.Number)
	})
	return rows
}

func rowOf(ctx context.Context, place Place) (row Row) {
	row.Directory, row.Reds = place.Dir, []Red{}
	defer func() {
		if recover() != nil { // one damaged folder is no reason to say nothing of the others
			row.Err = ErrNothing
		}
		if row.Err != nil {
			row.Error = row.Err.Error()
		}
	}()
	if row.Err = place.Err; row.Err != nil {
		return row
	}
	row.State = Look(ctx, place.Dir)
	for _, red := range row.Red {
		row.Reds = append(row.Reds, Red{red.Check, red.Why})
	}
	work, err := repository.Open(place.Dir)
	if err != nil {
		return row // without a repository there is no last commit
	}
	defer work.Close()
	if latest, err := work.Latest(); err == nil {
		row.Branch, row.When = latest.Branch, latest.When.UTC()
	}
	return row
}
