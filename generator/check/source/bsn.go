package source

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A number near a word that says what it is.
var bsnNear = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:bsn|burgerservicenummer)[a-z_]{0,14}[^a-z0-9\n]{1,12}(?:(?:identifier|identificatie|value|waarde|nummer|is)[^a-z0-9\n]{1,8})?([0-9]{9})(?:[^0-9a-z.-]|\.(?:\s|$)|$)`)
})

// eachBSN calls f for every place where the number of a citizen is named, whatever the
// case of the letters, until f says to stop.
func eachBSN(body []byte, f func(start, end int) bool) {
	for i := 0; i+3 <= len(body); i++ {
		if body[i]|0x20 != 'b' {
			continue
		}
		for _, word := range []string{"bsn", "burgerservicenummer"} {
			if end := i + len(word); end <= len(body) && body[i+1]|0x20 == word[1] && strings.EqualFold(string(body[i:end]), word) {
				if !f(i, end) {
					return
				}
				i = end - 1
				break
			}
		}
	}
}

// namesBSN is whether a file can name it at all.
func namesBSN(body []byte) bool {
	return containsAny(body, "bsn", "BSN", "Bsn", "urgerservicenummer", "URGERSERVICENUMMER", "urgerServiceNummer")
}

// numbers looks for citizen service numbers that may be somebody's.
func (l *look) numbers(ctx context.Context, t *text) {
	if !namesBSN(t.body) {
		return
	}
	rule := "privacy-bsn"
	if t.file.Test || isSample(t.file.Path) || isOpenAPI(t) {
		rule = "privacy-bsn-fixture"
	}
	l.to.Looked(rule)
	found := func(start, end int) {
		if number := string(t.body[start:end]); mayBeBSN(number) && l.once("bsn "+number) {
			l.add(rule, "", t, start, maskNumber(number))
		}
	}
	eachBSN(t.body, func(start, _ int) bool {
		if m := bsnNear().FindSubmatchIndex(t.body[start:min(len(t.body), start+80)]); m != nil {
			found(start+m[2], start+m[3])
		}
		return ctx.Err() == nil
	})
	if t.kind == data && t.file.Ext() != ".json" || t.kind == sql {
		columns(ctx, t, found)
	}
}

// columns looks in tables: below a header of a CSV file, and in rows of an INSERT.
func columns(ctx context.Context, t *text, found func(start, end int)) {
	column, insert, offset, n := -1, false, 0, 0
	for line := range bytes.Lines(t.body) {
		if n++; n%1000 == 0 && ctx.Err() != nil {
			return
		}
		start := offset
		offset += len(line)
		switch {
		case t.kind == sql:
			lower := bytes.ToLower(line[:min(len(line), 4*width)])
			if i := bytes.Index(lower, []byte("insert into")); i >= 0 {
				insert, column = true, -1
				if open := bytes.IndexByte(lower[i:], '('); open >= 0 {
					shut := bytes.IndexByte(lower[i+open:], ')')
					if shut > 0 {
						column = bsnColumn(cells(lower[i+open+1:i+open+shut], 0, ','))
					}
				}
				i = bytes.Index(lower, []byte("values"))
				if i < 0 {
					continue
				}
				line, start = line[min(i+6, len(line)):], start+i+6
			}
			if insert && column >= 0 {
				rows(line, start, column, found)
				insert = !bytes.Contains(line, []byte(";"))
			}
		case n == 1:
			if column = bsnColumn(cells(bytes.ToLower(line), 0, separator(line))); column < 0 {
				return
			}
		default:
			pick(cells(line, start, separator(line)), column, found)
		}
	}
}

// rows are the values of an INSERT: one or more lists in parentheses.
func rows(line []byte, start, column int, found func(start, end int)) {
	for i := 0; i < len(line); {
		open := bytes.IndexByte(line[i:], '(')
		if open < 0 {
			return
		}
		from := i + open + 1
		shut := bytes.IndexByte(line[from:], ')')
		if shut < 0 {
			shut = len(line) - from
		}
		pick(cells(line[from:from+shut], start+from, ','), column, found)
		i = from + shut
	}
}

func pick(all []cell, column int, found func(start, end int)) {
	if column < len(all) && len(all[column].text) == 9 {
		found(all[column].at, all[column].at+9)
	}
}

// cell is a value of a row, without its quotes and blanks.
type cell struct {
	text string
	at   int
}

// cells splits a row. It knows quotes, and is of no use beyond a few hundred columns.
func cells(line []byte, start int, by byte) []cell {
	var all []cell
	quoted := byte(0)
	from := 0
	for i := 0; i <= len(line) && len(all) < 300; i++ {
		switch {
		case i < len(line) && quoted != 0:
			if line[i] == quoted {
				quoted = 0
			}
		case i < len(line) && (line[i] == '"' || line[i] == '\''):
			quoted = line[i]
		case i == len(line) || line[i] == by:
			value := line[from:i]
			left := len(value) - len(bytes.TrimLeft(value, " \t\"'`"))
			all = append(all, cell{string(bytes.Trim(value, " \t\r\n\"'`")), start + from + left})
			from = i + 1
		}
	}
	return all
}

