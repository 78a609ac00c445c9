package grow

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

func entityName(e answers.Entity) string     { return e.Name }
func fieldName(f answers.Field) string       { return f.Name }
func stepName(s answers.Step) string         { return s.Name }
func roleName(r answers.Role) string         { return r.Name }
func sourceName(s answers.Source) string     { return s.Name }
func activityName(v answers.Activity) string { return v.Name }

// index finds an item by any spelling of its name; -1 when there is none.
func index[T any](items []T, name func(T) string, raw string) int {
	return slices.IndexFunc(items, func(item T) bool { return Same(name(item), raw) })
}

func names[T any](items []T, name func(T) string) []string {
	var found []string
	for _, item := range items {
		found = append(found, name(item))
	}
	return found
}

// lookup is index; what is not there is a problem.
func lookup[T any](c *change, kind Kind, key string, items []T, name func(T) string, raw string) (int, bool) {
	i := index(items, name, raw)
	if i < 0 {
		c.unknown(kind, key, raw, names(items, name))
	}
	return i, i >= 0
}

func (c *change) unknown(kind Kind, key, raw string, known []string) {
	if len(known) == 0 {
		c.refuse(problem.GrowNone, key, terms[kind], raw)
		return
	}
	c.suggest(closest(raw, known), problem.GrowUnknown, key, terms[kind], raw, known[:min(len(known), 12)])
}

// closest is the name that was probably meant, or "".
func closest(raw string, known []string) string {
	if len(raw) > 80 {
		return ""
	}
	best, least := "", 1+max(1, len(raw)/3)
	for _, name := range known {
		if problem.SameWord(raw, name) || len(name) > 80 {
			continue
		}
		if d := problem.Distance(strings.ToLower(raw), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// free reports a name that cannot be, or cannot be told from one that is there.
func (c *change) free(kind Kind, key, raw string, taken []string) bool {
	var scope naming.Scope
	for _, name := range taken {
		_, _ = scope.Add(name) // two that collide are reported elsewhere
	}
	_, err := scope.Add(raw)
	var collision *naming.Collision
	switch {
	case err == nil:
		return true
	case errors.As(err, &collision):
		proposed := raw
		for n := 2; err != nil && n < 100; n++ {
			proposed = fmt.Sprintf("%s-%d", raw, n)
			_, err = scope.Add(proposed)
		}
		c.suggest(proposed, problem.GrowTaken, key, raw, terms[kind], collision.Earlier)
	default:
		c.refuse(problem.NameUnusable, key, raw)
	}
	return false
}

func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// entityNames are the names that live side by side with those of entities: a
// plural is one too.
func entityNames(register []answers.Entity, but int) []string {
	var taken []string
	for i, e := range register {
		if i != but {
			taken = append(taken, e.Name, plural(e))
		}
	}
	return taken
}

func plural(e answers.Entity) string {
	if e.Plural != "" {
		return e.Plural
	}
	return naming.Plural(e.Name)
}

// fieldNames are the names that live side by side with those of the fields of an
// entity: what forms ask besides those of the subject too.
func fieldNames(a answers.Answers, entity, but int) []string {
	var taken []string
	for i, f := range a.Register[entity].Fields {
		if i != but {
			taken = append(taken, f.Name)
		}
	}
	if Same(a.Register[entity].Name, a.Process.Subject) {
		for _, st := range a.Process.Steps {
			for _, f := range st.Fields {
				if f.Inline != nil {
					taken = append(taken, f.Name)
				}
			}
		}
	}
	return taken
}

func without[T any](items []T, name func(T) string, but int) []string {
	var taken []string
	for i, item := range items {
		if i != but {
			taken = append(taken, name(item))
		}
	}
	return taken
}
