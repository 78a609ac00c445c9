// Package kerncmd is `fieldlab kern`: what a team does with the machinery of a
// component. It says what was edited, and makes a package the team's own.
package kerncmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
)

// New builds the command.
func New(d evolve.Deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "kern",
		Short:   d.Text.T("kern.short"),
		Long:    d.Text.T("kern.long"),
		Example: d.Text.T("kern.example"),
		Args:    arguments.Subcommand(d.Text),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTake(d, nil), newStatus(d, nil))
	return cmd
}
