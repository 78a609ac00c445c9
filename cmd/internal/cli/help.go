package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// printHelp writes the help of a command. It replaces cobra's own, which
// speaks English only.
func printHelp(w io.Writer, t *text.Catalogue, cmd *cobra.Command) {
	about := cmd.Long
	if about == "" {
		about = cmd.Short
	}
	fmt.Fprintf(w, "%s\n\n", about)
	printUsage(w, t, cmd)
	if cmd.Example != "" {
		fmt.Fprintf(w, "\n%s\n%s\n", t.T("help.examples"), indent(cmd.Example))
	}
	printCommands(w, t, cmd)
	printFlags(w, t, t.T("help.flags"), cmd.LocalNonPersistentFlags())
	global := pflag.NewFlagSet("", pflag.ContinueOnError)
	global.AddFlagSet(cmd.InheritedFlags())
	global.AddFlagSet(cmd.PersistentFlags())
	printFlags(w, t, t.T("help.global"), global)
	if !cmd.HasParent() {
		fmt.Fprintf(w, "\n%s\n%s\n", t.T("help.exit-codes"), indent(t.T("help.exit-code-list")))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n%s\n", t.T("help.more", cmd.CommandPath()))
	}
}

// printUsage writes how to call the command.
func printUsage(w io.Writer, t *text.Catalogue, cmd *cobra.Command) {
	fmt.Fprintf(w, "%s\n", t.T("help.usage"))
	for _, line := range usageLines(t, cmd) {
		fmt.Fprintf(w, "  %s\n", line)
	}
}

// usageLines are the ways to call the command: two when it does something by
// itself and has commands below it as well.
func usageLines(t *text.Catalogue, cmd *cobra.Command) (lines []string) {
	line := cmd.CommandPath()
	_, arguments, itself := strings.Cut(cmd.Use, " ")
	if itself {
		line += " " + arguments
	}
	if itself && cmd.HasAvailableSubCommands() {
		lines = append(lines, line+" "+t.T("help.options"))
		line = cmd.CommandPath()
	}
	if cmd.HasAvailableSubCommands() {
		line += " " + t.T("help.command")
	}
	if cmd.HasAvailableLocalFlags() {
		line += " " + t.T("help.options")
	}
	return append(lines, line)
}

func printCommands(w io.Writer, t *text.Catalogue, cmd *cobra.Command) {
	width := 0
	for _, sub := range cmd.Commands() {
		width = max(width, len(sub.Name()))
	}
	header := false
	for _, sub := range cmd.Commands() {
		if !sub.IsAvailableCommand() && sub.Name() != "help" {
			continue
		}
		if !header {
			fmt.Fprintf(w, "\n%s\n", t.T("help.commands"))
			header = true
		}
		fmt.Fprintf(w, "  %-*s  %s\n", width, sub.Name(), sub.Short)
	}
}

// helpWidth is where help texts break; most terminals are at least this wide.
const helpWidth = 98

// printFlags writes the flags. What pflag says of a default is English.
func printFlags(w io.Writer, t *text.Catalogue, title string, flags *pflag.FlagSet) {
	if flags.HasAvailableFlags() {
		usages := strings.ReplaceAll(flags.FlagUsagesWrapped(helpWidth), "(default", "("+t.T("help.default"))
		fmt.Fprintf(w, "\n%s\n%s", title, usages)
	}
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n  "), "\n  \n", "\n\n")
}
