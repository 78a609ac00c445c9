package course

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Rehearsal says how a course is tried.
type Rehearsal struct {
	Dir      string // a fresh component of the case, of which nothing has to be kept
	Fieldlab Fieldlab
	Build    bool        // run the tests after each step too
	Doing    func(*Step) // is told which step is tried; may be nil
}

// Rehearse follows steps in a component as a team would that does exactly what the
// recipes say, and gives what is wrong: a recipe or plant that does not work, a
// check that is green before anything was done, and one that is red afterwards.
// What only a running component, a person or a repository shows is not looked at.
// It goes on after a mistake, but not after a recipe that does not work: then
// nothing further means anything.
func Rehearse(ctx context.Context, steps []*Step, r Rehearsal) (problem.List, error) {
	var found problem.List
	for _, s := range steps {
		if err := ctx.Err(); err != nil {
			return found, err
		}
		if r.Doing != nil {
			r.Doing(s)
		}
		mistakes, broken, err := s.rehearse(ctx, r)
		if found = append(found, mistakes...); broken || err != nil {
			return found, err
		}
	}
	return found, nil
}

func (s *Step) rehearse(ctx context.Context, r Rehearsal) (found problem.List, broken bool, err error) {
	add := func(line int, code problem.Code, args ...any) {
		found = append(found, problem.New(code, "", args...).At(s.File, max(line, 1), 1))
	}
	if s.Plant != nil {
		if planted, err := s.PutPlant(r.Dir); err != nil || !planted {
			add(1, problem.CoursePlantFails, says(err))
			return found, true, nil
		}
	}
	at := Place{Dir: r.Dir, Begun: true, rehearsed: true}
	before := s.Look(ctx, at)
	if err := ctx.Err(); err != nil {
		return found, true, err
	}
	for i, c := range s.Checks {
		if c.rehearsed() && before[i].OK {
			add(c.Line, problem.CourseGreenBefore, c.Name)
		}
	}
	if err := Follow(ctx, r.Dir, []*Step{s}, r.Fieldlab); err != nil {
		follow, is := errors.AsType[*FollowError](err)
		if !is || ctx.Err() != nil {
			return found, true, err
		}
		add(follow.Line, problem.CourseRecipeFails, reasonOf(follow))
		return found, true, nil
	}
	if s.Plant != nil {
		if err := s.mend(r.Dir); err != nil {
			add(1, problem.CoursePlantFails, says(err))
			return found, true, nil
		}
	}
	at.Slow = r.Build
	for i, result := range s.Look(ctx, at) {
		c := s.Checks[i]
		if (c.rehearsed() || c.Slow && r.Build) && !result.OK {
			add(c.Line, problem.CourseRedAfter, c.Name, says(errors.New(result.Why)))
		}
	}
	if r.Build && !s.tested() {
		l := &looker{at: at}
		if why := l.tests(ctx); why != "" {
			add(1, problem.CourseTestsFail, says(errors.New(why)))
		}
	}
	return found, false, ctx.Err()
}

// rehearsed says whether a check can be looked at without running anything, and
// does not depend on a person or a repository.
func (c Check) rehearsed() bool {
	return slices.Contains([]string{file, inAnswers, planted, checked}, c.Kind)
}

func (s *Step) tested() bool {
	for _, c := range s.Checks {
		if c.Kind == tests {
			return true
		}
	}
	return false
}

// mend takes the mistake of the step away as the team has to.
func (s *Step) mend(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	back := Edit{File: s.Plant.File, From: s.Plant.To, To: s.Plant.From}
	return back.do(root)
}

// reasonOf is why an operation failed, in a line: what fieldlab said is better
// than that it failed.
func reasonOf(f *FollowError) problem.Words {
	said := strings.TrimSpace(f.Said)
	if said == "" {
		return says(f.Err)
	}
	lines := strings.Split(said, "\n")
	for _, line := range lines {
		if strings.Contains(line, "fout:") || strings.Contains(line, "Fout") {
			return says(errors.New(line))
		}
	}
	return says(fmt.Errorf("%w: %s", f.Err, lines[0]))
}

// says makes a reason fit for a line of a problem. It is longer than a value that
// is shown there, and holds no path of this machine.
func says(err error) problem.Words {
	if err == nil {
		return problem.Words{NL: "de tekst staat er al", EN: "the text is there already"}
	}
	const most = 400
	text := reasonText(err)
	var b strings.Builder
	for n, c := range []rune(strings.Join(strings.Fields(text), " ")) {
		if n == most {
			b.WriteString("…")
			break
		}
		if unicode.IsPrint(c) {
			b.WriteRune(c)
		}
	}
	return problem.Words{NL: b.String(), EN: b.String()}
}

func reasonText(err error) string {
	if inner, ok := errors.AsType[*os.PathError](err); ok {
		return path.Base(inner.Path) + ": " + inner.Err.Error()
	}
	return err.Error()
}
