package update

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// Committed is the commit that Commit made.
type Committed struct {
	Hash    string
	Branch  string // that it is on: the new one, or the one that is checked out
	Persons repository.Persons
}

// CanCommit says early whether Commit would refuse: an error of type
// repository.Obstacle, or repository.ErrNone.
func (u *Update) CanCommit(branch string) error {
	work, err := repository.Open(u.dir)
	if err != nil {
		return err
	}
	defer work.Close()
	return work.CanCommit(branch)
}

// Commit makes a commit of what the update changed, with the answers that it came
// from, and of nothing else, after Apply: on the branch that is checked out, or on
// a new one.
func (u *Update) Commit(branch, message string, when time.Time, env func(key string) string) (Committed, error) {
	work, err := repository.Open(u.dir)
	if err != nil {
		return Committed{}, err
	}
	defer work.Close()
	d, err := openDisk(u.dir)
	if err != nil {
		return Committed{}, err
	}
	defer d.close()
	changes, err := u.changed(d, work)
	if err != nil {
		return Committed{}, err
	}
	place := work.Place(branch)
	done := Committed{Branch: place.Branch, Persons: repository.Identify(env, place)}
	done.Hash, err = work.Commit(changes, branch, repository.Options{
		Author: done.Persons.Author, Committer: done.Persons.Committer, Message: message, When: when,
	})
	return done, err
}

// changed reads what the update changed, as it lies on disk. What the team keeps
// out of Git, such as a file that is ignored, stays out of it.
func (u *Update) changed(d *disk, work *repository.Work) ([]repository.Change, error) {
	ops := u.journal().Ops
	was := map[string]string{plan.AnswersPath: plan.AnswersPath} // edited by hand, it is no change of ours
	for _, one := range ops {
		if was[one.Path] = ""; one.Old != "" {
			was[one.Path] = one.Path
		}
	}
	for _, c := range slices.Concat(u.Changes, u.Kern.Changes) {
		if c.From != "" {
			was[c.Path] = c.From
		}
	}
	tracked, err := work.Tracked(slices.Collect(maps.Values(was)))
	if err != nil {
		return nil, err
	}
	unix := d.textAuto()
	var changes []repository.Change
	for name, from := range was {
		if from != "" && from != plan.AnswersPath && !tracked[from] {
			continue
		}
		in, err := d.look(name)
		if err != nil {
			return nil, err
		}
		change := repository.Change{File: repository.File{Path: name}, Gone: true}
		if in.kind == file {
			body, err := d.read(name, in.info)
			if err != nil {
				return nil, err
			}
			if unix && base.IsText(body) && !isOwn(name) {
				body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
			}
			change = repository.Change{File: repository.File{Path: name, Executable: in.info.Mode()&0o111 != 0, Body: body, Info: in.info}}
		}
		changes = append(changes, change)
	}
	slices.SortFunc(changes, func(a, b repository.Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes, nil
}

// textAuto says whether .gitattributes is as in every component: in Git lines end
// in a newline, whatever they end in on disk.
func (d *disk) textAuto() bool {
	in, err := d.look(".gitattributes")
	if err != nil || in.kind != file {
		return false
	}
	body, err := d.read(".gitattributes", in.info)
	return err == nil && bytes.Contains(body, []byte("* text=auto"))
}

// Paths are those of the files that change on disk, also in kern and in
// .fieldlab, by folder and name.
func (u *Update) Paths() []string {
	var paths []string
	for _, one := range u.journal().Ops {
		paths = append(paths, one.Path)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
