// Package plan says which files a component consists of: path, mode, bytes and
// owner of each. It is pure: the same component, pack and options give the
// same plan, on every system and at every moment. Dry run, tests, checks and
// the write to disk are all views of it.
package plan

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

// Owner says who maintains a file after the first generation.
type Owner string

const (
	// Kern files are the machinery, the same for every component: a later
	// fieldlab replaces them as a whole.
	Kern Owner = "kern"
	// Merged files are made from the answers and then changed by both: a later
	// fieldlab brings its changes in beside those of the team.
	Merged Owner = "merged"
	// Team files belong to the team: a later fieldlab leaves them alone.
	Team Owner = "team"
)

// File is one file of a component.
type File struct {
	Path     string      // slash-separated, relative to the root of the component
	Mode     fs.FileMode // 0644 or 0755
	Body     []byte
	Owner    Owner
	SHA256   string         // of the body; "" when nobody knows it yet
	Template string         // where it comes from in the pack; "" when it comes from elsewhere
	Item     string         // File of the name of the entity or source that it is for; "" when it is for all
	Static   *render.Static // what Body was made of by moving imports alone; nil for what a template made
}

// Plan is every file of a component, sorted by path.
type Plan []File

// Options are the inputs of a plan that are not part of the model.
type Options struct {
	Answers []byte // the answers file; empty leaves it out
	Version string // version of the generator, for the manifest and for kern

	// Taken are the packages of kern that the team maintains itself, such as
	// "outway" or "nabootsing/bron". Their tests come along.
	Taken []string
	// Kept are columns and tables that stay although no answer names them.
	Kept []string
	// Own is the pack of somebody else that was laid over ours; nil for none.
	Own Own
}

// Own is a pack of somebody else.
type Own interface {
	// Has says whether a file of the pack comes from there.
	Has(name string) bool
	// Finish judges a file that was made of the pack, and gives its text: with a
	// header, when the pack has one. Lines is as render.Renderer.Lines.
	Finish(file File, lines func() []int) ([]byte, error)
	// Stored are the files by which the component goes on without the folder.
	Stored() []File
}

// Of plans the component with the files of the pack.
func Of(c *model.Component, pack fs.FS, opts Options) (Plan, error) {
	var strange func(string) bool
	if opts.Own != nil {
		strange = opts.Own.Has
	}
	renderer, err := render.NewOver(pack, strange)
	if err != nil {
		return nil, err
	}
	taken, err := takenOf(pack, opts.Taken)
	if err != nil {
		return nil, err
	}
	jobs, err := jobsOf(c, pack, taken)
	if err != nil {
		return nil, err
	}
	files, err := renderAll(renderer, jobs, opts.Own)
	if err != nil {
		return nil, err
	}
	for i := range files {
		if taken.has(files[i].Path) {
			files[i].Owner = Merged
		}
	}
	files = append(files, filesOf(c, opts)...)
	if opts.Own != nil {
		files = append(files, opts.Own.Stored()...)
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	if err := checkPaths(files, taken); err != nil {
		return nil, err
	}
	manifest := manifestOf(files)
	manifest.Generator, manifest.Module, manifest.Taken, manifest.Kept = opts.Version, c.Module, opts.Taken, opts.Kept
	file, err := manifest.File()
	if err != nil {
		return nil, err
	}
	return Plan(files).With(file), nil
}

// With puts files in their place, which are not in the plan yet.
func (p Plan) With(files ...File) Plan {
	for _, file := range files {
		at, _ := p.find(file.Path)
		p = slices.Insert(p, at, file)
	}
	return p
}

// Find gives the file at a path; nil when the plan has none.
func (p Plan) Find(path string) *File {
	if at, found := p.find(path); found {
		return &p[at]
	}
	return nil
}

func (p Plan) find(path string) (int, bool) {
	return slices.BinarySearchFunc(p, path, func(f File, path string) int { return cmp.Compare(f.Path, path) })
}

// job is one file to render.
type job struct {
	path     string
	item     string
	template string
	data     render.Data
}

// jobsOf lists what to render, in the order of the pack.
func jobsOf(c *model.Component, pack fs.FS, taken *takenPackages) ([]job, error) {
	var jobs []job
	err := fs.WalkDir(pack, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && !shipped(name) && !taken.has(name) {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s in the pack is not a regular file", name)
		}
		if !shipped(name) && !taken.has(name) || !wanted(c, name) {
			return nil
		}
		more, err := expand(c, name)
		jobs = append(jobs, more...)
		return err
	})
	return jobs, err
}

