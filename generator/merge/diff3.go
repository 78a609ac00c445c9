package merge

import "slices"

// span is a run of lines.
type span struct{ from, to int }

func (s span) size() int                  { return s.to - s.from }
func (s span) of(lines []string) []string { return lines[s.from:s.to] }

// kind says what becomes of a hunk.
type kind int

const (
	clash   kind = iota // both changed it, differently
	mine                // ours changed it
	its                 // theirs changed it
	settled             // both are in lines
)

// hunk is a place where the sides differ. Between hunks all three are the same.
type hunk struct {
	kind               kind
	base, ours, theirs span
	lines              []string // of a settled hunk
}

// lineMerge is a merge of lines.
type lineMerge struct {
	base, ours, theirs []string
	// key gives what lines are compared by; nil: themselves.
	key func(lines []string) []string
	// solve tries to bring together what clashes in a hunk.
	solve func(m *lineMerge, ids [][]int32, at int) bool
	hunks []hunk
}

// mergeLines is diff3 as git does it: changes that touch are one place; of what
// clashes, the lines that are the same on both sides stay outside the markers.
func mergeLines(m lineMerge, labels Labels) merged {
	keys := [][]string{m.base, m.ours, m.theirs}
	if m.key != nil {
		for i := range keys {
			keys[i] = m.key(keys[i])
		}
	}
	ids := numbers(keys...)
	m.hunks = overlay(diff(ids[0], ids[1]), diff(ids[0], ids[2]))
	if m.solve != nil {
		for i := range m.hunks {
			if m.hunks[i].kind == clash {
				m.solve(&m, ids, i)
			}
		}
	}
	m.hunks = narrow(m.hunks, ids[1], ids[2])
	m.hunks = join(m.hunks, m.ours)
	return m.write(labels)
}

// overlay lays the changes of both sides over each other.
func overlay(ours, theirs []change) []hunk {
	var all []hunk
	shiftO, shiftT := 0, 0 // how much further a side is than base
	for len(ours) > 0 || len(theirs) > 0 {
		switch {
		case len(theirs) == 0 || len(ours) > 0 && ours[0].a2 < theirs[0].a1:
			c := ours[0]
			all = add(all, hunk{mine, span{c.a1, c.a2}, span{c.b1, c.b2}, span{c.a1 + shiftT, c.a2 + shiftT}, nil})
			shiftO, ours = c.b2-c.a2, ours[1:]
		case len(ours) == 0 || theirs[0].a2 < ours[0].a1:
			c := theirs[0]
			all = add(all, hunk{its, span{c.a1, c.a2}, span{c.a1 + shiftO, c.a2 + shiftO}, span{c.b1, c.b2}, nil})
			shiftT, theirs = c.b2-c.a2, theirs[1:]
		default:
			o, t := ours[0], theirs[0]
			from, to := min(o.a1, t.a1), max(o.a2, t.a2)
			all = add(all, hunk{clash, span{from, to},
				span{o.b1 - (o.a1 - from), o.b2 + to - o.a2},
				span{t.b1 - (t.a1 - from), t.b2 + to - t.a2}, nil})
			if o.a2 >= t.a2 {
				shiftT, theirs = t.b2-t.a2, theirs[1:]
			}
			if t.a2 >= o.a2 {
				shiftO, ours = o.b2-o.a2, ours[1:]
			}
		}
	}
	return all
}

// add appends a hunk; one that touches the last grows it.
func add(all []hunk, h hunk) []hunk {
	if len(all) > 0 {
		last := &all[len(all)-1]
		if h.ours.from <= last.ours.to || h.theirs.from <= last.theirs.to {
			if last.kind != h.kind {
				last.kind = clash
			}
			last.base.to, last.ours.to, last.theirs.to = h.base.to, h.ours.to, h.theirs.to
			return all
		}
	}
	return append(all, h)
}

// narrow leaves of each clash only what differs between the sides.
func narrow(hunks []hunk, ours, theirs []int32) []hunk {
	if !slices.ContainsFunc(hunks, func(h hunk) bool { return h.kind == clash }) {
		return hunks
	}
	all := make([]hunk, 0, len(hunks)+8)
	for _, h := range hunks {
		if h.kind == clash && h.ours.size()+h.theirs.size() == 0 {
			continue // both took it out
		}
		if h.kind != clash || h.ours.size() == 0 || h.theirs.size() == 0 {
			all = append(all, h)
			continue
		}
		// No difference at all: both made the same of it.
		for _, c := range diff(ours[h.ours.from:h.ours.to], theirs[h.theirs.from:h.theirs.to]) {
			all = append(all, hunk{clash, h.base,
				span{h.ours.from + c.a1, h.ours.from + c.a2},
				span{h.theirs.from + c.b1, h.theirs.from + c.b2}, nil})
		}
	}
	return all
}

// few is how many lines between two clashes are taken into one.
const few = 3

// join makes one clash of two with only a few lines between them, or lines without
// a word: pieces of three lines are harder to decide on than a whole.
func join(hunks []hunk, ours []string) []hunk {
	var all []hunk
	for _, h := range hunks {
		if len(all) > 0 && h.kind == clash {
			last := &all[len(all)-1]
			gap := span{last.ours.to, h.ours.from}
			if last.kind == clash && (gap.size() <= few || wordless(gap.of(ours))) {
				last.ours.to, last.theirs.to = h.ours.to, h.theirs.to
				last.base.to = max(last.base.to, h.base.to)
				continue
			}
		}
		all = append(all, h)
	}
	return all
}

func wordless(lines []string) bool {
	for _, line := range lines {
		for i := range len(line) {
			if c := line[i] | 0x20; c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
				return false
			}
		}
	}
	return true
}

// write gives the lines, with markers around what clashes.
func (m *lineMerge) write(labels Labels) merged {
	done := merged{lines: make([]string, 0, len(m.ours)+len(m.theirs)/8+8), ok: true}
	at := 0
	for _, h := range m.hunks {
		if h.ours.from > at {
			done.lines = append(done.lines, m.ours[at:h.ours.from]...)
		}
		at = h.ours.to
		switch h.kind {
		case mine:
			done.lines = append(done.lines, h.ours.of(m.ours)...)
		case its:
			done.lines = append(done.lines, h.theirs.of(m.theirs)...)
		case settled:
			done.lines = append(done.lines, h.lines...)
		case clash:
			done.clashes++
			done.lines = append(done.lines, marker("<<<<<<<", labels.Ours))
			done.lines = append(done.lines, h.ours.of(m.ours)...)
			done.lines = append(done.lines, middle)
			done.lines = append(done.lines, h.theirs.of(m.theirs)...)
			done.lines = append(done.lines, marker(closing, labels.Theirs))
		}
	}
	done.lines = append(done.lines, m.ours[at:]...)
	return done
}
