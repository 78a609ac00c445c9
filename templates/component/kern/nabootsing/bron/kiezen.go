package bron

import (
	"slices"
	"strings"
)

// kies leaves of an answer what the question asks back, as BRP Personen does
// with "fields": below "onder" only the wanted paths, through lists too, and
// what comes back unasked. What lies outside "onder" stays. A question that
// names no fields gets everything; whether it may is for the specification.
func (k *keuze) kies(answer any, v *vraag) any {
	if k == nil {
		return answer
	}
	wanted := k.gevraagd(v)
	if len(wanted) == 0 {
		return answer
	}
	var place []string
	if k.onder != "" {
		place = strings.Split(k.onder, ".")
	}
	return k.vanaf(answer, place, wanted)
}

// gevraagd are the fields that the question wants back: a list, or names with
// commas between them.
func (k *keuze) gevraagd(v *vraag) []string {
	var wanted []string
	for _, value := range v.waarden[k.veld] {
		for path := range strings.SplitSeq(value, ",") {
			if path = strings.TrimSpace(path); path != "" {
				wanted = append(wanted, path)
			}
		}
	}
	return wanted
}

// vanaf walks to the place below which is chosen.
func (k *keuze) vanaf(v any, place, wanted []string) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = k.vanaf(item, place, wanted)
		}
		return all
	case map[string]any:
		if len(place) == 0 {
			kept, _ := k.houd(v, "", wanted)
			return kept
		}
		all := make(map[string]any, len(v))
		for key, value := range v {
			if key == place[0] {
				value = k.vanaf(value, place[1:], wanted)
			}
			all[key] = value
		}
		return all
	}
	return v
}

// houd keeps the wanted paths below an object, and says whether it kept any.
func (k *keuze) houd(object map[string]any, at string, wanted []string) (map[string]any, bool) {
	kept, some := map[string]any{}, false
	for key, value := range object {
		path := strings.TrimPrefix(at+"."+key, ".")
		if slices.Contains(wanted, path) {
			kept[key], some = value, true
			continue
		}
		if slices.ContainsFunc(wanted, func(w string) bool { return strings.HasPrefix(w, path+".") }) {
			if below, found := k.daaronder(value, path, wanted); found {
				kept[key], some = below, true
			}
		}
	}
	if some || at == "" {
		for _, key := range k.altijd {
			if value, has := object[key]; has {
				kept[key] = value
			}
		}
	}
	return kept, some
}

func (k *keuze) daaronder(v any, path string, wanted []string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return k.houd(v, path, wanted)
	case []any:
		all, some := make([]any, 0, len(v)), false
		for _, item := range v {
			below, found := k.daaronder(item, path, wanted)
			if found {
				all = append(all, below)
			}
			some = some || found
		}
		return all, some
	}
	return nil, false
}
