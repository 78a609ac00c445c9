package workshop

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// Request is everything that a workshop is made of.
type Request struct {
	Dir    string   // absent or empty
	Names  []string // of the teams
	Case   string   // what people call it
	Answer *answers.Document
	Files  fs.FS // the folder of the answers, for the files that they name; may be nil
	Course fs.FS // nil for none
	Days   int   // 0 is what the case says
	Port   int   // of the first team

	Pack    fs.FS
	Version string
	Env     func(string) string
	Now     func() time.Time
	Random  io.Reader      // nil is that of the system
	Made    func(done int) // is told how many components there are; may be nil
}

// Made is a workshop that was made.
type Made struct {
	Dir      string // absolute
	Workshop *Workshop
	Course   *course.Course // nil when there is none
	Elapsed  time.Duration
}

// ErrRepository says that a workshop would lie in a repository of Git: components
// there get none of their own.
var ErrRepository = errors.New("workshop: the folder lies in a Git repository")

// ErrPorts says that the last team would have no port.
var ErrPorts = errors.New("workshop: not enough ports")

// TeamError is why the component of a team could not be made.
type TeamError struct {
	Team Team
	Err  error
}

func (e TeamError) Error() string { return e.Team.Name + ": " + e.Err.Error() }

// Unwrap is part of package errors.
func (e TeamError) Unwrap() error { return e.Err }

// CourseError is what is wrong with the course, as a problem.List.
type CourseError struct{ Err error }

func (e CourseError) Error() string { return e.Err.Error() }

// Unwrap is part of package errors.
func (e CourseError) Unwrap() error { return e.Err }

// noise is what laptops put in a folder by themselves.
var noise = []string{".DS_Store", "Thumbs.db", "desktop.ini"}

// Check says early whether a workshop can come in a folder.
func Check(dir string) error {
	if _, inside := repository.Enclosing(dir); inside {
		return ErrRepository
	}
	return tree.Check(dir, tree.Beside{Keep: noise})
}

// Make makes a workshop, all or nothing: whatever goes wrong, and when ctx ends, the
// folder is as it was. Mistakes in the answers or in the course are a problem.List.
func Make(ctx context.Context, r Request) (Made, error) {
	started := r.Now()
	m, err := prepare(r)
	if err != nil {
		return Made{}, err
	}
	finish := func(stage *tree.Stage) error { return m.fill(ctx, stage) }
	report, err := tree.WriteBeside(ctx, r.Dir, m.folder(courseFolder, m.files), tree.Beside{Keep: noise}, false, finish)
	if err != nil {
		return Made{}, err
	}
	return Made{Dir: report.Dir, Workshop: &m.workshop, Course: m.course, Elapsed: r.Now().Sub(started)}, nil
}

// maker is a workshop on its way.
type maker struct {
	Request
	workshop      Workshop
	base          *model.Component
	names         []string       // of the components
	course        *course.Course // nil when there is none
	files         plan.Plan      // of the course
	pagesOfCourse plan.Plan
}

// prepare does what needs no disk: the teams, their codes and the course.
func prepare(r Request) (*maker, error) {
	if err := Check(r.Dir); err != nil {
		return nil, err
	}
	if !PortsOK(r.Port, len(r.Names)) {
		return nil, ErrPorts
	}
	if found := r.Answer.Problems(); len(found) > 0 {
		return nil, found
	}
	base, found := model.New(r.Answer.Answers, r.Files, model.Env{Version: r.Version})
	if len(found) > 0 {
		return nil, r.Answer.Place(found).Sorted()
	}
	if r.Days == 0 {
		r.Days = base.Fieldlab.Days
	}
	m := &maker{Request: r, base: base, workshop: Workshop{Version: version, Case: r.Case, Days: r.Days}}
	if err := m.readCourse(); err != nil {
		return nil, err
	}
	codes, err := newCodes(len(r.Names), r.Random)
	if err != nil {
		return nil, err
	}
	m.workshop.Teams = teamsOf(r.Names, r.Port)
	for i := range codes {
		m.workshop.Teams[i].Code = codes[i]
	}
	m.names = names(m.workshop.Teams, base.Name.Path)
	return m, nil
}

