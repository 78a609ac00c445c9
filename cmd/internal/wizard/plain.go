package wizard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// plainPrompter asks line by line, without moving the cursor: for screen
// readers, simple terminals and --plain.
type plainPrompter struct {
	io       *terminal.IO
	text     *text.Catalogue
	keyboard lineReader
}

// lineReader reads what a person types, a line at a time.
type lineReader interface{ Line() (string, error) }

// Keys that mean the same in every question.
const (
	keyBack = "<"
	keyHelp = "?"
)

// Say shows words.
func (p *plainPrompter) Say(words string) { fmt.Fprintln(p.io.Err, words) }

// Input asks for a line.
func (p *plainPrompter) Input(q Question) (string, error) {
	ask := q.Ask
	if q.Default != "" {
		ask += " [" + q.Default + "]"
	}
	line, err := p.line(ask, q.Help)
	if err == nil && line == "" {
		line = q.Default
	}
	return line, err
}

// Select shows numbered options; the answer is a number or the option itself.
func (p *plainPrompter) Select(q Question, options []string, selected int) (int, error) {
	p.Say(q.Ask)
	p.list(options, func(i int) bool { return i == selected }, "*")
	for {
		line, err := p.line(p.text.T("wizard.plain.number", selected+1), q.Help)
		if err != nil {
			return 0, err
		}
		if line == "" {
			return selected, nil
		}
		if i, ok := choice(line, options); ok {
			return i, nil
		}
		switch found := matches(line, options, q.Words); len(found) {
		case 0:
			p.Say(p.text.T("wizard.plain.wrong-number", len(options)))
		case 1:
			return found[0], nil
		default:
			p.many(line, options, found)
		}
	}
}

// MultiSelect shows numbered options; the answer is a list of numbers.
func (p *plainPrompter) MultiSelect(q Question, options []string, selected []int) ([]int, error) {
	p.Say(q.Ask)
	p.list(options, func(i int) bool { return slices.Contains(selected, i) }, "x")
	for {
		line, err := p.line(p.text.T("wizard.plain.numbers"), q.Help)
		if err != nil {
			return nil, err
		}
		switch line {
		case "":
			return selected, nil
		case keyNothing:
			return nil, nil
		}
		if chosen, ok := choices(line, options); ok {
			return chosen, nil
		}
		found := matches(line, options, q.Words)
		if i, ok := choice(line, options); ok {
			found = []int{i}
		}
		switch {
		case len(found) == 1 && !slices.Contains(selected, found[0]):
			selected = append(slices.Clone(selected), found[0]) // a word adds to what is chosen
			slices.Sort(selected)
			fallthrough
		case len(found) == 1:
			fmt.Fprintf(p.io.Err, "  x %2d. %s\n", found[0]+1, options[found[0]])
			continue
		case len(found) > 1:
			p.many(line, options, found)
			continue
		}
		p.Say(p.text.T("wizard.plain.wrong-number", len(options)))
	}
}

// Confirm asks yes or no.
func (p *plainPrompter) Confirm(q Question, yes bool) (bool, error) {
	standard := p.text.T("wizard.no")
	if yes {
		standard = p.text.T("wizard.yes")
	}
	for {
		line, err := p.line(fmt.Sprintf("%s (%s/%s) [%s]", q.Ask, p.text.T("wizard.yes"), p.text.T("wizard.no"), standard), q.Help)
		if err != nil {
			return false, err
		}
		switch answer := strings.ToLower(line); {
		case answer == "":
			return yes, nil
		case short(p.text.T("wizard.yes"), answer), answer == "y":
			return true, nil
		case short(p.text.T("wizard.no"), answer):
			return false, nil
		}
		p.Say(p.text.T("wizard.plain.yes-or-no"))
	}
}

// short says whether the answer is the word or its first letter.
func short(word, answer string) bool {
	word = strings.ToLower(word)
	return answer == word || answer == word[:1]
}

// mostOptions is how many options are read out; of a longer list the rest is
// found by a word.
const mostOptions = 40

// many shows the options that fit what was typed.
func (p *plainPrompter) many(line string, options []string, found []int) {
	p.Say(p.text.T("wizard.plain.many", line))
	for _, i := range found[:min(len(found), mostOptions)] {
		fmt.Fprintf(p.io.Err, "    %2d. %s\n", i+1, options[i])
	}
}

func (p *plainPrompter) list(options []string, marked func(int) bool, mark string) {
	if len(options) > mostOptions {
		defer func(n int) { p.Say("  " + p.text.T("wizard.plain.search", n)) }(len(options) - mostOptions/2)
	}
	for i, option := range options {
		if len(options) > mostOptions && i >= mostOptions/2 && !marked(i) {
			continue
		}
		sign := " "
		if marked(i) {
			sign = mark
		}
		fmt.Fprintf(p.io.Err, "  %s %2d. %s\n", sign, i+1, option)
	}
}

// line asks for one line and deals with help, back and the end of the input.
func (p *plainPrompter) line(ask, help string) (string, error) {
	for {
		fmt.Fprintf(p.io.Err, "%s: ", ask)
		line, err := p.keyboard.Line()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, context.Canceled), errors.Is(err, terminal.ErrStopped):
			fmt.Fprintln(p.io.Err)
			return "", Interrupt
		case err != nil:
			return "", err
		}
		line = strings.TrimSpace(line)
		rest, asks := asksHelp(line)
		switch {
		case line == keyBack:
			return "", Back
		case asks && rest != "":
			p.Say(p.io.Wrap(help, "  ") + "\n  " + p.text.T("wizard.plain.typed", rest))
			continue
		case asks:
			p.Say(p.io.Wrap(help, "  "))
			continue
		}
		return line, nil
	}
}

func choice(line string, options []string) (int, bool) {
	if n, err := strconv.Atoi(line); err == nil {
		return n - 1, n >= 1 && n <= len(options)
	}
	i := slices.IndexFunc(options, func(o string) bool { return strings.EqualFold(o, line) })
	return i, i >= 0
}

// matches are the options that fit what was typed.
func matches(line string, options, words []string) []int {
	var found []int
	for i, option := range options {
		other := ""
		if i < len(words) {
			other = words[i]
		}
		if strings.TrimSpace(plainWords(line)) != "" && fits(option, other, line) {
			found = append(found, i)
		}
	}
	return found
}

// choices reads the numbers of options.
func choices(line string, options []string) ([]int, bool) {
	var chosen []int
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > len(options) {
			return nil, false
		}
		if !slices.Contains(chosen, n-1) {
			chosen = append(chosen, n-1)
		}
	}
	slices.Sort(chosen)
	return chosen, len(chosen) > 0
}
