package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Find is one line of the test data: what to ask, and what that finds.
type Find struct {
	Asked  []Constant // empty: whatever is asked
	Free   []string   // names of what must be asked too, with any value
	Status int        // 200 when something is found
	Shows  []string   // some of what the answer holds
}

// Question is what to ask, in words.
func (f Find) Question() string {
	var parts []string
	for _, c := range f.Asked {
		if len(c.Values) > 0 {
			parts = append(parts, c.Name+" "+strings.Join(c.Values, " en "))
		} else {
			parts = append(parts, c.Name+" "+c.Value)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "wat dan ook")
	}
	for _, name := range f.Free {
		parts = append(parts, name+" naar keuze")
	}
	return strings.Join(parts, ", ")
}

// Content is some of what that finds, in words.
func (f Find) Content() string {
	if len(f.Shows) == 0 {
		return "geen gegevens"
	}
	return strings.Join(f.Shows, ", ")
}

// Nothing is the status of an answer to any other question.
func (op *Operation) Nothing() string {
	switch {
	case op.Otherwise == nil:
		return "200 of 404"
	case op.Otherwise.Status == 0:
		return "200"
	}
	return strconv.Itoa(op.Otherwise.Status)
}

// Takes are the names of the parameters.
func (op *Operation) Takes() []string {
	names := make([]string, len(op.Parameters))
	for i, p := range op.Parameters {
		names[i] = p.Name
	}
	return names
}

// Finds lists what the stand-in answers to op, in order, as a person would try
// it. Of an answer that fits by what it holds, the question is read from it.
// keep are the fields of the purpose; the first few of them are shown.
func (op *Operation) Finds(keep []string) []Find {
	var out []Find
	for _, a := range op.cases() {
		f, possible := op.asks(a)
		if !possible {
			continue
		}
		if f.Status == 0 {
			f.Status = 200
		}
		var body any
		d := json.NewDecoder(strings.NewReader(a.Body))
		d.UseNumber()
		if d.Decode(&body) == nil {
			if len(a.When) == 0 && !a.Always {
				f.Asked = held(op, body)
			}
			f.Shows = shown(body, keep)
		}
		for _, p := range op.Parameters {
			if p.Required && len(f.Asked) > 0 && !slices.ContainsFunc(f.Asked, func(c Constant) bool { return c.Name == p.Name }) {
				f.Free = append(f.Free, p.Name)
			}
		}
		// The first answer to a question is the one that is given.
		if !slices.ContainsFunc(out, func(earlier Find) bool { return slices.EqualFunc(earlier.Asked, f.Asked, sameConstant) }) {
			out = append(out, f)
		}
	}
	return out
}

func sameConstant(a, b Constant) bool {
	return a.Name == b.Name && a.Value == b.Value && slices.Equal(a.Values, b.Values)
}

// asks says what a person gives for an answer, and whether op can ask it: a
// source of the catalogue has answers to more questions than op puts. What
// always goes along nobody has to think of, nor of what is left out.
func (op *Operation) asks(a Answer) (f Find, possible bool) {
	f.Status = a.Status
	for _, c := range a.When {
		given := c.Value != "" || len(c.Values) > 0
		switch {
		case !given, slices.ContainsFunc(op.Constants, func(fixed Constant) bool { return fixed.Name == c.Name }):
		case slices.ContainsFunc(op.Parameters, func(p Parameter) bool { return p.Name == c.Name }):
			f.Asked = append(f.Asked, c)
		default:
			return Find{}, false
		}
	}
	return f, true
}

// held are the parameters of which the answer holds a value.
func held(op *Operation, body any) []Constant {
	var out []Constant
	for _, p := range op.Parameters {
		if value := valueAt(body, p.Name); value != "" {
			out = append(out, Constant{Name: p.Name, In: p.In, Value: value})
		}
	}
	return out
}

// maxShown is how many values a line of a table has room for.
const maxShown = 3

func shown(body any, keep []string) []string {
	var out []string
	add := func(value string) {
		if value != "" && len(value) < 60 && len(out) < maxShown && !slices.Contains(out, value) {
			out = append(out, value)
		}
	}
	for _, field := range keep {
		add(valueAt(body, field))
	}
	if len(out) == 0 { // the purpose keeps whole objects: something of what is in them
		plainValues(body, add)
	}
	return out
}

// plainValues tells every text and number in a document, in the order of the names.
func plainValues(v any, tell func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			plainValues(v[key], tell)
		}
	case []any:
		for _, item := range v {
			plainValues(item, tell)
		}
	case string, json.Number:
		tell(fmt.Sprint(v))
	}
}

// valueAt is the first plain value of field, the end of a dotted path, nearest
// to the top and in the order of the names; "" when there is none.
func valueAt(v any, field string) string {
	level := []any{v}
	for depth := 0; len(level) > 0 && depth < maxDepth; depth++ {
		var below []any
		for _, item := range level {
			if value := follow(item, strings.Split(field, ".")); value != "" {
				return value
			}
			switch item := item.(type) {
			case map[string]any:
				for _, key := range sortedKeys(item) {
					below = append(below, item[key])
				}
			case []any:
				below = append(below, item...)
			}
		}
		level = below
	}
	return ""
}

// follow walks a path through objects and the first items of lists.
func follow(v any, path []string) string {
	switch v := v.(type) {
	case map[string]any:
		if len(path) > 0 {
			return follow(v[path[0]], path[1:])
		}
	case []any:
		if len(v) > 0 && len(path) == 0 {
			return follow(v[0], path)
		}
		for _, item := range v {
			if value := follow(item, path); value != "" {
				return value
			}
		}
	case string, json.Number:
		if len(path) == 0 {
			return fmt.Sprint(v)
		}
	case bool:
		if len(path) == 0 && v {
			return "ja"
		}
		if len(path) == 0 {
			return "nee"
		}
	}
	return ""
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
