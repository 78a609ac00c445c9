package workshop

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
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
	Own     *pack.Pack // laid over Pack; nil for none
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
	whole         *whole // the course as one page; nil when there is none
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
	if _, err := generator.Declare(r.Answer, r.Own); err != nil {
		return nil, err
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
	if m.whole, err = newWhole(m.course, m.Days, m.files); err != nil {
		return err
	}
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
		mode := fs.FileMode(0o666)
		if private(file.Path) {
			mode = 0o600
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := stage.Root.MkdirAll(path.Dir(file.Path), 0o777); err != nil {
			return err
		}
		if err := stage.Root.WriteFile(file.Path, file.Body, mode); err != nil {
			return err
		}
	}
	return nil
}

// private says whether a file shows the codes of the teams, which open the board.
func private(name string) bool {
	return name == File || name == "index.html" || path.Dir(name) == sheetFolder
}

// components makes them, each with a repository of one commit. When one fails the
// others stop; the error is that of the first team that has one.
func (m *maker) components(ctx context.Context, dir string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var done atomic.Int64
	request := func(i int) (generator.Request, error) { return m.component(dir, i) }
	_, errs := generator.Each(ctx, len(m.workshop.Teams), request, func(_ int, err error) {
		if err != nil {
			stop()
		}
		if n := int(done.Add(1)); m.Made != nil && err == nil {
			m.Made(n)
		}
	})
	for i, err := range errs { // what another stopped is no cause
		if err != nil && !errors.Is(err, context.Canceled) {
			return TeamError{Team: m.workshop.Teams[i], Err: err}
		}
	}
	return ctx.Err()
}

// component is how the component of one team is made.
func (m *maker) component(dir string, i int) (generator.Request, error) {
	team := m.workshop.Teams[i]
	document, err := m.document(team, m.names[i])
	if err != nil {
		return generator.Request{}, err
	}
	extra, err := m.extra(team, document)
	return generator.Request{
		Document: document, Files: m.Files, Pack: m.Pack, Own: m.Own, Version: m.Version,
		Dir: filepath.Join(dir, "teams", team.Folder), Extra: extra, Env: m.Env, Now: m.Now,
	}, err
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
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return generator.Declare(document, m.Own)
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
	if m.Own != nil {
		for _, file := range m.Own.Stored() {
			files = append(files, plan.File{Path: beginFolder + "/" + file.Path, Body: file.Body})
		}
	}
	for _, file := range m.base.Files {
		begin := plan.File{Path: beginFolder + "/" + file.Path, Body: file.Body}
		if !slices.ContainsFunc(files, func(f plan.File) bool { return f.Path == begin.Path }) {
			files = append(files, begin)
		}
	}
	if m.course != nil {
		page, err := m.whole.of(team, document.Answers.Component.Name)
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
