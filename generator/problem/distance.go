package problem

import (
	"strings"
	"unicode"
)

// SameWord says whether two words read the same: spaces around them and
// characters that cannot be seen are no difference. A suggestion that reads as
// what was wrong helps nobody.
func SameWord(a, b string) bool { return visible(a) == visible(b) }

// visible is what can be seen of a word.
func visible(s string) string {
	seen := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(seen), " ")
}

// Distance counts the letters to add, drop or change to get from a to b, for
// finding what somebody probably meant.
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(y)]
}
