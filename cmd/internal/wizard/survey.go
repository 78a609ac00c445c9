package wizard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/AlecAivazis/survey/v2"
	"github.com/AlecAivazis/survey/v2/core"
	surveyterminal "github.com/AlecAivazis/survey/v2/terminal"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// surveyPrompter asks with the survey library, which this file alone knows. The
// library runs a question: it asks, asks again after what is no answer, shows
// the answer, and gives it. It also renders, wipes what it rendered, moves the
// cursor and colours.
//
// The prompts are our own, because those of the library were tried and cannot
// do what they have to here:
//   - Input and Confirm ask the terminal where its cursor is before each answer,
//     wait for ever for one that does not say, and panic when reading fails. A
//     question for help is ? alone, and an answer that came before it is gone.
//   - Confirm takes only yes and no in English, and has no way back.
//   - Select and MultiSelect say nothing when nothing fits, and show as many
//     options as they are told, though the screen has fewer rows. A pasted
//     end of a line answers them.
//
// The keys and the raw mode are of our Keyboard. RuneReader.ReadRune was given
// what is in its tests: the marks around a pasted text become letters and its
// first end of a line is Enter, a late report of the cursor is Delete and
// letters, an arrow that comes in two parts is Escape and letters, and Alt with
// a letter fails. On Windows it reads past the stream it is given, so that it
// does not stop with its context. RuneReader.SetTermMode lets Ctrl-S freeze
// the screen, and has a Windows console send no arrows to who reads bytes.
type surveyPrompter struct {
	io      *terminal.IO
	text    *text.Catalogue
	desk    terminal.Desk
	restore func() // the mode in which the terminal was
	screen  *frame
}

// newSurvey prepares the library. Whether it colours is a variable of its own.
func newSurvey(io *terminal.IO, t *text.Catalogue, desk terminal.Desk) *surveyPrompter {
	core.DisableColor = !io.Colour
	return &surveyPrompter{io: io, text: t, desk: desk, screen: &frame{out: io.Err, fd: desk.Screen()}}
}

// Say shows words.
func (s *surveyPrompter) Say(words string) { fmt.Fprintln(s.io.Err, words) }

// Input asks for a line.
func (s *surveyPrompter) Input(q Question) (answer string, err error) {
	back := false
	err = s.ask(&survey.Question{
		Prompt: &linePrompt{canvas: canvas{s: s, q: q}},
		Validate: func(typed any) error {
			if _, asks := asksHelp(typed.(string)); asks {
				return errHelp
			}
			return nil
		},
		Transform: func(typed any) any {
			if back = typed == keyBack; typed == "" {
				return q.Default
			}
			return typed
		},
	}, &answer)
	if err == nil && back {
		err = Back
	}
	return answer, err
}

// Confirm is a choice of two, so that it can go back too.
func (s *surveyPrompter) Confirm(q Question, yes bool) (bool, error) {
	q.Words = []string{"yes", "no"}
	chosen, err := s.Select(q, []string{s.text.T("wizard.yes"), s.text.T("wizard.no")}, map[bool]int{true: 0, false: 1}[yes])
	return chosen == 0, err
}

// Select lets the person walk through the options; the last one goes back.
func (s *surveyPrompter) Select(q Question, options []string, selected int) (chosen int, err error) {
	list := chooser{first: min(max(selected, 0), len(options))}
	if err = s.choose(q, options, list, &chosen); err == nil && chosen == len(options) {
		return 0, Back
	}
	return chosen, err
}

// MultiSelect lets the person tick options; the last one goes back.
func (s *surveyPrompter) MultiSelect(q Question, options []string, selected []int) (chosen []int, err error) {
	list := chooser{ticked: map[int]bool{}}
	for _, i := range selected {
		list.ticked[i] = true
	}
	err = s.choose(q, options, list, &chosen)
	if err == nil && len(chosen) == 1 && chosen[0] == len(options) {
		return nil, Back
	}
	return chosen, err
}

// pageSize is how many options are shown at once, if the screen is high enough.
const pageSize = 15

// choose asks to choose from a list, and gives the index or the indices.
func (s *surveyPrompter) choose(q Question, options []string, list chooser, chosen any) error {
	for _, option := range append(append([]string{}, options...), s.text.T("wizard.back")) {
		list.options = append(list.options, terminal.Safe(option))
	}
	return s.ask(&survey.Question{
		Prompt: &listPrompt{canvas: canvas{s: s, q: q}, chooser: list},
		Validate: func(answer any) error {
			if option, one := answer.(core.OptionAnswer); one && option == askedHelp {
				return errHelp
			}
			return nil
		},
	}, chosen, survey.WithPageSize(pageSize), survey.WithFilter(q.fits))
}

