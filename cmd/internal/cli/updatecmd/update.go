// Package updatecmd is `fieldlab update`: it brings a component up to date with
// its answers and with this fieldlab, and loses nothing of what the team wrote.
package updatecmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// Options are the arguments and flags.
type Options struct {
	evolve.Options
	evolve.Decisions
	Dir      string
	Continue bool
	Abort    bool
	Pack     string // folder of an own pack that is taken in
	NoPack   bool   // the own pack is left
}

// New builds the command. A test gives runF to see the options.
func New(d evolve.Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{Dir: "."}
	cmd := &cobra.Command{
		Use:     d.Text.T("update.use"),
		Short:   d.Text.T("update.short"),
		Long:    d.Text.T("update.long"),
		Example: d.Text.T("update.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if cmd.Flags().Changed("pack") && o.Pack == "" {
				return failure.Usage{Text: d.Text.T("pack.empty-update"), Hint: "fieldlab update --help"}
			}
			if err := o.check(d, len(args) > 0, cmd.Flags().Changed("branch")); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return run(cmd.Context(), d, o)
		},
	}
	flags := cmd.Flags()
	evolve.Flags(flags, d.Text, &o.Options)
	o.Decisions.Flags(flags, d.Text)
	flags.BoolVar(&o.Check, "check", false, d.Text.T("update.flag.check"))
	flags.StringVar(&o.Pack, "pack", "", d.Text.T("update.flag.pack"))
	flags.BoolVar(&o.NoPack, "no-pack", false, d.Text.T("update.flag.no-pack"))
	flags.BoolVar(&o.Continue, "continue", false, d.Text.T("update.flag.continue"))
	flags.BoolVar(&o.Abort, "abort", false, d.Text.T("update.flag.abort"))
	evolve.Complete(cmd)
	_ = cmd.RegisterFlagCompletionFunc("pack", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	return cmd
}

// check refuses what cannot go together, before anything is done.
func (o *Options) check(d evolve.Deps, dirGiven, branchGiven bool) error {
	usage := func(key string, values ...any) error {
		return failure.Usage{Text: d.Text.T(key, values...), Hint: "fieldlab update --help"}
	}
	switch {
	case dirGiven && o.Dir == "":
		return usage("new.dir-empty")
	case branchGiven && o.Branch == "":
		return usage("update.branch-empty")
	case o.Pack != "" && o.NoPack:
		return usage("update.not-both", "--pack", "--no-pack")
	case o.Continue && o.Abort:
		return usage("update.not-both", "--continue", "--abort")
	}
	if o.Continue || o.Abort {
		flag := "--continue"
		if o.Abort {
			flag = "--abort"
		}
		for _, other := range []struct {
			given bool
			name  string
		}{{o.DryRun, "--dry-run"}, {o.Diff, "--diff"}, {o.Check, "--check"}, {o.Uncommitted, "--uncommitted"}, {o.Pack != "", "--pack"}, {o.NoPack, "--no-pack"}, {o.Commit, "--commit"}, {branchGiven, "--branch"}} {
			if other.given {
				return usage("update.not-both", flag, other.name)
			}
		}
	}
	if o.Check && (o.Commit || branchGiven) {
		return usage("update.check-writes-nothing")
	}
	return nil
}

func run(ctx context.Context, d evolve.Deps, o *Options) error {
	switch {
	case o.Continue:
		return end(ctx, d, o, func(ctx context.Context, dir string) ([]string, error) { return nil, update.Continue(ctx, dir) }, "update.continued")
	case o.Abort:
		return end(ctx, d, o, update.Abort, "update.aborted")
	}
	r := update.Request{Dir: o.Dir, Typed: true}
	if err := o.Into(d.Text, "fieldlab update", &r); err != nil {
		return err
	}
	o.Confirm, o.Command, o.Given = true, "fieldlab update", o.Typed()
	if err := o.repack(ctx, d, &r); err != nil {
		return err
	}
	return evolve.Run(ctx, d, o.Options, r)
}

// end ends an update that had conflicts, in the one way or the other. What
// somebody made of a file since the update is named: it lies beside that file.
func end(ctx context.Context, d evolve.Deps, o *Options, how func(context.Context, string) (saved []string, err error), done string) error {
	if err := evolve.Recover(d, o.Dir); err != nil {
		return err
	}
	saved, err := how(ctx, o.Dir)
	if err != nil {
		return evolve.Failed(d, o.Dir, err)
	}
	if o.JSON {
		said := map[string]any{"applied": o.Continue, "aborted": o.Abort}
		if len(saved) > 0 {
			said["saved"] = saved
		}
		return d.IO.WriteJSON(said)
	}
	fmt.Fprintln(d.IO.Err, d.Text.T(done, terminal.Safe(evolve.Name(o.Dir))))
	if len(saved) > 0 {
		fmt.Fprintln(d.IO.Err, d.IO.Wrap(d.Text.T("update.aborted.saved", terminal.Safe(strings.Join(saved, ", "))), ""))
	}
	return nil
}
