package update

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// baseFromGit finds the base of a component that does not carry one: it was made
// before components did. The commit that has every file as the manifest says,
// usually the first one, is what fieldlab wrote.
func (f *finder) baseFromGit(ctx context.Context) (*base.Base, error) {
	component := f.disk.root.FS()
	manifest, err := base.ReadManifest(component)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, f.without()
	}
	if err != nil {
		return nil, err
	}
	in, err := f.disk.look(plan.ManifestPath)
	if err != nil {
		return nil, err
	}
	body, err := f.disk.read(plan.ManifestPath, in.info)
	if err != nil {
		return nil, err
	}
	work, err := repository.Open(f.r.Dir)
	switch {
	case errors.Is(err, repository.ErrNone):
		return nil, NoBase{f.r.Dir, NoRepository}
	case err != nil:
		return nil, NoBase{f.r.Dir, Unreadable}
	}
	defer work.Close()
	trees, err := work.With(ctx, plan.ManifestPath, body)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, NoBase{f.r.Dir, Unreadable}
	}
	for _, tree := range trees {
		if found := baseOf(tree, manifest); found != nil {
			return found, nil
		}
	}
	return nil, NoBase{f.r.Dir, NoCommit}
}

// without says what a folder without a manifest is: a component of the first
// days, or none at all.
func (f *finder) without() error {
	for _, path := range []string{plan.AnswersPath, base.Folder} {
		if in, err := f.disk.look(path); err != nil || in.kind == absent {
			return errors.Join(err, NoComponent{f.r.Dir})
		}
	}
	return TooOld{f.r.Dir}
}

// baseOf makes a base of a commit that is exactly what the manifest says; nil for
// another. What the team owned from the start does not count, but for the answers.
func baseOf(tree *repository.Tree, manifest plan.Manifest) *base.Base {
	found := &base.Base{Manifest: manifest, Files: map[string][]byte{}, Kern: map[string]base.Kern{}}
	for _, row := range manifest.Files {
		if row.Owner != plan.Merged && row.Path != plan.AnswersPath {
			continue
		}
		body, err := tree.File(row.Path)
		if err != nil || plan.SumOf(body) != row.SHA256 {
			return nil
		}
		if base.Remembered(row.Path, row.Owner) && base.IsText(body) {
			found.Files[row.Path] = body
		}
	}
	names, err := tree.Files(plan.KernFolder)
	if err != nil {
		return nil
	}
	sums := map[string]string{}
	for _, name := range names {
		body, err := tree.File(name)
		if err != nil || plan.CheckPath(name) != nil || !strings.HasPrefix(name, plan.KernFolder+"/") {
			return nil
		}
		kern := base.Kern{SHA256: plan.SumOf(body)}
		if base.IsText(body) {
			kern.Lines = merge.LinesOf(body)
		}
		found.Kern[name], sums[name] = kern, kern.SHA256
	}
	if plan.KernSumOf(sums) != manifest.Kern {
		return nil
	}
	return found
}