// expand gives the jobs of one file of the pack: one, or one per entity,
// source or service when its path says so.
func expand(c *model.Component, name string) ([]job, error) {
	path, isTemplate := strings.CutSuffix(name, render.Suffix)
	perEntity, perSource, sources, segment := strings.Contains(path, entitySegment), strings.Contains(path, sourceSegment), c.Sources, sourceSegment
	if strings.Contains(path, serviceSegment) {
		perSource, sources, segment = true, c.Services(), serviceSegment
	}
	switch {
	case !perEntity && !perSource:
		return []job{{path: path, template: name, data: render.Data{Component: c}}}, nil
	case !isTemplate:
		return nil, fmt.Errorf("%s is rendered once per item and so must end in %s", name, render.Suffix)
	case perEntity && perSource:
		return nil, fmt.Errorf("%s holds both %s and %s; it can be rendered for one of them", name, entitySegment, segment)
	}
	var jobs []job
	if perEntity {
		for _, entity := range c.Entities {
			item := strings.ReplaceAll(path, entitySegment, entity.Name.File)
			jobs = append(jobs, job{path: item, item: entity.Name.File, template: name, data: render.Data{Component: c, Entity: entity}})
		}
		return jobs, nil
	}
	for _, source := range sources {
		item := strings.ReplaceAll(path, segment, source.Name.File)
		jobs = append(jobs, job{path: item, item: source.Name.File, template: name, data: render.Data{Component: c, Source: source}})
	}
	return jobs, nil
}

// renderAll renders the jobs on all processors. The result and the errors are
// in the order of the jobs, whatever the order in which they got done.
func renderAll(renderer *render.Renderer, jobs []job, own Own) ([]File, error) {
	files := make([]File, len(jobs))
	errs := make([]error, len(jobs))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(jobs); i = int(next.Add(1)) - 1 {
				files[i], errs[i] = renderOne(renderer, jobs[i], own)
			}
		})
	}
	workers.Wait()
	return files, errors.Join(errs...)
}

func renderOne(renderer *render.Renderer, j job, own Own) (file File, err error) {
	file = File{Path: j.path, Mode: modeOf(j.path), Owner: ownerOf(j.path), Template: j.template, Item: j.item}
	if strings.HasSuffix(j.template, render.Suffix) {
		file.Body, err = renderer.File(j.template, j.data)
	} else {
		var static *render.Static
		if static, err = renderer.Static(j.template); err == nil {
			file.Body, file.SHA256, file.Static = static.For(j.data.Module), static.Sum(), static
		}
	}
	if err != nil || own == nil {
		return file, err
	}
	made := file.Body
	file.Body, err = own.Finish(file, func() []int { return renderer.Lines(j.template, j.data, made) })
	if !bytes.Equal(file.Body, made) {
		file.SHA256, file.Static = "", nil // what was known is of the file without it
	}
	return file, err
}

// filesOf gives the files that do not come from the pack.
func filesOf(c *model.Component, opts Options) []File {
	var files []File
	add := func(path string, body []byte, owner Owner) {
		files = append(files, File{Path: path, Mode: modeOf(path), Body: body, Owner: owner})
	}
	add(VersionPath, versionBody(opts.Version), Kern)
	if len(opts.Answers) > 0 {
		add(AnswersPath, opts.Answers, Team)
	}
	given := map[string]bool{}
	for _, file := range c.Files {
		if !given[file.Path] {
			given[file.Path] = true
			add(file.Path, file.Body, Team)
		}
	}
	return files
}
