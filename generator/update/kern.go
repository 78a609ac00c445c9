package update

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// kernFile is a file of kern on disk.
type kernFile struct {
	sum  string
	info fs.FileInfo
	same bool // as fieldlab makes it now
}

// compareKern decides on kern. One that nobody edited is replaced as a whole;
// else each file is looked at by itself.
func (f *finder) compareKern(ctx context.Context) error {
	w := kernWalk{f: f, ctx: ctx, files: map[string]kernFile{}}
	root, in, err := f.disk.enter(plan.KernFolder)
	if err != nil {
		return err
	}
	if root != nil {
		if err := w.folder(root, plan.KernFolder); err != nil {
			return err
		}
	} else if in.kind == blocked {
		w.odd = true
	}
	sums := make(map[string]string, len(w.files))
	for name, file := range w.files {
		sums[name] = file.sum
	}
	untouched := !w.odd && plan.KernSumOf(sums) == f.base.Manifest.Kern
	for _, name := range f.kernPaths(w.files) {
		if plan.Takes(f.taken, f.packages, name) {
			continue // decided with the rooms
		}
		if err := f.decideKern(name, w.files, untouched); err != nil {
			return err
		}
	}
	return nil
}

// kernPaths are those on disk, in the base and in the plan.
func (f *finder) kernPaths(onDisk map[string]kernFile) []string {
	var paths []string
	for name := range onDisk {
		paths = append(paths, name)
	}
	for name := range f.base.Kern {
		paths = append(paths, name)
	}
	for _, file := range f.fresh {
		if file.Owner == plan.Kern {
			paths = append(paths, file.Path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// decideKern decides on one file of kern.
func (f *finder) decideKern(name string, onDisk map[string]kernFile, untouched bool) error {
	here, exists := onDisk[name]
	was, had := f.base.Kern[name]
	fresh := f.fresh.Find(name)
	plain := untouched || name == plan.VersionPath || exists && had && here.sum == was.SHA256
	switch {
	case !plain && !had && fresh == nil:
		return nil // of the team alone
	case !plain:
		return f.three(three{path: name, fresh: fresh, sum: was.SHA256, lines: was.Lines})
	case fresh == nil && exists:
		f.removed[name] = true
		f.quietly(Change{Path: name, Action: Remove, seen: here.info, oldSum: here.sum})
	case fresh != nil && !exists:
		in, err := f.disk.look(name)
		if err != nil {
			return err
		}
		return f.add(fresh, in)
	case fresh != nil && !here.same:
		change := Change{Path: name, Action: Replace, After: fresh.Body, Mode: here.info.Mode().Perm(), seen: here.info, oldSum: here.sum}
		f.quietly(change)
	}
	return nil
}

// quietly takes up a change that says nothing to people by itself.
func (f *finder) quietly(c Change) {
	f.u.silent = append(f.u.silent, c)
	if isKern(c.Path) && c.Path != plan.VersionPath {
		f.u.Kern.Files++
	}
}

// kernWalk reads kern on disk, each file once.
type kernWalk struct {
	f     *finder
	ctx   context.Context
	files map[string]kernFile
	odd   bool // something is there that is no file
	body  bytes.Buffer
}

func (w *kernWalk) folder(root *os.Root, name string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		at := path.Join(name, entry.Name())
		switch {
		case plan.Takes(w.f.base.Manifest.Taken, w.f.packages, at) && !entry.IsDir():
		case entry.IsDir():
			below, _, err := w.f.disk.enter(at)
			if err == nil && below != nil {
				err = w.folder(below, at)
			}
			if err != nil {
				return err
			}
		case entry.Type().IsRegular():
			if err := w.file(root, entry.Name(), at); err != nil {
				return err
			}
		default:
			w.odd = true
		}
	}
	return nil
}

func (w *kernWalk) file(root *os.Root, name, at string) error {
	file, err := root.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	w.body.Reset()
	if _, err := w.body.ReadFrom(io.LimitReader(file, maxFile)); err != nil {
		return err
	}
	fresh := w.f.fresh.Find(at)
	w.files[at] = kernFile{
		sum:  plan.SumOf(w.body.Bytes()),
		info: info,
		same: fresh != nil && bytes.Equal(fresh.Body, w.body.Bytes()),
	}
	return nil
}
