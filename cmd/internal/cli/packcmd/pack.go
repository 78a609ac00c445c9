// Package packcmd is `fieldlab pack`.
package packcmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
)

// New builds the command.
func New(d evolve.Deps) *cobra.Command { return &cobra.Command{Use: "pack", Hidden: true} }
