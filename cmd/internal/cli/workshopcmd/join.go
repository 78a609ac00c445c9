package workshopcmd

import "github.com/spf13/cobra"

func newJoin(d Deps) *cobra.Command { return &cobra.Command{Use: "join", Hidden: true} }
