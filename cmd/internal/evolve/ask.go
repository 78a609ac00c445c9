package evolve

import (
	"context"
	"errors"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
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
	command := slices.Clone(o.Given)
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
		hint = Command(o.Command, r.Dir, strings.Join(command, " "))
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
		u, err := update.Find(ctx, *r)
		if err != nil || len(u.Questions) == 0 {
			return u, err
		}
		if !d.IO.CanAsk() || o.JSON {
			return nil, open(d, u.Questions)
		}
		prompter, err := wizard.NewPrompter(ctx, d.IO, d.Text)
		if err == nil {
			err = ask(d, prompter, u.Questions, &r.Decided)
		}
		if errors.Is(err, wizard.Interrupt) || errors.Is(err, wizard.Back) {
			return nil, failure.Interrupted{Text: d.Text.T("evolve.nothing-done")}
		}
		if err != nil {
			return nil, err
		}
	}
}

// open names every question that nobody is there to answer, with its flag.
func open(d Deps, questions []migration.Question) error {
	lines := []string{d.Text.T("evolve.questions")}
	for _, q := range questions {
		lines = append(lines, "  - "+words(d, q)+" "+flag(q))
	}
	return failure.Usage{Text: strings.Join(lines, "\n")}
}

// words are a question in plain words.
func words(d Deps, q migration.Question) string {
	entity, field := "", ""
	if q.Entity != nil {
		entity = q.Entity.Title
	}
	if q.Field != nil {
		field = q.Field.Title
	}
	return d.Text.T("migration.ask."+q.Code, field, entity, q.Key)
}

// flag is what answers a question on the command line.
func flag(q migration.Question) string {
	return "--set-default " + q.Key + "=…"
}

// ask asks the questions in a terminal.
func ask(d Deps, prompter wizard.Prompter, questions []migration.Question, into *migration.Decisions) error {
	if into.Defaults == nil {
		into.Defaults = map[string]string{}
	}
	for _, q := range questions {
		answer, err := prompter.Input(wizard.Question{Ask: words(d, q)})
		if err != nil {
			return err
		}
		into.Defaults[q.Key] = answer
	}
	return nil
}
