// Package generator makes a component out of answers: answers → model → plan →
// tree on disk → first commit. Each arrow is a package of its own; this one is
// the way in for programs, and decides nothing itself.
package generator

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// Request is everything that a generation depends on.
type Request struct {
	Document *answers.Document // from answers.Parse
	Files    fs.FS             // the folder of the answers file, for the files that it names; may be nil
	Pack     fs.FS             // templates.Component()
	Version  string            // of fieldlab
	Taken    []string          // packages of kern that are the team's; see plan.Options
	Own      *pack.Pack        // laid over Pack; nil for none

	// The rest is for Generate only.
	Dir   string      // where the component comes: absent, an empty folder or an empty clone
	Into  bool        // also a clone in which a forge put a README, licence and the like
	NoGit bool        // make no repository
	Extra []plan.File // files beside the component, such as those of a workshop: in no manifest, so no update touches them
	// Durable waits until the answers are on the disk: for answers that are nowhere
	// else yet.
	Durable bool
	Env     func(key string) string // GIT_AUTHOR_NAME, SOURCE_DATE_EPOCH and their like; nil for none
	Now     func() time.Time
}

// Result is what Generate made.
type Result struct {
	Dir   string // absolute path
	Files []File // sorted by path

	// Commit is the hash of the first commit. It is empty with NoGit, and when
	// Enclosing is the root of a repository in which the component now lies:
	// that one gets no repository inside it.
	Commit    string
	Enclosing string
	Persons   repository.Persons // who made the commit
	Clone     *repository.Clone  // the repository that Dir was already; nil when it was none
	Replaced  []string           // files of the clone that gave way; the commit before has them

	Component *model.Component // what the files were made of
	OpenItems []model.OpenItem // what people still have to fill in
	Port      int              // where go run . begins to listen
	Elapsed   time.Duration
}

// File is one file of a component.
type File struct {
	Path string
	Size int64
}

// Check says early, before anybody answers a question, whether Generate would
// refuse to write in dir. Into is as in Request.
func Check(dir string, into bool) error {
	clone, err := look(dir, into)
	if err != nil {
		return err
	}
	return tree.Check(dir, beside(clone))
}

// noise is what laptops and editors put in a folder by themselves. It stays, and
// is no reason to call a folder full.
var noise = []string{".DS_Store", "Thumbs.db", "desktop.ini", ".idea", ".vscode"}

// look finds the repository that dir is already; nil when it is none.
func look(dir string, into bool) (*repository.Clone, error) {
	return repository.Look(dir, into, func(name string) bool { return tree.IsStaging(name) || slices.Contains(noise, name) })
}

// beside is what may lie in the folder of a component that is yet to come.
func beside(clone *repository.Clone) tree.Beside {
	if clone == nil {
		return tree.Beside{Keep: noise}
	}
	return tree.Beside{Keep: slices.Concat(noise, clone.Keep()), Replace: clone.Replace()}
}

// Plan gives the files of the component without writing any. Mistakes in the
// answers are an error of type problem.List.
func Plan(r Request) (plan.Plan, *model.Component, error) {
	files, component, err := Fresh(r)
	if err != nil {
		return nil, nil, err
	}
	remembered, err := base.Of(files)
	if err != nil {
		return nil, nil, err
	}
	return files.With(remembered...), component, nil
}

// Fresh is Plan without the base that a component keeps of itself: what an
// update compares with the base of before.
func Fresh(r Request) (plan.Plan, *model.Component, error) {
	if found := r.Document.Problems(); len(found) > 0 {
		return nil, nil, found
	}
	component, found := model.New(r.Document.Answers, r.Files, model.Env{Version: r.Version})
	if len(found) > 0 {
		return nil, nil, r.Document.Place(found).Sorted()
	}
	document, err := Declare(r.Document, r.Own)
	if err != nil {
		return nil, nil, err
	}
	built, options := r.Pack, plan.Options{Answers: answers.Canonical(document), Version: r.Version, Taken: r.Taken}
	if r.Own == nil {
		files, err := plan.Of(component, built, options)
		return files, component, err
	}
	if found := r.Own.Against(built); len(found) > 0 {
		return nil, nil, pack.Faulty{Problems: found}
	}
	options.Own = r.Own
	files, err := plan.Of(component, r.Own.Over(built), options)
	return files, component, r.Own.Judge(files, err)
}

// Declared is the pack that answers name; the zero value for none.
func Declared(a answers.Answers) pack.Mark {
	return pack.Mark{Name: a.Pack.Name, Version: a.Pack.Version, Sum: a.Pack.Sum}
}