// errHelp is why a question for help is no answer: the library has the prompt
// say so, and asks again.
var errHelp = errors.New("asked for help")

// askedHelp is what a list answers to a question for help.
var askedHelp = core.OptionAnswer{Value: keyHelp, Index: -1}

// ask has the library ask one question, and translates how it ended. Nothing is
// read through the library, so that it gets no input.
func (s *surveyPrompter) ask(q *survey.Question, answer any, options ...survey.AskOpt) (err error) {
	if s.restore, err = s.desk.Raw(); err != nil {
		return brokenPrompt{err}
	}
	defer func() { s.restore() }()
	options = append(options, survey.WithStdio(nil, s.screen, s.screen), survey.WithIcons(func(icons *survey.IconSet) {
		icons.Question.Format, icons.SelectFocus.Format = "default+b", "default+b"
	}))
	err = survey.Ask([]*survey.Question{q}, answer, options...)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, surveyterminal.InterruptErr), errors.Is(err, terminal.ErrStopped),
		errors.Is(err, context.Canceled), errors.Is(err, io.EOF):
		return Interrupt
	default:
		return brokenPrompt{err}
	}
}

// canvas is what the prompts have in common: a question that is drawn with the
// renderer of the library, which the library gives its streams.
type canvas struct {
	survey.Renderer
	s *surveyPrompter
	q Question
}

// draw shows rows in the place of those before. The cursor stands at the end of
// the rows before it; those after it begin in the same row. The library wipes
// its rows one by one, and none below the cursor, so that we wipe there.
func (c *canvas) draw(before, after []row) error {
	out, cursor := c.Stdio().Out, c.NewCursor()
	_ = cursor.Hide()
	fmt.Fprint(out, "\r\x1b[J")
	if err := c.Render(rowsTemplate, before); err != nil {
		return err
	}
	rest, _, err := core.RunTemplate(rowsTemplate, after)
	if err != nil {
		return err
	}
	fmt.Fprint(surveyterminal.NewAnsiStdout(out), rest)
	for range len(after) - 1 {
		_ = cursor.PreviousLine(1) // Up goes down on Windows
	}
	fmt.Fprint(out, "\r")
	if n := terminal.Cells(before[len(before)-1].Words); n > 0 {
		_ = cursor.Forward(n)
	}
	_ = cursor.Show()
	c.s.screen.show()
	return nil
}

// end shows rows in the place of those before, for good: what comes next comes
// below them.
func (c *canvas) end(rows ...row) error {
	err := c.draw(append(rows, row{}), nil)
	stdio := c.Stdio()
	c.Renderer = survey.Renderer{}
	c.WithStdio(stdio)
	return err
}

// head is the question itself.
func (c *canvas) head(config *survey.PromptConfig, words string) []row {
	columns, _ := c.s.io.Size()
	var rows []row
	for _, line := range terminal.Lines(config.Icons.Question.Text+" "+words, min(columns-1, 100)) {
		rows = append(rows, styled(config.Icons.Question.Format, terminal.Rows(line, columns-1)...)...) // a word may be wider than the screen
	}
	return rows
}

// under shows the question with words under it, for good.
func (c *canvas) under(config *survey.PromptConfig, words string) error {
	return c.end(append(c.head(config, c.q.Ask), styled("", strings.Split(c.s.io.Wrap(words, "  "), "\n")...)...)...)
}

// Error shows the help, after which the question comes again. That of the
// library begins in English, and takes the help away when it comes again.
func (c *canvas) Error(config *survey.PromptConfig, _ error) error {
	return c.under(config, c.q.Help)
}

// key draws and waits for a key.
func (c *canvas) key(config *survey.PromptConfig, draw func(*survey.PromptConfig) error) (terminal.Key, error) {
	for {
		if err := draw(config); err != nil {
			return terminal.Key{}, err
		}
		key, err := c.s.desk.Keyboard.Key()
		if err == nil && key.Name == terminal.KeyStop {
			err = surveyterminal.InterruptErr
		}
		if err != nil {
			_ = c.end(c.head(config, c.q.Ask)...)
			return key, err
		}
		if key.Name != terminal.KeySuspend {
			return key, nil
		}
		_ = c.end()
		c.s.restore()
		terminal.Suspend()
		if c.s.restore, err = c.s.desk.Raw(); err != nil {
			c.s.restore = func() {}
			return key, err
		}
	}
}

// linePrompt is a question for a line.
type linePrompt struct {
	canvas
	line line
}

