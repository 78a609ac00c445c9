package update

import (
	"cmp"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// CanCommit says before Apply whether Commit would refuse: repository.ErrNone, or
// a repository.Obstacle.
func (u *Update) CanCommit(branch string) error {
	work, err := repository.Open(u.dir)
	if err != nil {
		return err
	}
	defer work.Close()
	return work.CanCommit(branch)
}

// Committed is what Commit made.
type Committed struct {
	Hash, Branch string
	Persons      repository.Persons
}

// Commit makes a commit of what Apply changed, with the answers that it came
// from. Nothing else that lies in the component goes along. With a branch it
// comes on a new one.
func (u *Update) Commit(branch, message string, env func(string) string, when time.Time) (made Committed, err error) {
	work, err := repository.Open(u.dir)
	if err != nil {
		return made, err
	}
	defer work.Close()
	changes, err := u.lying()
	if err != nil {
		return made, err
	}
	place := work.Place(branch)
	made.Branch, made.Persons = cmp.Or(branch, place.Branch), repository.Identify(env, place)
	made.Hash, err = work.Commit(changes, branch, repository.Options{
		Author: made.Persons.Author, Committer: made.Persons.Committer, Message: message + "\n", When: when,
	})
	return made, err
}

// lying are the files of the update as they lie on disk now.
func (u *Update) lying() ([]repository.Change, error) {
	d, err := openDisk(u.dir)
	if err != nil {
		return nil, err
	}
	defer d.close()
	paths := []string{plan.AnswersPath}
	for _, one := range u.journal().Ops {
		paths = append(paths, one.Path)
	}
	slices.Sort(paths)
	var changes []repository.Change
	for _, name := range slices.Compact(paths) {
		in, err := d.look(name)
		if err != nil {
			return nil, err
		}
		change := repository.Change{File: repository.File{Path: name}, Gone: in.kind != file}
		if in.kind == file {
			if change.Body, err = d.read(name, in.info); err != nil {
				return nil, err
			}
			change.Executable, change.Info = in.info.Mode()&0o111 != 0, in.info
		}
		changes = append(changes, change)
	}
	return changes, nil
}
