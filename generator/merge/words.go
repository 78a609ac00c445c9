package merge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words replaces whole words in a text: the names of something that was renamed.
// A word ends where no letter, digit or _ follows; a - between two of those belongs
// to the word, so that the name of a zaak inside a longer kebab-name stays. The
// longest word wins, and what was put in is not looked at again. A word that stays
// what it is keeps the shorter ones in it: the title of something else.
func Words(body []byte, words map[string]string) []byte {
	olds := make([]string, 0, len(words))
	firsts := [256]bool{}
	changes := false
	for old, now := range words {
		if old != "" {
			olds = append(olds, old)
			firsts[old[0]] = true
			changes = changes || old != now
		}
	}
	if !changes {
		return body
	}
	slices.SortFunc(olds, func(a, b string) int { return len(b) - len(a) })
	text := string(body)
	var out []byte
	done := 0
	for i := 0; i < len(text); i++ {
		if !firsts[text[i]] {
			continue
		}
		for _, old := range olds {
			if strings.HasPrefix(text[i:], old) && wordStarts(text, i) && wordEnds(text, i+len(old)) {
				out = append(append(out, text[done:i]...), words[old]...)
				done = i + len(old)
				i = done - 1
				break
			}
		}
	}
	if done == 0 {
		return body
	}
	return append(out, text[done:]...)
}

// inWord says that a rune belongs to a word. So does a byte that is no UTF-8: it is
// a letter in some older encoding.
func inWord(r rune, size int) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == utf8.RuneError && size == 1
}

// wordStarts says that no word goes on over the point: neither before it nor over
// a - that ties it to one.
func wordStarts(text string, at int) bool {
	if !inWord(utf8.DecodeRuneInString(text[at:])) {
		return true // a word such as /verhuizingen brings its own border
	}
	before := strings.TrimSuffix(text[:at], "-")
	return !inWord(utf8.DecodeLastRuneInString(before)) || escaped(before)
}

// escaped says that a text ends in \n, \r or \t, in a string of Go or JSON.
func escaped(text string) bool {
	n := len(text) - 1
	if n < 1 || !strings.ContainsAny(text[n:], "nrt") {
		return false
	}
	slashes := n - len(strings.TrimRight(text[:n], `\`))
	return slashes%2 == 1
}

func wordEnds(text string, at int) bool {
	if !inWord(utf8.DecodeLastRuneInString(text[:at])) {
		return true
	}
	return !inWord(utf8.DecodeRuneInString(strings.TrimPrefix(text[at:], "-")))
}
