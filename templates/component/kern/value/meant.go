package value

import "strings"

// maxWord bounds what two words are compared on: a name is shorter, and what somebody
// types need not be.
const maxWord = 80

// Meant is the one of the names that somebody probably meant who wrote something else;
// of two that are as like it the one that begins the same, and "" when none is like it.
func Meant(given string, names []string) (found string) {
	given = strings.ToLower(given)
	least, same := 1+min(len(given), 30)/3, -1
	for _, name := range names {
		lower := strings.ToLower(name)
		d, begin := distance(given, lower), common(given, lower)
		if d < least || d == least && begin > same {
			found, least, same = name, d, begin
		}
	}
	return found
}

// common is how many letters two words begin with alike.
func common(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is how many letters differ between two words, where two that changed
// places count as one.
func distance(a, b string) int {
	if len(a) > maxWord || len(b) > maxWord {
		return maxWord
	}
	x, y := []rune(a), []rune(b)
	before, row := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		twoBefore := before
		before, row = row, make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			wrong := 1
			if x[i] == y[j] {
				wrong = 0
			}
			row[j+1] = min(before[j]+wrong, before[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], twoBefore[j-1]+1)
			}
		}
	}
	return row[len(y)]
}
