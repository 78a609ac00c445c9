package pack

import (
	"errors"
	"fmt"

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
	return p.headed(file), nil
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
