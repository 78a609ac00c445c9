package bron

import (
	"slices"
	"strings"
)

// pick leaves of an answer what the question asks back, as BRP Personen does
// with "fields": below "onder" only the wanted paths, through lists too, and
// what comes back unasked. What lies outside "onder" stays. A question that
// names no fields gets everything; whether it may is for the specification.
func (c *fieldChoice) pick(answer any, q *question) any {
	if c == nil {
		return answer
	}
	wanted := c.asked(q)
	if len(wanted) == 0 {
		return answer
	}
	var place []string
	if c.below != "" {
		place = strings.Split(c.below, ".")
	}
	return c.from(answer, place, wanted)
}

// asked are the fields that the question wants back: a list, or names with
// commas between them.
func (c *fieldChoice) asked(q *question) []string {
	var wanted []string
	for _, value := range q.values[c.field] {
		for path := range strings.SplitSeq(value, ",") {
			if path = strings.TrimSpace(path); path != "" {
				wanted = append(wanted, path)
			}
		}
	}
	return wanted
}

// from walks to the place below which is chosen.
func (c *fieldChoice) from(v any, place, wanted []string) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = c.from(item, place, wanted)
		}
		return all
	case map[string]any:
		if len(place) == 0 {
			kept, _ := c.keep(v, "", wanted)
			return kept
		}
		all := make(map[string]any, len(v))
		for key, value := range v {
			if key == place[0] {
				value = c.from(value, place[1:], wanted)
			}
			all[key] = value
		}
		return all
	}
	return v
}

// keep keeps the wanted paths below an object, and says whether it kept any.
func (c *fieldChoice) keep(object map[string]any, at string, wanted []string) (map[string]any, bool) {
	kept, some := map[string]any{}, false
	for key, value := range object {
		path := strings.TrimPrefix(at+"."+key, ".")
		if slices.Contains(wanted, path) {
			kept[key], some = value, true
			continue
		}
		if slices.ContainsFunc(wanted, func(w string) bool { return strings.HasPrefix(w, path+".") }) {
			if below, found := c.under(value, path, wanted); found {
				kept[key], some = below, true
			}
		}
	}
	if some || at == "" {
		for _, key := range c.always {
			if value, has := object[key]; has {
				kept[key] = value
			}
		}
	}
	return kept, some
}

func (c *fieldChoice) under(v any, path string, wanted []string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return c.keep(v, path, wanted)
	case []any:
		all, some := make([]any, 0, len(v)), false
		for _, item := range v {
			below, found := c.under(item, path, wanted)
			if found {
				all = append(all, below)
			}
			some = some || found
		}
		return all, some
	}
	return nil, false
}
