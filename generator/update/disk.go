package update

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// maxFile is the largest file that an update reads. What is larger no template
// made.
const maxFile = 64 << 20

// disk is the component on disk. Every folder on the way is opened once, and
// only when it is a real one: no link is followed, also none that leads to
// another place in the component.
type disk struct {
	root    *os.Root
	folders map[string]*os.Root // nil: absent, or no folder
	names   map[string]map[string][]string
}

func openDisk(dir string) (*disk, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &disk{root: root, folders: map[string]*os.Root{".": root}, names: map[string]map[string][]string{}}, nil
}

func (d *disk) close() {
	for _, folder := range d.folders {
		if folder != nil {
			folder.Close()
		}
	}
}

// kind is what lies at a path.
type kind int

const (
	absent kind = iota
	file
	folder
	other   // a link, a pipe, a file that is too large to read
	blocked // a folder on the way is none
)

// entry is what lies at a path.
type entry struct {
	kind kind
	info fs.FileInfo
	at   string // what blocks the way
}

// look says what lies at a path.
func (d *disk) look(name string) (entry, error) {
	parent, in, err := d.enter(path.Dir(name))
	if err != nil || parent == nil {
		return in, err
	}
	info, err := parent.Lstat(path.Base(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return entry{}, nil
	case err != nil:
		return entry{}, err
	case info.Mode().IsRegular() && info.Size() <= maxFile:
		return entry{kind: file, info: info}, nil
	case info.IsDir():
		return entry{kind: folder, info: info, at: name}, nil
	}
	return entry{kind: other, info: info, at: name}, nil
}

// enter opens a folder. Without one it says what lies there.
func (d *disk) enter(name string) (*os.Root, entry, error) {
	if opened := d.folders[name]; opened != nil {
		return opened, entry{}, nil
	}
	parent, in, err := d.enter(path.Dir(name))
	if err != nil || parent == nil {
		return nil, in, err
	}
	info, err := parent.Lstat(path.Base(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, entry{}, nil
	case err != nil:
		return nil, entry{}, err
	case !info.IsDir():
		return nil, entry{kind: blocked, at: name}, nil
	}
	opened, err := parent.OpenRoot(path.Base(name))
	if err != nil {
		return nil, entry{}, atPath(name, err)
	}
	d.folders[name] = opened
	return opened, entry{}, nil
}

// read reads a regular file that look found.
func (d *disk) read(name string, info fs.FileInfo) ([]byte, error) {
	parent, _, err := d.enter(path.Dir(name))
	if err != nil || parent == nil {
		return nil, errors.Join(err, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist})
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxFile>>20)
	}
	f, err := parent.Open(path.Base(name))
	if err != nil {
		return nil, atPath(name, err)
	}
	defer f.Close()
	body := make([]byte, info.Size()+1)
	n, err := io.ReadFull(f, body)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return body[:n:n], nil
	case err != nil:
		return nil, atPath(name, err)
	}
	rest, err := io.ReadAll(io.LimitReader(f, maxFile)) // it grew since
	return append(body, rest...), err
}

// atPath names, in an error of the system, the path in the component: a folder that is
// open knows only the last part of it.
func atPath(name string, err error) error {
	var one *fs.PathError
	var two *os.LinkError
	switch {
	case errors.As(err, &one):
		return &fs.PathError{Op: one.Op, Path: name, Err: one.Err}
	case errors.As(err, &two):
		return &fs.PathError{Op: two.Op, Path: name, Err: two.Err}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// clash finds another name for the same file on a system that ignores case.
func (d *disk) clash(name string) (string, error) {
	at := "."
	for part := range strings.SplitSeq(name, "/") {
		folder, _, err := d.enter(at)
		if err != nil || folder == nil {
			return "", err
		}
		names, err := d.folded(at, folder)
		if err != nil {
			return "", err
		}
		if same := names[plan.Fold(part)]; len(same) > 0 && !slices.Contains(same, part) {
			return path.Join(at, same[0]), nil
		}
		at = path.Join(at, part)
	}
	return "", nil
}

// folded lists the names in a folder by what they are where case is ignored.
func (d *disk) folded(name string, folder *os.Root) (map[string][]string, error) {
	if names, known := d.names[name]; known {
		return names, nil
	}
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return nil, err
	}
	names := make(map[string][]string, len(entries))
	for _, entry := range entries {
		key := plan.Fold(entry.Name())
		names[key] = append(names[key], entry.Name())
	}
	d.names[name] = names
	return names, nil
}

// forget closes a folder that is about to go, and those in it.
func (d *disk) forget(name string) {
	for at, opened := range d.folders {
		if at == name || strings.HasPrefix(at, name+"/") {
			opened.Close()
			delete(d.folders, at)
		}
	}
}

// freed says whether what lies in the way of a file is gone when some files are:
// a file of which a folder comes in the place, or a folder of which every file goes.
func (d *disk) freed(in entry, removed map[string]bool) (bool, error) {
	if in.kind == blocked {
		return removed[in.at], nil
	}
	if in.kind != folder {
		return false, nil
	}
	opened, _, err := d.enter(in.at)
	if err != nil || opened == nil {
		return false, err
	}
	free := true
	err = fs.WalkDir(opened.FS(), ".", func(name string, below fs.DirEntry, err error) error {
		if err == nil && !below.IsDir() && !removed[path.Join(in.at, name)] {
			free = false
			return fs.SkipAll
		}
		return err
	})
	return free, err
}