// Prompt waits for Enter.
func (p *linePrompt) Prompt(config *survey.PromptConfig) (any, error) {
	for {
		key, err := p.key(config, p.rows)
		switch {
		case err != nil:
			return nil, err
		case key.Name == terminal.KeyNone:
			p.line.insert(key.Text)
		case key.Name == terminal.KeyTab && len(p.line.runes) == 0:
			p.line.insert(p.q.Default)
		case key.Name == terminal.KeyEnter:
			return strings.TrimSpace(string(p.line.runes)), nil
		default:
			p.line.edit(key.Name)
		}
	}
}

// PromptAgain goes on with what was typed before the question for help.
func (p *linePrompt) PromptAgain(config *survey.PromptConfig, typed any, _ error) (any, error) {
	rest, _ := asksHelp(typed.(string))
	p.line.set(rest)
	return p.Prompt(config)
}

// Cleanup shows the answer.
func (p *linePrompt) Cleanup(config *survey.PromptConfig, answer any) error {
	return p.under(config, answer.(string))
}

// rows shows the question, the proposal and what was typed. Of what does not
// fit on the screen the rows around the cursor are shown.
func (p *linePrompt) rows(config *survey.PromptConfig) error {
	columns, height := p.s.io.Size()
	ask := p.q.Ask
	if p.q.Default != "" {
		ask += " [" + p.q.Default + "]"
	}
	rows, room := p.head(config, ask), 1<<10
	if height > 0 {
		rows = rows[:min(len(rows), max(1, height-3))]
		room = max(height-len(rows)-1, 1)
	}
	before, after := p.line.rows(columns-1, room)
	return p.draw(append(rows, styled("", before...)...), styled("", after...))
}

// listPrompt is a question for one option, or for any number of them.
type listPrompt struct {
	canvas
	chooser
}

// Prompt begins with the whole list.
func (p *listPrompt) Prompt(config *survey.PromptConfig) (any, error) {
	p.keep = config.Filter
	p.search("")
	return p.PromptAgain(config, nil, nil)
}

// PromptAgain goes on where the question for help came.
func (p *listPrompt) PromptAgain(config *survey.PromptConfig, _ any, _ error) (any, error) {
	if p.take("") {
		return askedHelp, nil
	}
	for {
		key, err := p.key(config, p.rows)
		if err != nil {
			return nil, err
		}
		if key.Name == terminal.KeyEnter {
			if chosen, done := p.enter(); done {
				return p.answer(chosen), nil
			}
			continue
		}
		p.helped = false
		if key.Name != terminal.KeyNone {
			p.move(key.Name)
		} else if p.take(key.Text) {
			return askedHelp, nil
		}
	}
}

// answer is what was chosen, as the library has it.
func (p *listPrompt) answer(chosen []int) any {
	options := make([]core.OptionAnswer, len(chosen))
	for i, at := range chosen {
		options[i] = core.OptionAnswer{Value: p.options[at], Index: at}
	}
	if p.ticked == nil {
		return options[0]
	}
	return options
}

// Cleanup shows the answer.
func (p *listPrompt) Cleanup(config *survey.PromptConfig, answer any) error {
	if option, one := answer.(core.OptionAnswer); one {
		return p.under(config, option.Value)
	}
	var labels []string
	for _, option := range answer.([]core.OptionAnswer) {
		labels = append(labels, option.Value)
	}
	return p.under(config, strings.Join(labels, "; "))
}

// rows shows the question, what was typed and the options around the cursor.
func (p *listPrompt) rows(config *survey.PromptConfig) error {
	columns, height := p.s.io.Size()
	hints := strings.Split(p.s.io.Wrap(p.hint(p.s.text), "  "), "\n")
	rows, hints, room := fit(height, p.head(config, p.q.Ask), hints, config.PageSize)
	for _, h := range hints { // the library has no faint colour
		rows = append(rows, row{Words: p.s.io.Faint(terminal.Cut(h, max(columns-1, 2)))})
	}
	from := max(0, min(p.at-room/2, len(p.fits)-room))
	for i := from; i < min(from+room, len(p.fits)); i++ {
		rows = append(rows, p.option(config.Icons, i, columns))
	}
	last := len(rows) - 1
	return p.draw(append(rows[:last:last], row{}), rows[last:])
}

// option is the row of one option.
func (p *listPrompt) option(icons survey.IconSet, i, columns int) row {
	at, sign, format := p.fits[i], " ", ""
	if i == p.at {
		sign, format = icons.SelectFocus.Text, icons.SelectFocus.Format
	}
	if p.ticked != nil && !p.back(at) {
		sign += " " + map[bool]survey.Icon{true: icons.MarkedOption, false: icons.UnmarkedOption}[p.ticked[at]].Text
	}
	return styled(format, terminal.Cut(sign+" "+p.options[at], max(columns-1, 2)))[0]
}
