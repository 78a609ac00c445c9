package workshopcmd

import "github.com/spf13/cobra"

func newStatus(d Deps) *cobra.Command { return &cobra.Command{Use: "status", Hidden: true} }
