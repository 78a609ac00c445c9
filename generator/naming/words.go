package naming

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// split cuts raw into words of lower-case ASCII letters and digits. A word
// ends at anything else and where a capital begins: nieuwAdres, BAGObject.
func split(raw string) []string {
	if !isASCII(raw) {
		raw = fold(raw)
	}
	var words []string
	start := -1 // of the current word
	flush := func(end int) {
		if start >= 0 {
			words = append(words, strings.ReplaceAll(strings.ToLower(raw[start:end]), "'", ""))
			start = -1
		}
	}
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '\'' && start >= 0 && i+1 < len(raw) && isLower(raw[i+1]):
			// foto's is one word
		case !isLower(c) && !isUpper(c) && !isDigit(c):
			flush(i)
			if word := signs[c]; word != "" {
				words = append(words, word)
			}
		case start < 0:
			start = i
		case isUpper(c) && newWord(raw, i):
			flush(i)
			start = i
		}
	}
	flush(len(raw))
	return words
}

// newWord says whether the capital at i begins a word within a word.
func newWord(raw string, i int) bool {
	if !isUpper(raw[i-1]) {
		return true
	}
	// In BAGObject the O begins a word; in BSNs the N does not.
	if i+1 == len(raw) || !isLower(raw[i+1]) {
		return false
	}
	plural := raw[i+1] == 's' && (i+2 == len(raw) || !isLower(raw[i+2]) && !isDigit(raw[i+2]))
	return !plural
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// signs are written out, because names differ by them.
var signs = map[byte]string{'%': "procent", '&': "en", '+': "plus"}

// letters are those that have no decomposition into ASCII and an accent.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "SS", 'æ': "ae", 'Æ': "Ae", 'œ': "oe", 'Œ': "Oe", 'ø': "o", 'Ø': "O",
	'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "Th",
	'ı': "i", 'ŋ': "ng", 'Ŋ': "Ng", 'ħ': "h", 'Ħ': "H", 'ŧ': "t", 'Ŧ': "T", 'ĸ': "k", 'ŉ': "n",
	'€': " euro ", '’': "'", '‘': "'", 'ʼ': "'", '`': "'", '´': "'", '°': " graden ",

	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i",
	'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s",
	'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",

	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'и': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t",
	'у': "u", 'ф': "f", 'х': "ch", 'ц': "ts", 'ч': "tsj", 'ш': "sj", 'щ': "sjtsj", 'ъ': "",
	'ы': "y", 'ь': "", 'э': "e", 'ю': "joe", 'я': "ja", 'і': "i", 'є': "je", 'ґ': "g", 'ј': "j",
	'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "dj", 'џ': "dz",
}

// fold writes s in ASCII: accents go, known letters are transliterated, other
// letters and digits become a word with their code point (u4e2d), and the rest
// a space.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, " ")) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r)) // #nosec G115 -- Below RuneSelf.
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			// an accent on the letter before, or nothing to see
		default:
			b.WriteString(ascii(r))
		}
	}
	return b.String()
}

func ascii(r rune) string {
	if text, ok := letters[r]; ok {
		return text
	}
	lower := unicode.ToLower(r)
	if text, ok := letters[lower]; ok {
		if text == "" {
			return ""
		}
		return strings.ToUpper(text[:1]) + text[1:]
	}
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return " u" + strconv.FormatInt(int64(r), 16) + " "
	}
	return " "
}
