package value

import (
	"strings"
	"unicode"
)

// Unseen says whether nobody can see a character: it has no ink and no width, or
// it only turns the direction of what stands around it, so that one text looks
// like another. A space is seen; a soft hyphen, a tag and a filler are not.
func Unseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		r == '\u2028' || r == '\u2029' || r == '\u2800' // the last one is a pattern of Braille without dots
}

// Shown is a text without what cannot be seen and could make it look like
// another text: for a page, a header, a line of a log or a file. Lines stay.
func Shown(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u0085', '\u2028', '\u2029': // other ends of a line
			return '\n'
		case '\u200c': // how letters join
			return r
		}
		if Unseen(r) && r != '\u200d' && !unicode.Is(unicode.Variation_Selector, r) || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1 // an emoji is joined with the two that stay
		}
		return r
	}, s)
}

// Blank says whether nothing in a text can be seen: it has only spaces, of
// whatever kind, and marks without a width, such as people paste along.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !Unseen(r) })
}

// tidy writes the many signs of Unicode that mean one thing in a number or a code
// as that one: spaces of whatever kind as one space, every dash and minus sign as -, a
// digit of any script and a wide sign as the ASCII that it stands for. What
// nobody sees is taken out. People paste these from a PDF, a bank and a telephone.
func tidy(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r < 0x80:
			return r
		case Unseen(r):
			return -1
		case unicode.Is(unicode.Dash, r):
			return '-'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case unicode.IsDigit(r):
			return asciiDigit(r)
		}
		return r
	}, s)), " ")
}

// asciiDigit is the digit that a digit of any script stands for. Unicode has
// them in rows of ten, from zero to nine.
func asciiDigit(r rune) rune {
	for _, row := range unicode.Nd.R16 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return '0' + (r-rune(row.Lo))%10
		}
	}
	for _, row := range unicode.Nd.R32 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) { // #nosec G115 -- A number of Unicode, which fits.
			return '0' + (r-rune(row.Lo))%10 // #nosec G115 -- A number of Unicode, which fits.
		}
	}
	return r
}

// closed is a code without what people put between its groups.
func closed(s string) string { return strings.NewReplacer(" ", "", ".", "", "-", "").Replace(tidy(s)) }

// capitals makes capitals of the letters that codes have; of no other letter, for
// some of those become a letter that nobody typed.
func capitals(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// unbroken is a text of one word, such as an e-mail address, without what nobody
// sees in it.
func unbroken(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if Unseen(r) {
			return -1
		}
		return r
	}, s))
}
