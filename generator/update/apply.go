package update

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// applier does an update on disk. Up to the moment that the journal has its
// name nothing has happened; from then on the update is finished, by this
// process or by the next one.
type applier struct {
	own *own
	// before is called before each change on disk; an error takes its place. A
	// test stops there.
	before func(operation, name string) error
}

func (a applier) step(operation, name string) error {
	if a.before == nil {
		return nil
	}
	return a.before(operation, name)
}

// Apply does it, all or nothing: whoever kills it in the middle finds the
// component as it was, or the next command finishes it.
func (u *Update) Apply(ctx context.Context) error { return u.apply(ctx, nil) }

func (u *Update) apply(ctx context.Context, before func(operation, name string) error) error {
	if len(u.Questions) > 0 || len(u.Guesses) > 0 {
		return ErrUndecided
	}
	j := u.journal()
	if len(j.Ops) == 0 {
		return nil
	}
	d, err := openDisk(u.dir)
	if err != nil {
		return err
	}
	defer d.close()
	o, err := openOwn(d)
	if err != nil {
		return err
	}
	if o == nil {
		return NoComponent{u.dir}
	}
	return applier{own: o, before: before}.run(ctx, j)
}

// journal lists what happens on disk: what goes first, so that a folder can
// come in the place of a file; what fieldlab remembers last.
func (u *Update) journal() *journal {
	j := &journal{Version: journalVersion}
	var writes, last []op
	for _, c := range slices.Concat(u.silent, u.Kern.Changes, u.Changes) {
		old := c.oldSum
		if c.Before != nil {
			old = plan.SumOf(c.Before)
		}
		known := op{Old: old, before: c.Before, seen: c.seen, Mode: uint32(c.Mode.Perm())}
		switch {
		case c.Action == Remove:
			known.Path = c.Path
			j.Ops = append(j.Ops, known)
		case c.From != "":
			known.Path = c.From
			j.Ops = append(j.Ops, known)
			if known = (op{Mode: known.Mode}); c.After == nil {
				break // it comes beside what is there
			}
			fallthrough
		case c.Action != Keep:
			known.Path, known.body, known.New = c.Path, c.After, plan.SumOf(c.After)
			known.precious = c.Action == Merge || c.Action == Move || c.Path == plan.AnswersPath
			if isOwn(c.Path) {
				last = append(last, known)
			} else {
				writes = append(writes, known)
			}
		}
		if c.Beside != "" {
			writes = append(writes, op{Path: c.Beside, body: c.fresh, New: plan.SumOf(c.fresh), Mode: 0o644, precious: c.From != ""})
			j.Beside = append(j.Beside, c.Beside)
		}
		if c.Conflicts > 0 {
			j.Markers = append(j.Markers, c.Path)
		}
	}
	j.Ops = slices.Concat(j.Ops, writes, last)
	j.Wait = len(j.Markers)+len(j.Beside) > 0
	return j
}

// run stages, commits and finishes.
func (a applier) run(ctx context.Context, j *journal) error {
	lock, err := a.own.lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := a.free(j); err != nil {
		return err
	}
	if err := a.stage(ctx, j); err != nil {
		return errors.Join(err, a.own.root.RemoveAll(workName))
	}
	if err := a.finish(j, false); err != nil {
		return Unfinished{err}
	}
	return nil
}

// free checks that nothing of another update lies there: since Find another
// command may have been here.
func (a applier) free(j *journal) error {
	other, err := a.own.journalIn(workName)
	if err == nil && other != nil {
		return ErrBusy // killed: the next command finishes it
	}
	if err != nil || j.Back {
		return err
	}
	other, err = a.own.journalIn(backName)
	if err == nil && other != nil {
		return ErrPending
	}
	return err
}

// stage writes everything that comes, checks that nothing changed since, and
// then gives the journal its name.
func (a applier) stage(ctx context.Context, j *journal) error {
	if err := a.step("mkdir", workName); err != nil {
		return err
	}
	if err := a.own.root.RemoveAll(workName); err != nil {
		return err
	}
	for _, folder := range []string{workName, workName + "/" + newFolder, workName + "/" + oldFolder} {
		if err := a.own.root.Mkdir(folder, 0o777); err != nil {
			return err
		}
	}
	work, err := a.own.root.OpenRoot(workName)
	if err != nil {
		return err
	}
	defer work.Close()
	if err := a.contents(ctx, work, j); err != nil {
		return err
	}
	if err := a.unchanged(j); err != nil {
		return err
	}
	if err := a.writable(j); err != nil {
		return err
	}
	body, err := j.encode()
	if err != nil {
		return err
	}
	const unnamed = journalName + ".deel"
	if err := a.step("journal", unnamed); err != nil {
		return err
	}
	if err := writeFile(work, unnamed, body, 0o644, true); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := a.step("commit", journalName); err != nil {
		return err
	}
	if err := work.Rename(unnamed, journalName); err != nil {
		return err
	}
	syncFolder(work)
	return nil
}

