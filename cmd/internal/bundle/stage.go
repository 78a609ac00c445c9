package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// item is a file that goes into a bundle. Its size is known before anything is
// written, so that a stick that is too small is refused and not filled.
type item struct {
	name string
	exec bool
	size int64
	open func() (io.ReadCloser, error)
}

func bytesItem(name string, body []byte) item {
	return item{name: name, size: int64(len(body)), open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(string(body))), nil
	}}
}

func fileItem(name, from string) (item, error) {
	info, err := os.Stat(from)
	if err != nil {
		return item{}, err
	}
	return item{name: name, size: info.Size(), open: func() (io.ReadCloser, error) { return os.Open(from) }}, nil
}

const (
	staging = ".fieldlab-bezig-" // what is being made
	leaving = ".fieldlab-oud-"   // an older bundle that gives way
)

// place is where a bundle comes, and what is there now.
type place struct {
	dir   string   // the folder of the bundle
	fresh bool     // it does not exist yet
	old   []string // what an older bundle has in its root
}

// look refuses a folder that holds anything else than an older bundle.
func look(dir string, replace bool) (place, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return place{}, err
	}
	p := place{dir: absolute}
	entries, err := os.ReadDir(absolute)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.fresh = true
		return p, nil
	case err != nil:
		if info, statErr := os.Stat(absolute); statErr == nil && !info.IsDir() {
			return place{}, refuse("bundle.no-folder", dir)
		}
		return place{}, reason(dir, err)
	}
	var foreign []string
	is := false
	for _, entry := range entries {
		switch name := entry.Name(); {
		case isOfSystem(name), strings.HasPrefix(name, staging), strings.HasPrefix(name, leaving):
		case slices.Contains(inRoot, name):
			p.old = append(p.old, name)
			is = is || name == File
		default:
			foreign = append(foreign, name)
		}
	}
	switch {
	case len(p.old) == 0 && len(foreign) == 0:
		return p, nil
	case !is:
		return place{}, refuse("bundle.not-empty", dir, entries[0].Name())
	case len(foreign) > 0:
		return place{}, refuse("bundle.foreign", dir, strings.Join(foreign, ", "))
	case !replace:
		return place{}, &Error{Key: "bundle.older", Args: []any{dir}, Hint: "--replace"}
	}
	return p, nil
}

// inRoot is all that a bundle has in its root.
var inRoot = []string{File, SumsFile, ReadMe, "LICENSE", "start-windows.cmd", "start-macos.command", "start-linux.sh",
	fieldlabFolder, goFolder, "modules", examplesFolder, documentsFolder, teamsFolder}

// stage is a folder beside or in the one that the bundle comes in; it is filled,
// and moved at the end.
type stage struct {
	at    place
	dir   string // being filled
	root  *os.Root
	sums  sums
	sizes map[string]int64
	seen  map[string]string
}

// begin makes the folder that is filled. A new bundle is made beside its place and
// moved at once. What is there already may be the root of a stick, with nothing
// beside it, so there it is made inside.
func begin(at place) (*stage, error) {
	parent, pattern := at.dir, staging+"*"
	if at.fresh {
		parent, pattern = filepath.Dir(at.dir), staging+filepath.Base(at.dir)+"-*"
		if err := os.MkdirAll(parent, 0o755); err != nil {
			return nil, reason(parent, err)
		}
	} else {
		clear(at.dir)
	}
	dir, err := os.MkdirTemp(parent, pattern)
	if err != nil {
		return nil, reason(parent, err)
	}
	err = os.Chmod(dir, 0o755) //nolint:gosec // a bundle is for everybody
	root, openErr := os.OpenRoot(dir)
	if err = errors.Join(err, openErr); err != nil {
		os.RemoveAll(dir)
		return nil, reason(parent, err)
	}
	return &stage{at: at, dir: dir, root: root, sums: sums{}, sizes: map[string]int64{}, seen: map[string]string{}}, nil
}

// clear removes what a bundle left that was killed while it was made.
func clear(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), staging) || strings.HasPrefix(entry.Name(), leaving) {
			os.RemoveAll(filepath.Join(dir, entry.Name()))
		}
	}
}

// add writes a file of the bundle.
func (s *stage) add(i item) error {
	if why := checkName(i.name); why != "" {
		return refuse("bundle.name", i.name)
	}
	if other, clash := s.seen[fold(i.name)]; clash {
		return refuse("bundle.clash", i.name, other)
	}
	s.seen[fold(i.name)] = i.name
	from, err := i.open()
	if err != nil {
		return err
	}
	defer from.Close()
	hash := sha256.New()
	n, err := s.write(i.name, i.exec, io.TeeReader(from, hash))
	if err != nil {
		return err
	}
	s.sums[i.name], s.sizes[i.name] = hex.EncodeToString(hash.Sum(nil)), n
	return nil
}

func (s *stage) write(name string, exec bool, from io.Reader) (int64, error) {
	if err := s.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, reason(s.at.dir, err)
	}
	mode := fs.FileMode(0o644)
	if exec {
		mode = 0o755
	}
	file, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return 0, reason(s.at.dir, err)
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{file}, from, make([]byte, 256<<10))
	return n, reason(s.at.dir, errors.Join(err, file.Close()))
}

// finish moves what was made to its place; bundel.json is the last that goes away
// and the last that comes, so that half a bundle is none. What fails halfway is
// turned back.
func (s *stage) finish() error {
	if err := s.root.Close(); err != nil {
		return err
	}
	if s.at.fresh {
		return reason(s.at.dir, patiently(func() error { return os.Rename(s.dir, s.at.dir) }))
	}
	made, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	old, err := os.MkdirTemp(s.at.dir, leaving+"*")
	if err != nil {
		return reason(s.at.dir, err)
	}
	var moves moves
	for _, name := range manifest(s.at.old, true) {
		moves.add(filepath.Join(s.at.dir, name), filepath.Join(old, name))
	}
	names := make([]string, len(made))
	for i, entry := range made {
		names[i] = entry.Name()
	}
	for _, name := range manifest(names, false) {
		moves.add(filepath.Join(s.dir, name), filepath.Join(s.at.dir, name))
	}
	if err := moves.do(); err != nil {
		os.Remove(old) // it is empty again
		return reason(s.at.dir, err)
	}
	return reason(s.at.dir, errors.Join(os.RemoveAll(old), os.Remove(s.dir)))
}

// manifest puts bundel.json in front, or at the end.
func manifest(names []string, inFront bool) []string {
	last := func(name string) int {
		if (name == File) != inFront {
			return 1
		}
		return 0
	}
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(a, b string) int { return last(a) - last(b) })
	return names
}

// moves are renames that belong together: all of them, or none.
type moves [][2]string

func (m *moves) add(from, to string) { *m = append(*m, [2]string{from, to}) }

func (m moves) do() error {
	for i, one := range m {
		if err := patiently(func() error { return os.Rename(one[0], one[1]) }); err != nil {
			for _, done := range slices.Backward(m[:i]) {
				err = errors.Join(err, patiently(func() error { return os.Rename(done[1], done[0]) }))
			}
			return err
		}
	}
	return nil
}

// abandon leaves the place as it was.
func (s *stage) abandon() {
	s.root.Close()
	os.RemoveAll(s.dir)
}
