package evolve

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// rounds is how often answers may lead to more questions. Each answer takes one
// away, so that only a fault of our own, or somebody who goes back and forth all
// day, comes near.
const rounds = 1000

// session is one conversation about an update.
type session struct {
	d        Deps
	o        Options
	r        update.Request
	prompter wizard.Prompter
	before   []update.Request // as it was at each question that was answered, to go back to
	offered  map[string]bool  // steps that went, of which nobody has to say anything
}

// decided finds the update, and asks what it needs to know until nothing is
// left to ask.
func (s *session) decided(ctx context.Context) (*update.Update, error) {
	for range rounds {
		u, err := s.find(ctx)
		var mistake *migration.Mistake
		if errors.As(err, &mistake) && s.back() { // what was typed just now; flags have no question before them
			s.prompter.Say(typed(s.d, mistake))
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := s.newEnough(u); err != nil {
			return nil, err
		}
		open := openQuestions(s.d, u)
		if s.o.Check || s.o.DryRun && s.o.JSON {
			return u, nil // both say what is open
		}
		if !s.o.DryRun {
			if err := cmp.Or(s.committed(u), s.mayCommit(u)); err != nil {
				return nil, err
			}
		}
		stuck := slices.ContainsFunc(open, func(q question) bool { return q.stuck })
		if s.o.DryRun || s.o.JSON || stuck || !s.d.IO.CanAsk() {
			if len(open) > 0 {
				return nil, unanswered(s.d, s.o, s.r, u, open)
			}
			return u, nil
		}
		open = append(open, offers(s.d, u, s.offered)...)
		if len(open) == 0 {
			return u, nil
		}
		if err := s.ask(ctx, open[0]); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("the questions do not end")
}

// find finds the update. A person who waits sees that.
func (s *session) find(ctx context.Context) (u *update.Update, err error) {
	if !s.d.IO.ErrTerminal || s.o.JSON {
		return s.d.engine().Find(ctx, s.r)
	}
	err = s.d.IO.Working(ctx, s.d.Text.T("update.finding"), func(ctx context.Context) error {
		var err error
		u, err = s.d.engine().Find(ctx, s.r)
		return err
	})
	return u, err
}

// committed refuses to change a file of which Git has not got what the team wrote.
func (s *session) committed(u *update.Update) error {
	if len(u.Dirty) == 0 || s.o.Uncommitted {
		return nil
	}
	return failure.Shortfall{Text: s.d.Text.T("update.dirty", listing(u.Dirty)), Hint: s.o.again(s.r.Dir, "--uncommitted")}
}

// open prepares to ask. A terminal is asked once what it can do.
func (s *session) open(ctx context.Context) (err error) {
	if s.prompter == nil {
		s.prompter, err = wizard.NewPrompter(ctx, s.d.IO, s.d.Text)
	}
	return err
}

// ask asks one question, and remembers how it was before.
func (s *session) ask(ctx context.Context, q question) error {
	first := s.prompter == nil
	if err := s.open(ctx); err != nil {
		return err
	}
	if first {
		s.prompter.Say(s.d.Text.T("update.questions-first"))
	}
	before := cloned(s.r)
	err := ask(s.d, s.prompter, q, &s.r, s.offered)
	switch {
	case errors.Is(err, wizard.Back):
		s.back()
		return nil
	case err == nil:
		s.before = append(s.before, before)
	}
	return err
}

// back goes to the question before this one, if there is one.
func (s *session) back() bool {
	last := len(s.before) - 1
	if last < 0 {
		return false
	}
	s.r, s.before = s.before[last], s.before[:last]
	clear(s.offered)
	return true
}

// cloned is a request that later answers do not change.
func cloned(r update.Request) update.Request {
	r.Renames, r.Steps = slices.Clone(r.Renames), maps.Clone(r.Steps)
	r.Decided.Defaults, r.Decided.Replace = maps.Clone(r.Decided.Defaults), maps.Clone(r.Decided.Replace)
	r.Decided.Empty, r.Decided.Drop, r.Decided.New = slices.Clone(r.Decided.Empty), slices.Clone(r.Decided.Drop), slices.Clone(r.Decided.New)
	return r
}

// confirm asks whether to go on. Again says that somebody wants to go back to
// the questions.
func (s *session) confirm(ctx context.Context) (again bool, err error) {
	if !s.o.Confirm || s.o.JSON || !s.d.IO.CanAsk() {
		return false, nil
	}
	if err := s.open(ctx); err != nil {
		return false, err
	}
	s.prompter.Say("")
	yes, err := s.prompter.Confirm(wizard.Question{Ask: s.d.Text.T("update.go-on"), Help: s.d.Text.T("update.go-on-help")}, true)
	switch {
	case errors.Is(err, wizard.Back):
		if s.back() {
			return true, nil
		}
	case err == nil && !yes:
		err = wizard.Interrupt
	}
	return false, err
}
