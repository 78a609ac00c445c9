package repository

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// Uncommitted lists the files of the component that are not as the last commit has
// them: changed, gone or new, without those that .gitignore names and those that
// pass names. At most limit of them; all of a repository without any commit.
func (w *Work) Uncommitted(limit int, pass func(name string) bool) ([]string, error) {
	was := map[string]committedFile{}
	if !w.head.IsZero() {
		if err := safely(func() error { return w.headFiles(was) }); err != nil {
			return nil, errors.Join(Obstacle{Why: Unusable}, err)
		}
	}
	root, err := os.OpenRoot(filepath.Join(w.top, filepath.FromSlash(w.prefix)))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	d := &differences{root: root, prefix: w.prefix, was: was, pass: pass, left: maxNames}
	if err := d.folder(".", w.excluded(nil).above(w.top, w.prefix)); err != nil {
		return nil, err
	}
	for name := range was {
		if !d.passes(name) {
			d.names = append(d.names, name) // still here, so not met on the disk
		}
	}
	slices.Sort(d.names)
	return d.names[:min(limit, len(d.names))], nil
}

type committedFile struct {
	hash plumbing.Hash
	mode filemode.FileMode
}

// headFiles takes the files of the component in the last commit.
func (w *Work) headFiles(files map[string]committedFile) error {
	tree, err := w.treeAt(w.head)
	if err != nil {
		return err
	}
	hash := tree.root
	if w.prefix != "" {
		entry, err := tree.find(strings.TrimSuffix(w.prefix, "/"))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		hash = entry.Hash
	}
	return tree.take(hash, "", 0, files)
}

func (t *Tree) take(hash plumbing.Hash, folder string, depth int, files map[string]committedFile) error {
	tree, err := t.folder(hash)
	if err != nil {
		return err
	}
	for _, entry := range tree.Entries {
		switch at := path.Join(folder, entry.Name); {
		case depth > maxDeep || len(files) > maxNames:
			return errNotSmall
		case entry.Mode == filemode.Dir:
			if err := t.take(entry.Hash, at, depth+1, files); err != nil {
				return err
			}
		case entry.Mode != filemode.Submodule:
			files[at] = committedFile{entry.Hash, entry.Mode}
		}
	}
	return nil
}

// differences finds what on the disk is not as it was.
type differences struct {
	root   *os.Root
	prefix string                   // from the top of the repository
	was    map[string]committedFile // what was not met yet
	pass   func(string) bool
	names  []string
	left   int // files that may still be looked at
}

func (d *differences) folder(name string, ignored ignores) error {
	if body, err := d.read(path.Join(name, ".gitignore"), 1<<20); err == nil {
		ignored = ignored.with(string(body), segments(path.Join(d.prefix, name)))
	}
	entries, err := fs.ReadDir(d.root.FS(), name)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		at := path.Join(name, entry.Name())
		was, tracked := d.was[at]
		switch {
		case entry.Name() == git.GitDirName:
		case d.left == 0 || strings.Count(at, "/") >= maxDeep:
			return errNotSmall
		case d.pass(at), !tracked && ignored.match(path.Join(d.prefix, at), entry.IsDir()) && !(entry.IsDir() && d.hasBelow(at)):
		case entry.IsDir():
			if err := d.folder(at, ignored); err != nil {
				return err
			}
		default:
			d.left--
			delete(d.was, at)
			if !tracked || !d.same(at, was) {
				d.names = append(d.names, at)
			}
		}
	}
	return nil
}

// passes says whether a file or a folder that it is in is not looked at.
func (d *differences) passes(name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if d.pass(name) {
			return true
		}
	}
	return false
}

// hasBelow says whether the commit has files in a folder, which git then follows
// although it is ignored.
func (d *differences) hasBelow(folder string) bool {
	for name := range d.was {
		if strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

// same says whether a file is what the commit has, whatever the line ends that
// git gave it on this system.
func (d *differences) same(name string, was committedFile) bool {
	info, err := d.root.Lstat(name)
	if err != nil {
		return false
	}
	if info.Mode()&fs.ModeSymlink != 0 || was.mode == filemode.Symlink {
		to, err := d.root.Readlink(name)
		return err == nil && was.mode == filemode.Symlink && Hash([]byte(to)) == was.hash.String()
	}
	body, err := d.read(name, maxTree)
	if err != nil {
		return false
	}
	return Hash(body) == was.hash.String() || Hash(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))) == was.hash.String()
}

// read reads a regular file without following a link.
func (d *differences) read(name string, limit int64) ([]byte, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, errNotSmall
	}
	file, err := d.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, limit))
}
