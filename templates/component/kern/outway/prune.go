package outway

import (
	"maps"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Prune keeps of a JSON value only what the fields name. A field is a dotted
// path that matches at the end of the place in the document, arrays not
// counted: postcode keeps every postcode, naam.volledigeNaam only that of a
// naam. What a field names is kept whole. It reports whether anything is left.
func Prune(v any, fields []string) (any, bool) {
	suffixes := make([][]string, 0, len(fields))
	for _, f := range fields {
		if f != "" {
			suffixes = append(suffixes, strings.Split(f, "."))
		}
	}
	return prune(v, nil, suffixes)
}

func prune(v any, at []string, fields [][]string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, value := range v {
			path := append(slices.Clone(at), key)
			if named(path, fields) {
				if !empty(value) {
					kept[key] = value
				}
				continue
			}
			if sub, ok := prune(value, path, fields); ok {
				kept[key] = sub
			}
		}
		return kept, len(kept) > 0
	case []any:
		var kept []any
		for _, value := range v {
			if sub, ok := prune(value, at, fields); ok {
				kept = append(kept, sub)
			}
		}
		return kept, len(kept) > 0
	}
	return nil, false // a bare value under a name that nobody asked for
}

func named(path []string, fields [][]string) bool {
	for _, f := range fields {
		if len(f) <= len(path) && slices.Equal(f, path[len(path)-len(f):]) {
			return true
		}
	}
	return false
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

// Field is the first plain value in the answer under a dotted path that matches
// at the end, as text; "" when there is none.
func (a Answer) Field(path string) string {
	s, _ := first(a.Data, nil, strings.Split(path, "."))
	return s
}

func first(v any, at, path []string) (string, bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if s, ok := first(v[key], append(slices.Clone(at), key), path); ok {
				return s, true
			}
		}
	case []any:
		for _, value := range v {
			if s, ok := first(value, at, path); ok {
				return s, true
			}
		}
	default:
		if s, ok := value.Plain(v); ok && named(at, [][]string{path}) {
			return s, true
		}
	}
	return "", false
}
