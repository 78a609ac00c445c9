//go:build !windows

package cli_test

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// emulator is a terminal of a size: what comes out of a program ends in rows,
// as on a screen. Rows that scrolled off at the top stay readable.
type emulator struct {
	columns, rows int
	lines         [][]rune
	row, col      int // from the first line that there ever was
	rest          []byte
}

func newEmulator(columns, rows int) *emulator {
	return &emulator{columns: columns, rows: rows, lines: [][]rune{nil}}
}

// top is the first line that is on the screen.
func (e *emulator) top() int { return max(0, len(e.lines)-e.rows) }

func (e *emulator) write(p []byte) {
	p = append(e.rest, p...)
	for len(p) > 0 {
		used := e.one(p)
		if used == 0 {
			break // the rest comes later
		}
		p = p[used:]
	}
	e.rest = append([]byte{}, p...)
}

// one handles one character or sequence and says how long it was.
func (e *emulator) one(p []byte) int {
	switch p[0] {
	case '\r':
		e.col = 0
		return 1
	case '\n':
		e.newline()
		return 1
	case '\b':
		e.col = max(0, e.col-1)
		return 1
	case 0x1b:
		end := 2
		for end < len(p) && (p[end] < '@' || p[end] > '~') {
			end++
		}
		if end >= len(p) {
			return 0
		}
		e.steer(string(p[2:end]), p[end])
		return end + 1
	}
	if !utf8.FullRune(p) {
		return 0
	}
	r, size := utf8.DecodeRune(p)
	if r >= ' ' {
		e.put(r)
	}
	return size
}

func (e *emulator) newline() {
	e.row++
	if e.row == len(e.lines) {
		e.lines = append(e.lines, nil)
	}
}

func (e *emulator) put(r rune) {
	if e.col >= e.columns {
		e.col = 0
		e.newline()
	}
	for len(e.lines[e.row]) <= e.col {
		e.lines[e.row] = append(e.lines[e.row], ' ')
	}
	e.lines[e.row][e.col] = r
	e.col++
}

func (e *emulator) steer(values string, what byte) {
	n, err := strconv.Atoi(values)
	if err != nil || n == 0 {
		n = 1
	}
	switch what {
	case 'A':
		e.row = max(e.top(), e.row-n)
	case 'C':
		e.col = min(e.columns-1, e.col+n)
	case 'J':
		e.lines = e.lines[:e.row+1]
		fallthrough
	case 'K':
		e.lines[e.row] = e.lines[e.row][:min(e.col, len(e.lines[e.row]))]
	}
}

// all is everything that was shown and not drawn over; screen is what stands
// there now.
func (e *emulator) all() string    { return e.text(0) }
func (e *emulator) screen() string { return e.text(e.top()) }

func (e *emulator) text(from int) string {
	var b strings.Builder
	for _, line := range e.lines[from:] {
		b.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}
