package tree

import (
	"bytes"
	"cmp"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// Memory shows a plan as a read-only file system, for a dry run, a comparison
// or a test that wants no disk.
func Memory(p plan.Plan) fs.FS {
	m := memory{files: map[string]plan.File{}, folders: map[string][]fs.DirEntry{".": nil}}
	for _, file := range p {
		m.files[file.Path] = file
		m.list(file.Path, entry{file: file, name: path.Base(file.Path)})
	}
	for folder, entries := range m.folders {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
		m.folders[folder] = entries
	}
	return m
}

type memory struct {
	files   map[string]plan.File
	folders map[string][]fs.DirEntry
}

// list adds an entry to its folder, and the folder to its own.
func (m memory) list(name string, e entry) {
	folder := path.Dir(name)
	_, known := m.folders[folder]
	m.folders[folder] = append(m.folders[folder], e)
	if !known {
		m.list(folder, entry{name: path.Base(folder), folder: true})
	}
}

// Open is part of fs.FS.
func (m memory) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if file, found := m.files[name]; found {
		return &openFile{entry: entry{file: file, name: path.Base(name)}, Reader: bytes.NewReader(file.Body)}, nil
	}
	if entries, found := m.folders[name]; found {
		return &openFolder{entry: entry{name: path.Base(name), folder: true}, rest: entries}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadFile is part of fs.ReadFileFS.
func (m memory) ReadFile(name string) ([]byte, error) {
	if file, found := m.files[name]; found {
		return bytes.Clone(file.Body), nil
	}
	return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
}

// entry describes a file or folder; it is both fs.DirEntry and fs.FileInfo.
type entry struct {
	name   string
	file   plan.File
	folder bool
}

func (e entry) Name() string               { return e.name }
func (e entry) Size() int64                { return int64(len(e.file.Body)) }
func (e entry) ModTime() time.Time         { return time.Time{} }
func (e entry) IsDir() bool                { return e.folder }
func (e entry) Sys() any                   { return nil }
func (e entry) Type() fs.FileMode          { return e.Mode().Type() }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }

func (e entry) Mode() fs.FileMode {
	if e.folder {
		return fs.ModeDir | 0o755
	}
	return e.file.Mode
}

type openFile struct {
	entry
	*bytes.Reader
}

func (f *openFile) Size() int64                { return f.entry.Size() }
func (f *openFile) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *openFile) Close() error               { return nil }

type openFolder struct {
	entry
	rest []fs.DirEntry
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
}

// ReadDir is part of fs.ReadDirFile.
func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		entries := slices.Clone(f.rest)
		f.rest = nil
		return entries, nil
	}
	if len(f.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.rest))
	entries := slices.Clone(f.rest[:n])
	f.rest = f.rest[n:]
	return entries, nil
}
