package update

import (
	"bytes"
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// remember writes the base of the next update: what fieldlab makes now, whatever
// the team has of it.
func (f *finder) remember() error {
	manifest := plan.Manifest{
		Version:   plan.ManifestVersion,
		Generator: f.r.Version,
		Module:    f.model.Module,
		Kern:      f.kern,
		Taken:     f.taken,
		Kept:      f.kept,
		Files:     f.rowsOfNow(),
	}
	file, err := manifest.File()
	if err != nil {
		return err
	}
	var rooms, kern []base.File
	for _, fresh := range f.fresh {
		switch {
		case fresh.Owner == plan.Kern:
			kern = append(kern, base.File{Path: fresh.Path, Body: fresh.Body, Executable: fresh.Mode&0o111 != 0, SHA256: fresh.SHA256})
		case base.Remembered(fresh.Path, fresh.Owner) && base.IsText(fresh.Body):
			rooms = append(rooms, base.File{Path: fresh.Path, Body: fresh.Body, Executable: fresh.Mode&0o111 != 0, SHA256: fresh.SHA256})
		}
	}
	files, err := base.Write(rooms, kern)
	if err != nil {
		return err
	}
	for _, fresh := range f.fresh {
		if isOwn(fresh.Path) && fresh.Path != plan.ManifestPath {
			files = append(files, fresh)
		}
	}
	if err := f.leavePack(); err != nil {
		return err
	}
	for _, one := range append(files, file) { // the manifest last: with it the update is done
		if err := f.own(one); err != nil {
			return err
		}
	}
	return nil
}

// leavePack takes away what is in the folder of the pack and not of the one of now:
// of a pack of before, or laid there by somebody, with which it would not be what
// the answers name.
func (f *finder) leavePack() error {
	inPack := func(path string) bool { return strings.HasPrefix(path, pack.Folder+"/") }
	paths, has := []string{}, false
	for path := range f.was {
		if _, still := f.is[path]; inPack(path) && !still {
			paths = append(paths, path)
		}
		has = has || inPack(path)
	}
	if f.fresh.Find(pack.Folder+"/"+pack.FileName) == nil && !has {
		return nil // it never had one: what lies there is not ours
	}
	strange, err := f.strangeInPack()
	if err != nil {
		return err
	}
	paths = append(paths, strange...)
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		in, err := f.disk.look(path)
		if err != nil {
			return err
		}
		if in.kind != file {
			continue
		}
		before, err := f.disk.read(path, in.info)
		if err != nil {
			return err
		}
		f.removed[path] = true
		f.report(Change{Path: path, Action: Remove, Before: before, Mode: in.info.Mode().Perm(), seen: in.info})
	}
	return nil
}

// maxStrange is how many files in the folder of the pack are looked at.
const maxStrange = 2000

// strangeInPack are the files in the folder of the pack that the pack has not.
func (f *finder) strangeInPack() (paths []string, err error) {
	root, _, err := f.disk.enter(pack.Folder)
	if err != nil || root == nil {
		return nil, err
	}
	seen := 0
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if seen++; err != nil || seen > maxStrange {
			return cmp.Or(err, fs.SkipAll)
		}
		at := pack.Folder + "/" + name
		if _, ours := f.is[at]; !ours && entry.Type().IsRegular() {
			paths = append(paths, at)
		}
		return nil
	})
	return paths, err
}

// rowsOfNow are the rows of the manifest: of what fieldlab makes, and of the
// team's files what they were when they came.
func (f *finder) rowsOfNow() []plan.ManifestFile {
	rows := []plan.ManifestFile{}
	written := map[string]string{}
	for _, c := range slices.Concat(f.u.Changes, f.u.Kern.Changes) {
		if c.After != nil && c.Action != Keep {
			written[c.Path] = plan.SumOf(c.After)
		}
	}
	for path, row := range f.is {
		if was, had := f.was[cmp.Or(f.from[path], path)]; had && row.Owner == plan.Team {
			row.SHA256 = was.SHA256
		}
		if path == plan.AnswersPath {
			row.SHA256 = plan.SumOf(f.text)
		}
		if row.Written = cmp.Or(written[path], f.was[cmp.Or(f.from[path], path)].Written); row.Written == row.SHA256 {
			row.Written = ""
		}
		rows = append(rows, row)
	}
	for path, was := range f.was {
		if _, still := f.is[path]; !still && was.Owner == plan.Team && !f.gone[path] {
			was.Written = cmp.Or(written[path], was.Written)
			rows = append(rows, was)
		}
	}
	if sum := written[TransitionPath]; sum != "" && f.was[TransitionPath].Path == "" {
		rows = append(rows, plan.ManifestFile{Path: TransitionPath, SHA256: sum, Owner: plan.Team})
	}
	for _, file := range slices.Concat(f.added, f.known) {
		rows = append(rows, plan.ManifestFile{Path: file.Path, SHA256: plan.SumOf(file.Body), Owner: plan.Team})
	}
	slices.SortFunc(rows, func(a, b plan.ManifestFile) int { return strings.Compare(a.Path, b.Path) })
	return rows
}

// own replaces a file of fieldlab itself.
func (f *finder) own(fresh plan.File) error {
	in, err := f.disk.look(fresh.Path)
	if err != nil {
		return err
	}
	change := Change{Path: fresh.Path, Action: Add, After: fresh.Body, Mode: 0o644}
	switch in.kind {
	case absent:
	case file:
		before, err := f.disk.read(fresh.Path, in.info)
		if err != nil || bytes.Equal(before, fresh.Body) {
			return err
		}
		change.Action, change.Before, change.Mode, change.seen = Replace, before, in.info.Mode().Perm(), in.info
	default:
		if free, err := f.frees(in); err != nil || !free {
			return cmp.Or(err, error(base.Fault{Code: base.Link, Path: fresh.Path}))
		}
	}
	if strings.HasPrefix(fresh.Path, pack.Folder+"/") {
		f.report(change) // not only a memory: an update can be about nothing else
		return nil
	}
	f.quietly(change)
	return nil
}
