package wizard

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// chooser is a list on the screen from which a person chooses one option, or
// ticks any number of them.
type chooser struct {
	s       *screenPrompter
	q       Question
	options []string     // with the way back as the last one
	ticked  map[int]bool // nil: one is chosen

	filter string
	fits   []int // the options that fit what was typed
	at     int   // in fits
	first  int   // where it begins
	helped bool  // Enter after a question for help is no answer
}

func newChooser(s *screenPrompter, q Question, options []string, ticked map[int]bool) *chooser {
	c := &chooser{s: s, q: q, ticked: ticked}
	for _, option := range append(append([]string{}, options...), s.text.T("wizard.back")) {
		c.options = append(c.options, terminal.Safe(option))
	}
	c.search("")
	return c
}

// run asks until something was chosen.
func (c *chooser) run() (chosen []int, err error) {
	err = c.s.keys(c.q, c.draw, func(k terminal.Key, d *terminal.Drawing) (done bool, err error) {
		if k.Name == terminal.KeyEnter {
			chosen, done, err = c.enter(d)
			return done, err
		}
		c.helped = false
		if k.Name != terminal.KeyNone {
			c.move(k.Name)
			return false, nil
		}
		for _, r := range k.Text {
			switch {
			case r == '?' || r == '？':
				c.s.help(d, c.q)
				c.helped = true
			case r == ' ' && c.ticked != nil && c.filter == "":
				c.tick()
			case r == ' ' && c.ticked != nil && strings.HasSuffix(c.filter, " "):
			default:
				c.search(c.filter + string(r))
			}
		}
		return false, nil
	})
	return chosen, err
}

// enter takes the option under the cursor, or what was ticked.
func (c *chooser) enter(d *terminal.Drawing) ([]int, bool, error) {
	switch {
	case c.helped:
		c.helped = false
		return nil, false, nil
	case len(c.fits) == 0:
		return nil, false, nil
	case c.fits[c.at] == len(c.options)-1:
		c.s.answered(d, c.q, c.options[len(c.options)-1])
		return nil, true, Back
	case c.ticked == nil:
		c.s.answered(d, c.q, c.options[c.fits[c.at]])
		return []int{c.fits[c.at]}, true, nil
	case strings.TrimSpace(c.filter) != "":
		c.ticked[c.fits[c.at]] = false // what was searched is what is meant
		c.tick()
		return nil, false, nil
	}
	var chosen []int
	var labels []string
	for i := range c.options {
		if c.ticked[i] {
			chosen, labels = append(chosen, i), append(labels, c.options[i])
		}
	}
	c.s.answered(d, c.q, strings.Join(labels, "; "))
	return chosen, true, nil
}

func (c *chooser) tick() {
	if len(c.fits) == 0 || c.fits[c.at] == len(c.options)-1 {
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
		words := ""
		if i < len(c.q.Words) {
			words = c.q.Words[i]
		}
		if fits(option, words, typed) {
			c.fits = append(c.fits, i)
		}
	}
	if typed == "" {
		c.at = c.first
	}
	beginning(c.fits, c.options, typed)
}

// beginning puts the options first that begin with what was typed.
func beginning(found []int, options []string, typed string) {
	start := strings.TrimSpace(plainWords(typed))
	later := func(i int) int {
		if start == "" || strings.HasPrefix(plainWords(options[i]), start) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b int) int { return later(a) - later(b) })
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

// draw shows the question, what was typed and the options around the cursor.
func (c *chooser) draw(d *terminal.Drawing) {
	columns, height := c.s.io.Size()
	hint := c.s.text.T("wizard.keys.select")
	if c.ticked != nil {
		hint = c.s.text.T("wizard.keys.multi")
	}
	switch typed := strings.TrimSpace(c.filter); {
	case typed != "" && len(c.fits) == 0:
		hint = c.s.text.T("wizard.keys.nothing", typed)
	case typed != "":
		hint = c.s.text.T("wizard.keys.found", typed, len(c.fits))
	}
	head := c.s.head(c.q.Ask)
	hints := strings.Split(c.s.io.Wrap(hint, "  "), "\n")
	room := pageSize
	if height > 0 {
		hints = hints[:min(len(hints), max(1, height/4))]
		head = head[:min(len(head), max(1, height-len(hints)-4))]
		room = min(room, max(height-len(head)-len(hints)-1, 1))
	}
	rows := head
	for _, h := range hints {
		rows = append(rows, c.s.io.Faint(terminal.Cut(h, max(columns-1, 2))))
	}
	from := max(0, min(c.at-room/2, len(c.fits)-room))
	for i := from; i < min(from+room, len(c.fits)); i++ {
		rows = append(rows, c.row(i, columns))
	}
	d.Draw(rows, len(rows)-1, 0)
}

// pageSize is how many options are shown at once, if the screen is high enough.
const pageSize = 15

// row is one option.
func (c *chooser) row(i, columns int) string {
	words := "  "
	if i == c.at {
		words = "> "
	}
	if at := c.fits[i]; c.ticked != nil && at < len(c.options)-1 {
		words += map[bool]string{true: "[x] ", false: "[ ] "}[c.ticked[at]]
	}
	words = terminal.Cut(words+c.options[c.fits[i]], max(columns-1, 2))
	if i == c.at {
		words = c.s.io.Bold(words)
	}
	return words
}
