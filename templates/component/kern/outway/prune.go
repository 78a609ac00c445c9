package outway

import (
	"maps"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Prune keeps of a JSON value only what the fields name, below the list of what
// was found or from the value itself, and the warnings beside that. A field is a
// whole path: bsn is not that of a partner. What a field names is kept whole. What
// was found stays in the list, also when nothing of it is kept, so that it can be
// counted.
func Prune(v any, list string, fields []Field, warnings []Warning) any {
	p := pruner{list: split(list)}
	for _, f := range fields {
		p.fields = append(p.fields, split(f.Name))
	}
	for _, w := range warnings {
		p.warnings = append(p.warnings, split(w.Field))
	}
	kept, _ := p.prune(v, nil)
	return kept
}

type pruner struct {
	list             []string
	fields, warnings [][]string
}

func split(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

func (p pruner) prune(v any, at []string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, value := range v {
			path := append(slices.Clone(at), key)
			if p.named(path) {
				if !empty(value) {
					kept[key] = value
				}
				continue
			}
			if sub, ok := p.prune(value, path); ok {
				kept[key] = sub
			}
		}
		found := slices.Equal(at, p.list)
		if found || len(kept) > 0 {
			p.warn(v, kept)
		}
		return kept, found || len(kept) > 0
	case []any:
		var kept []any
		for _, value := range v {
			if sub, ok := p.prune(value, at); ok {
				kept = append(kept, sub)
			}
		}
		return kept, len(kept) > 0
	}
	return nil, false // a bare value under a name that nobody asked for
}

// named says whether a field names this path.
func (p pruner) named(path []string) bool {
	below := path
	if len(path) > len(p.list) && slices.Equal(path[:len(p.list)], p.list) {
		below = path[len(p.list):]
	}
	return slices.ContainsFunc(p.fields, func(f []string) bool { return len(f) > 0 && (slices.Equal(f, path) || slices.Equal(f, below)) })
}

// warn adds to what is kept of an object the warnings that stand in it.
func (p pruner) warn(object, kept map[string]any) {
	for _, w := range p.warnings {
		from, to := object, kept
		for i, name := range w {
			value, there := from[name]
			if !there || empty(value) {
				break
			}
			if i == len(w)-1 {
				to[name] = value
				break
			}
			sub, ok := value.(map[string]any)
			if !ok {
				break
			}
			below, ok := to[name].(map[string]any)
			if !ok {
				below = map[string]any{}
				to[name] = below
			}
			from, to = sub, below
		}
	}
}

// empty says whether a value says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// Field is the first plain value in the answer with this path, as text; "" when
// there is none.
func (a Answer) Field(path string) string {
	s, _ := first(a.Data, nil, split(a.List), split(path))
	return s
}

func first(v any, at, list, path []string) (string, bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if s, ok := first(v[key], append(slices.Clone(at), key), list, path); ok {
				return s, true
			}
		}
	case []any:
		for _, value := range v {
			if s, ok := first(value, at, list, path); ok {
				return s, true
			}
		}
	default:
		if s, ok := value.Plain(v); ok && (pruner{list: list, fields: [][]string{path}}).named(at) {
			return s, true
		}
	}
	return "", false
}
