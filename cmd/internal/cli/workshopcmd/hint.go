package workshopcmd

import "github.com/spf13/cobra"

func newHint(d Deps) *cobra.Command { return &cobra.Command{Use: "hint", Hidden: true} }
