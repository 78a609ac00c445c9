package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// The exit codes; `fieldlab --help` explains them.
const (
	exitDone        = 0
	exitShortfall   = 1
	exitUsage       = 2
	exitInternal    = 70
	exitInterrupted = 130
)

// exitCode is the only place where an error becomes an exit code.
func exitCode(err error) int {
	var (
		usage       failure.Usage
		wrong       failure.Answers
		problems    problem.List
		one         problem.Problem
		shortfall   failure.Shortfall
		interrupted failure.Interrupted
		started     failure.Exit
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &started):
		return started.Code
	case errors.As(err, &interrupted), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage), errors.As(err, &wrong), errors.As(err, &problems), errors.As(err, &one):
		return exitUsage
	case errors.As(err, &shortfall), fromSystem(err):
		return exitShortfall
	default:
		return exitInternal
	}
}

// fromSystem says whether the system refused something, such as writing to a
// full disk: nothing is wrong with the command line or with fieldlab.
func fromSystem(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &call)
}

// report says on the error stream what went wrong, where, and what to type next.
func report(io *terminal.IO, t *text.Catalogue, version string, err error) {
	var (
		usage       failure.Usage
		wrong       failure.Answers
		problems    problem.List
		shortfall   failure.Shortfall
		interrupted failure.Interrupted
		started     failure.Exit
	)
	lang := string(t.Language())
	switch {
	case err == nil, errors.As(err, &started):
	case errors.As(err, &interrupted):
		fmt.Fprintln(io.Err, terminal.SafeLines(strings.TrimSpace(t.T("error.interrupted")+" "+interrupted.Text)))
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(io.Err, t.T("error.interrupted"))
	case errors.As(err, &wrong):
		if !wrong.Reported {
			_ = wrong.Problems.Format(io.Err, lang)
		}
		hint(io, t, wrong.Hint)
	case errors.As(err, &problems):
		_ = problems.Format(io.Err, lang)
	case errors.As(err, &usage):
		fmt.Fprintln(io.Err, io.Warn(t.T("error.prefix"))+" "+terminal.SafeLines(usage.Text))
		hint(io, t, usage.Hint)
	case errors.As(err, &shortfall):
		fmt.Fprintln(io.Err, io.Warn(t.T("error.prefix"))+" "+terminal.SafeLines(shortfall.Text))
		hint(io, t, shortfall.Hint)
	case fromSystem(err):
		fmt.Fprintln(io.Err, io.Warn(t.T("error.prefix"))+" "+terminal.Safe(err.Error()))
	default:
		fmt.Fprintln(io.Err, t.T("error.bug", terminal.Safe(err.Error()), version))
	}
}

// hint prints the next command.
func hint(io *terminal.IO, t *text.Catalogue, command string) {
	if command != "" {
		fmt.Fprintln(io.Err, t.T("error.try", terminal.Safe(command)))
	}
}
