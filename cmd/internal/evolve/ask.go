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

// decided finds the update, and asks what it needs to know until nothing is
// left to ask.
func decided(ctx context.Context, d Deps, o Options, r *update.Request) (*update.Update, error) {
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
