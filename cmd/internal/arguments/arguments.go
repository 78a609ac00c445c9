// Package arguments checks the arguments of commands and says in the
// language of the person what is wrong with them.
package arguments

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Between accepts at least low and at most high arguments; high < 0 is no limit.
func Between(t *text.Catalogue, low, high int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < low:
			return failure.Usage{Text: t.T("usage.too-few", cmd.CommandPath()), Hint: help(cmd)}
		case high >= 0 && len(args) > high:
			return failure.Usage{Text: t.T("usage.too-many", args[high]), Hint: help(cmd)}
		}
		return nil
	}
}

// Subcommand refuses a word that is no subcommand and names the nearest one.
func Subcommand(t *text.Catalogue) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		words := t.T("usage.unknown-command", args[0], cmd.CommandPath())
		var names []string
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				names = append(names, sub.Name())
			}
		}
		if near := Nearest(args[0], names); near != "" {
			words += " " + t.T("usage.did-you-mean", near)
		}
		return failure.Usage{Text: words, Hint: help(cmd)}
	}
}

// Flag translates what pflag says about a wrong flag.
func Flag(t *text.Catalogue) func(*cobra.Command, error) error {
	return func(cmd *cobra.Command, err error) error {
		var (
			unknown *pflag.NotExistError
			missing *pflag.ValueRequiredError
			invalid *pflag.InvalidValueError
		)
		words := err.Error()
		switch {
		case errors.As(err, &unknown):
			name := unknown.GetSpecifiedName()
			words = t.T("usage.unknown-flag", dashes(name))
			if near := nearestFlag(cmd, name); near != "" {
				words += " " + t.T("usage.did-you-mean", "--"+near)
			}
		case errors.As(err, &missing):
			words = t.T("usage.flag-needs-value", dashes(missing.GetSpecifiedName()))
		case errors.As(err, &invalid):
			words = t.T("usage.flag-value", invalid.GetValue(), "--"+invalid.GetFlag().Name)
		}
		return failure.Usage{Text: words, Hint: help(cmd)}
	}
}

func help(cmd *cobra.Command) string { return cmd.CommandPath() + " --help" }

func dashes(name string) string {
	if len([]rune(name)) == 1 {
		return "-" + name
	}
	return "--" + name
}

// nearestFlag finds the flag that the person may have meant.
func nearestFlag(cmd *cobra.Command, name string) string {
	var names []string
	collect := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.Flags().VisitAll(collect)
	cmd.InheritedFlags().VisitAll(collect)
	return Nearest(name, names)
}

// Nearest returns the candidate that looks most like the word, or "" when
// nothing comes close.
func Nearest(word string, candidates []string) string {
	best, least := "", 3
	if len([]rune(word)) < 5 {
		least = 2
	}
	for _, candidate := range candidates {
		if d := problem.Distance(strings.ToLower(word), strings.ToLower(candidate)); d <= least && (d < least || best == "") {
			best, least = candidate, d
		}
	}
	if best == "" && len(word) >= 2 {
		for _, candidate := range candidates {
			if strings.HasPrefix(strings.ToLower(candidate), strings.ToLower(word)) {
				return candidate
			}
		}
	}
	return best
}

// Quoted writes an argument as a person would type it in a shell.
func Quoted(argument string) string {
	if strings.HasPrefix(argument, "-") {
		argument = "./" + argument // no option
	}
	unsafe := func(r rune) bool {
		return !(strings.ContainsRune(`/.-_\:=`, r) || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	}
	if argument != "" && !slices.ContainsFunc([]rune(argument), unsafe) {
		return argument
	}
	return "'" + strings.ReplaceAll(argument, "'", `'\''`) + "'"
}
