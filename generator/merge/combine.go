package merge

import (
	"slices"
	"strings"
)

// combiner brings both versions of a clash together where the order of lines is
// free: in a list. Both orders would do; ours comes first, everywhere.
type combiner struct {
	// place says whether what stands there is a list, on both sides.
	place func(ours, theirs span) bool
	// items cuts new lines into items; nil when they are not whole ones.
	items func(lines []string) []item
	// key gives what lines are compared by; nil: themselves.
	key func(lines []string) []string
}

// item is an entry of a list: the lines that belong to it.
type item struct {
	key   string
	lines []string
}

// solve settles a hunk when no line of it was changed by both.
func (c combiner) solve(m *lineMerge, ids [][]int32, i int) bool {
	h, free := &m.hunks[i], 0
	if i > 0 {
		free = m.hunks[i-1].ours.to + 1
	}
	if h.ours.size() > mostEntries || h.theirs.size() > mostEntries {
		return false
	}
	c.slide(m, ids, h, free)
	if !c.place(h.ours, h.theirs) {
		return false
	}
	base := ids[0][h.base.from:h.base.to]
	ours := diff(base, ids[1][h.ours.from:h.ours.to])
	theirs := diff(base, ids[2][h.theirs.from:h.theirs.to])
	mineOf := func(c change) []string { return m.ours[h.ours.from+c.b1 : h.ours.from+c.b2] }
	itsOf := func(c change) []string { return m.theirs[h.theirs.from+c.b1 : h.theirs.from+c.b2] }
	var out []string
	at, shift := 0, 0 // in the hunk of base; ours is that much further
	copyTo := func(to int) {
		out = append(out, m.ours[h.ours.from+at+shift:h.ours.from+to+shift]...)
		at = to
	}
	for len(ours) > 0 || len(theirs) > 0 {
		switch {
		case len(theirs) == 0 || len(ours) > 0 && before(ours[0], theirs[0]):
			o := ours[0]
			copyTo(o.a1)
			out = append(out, mineOf(o)...)
			at, shift, ours = o.a2, o.b2-o.a2, ours[1:]
		case len(ours) == 0 || before(theirs[0], ours[0]):
			t := theirs[0]
			copyTo(t.a1)
			out = append(out, itsOf(t)...)
			at, theirs = t.a2, theirs[1:]
		default:
			o, t := ours[0], theirs[0]
			both, fits := c.both(mineOf(o), itsOf(t))
			if o.a1 != t.a1 || o.a2 != t.a2 || o.a1 != o.a2 || !fits {
				if o.a1 != t.a1 || o.a2 != t.a2 || !slices.Equal(mineOf(o), itsOf(t)) {
					return false
				}
				both = mineOf(o)
			}
			copyTo(o.a1)
			out = append(out, both...)
			at, shift, ours, theirs = o.a2, o.b2-o.a2, ours[1:], theirs[1:]
		}
	}
	copyTo(len(base))
	h.kind, h.lines = settled, out
	return true
}

// before says that change a stands before b and leaves b alone. Two insertions at
// one point are not before each other.
func before(a, b change) bool {
	return a.a2 <= b.a1 && (a.a1 < b.a1 || a.a2 < b.a2)
}

// both are the items of ours and then those of theirs, each once.
func (c combiner) both(ours, theirs []string) ([]string, bool) {
	first, second := c.items(ours), c.items(theirs)
	if first == nil || second == nil {
		return nil, false
	}
	known := map[string]item{}
	for _, i := range first {
		known[i.key] = i
	}
	out := slices.Clone(ours)
	for _, i := range second {
		if other, found := known[i.key]; !found {
			out = append(out, i.lines...)
		} else if !slices.Equal(c.keys(other), c.keys(i)) {
			return nil, false // the same thing twice, differently
		}
	}
	return out, true
}

func (c combiner) keys(i item) []string {
	lines := trimmed(i.lines)
	if c.key != nil {
		lines = c.key(lines)
	}
	return lines
}

// trimmed are the lines without the empty ones around.
func trimmed(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// slide moves an insertion of both up over lines that are the same, until both are
// whole items: an item that comes after one that ends alike is found half in it.
// Lines of ours before free belong to the hunk before it, or touch it.
func (c combiner) slide(m *lineMerge, ids [][]int32, h *hunk, free int) {
	if h.base.size() > 0 || h.ours.size() == 0 || h.theirs.size() == 0 {
		return
	}
	ours, theirs, base := h.ours, h.theirs, h.base
	for range longest {
		if c.items(ours.of(m.ours)) != nil && c.items(theirs.of(m.theirs)) != nil {
			h.ours, h.theirs, h.base = ours, theirs, base
			return
		}
		if base.from == 0 || ours.from == 0 || theirs.from == 0 || ours.from-1 < free {
			return
		}
		id := ids[0][base.from-1]
		if ids[1][ours.from-1] != id || ids[2][theirs.from-1] != id || ids[1][ours.to-1] != id || ids[2][theirs.to-1] != id {
			return
		}
		for _, s := range []*span{&ours, &theirs, &base} {
			s.from, s.to = s.from-1, s.to-1
		}
	}
}

// indented cuts lines into items by how far they are indented: an item starts where
// a line is as far to the left as the first, unless that closes something. Comments
// and empty lines go with what follows. name gives the key of an item by its
// first line.
func indented(lines []string, comment string, name func(line string) string) []item {
	left := -1
	var all []item
	lead := 0
	for i, line := range lines {
		words := strings.TrimSpace(line)
		if words == "" || comment != "" && strings.HasPrefix(words, comment) {
			continue
		}
		indent := indentOf(line)
		if left < 0 {
			left = indent
		}
		closes := strings.ContainsAny(words[:1], ")}]")
		switch {
		case indent < left, len(all) == 0 && closes:
			return nil // the end of something that starts elsewhere
		case indent == left && !closes:
			all = append(all, item{name(words), lines[lead : i+1]})
		default:
			last := &all[len(all)-1]
			last.lines = lines[lead-len(last.lines) : i+1]
		}
		lead = i + 1
	}
	if len(all) > 0 {
		last := &all[len(all)-1]
		last.lines = lines[lead-len(last.lines):]
	}
	for i := range all {
		if all[i].key == "" { // it has no name: it is what it holds
			all[i].key = strings.Join(trimmed(all[i].lines), "\n")
		}
	}
	return all
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
