// Package evolve brings a component up to date for every command that does so:
// it asks what only a person can say, shows what would happen, and does it.
package evolve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
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
}

// Options are the flags that those commands have in common.
type Options struct {
	DryRun      bool   // only show what would happen
	Diff        bool   // with every line
	JSON        bool   // for a machine
	Commit      bool   // with a commit of its own
	Branch      string // on a branch of its own
	Uncommitted bool   // also files with edits that are not committed
	Confirm     bool   // ask before anything is written, when there is a terminal

	Command string      // what the person typed, to give it again in a hint
	Given   []string    // with these flags
	Did     string      // what is said first: what was asked for, in one sentence
	Notes   []grow.Note // what a change of the answers did, and leaves to people
}

// Run finds what changes, asks, shows, and does it.
func Run(ctx context.Context, d Deps, o Options, r update.Request) error {
	r.Pack, r.Version, r.Env = d.Pack, d.Version, d.Env
	u, err := decided(ctx, d, o, &r)
	if err != nil {
		return wrong(d, o, err)
	}
	if o.JSON && o.DryRun {
		return d.IO.WriteJSON(report(d, o, u))
	}
	if !o.JSON {
		show(d, o, u)
	}
	if o.DryRun {
		fmt.Fprintln(d.IO.Err, "\n"+d.Text.T("evolve.dry-run"))
		return nil
	}
	if !u.Waiting() {
		return nil
	}
	if len(u.Dirty) > 0 && !o.Uncommitted {
		return failure.Shortfall{
			Text: d.Text.T("update.dirty", listing(u.Dirty)), Hint: Command(o.Command, r.Dir, strings.Join(append(slices.Clone(o.Given), "--uncommitted"), " ")),
		}
	}
	if err := confirm(ctx, d, o); err != nil {
		return failed(d, o, r, err)
	}
	err = d.IO.Working(ctx, d.Text.T("update.working"), func(ctx context.Context) error { return d.engine().Apply(ctx, u) })
	if err != nil {
		return wrong(d, o, err)
	}
	if o.JSON {
		if err := d.IO.WriteJSON(report(d, o, u)); err != nil {
			return err
		}
	} else {
		next(d, u)
	}
	if conflicts := u.Conflicts(); len(conflicts) > 0 {
		return failure.Shortfall{Text: d.Text.T("evolve.conflicts", len(conflicts)), Hint: "fieldlab update --continue"}
	}
	return nil
}

// wrong says why nothing was done.
func wrong(d Deps, o Options, err error) error {
	var list problem.List
	switch {
	case errors.Is(err, context.Canceled):
		return failure.Interrupted{Text: d.Text.T("evolve.nothing-done")}
	case errors.As(err, &list):
		if o.JSON {
			if err := d.IO.WriteJSON(map[string]any{"problems": list.In(string(d.Text.Language()))}); err != nil {
				return err
			}
		}
		return failure.Answers{Problems: list, Hint: "fieldlab answers validate", Reported: o.JSON}
	}
	return err
}