// readCourse reads the course and turns it into pages, once for all teams.
func (m *maker) readCourse() (err error) {
	if m.Request.Course == nil {
		return nil
	}
	if m.files, err = courseOf(m.Request.Course); err != nil {
		return err
	}
	if m.course, err = course.Read(tree.Memory(m.files)); err != nil {
		return CourseError{err}
	}
	m.workshop.Course = m.course.Name
	m.pagesOfCourse, err = pagesOf(m.course, m.Days)
	return err
}

// folder puts files in a folder.
func (m *maker) folder(name string, files plan.Plan) plan.Plan {
	below := make(plan.Plan, len(files))
	for i, file := range files {
		file.Path = path.Join(name, file.Path)
		below[i] = file
	}
	return below
}

// fill makes the components and then the pages about them, in the place where the
// workshop is prepared.
func (m *maker) fill(ctx context.Context, stage *tree.Stage) error {
	if err := m.components(ctx, stage.Dir); err != nil {
		return err
	}
	pages, err := m.pages()
	if err != nil {
		return err
	}
	body, err := encoded(m.workshop)
	if err != nil {
		return err
	}
	for _, file := range append(pages, plan.File{Path: File, Body: body}) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := stage.Root.MkdirAll(path.Dir(file.Path), 0o777); err != nil {
			return err
		}
		if err := stage.Root.WriteFile(file.Path, file.Body, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// components makes them on all processors. When one fails the others stop; the
// error is that of the first team that has one.
func (m *maker) components(ctx context.Context, dir string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	errs := make([]error, len(m.workshop.Teams))
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(errs)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(errs) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if errs[i] = m.component(ctx, dir, i); errs[i] != nil {
					stop()
				}
				if n := int(done.Add(1)); m.Made != nil {
					m.Made(n)
				}
			}
		})
	}
	workers.Wait()
	for i, err := range errs { // what another stopped is no cause
		if err != nil && !errors.Is(err, context.Canceled) {
			return TeamError{Team: m.workshop.Teams[i], Err: err}
		}
	}
	return ctx.Err()
}

// component makes the component of one team, with a repository of one commit.
func (m *maker) component(ctx context.Context, dir string, i int) error {
	team := m.workshop.Teams[i]
	document, err := m.document(team, m.names[i])
	if err != nil {
		return err
	}
	extra, err := m.extra(team, document)
	if err != nil {
		return err
	}
	_, err = generator.Generate(ctx, generator.Request{
		Document: document, Files: m.Files, Pack: m.Pack, Version: m.Version,
		Dir: filepath.Join(dir, "teams", team.Folder), Extra: extra, Env: m.Env, Now: m.Now,
	})
	return err
}

// document is the answers of a team, with the remarks of those of the case.
func (m *maker) document(team Team, name string) (*answers.Document, error) {
	to := team.answersOf(m.Answer.Answers, m.base, name, m.Days)
	body, err := m.Answer.Rewrite(to)
	if err != nil { // too strange to write in neatly: the answers count, not their look
		if body, err = answers.Marshal(to); err != nil {
			return nil, err
		}
	}
	document, problems := answers.Parse(plan.AnswersPath, body)
	return document, problems.Err()
}

// beginFolder is where a component keeps the answers that it began with.
const beginFolder = "begin"

// extra is what the component of a team has of the workshop.
func (m *maker) extra(team Team, document *answers.Document) (plan.Plan, error) {
	team.Code = "" // it opens the board, and a repository is for everybody
	mine, err := encoded(Mine{Version: version, Team: team, Course: m.workshop.Course, Days: m.Days})
	if err != nil {
		return nil, err
	}
	files := plan.Plan{
		{Path: mineFile, Body: mine},
		{Path: ignoreFile, Body: []byte(joinedFile + "\n" + journalFile + "\n")},
		{Path: beginFolder + "/" + plan.AnswersPath, Body: answers.Canonical(document)},
	}
	for _, file := range m.base.Files {
		begin := plan.File{Path: beginFolder + "/" + file.Path, Body: file.Body}
		if !slices.ContainsFunc(files, func(f plan.File) bool { return f.Path == begin.Path }) {
			files = append(files, begin)
		}
	}
	if m.course != nil {
		page, err := wholeOf(m.course, m.Days, team, document.Answers.Component.Name)
		if err != nil {
			return nil, err
		}
		files = append(files, plan.File{Path: coursePage, Body: page})
		files = append(files, m.folder(courseFolder, m.files)...)
	}
	for i := range files {
		files[i].Path, files[i].Mode = path.Join(Folder, files[i].Path), 0o644
	}
	slices.SortFunc(files, func(a, b plan.File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}
