package workshopcmd

import "github.com/spf13/cobra"

func newCollect(d Deps) *cobra.Command { return &cobra.Command{Use: "collect", Hidden: true} }
