package scan

import "bytes"

// Words is a set of words in lower case that are looked for together, in one pass over a
// file: a hundred words cost as much as one.
type Words struct {
	known map[string]int
	all   []string
	first map[uint16][]uint16 // words by a fold of their first three letters
	some  [1 << 15]bool       // whether there are any
}

// fold makes five bits of a character, the same for both cases of a letter.
var fold = func() (table [256]uint16) {
	for c := range table {
		table[c] = uint16(c) & 31
	}
	return table
}()

func lowered(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// NewWords makes a set of the words of several lists. A word of less than three characters
// is left out, and looked for by itself.
func NewWords(lists ...[]string) *Words {
	w := &Words{known: map[string]int{}, first: map[uint16][]uint16{}}
	for _, list := range lists {
		for _, word := range list {
			if _, there := w.known[word]; there || len(word) < 3 {
				continue
			}
			key := fold[word[0]]<<10 | fold[word[1]]<<5 | fold[word[2]]
			w.first[key] = append(w.first[key], uint16(len(w.all))) // #nosec G115 -- Some hundreds of words.
			w.some[key] = true
			w.known[word] = len(w.all)
			w.all = append(w.all, word)
		}
	}
	return w
}

// find gives the places of each word, one a line at most.
func (w *Words) find(body []byte) [][]int {
	places := make([][]int, len(w.all))
	if len(body) < 3 {
		return places
	}
	key := fold[body[0]]<<5 | fold[body[1]]
	for i, c := range body[2:] {
		if key = (key<<5 | fold[c]) & (1<<15 - 1); !w.some[key] {
			continue
		}
		for _, n := range w.first[key] {
			if begins(body[i:], w.all[n]) && !again(body, places[n], i) {
				places[n] = append(places[n], i)
			}
		}
	}
	return places
}

func begins(body []byte, word string) bool {
	if len(body) < len(word) {
		return false
	}
	for i := range len(word) {
		if lowered(body[i]) != word[i] {
			return false
		}
	}
	return true
}

// again says whether the word stands on this line already.
func again(body []byte, places []int, at int) bool {
	if len(places) == 0 {
		return false
	}
	last := places[len(places)-1]
	return at-last < maxLine && bytes.IndexByte(body[last:at], '\n') < 0
}
