package check

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// index walks the folders and lists the files. It follows no link.
func (r *Repo) index(ignored func(name string, folder bool) bool) error {
	w := &indexer{r: r, ignored: func(name string, folder bool) bool {
		return ignored != nil && ignored(name, folder) || r.leftOut(name, folder)
	}}
	if err := w.folder(".", 0); err != nil {
		return err
	}
	slices.SortFunc(r.files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	r.byKey = make(map[string]int, len(r.files))
	for i, f := range r.files {
		r.byKey[strings.ToLower(f.Path)] = i
	}
	return nil
}

// leftOut says whether the team wants something to be left out, and counts it: see
// LeftOutRule.
func (r *Repo) leftOut(name string, folder bool) bool {
	i := slices.IndexFunc(r.Config.Ignore, func(pattern string) bool { return Matches(pattern, name) })
	if i < 0 {
		return false
	}
	if r.left == nil {
		r.left = make([]left, len(r.Config.Ignore))
	}
	if folder {
		r.left[i].folders++
	} else {
		r.left[i].files++
	}
	return true
}

// left is how much one pattern of the team leaves out.
type left struct{ folders, files int }

type indexer struct {
	r       *Repo
	ignored func(name string, folder bool) bool
	full    bool
}

func (w *indexer) unread(name, why string) {
	if len(w.r.unread) < 1000 {
		w.r.unread = append(w.r.unread, Unread{name, why})
	}
}

// folder reads one folder in parts, so that a folder of a million files does not fill
// the memory before the limit is seen.
func (w *indexer) folder(name string, depth int) error {
	f, err := w.r.root.Open(name)
	if err != nil {
		return w.failed(name, err)
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return w.failed(name, fs.ErrInvalid)
	}
	var folders []string
	for !w.full {
		entries, err := dir.ReadDir(512)
		for _, entry := range entries {
			if folder := w.entry(path.Join(name, entry.Name()), entry, depth); folder != "" {
				folders = append(folders, folder)
			}
		}
		if errors.Is(err, io.EOF) || err == nil && len(entries) == 0 {
			break
		}
		if err != nil {
			return w.failed(name, err)
		}
	}
	slices.Sort(folders)
	for _, folder := range folders {
		if err := w.folder(folder, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// failed says that a folder could not be read; of the root itself it is an error.
func (w *indexer) failed(name string, err error) error {
	if name == "." {
		return err
	}
	w.unread(name, "unreadable")
	return nil
}

// entry takes a file into the index, or returns a folder that has to be looked into.
func (w *indexer) entry(name string, entry fs.DirEntry, depth int) (folder string) {
	switch {
	case entry.IsDir():
		switch {
		case w.ignored(name, true), entry.Name() == ".git":
		case slices.Contains(passedOver, entry.Name()):
			w.r.passed = append(w.r.passed, name)
		case depth+1 > maxDepth:
			w.unread(name, "too-deep")
		default:
			return name
		}
	case entry.Type()&fs.ModeSymlink != 0:
		// A link to another place in the repository is met there.
		if _, err := fs.Stat(w.r.root, name); err != nil && !w.ignored(name, false) {
			w.unread(name, "link")
		}
	case w.ignored(name, false):
	case !entry.Type().IsRegular():
		w.unread(name, "special")
	case len(w.r.files) >= maxFiles:
		w.full = true
		w.unread("", "too-many")
	default:
		info, err := entry.Info()
		if err != nil {
			w.unread(name, "unreadable")
			return ""
		}
		w.r.files = append(w.r.files, File{Path: name, Size: info.Size(), Test: IsTest(name)})
	}
	return ""
}
