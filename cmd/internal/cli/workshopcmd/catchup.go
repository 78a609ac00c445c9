package workshopcmd

import "github.com/spf13/cobra"

func newCatchUp(d Deps) *cobra.Command { return &cobra.Command{Use: "catch-up", Hidden: true} }
