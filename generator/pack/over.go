package pack

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

// Over is the built-in pack with this one laid over it.
func (p *Pack) Over(built fs.FS) fs.FS {
	o := &over{built: built, pack: p, folders: map[string][]string{}, away: map[string]bool{}}
	for _, name := range p.Paths() {
		output := outputOf(name)
		o.away[output], o.away[output+render.Suffix] = true, true
		for at := name; at != "."; at = path.Dir(at) {
			folder := path.Dir(at)
			if !slices.Contains(o.folders[folder], path.Base(at)) {
				o.folders[folder] = append(o.folders[folder], path.Base(at))
			}
		}
	}
	return o
}

// Replaces gives the file of the built-in pack in whose place a file of this one
// comes; "" when it is an addition.
func Replaces(built fs.FS, name string) string {
	for _, other := range []string{outputOf(name), outputOf(name) + render.Suffix} {
		if info, err := fs.Stat(built, other); err == nil && !info.IsDir() {
			return other
		}
	}
	return ""
}

// Against holds the pack against the built-in one: a file that differs from one of
// ours in case only is the same file on some laptops, and a file cannot come in the
// place of a folder.
func (p *Pack) Against(built fs.FS) (found problem.List) {
	folded, isDir := map[string]string{}, map[string]bool{}
	_ = fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && name != "." {
			folded[plan.Fold(outputOf(name))] = outputOf(name)
			isDir[outputOf(name)] = entry.IsDir()
		}
		return err
	})
	for _, name := range p.Paths() {
		for at := outputOf(name); at != "."; at = path.Dir(at) {
			if ours, there := folded[plan.Fold(at)]; there && ours != at {
				found = append(found, problem.New(problem.PackCase, "", ours).At(FilesFolder+"/"+name, 0, 0))
				break
			}
			if folder, there := isDir[at]; there && folder != (at != outputOf(name)) {
				found = append(found, problem.New(problem.PackInTheWay, "", at).At(FilesFolder+"/"+name, 0, 0))
				break
			}
		}
	}
	return found
}

// over is one pack laid over another.
type over struct {
	built   fs.FS
	pack    *Pack
	folders map[string][]string // names of the pack in each of its folders
	away    map[string]bool     // of the built-in pack
}

// Open is part of fs.FS.
func (o *over) Open(name string) (fs.File, error) {
	if body, own := o.pack.files[name]; own {
		return &file{info: info{path.Base(name), int64(len(body)), 0o444}, Reader: bytes.NewReader(body)}, nil
	}
	if o.away[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	opened, err := o.built.Open(name)
	if err != nil && o.folders[name] != nil {
		return &file{info: info{path.Base(name), 0, fs.ModeDir | 0o555}, Reader: bytes.NewReader(nil)}, nil
	}
	return opened, err
}

// ReadFile is part of fs.ReadFileFS.
func (o *over) ReadFile(name string) ([]byte, error) {
	if body, own := o.pack.files[name]; own {
		return bytes.Clone(body), nil
	}
	if o.away[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return fs.ReadFile(o.built, name)
}

// ReadDir is part of fs.ReadDirFS.
func (o *over) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.built, name)
	own := o.folders[name]
	if err != nil && own == nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return o.away[path.Join(name, e.Name())] || slices.Contains(own, e.Name()) && !e.IsDir()
	})
	for _, base := range own {
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == base }) {
			one, err := fs.Stat(o, path.Join(name, base))
			if err != nil {
				return nil, err
			}
			entries = append(entries, fs.FileInfoToDirEntry(one))
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// file is an opened file or folder of the pack.
type file struct {
	info info
	*bytes.Reader
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

var _ io.ReadCloser = (*file)(nil)

type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }
