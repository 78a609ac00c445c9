package toegang

import "strings"

// meant says which of the names was probably meant, of two that are as like it the
// one that begins the same; "" when none is like it.
func meant(wrong string, names []string) string {
	best, least, same := "", max(2, min(len(wrong), 30)/3), 0
	wrong = strings.ToLower(wrong)
	for _, name := range names {
		lower := strings.ToLower(name)
		d, begin := distance(wrong, lower, least+1), common(wrong, lower)
		if d < least || d == least && begin > same {
			best, least, same = name, d, begin
		}
	}
	if best == "" {
		return ""
	}
	return "; bedoelt u " + best + "?"
}

// common is how many letters two words begin with alike.
func common(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is how many letters differ (Levenshtein), or most when it is not less.
func distance(a, b string, most int) int {
	if d := len(a) - len(b); d >= most || -d >= most {
		return most
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, before+1, row[j]+1)
		}
	}
	return min(row[len(b)], most)
}
