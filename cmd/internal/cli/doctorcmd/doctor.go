// Package doctorcmd is `fieldlab doctor`.
package doctorcmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
)

// New builds the command.
func New(d evolve.Deps) *cobra.Command { return &cobra.Command{Use: "doctor", Hidden: true} }
