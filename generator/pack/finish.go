package pack

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

// Finish judges a file that was made of the pack, and gives it the header.
func (p *Pack) Finish(file plan.File, lines func() []int) ([]byte, error) {
	if p.Has(file.Template) {
		at := FilesFolder + "/" + file.Template
		// The name of an entity can make a path that the pack itself could not have.
		if r, is := forbidden(file.Path); is {
			return nil, problem.New(problem.PackForbidden, file.Path, problem.Words{NL: r.shown, EN: r.shown}, r.why).At(at, 0, 0)
		}
		if found := form(file.Path, file.Body); len(found) > 0 {
			one := found[0]
			if from := lines(); one.Line < len(from) {
				one.Line = from[one.Line]
			}
			return nil, one.At(at, one.Line, 0)
		}
	}
	body := p.headed(file)
	if p.trace != nil && p.Has(file.Template) {
		p.trace.keep(file, bytes.Count(body, []byte("\n"))-bytes.Count(file.Body, []byte("\n")), lines())
	}
	return body, nil
}

// Trace remembers of the files that are made of a pack from which of its lines
// theirs come.
type Trace struct {
	mu    sync.Mutex
	files map[string]traced
}

type traced struct {
	template string
	shift    int // lines of the header
	lines    []int
}

// Traced is the pack, of which the next component is traced.
func (p *Pack) Traced() (*Pack, *Trace) {
	with := *p
	with.trace = &Trace{files: map[string]traced{}}
	return &with, with.trace
}

func (t *Trace) keep(file plan.File, shift int, lines []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.files[file.Path] = traced{file.Template, shift, lines}
}

// named is the only file of that name.
func (t *Trace) named(base string) (found traced, only bool) {
	count := 0
	for name, one := range t.files {
		if strings.HasSuffix(name, "/"+base) {
			found = one
			count++
		}
	}
	return found, count == 1
}

// Of is the place in the pack of a line of the component: a file and a line, which
// is 0 when nobody knows; "" for what the pack did not make.
func (t *Trace) Of(path string, line int) (file string, at int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, known := t.files[path]
	if !known && !strings.Contains(path, "/") { // a test that fails names no folder
		found, known = t.named(path)
	}
	if !known {
		return "", 0
	}
	// What the template did not write, such as the lines that gofmt makes of one, is
	// near the line before it.
	for line -= found.shift; line > 0; line-- {
		if line < len(found.lines) && found.lines[line] > 0 {
			at = found.lines[line]
			break
		}
	}
	return FilesFolder + "/" + found.template, at
}

// maxMade is the largest number of files of a component that a pack is laid over: a
// component with more cannot be brought up to date.
const maxMade = 5000

// Judge turns what went wrong while a component was made with the pack into what
// is wrong with the pack; what is not of the pack stays as it is.
func (p *Pack) Judge(files plan.Plan, err error) error {
	if err == nil && len(files) > maxMade {
		return Faulty{problem.List{problem.New(problem.PackTooManyMade, "", maxMade).At(FilesFolder, 0, 0)}}
	}
	var found problem.List
	var rest []error
	p.collect(err, &found, &rest)
	switch {
	case len(rest) > 0:
		return errors.Join(rest...)
	case len(found) > 0:
		return Faulty{found[:min(len(found), maxSaid)].Sorted()}
	}
	return err
}

func (p *Pack) collect(err error, found *problem.List, rest *[]error) {
	var made *render.Error
	var one problem.Problem
	var path plan.PathError
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range many.Unwrap() {
			p.collect(err, found, rest)
		}
		return
	}
	switch {
	case err == nil:
	case errors.As(err, &one):
		*found = append(*found, one)
	case errors.As(err, &path): // such as an entity of which the file has the name of one of ours
		*found = append(*found, problem.New(problem.PackClash, "", path.Text).At(FilesFolder, 0, 0))
	case errors.As(err, &made) && p.Has(made.Name):
		*found = append(*found, problemOf(made))
	default:
		*rest = append(*rest, err)
	}
}

// codes are the problems of a template.
var codes = map[render.Kind]problem.Code{
	render.Unquoted: problem.PackUnquoted, render.WrongQuoter: problem.PackWrongQuoter, render.NoQuoter: problem.PackNoQuoter,
	render.NotOffered: problem.PackNotOffered, render.NoField: problem.PackNoField, render.Recursion: problem.PackRecursion,
	render.TooDeep: problem.PackNested, render.TooLarge: problem.PackMakesMuch, render.TooMuch: problem.PackTooMuch,
	render.NotText: problem.PackNotText,
}

// problemOf is what is wrong with a template, with file and line.
func problemOf(e *render.Error) problem.Problem {
	at := FilesFolder + "/" + e.Name
	if code, known := codes[e.Kind]; known {
		return problem.New(code, "", e.Args...).At(at, e.Line, 0)
	}
	if e.Output != "" { // the line is that of the output, which nobody sees
		return problem.New(problem.PackOutput, "", e.What, e.Output).At(at, e.Line, 0)
	}
	return problem.New(problem.PackTemplate, "", e.What).At(at, e.Line, 0)
}

// String names the pack for people.
func (m Mark) String() string { return fmt.Sprintf("%s %s", m.Name, m.Version) }
