// Package checkcmd is `fieldlab check`.
package checkcmd

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// Options are the arguments and flags.
type Options struct {
	Dirs []string
}

// New builds the command. A test gives runF to see the options.
func New(d evolve.Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{}
	cmd := &cobra.Command{
		Use:     d.Text.T("check.use"),
		Short:   d.Text.T("check.short"),
		Long:    d.Text.T("check.long"),
		Example: d.Text.T("check.example"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Dirs = args; len(args) == 0 {
				o.Dirs = []string{"."}
			}
			if runF != nil {
				return runF(o)
			}
			return run(cmd.Context(), d, o)
		},
	}
	return cmd
}

func run(ctx context.Context, d evolve.Deps, o *Options) error {
	fails := false
	for _, dir := range o.Dirs {
		result, err := look(ctx, d, dir)
		if err != nil {
			return err
		}
		fails = fails || result.Fails(check.Error)
		if err := verdict.Text(d.IO, d.Text, verdict.About{Now: d.Now()}, []*check.Result{result}, verdict.Options{}); err != nil {
			return err
		}
	}
	if fails {
		return failure.Shortfall{Text: d.Text.T("check.falls-short")}
	}
	return nil
}

// look looks at one folder.
func look(ctx context.Context, d evolve.Deps, dir string) (result *check.Result, err error) {
	name := dir
	if at, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(at)
	}
	r, err := check.Open(dir, name, nil)
	if err != nil {
		return nil, failure.Usage{Text: d.Text.T("check.no-folder", terminal.Safe(dir), answersfile.Reason(d.Text, err)), Hint: "fieldlab check --help"}
	}
	defer func() { _ = r.Close() }()
	err = d.IO.Working(ctx, d.Text.T("check.looking"), func(ctx context.Context) error {
		result, err = check.Run(ctx, r, rules.All())
		return err
	})
	return result, err
}
