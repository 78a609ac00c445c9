package toegang

import "strings"

// meant says which of the names was probably meant; "" when none is like it.
func meant(wrong string, names []string) string {
	best, least := "", 1+max(2, min(len(wrong), 30)/3)
	for _, name := range names {
		if d := distance(strings.ToLower(wrong), strings.ToLower(name), least); d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; bedoelt u " + best + "?"
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
