// Package newcmd is `fieldlab new`: it gets the answers, from questions, a
// file or defaults, and makes the component.
package newcmd

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// Deps is what the command needs.
type Deps struct {
	IO        *terminal.IO
	Text      *text.Catalogue
	Pack      fs.FS
	Version   string
	Env       func(string) string
	Now       func() time.Time
	ConfigDir func() (string, error)
}

// Options are the arguments and flags.
type Options struct {
	Dir      string // "" is the name of the component
	Answers  string // a file, - is standard input
	Set      []string
	Defaults bool
	Into     bool // also a clone in which a forge put files
	DryRun   bool
	NoGit    bool
	JSON     bool
	Pack     string // folder of an own pack
}

// New builds the command. A test gives runF to see the options.
func New(d Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{}
	cmd := &cobra.Command{
		Use:     d.Text.T("new.use"),
		Short:   d.Text.T("new.short"),
		Long:    d.Text.T("new.long"),
		Example: d.Text.T("new.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if cmd.Flags().Changed("pack") && o.Pack == "" {
				return failure.Usage{Text: d.Text.T("pack.empty"), Hint: "fieldlab new --help"}
			}
			if err := o.check(d, cmd.Flags().Changed("answers"), len(args) > 0); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return run(cmd.Context(), d, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Answers, "answers", "", d.Text.T("new.flag.answers"))
	flags.StringArrayVar(&o.Set, "set", nil, d.Text.T("new.flag.set"))
	flags.BoolVar(&o.Defaults, "defaults", false, d.Text.T("new.flag.defaults"))
	flags.StringVar(&o.Pack, "pack", "", d.Text.T("new.flag.pack"))
	flags.BoolVar(&o.DryRun, "dry-run", false, d.Text.T("new.flag.dry-run"))
	flags.BoolVar(&o.Into, "into", false, d.Text.T("new.flag.into"))
	flags.BoolVar(&o.NoGit, "no-git", false, d.Text.T("new.flag.no-git"))
	flags.BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	_ = cmd.RegisterFlagCompletionFunc("pack", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	return cmd
}

// check refuses what cannot go together, before anything is done.
func (o *Options) check(d Deps, answersGiven, dirGiven bool) error {
	usage := func(key string) error {
		return failure.Usage{Text: d.Text.T(key), Hint: "fieldlab new --help"}
	}
	switch {
	case answersGiven && o.Answers == "":
		return usage("new.answers-empty")
	case dirGiven && o.Dir == "":
		return usage("new.dir-empty")
	case answersGiven && o.Defaults:
		return usage("new.answers-and-defaults")
	case answersGiven || o.Defaults:
		return nil
	case !d.IO.CanAsk():
		return failure.Usage{Text: d.Text.T("new.no-terminal"), Hint: d.Text.T("new.no-terminal-hint")}
	case slices.ContainsFunc(o.Set, listed):
		return usage("new.set-in-list") // the questions build up the lists
	}
	return nil
}

func run(ctx context.Context, d Deps, o *Options) error {
	if o.Dir != "" && !o.DryRun {
		if err := free(d, o); err != nil {
			return err
		}
	}
	own, err := ownPack(d, o) // before anybody answers a question
	if err != nil {
		return err
	}
	in, err := input(ctx, d, o, own)
	if err != nil {
		return err
	}
	defer in.close()
	if o.DryRun {
		return dryRun(d, o, in)
	}
	return generate(ctx, d, o, in)
}
