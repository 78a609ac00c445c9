package source

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// text is a file that is being looked at.
type text struct {
	file  check.File
	kind  kinds
	layer layer
	body  []byte

	newlines []int  // offsets, once somebody asks for a line
	marks    []byte // what each byte is, once somebody asks
	plain    []byte // body with its comments blanked, once somebody asks
}

// at gives line and column, both from 1.
func (t *text) at(offset int) (line, column int) {
	if t.newlines == nil {
		t.newlines = make([]int, 0, bytes.Count(t.body, []byte{'\n'})+1)
		for i, b := range t.body {
			if b == '\n' {
				t.newlines = append(t.newlines, i)
			}
		}
	}
	line, _ = slices.BinarySearch(t.newlines, offset)
	start := 0
	if line > 0 {
		start = t.newlines[line-1] + 1
	}
	return line + 1, utf8.RuneCount(t.body[start:offset]) + 1
}

// width is how much of a line is looked at on each side of a place, so that a line
// without end costs no more than another one.
const width = 400

// around gives the line in which an offset is, as far as width reaches.
func (t *text) around(offset int) (start, end int) {
	return lineAround(t.body, offset)
}

func lineAround(body []byte, offset int) (start, end int) {
	from, to := max(0, offset-width), min(len(body), offset+width)
	start, end = from, to
	if i := bytes.LastIndexByte(body[from:offset], '\n'); i >= 0 {
		start = from + i + 1
	}
	if i := bytes.IndexByte(body[offset:to], '\n'); i >= 0 {
		end = offset + i
	}
	return start, end
}

// before gives the lines up to n above the one of an offset, with that line up to there.
func (t *text) before(offset, n int) []byte {
	from := max(0, offset-width*2)
	start := offset
	for ; n >= 0 && start > from; n-- {
		i := bytes.LastIndexByte(t.body[from:start], '\n')
		if i < 0 {
			return t.body[from:offset]
		}
		start = from + i
	}
	return t.body[start:offset]
}

// often is how many places of one word in one file are looked at. Nobody writes more;
// what has more is data, and the first of them tell enough.
const often = 1000

// each calls f for every place where a word is that is not in a comment, until f says
// to stop.
func (t *text) each(word string, f func(offset int) bool) {
	w := []byte(word)
	for from, n := 0, 0; n < often; {
		i := bytes.Index(t.body[from:], w)
		if i < 0 {
			return
		}
		if at := from + i; t.mark(at) != comment {
			if n++; !f(at) {
				return
			}
		}
		from += i + len(w)
	}
}

// mark tells what a byte is.
func (t *text) mark(offset int) byte {
	t.read()
	return t.marks[offset]
}

// code gives the body with blanks for its comments: offsets are the same.
func (t *text) code() []byte {
	t.read()
	if t.plain == nil {
		t.plain = bytes.Clone(t.body)
		for i, m := range t.marks {
			if m == comment && t.plain[i] != '\n' {
				t.plain[i] = ' '
			}
		}
	}
	return t.plain
}

// quoted gives the string in which an offset is, without its quotes; ok is false when it
// is in none.
func (t *text) quoted(offset int) (start, end int, ok bool) {
	t.read()
	if t.marks[offset] != inside {
		return 0, 0, false
	}
	start, end = offset, offset
	for start > 0 && offset-start < 4*width && t.marks[start-1] == inside {
		start--
	}
	for end < len(t.body) && end-offset < 4*width && t.marks[end] == inside {
		end++
	}
	return start, end, true
}
