package merge

// side is a file of which some lines are changed.
type side struct {
	ids     []int32
	changed []bool
}

func (s side) isChanged(i int) bool { return i >= 0 && i < len(s.changed) && s.changed[i] }

// group is a run of changed lines, perhaps empty: between each two lines that
// stayed there is one, so that two sides have as many.
type group struct{ start, end int }

func (s side) first() group {
	g := group{}
	for s.isChanged(g.end) {
		g.end++
	}
	return g
}

func (s side) next(g *group) bool {
	if g.end >= len(s.ids) {
		return false
	}
	g.start, g.end = g.end+1, g.end+1
	for s.isChanged(g.end) {
		g.end++
	}
	return true
}

func (s side) previous(g *group) bool {
	if g.start == 0 {
		return false
	}
	g.start, g.end = g.start-1, g.start-1
	for s.isChanged(g.start - 1) {
		g.start--
	}
	return true
}

// down moves the group one line on, when the line that it leaves is the same as
// the one that it takes; a group that it then touches joins it.
func (s side) down(g *group) bool {
	if g.end >= len(s.ids) || s.ids[g.start] != s.ids[g.end] {
		return false
	}
	s.changed[g.start], s.changed[g.end] = false, true
	g.start, g.end = g.start+1, g.end+1
	for s.isChanged(g.end) {
		g.end++
	}
	return true
}

func (s side) up(g *group) bool {
	if g.start == 0 || s.ids[g.start-1] != s.ids[g.end-1] {
		return false
	}
	g.start, g.end = g.start-1, g.end-1
	s.changed[g.start], s.changed[g.end] = true, false
	for s.isChanged(g.start - 1) {
		g.start--
	}
	return true
}

// compact pushes each group of s to where it belongs among equal lines: beside a
// change of the other side when there is one, else as far down as it goes.
func compact(s, other side) {
	g, its := s.first(), other.first()
	for {
		if g.start != g.end {
			s.place(&g, other, &its)
		}
		if !s.next(&g) {
			return
		}
		other.next(&its)
	}
}

func (s side) place(g *group, other side, its *group) {
	var earliest, beside int
	for size := -1; size != g.end-g.start; {
		size = g.end - g.start
		for s.up(g) {
			other.previous(its)
		}
		earliest, beside = g.end, -1
		if its.end > its.start {
			beside = g.end
		}
		for s.down(g) {
			other.next(its)
			if its.end > its.start {
				beside = g.end
			}
		}
	}
	if g.end == earliest || beside < 0 {
		return
	}
	for its.end == its.start && s.up(g) {
		other.previous(its)
	}
}
