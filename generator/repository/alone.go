package repository

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// Alone knows which files below a folder Git leaves alone: those that a .gitignore of
// the repository names and that are not tracked all the same. What a person has set for
// all repositories of theirs does not count: two people see the same.
type Alone struct {
	root    *os.Root
	prefix  string // of the folder in the repository, with a slash at the end
	folders map[string]ignores
	tracked map[string]bool // files, and the folders that they are in
}

// maxAlone is how many patterns hold in one folder. Each file is held against all of
// them: more of them cost minutes in a large repository. Nobody writes so many, and
// without them more is looked at, not less.
const maxAlone = 1000

// Alone begins below the folder with which the repository was opened.
func (w *Work) Alone() (*Alone, error) {
	root, err := os.OpenRoot(filepath.Join(w.top, filepath.FromSlash(w.prefix)))
	if err != nil {
		return nil, err
	}
	a := &Alone{root: root, prefix: w.prefix, folders: map[string]ignores{}, tracked: map[string]bool{}}
	a.folders[""] = ignores(nil).above(w.top, w.prefix)
	staged, err := w.readIndex()
	if err != nil {
		staged = &index.Index{} // damaged: the names alone decide
	}
	for _, entry := range staged.Entries {
		name, below := strings.CutPrefix(entry.Name, w.prefix)
		for ; below && name != "." && name != "/" && !a.tracked[name]; name = path.Dir(name) {
			a.tracked[name] = true
		}
	}
	return a, nil
}

// Close ends it.
func (a *Alone) Close() error { return a.root.Close() }

// Match says whether Git leaves a file or a folder alone.
func (a *Alone) Match(name string, folder bool) bool {
	return !a.tracked[name] && a.of(path.Dir(name)).match(a.prefix+name, folder)
}

// Tracked says whether Git knows the file.
func (a *Alone) Tracked(name string) bool { return a.tracked[name] }

// of gives the patterns that hold in a folder.
func (a *Alone) of(folder string) ignores {
	if all, known := a.folders[folder]; known {
		return all
	}
	above := ""
	if folder != "." {
		above = path.Dir(folder)
	}
	all := a.of(above)
	if body, err := readSmall(a.root, path.Join(folder, ".gitignore")); err == nil {
		if more := all.with(string(body), segments(path.Join(a.prefix, folder))); len(more) <= maxAlone {
			all = more
		}
	}
	a.folders[folder] = all
	return all
}

// Head is the hash of the commit that is checked out; "" without any.
func (w *Work) Head() string {
	if w.head.IsZero() {
		return ""
	}
	return w.head.String()
}
