package merge

import "strconv"

// weaver brings lists together by what their entries are called: the keys of a
// mapping, the elements of a picture.
type weaver[T any] struct {
	key  func(T) string
	same func(a, b T) bool
	// both merges an entry that both changed. Base is the zero value when both
	// added it.
	both func(base, ours, theirs T) (T, bool)
}

// No file of a component comes near these: a list of more entries, or an entry of
// more lines, is not looked into.
const (
	mostEntries = 10_000
	longest     = 200
)

// weave gives the entries in the order of ours; what theirs added comes after what
// it stands behind there, and after what ours added at that place. It fails where
// both did something else with one entry.
func (w weaver[T]) weave(base, ours, theirs []T) ([]T, bool) {
	if len(base)+len(ours)+len(theirs) > 3*mostEntries {
		return nil, false
	}
	b, okB := w.named(base)
	o, okO := w.named(ours)
	t, okT := w.named(theirs)
	if !okB || !okO || !okT || w.replaced(b, o, t) {
		return nil, false
	}
	var out woven[T]
	for _, name := range o.names {
		entry := o.by[name]
		was, inBase := b.by[name]
		other, inTheirs := t.by[name]
		var ok bool
		switch {
		case !inBase && !inTheirs, inBase && inTheirs && w.same(other, was), inTheirs && w.same(other, entry):
			ok = true
		case inBase && inTheirs && w.same(entry, was):
			entry, ok = other, true
		case inTheirs:
			entry, ok = w.both(was, entry, other)
		case w.same(entry, was):
			continue // theirs took it out
		}
		if !ok {
			return nil, false
		}
		out.names, out.entries = append(out.names, name), append(out.entries, entry)
		out.own = append(out.own, !inBase && !inTheirs)
	}
	for i, name := range t.names {
		if _, inOurs := o.by[name]; inOurs {
			continue
		}
		if was, inBase := b.by[name]; inBase {
			if !w.same(t.by[name], was) {
				return nil, false // ours took out what theirs changed
			}
			continue
		}
		out.insert(t.names[:i], name, t.by[name])
	}
	return out.entries, true
}

// woven is the list under way.
type woven[T any] struct {
	names   []string
	entries []T
	own     []bool // only ours has it
}

// insert puts an entry after the last one of those before it that is there.
func (l *woven[T]) insert(before []string, name string, entry T) {
	at := 0
	for i := len(before) - 1; i >= 0 && at == 0; i-- {
		for j, known := range l.names {
			if known == before[i] {
				at = j + 1
				break
			}
		}
	}
	for at < len(l.own) && l.own[at] {
		at++
	}
	l.names = append(l.names[:at:at], append([]string{name}, l.names[at:]...)...)
	l.entries = append(l.entries[:at:at], append([]T{entry}, l.entries[at:]...)...)
	l.own = append(l.own[:at:at], append([]bool{false}, l.own[at:]...)...)
}

// named are entries by name.
type named[T any] struct {
	names []string
	by    map[string]T
}

// named gives each entry a name of its own; false when a name that has to be
// unique is not: such names are "" for all that they are asked of twice.
func (w weaver[T]) named(entries []T) (named[T], bool) {
	n := named[T]{by: make(map[string]T, len(entries))}
	for _, entry := range entries {
		key := w.key(entry)
		name := key
		for again := 2; ; again++ {
			if _, taken := n.by[name]; !taken {
				break
			}
			if again > 100 {
				return n, false
			}
			name = key + "\x00" + strconv.Itoa(again)
		}
		n.names = append(n.names, name)
		n.by[name] = entry
	}
	return n, true
}

// replaced says that both took out the same entry and both brought something else:
// two versions of one change, between which a person has to choose.
func (w weaver[T]) replaced(b, o, t named[T]) bool {
	gone := false
	for _, name := range b.names {
		_, inOurs := o.by[name]
		_, inTheirs := t.by[name]
		gone = gone || !inOurs && !inTheirs
	}
	if !gone {
		return false
	}
	return b.lacks(o, t) && b.lacks(t, o)
}

// lacks says that a has something that neither n nor other has.
func (n named[T]) lacks(a, other named[T]) bool {
	for _, name := range a.names {
		_, inBase := n.by[name]
		_, inOther := other.by[name]
		if !inBase && !inOther {
			return true
		}
	}
	return false
}
