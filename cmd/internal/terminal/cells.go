package terminal

import "golang.org/x/text/width"

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
