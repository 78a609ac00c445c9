// Package grow changes answers as a person would: something is added, gets
// another name or goes, and what refers to it follows. It knows nothing of files.
// It is the one place that knows what refers to what.
//
// Every function leaves the answers that it gets as they are. An error is a
// problem.List: what stands in the way, each with its key in the answers.
package grow

import (
	"reflect"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Kind is what can be added, renamed and removed.
type Kind string

// The kinds, as on the command line.
const (
	Entity   Kind = "entity"
	Field    Kind = "field"
	Step     Kind = "step"
	Role     Kind = "role"
	Source   Kind = "source"
	Activity Kind = "activity"
)

// Kinds lists the kinds in the order in which people read them.
func Kinds() []Kind { return []Kind{Field, Entity, Step, Role, Source, Activity} }

// terms are the kinds in the texts of problems.
var terms = map[Kind]problem.Term{
	Entity: problem.TermEntity, Field: problem.TermField, Step: problem.TermStep,
	Role: problem.TermRole, Source: problem.TermSource, Activity: problem.TermActivity,
}

// Rename says that something has another name now. Names are those of the answers.
type Rename struct {
	Kind     Kind
	Of       string // the entity of a field, with its new name when that changes too
	Old, New string
}

// Ref points at one thing.
type Ref struct {
	Kind Kind
	Of   string // the entity of a field
	Name string
}

// Note is something that the change did, or that it leaves to people. Code is a
// key of the texts of the command line: grow.note.<code>.
type Note struct {
	Code string
	Args []any
}

// change is a change of answers while it is being made.
type change struct {
	a        answers.Answers
	notes    []Note
	problems problem.List
}

func begin(a answers.Answers) *change { return &change{a: clone(a)} }

// done gives what the change came to. With problems nothing has changed.
func (c *change) done(before answers.Answers) (answers.Answers, []Note, error) {
	if len(c.problems) == 0 {
		c.audiences(before)
		c.flow(before)
		c.retentions()
		c.startForm(before)
		c.inputs(before)
	}
	if len(c.problems) > 0 {
		return before, nil, c.problems
	}
	return c.a, c.notes, nil
}

func (c *change) note(code string, args ...any) { c.notes = append(c.notes, Note{code, args}) }

// refuse adds what stands in the way at a key.
func (c *change) refuse(code problem.Code, key string, args ...any) {
	c.problems.Add(code, key, args...)
}

func (c *change) suggest(candidate string, code problem.Code, key string, args ...any) {
	c.problems = append(c.problems, problem.New(code, key, args...).Suggest(candidate))
}

// clone copies answers with everything in them.
func clone(a answers.Answers) answers.Answers {
	return copied(reflect.ValueOf(a)).Interface().(answers.Answers)
}

func copied(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(copied(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(copied(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, v.MapIndex(key))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(copied(v.Field(i)))
		}
	default:
		out.Set(v)
	}
	return out
}

// Same says whether two names are one: what refers to something may spell it in
// another way.
func Same(a, b string) bool {
	if a == b {
		return a != ""
	}
	if simple(a) && simple(b) {
		return false // nearly all names are, and every change compares many
	}
	one, err := naming.Of(a)
	other, err2 := naming.Of(b)
	return err == nil && err2 == nil && one.Path == other.Path
}

// simple says whether a name is its own path, so that no other simple name has
// that path.
func simple(s string) bool {
	if s == "" || len(s) > 50 || strings.Contains(s, "--") || strings.HasSuffix(s, "-naam") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c != '-' || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return true
}
