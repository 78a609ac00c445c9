package workshopcmd

import "github.com/spf13/cobra"

func newLint(d Deps) *cobra.Command { return &cobra.Command{Use: "lint", Hidden: true} }
