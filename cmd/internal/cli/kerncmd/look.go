package kerncmd

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// Status is what a team did with kern, also as --json gives it.
type Status struct {
	Fieldlab string   `json:"fieldlab"` // version that kern is of
	Taken    []string `json:"taken"`    // packages that are the team's
	Changed  []string `json:"changed"`  // files that were edited; not those of taken packages
	Added    []string `json:"added"`
	Missing  []string `json:"missing"`

	// A component from before this remembers one sum of all of kern: whether it
	// differs is known, and where is not.
	Unnamed bool `json:"unnamed,omitempty"`
	Differs bool `json:"differs"`

	all []string // packages
}

func (s *Status) edited() bool { return s.Differs }

// packages are those with edited files.
func (s *Status) packages() []string {
	var names []string
	for _, file := range slices.Concat(s.Changed, s.Added, s.Missing) {
		if name := plan.PackageOf(s.all, file); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// look compares kern in a folder with what fieldlab wrote there.
func look(d evolve.Deps, dir string) (*Status, error) {
	if err := evolve.Recover(d, dir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, evolve.Failed(d, dir, err)
	}
	defer root.Close()
	manifest, err := base.ReadManifest(root.FS())
	if err != nil {
		return nil, unreadable(d, dir, err)
	}
	files, sums, err := read(root)
	if err != nil {
		return nil, evolve.Failed(d, dir, err)
	}
	s := &Status{Fieldlab: manifest.Generator, Taken: orNone(manifest.Taken), Changed: []string{}, Added: []string{}, Missing: []string{}}
	remembered, err := base.Read(root.FS())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.Unnamed, s.Differs = true, plan.KernSumOf(sums) != manifest.Kern
		return s, nil
	case err != nil:
		return nil, unreadable(d, dir, err)
	}
	for name := range remembered.Kern {
		files = append(files, name) // of a package that is gone as well
	}
	packages := plan.Packages(files)
	s.all = packages
	for name, sum := range sums {
		switch known, is := remembered.Kern[name]; {
		case plan.Takes(s.Taken, packages, name), name == plan.VersionPath:
		case !is:
			s.Added = append(s.Added, name)
		case known.SHA256 != sum:
			s.Changed = append(s.Changed, name)
		}
	}
	for name := range remembered.Kern {
		if _, there := sums[name]; !there && !plan.Takes(s.Taken, packages, name) {
			s.Missing = append(s.Missing, name)
		}
	}
	for _, list := range [][]string{s.Changed, s.Added, s.Missing} {
		slices.Sort(list)
	}
	s.Differs = len(s.Changed)+len(s.Added)+len(s.Missing) > 0
	return s, nil
}

func orNone(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}

// most is how large a file of kern may be to be read; none comes near.
const most = 16 << 20

// read gives the files of kern with their sums. What is no regular file has none
// that fits.
func read(root *os.Root) (files []string, sums map[string]string, err error) {
	sums = map[string]string{}
	err = fs.WalkDir(root.FS(), plan.KernFolder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files = append(files, name)
		sums[name] = "?"
		if info, err := entry.Info(); err != nil || !info.Mode().IsRegular() || info.Size() > most {
			return nil //nolint:nilerr // what cannot be looked at is another file than fieldlab wrote
		}
		body, err := root.ReadFile(name)
		if err != nil {
			return err
		}
		sums[name] = plan.SumOf(body)
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return files, sums, err
}

// unreadable says why there is nothing to compare with.
func unreadable(d evolve.Deps, dir string, err error) error {
	var fault base.Fault
	switch {
	case errors.As(err, &fault):
		return evolve.Unusable(d, dir, fault)
	case errors.Is(err, fs.ErrNotExist):
		return evolve.NotComponent(d, dir)
	}
	return evolve.Failed(d, dir, err)
}
