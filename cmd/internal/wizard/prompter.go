// Package wizard asks a team about its component, from goal to data to
// process, and gives the answers. The questions are data (flow.go); how they
// are shown is behind the Prompter interface.
package wizard

import (
	"context"
	"errors"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// Prompter shows one question and returns the answer. Each method can also
// return Back or Interrupt.
type Prompter interface {
	// Input asks for a line of text; an empty line gives the default.
	Input(q Question) (string, error)
	// Select asks for one of the options and returns its index.
	Select(q Question, options []string, selected int) (int, error)
	// MultiSelect asks for any number of the options.
	MultiSelect(q Question, options []string, selected []int) ([]int, error)
	// Confirm asks yes or no.
	Confirm(q Question, yes bool) (bool, error)
	// Say shows words between the questions.
	Say(words string)
}

// Question is what a Prompter shows.
type Question struct {
	Ask     string
	Help    string   // shown when the person types ?
	Default string   // only for Input
	Words   []string // other words by which the options are found
}

// signal is what a person can do instead of answering.
type signal string

func (s signal) Error() string { return string(s) }

// What a person can do instead of answering.
const (
	Back      = signal("back to the previous question")
	Interrupt = signal("stopped by the person")
)

// NewPrompter chooses how to ask on this terminal: with a moving cursor where
// the terminal can do that, else line by line.
func NewPrompter(ctx context.Context, io *terminal.IO, t *text.Catalogue) (Prompter, error) {
	desk, err := io.Desk(ctx)
	if errors.Is(err, terminal.ErrStopped) || errors.Is(err, context.Canceled) {
		return nil, Interrupt
	}
	if err != nil {
		return nil, err
	}
	plain := &plainPrompter{io: io, text: t, keyboard: desk.Keyboard}
	if !desk.Cursor {
		if !io.Plain {
			plain.Say(t.T("wizard.no-cursor"))
		}
		return plain, nil
	}
	return &fallbackPrompter{Prompter: newSurvey(io, t, desk), plain: plain, notice: t.T("wizard.no-cursor")}, nil
}

// fallbackPrompter goes on line by line when the terminal stops answering, as
// when a session moves to another window.
type fallbackPrompter struct {
	Prompter
	plain  Prompter
	notice string
}

func (f *fallbackPrompter) Input(q Question) (string, error) {
	return retry(f, func(p Prompter) (string, error) { return p.Input(q) })
}

func (f *fallbackPrompter) Select(q Question, options []string, selected int) (int, error) {
	return retry(f, func(p Prompter) (int, error) { return p.Select(q, options, selected) })
}

func (f *fallbackPrompter) MultiSelect(q Question, options []string, selected []int) ([]int, error) {
	return retry(f, func(p Prompter) ([]int, error) { return p.MultiSelect(q, options, selected) })
}

func (f *fallbackPrompter) Confirm(q Question, yes bool) (bool, error) {
	return retry(f, func(p Prompter) (bool, error) { return p.Confirm(q, yes) })
}

// retry asks again line by line when the first way of asking broke down.
func retry[T any](f *fallbackPrompter, ask func(Prompter) (T, error)) (T, error) {
	answer, err := ask(f.Prompter)
	if errors.As(err, new(brokenPrompt)) {
		f.Prompter = f.plain
		f.plain.Say("\n" + f.notice)
		return ask(f.plain)
	}
	return answer, err
}

// brokenPrompt says that a way of asking does not work on this terminal.
type brokenPrompt struct{ cause error }

func (b brokenPrompt) Error() string { return "asking failed: " + b.cause.Error() }
func (b brokenPrompt) Unwrap() error { return b.cause }
