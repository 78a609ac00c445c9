package repository

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// Lying is a file of the component as it lies on disk.
type Lying struct {
	File
	Link bool // a symbolic link: Body is where it leads
}

// Lay is what lies in a component that Git has, or would take with git add --all.
type Lay struct {
	Files  []Lying  // sorted by path
	Nested []string // folders that are repositories of their own: nobody looks in there

	entries []entry // of the same files, as Git would name them
}

// entry is what a commit has in a place.
type entry struct {
	path string // from the root of the repository
	mode filemode.FileMode
	hash plumbing.Hash
	body []byte // nil when Git has it already
	info fs.FileInfo
}

// TooLargeError says that a file is larger than what is taken into a commit here.
type TooLargeError struct{ Path string }

func (e TooLargeError) Error() string { return fmt.Sprintf("repository: %s is too large", e.Path) }

// The largest file, and all files together, that are taken along; maxNames is how many. Somebody who lets a
// recording lie in a component has to choose a place for it.
const (
	maxLying    = 64 << 20
	maxAllLying = 256 << 20
)

// Lies reads what lies in the component, but for the folders in without, which are
// names in the component's own folder.
func (w *Work) Lies(ctx context.Context, getenv func(string) string, without ...string) (*Lay, error) {
	staged, err := w.readIndex()
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(filepath.Join(w.top, filepath.FromSlash(w.prefix)))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	s := readSettings(getenv, w.Place(""))
	l := &layer{w: w, ctx: ctx, root: root, lay: &Lay{}, without: without, staged: map[string]entry{}, left: maxAllLying, modes: runtime.GOOS != "windows"}
	if value, set := s.values["core.filemode"]; set {
		l.modes, _ = gitBool(value)
	}
	for _, e := range staged.Entries {
		l.staged[e.Name] = entry{path: e.Name, mode: e.Mode, hash: e.Hash}
	}
	if err := l.folder(".", w.ignoredEverywhere(s).above(w.top, w.prefix), false); err != nil {
		return nil, err
	}
	// What Git has of another repository lies in a folder that is not looked into.
	for _, e := range l.staged {
		if e.mode == filemode.Submodule && strings.HasPrefix(e.path, w.prefix) {
			l.lay.entries = append(l.lay.entries, e)
		}
	}
	slices.SortFunc(l.lay.Files, func(a, b Lying) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(l.lay.entries, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	return l.lay, nil
}

// layer walks through a component.
type layer struct {
	w       *Work
	ctx     context.Context
	root    *os.Root
	lay     *Lay
	without []string
	staged  map[string]entry
	left    int64
	modes   bool // the disk knows what can be executed
}

// folder reads a folder; ignored says that only what Git has already counts in it.
func (l *layer) folder(name string, patterns ignores, ignored bool) error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	full := strings.TrimSuffix(l.w.prefix, "/")
	if name != "." {
		full = l.w.prefix + name
	}
	if body, err := readSmall(l.root, path.Join(name, ".gitignore")); err == nil {
		patterns = patterns.with(string(body), segments(full))
	}
	entries, err := fs.ReadDir(l.root.FS(), name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		at := path.Join(name, e.Name())
		switch {
		case strings.EqualFold(e.Name(), git.GitDirName), name == "." && slices.Contains(l.without, e.Name()):
			continue
		case e.IsDir():
			if err := l.below(at, patterns, ignored); err != nil {
				return err
			}
			continue
		}
		_, tracked := l.staged[l.w.prefix+at]
		if tracked || !ignored && !patterns.match(l.w.prefix+at, false) {
			if err := l.file(at, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// below goes into a folder when something in it can count.
func (l *layer) below(at string, patterns ignores, ignored bool) error {
	full := l.w.prefix + at
	if isNested(l.root, at) {
		l.lay.Nested = append(l.lay.Nested, at)
		return nil
	}
	ignored = ignored || patterns.match(full, true)
	if ignored && !l.tracksBelow(full+"/") {
		return nil
	}
	return l.folder(at, patterns, ignored)
}

func (l *layer) tracksBelow(folder string) bool {
	for name := range l.staged {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}

// file reads one file. What is neither a file nor a link is nothing to Git.
func (l *layer) file(at string, e fs.DirEntry) error {
	info, err := l.root.Lstat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	one := Lying{File: File{Path: at, Info: info}}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := l.root.Readlink(at)
		if err != nil {
			return err
		}
		one.Link, one.Body = true, []byte(filepath.ToSlash(target))
	case !info.Mode().IsRegular():
		return nil
	case info.Size() > maxLying || info.Size() > l.left || len(l.lay.Files) >= maxNames:
		return TooLargeError{at}
	default:
		if one.Body, err = l.read(at); err != nil {
			return err
		}
	}
	l.left -= int64(len(one.Body))
	full := l.w.prefix + at
	was, tracked := l.staged[full]
	one.Executable = !one.Link && info.Mode()&0o111 != 0
	if !l.modes {
		one.Executable = tracked && was.mode == filemode.Executable
	}
	l.lay.Files = append(l.lay.Files, one)
	l.lay.entries = append(l.lay.entries, taken(full, one, was))
	return nil
}

func (l *layer) read(at string) ([]byte, error) {
	file, err := l.root.Open(at)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxLying+1))
	if err == nil && len(body) > maxLying {
		err = TooLargeError{at}
	}
	return body, err
}

// taken is a file as Git takes it. One that only differs from what Git has in the
// ends of its lines is the same: that is what .gitattributes of a component says.
func taken(full string, f Lying, was entry) entry {
	e := entry{path: full, mode: filemode.Regular, body: f.Body, info: f.Info}
	switch {
	case f.Link:
		e.mode = filemode.Symlink
	case f.Executable:
		e.mode = filemode.Executable
	}
	e.hash = hashOf(plumbing.BlobObject, f.Body)
	if !f.Link && e.hash != was.hash && bytes.Contains(f.Body, []byte("\r\n")) {
		unix := bytes.ReplaceAll(f.Body, []byte("\r\n"), []byte("\n"))
		if hashOf(plumbing.BlobObject, unix) == was.hash {
			e.hash, e.body = was.hash, unix
		}
	}
	return e
}
