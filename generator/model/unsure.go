package model

import (
	"maps"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// unsure is what a reported problem leaves unknown. A mistake that can follow
// from it is not reported: it goes away when the first one is mended, and until
// then it hides what has to be done.
type unsure struct {
	fields     bool                // of the forms: one is not known, or the subject is not
	sources    bool                // which one a step asks
	operations map[*Operation]bool // of which the parameters are not known
}

// asking says that it is not known what op asks.
func (u *unsure) asking(op *Operation) {
	if u.operations == nil {
		u.operations = map[*Operation]bool{}
	}
	u.operations[op] = true
}

// follows reports a problem, unless it can follow from one that is reported
// already.
func (b *builder) follows(already bool, candidate string, code problem.Code, key string, args ...any) {
	if !already {
		b.suggest(candidate, code, key, args...)
	}
}

// givenInput judges what a step gives to a question of which the parameters are
// not known.
func (b *builder) givenInput(s *step) {
	for _, name := range slices.Sorted(maps.Keys(s.given.Input)) {
		b.explicitInput(s, s.key+".input."+name, s.given.Input[name])
	}
}

// misspelled says whether a form names a field in a way that is reported.
func (b *builder) misspelled(form *step, f *Field) bool {
	if !b.unsure.fields {
		return false
	}
	return slices.ContainsFunc(form.given.Fields, func(given answers.StepField) bool {
		known := given.Inline != nil || fieldByName(b.c.Process.Subject.Fields, given.Name) != nil
		return !known && closest(given.Name, []string{f.Name.Raw}) != ""
	})
}
