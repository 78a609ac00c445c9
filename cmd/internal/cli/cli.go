// Package cli is the root of the command line: it chooses the language,
// builds the commands, prints errors and turns them into an exit code.
package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// Main runs the command with the given arguments (without the program name)
// and returns the exit code.
func Main(sys System, args []string) (code int) {
	catalogue := text.Load(language(args, sys.Env))
	defer func() {
		if cause := recover(); cause != nil {
			code = exitInternal
			fmt.Fprintln(sys.IO.Err, catalogue.T("error.bug", cause, sys.Version.Version))
			if has(args, "--debug") {
				fmt.Fprintf(sys.IO.Err, "\n%s", debug.Stack())
			}
		}
	}()
	ctx, stop := sys.Signals()
	defer stop()
	// A second Ctrl-C ends the process at once, whatever it is doing.
	context.AfterFunc(ctx, stop)

	root := newRoot(sys, catalogue)
	root.SetArgs(args)
	root.SetIn(sys.IO.In)
	root.SetOut(sys.IO.Out)
	root.SetErr(sys.IO.Err)
	err := wrongLanguage(args, catalogue)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	report(sys.IO, catalogue, sys.Version.Version, err)
	return exitCode(err)
}

// language looks for --lang before cobra does: the help texts themselves are
// in the language.
func language(args []string, env func(string) string) text.Language {
	if value, ok := flagValue(args, "--lang"); ok {
		l, _ := text.Parse(value)
		return l
	}
	return text.FromLocale(env)
}

func wrongLanguage(args []string, t *text.Catalogue) error {
	value, given := flagValue(args, "--lang")
	if _, known := text.Parse(value); given && !known {
		return failure.Usage{Text: t.T("usage.language", value), Hint: "fieldlab --help"}
	}
	return nil
}

// flagValue reads "--flag value" or "--flag=value"; the last one counts.
func flagValue(args []string, flag string) (value string, given bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if rest, ok := strings.CutPrefix(arg, flag+"="); ok {
			value, given = rest, true
		} else if arg == flag && i+1 < len(args) {
			value, given = args[i+1], true
		}
	}
	return value, given
}

func has(args []string, flag string) bool {
	for _, arg := range args {
		if arg == flag || arg == flag+"=true" {
			return true
		}
	}
	return false
}
