package value

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NFC writes a text in the one form of Unicode in which we keep texts: é as one
// character, also when it came as an e with an accent after it. Two texts that look
// the same are the same then, in every database and in every filter.
func NFC(s string) string {
	if norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

// MostKey is how many characters of a text its place in an order depends on.
const MostKey = 100

// KeyEnd separates the two parts of a sort key. No text that is compared has it.
const KeyEnd = "\x01"

// SortKey gives the place of a text in an order as people expect it. Keys are
// compared byte by byte, which every database can do and which depends on no
// locale. The first part is what counts first:
//
//   - a letter without its accents, and no difference between capitals and small
//     letters: Émile stands between Emil and Emily; ß is ss, æ is ae, ø is o, ĳ is ij;
//   - words one by one: a space or a dash, of whatever kind, comes before all else,
//     so "de Vries" stands before "Deelen"; an apostrophe does not count;
//   - then other signs and pictures, digits, letters, and other scripts.
//
// Texts that are alike in that follow each other by their code points: capitals
// first, then small letters, then those with an accent.
func SortKey(s string) string { return fold(s) + KeyEnd + firstRunes(s, MostKey) }

// fold is what counts first in an order.
func fold(s string) string {
	var b strings.Builder
	count, space := 0, false
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), r == '\u2212': // − is a minus sign
			space = true
			continue
		case unicode.In(r, unicode.Mn, unicode.Cc, unicode.Cf), strings.ContainsRune(apostrophes, r):
			continue
		}
		if count++; count > MostKey {
			break
		}
		if space && b.Len() > 0 {
			b.WriteString(keySpace)
		}
		space = false
		if whole, ok := letters[r]; ok {
			b.WriteString(whole)
			continue
		}
		if unicode.IsPunct(r) || unicode.IsSymbol(r) {
			b.WriteString(keySign)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// What comes before digits and letters in a key, in this order, after KeyEnd.
const (
	keySpace = "\x02"
	keySign  = "\x03"
)

// apostrophes are what people type for one.
const apostrophes = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07"

// letters are those that Unicode does not take apart.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ł': "l", 'ŧ': "t", 'þ': "th", 'ς': "σ",
}

// firstRunes is the beginning of a text, as the databases cut it: by characters.
func firstRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
