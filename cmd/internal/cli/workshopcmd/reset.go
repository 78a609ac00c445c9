package workshopcmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
)

func newReset(d Deps) *cobra.Command {
	o := &backOptions{}
	cmd := &cobra.Command{
		Use:     "reset",
		Short:   d.Text.T("workshop.reset.short"),
		Long:    d.Text.T("workshop.reset.long"),
		Example: d.Text.T("workshop.reset.example"),
		Args:    arguments.Between(d.Text, 0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return runBack(cmd.Context(), d, o) },
	}
	backFlags(cmd, d, o)
	return cmd
}
