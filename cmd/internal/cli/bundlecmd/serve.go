package bundlecmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
)

func newServe(d evolve.Deps) *cobra.Command { return &cobra.Command{Use: "serve", Hidden: true} }
