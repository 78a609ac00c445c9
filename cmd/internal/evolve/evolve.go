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
	Recover func(dir string) (finished bool, err error)
	Find    func(context.Context, update.Request) (*update.Update, error)
	Apply   func(context.Context, *update.Update) error

	CanCommit func(u *update.Update, branch string) error
	Commit    func(u *update.Update, branch, message string) (update.Committed, error)
}

func (d Deps) engine() Engine {
	if d.Engine != nil {
		return *d.Engine
	}
	return Engine{
		Recover: update.Recover, Find: update.Find,
		Apply:     func(ctx context.Context, u *update.Update) error { return u.Apply(ctx) },
		CanCommit: func(u *update.Update, branch string) error { return u.CanCommit(branch) },
		Commit: func(u *update.Update, branch, message string) (update.Committed, error) {
			return u.Commit(branch, message+"\n", d.Now(), d.Env)
		},
	}
}

// Options are the flags that those commands have in common.
type Options struct {
	DryRun      bool   // only show what would happen
	Diff        bool   // with every line
	JSON        bool   // for a machine
	Check       bool   // only say whether anything is waiting
	Commit      bool   // with a commit of its own
	Branch      string // on a new branch, which takes a commit as well
	Uncommitted bool   // also files with edits that are not committed
	Confirm     bool   // ask before anything is written, when there is a terminal
	PackDir     string // of an own pack that is taken in

	Command string      // what the person typed, to give it again in a hint
	Given   []string    // with these flags
	Whole   string      // or all of it, of a command to which the folder is no argument
	Message string      // of the commit, in Dutch as all that a component says; "" for one about an update
	Did     string      // what is said first: what was asked for, in one sentence
	About   string      // what that means, in a few
	Notes   []grow.Note // what a change of the answers did, and leaves to people
}

// Run finds what changes, asks, shows, and does it.
func Run(ctx context.Context, d Deps, o Options, r update.Request) error {
	r.Pack, r.Version, r.Env = d.Pack, d.Version, d.Env
	if err := Recover(d, r.Dir); err != nil {
		return err
	}
	s := &session{d: d, o: o, r: r, offered: map[string]bool{}}
	for {
		u, err := s.decided(ctx)
		if err != nil {
			return failed(d, o, r, err)
		}
		if u, err = s.shown(u); u == nil || err != nil {
			return err
		}
		again, err := s.confirm(ctx)
		if err != nil {
			return failed(d, o, r, err)
		}
		if again {
			continue
		}
		err = d.IO.Working(ctx, d.Text.T("update.working"), func(ctx context.Context) error { return d.engine().Apply(ctx, u) })
		if err != nil {
			return failed(d, o, r, err)
		}
		return done(d, o, r, u)
	}
}

// shown says what would happen. It gives no update when nothing has to be done.
func (s *session) shown(u *update.Update) (*update.Update, error) {
	switch {
	case s.o.Check:
		return nil, check(s.d, s.o, s.r, u)
	case s.o.JSON && (s.o.DryRun || !u.Waiting()):
		return nil, s.d.IO.WriteJSON(report(s.d, s.o, u))
	case !s.o.JSON:
		if err := show(s.d, s.o, s.r, u); err != nil {
			return nil, err
		}
	}
	if s.o.DryRun && u.Waiting() {
		fmt.Fprintln(s.d.IO.Err, "\n"+s.d.Text.T("update.dry-run"))
	}
	if s.o.DryRun || !u.Waiting() {
		return nil, nil
	}
	return u, nil
}

// Recover ends what an earlier command was killed in, and says so.
func Recover(d Deps, dir string) error {
	finished, err := d.engine().Recover(dir)
	if err != nil {
		return Failed(d, dir, err)
	}
	if finished {
		fmt.Fprintln(d.IO.Err, d.Text.T("update.recovered"))
	}
	return nil
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

// done says what became of the component and what to type next.
func done(d Deps, o Options, r update.Request, u *update.Update) error {
	conflicts := u.Conflicts()
	var made *update.Committed
	var failed error
	if o.commits() && len(conflicts) == 0 {
		made, failed = commit(d, o, r, u)
	}
	if o.JSON {
		data := report(d, o, u)
		if made != nil {
			data.Commit, data.Branch = made.Hash, made.Branch
		}
		if err := d.IO.WriteJSON(data); err != nil {
			return err
		}
	}
	if len(conflicts) == 0 {
		if !o.JSON {
			next(d, r, u, made)
		}
		return failed
	}
	if !o.JSON {
		choose(d, o, r, conflicts)
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
