package update

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// changelogPath is the changelog of the team.
const changelogPath = "CHANGELOG.md"

// finder holds the three sides of an update: what was, what the team has, and
// what fieldlab makes now.
type finder struct {
	r    Request
	disk *disk
	u    *Update

	base *base.Base
	was  map[string]plan.ManifestFile // rows of the base, by path
	old  *answers.Document            // in the base

	text  []byte // of the new answers
	now   *answers.Document
	fresh plan.Plan
	is    map[string]plan.ManifestFile // rows of fresh
	kern  string                       // sum of fresh
	model *model.Component

	taken    []string // packages of kern
	packages []string // all of them

	from    map[string]string // new path → old one, of what fieldlab renamed
	gone    map[string]bool   // old paths of those
	words   *words            // of what was renamed; nil for nothing
	strays  *strays           // files of the team where a moved one can be; nil until asked
	removed map[string]bool   // files that go, so that their folder may too
	kept    []string          // columns and tables that stay
	added   []plan.File       // files of the team that fieldlab adds: migrations
	known   []plan.File       // migrations from elsewhere, which the base knows from now on
	lost    []string          // what the lists of the API no longer offer, in Dutch
}

// open opens the component. Before anything else it ends what an earlier
// command was killed in.
func open(r Request) (*finder, error) {
	if _, err := Recover(r.Dir); err != nil {
		return nil, err
	}
	d, err := openDisk(r.Dir)
	if err != nil {
		return nil, err
	}
	f := &finder{r: r, disk: d, u: &Update{dir: r.Dir, To: r.Version}, from: map[string]string{}, gone: map[string]bool{}, removed: map[string]bool{}}
	switch pending, err := isPending(d); {
	case err != nil:
		d.close()
		return nil, err
	case pending:
		d.close()
		return nil, ErrPending
	}
	return f, nil
}

// read gathers the three sides.
func (f *finder) read(ctx context.Context) error {
	if err := f.readBase(ctx); err != nil {
		return err
	}
	f.u.From = f.base.Manifest.Generator
	f.was = rows(f.base.Manifest)
	var err error
	if f.packages, err = plan.PackagesIn(f.r.Pack); err != nil {
		return err
	}
	f.taken = slices.Clone(f.base.Manifest.Taken)
	for _, name := range f.r.Take {
		if !slices.Contains(f.taken, name) {
			f.taken = append(f.taken, name)
		}
	}
	slices.Sort(f.taken)
	f.u.Kern.Taken = f.taken
	if err := f.readAnswers(); err != nil {
		return err
	}
	return f.make(ctx)
}

func (f *finder) readBase(ctx context.Context) (err error) {
	f.base, err = base.Read(f.disk.root.FS())
	var fault base.Fault
	switch {
	case errors.As(err, &fault) && fault.Code == base.TooOld:
		return TooOld{f.r.Dir}
	case errors.Is(err, fs.ErrNotExist):
		if f.base, err = f.baseFromGit(ctx); err == nil && f.base.Manifest.Version == plan.ManifestVersion {
			f.base, err = nil, base.Fault{Code: base.Damaged, Path: base.RoomsPath} // it had one
		}
	}
	return err
}

// readAnswers reads the answers of the base and the new ones.
func (f *finder) readAnswers() error {
	remembered, found := f.base.Files[plan.AnswersPath]
	if !found {
		return base.Fault{Code: base.Damaged, Path: base.RoomsPath, Detail: plan.AnswersPath}
	}
	var problems problem.List
	if f.old, problems = answers.Parse(plan.AnswersPath, remembered); len(problems) > 0 {
		return OldAnswers{problems.Err()} // half of them would take half of the tables away
	}
	f.text = f.r.Answers
	if f.text == nil {
		in, err := f.disk.look(plan.AnswersPath)
		if err != nil {
			return err
		}
		switch in.kind {
		case file:
		case absent:
			return &fs.PathError{Op: "open", Path: plan.AnswersPath, Err: fs.ErrNotExist}
		default:
			return base.Fault{Code: base.Link, Path: plan.AnswersPath}
		}
		if f.text, err = f.disk.read(plan.AnswersPath, in.info); err != nil {
			return err
		}
	}
	document, problems := answers.Parse(plan.AnswersPath, f.text)
	if len(problems) > 0 {
		return problems
	}
	f.now = document
	return nil
}

