// Package terminal is the line to the person: streams, whether somebody sits
// at the other end, colour, width, and a keyboard that never waits for ever.
package terminal

import (
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// IO is what a command reads from and writes to. Out carries results, which a
// machine may read; Err carries words for people.
type IO struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	InTerminal  bool // somebody types
	OutTerminal bool // results are shown on a screen
	ErrTerminal bool // words are shown on a screen

	Plain   bool // no cursor control and no colour
	Colour  bool
	Columns int // width of the screen; 0 when unknown

	desk *Desk                                 // where questions are answered; nil as long as there was none
	size func() (columns, rows int, err error) // asks the screen again; nil when there is none
}

// System returns the streams of the process. NO_COLOR and TERM=dumb are
// respected.
func System(in, out, err *os.File, env func(string) string) *IO {
	s := &IO{
		In: in, Out: out, Err: err,
		InTerminal:  term.IsTerminal(int(in.Fd())),
		OutTerminal: term.IsTerminal(int(out.Fd())),
		ErrTerminal: term.IsTerminal(int(err.Fd())),
	}
	s.Plain = env("TERM") == "dumb"
	s.Colour = s.ErrTerminal && !s.Plain && env("NO_COLOR") == ""
	s.size = func() (int, int, error) { return term.GetSize(int(err.Fd())) }
	if width, _, e := s.size(); e == nil {
		s.Columns = width
	} else if width, e := strconv.Atoi(env("COLUMNS")); e == nil {
		s.Columns = width
	}
	return s
}

// MakePlain turns cursor control and colour off, as --plain asks.
func (s *IO) MakePlain() {
	s.Plain = true
	s.Colour = false
}

// CanAsk says whether questions reach a person: somebody types and somebody
// sees the words. Standard output may be a pipe; questions do not go there.
func (s *IO) CanAsk() bool { return s.InTerminal && s.ErrTerminal }

// Size is how large the screen is now; rows is 0 when that is unknown.
func (s *IO) Size() (columns, rows int) {
	columns = s.Columns
	if s.size != nil {
		if width, height, err := s.size(); err == nil && width > 0 {
			columns, rows = width, height
		}
	}
	if columns <= 0 {
		columns = 80
	}
	return columns, rows
}

// Width is the width to wrap words at.
func (s *IO) Width() int {
	columns, _ := s.Size()
	return min(max(columns, 20), 100)
}

// Bold and Faint mark words for the person, when there is colour.
func (s *IO) Bold(words string) string { return s.style("1", words) }

// Faint shows words in a lighter shade.
func (s *IO) Faint(words string) string { return s.style("2", words) }

// Warn shows words in red.
func (s *IO) Warn(words string) string { return s.style("31", words) }

// Good shows words in green.
func (s *IO) Good(words string) string { return s.style("32", words) }

func (s *IO) style(code, words string) string {
	if !s.Colour || words == "" {
		return words
	}
	return "\x1b[" + code + "m" + words + "\x1b[0m"
}

// Wrap breaks text into lines of at most the width, each starting with the
// indent. Line breaks in the text stay; a word that is too long stands alone.
func (s *IO) Wrap(text, indent string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapLine(line, s.Width()-len(indent))...)
	}
	for i, line := range lines {
		if line != "" {
			lines[i] = indent + line
		}
	}
	return strings.Join(lines, "\n")
}

// Lines breaks text into lines of at most a width.
func Lines(text string, width int) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapLine(line, width)...)
	}
	return lines
}

func wrapLine(line string, width int) []string {
	var lines []string
	current := ""
	for _, word := range strings.Fields(line) {
		switch {
		case current == "":
			current = word
		case len([]rune(current))+1+len([]rune(word)) <= width:
			current += " " + word
		default:
			lines = append(lines, current)
			current = word
		}
	}
	return append(lines, current)
}

// Safe removes control characters from text that comes from elsewhere, so
// that it cannot steer the terminal, and those that turn the direction of the
// text around, so that it cannot look like something else.
func Safe(text string) string { return strings.Map(visible, text) }

// SafeLines is Safe for a text of more lines.
func SafeLines(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return visible(r)
	}, text)
}

func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
		return -1
	}
	return r
}
