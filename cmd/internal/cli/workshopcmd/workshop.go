// Package workshopcmd is `fieldlab workshop`: many teams at once, and the course
// that they follow.
package workshopcmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
)

// Deps is what the commands need.
type Deps struct {
	evolve.Deps

	// Fieldlab runs a command of fieldlab itself, such as add field, on the component
	// in dir, and gives what it said: how a recipe of a course is followed.
	Fieldlab func(ctx context.Context, dir string, args []string) (said string, err error)
}

// New builds the command.
func New(d Deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "workshop",
		Short:   d.Text.T("workshop.short"),
		Long:    d.Text.T("workshop.long"),
		Example: d.Text.T("workshop.example"),
		Args:    arguments.Subcommand(d.Text),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newNew(d), newStatus(d), newCollect(d), newBoard(d), newLint(d), // of the trainer
		newStep(d), newCheck(d), newHint(d), newJoin(d), newCatchUp(d), newReset(d), // of a team
	)
	return cmd
}
