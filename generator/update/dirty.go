package update

import (
	"bytes"
	"errors"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// uncommitted finds the files that change and hold edits which are in no commit:
// what differs both from the last commit and from what fieldlab wrote, alone or
// together with what the team had: one change can follow another. Without a
// repository, or with one that cannot be read, there is nothing to say.
func (f *finder) uncommitted() error {
	touched := map[string]Change{}
	for _, c := range slices.Concat(f.u.Changes, f.u.Kern.Changes) {
		path := c.Path
		if c.From != "" {
			path = c.From
		}
		if c.Before == nil || c.Action == Keep {
			continue
		}
		if sum := plan.SumOf(c.Before); sum != f.wasSum(path) && sum != f.was[path].Written {
			touched[path] = c
		}
	}
	if len(touched) == 0 {
		return nil
	}
	work, err := repository.Open(f.r.Dir)
	if err != nil {
		return nil
	}
	defer work.Close()
	var paths []string
	for path := range touched {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	committed, err := work.Committed(paths)
	if errors.As(err, new(repository.Obstacle)) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, path := range paths {
		body := touched[path].Before
		unix := bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
		if at := committed[path]; at != repository.Hash(body) && at != repository.Hash(unix) {
			f.u.Dirty = append(f.u.Dirty, path)
		}
	}
	return nil
}

// wasSum is the sum of a file in the base; "" when fieldlab did not write it.
func (f *finder) wasSum(path string) string {
	if row, had := f.was[path]; had {
		return row.SHA256
	}
	return f.base.Kern[path].SHA256
}
