package wizard

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// chooser is a list from which a person chooses one option, or ticks any
// number of them. It knows nothing of how it is shown.
type chooser struct {
	options []string     // with the way back as the last one
	ticked  map[int]bool // nil: one is chosen
	first   int          // where it begins
	keep    func(typed, option string, index int) bool

	filter string
	fits   []int  // the options that fit what was typed
	at     int    // in fits
	helped bool   // Enter after a question for help is no answer
	typed  string // what came at once and was not handled yet
}

// take handles what was typed, up to a question for help.
func (c *chooser) take(words string) (asks bool) {
	c.typed += words
	for i, r := range c.typed {
		switch {
		case r == '?' || r == '？':
			c.typed = c.typed[i+utf8.RuneLen(r):]
			c.helped = true
			return true
		case r == ' ' && c.ticked != nil && c.filter == "":
			c.tick()
		case r == ' ' && c.ticked != nil && strings.HasSuffix(c.filter, " "):
		default:
			c.search(c.filter + string(r))
		}
	}
	c.typed = ""
	return false
}

// enter takes the option under the cursor, or what was ticked.
func (c *chooser) enter() (chosen []int, done bool) {
	switch {
	case c.helped:
		c.helped = false
		return nil, false
	case len(c.fits) == 0:
		return nil, false
	case c.ticked == nil || c.back(c.fits[c.at]):
		return []int{c.fits[c.at]}, true
	case strings.TrimSpace(c.filter) != "":
		c.ticked[c.fits[c.at]] = false // what was searched is what is meant
		c.tick()
		return nil, false
	}
	for i := range c.options {
		if c.ticked[i] {
			chosen = append(chosen, i)
		}
	}
	return chosen, true
}

// back says whether an option is the way back.
func (c *chooser) back(i int) bool { return i == len(c.options)-1 }

func (c *chooser) tick() {
	if len(c.fits) == 0 || c.back(c.fits[c.at]) {
		return
	}
	at := c.fits[c.at]
	c.ticked[at] = !c.ticked[at]
	c.search("")
	c.at = at
}

func (c *chooser) move(key terminal.KeyName) {
	switch n := len(c.fits); key {
	case terminal.KeyBackspace:
		if runes := []rune(c.filter); len(runes) > 0 {
			c.search(string(runes[:len(runes)-1]))
		}
	case terminal.KeyClear, terminal.KeyEscape:
		c.search("")
	case terminal.KeyUp:
		c.at = (c.at + n - 1) % max(n, 1)
	case terminal.KeyDown, terminal.KeyTab:
		c.at = (c.at + 1) % max(n, 1)
	case terminal.KeyPageUp, terminal.KeyHome:
		c.at = 0
	case terminal.KeyPageDown, terminal.KeyEnd:
		c.at = max(n-1, 0)
	}
}

// search keeps the options that fit what was typed.
func (c *chooser) search(typed string) {
	c.filter, c.fits, c.at = typed, nil, 0
	for i, option := range c.options {
		if c.keep(typed, option, i) {
			c.fits = append(c.fits, i)
		}
	}
	if typed == "" {
		c.at = c.first
	}
	beginning(c.fits, c.options, typed)
}

// beginning puts the options first that begin with what was typed, and of those
// the ones that say the least more: "Woonplaats" before "Woonplaats in onderzoek".
func beginning(found []int, options []string, typed string) {
	start := strings.TrimSpace(plainWords(typed))
	later := func(i int) int {
		switch title, _, _ := strings.Cut(options[i], " ("); {
		case start == "":
			return 0
		case strings.HasPrefix(plainWords(options[i]), start):
			return utf8.RuneCountInString(title)
		}
		return math.MaxInt32
	}
	slices.SortStableFunc(found, func(a, b int) int { return later(a) - later(b) })
}

// fits says whether an option of the question fits what was typed.
func (q Question) fits(typed, option string, i int) bool {
	words := ""
	if i < len(q.Words) {
		words = q.Words[i]
	}
	return fits(option, words, typed)
}

// fits says whether each word that was typed is in an option, or in the other
// words by which it is found.
func fits(option, words, typed string) bool {
	in := plainWords(option + " " + words)
	for word := range strings.FieldsSeq(plainWords(typed)) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// plainWords writes words without accents, capitals and signs.
func plainWords(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '<':
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(text))
}

// hint says what the keys do, or what was found.
func (c *chooser) hint(t *text.Catalogue) string {
	typed := strings.TrimSpace(c.filter)
	switch {
	case typed != "" && len(c.fits) == 0:
		return t.T("wizard.keys.nothing", typed)
	case typed != "":
		return t.T("wizard.keys.found", typed, len(c.fits))
	case c.ticked != nil:
		return t.T("wizard.keys.multi")
	}
	return t.T("wizard.keys.select")
}
