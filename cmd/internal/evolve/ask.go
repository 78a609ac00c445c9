package evolve

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// question is something that only a person can say, in words.
type question struct {
	code, key  string
	ask, help  string
	options    []string // choices in words; none for a line
	flags      []string // what says the same on the command line
	answer     func(r *update.Request, chosen int, typed string)
	offer      bool // nothing has to be said
	stuck      bool // no answer helps: fieldlab.yaml has to say something else
	stops      int  // so many of the options, the first, mean: do nothing
	mayBeEmpty bool // an empty line is an answer
}

// openQuestions are the questions without which nothing can be done.
func openQuestions(d Deps, u *update.Update) (all []question) {
	for _, guess := range u.Guesses {
		all = append(all, guessed(d, guess))
	}
	for _, q := range u.Questions {
		all = append(all, asked(d, q))
	}
	return all
}

// unanswered names every question that nobody is there to answer, each with the
// flags that do.
func unanswered(d Deps, o Options, r update.Request, u *update.Update, open []question) error {
	if o.JSON {
		if err := d.IO.WriteJSON(report(d, o, u)); err != nil {
			return err
		}
	}
	lines := []string{d.Text.T("update.unanswered", len(open))}
	if len(open) == 1 {
		lines[0] = d.Text.T("update.unanswered-one")
	}
	var command []string
	for _, q := range open {
		wrapped := strings.TrimPrefix(d.IO.Wrap(terminal.Safe(q.ask), "    "), "    ")
		lines = append(lines, "", "  - "+wrapped)
		for _, flag := range q.flags {
			lines = append(lines, "      "+flag)
		}
		if len(q.flags) > 0 {
			command = append(command, q.flags[0])
		}
	}
	if !d.IO.CanAsk() {
		lines = append(lines, "", d.Text.T("update.unanswered-end"))
	}
	hint := ""
	if !slices.ContainsFunc(open, func(q question) bool { return q.stuck || q.stops > 0 }) { // nobody throws away by pasting
		hint = o.again(r.Dir, command...)
	}
	return failure.Usage{Text: strings.Join(lines, "\n"), Hint: hint}
}

// ask asks one question in a terminal.
func ask(d Deps, prompter wizard.Prompter, q question, r *update.Request, offered map[string]bool) error {
	shown := wizard.Question{Ask: q.ask, Help: q.help}
	if len(q.options) > 0 {
		chosen, err := prompter.Select(shown, q.options, 0)
		if err != nil {
			return err
		}
		if chosen < q.stops {
			return wizard.Interrupt
		}
		q.answer(r, chosen, "")
		if q.offer {
			offered[q.key] = true
		}
		return nil
	}
	for {
		typed, err := prompter.Input(shown)
		if err != nil {
			return err
		}
		if typed != "" || q.mayBeEmpty {
			q.answer(r, 0, typed)
			return nil
		}
		prompter.Say(d.Text.T("update.say-something"))
	}
}

// offers are questions about steps that went, which may wait.
func offers(d Deps, u *update.Update, offered map[string]bool) (all []question) {
	for _, step := range u.Gone {
		if !offered[step] {
			all = append(all, transition(d, step, u.Steps))
		}
	}
	return all
}

// transition asks where zaken go that stand at a step that went.
func transition(d Deps, step string, steps []string) question {
	options := []string{d.Text.T("update.gone.later"), d.Text.T("update.gone.stays")}
	for _, name := range steps {
		options = append(options, d.Text.T("update.gone.to", terminal.Safe(name)))
	}
	return question{
		key: step, offer: true, ask: d.Text.T("update.gone.ask", terminal.Safe(step)), help: d.Text.T("update.gone.help"), options: options,
		answer: func(r *update.Request, chosen int, _ string) {
			switch chosen {
			case 0:
			case 1:
				addStep(r, step, update.Stays)
			default:
				addStep(r, step, steps[chosen-2])
			}
		},
	}
}

// stopped says whether a person ended the questions.
func stopped(err error) bool {
	return errors.Is(err, wizard.Interrupt) || errors.Is(err, wizard.Back) || errors.Is(err, context.Canceled)
}

// again is what the person typed, with more flags.
func (o Options) again(dir string, flags ...string) string {
	if o.Whole != "" {
		return o.Whole + " " + strings.Join(flags, " ")
	}
	return Command(o.Command, dir, strings.Join(slices.Concat(o.Given, flags), " "))
}

// Command is a command as a person types it, for a hint.
func Command(command, dir, flags string) string {
	parts := []string{command}
	if dir != "" && dir != "." {
		parts = append(parts, arguments.Quoted(dir))
	}
	if flags != "" {
		parts = append(parts, flags)
	}
	return strings.Join(parts, " ")
}
