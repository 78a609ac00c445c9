package update

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// waiting opens the update that waits for somebody in a folder.
func waiting(dir string) (*own, *journal, error) {
	if _, err := Recover(dir); err != nil {
		return nil, nil, err
	}
	d, err := openDisk(dir)
	if err != nil {
		return nil, nil, err
	}
	o, err := openOwn(d)
	if err == nil && o == nil {
		err = NoComponent{dir}
	}
	var j *journal
	if err == nil {
		j, err = o.journalIn(backName)
	}
	if err == nil && j == nil {
		err = ErrNothingPending
	}
	if err != nil {
		d.close()
		return nil, nil, err
	}
	return o, j, nil
}

// Continue ends an update with conflicts: files that still hold markers, and new
// versions that still lie beside a file, are an error that names them.
func Continue(ctx context.Context, dir string) error {
	o, j, err := waiting(dir)
	if err != nil {
		return err
	}
	defer o.disk.close()
	lock, err := o.lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	var left Unresolved
	for _, name := range j.Markers {
		in, err := o.disk.look(name)
		if err != nil {
			return err
		}
		if in.kind != file {
			continue // decided: it is not needed
		}
		body, err := o.disk.read(name, in.info)
		if err != nil {
			return err
		}
		if hasMarkers(body) {
			left.Markers = append(left.Markers, name)
		}
	}
	for _, name := range j.Beside {
		if in, err := o.disk.look(name); err != nil {
			return err
		} else if in.kind != absent && in.kind != blocked {
			left.Beside = append(left.Beside, name)
		}
	}
	if len(left.Markers)+len(left.Beside) > 0 {
		return left
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return applier{own: o}.drop(backName)
}

// hasMarkers says whether a conflict is left in a text. The line between the two
// sides is no sign: in Markdown it is a heading.
func hasMarkers(body []byte) bool {
	for line := range bytes.Lines(body) {
		if bytes.HasPrefix(line, []byte("<<<<<<< ")) || bytes.HasPrefix(line, []byte(">>>>>>> ")) {
			return true
		}
	}
	return false
}

// savedSuffix ends the name of what somebody made of a file since the update
// that is undone.
const savedSuffix = ".bewaard"

// Abort puts every file that the update changed back as it was. What somebody
// made of one since lies beside it then, in the files of saved.
func Abort(ctx context.Context, dir string) (saved []string, err error) { return abort(ctx, dir, nil) }

func abort(ctx context.Context, dir string, before func(operation, name string) error) (saved []string, err error) {
	o, j, err := waiting(dir)
	if err != nil {
		return nil, err
	}
	defer o.disk.close()
	back := &journal{Version: journalVersion, Back: true}
	var writes []op
	for _, one := range j.Ops {
		undone, err := o.undo(one)
		switch {
		case err != nil:
			return nil, err
		case undone.New == "" && undone.Old != "":
			back.Ops = append(back.Ops, undone)
		case undone.Old != undone.New:
			writes = append(writes, undone)
		}
		if undone.Old != "" && undone.Old != undone.New && undone.Old != one.New && !isOwn(one.Path) {
			at, err := o.free(one.Path + savedSuffix)
			if err != nil {
				return nil, err
			}
			saved = append(saved, at)
			writes = append(writes, op{Path: at, New: undone.Old, body: undone.before, Mode: undone.Mode})
		}
	}
	back.Ops = append(back.Ops, writes...)
	return saved, applier{own: o, before: before}.run(ctx, back)
}

// undo is the change that takes another one back.
func (o *own) undo(one op) (op, error) {
	undone := op{Path: one.Path, New: one.Old, Mode: one.Mode}
	in, err := o.disk.look(one.Path)
	if err != nil {
		return undone, err
	}
	switch in.kind {
	case absent, blocked, folder: // a folder that came goes with what is in it, or stops this
	case file:
		body, err := o.disk.read(one.Path, in.info)
		if err != nil {
			return undone, err
		}
		undone.Old, undone.before, undone.seen = plan.SumOf(body), body, in.info
	default:
		if one.Old != "" {
			return undone, base.Fault{Code: base.Link, Path: one.Path}
		}
		return undone, nil
	}
	if one.Old == "" {
		return undone, nil
	}
	where := path.Join(backName, one.Kept)
	undone.body, err = o.readRegular(where, maxFile)
	if errors.Is(err, fs.ErrNotExist) || err == nil && plan.SumOf(undone.body) != one.Old {
		return undone, base.Fault{Code: base.Damaged, Path: path.Join(base.Folder, where)}
	}
	return undone, err
}

// free is a free name that begins so.
func (o *own) free(name string) (string, error) {
	for number := 1; ; number++ {
		at := name
		if number > 1 {
			at = fmt.Sprintf("%s-%d", name, number)
		}
		if in, err := o.disk.look(at); err != nil || in.kind == absent || in.kind == blocked {
			return at, err
		}
	}
}
