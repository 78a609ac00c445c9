package wizard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// screenPrompter asks with a cursor that moves: lists to walk through and to
// search by typing.
type screenPrompter struct {
	io   *terminal.IO
	text *text.Catalogue
	desk terminal.Desk
}

// Say shows words.
func (s *screenPrompter) Say(words string) { fmt.Fprintln(s.io.Err, words) }

// keys handles what is typed in one question, until it is answered.
func (s *screenPrompter) keys(q Question, draw func(*terminal.Drawing), handle func(terminal.Key, *terminal.Drawing) (done bool, err error)) (err error) {
	d := s.desk.Drawing()
	restore, err := s.desk.Raw()
	if err != nil {
		return brokenPrompt{err}
	}
	defer func() { restore() }()
	for {
		draw(d)
		key, err := s.desk.Keyboard.Key()
		if err != nil || key.Name == terminal.KeyStop {
			d.End(s.head(q.Ask))
			return stopped(err)
		}
		if key.Name == terminal.KeySuspend {
			d.End(nil)
			restore()
			terminal.Suspend()
			if restore, err = s.desk.Raw(); err != nil {
				restore = func() {}
				return brokenPrompt{err}
			}
			continue
		}
		if done, err := handle(key, d); done || err != nil {
			return err
		}
	}
}

// stopped says how a question ends that gets no answer.
func stopped(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) || errors.Is(err, terminal.ErrStopped) {
		return Interrupt
	}
	return brokenPrompt{err}
}

// head is the question itself.
func (s *screenPrompter) head(words string) []string {
	columns, _ := s.io.Size()
	var rows []string
	for _, row := range terminal.Lines("? "+words, min(columns-1, 100)) {
		for _, part := range terminal.Rows(row, columns-1) { // a word may be wider than the screen
			rows = append(rows, s.io.Bold(part))
		}
	}
	return rows
}

// answered shows a question with its answer, for good.
func (s *screenPrompter) answered(d *terminal.Drawing, q Question, answer string) {
	d.End(append(s.head(q.Ask), strings.Split(s.io.Wrap(answer, "  "), "\n")...))
}

// help shows the explanation below the question, which comes again after it.
func (s *screenPrompter) help(d *terminal.Drawing, q Question) {
	d.End(append(s.head(q.Ask), strings.Split(s.io.Wrap(q.Help, "  "), "\n")...))
}

// Input asks for a line.
func (s *screenPrompter) Input(q Question) (string, error) {
	line := []rune{}
	at := 0
	insert := func(words string) {
		line = slices.Insert(line, at, []rune(words)...)
		at += len([]rune(words))
	}
	result, back := "", false
	err := s.keys(q, func(d *terminal.Drawing) { s.drawLine(d, q, line, at) }, func(k terminal.Key, d *terminal.Drawing) (bool, error) {
		switch k.Name {
		case terminal.KeyNone:
			insert(k.Text)
		case terminal.KeyTab:
			if len(line) == 0 {
				insert(q.Default)
			}
		case terminal.KeyEnter:
			typed := strings.TrimSpace(string(line))
			if rest, asks := asksHelp(typed); asks {
				s.help(d, q)
				line = []rune(rest)
				at = len(line)
				return false, nil
			}
			result, back = typed, typed == keyBack
			if typed == "" {
				result = q.Default
			}
			s.answered(d, q, result)
			return true, nil
		default:
			line, at = edit(line, at, k.Name)
		}
		return false, nil
	})
	if err == nil && back {
		err = Back
	}
	return result, err
}

// asksHelp says whether a line asks for help, and what was typed before that.
func asksHelp(line string) (rest string, asks bool) {
	for _, sign := range []string{keyHelp, "？"} {
		if rest, ok := strings.CutSuffix(line, sign); ok && (strings.Trim(rest, sign) == "" || strings.HasSuffix(rest, " ")) {
			return strings.TrimSpace(strings.Trim(rest, sign)), true
		}
	}
	return line, false
}

// edit changes a line by a key.
func edit(line []rune, at int, key terminal.KeyName) ([]rune, int) {
	switch {
	case key == terminal.KeyBackspace && at > 0:
		return slices.Delete(line, at-1, at), at - 1
	case key == terminal.KeyDelete && at < len(line):
		return slices.Delete(line, at, at+1), at
	case key == terminal.KeyLeft:
		return line, max(at-1, 0)
	case key == terminal.KeyRight:
		return line, min(at+1, len(line))
	case key == terminal.KeyHome:
		return line, 0
	case key == terminal.KeyEnd:
		return line, len(line)
	case key == terminal.KeyClear:
		return line[:0], 0
	}
	return line, at
}

// drawLine shows the question, the proposal and what was typed. Of what does
// not fit on the screen the rows around the cursor are shown.
func (s *screenPrompter) drawLine(d *terminal.Drawing, q Question, line []rune, at int) {
	columns, height := s.io.Size()
	ask := q.Ask
	if q.Default != "" {
		ask += " [" + q.Default + "]"
	}
	rows := s.head(ask)
	room := 1 << 10
	if height > 0 {
		rows = rows[:min(len(rows), max(1, height-3))]
		room = max(height-len(rows)-1, 1)
	}
	typed := terminal.Rows("> "+string(line), columns-1)
	before := terminal.Rows("> "+string(line[:at]), columns-1)
	from := max(0, len(before)-room)
	to := min(len(typed), from+room)
	row := len(rows) + len(before) - 1 - from
	d.Draw(append(rows, typed[from:to]...), row, terminal.Cells(before[len(before)-1]))
}

// Confirm is a choice of two.
func (s *screenPrompter) Confirm(q Question, yes bool) (bool, error) {
	q.Words = []string{"yes", "no"}
	chosen, err := s.Select(q, []string{s.text.T("wizard.yes"), s.text.T("wizard.no")}, map[bool]int{true: 0, false: 1}[yes])
	return chosen == 0, err
}

// Select lets the person walk through the options; the last one goes back.
func (s *screenPrompter) Select(q Question, options []string, selected int) (int, error) {
	c := newChooser(s, q, options, nil)
	c.at = min(max(selected, 0), len(options))
	c.first = c.at
	chosen, err := c.run()
	if err != nil {
		return 0, err
	}
	return chosen[0], nil
}

// MultiSelect lets the person tick options.
func (s *screenPrompter) MultiSelect(q Question, options []string, selected []int) ([]int, error) {
	ticked := map[int]bool{}
	for _, i := range selected {
		ticked[i] = true
	}
	return newChooser(s, q, options, ticked).run()
}
