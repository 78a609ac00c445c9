package openapi

import (
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// pattern is a regular expression of a schema, as far as Go can read it.
type pattern struct {
	re   *regexp.Regexp
	tree *syntax.Regexp
}

// Limits of a pattern: its text, and how large its repetitions make it.
const (
	maxPattern     = 2000
	maxPatternSize = 20_000
)

// pattern reads a regular expression of JavaScript; nil when Go cannot. Look
// ahead is left out, so that more may match than should.
func (w *work) pattern(source string) *pattern {
	if p, known := w.d.patterns[source]; known || len(source) > maxPattern || !w.spend(1+len(source)) {
		return p
	}
	w.d.patterns[source] = nil
	tree, err := syntax.Parse(goPattern(source), syntax.Perl)
	if err != nil || size(tree) > maxPatternSize || !w.spend(size(tree)) {
		return nil
	}
	re, err := regexp.Compile(goPattern(source))
	if err != nil {
		return nil
	}
	w.d.patterns[source] = &pattern{re: re, tree: tree}
	return w.d.patterns[source]
}

var (
	unicodeEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)
	lookAround    = regexp.MustCompile(`\(\?<?[!=][^()]*\)`)
)

// goPattern writes what JavaScript writes otherwise as Go does.
func goPattern(source string) string {
	return lookAround.ReplaceAllString(unicodeEscape.ReplaceAllString(source, `\x{$1}`), "")
}

// size is about how many instructions an expression becomes.
func size(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n += size(sub)
		if n > maxPatternSize {
			return n
		}
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return n
}

// generate makes a text that matches, the shortest that the choices made here
// allow, with what may be repeated some more times repeated so. Characters of a class differ from place to place, so that a number of
// sixteen digits does not become sixteen zeros.
func (p *pattern) generate(nth, more int) string {
	g := &generator{turn: nth, more: more}
	g.write(p.tree)
	return g.b.String()
}

type generator struct {
	b          strings.Builder
	turn, more int
}

func (g *generator) write(re *syntax.Regexp) {
	if g.b.Len() > maxPatternSize {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		g.b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		g.class(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		g.class([]rune{'a', 'z'})
	case syntax.OpAlternate:
		g.write(re.Sub[0])
	case syntax.OpPlus:
		g.repeat(re.Sub[0], 1+g.more)
	case syntax.OpStar:
		g.repeat(re.Sub[0], g.more)
	case syntax.OpRepeat:
		times := max(re.Min, 1) + g.more
		if re.Max >= 0 {
			times = min(times, re.Max)
		}
		g.repeat(re.Sub[0], times)
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			g.write(sub)
		}
	}
}

func (g *generator) repeat(re *syntax.Regexp, times int) {
	for range times {
		if g.write(re); g.b.Len() > maxPatternSize {
			return
		}
	}
}

// class writes a character of a class: a digit or a letter when it has one.
func (g *generator) class(ranges []rune) {
	for _, nice := range [][2]rune{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, {' ', '~'}} {
		var fits []rune
		for r := nice[0]; r <= nice[1]; r++ {
			if inRanges(r, ranges) {
				fits = append(fits, r)
			}
		}
		if len(fits) > 0 && (nice[0] != '0' || len(fits) > 1 || len(ranges) == 2) {
			g.b.WriteRune(fits[g.turn%len(fits)])
			g.turn++
			return
		}
	}
	if len(ranges) > 0 {
		g.b.WriteRune(ranges[0])
	}
}

func inRanges(r rune, ranges []rune) bool {
	for i := 0; i+1 < len(ranges); i += 2 {
		if r >= ranges[i] && r <= ranges[i+1] {
			return true
		}
	}
	return false
}

// quotedNumber writes a number as short as JSON can.
func quotedNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
