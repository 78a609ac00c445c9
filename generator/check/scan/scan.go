// Package scan finds words in files, in one pass per word over the whole of a file, so
// that rules look closer at the few lines that matter only.
package scan

import (
	"bytes"
	"cmp"
	"context"
	"slices"
)

// maxLine is how much of a line is looked at on each side of a word: a line of a
// megabyte is data, and what a person wrote stands near the word.
const maxLine = 600

// Text is a file that is looked through.
type Text struct {
	Body []byte

	words  *Words
	places [][]int // of each word of the set
	lower  []byte  // made when a word is looked for that is not in the set

	kind   string // extension, for what is a comment there
	starts []int  // of the lines; made at the first hit
	blocks [][2]int
	parted bool
}

// New makes a text of a file; ext is its extension with the dot. The words that will be
// looked for are found here, all at once.
func New(body []byte, ext string, words *Words) *Text {
	return &Text{Body: body, kind: ext, words: words, places: words.find(body)}
}

// lowerOf gives text with its ASCII letters in lower case: offsets stay the same.
func lowerOf(text []byte) []byte {
	lower := make([]byte, len(text))
	for i, c := range text {
		lower[i] = lowered(c)
	}
	return lower
}

// Has says whether a word in lower case stands in the text, whatever its case there.
func (t *Text) Has(word string) bool { return len(t.find(word)) > 0 }

// find gives the places of a word, one a line at most.
func (t *Text) find(word string) []int {
	if n, ok := t.words.known[word]; ok {
		return t.places[n]
	}
	if t.lower == nil {
		t.lower = lowerOf(t.Body)
	}
	var places []int
	needle := []byte(word)
	for from := 0; from < len(t.lower); {
		i := bytes.Index(t.lower[from:], needle)
		if i < 0 {
			break
		}
		at := from + i
		places = append(places, at)
		end := bytes.IndexByte(t.lower[at:], '\n')
		if end < 0 || end > maxLine {
			end = maxLine
		}
		from = at + max(end, len(word))
	}
	return places
}

// Line is a line with a word in it.
type Line struct {
	Number int    // from 1
	Text   string // the line, or what stands around the word when it is very long
	Lower  string // the same in lower case
	Start  int    // offset of Text in the file
	Word   string // the word that was found, the first one of the line
	At     int    // where it stands in Text
}

// Lines calls do for every line in which one of the words stands, in the order of the
// file, once a line. Words are in lower case. It ends with the context, or when do says
// false.
func (t *Text) Lines(ctx context.Context, words []string, do func(Line) bool) {
	type hit struct {
		at   int
		word string
	}
	var hits []hit
	for _, word := range words {
		for _, at := range t.find(word) {
			hits = append(hits, hit{at, word})
		}
	}
	if len(hits) == 0 {
		return
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.at, b.at) })
	end := -1
	for _, h := range hits {
		if h.at < end {
			continue
		}
		if ctx.Err() != nil {
			return
		}
		line := t.line(h.at)
		line.Word, end = h.word, line.Start+len(line.Text)
		if !do(line) {
			return
		}
	}
}

func (t *Text) line(at int) Line {
	if t.starts == nil {
		t.starts = []int{0}
		for i, c := range t.Body {
			if c == '\n' {
				t.starts = append(t.starts, i+1)
			}
		}
	}
	n, found := slices.BinarySearch(t.starts, at)
	if !found {
		n--
	}
	from, to := t.starts[n], len(t.Body)
	if n+1 < len(t.starts) {
		to = t.starts[n+1] - 1
	}
	from, to = max(from, at-maxLine), min(to, at+maxLine)
	return Line{Number: n + 1, Text: string(t.Body[from:to]), Lower: string(lowerOf(t.Body[from:to])), Start: from, At: at - from}
}

// Around gives the line itself and up to n lines before and after it, in lower case.
func (t *Text) Around(number, n int) string {
	if t.starts == nil {
		t.line(0)
	}
	from := t.starts[max(0, number-1-n)]
	to := len(t.Body)
	if last := number + n; last < len(t.starts) {
		to = t.starts[last]
	}
	if to-from > 8*maxLine {
		at := t.starts[number-1]
		from, to = max(from, at-4*maxLine), min(to, at+4*maxLine)
	}
	return string(lowerOf(t.Body[from:to]))
}

// Next gives the line below a line.
func (t *Text) Next(line Line) (Line, bool) {
	if line.Number >= len(t.starts) || t.starts[line.Number] >= len(t.Body) {
		return Line{}, false
	}
	next := t.line(t.starts[line.Number])
	return next, true
}