// contents writes what comes, and with conflicts what was.
func (a applier) contents(ctx context.Context, work *os.Root, j *journal) error {
	fresh, err := work.OpenRoot(newFolder)
	if err != nil {
		return err
	}
	defer fresh.Close()
	kept, err := work.OpenRoot(oldFolder)
	if err != nil {
		return err
	}
	defer kept.Close()
	for i := range j.Ops {
		one := &j.Ops[i]
		if err := ctx.Err(); err != nil {
			return err
		}
		name := fmt.Sprintf("%06d", i)
		if j.Wait && one.Old != "" {
			if err := a.keep(kept, name, one); err != nil {
				return err
			}
			one.Kept = oldFolder + "/" + name
		}
		if one.New == "" {
			continue
		}
		if err := a.step("write", one.Path); err != nil {
			return err
		}
		one.Staged = newFolder + "/" + name
		if err := stageFile(fresh, name, one); err != nil {
			return fmt.Errorf("%s: %w", one.Path, err)
		}
	}
	return nil
}

// keep writes the old content of a file, to go back to.
func (a applier) keep(kept *os.Root, name string, one *op) error {
	if err := a.step("keep", one.Path); err != nil {
		return err
	}
	body := one.before
	if body == nil {
		in, err := a.own.disk.look(one.Path)
		if err != nil {
			return err
		}
		if in.kind != file {
			return Changed{[]string{one.Path}}
		}
		if body, err = a.own.disk.read(one.Path, in.info); err != nil {
			return err
		}
		if plan.SumOf(body) != one.Old {
			return Changed{[]string{one.Path}}
		}
	}
	return writeFile(kept, name, body, 0o644, false)
}

// unchanged checks that every file still is what was read.
func (a applier) unchanged(j *journal) error {
	var changed []string
	goes := map[string]bool{}
	for _, one := range j.Ops {
		goes[one.Path] = goes[one.Path] || one.New == ""
	}
	for _, one := range j.Ops {
		in, err := a.own.disk.look(one.Path)
		if err != nil {
			return err
		}
		same := in.kind == absent && one.Old == ""
		if (in.kind == blocked || in.kind == folder) && one.Old == "" && one.New != "" {
			if same, err = a.own.disk.freed(in, goes); err != nil {
				return err
			}
		}
		if in.kind == file && one.seen != nil {
			same = unchangedFile(in.info, one.seen)
		}
		if !same {
			changed = append(changed, one.Path)
		}
	}
	if len(changed) > 0 {
		return Changed{changed}
	}
	return nil
}

// unchangedFile says whether a file is what it was when it was read.
func unchangedFile(now, seen fs.FileInfo) bool {
	return now.Size() == seen.Size() && now.ModTime().Equal(seen.ModTime()) && os.SameFile(now, seen)
}

// writable tries each folder in which something changes, before anything does.
func (a applier) writable(j *journal) error {
	tried := map[string]bool{}
	for _, one := range j.Ops {
		for folder := path.Dir(one.Path); !tried[folder]; folder = path.Dir(folder) {
			tried[folder] = true
			opened, _, err := a.own.disk.enter(folder)
			if err != nil {
				return err
			}
			if opened == nil {
				continue // it comes, in the folder above
			}
			if err := a.step("try", folder); err != nil {
				return err
			}
			if err := a.tryFolder(folder, opened); err != nil {
				return atPath(folder, err)
			}
			break
		}
	}
	return nil
}

// probe is the name of a file that is put in a folder for a moment.
const probe = ".fieldlab-proef"

// triedName holds the name of that folder.
const triedName = "proef"

func (a applier) tryFolder(folder string, opened *os.Root) error {
	staged := path.Join(base.Folder, workName, probe)
	if err := writeFile(a.own.root, path.Join(workName, probe), nil, 0o644, false); err != nil {
		return err
	}
	// Killed between the two, the next command knows where to look.
	if err := a.own.root.WriteFile(path.Join(workName, triedName), []byte(folder), 0o644); err != nil {
		return err
	}
	target := path.Join(folder, probe)
	if err := a.own.disk.root.Rename(staged, target); err != nil {
		return errors.Join(atPath(folder, err), a.own.root.Remove(path.Join(workName, probe)))
	}
	return errors.Join(a.step("tried", folder), opened.Remove(probe))
}

// writeFile writes a file that is not there yet. The mode of one that was there
// stays; else the umask decides.
func writeFile(in *os.Root, name string, body []byte, mode fs.FileMode, sync bool) (err error) {
	f, err := create(in, name, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(body); err != nil {
		return err
	}
	if sync {
		return f.Sync()
	}
	return nil
}

func create(in *os.Root, name string, mode fs.FileMode) (*os.File, error) {
	wide := fs.FileMode(0o666)
	if mode&0o111 != 0 {
		wide = 0o777
	}
	return in.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, wide)
}

// syncFolder makes names durable where the system can.
func syncFolder(in *os.Root) {
	if f, err := in.Open("."); err == nil {
		_ = f.Sync()
		f.Close()
	}
}

// stageFile writes what comes. Only what holds work of the team is made durable
// at once: the rest can be made again, and there is much of it.
func stageFile(in *os.Root, name string, one *op) (err error) {
	f, err := create(in, name, fs.FileMode(one.Mode))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(one.body); err != nil {
		return err
	}
	if one.Old != "" || one.Mode != 0o644 && one.Mode != 0o755 { // the mode that the team gave it
		if err := f.Chmod(fs.FileMode(one.Mode)); err != nil {
			return err
		}
	}
	if one.precious {
		return f.Sync()
	}
	return nil
}
