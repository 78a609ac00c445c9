package workshopcmd

import "github.com/spf13/cobra"

func newBoard(d Deps) *cobra.Command { return &cobra.Command{Use: "board", Hidden: true} }
