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

// surveyPrompter asks with the survey library, which this file alone knows.
type surveyPrompter struct {
	io   *terminal.IO
	text *text.Catalogue
	desk terminal.Desk
}

// newSurvey prepares the library. Its words and colours are variables of the
// library itself; there is no other way to give it Dutch ones.
func newSurvey(io *terminal.IO, t *text.Catalogue, desk terminal.Desk) *surveyPrompter {
	core.DisableColor = !io.Colour
	survey.SelectQuestionTemplate = strings.ReplaceAll(selectTemplate, "KEYS", t.T("wizard.keys.select"))
	survey.MultiSelectQuestionTemplate = strings.ReplaceAll(multiTemplate, "KEYS", t.T("wizard.keys.multi"))
	return &surveyPrompter{io: io, text: t, desk: desk}
}

// The templates are those of the library, with our words and without what we
// do not use. The first line of each option must be a template of this name.
const (
	optionTemplate = `{{- define "option"}}
    {{- if eq .SelectedIndex .CurrentIndex }}{{color .Config.Icons.SelectFocus.Format }}{{ .Config.Icons.SelectFocus.Text }} {{else}}{{color "default"}}  {{end}}`
	headTemplate = `
{{- if .ShowHelp }}{{ .Help }}{{"\n"}}{{end}}
{{- color .Config.Icons.Question.Format }}{{ .Config.Icons.Question.Text }} {{color "reset"}}
{{- color "default+hb"}}{{ .Message }}{{ .FilterMessage }}{{color "reset"}}
{{- if .ShowAnswer}}{{color "cyan"}} {{.Answer}}{{color "reset"}}{{"\n"}}
{{- else}}
  {{- "\n  "}}{{- color "cyan"}}KEYS{{color "reset"}}
  {{- "\n"}}
  {{- range $ix, $option := .PageEntries}}
    {{- template "option" $.IterateOption $ix $option}}
  {{- end}}
{{- end}}`
	selectTemplate = optionTemplate + `{{- .CurrentOpt.Value}}{{color "reset"}}
{{end}}` + headTemplate
	multiTemplate = optionTemplate + `
    {{- if index .Checked .CurrentOpt.Index }}[x] {{else}}[ ] {{end}}{{- .CurrentOpt.Value}}{{color "reset"}}
{{end}}` + headTemplate
)

// Say shows words.
func (s *surveyPrompter) Say(words string) { fmt.Fprintln(s.io.Err, words) }

// Input asks for a line.
func (s *surveyPrompter) Input(q Question) (string, error) {
	for {
		var line string
		if err := s.ask(&survey.Input{Message: q.Ask, Default: q.Default}, &line); err != nil {
			return "", err
		}
		line = strings.TrimSpace(terminal.Safe(line))
		switch line {
		case keyBack:
			return "", Back
		case keyHelp:
			s.Say(s.io.Wrap(q.Help, "  "))
			continue
		}
		return line, nil
	}
}

// Select lets the person walk through the options; the last one goes back.
func (s *surveyPrompter) Select(q Question, options []string, selected int) (int, error) {
	all := append(append([]string{}, options...), s.text.T("wizard.back"))
	var chosen int
	prompt := &survey.Select{
		Message: q.Ask, Options: all, Default: min(selected, len(all)-1),
		Help: s.io.Wrap(q.Help, "  "), PageSize: pageSize, Filter: s.filter,
	}
	if err := s.ask(prompt, &chosen); err != nil {
		return 0, err
	}
	if chosen == len(options) {
		return 0, Back
	}
	return chosen, nil
}

// MultiSelect lets the person tick options; ticking the last one goes back.
func (s *surveyPrompter) MultiSelect(q Question, options []string, selected []int) ([]int, error) {
	all := append(append([]string{}, options...), s.text.T("wizard.back"))
	var chosen []int
	prompt := &survey.MultiSelect{
		Message: q.Ask, Options: all, Default: append([]int{}, selected...),
		Help: s.io.Wrap(q.Help, "  "), PageSize: pageSize, Filter: s.filter,
	}
	if err := s.ask(prompt, &chosen); err != nil {
		return nil, err
	}
	for _, i := range chosen {
		if i == len(options) {
			return nil, Back
		}
	}
	return chosen, nil
}

// Confirm is a choice of two, so that it can go back too.
func (s *surveyPrompter) Confirm(q Question, yes bool) (bool, error) {
	selected := 1
	if yes {
		selected = 0
	}
	chosen, err := s.Select(q, []string{s.text.T("wizard.yes"), s.text.T("wizard.no")}, selected)
	return chosen == 0, err
}

// pageSize is how many options are shown at once; it fits a small window.
const pageSize = 12

// filter keeps the options that hold what was typed; "<" finds the way back.
func (s *surveyPrompter) filter(typed, option string, _ int) bool {
	return strings.Contains(strings.ToLower(option), strings.ToLower(typed))
}

// ask runs one question of the library and translates how it ended.
func (s *surveyPrompter) ask(prompt survey.Prompt, answer any) (err error) {
	defer func() {
		// The library counts on a terminal that always answers and panics
		// without one.
		if cause := recover(); cause != nil {
			err = brokenPrompt{fmt.Errorf("%v", cause)}
		}
	}()
	s.desk.Keyboard.Begin()
	err = survey.AskOne(prompt, answer, survey.WithStdio(s.desk.Keyboard, &s.desk.Screen, s.io.Err), survey.WithShowCursor(true))
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
