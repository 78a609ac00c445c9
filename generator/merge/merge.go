// Package merge brings two later versions of one file together, from what both
// began with: what the team made of it and what fieldlab makes of it now. It is
// pure: bytes in, bytes out.
//
// Lines come first, and give what `git merge-file` gives. Only where lines clash,
// or give a text that cannot be read any more, the form of the file is looked at:
// Go, YAML, go.mod, JSON, BPMN, Markdown and lists of lines.
package merge

import (
	"bytes"
	"slices"
	"strconv"
)

// Labels name the sides in the markers of a conflict, for people.
type Labels struct{ Ours, Theirs string }

// Result is what became of a file.
type Result struct {
	Body      []byte // merged; with markers when Conflicts > 0 and not Beside
	Conflicts int    // places that a person has to decide on
	// Beside says that this kind of file cannot hold markers: Body is the file of
	// the team, unchanged, and the caller lays the new one beside it.
	Beside bool
}

// Files merges ours and theirs, which both come from base; nil says that there
// was none and both made the file. The path says what kind of file it is.
func Files(path string, base, ours, theirs []byte, labels Labels) Result {
	switch {
	case base != nil && bytes.Equal(ours, base):
		return Result{Body: theirs}
	case base != nil && bytes.Equal(theirs, base), bytes.Equal(ours, theirs):
		return Result{Body: ours}
	}
	form := formOf(path)
	if form.opaque || binary(base) || binary(ours) || binary(theirs) {
		return beside(ours)
	}
	sides := sides{base: textOf(base), ours: textOf(ours), theirs: textOf(theirs), added: base == nil}
	return sides.merge(form, labels)
}

// merge tries the lines, then the form of the file, and leaves the rest to people.
func (s sides) merge(form form, labels Labels) Result {
	switch { // only ends of lines differ: what one side changed is that side's
	case slices.Equal(s.theirs.lines, s.base.lines), slices.Equal(s.ours.lines, s.theirs.lines):
		return s.result(merged{lines: s.ours.lines})
	case slices.Equal(s.ours.lines, s.base.lines) && !s.added:
		return s.result(merged{lines: s.theirs.lines})
	}
	if form.first && s.small() {
		if done := form.merge(s, labels); done.ok && done.clashes == 0 {
			return s.finished(form, done)
		}
	}
	done := s.plain(form, labels)
	if done.clashes == 0 && (form.sound == nil || !s.small() || form.sound(done.lines) || !s.sound(form.sound)) {
		return s.finished(form, done)
	}
	if form.merge != nil && !form.first && s.small() {
		if better := form.merge(s, labels); better.ok && (better.clashes == 0 || done.clashes > 0) {
			done = better
			if done.clashes == 0 {
				return s.finished(form, done)
			}
		}
	}
	if form.whole || done.clashes == 0 {
		// The lines fit and yet nobody can read the result: there is no place for
		// a marker, so both versions stay whole.
		return beside(s.ours.body)
	}
	return s.result(done)
}

// plain merges lines and nothing else.
func (s sides) plain(form form, labels Labels) merged {
	if form.only {
		return merged{clashes: 1}
	}
	return mergeLines(lineMerge{base: s.base.lines, ours: s.ours.lines, theirs: s.theirs.lines}, labels)
}

// sound says whether all three sides can be read: if one cannot, neither need the result.
func (s sides) sound(by func([]string) bool) bool {
	return (s.added || s.hashed || by(s.base.lines)) && by(s.ours.lines) && by(s.theirs.lines)
}

func beside(ours []byte) Result { return Result{Body: ours, Conflicts: 1, Beside: true} }

// sides are the three versions of a file.
type sides struct {
	base, ours, theirs text
	added              bool // there is no base
	hashed             bool // of the base the lines are known that a side still has
}

// largest is how big a file may be for its form to be looked at: bigger ones are
// merged by lines only.
const largest = 4 << 20

func (s sides) small() bool {
	return len(s.base.body) <= largest && len(s.ours.body) <= largest && len(s.theirs.body) <= largest
}

// merged is what became of the lines.
type merged struct {
	lines   []string
	clashes int
	ok      bool // a form could do something with the file
}

func (s sides) finished(form form, m merged) Result {
	if form.finish != nil && s.small() {
		m.lines = form.finish(s, m.lines)
	}
	return s.result(m)
}

// result writes the lines in the style of ours.
func (s sides) result(m merged) Result {
	return Result{Body: s.ours.write(m.lines, s.open(m), s.bom(), s.theirs), Conflicts: m.clashes}
}

// open says whether the last line ends without a newline.
func (s sides) open(m merged) bool {
	switch {
	case m.clashes > 0 && len(m.lines) > 0 && isMarker(m.lines[len(m.lines)-1]):
		return false
	case s.added || s.hashed || s.ours.open != s.base.open:
		return s.ours.open
	}
	return s.theirs.open
}

func (s sides) bom() bool {
	if s.added || s.hashed || s.ours.bom != s.base.bom {
		return s.ours.bom
	}
	return s.theirs.bom
}

// Lines are the lines of a file without their text: enough to merge from, where
// the text of the base itself is not kept.
type Lines []uint64

// LinesOf gives the lines of a text. Line ends do not count.
func LinesOf(body []byte) Lines {
	// As textOf cuts them, without a text for each: this is part of every generation.
	body = bytes.TrimPrefix(body, []byte(bom))
	hashes := make(Lines, 0, bytes.Count(body, []byte("\n"))+1)
	dos := bytes.Contains(body, []byte("\r\n"))
	for len(body) > 0 {
		line, rest, closed := bytes.Cut(body, []byte("\n"))
		if dos && closed {
			line = bytes.TrimSuffix(line, []byte("\r"))
		}
		hashes = append(hashes, hashOf(line))
		body = rest
	}
	return hashes
}

// hashOf is FNV-1a, folded to the 40 bits that are kept of a line.
func hashOf[T string | []byte](line T) uint64 {
	const offset, prime, bits = 14695981039346656037, 1099511628211, 40
	h := uint64(offset)
	for i := range len(line) {
		h = (h ^ uint64(line[i])) * prime
	}
	return (h >> bits) ^ h&(1<<bits-1)
}

// Hashed is Files for a base of which only the lines are known. What a side still
// has of the base is known with its text; the rest both changed, and which line it
// was makes no difference.
func Hashed(path string, base Lines, ours, theirs []byte, labels Labels) Result {
	form := formOf(path)
	if bytes.Equal(ours, theirs) {
		return Result{Body: ours}
	}
	if form.opaque || binary(ours) || binary(theirs) {
		return beside(ours)
	}
	s := sides{ours: textOf(ours), theirs: textOf(theirs), hashed: true}
	known := make(map[uint64]string, len(s.theirs.lines))
	for _, line := range s.ours.lines {
		known[hashOf(line)] = line
	}
	for _, line := range s.theirs.lines {
		known[hashOf(line)] = line
	}
	s.base.lines = make([]string, len(base))
	for i, hash := range base {
		line, found := known[hash]
		if !found {
			// A NUL is in no text, so this is no line of either side.
			line = "\x00" + strconv.FormatUint(hash, 16)
		}
		s.base.lines[i] = line
	}
	return s.merge(form, labels)
}
