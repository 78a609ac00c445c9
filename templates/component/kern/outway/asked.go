package outway

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// asked is what was asked under one name. A key names the one thing that the
// answer is about.
type asked struct {
	name   string
	values []string
	key    bool
}

// ask remembers what was asked, to hold what is found against it.
func (q *Question) ask(name string, values ...string) {
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return strings.TrimSpace(s) == "" })
	if i := slices.IndexFunc(q.asked, func(a asked) bool { return a.name == name && !a.key }); i >= 0 {
		q.asked[i].values = append(q.asked[i].values, values...)
	} else if len(values) > 0 {
		q.asked = append(q.asked, asked{name: name, values: values})
	}
}

// plainIn are the plain values in what goes along in a body.
func plainIn(v any) (all []string) {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		for _, item := range v {
			all = append(all, plainIn(item)...)
		}
	default:
		if s, ok := value.Plain(v); ok {
			all = append(all, s)
		}
	}
	return all
}

// elsewhere says whether any of what was found is somebody or something else than
// the question names.
func (q Question) elsewhere(f finding) bool {
	for _, a := range q.asked {
		person := slices.ContainsFunc(a.values, func(s string) bool { return slices.Contains(q.DataSubjects, s) })
		if !a.key && !person {
			continue
		}
		for _, item := range f.items {
			object, _ := item.(map[string]any)
			if given := plainsAt(object, property(a.name)); len(given) > 0 && !anySame(given, a.values) {
				return true
			}
		}
	}
	return false
}

// property is the name that an answer has for what is asked under this name:
// adres__postcode and adres.postcode are a postcode.
func property(name string) string {
	if i := strings.LastIndex(name, "__"); i >= 0 {
		name = name[i+2:]
	}
	return strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "[]")
}

// named is the name that an object has for a property, whatever case it is in.
func named(object map[string]any, property string) (string, bool) {
	if _, ok := object[property]; ok {
		return property, true
	}
	for name := range object {
		if strings.EqualFold(name, property) {
			return name, true
		}
	}
	return "", false
}

// plainsAt are the plain values that an object itself gives of a property.
func plainsAt(object map[string]any, property string) []string {
	name, ok := named(object, property)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(plainIn(object[name])), func(s string) bool { return s == "" })
}

func anySame(given, wanted []string) bool {
	return slices.ContainsFunc(given, func(g string) bool {
		return slices.ContainsFunc(wanted, func(w string) bool { return same(g, w) })
	})
}

// same says whether two values are one: whatever the case, the spaces and the
// zeros in front, and also when one is a URL or has a namespace and ends in the
// other.
func same(a, b string) bool {
	return plainForm(a) == plainForm(b) || endsIn(folded(a), folded(b)) || endsIn(folded(b), folded(a))
}

func endsIn(long, short string) bool {
	before, ok := strings.CutSuffix(strings.TrimSuffix(long, "/"), short)
	return ok && short != "" && before != "" && strings.ContainsAny(before[len(before)-1:], "/.:#=") && unicode.IsLetter(rune(before[0]))
}

func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }

// plainForm is a value without what makes no difference.
func plainForm(s string) string {
	if s = folded(s); s != "" && strings.Trim(s, "0123456789") == "" {
		return cmp.Or(strings.TrimLeft(s, "0"), "0")
	}
	return s
}

// spot is where an object gives a property.
type spot struct {
	path []string
	in   map[string]any // the object that gives it
}

// value is what it gives.
func (s spot) value() any { return s.in[s.path[len(s.path)-1]] }

// nearest lists where an object gives a property, as near as it does: in itself or
// in objects below it. What stands in lists is of others.
func nearest(object map[string]any, property string) (found []spot) {
	for level := []spot{{nil, object}}; len(level) > 0 && len(found) == 0; {
		var next []spot
		for _, at := range level {
			if name, ok := named(at.in, property); ok && !empty(at.in[name]) {
				found = append(found, spot{append(slices.Clone(at.path), name), at.in})
			}
			for _, name := range slices.Sorted(maps.Keys(at.in)) {
				if below, ok := at.in[name].(map[string]any); ok && !strings.HasPrefix(name, "_") { // _links and _embedded are of others
					next = append(next, spot{append(slices.Clone(at.path), name), below})
				}
			}
		}
		level = next
	}
	return found
}

// said is what a source gives under a name, as text; of a code with its meaning
// every part.
func said(v any) []string {
	if object, ok := v.(map[string]any); ok {
		var all []string
		for _, name := range []string{"omschrijving", "waarde", "code", "datum"} {
			all = append(all, plainIn(object[name])...)
		}
		return all
	}
	if list, ok := v.([]any); ok && slices.ContainsFunc(list, func(v any) bool { _, plain := value.Plain(v); return !plain }) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(plainIn(v)), func(s string) bool { return s == "" })
}

// flag says whether a value is a yes or a no, with which nothing is looked for.
func flag(s string) bool { return s == "true" || s == "false" }