// separator is what splits the cells of a line of CSV.
func separator(line []byte) byte {
	best, most := byte(','), 0
	for _, b := range []byte(",;\t|") {
		if n := bytes.Count(line[:min(len(line), 4*width)], []byte{b}); n > most {
			best, most = b, n
		}
	}
	return best
}

// bsnColumn is the column that holds numbers of citizens, -1 when there is none.
func bsnColumn(header []cell) int {
	for i, c := range header {
		if name := strings.ToLower(c.text); name == "bsn" || strings.HasSuffix(name, "_bsn") || strings.HasPrefix(name, "bsn_") || strings.HasPrefix(name, "burgerservicen") {
			return i
		}
	}
	return -1
}

// testPersons are the numbers of the public test set of RvIG (in the repositories of
// BRP-API) that look like those of people, without their last digit.
var testPersons = []string{"01008242", "01024574", "01075556"}

// mayBeBSN says whether a number can belong to somebody: it passes the eleven test, it is
// not in a series that is kept for tests, and it does not look made up. No number from
// 9 on is counted: RvIG's test persons begin with 9999, and other series for trials
// with a 9 are in use as well.
func mayBeBSN(number string) bool {
	if len(number) != 9 || number[0] == '9' || strings.HasPrefix(number, "000") || slices.Contains(testPersons, number[:8]) || madeUp(number) {
		return false
	}
	sum := 0
	for i, digit := range number {
		weight := 9 - i
		if i == 8 {
			weight = -1
		}
		sum += weight * int(digit-'0')
	}
	return sum%11 == 0
}

// madeUp says whether digits follow a pattern that chance does not give: 123456782,
// 111222333, 100000009.
func madeUp(number string) bool {
	kinds := map[rune]bool{}
	run, longest, same, most := 1, 1, 1, 1
	step := 0
	for i, digit := range number {
		kinds[digit] = true
		if i == 0 {
			continue
		}
		d := int(number[i]) - int(number[i-1])
		if d == step && (d == 1 || d == -1) {
			run++
		} else {
			run = 2
		}
		if step = d; d == 0 {
			same++
		} else {
			same = 1
		}
		longest, most = max(longest, run), max(most, same)
	}
	return len(kinds) < 4 || longest >= 5 || most >= 4
}

// maskNumber shows enough of a number to find it, and too little to know whose it is.
func maskNumber(number string) string {
	return number[:2] + "*****" + number[7:]
}

// isSample says whether a path leads to what is shown as an example.
func isSample(name string) bool {
	lower := strings.ToLower(name)
	for _, part := range []string{"sample", "example", "voorbeeld", "mock", "fixture", "testdata", "test-data", "seed", "demo", "stub", "dummy", "nabootsing"} {
		if strings.Contains(lower, part) {
			return true
		}
	}
	return strings.HasPrefix(lower, "docs/") || strings.Contains(lower, "/docs/") || strings.Contains(lower, "/test") || strings.HasSuffix(lower, ".md") || strings.HasSuffix(lower, ".rst")
}
