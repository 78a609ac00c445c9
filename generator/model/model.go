package model

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Env is what New may know of the world outside the answers.
type Env struct {
	Version string // of fieldlab
}

// New judges the answers and derives the component from them. The files that
// the answers name are read from files, the folder of the answers file; nil
// when there is none. It reports every problem it finds, each with the key of
// the answer it is about, and returns no component when there is one.
//
// The same answers and files always give the same component.
func New(a answers.Answers, files fs.FS, env Env) (*Component, problem.List) {
	b := &builder{a: a, files: files, c: &Component{Generator: env.Version}}
	if b.tooLong() {
		return nil, b.problems
	}
	b.component()
	b.register()
	b.activities()
	b.sources()
	b.process()
	b.retentions()
	b.interaction()
	b.fsc()
	b.delivery()
	b.fieldlab()
	b.pack()
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	b.subjects()
	b.reachable()
	b.findable()
	b.owners()
	b.answersFiles()
	b.letters()
	b.openItems()
	b.c.Process.Diagram = layout(b.c.Process)
	return b.c, nil
}

// Longest lists. They are far more than people can oversee, and keep the work
// small whatever the answers are.
const (
	maxItems  = 100 // entities, sources, steps, roles, activities
	maxFields = 200 // of an entity, a form, a source
)

// tooLong reports lists that are too long; nothing else is judged then.
func (b *builder) tooLong() bool {
	check := func(key string, length, longest int) {
		if length > longest {
			b.add(problem.ListTooLong, key, longest)
		}
	}
	a := b.a
	check("register", len(a.Register), maxItems)
	for i, e := range a.Register {
		check(at("register", i)+".fields", len(e.Fields), maxFields)
		check(at("register", i)+".retention.results", len(e.Retention.Results), maxItems)
		for j, f := range e.Fields {
			check(at(at("register", i)+".fields", j)+".values", len(f.Values), maxFields)
		}
	}
	check("sources", len(a.Sources), maxItems)
	for i, s := range a.Sources {
		check(at("sources", i)+".operations", len(s.Operations), maxItems)
		check(at("sources", i)+".purpose.fields", len(s.Purpose.Fields), maxFields)
		check(at("sources", i)+".purpose.warnings", len(s.Purpose.Warnings), maxFields)
		for j, op := range s.Operations {
			check(at(at("sources", i)+".operations", j)+".parameters", len(op.Parameters), maxFields)
		}
	}
	check("process.roles", len(a.Process.Roles), maxItems)
	check("process.steps", len(a.Process.Steps), maxItems)
	for i, s := range a.Process.Steps {
		check(at("process.steps", i)+".fields", len(s.Fields), maxFields)
		check(at("process.steps", i)+".outcomes", len(s.Outcomes), maxItems)
	}
	check("privacy.activities", len(a.Privacy.Activities), maxItems)
	return len(b.problems) > 0
}

// builder carries the component while it is being derived, with the problems
// found on the way. After a problem it goes on with what it has, so that one
// run shows them all.
type builder struct {
	a        answers.Answers
	files    fs.FS
	c        *Component
	problems problem.List
	own      []*source // in the order of the answers
	steps    []*step   // in the order of the answers
	guessed  bool      // the process was not answered
	claimed  []claim   // fields of which the answers say whose number they are
	unsure   unsure

	unasked map[*Field]map[*Step]bool // steps that can be reached before the field is asked
}

// add reports a problem at key.
func (b *builder) add(code problem.Code, key string, args ...any) {
	b.problems.Add(code, key, args...)
}

// suggest reports a problem with a candidate for the right answer.
func (b *builder) suggest(candidate string, code problem.Code, key string, args ...any) {
	b.problems = append(b.problems, problem.New(code, key, args...).Suggest(candidate))
}

// required reports an empty answer and says whether there is one.
func (b *builder) required(key, value string) bool {
	if value == "" {
		b.add(problem.ValueEmpty, key)
	}
	return value != ""
}

// oneOf reports a value outside the allowed ones.
func (b *builder) oneOf(key, value string, allowed ...string) bool {
	for _, a := range allowed {
		if a == value {
			return true
		}
	}
	b.suggest(closest(value, allowed), problem.ValueUnknown, key, value, allowed)
	return false
}

// name derives the names of raw and takes them in scope.
func (b *builder) name(scope *naming.Scope, key, raw string) Names {
	before := len(b.problems)
	if raw = b.line(key, raw, 200); len(b.problems) > before || !b.required(key, raw) {
		return Names{} // what is wrong with it is said once
	}
	names, err := scope.Add(raw)
	var collision *naming.Collision
	switch {
	case err == nil:
	case errors.As(err, &collision) && collision.Reserved:
		b.add(problem.NameReserved, key, raw, collision.Earlier)
	case errors.As(err, &collision):
		b.add(problem.NameCollision, key, raw, collision.Earlier, collision.Spelling)
	default:
		b.add(problem.NameUnusable, key, raw)
	}
	return names
}

// open adds something that a person has to arrange.
func (b *builder) open(who, what, where, why string) {
	b.c.OpenItems = append(b.c.OpenItems, OpenItem{What: what, Where: where, Who: who, Why: why})
}

// same says whether raw is another spelling of names.
func same(names Names, raw string) bool {
	return names.Path != "" && (names.Raw == raw || names.Path == pathOf(raw))
}

// pathOf is the path of a name, by which names are compared; "" when it is none.
func pathOf(raw string) string {
	names, _ := naming.Of(raw)
	return names.Path
}

// find returns the first item that has the name raw in some spelling.
func find[T any](list []T, names func(T) Names, raw string) (found T) {
	path := pathOf(raw)
	for _, item := range list {
		if path != "" && names(item).Path == path {
			return item
		}
	}
	return found
}

// raws are the names as they were answered, for suggestions.
func raws[T any](list []T, names func(T) Names) []string {
	var out []string
	for _, item := range list {
		out = append(out, names(item).Raw)
	}
	return out
}

// few are the first of a list of names, as many as fit in one line.
func few(names []string) []string { return names[:min(len(names), 8)] }

// or returns s, or the default when s is empty.
func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// at is the key of the i-th item of a list.
func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
