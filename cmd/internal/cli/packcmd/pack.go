// Package packcmd is `fieldlab pack`: a pack of one's own, which lies over the
// built-in templates. It makes one, judges one, and says what one does.
package packcmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
)

// New builds the command.
func New(d evolve.Deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "pack",
		Short:   d.Text.T("pack.short"),
		Long:    d.Text.T("pack.long"),
		Example: d.Text.T("pack.example"),
		Args:    arguments.Subcommand(d.Text),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newNew(d, nil), newCheck(d, nil), newShow(d, nil))
	return cmd
}

// folders completes an argument that is a folder.
func folders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}
