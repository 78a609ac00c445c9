package update

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// Recover finishes an update that was killed after its journal was complete, and
// clears away one that was killed before. Finished says that it was the first.
func Recover(dir string) (finished bool, err error) {
	d, err := openDisk(dir)
	if err != nil {
		return false, err
	}
	defer d.close()
	o, err := openOwn(d)
	if err != nil || o == nil {
		return false, err
	}
	if _, err := o.root.Lstat(workName); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	lock, err := o.lock()
	if err != nil {
		return false, err
	}
	defer lock.Close()
	j, err := o.journalIn(workName)
	if err != nil {
		return false, err
	}
	if j == nil {
		return false, errors.Join(o.clearProbe(), o.root.RemoveAll(workName))
	}
	if err := o.sound(j); err != nil {
		return false, err
	}
	if err := (applier{own: o}).finish(j, true); err != nil {
		return false, Unfinished{err}
	}
	return true, nil
}

// clearProbe removes the file that a killed update tried a folder with.
func (o *own) clearProbe() error {
	folder, err := o.readRegular(path.Join(workName, triedName), 1<<12)
	if err != nil {
		return nil //nolint:nilerr // it tried none
	}
	name := path.Join(string(folder), probe)
	if plan.CheckPath(name) != nil {
		return nil //nolint:nilerr // no update wrote that
	}
	in, err := o.disk.look(name)
	if err != nil || in.kind != file || in.info.Size() > 0 {
		return err
	}
	parent, _, err := o.disk.enter(path.Dir(name))
	if err != nil || parent == nil {
		return err
	}
	return parent.Remove(probe)
}

// sound checks that what is staged is what the journal says.
func (o *own) sound(j *journal) error {
	for _, one := range j.Ops {
		if one.Staged == "" {
			continue
		}
		body, err := o.readRegular(path.Join(workName, one.Staged), maxFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has its place already
		}
		if err != nil {
			return err
		}
		if plan.SumOf(body) != one.New {
			return base.Fault{Code: base.WrongSum, Path: path.Join(base.Folder, workName, one.Staged)}
		}
	}
	return nil
}

// finish puts everything in its place. Done again it does what was left. After a
// kill somebody may have worked on: then each file is looked at first.
func (a applier) finish(j *journal, again bool) error {
	for _, one := range j.Ops {
		if err := a.step("place", one.Path); err != nil {
			return err
		}
		if err := a.place(one, again); err != nil {
			return atPath(one.Path, err)
		}
	}
	syncFolder(a.own.root)
	if err := a.step("end", workName); err != nil {
		return err
	}
	if j.Back {
		if err := a.drop(backName); err != nil {
			return err
		}
	}
	if j.Wait {
		return a.leave()
	}
	return a.drop(workName)
}

// drop removes a folder of .fieldlab, its journal first: without that it is
// nothing.
func (a applier) drop(name string) error {
	if err := a.own.root.Remove(path.Join(name, journalName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := a.step("drop", name); err != nil {
		return err
	}
	return a.own.root.RemoveAll(name)
}

// leave keeps journal and old files until the conflicts are settled. Git has no
// business with them.
func (a applier) leave() error {
	ignore := path.Join(workName, ".gitignore")
	if err := a.own.root.WriteFile(ignore, []byte("*\n"), 0o644); err != nil {
		return err
	}
	if err := a.step("leave", backName); err != nil {
		return err
	}
	if err := a.own.root.RemoveAll(backName); err != nil {
		return err
	}
	return a.own.root.Rename(workName, backName)
}

// place does one change.
func (a applier) place(one op, again bool) error {
	d := a.own.disk
	mine, done, err := a.state(one, again)
	switch {
	case err != nil || done:
		return err
	case mine && one.New == "":
		return nil // somebody worked on it: it stays
	case mine:
		if one.Path, err = a.own.free(one.Path + besideSuffix); err != nil {
			return err
		}
	}
	parent, _, err := d.enter(path.Dir(one.Path))
	if err != nil {
		return err
	}
	if one.New == "" {
		if parent == nil {
			return nil
		}
		if err := parent.Remove(path.Base(one.Path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return a.prune(path.Dir(one.Path))
	}
	if parent == nil {
		if err := a.makeFolder(path.Dir(one.Path)); err != nil {
			return err
		}
	}
	// A folder in its place is empty by now, or this fails.
	if in, err := d.look(one.Path); err == nil && in.kind == folder {
		if err := a.emptied(one.Path); err != nil {
			return err
		}
	}
	return d.root.Rename(path.Join(base.Folder, workName, one.Staged), one.Path)
}

// state says of a change that may be half done: done, or that the file is
// neither what it was nor what it becomes, and so somebody's work. Before a kill
// that is what was saved since the update was found.
func (a applier) state(one op, again bool) (mine, done bool, err error) {
	d := a.own.disk
	sum := ""
	in, err := d.look(one.Path)
	switch {
	case err != nil:
		return false, false, err
	case in.kind == other && one.New != "" && again:
		_, err = a.own.root.Lstat(path.Join(workName, one.Staged))
		return true, errors.Is(err, fs.ErrNotExist), nil
	case in.kind == other:
		return true, false, nil
	case !again:
		return in.kind == file && (one.seen == nil || !unchangedFile(in.info, one.seen)), false, nil
	}
	if in.kind == file {
		body, err := d.read(one.Path, in.info)
		if err != nil {
			return false, false, err
		}
		sum = plan.SumOf(body)
	}
	if one.New == "" {
		return sum != one.Old, sum == "", nil
	}
	_, err = a.own.root.Lstat(path.Join(workName, one.Staged))
	if errors.Is(err, fs.ErrNotExist) {
		return false, true, nil
	}
	return sum != one.Old && sum != one.New, false, err
}

// makeFolder makes what is missing of a folder. What is there has to be one.
func (a applier) makeFolder(name string) error {
	at := ""
	for part := range strings.SplitSeq(name, "/") {
		above, _, err := a.own.disk.enter(path.Dir(path.Join(at, part)))
		at = path.Join(at, part)
		if err != nil {
			return err
		}
		opened, in, err := a.own.disk.enter(at)
		switch {
		case err != nil:
			return err
		case opened != nil:
			continue
		case in.kind == blocked || above == nil:
			return &fs.PathError{Op: "mkdir", Path: at, Err: fs.ErrExist}
		}
		if err := above.Mkdir(path.Base(at), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// prune removes folders that are empty now, upwards; .fieldlab is open and stays.
func (a applier) prune(name string) error {
	for ; name != "." && name != base.Folder; name = path.Dir(name) {
		if removed, err := a.removeFolder(name); err != nil || !removed {
			return err
		}
	}
	return nil
}

// removeFolder removes a folder when nothing is in it.
func (a applier) removeFolder(name string) (removed bool, err error) {
	parent, _, err := a.own.disk.enter(path.Dir(name))
	if err != nil || parent == nil {
		return false, err
	}
	a.own.disk.forget(name)
	return parent.Remove(path.Base(name)) == nil, nil
}

// emptied removes a folder with nothing but empty folders in it.
func (a applier) emptied(name string) error {
	opened, _, err := a.own.disk.enter(name)
	if err != nil || opened == nil {
		return err
	}
	entries, err := fs.ReadDir(opened.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			return &fs.PathError{Op: "rename", Path: name, Err: os.ErrExist}
		}
		if err := a.emptied(path.Join(name, entry.Name())); err != nil {
			return err
		}
	}
	_, err = a.removeFolder(name)
	return err
}