// Declare gives answers that name a pack: those that name none yet get it. What
// does not belong together is a pack.Refused.
func Declare(document *answers.Document, own *pack.Pack) (*answers.Document, error) {
	declared := Declared(document.Answers)
	switch {
	case own == nil && declared.IsZero():
		return document, nil
	case own == nil:
		return nil, pack.Refused{Why: pack.NotGiven, Declared: declared}
	case declared == own.Mark():
		return document, nil
	case !declared.IsZero():
		return nil, pack.Refused{Why: pack.Other, Declared: declared, Given: own.Mark()}
	}
	named := document.Answers
	named.Pack = answers.Pack(own.Mark())
	text, err := document.Rewrite(named)
	if err != nil {
		return nil, err
	}
	declaring, found := answers.Parse(document.File, text)
	return declaring, found.Err()
}

// Generate makes the component in r.Dir with its first commit, or leaves r.Dir
// as it was. Mistakes in the answers are an error of type problem.List.
func Generate(ctx context.Context, r Request) (Result, error) {
	started := r.Now()
	files, component, err := Plan(r)
	if err != nil {
		return Result{}, err
	}
	if files, err = beyond(files, r.Extra); err != nil {
		return Result{}, err
	}
	result := Result{Component: component, OpenItems: component.OpenItems, Port: component.Delivery.Port}
	if err := result.around(r, files); err != nil {
		return Result{}, err
	}
	var finish func(*tree.Stage) error
	if !r.NoGit && result.Enclosing == "" && (result.Clone == nil || !result.Clone.Linked) {
		finish = func(stage *tree.Stage) error { return commit(&result, r, started, files, stage) }
	}
	report, err := tree.WriteBeside(ctx, r.Dir, files, beside(result.Clone), r.Durable, finish)
	if err != nil {
		return Result{}, err
	}
	result.Dir = report.Dir
	result.Files = make([]File, len(files))
	for i, file := range files {
		result.Files[i] = File{Path: file.Path, Size: int64(len(file.Body))}
	}
	result.Elapsed = r.Now().Sub(started)
	return result, nil
}

// beyond adds the extra files, none of which may be in the place of another.
func beyond(files plan.Plan, extra []plan.File) (plan.Plan, error) {
	if len(extra) == 0 {
		return files, nil
	}
	taken := make(map[string]bool, len(files)+len(extra))
	for _, file := range files {
		taken[plan.Fold(file.Path)] = true
	}
	for _, file := range extra {
		if err := plan.CheckPath(file.Path); err != nil {
			return nil, err
		}
		if folded := plan.Fold(file.Path); taken[folded] {
			return nil, fmt.Errorf("%q is a file of the component already", file.Path)
		} else {
			taken[folded] = true
		}
	}
	return slices.Clone(files).With(extra...), nil
}

// around finds the repository that the component comes in.
func (r *Result) around(request Request, files plan.Plan) (err error) {
	if r.Clone, err = look(request.Dir, request.Into); err != nil {
		return err
	}
	if r.Clone == nil {
		r.Enclosing, _ = repository.Enclosing(request.Dir)
		return nil
	}
	paths := make([]string, len(files))
	for i, file := range files {
		paths[i] = file.Path
	}
	r.Replaced, err = r.Clone.Replaced(paths)
	return err
}

// commit makes the first commit while the component is still in its stage, so
// that files and repository appear together.
func commit(result *Result, r Request, now time.Time, files plan.Plan, stage *tree.Stage) error {
	env := r.Env
	if env == nil {
		env = func(string) string { return "" }
	}
	when, err := commitTime(env, now)
	if err != nil {
		return err
	}
	committed := make([]repository.File, len(files))
	for i, file := range files {
		committed[i] = repository.File{
			Path: file.Path, Body: file.Body, Info: stage.Infos[i],
			Executable: file.Mode&0o111 != 0,
		}
	}
	place, err := result.place(r.Dir)
	if err != nil {
		return err
	}
	result.Persons = repository.Identify(env, place)
	options := repository.Options{
		Author:    result.Persons.Author,
		Committer: result.Persons.Committer,
		Message:   "Eerste versie, gemaakt met fieldlab " + r.Version + "\n",
		When:      when,
	}
	if result.Clone != nil {
		result.Commit, err = result.Clone.Commit(r.Dir, stage.Dir, committed, options)
	} else {
		result.Commit, err = repository.Commit(stage.Dir, committed, options)
	}
	return err
}

// place is the repository that the commit comes in, where it will lie.
func (r *Result) place(dir string) (repository.Place, error) {
	absolute, err := filepath.Abs(dir)
	place := repository.Place{GitDir: filepath.Join(absolute, ".git"), Branch: repository.Branch}
	if r.Clone != nil {
		place.Branch = r.Clone.Branch
	}
	return place, err
}

// commitTime is now, unless SOURCE_DATE_EPOCH asks for a reproducible result
// (https://reproducible-builds.org/specs/source-date-epoch/).
func commitTime(env func(string) string, now time.Time) (time.Time, error) {
	epoch := env("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return now, nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || seconds < 0 {
		return now, fmt.Errorf("SOURCE_DATE_EPOCH is %q; it should be a number of seconds since 1970", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
