package workshopcmd

import "github.com/spf13/cobra"

func newReset(d Deps) *cobra.Command { return &cobra.Command{Use: "reset", Hidden: true} }
