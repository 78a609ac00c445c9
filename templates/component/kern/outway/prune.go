package outway

import (
	"slices"
	"strconv"
	"strings"
)

// maxKept is how much of a long list is kept: nobody reads more, and Count says
// how much there was.
const maxKept = 50

// place is a step of a path, with what goes on from there.
type place struct {
	below map[string]*place
	kept  bool // whatever stands here is kept
	found bool // what was found stands here
}

// on gives the place that a path from here ends at, and makes it.
func (p *place) on(path string) *place {
	for part := range strings.SplitSeq(path, ".") {
		next := p.below[part]
		if next == nil {
			next = &place{}
			if p.below == nil {
				p.below = map[string]*place{}
			}
			p.below[part] = next
		}
		p = next
	}
	return p
}

// pruner knows what is kept: from the answer, and of the warnings from any object
// of which something is.
type pruner struct {
	root, found, warnings *place
	all                   []Warning
}

func newPruner(list string, fields []Field, warnings []Warning) pruner {
	p := pruner{root: &place{}, warnings: &place{}, all: warnings}
	p.found = p.root
	if list != "" {
		p.found = p.root.on(list)
	}
	p.found.found = true
	for _, f := range fields {
		if f.Name != "" {
			p.root.on(f.Name).kept = true
			p.found.on(f.Name).kept = true
		}
	}
	for _, w := range warnings {
		if w.Field != "" {
			p.warnings.on(w.Field).kept = true
		}
	}
	return p
}

// prune keeps of a JSON value only what the fields name, below the list of what
// was found or from the value itself, and the warnings beside that. A field is a
// whole path: bsn is not that of a partner. What a field names is kept whole. What
// was found stays in the list, also when nothing of it is kept, so that it can be
// told apart; of a long list the first few stay.
func (p pruner) prune(v any) any { return whole(p.keep(v, p.root)) }

// keeps says whether a field names this path of what was found, or something
// above it.
func (p pruner) keeps(path []string) bool {
	at := p.found
	for _, part := range path {
		if at = at.below[part]; at == nil || at.kept {
			break
		}
	}
	return at != nil && at.kept
}

// partly is a list of which something is kept: nil stands where nothing is, so
// that it lies beside the list that it comes from.
type partly []any

// keep gives what is kept of a value; nil when that is nothing.
func (p pruner) keep(v any, at *place) any {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, next := range at.below {
			value, there := v[name]
			switch {
			case !there:
			case next.kept:
				if !empty(value) {
					kept[name] = few(value, next)
				}
			default:
				if sub := p.keep(value, next); sub != nil {
					kept[name] = sub
				}
			}
		}
		// What was asked can be missing for what the source warns of: an address
		// that is shielded has none.
		if len(kept) == 0 && !at.found && !slices.ContainsFunc(p.all, func(w Warning) bool { return w.on(valuesAt(v, w.Field)) }) {
			return nil
		}
		p.warn(v, kept, p.warnings)
		return kept
	case []any:
		v, _ = few(v, at).([]any)
		all, some := make(partly, len(v)), false
		for i, value := range v {
			if _, object := value.(map[string]any); at.found && !object {
				value = map[string]any{} // found all the same
			}
			all[i] = p.keep(value, at)
			some = some || all[i] != nil
		}
		if some {
			return all
		}
	}
	return nil // a bare value under a name that nobody asked for
}

// few cuts off a long list of what was found.
func few(v any, at *place) any {
	if all, ok := v.([]any); ok && at.found && len(all) > maxKept {
		return all[:maxKept:maxKept]
	}
	return v
}

// warn adds to what is kept of an object the warnings that stand in it.
func (p pruner) warn(object, kept map[string]any, warnings *place) {
	for name, next := range warnings.below {
		value, there := object[name]
		switch {
		case !there || empty(value):
		case next.kept:
			kept[name] = value
		default:
			if sub := p.warned(value, kept[name], next); sub != nil {
				kept[name] = sub
			}
		}
	}
}

// warned is what is kept of a value, with the warnings in it; nil when that is
// nothing.
func (p pruner) warned(v, kept any, warnings *place) any {
	switch v := v.(type) {
	case map[string]any:
		object, ok := kept.(map[string]any)
		if !ok {
			object = map[string]any{}
		}
		p.warn(v, object, warnings)
		if len(object) > 0 {
			return object
		}
	case []any:
		if _, all := kept.([]any); all {
			return kept // a field keeps the list whole
		}
		before, _ := kept.(partly)
		if before != nil {
			v = v[:len(before)]
		}
		list, some := make(partly, len(v)), false
		copy(list, before)
		for i, value := range v {
			list[i] = p.warned(value, list[i], warnings)
			some = some || list[i] != nil
		}
		if some {
			return list
		}
	}
	return kept
}

// whole makes plain lists of those of which something is kept.
func whole(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			switch below.(type) {
			case map[string]any, partly:
				v[name] = whole(below)
			}
		}
	case partly:
		all := make([]any, 0, len(v))
		for _, below := range v {
			if below != nil {
				all = append(all, whole(below))
			}
		}
		return all
	}
	return v
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

// Field is the first plain value in the answer with this path, as text: of what was
// found, or else beside it; "" when there is none. Of several that were found those
// that are not what was asked do not count, when there are others: the next question
// builds on it.
func (a Answer) Field(path string) string {
	found, at := a.Data, ""
	if a.List != "" {
		for part := range strings.SplitSeq(a.List, ".") {
			object, _ := found.(map[string]any)
			found, at = object[part], at+"/"+pointer(part)
		}
	}
	if all, ok := found.([]any); ok {
		meant := []any{}
		for i, item := range all {
			place := at + "/" + strconv.Itoa(i)
			if !slices.ContainsFunc(a.Notes, func(n Note) bool { return n.Kind == NoteDiffers && n.Place == place }) {
				meant = append(meant, item)
			}
		}
		if len(meant) > 0 {
			found = meant
		}
	}
	s, ok := plainAt(found, path)
	if !ok && a.List != "" {
		s, _ = plainAt(a.Data, path)
	}
	return s
}

// plainAt is the first plain value at a path, through lists.
func plainAt(v any, path string) (string, bool) {
	all := plainIn(valuesAt(v, path))
	if len(all) == 0 {
		return "", false
	}
	return all[0], true
}
