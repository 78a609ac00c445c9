package workshopcmd

import "github.com/spf13/cobra"

func newCheck(d Deps) *cobra.Command { return &cobra.Command{Use: "check", Hidden: true} }
