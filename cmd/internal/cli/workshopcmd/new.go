package workshopcmd

import "github.com/spf13/cobra"

func newNew(d Deps) *cobra.Command { return &cobra.Command{Use: "new", Hidden: true} }
