// Package tree writes a plan to disk, all or nothing: everything is written in
// a folder of its own beside the target and appears there with one rename. All
// writes go through os.Root, so that no path and no symbolic link leads outside.
package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// ErrNotEmpty says that the target already holds something.
var ErrNotEmpty = errors.New("the folder is not empty")

// Report is what was written.
type Report struct {
	Dir   string // absolute path of the component
	Files int
	Bytes int64
}

// Stage is a written tree that has not appeared at its place yet.
type Stage struct {
	Dir   string        // where it lies for now
	Root  *os.Root      // the same, to write in
	Infos []fs.FileInfo // of each file of the plan, in its order
}

// Write writes the plan to dir, which must be absent or empty. When finish is
// given it may add to the stage (the first commit) before that appears at dir.
// Whatever goes wrong, and when ctx ends, dir is as it was.
func Write(ctx context.Context, dir string, p plan.Plan, finish func(*Stage) error) (Report, error) {
	return writer{finish: finish, durable: true}.write(ctx, dir, p)
}

// WriteBeside is Write for a folder in which something may lie already. Durable says
// that the answers have to survive a power failure right after this. Waiting for the
// disk takes longer than all the rest: who makes a hundred components from a file
// that lies elsewhere does not.
func WriteBeside(ctx context.Context, dir string, p plan.Plan, beside Beside, durable bool, finish func(*Stage) error) (Report, error) {
	return writer{finish: finish, beside: beside, durable: durable}.write(ctx, dir, p)
}

// writer carries what a test replaces.
type writer struct {
	finish  func(*Stage) error
	beside  Beside
	durable bool
	// before is called before each change on disk; an error takes its place.
	before func(operation, name string) error
}

func (w writer) write(ctx context.Context, dir string, p plan.Plan) (report Report, err error) {
	target, err := targetOf(dir, w.beside)
	if err != nil {
		return Report{}, err
	}
	made, err := w.makeParents(target.parent())
	if err != nil {
		return Report{}, err
	}
	defer func() {
		if err != nil {
			removeEmpty(made)
		}
	}()
	home, err := w.openStaging(target)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, home.close()) }()

	stage, err := w.fill(ctx, home, p)
	if err != nil {
		return Report{}, err
	}
	report = Report{Dir: target.path, Files: len(p)}
	for _, info := range stage.Infos {
		report.Bytes += info.Size()
	}
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	return report, w.appear(home, target)
}

// fill writes the plan in the staging folder and lets finish add to it.
func (w writer) fill(ctx context.Context, home *staging, p plan.Plan) (*Stage, error) {
	if err := w.step("mkdir", treeName); err != nil {
		return nil, err
	}
	if err := home.root.Mkdir(treeName, 0o777); err != nil {
		return nil, err
	}
	root, err := home.root.OpenRoot(treeName)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	stage := &Stage{Dir: filepath.Join(home.path, treeName), Root: root, Infos: make([]fs.FileInfo, len(p))}
	if err := w.writeFiles(ctx, root, p, stage.Infos); err != nil {
		return nil, err
	}
	if w.finish != nil {
		if err := w.step("finish", "."); err != nil {
			return nil, err
		}
		if err := w.finish(stage); err != nil {
			return nil, err
		}
	}
	return stage, nil
}

// writeFiles writes each file, which are sorted by path. It keeps the folders
// on the way to the current file open: walking down from the root for every
// file costs more than the write itself.
func (w writer) writeFiles(ctx context.Context, root *os.Root, p plan.Plan, infos []fs.FileInfo) error {
	open := folders{names: []string{""}, roots: []*os.Root{root}}
	defer open.closeTo(0)
	for i, file := range p {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := plan.CheckPath(file.Path); err != nil {
			return err
		}
		folder, err := w.enter(&open, path.Dir(file.Path))
		if err != nil {
			return err
		}
		if infos[i], err = w.writeFile(folder, file); err != nil {
			return fmt.Errorf("%s: %w", file.Path, err)
		}
	}
	return nil
}

func (w writer) writeFile(folder *os.Root, file plan.File) (info fs.FileInfo, err error) {
	if err := w.step("write", file.Path); err != nil {
		return nil, err
	}
	mode := fs.FileMode(0o666)
	if file.Mode&0o111 != 0 {
		mode = 0o777
	}
	f, err := folder.OpenFile(path.Base(file.Path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(file.Body); err != nil {
		return nil, err
	}
	if file.Path == plan.AnswersPath && w.durable {
		// The rest can be generated again from what people took an hour to
		// answer: that must survive a power failure right after this.
		if err := w.step("sync", file.Path); err != nil {
			return nil, err
		}
		if err := f.Sync(); err != nil {
			return nil, err
		}
	}
	return f.Stat()
}

// folders is the chain of open folders from the root to the current one.
type folders struct {
	names []string // names[0] is "", the root
	roots []*os.Root
}

// closeTo closes the deepest folders until keep+1 are left.
func (f *folders) closeTo(keep int) {
	for len(f.roots) > keep+1 {
		last := len(f.roots) - 1
		f.roots[last].Close()
		f.names, f.roots = f.names[:last], f.roots[:last]
	}
}

// enter opens the folder, makes what is missing of it, and closes what is no
// longer on the way.
func (w writer) enter(open *folders, name string) (*os.Root, error) {
	var want []string
	if name != "." {
		want = strings.Split(name, "/")
	}
	shared := 0
	for shared < len(want) && shared+1 < len(open.names) && open.names[shared+1] == want[shared] {
		shared++
	}
	open.closeTo(shared)
	for depth := shared; depth < len(want); depth++ {
		parent := open.roots[depth]
		if err := w.step("mkdir", strings.Join(want[:depth+1], "/")); err != nil {
			return nil, err
		}
		if err := parent.Mkdir(want[depth], 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		child, err := parent.OpenRoot(want[depth])
		if err != nil {
			return nil, err
		}
		open.names, open.roots = append(open.names, want[depth]), append(open.roots, child)
	}
	return open.roots[len(want)], nil
}

func (w writer) step(operation, name string) error {
	if w.before == nil {
		return nil
	}
	return w.before(operation, name)
}
