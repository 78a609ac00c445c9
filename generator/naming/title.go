package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Title returns raw as people read it, with a capital: nieuwAdres becomes
// "Nieuw adres". What already is a phrase keeps its spelling.
func Title(raw string) string {
	title := strings.Join(strings.Fields(raw), " ")
	if isTechnical(title) {
		title = phrase(title)
	}
	return capital(title)
}

// isTechnical says whether s is a name for machines: camelCase, snake_case or
// kebab-case without capitals, or a single word.
func isTechnical(s string) bool {
	if strings.ContainsAny(s, " '’") {
		return false
	}
	hyphen, upper := false, false
	for i, r := range s {
		switch {
		case r == '-':
			hyphen = true
		case unicode.IsUpper(r):
			upper = upper || i == 0 || hyphen
		case r != '_' && !unicode.IsLower(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r):
			return false
		}
	}
	return !hyphen || !upper // Noord-Brabant is a name for people
}

// phrase cuts a technical name into words in lower case, abbreviations in
// capitals.
func phrase(s string) string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, showWord(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '_' || r == '-':
			flush()
			continue
		case i > 0 && unicode.IsUpper(r) && startsWord(runes, i):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return strings.Join(words, " ")
}

// startsWord is newWord for text that is not folded.
func startsWord(s []rune, i int) bool {
	if !unicode.IsUpper(s[i-1]) {
		return true
	}
	if i+1 == len(s) || !unicode.IsLower(s[i+1]) {
		return false
	}
	return s[i+1] != 's' || i+2 < len(s) && unicode.IsLower(s[i+2])
}

func showWord(word string) string {
	lower := strings.ToLower(word)
	if initialisms[lower] {
		return strings.ToUpper(word)
	}
	if utf8.RuneCountInString(word) > 1 && strings.TrimSuffix(word, "s") == strings.ToUpper(strings.TrimSuffix(word, "s")) {
		return word // an abbreviation as the team wrote it
	}
	return lower
}

// capital gives s a capital. Names that begin with 's or 't keep theirs, and
// ij counts as one letter.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	switch {
	case size == 0 || !unicode.IsLower(first):
		return s
	case strings.HasPrefix(s, "ij"):
		return "IJ" + s[2:]
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
