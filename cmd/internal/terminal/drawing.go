package terminal

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"
)

// Drawing is a few rows at the bottom of the screen that are drawn again as
// they change. It moves the cursor only from where it was, so that the
// terminal has to tell nothing.
type Drawing struct {
	Out  io.Writer
	Size func() (columns, rows int)

	cells []int // of each row that stands there
	row   int   // where the cursor is
	col   int
}

// Draw shows rows in the place of those before, with the cursor in a place in
// them. A row is no wider than the screen.
func (d *Drawing) Draw(rows []string, row, col int) {
	var b strings.Builder
	b.WriteString("\x1b[?25l")
	d.top(&b)
	d.cells = d.cells[:0]
	for i, r := range rows {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(r)
		d.cells = append(d.cells, Cells(r))
	}
	if up := len(rows) - 1 - row; up > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", up)
	}
	b.WriteString("\r")
	if col > 0 {
		fmt.Fprintf(&b, "\x1b[%dC", col)
	}
	b.WriteString("\x1b[?25h")
	d.row, d.col = row, col
	_, _ = io.WriteString(d.Out, b.String())
}

// End shows rows in the place of those before, for good.
func (d *Drawing) End(rows []string) {
	var b strings.Builder
	d.top(&b)
	for _, r := range rows {
		b.WriteString(r + "\r\n")
	}
	d.cells, d.row, d.col = nil, 0, 0
	_, _ = io.WriteString(d.Out, b.String())
}

// top goes to where the drawing begins and wipes from there. A window that
// became narrower has broken its rows.
func (d *Drawing) top(b *strings.Builder) {
	columns, _ := d.Size()
	up := d.col / max(columns, 1)
	for _, cells := range d.cells[:min(d.row, len(d.cells))] {
		up += max(1, (cells+columns-1)/max(columns, 1))
	}
	if up > 0 {
		fmt.Fprintf(b, "\x1b[%dA", up)
	}
	b.WriteString("\r\x1b[J")
}

// Cells is how many columns a text takes, without the marks of its style.
func Cells(text string) int {
	n, marked := 0, false
	for _, r := range text {
		switch {
		case r == escape:
			marked = true
		case marked:
			marked = r != 'm'
		default:
			n += cells(r)
		}
	}
	return n
}

func cells(r rune) int {
	switch k := width.LookupRune(r).Kind(); {
	case k == width.EastAsianWide || k == width.EastAsianFullwidth:
		return 2
	case r >= 0x300 && r < 0x370: // an accent on the letter before it
		return 0
	}
	return 1
}

// Cut shortens a text to a number of columns.
func Cut(text string, columns int) string {
	if Cells(text) <= columns {
		return text
	}
	n := 0
	for i, r := range text {
		if n += cells(r); n > columns-1 {
			return text[:i] + "…"
		}
	}
	return text
}

// Rows breaks a text into rows of a number of columns, in the middle of a word
// where it must: as somebody types it.
func Rows(text string, columns int) []string {
	rows, n := []string{""}, 0
	for _, r := range text {
		if n += cells(r); n > max(columns, 2) {
			rows, n = append(rows, ""), cells(r)
		}
		rows[len(rows)-1] += string(r)
	}
	return rows
}
