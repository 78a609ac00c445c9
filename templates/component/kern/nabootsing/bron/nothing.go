package bron

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// Nothing is what a source answers that finds nothing, made of an answer that does
// find something: the same with its lists empty. There is no such answer when it
// has no list, or when the path names the one thing that is asked: then a source
// answers 404.
func Nothing(path string, answer any) (any, bool) {
	if strings.HasSuffix(strings.TrimSuffix(path, "/"), "}") {
		return nil, false
	}
	return emptied(answer)
}

// FindsNothing says whether a source can answer with this status when it finds
// nothing.
func FindsNothing(status int) bool {
	switch status {
	case http.StatusOK, http.StatusNoContent, http.StatusNotFound, http.StatusGone:
		return true
	}
	return false
}

// emptied is an answer without the contents of its lists of things, and it reports
// whether there was such a list. What stands beside it stays, for a source always
// sends it, but what is counted is none.
func emptied(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		kept, some := map[string]any{}, false
		for name, below := range v {
			if _, number := below.(json.Number); number && counts(name) {
				below = json.Number("0")
			}
			empty, has := emptied(below)
			_, object := below.(map[string]any)
			_, list := below.([]any)
			switch {
			case has:
				kept[name], some = empty, true
			case !object && !list:
				kept[name] = below
			}
		}
		return kept, some
	case []any:
		things := len(v) == 0 || slices.ContainsFunc(v, func(item any) bool { _, object := item.(map[string]any); return object })
		return []any{}, things
	}
	return nil, false
}

// counts says whether a name is of how much there is.
func counts(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains([]string{"count", "aantal", "totaal"}, name) || strings.HasPrefix(name, "total")
}
