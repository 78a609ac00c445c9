// Package evolve brings a component up to date for every command that does so:
// it asks what only a person can say, shows what would happen, and does it.
package evolve

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// Deps is what the commands need that bring a component up to date.
type Deps struct {
	IO      *terminal.IO
	Text    *text.Catalogue
	Pack    fs.FS
	Version string
	Env     func(string) string
	Now     func() time.Time

	// Engine does the work; nil is the real one. A test brings its own.
	Engine *Engine
}

// Engine is what finds an update and does it.
type Engine struct {
	Find  func(context.Context, update.Request) (*update.Update, error)
	Apply func(context.Context, *update.Update) error
}

func (d Deps) engine() Engine {
	if d.Engine != nil {
		return *d.Engine
	}
	return Engine{Find: update.Find, Apply: func(ctx context.Context, u *update.Update) error { return u.Apply(ctx) }}
}

// Options are the flags that those commands have in common.
type Options struct {
	DryRun      bool   // only show what would happen
	Diff        bool   // with every line
	JSON        bool   // for a machine
	Check       bool   // only say whether anything is waiting
	Commit      bool   // with a commit of its own
	Branch      string // on a branch of its own
	Uncommitted bool   // also files with edits that are not committed
	Confirm     bool   // ask before anything is written, when there is a terminal

	Command string      // what the person typed, to give it again in a hint
	Did     string      // what is said first: what was asked for, in one sentence
	About   string      // what that means, in a few
	Notes   []grow.Note // what a change of the answers did, and leaves to people
}

// Run finds what changes, asks, shows, and does it.
func Run(ctx context.Context, d Deps, o Options, r update.Request) error {
	r.Pack, r.Version, r.Env = d.Pack, d.Version, d.Env
	u, err := decided(ctx, d, o, &r)
	if err != nil {
		return failed(d, o, r, err)
	}
	if o.Check {
		return check(d, o, r, u)
	}
	if o.JSON && (o.DryRun || !u.Waiting()) {
		return d.IO.WriteJSON(report(d, o, u))
	}
	if !o.JSON {
		if err := show(d, o, r, u); err != nil {
			return err
		}
	}
	if o.DryRun {
		fmt.Fprintln(d.IO.Err, "\n"+d.Text.T("update.dry-run"))
		return nil
	}
	if !u.Waiting() {
		return nil
	}
	if err := confirm(ctx, d, o); err != nil {
		return failed(d, o, r, err)
	}
	err = d.IO.Working(ctx, d.Text.T("update.working"), func(ctx context.Context) error { return d.engine().Apply(ctx, u) })
	if err != nil {
		return failed(d, o, r, err)
	}
	return done(d, o, r, u)
}

// check says whether anything is waiting, for continuous integration.
func check(d Deps, o Options, r update.Request, u *update.Update) error {
	if o.JSON {
		if err := d.IO.WriteJSON(report(d, o, u)); err != nil {
			return err
		}
	}
	if !u.Waiting() {
		if !o.JSON {
			fmt.Fprintln(d.IO.Err, d.Text.T("update.up-to-date", terminal.Safe(Name(r.Dir))))
		}
		return nil
	}
	if !o.JSON {
		if err := show(d, o, r, u); err != nil {
			return err
		}
		fmt.Fprintln(d.IO.Err)
	}
	return failure.Shortfall{Text: d.Text.T("update.waiting"), Hint: Command("fieldlab update", r.Dir, "")}
}

// confirm asks whether to go on.
func confirm(ctx context.Context, d Deps, o Options) error {
	if !o.Confirm || o.JSON || !d.IO.CanAsk() {
		return nil
	}
	prompter, err := wizard.NewPrompter(ctx, d.IO, d.Text)
	if err != nil {
		return err
	}
	prompter.Say("")
	yes, err := prompter.Confirm(wizard.Question{Ask: d.Text.T("update.go-on"), Help: d.Text.T("update.go-on-help")}, true)
	if err == nil && !yes {
		err = wizard.Interrupt
	}
	return err
}

// done says what became of the component and what to type next.
func done(d Deps, o Options, r update.Request, u *update.Update) error {
	if o.JSON {
		if err := d.IO.WriteJSON(report(d, o, u)); err != nil {
			return err
		}
	}
	conflicts := u.Conflicts()
	if len(conflicts) == 0 {
		if !o.JSON {
			next(d, o, r, u)
		}
		return nil
	}
	if !o.JSON {
		choose(d, r, conflicts)
	}
	return failure.Shortfall{Text: d.Text.T("update.conflicts", count(d, len(conflicts))), Hint: Command("fieldlab update", r.Dir, "--continue")}
}

// Waiting says whether something is to be brought up to date, before a command
// does something else.
func Waiting(ctx context.Context, d Deps, o Options, r update.Request) (bool, error) {
	r.Pack, r.Version, r.Env = d.Pack, d.Version, d.Env
	u, err := d.engine().Find(ctx, r)
	if err != nil {
		return false, failed(d, o, r, err)
	}
	return u.Waiting(), nil
}