// make makes the component as it would be now.
func (f *finder) make(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	known := slices.DeleteFunc(slices.Clone(f.taken), func(name string) bool {
		// What a later fieldlab no longer has stays with the team.
		return !slices.Contains(f.packages, name) && !slices.Contains(f.r.Take, name)
	})
	own, err := f.ownPack()
	if err != nil {
		return err
	}
	f.fresh, f.model, err = generator.Fresh(generator.Request{
		Document: f.now, Files: f.disk.root.FS(), Pack: f.r.Pack, Version: f.r.Version, Taken: known, Own: own,
	})
	if err != nil {
		return err
	}
	if file := f.fresh.Find(plan.AnswersPath); file != nil {
		file.Body, file.SHA256 = f.text, plan.SumOf(f.text)
	}
	manifest, err := base.ParseManifest(f.fresh.Find(plan.ManifestPath).Body)
	if err != nil {
		return err
	}
	f.is, f.kern = rows(manifest), manifest.Kern
	return nil
}

// ownPack is the pack of somebody else that lies over ours: the one that was given,
// or else the one that the component keeps. That one is judged again each time: it
// comes with the component.
func (f *finder) ownPack() (*pack.Pack, error) {
	declared := generator.Declared(f.now.Answers)
	if f.r.Own != nil || declared.IsZero() || len(f.now.Problems()) > 0 {
		return f.r.Own, nil
	}
	return pack.Stored(f.disk.root.FS(), declared)
}

// rows gives the rows of a manifest by path.
func rows(manifest plan.Manifest) map[string]plan.ManifestFile {
	found := make(map[string]plan.ManifestFile, len(manifest.Files))
	for _, row := range manifest.Files {
		found[row.Path] = row
	}
	return found
}

// find compares the three sides.
func (f *finder) find(ctx context.Context) (*Update, error) {
	if err := f.migrate(); err != nil {
		return nil, err
	}
	f.offers()
	if err := f.follow(); err != nil {
		return nil, err
	}
	for _, path := range f.paths() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.decide(path); err != nil {
			return nil, err
		}
	}
	if err := f.compareKern(ctx); err != nil {
		return nil, err
	}
	if err := f.steps(); err != nil {
		return nil, err
	}
	if err := f.ownFiles(); err != nil {
		return nil, err
	}
	if err := f.changelog(); err != nil {
		return nil, err
	}
	if err := f.remember(); err != nil {
		return nil, err
	}
	byPath := func(a, b Change) int { return cmp.Compare(a.Path, b.Path) }
	slices.SortFunc(f.u.Changes, byPath)
	slices.SortFunc(f.u.Kern.Changes, byPath)
	return f.u, f.uncommitted()
}

// paths are those that fieldlab has or had outside kern, and of what was taken
// in it. What goes comes first, so that a folder can come in its place.
func (f *finder) paths() []string {
	var going, staying []string
	for path := range f.was {
		if _, still := f.is[path]; !still {
			going = append(going, path)
		}
	}
	for path := range f.is {
		staying = append(staying, path)
	}
	slices.Sort(going)
	slices.Sort(staying)
	return append(going, staying...)
}

func (f *finder) labels() merge.Labels {
	return merge.Labels{Ours: "van het team", Theirs: "van fieldlab " + f.r.Version}
}

// report takes up a change, in kern or outside.
func (f *finder) report(c Change) {
	if isKern(c.Path) {
		switch plain := c.Action == Add || c.Action == Replace || c.Action == Remove; {
		case plan.Takes(f.taken, f.packages, c.Path):
			c.Why = cmp.Or(c.Why, WhyTaken)
		case plain && !c.Conflict():
			f.quietly(c)
			return
		}
		f.u.Kern.Changes = append(f.u.Kern.Changes, c)
		return
	}
	f.u.Changes = append(f.u.Changes, c)
}
