// Package bundlecmd is `fieldlab bundle`.
package bundlecmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
)

// New builds the command.
func New(d evolve.Deps) *cobra.Command {
	cmd := &cobra.Command{Use: "bundle", Hidden: true}
	cmd.AddCommand(newServe(d))
	return cmd
}
