package workshopcmd

import "github.com/spf13/cobra"

func newStep(d Deps) *cobra.Command { return &cobra.Command{Use: "step", Hidden: true} }
