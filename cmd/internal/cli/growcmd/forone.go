package growcmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// ForOne builds a command about one thing that is there: its kind and name are the
// first arguments, of which there are most at the most. Of gets the entity of a field.
func ForOne(d Deps, cmd *cobra.Command, most int, o *Options, of *string, run func(ctx context.Context, args []string) error) *cobra.Command {
	cmd.Args = arguments.Between(d.Text, 0, most)
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		return CompleteRef(d, cmd, args)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o.Command, o.Whole = cmd.CommandPath(), Typed(cmd, args)
		return run(cmd.Context(), args)
	}
	cmd.Flags().StringVar(of, "of", "", d.Text.T("grow.flag.of"))
	_ = cmd.RegisterFlagCompletionFunc("of", Completion(d, grow.Entity))
	return cmd
}
