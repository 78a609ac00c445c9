package merge

import "math"

// change says that a[a1:a2] became b[b1:b2].
type change struct{ a1, a2, b1, b2 int }

// diff gives the changes from a to b, in order: Myers' shortest script, with each
// group of changed lines pushed to where git puts it, so that a merge agrees with
// git on what is one place. udiff.Lines gives up being shortest after a hundred
// differences and does not push, so it cannot serve.
func diff(a, b []int32) []change {
	goneA, goneB := marks(a, b)
	compact(side{a, goneA}, side{b, goneB})
	compact(side{b, goneB}, side{a, goneA})
	var all []change
	for i, j := 0, 0; i < len(a) || j < len(b); i, j = i+1, j+1 {
		c := change{a1: i, b1: j}
		for i < len(a) && goneA[i] {
			i++
		}
		for j < len(b) && goneB[j] {
			j++
		}
		if c.a2, c.b2 = i, j; c.a2 > c.a1 || c.b2 > c.b1 {
			all = append(all, c)
		}
	}
	return all
}

// marks says which lines of a are gone and which of b are new.
func marks(a, b []int32) (goneA, goneB []bool) {
	both := make([]bool, len(a)+len(b))
	goneA, goneB = both[:len(a):len(a)], both[len(a):]
	front := 0
	for front < len(a) && front < len(b) && a[front] == b[front] {
		front++
	}
	back := 0
	for back < len(a)-front && back < len(b)-front && a[len(a)-1-back] == b[len(b)-1-back] {
		back++
	}
	endA, endB := len(a)-back, len(b)-back
	// A line that the other side does not have at all is a difference whatever
	// the rest does. Without those, files that have nothing in common cost nothing.
	d := differ{goneA: goneA, goneB: goneB}
	d.a, d.atA = shared(a[front:endA], b[front:endB], goneA, front)
	d.b, d.atB = shared(b[front:endB], a[front:endA], goneB, front)
	if len(d.a) > 0 || len(d.b) > 0 {
		d.paths = make([]int, 2*(len(d.a)+len(d.b)+3))
		d.patience = max(256, int(math.Sqrt(float64(len(d.a)+len(d.b)))))
		d.compare(0, len(d.a), 0, len(d.b))
	}
	return goneA, goneB
}

// shared are the lines that other has too, and where they stand; the rest is marked.
func shared(lines, other []int32, gone []bool, from int) (kept []int32, at []int) {
	if len(lines) == 0 {
		return nil, nil
	}
	var most int32
	for _, id := range other {
		most = max(most, id)
	}
	has := make([]bool, most+1)
	for _, id := range other {
		has[id] = true
	}
	for i, id := range lines {
		if id <= most && has[id] && len(other) > 0 {
			kept, at = append(kept, id), append(at, from+i)
		} else {
			gone[from+i] = true
		}
	}
	return kept, at
}

// differ is Myers' algorithm in linear space.
type differ struct {
	a, b         []int32
	atA, atB     []int
	goneA, goneB []bool
	paths        []int
	patience     int // how many differences are followed before a cut is made
}

func (d *differ) compare(a1, a2, b1, b2 int) {
	for a1 < a2 && b1 < b2 && d.a[a1] == d.b[b1] {
		a1, b1 = a1+1, b1+1
	}
	for a1 < a2 && b1 < b2 && d.a[a2-1] == d.b[b2-1] {
		a2, b2 = a2-1, b2-1
	}
	if a1 < a2 && b1 < b2 {
		x, y := d.middle(a1, a2, b1, b2)
		if (x != a1 || y != b1) && (x != a2 || y != b2) {
			d.compare(a1, x, b1, y)
			d.compare(x, a2, y, b2)
			return
		}
	}
	for ; a1 < a2; a1++ {
		d.goneA[d.atA[a1]] = true
	}
	for ; b1 < b2; b1++ {
		d.goneB[d.atB[b1]] = true
	}
}

// search is one direction of the search for the middle: how far x comes on each
// diagonal x-y, from low to high.
type search struct {
	x         []int
	low, high int
}

// widen takes one diagonal more on both sides, or one less at the border.
func (s *search) widen(least, most, never int, at func(int) int) {
	if s.low > least {
		s.low--
		s.x[at(s.low-1)] = never
	} else {
		s.low++
	}
	if s.high < most {
		s.high++
		s.x[at(s.high+1)] = never
	} else {
		s.high--
	}
}

// middle finds a point on a shortest path, searching from both ends at once.
func (d *differ) middle(a1, a2, b1, b2 int) (x, y int) {
	half := len(d.paths) / 2
	at := func(diagonal int) int { return diagonal + len(d.b) + 1 }
	forth := search{d.paths[:half], a1 - b1, a1 - b1}
	back := search{d.paths[half:], a2 - b2, a2 - b2}
	odd := (forth.low-back.low)&1 != 0
	forth.x[at(forth.low)], back.x[at(back.low)] = a1, a2
	for cost := 1; ; cost++ {
		forth.widen(a1-b2, a2-b1, -1, at)
		for k := forth.high; k >= forth.low; k -= 2 {
			if x = forth.x[at(k+1)]; forth.x[at(k-1)] >= x {
				x = forth.x[at(k-1)] + 1
			}
			for y = x - k; x < a2 && y < b2 && d.a[x] == d.b[y]; x, y = x+1, y+1 {
			}
			forth.x[at(k)] = x
			if odd && back.low <= k && k <= back.high && back.x[at(k)] <= x {
				return x, y
			}
		}
		back.widen(a1-b2, a2-b1, math.MaxInt, at)
		for k := back.high; k >= back.low; k -= 2 {
			if x = back.x[at(k-1)]; x >= back.x[at(k+1)] {
				x = back.x[at(k+1)] - 1
			}
			for y = x - k; x > a1 && y > b1 && d.a[x-1] == d.b[y-1]; x, y = x-1, y-1 {
			}
			back.x[at(k)] = x
			if !odd && forth.low <= k && k <= forth.high && x <= forth.x[at(k)] {
				return x, y
			}
		}
		if cost >= d.patience {
			return furthest(forth, back, a1, a2, b1, b2, at)
		}
	}
}

// furthest is where the search came furthest, when it takes too long: the script
// is right, only no longer the shortest.
func furthest(forth, back search, a1, a2, b1, b2 int, at func(int) int) (x, y int) {
	best := -1
	for k := forth.high; k >= forth.low; k -= 2 {
		i := min(forth.x[at(k)], a2)
		j := i - k
		if j > b2 {
			i, j = b2+k, b2
		}
		if i >= a1 && j >= b1 && i+j > best {
			best, x, y = i+j, i, j
		}
	}
	left := a2 + b2 - best
	for k := back.high; k >= back.low; k -= 2 {
		i := max(a1, back.x[at(k)])
		j := i - k
		if j < b1 {
			i, j = b1+k, b1
		}
		// The backward search wins when it did more than the forward one.
		if i <= a2 && j <= b2 && i+j-a1-b1 < left && a2+b2-i-j > best-a1-b1 {
			left, x, y = i+j-a1-b1, i, j
		}
	}
	return x, y
}
