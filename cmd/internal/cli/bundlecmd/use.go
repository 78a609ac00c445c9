package bundlecmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// UseOptions are the arguments of use.
type UseOptions struct {
	Where   string   // "" is the bundle that was used last
	Command []string // none opens a shell
}

func newUse(d evolve.Deps, runF func(*UseOptions) error) *cobra.Command {
	o := &UseOptions{}
	return &cobra.Command{
		Use:     d.Text.T("bundle.use.use"),
		Short:   d.Text.T("bundle.use.short"),
		Long:    d.Text.T("bundle.use.long"),
		Example: d.Text.T("bundle.use.example"),
		Args: func(cmd *cobra.Command, args []string) error {
			at := cmd.ArgsLenAtDash()
			if at < 0 {
				at = len(args)
			}
			return arguments.Between(d.Text, 0, 1)(cmd, args[:at])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			at := cmd.ArgsLenAtDash()
			if at < 0 {
				at = len(args)
			}
			o.Where, o.Command = strings.Join(args[:at], ""), args[at:]
			if runF != nil {
				return runF(o)
			}
			return use(cmd.Context(), d, o)
		},
	}
}

func use(ctx context.Context, d evolve.Deps, o *UseOptions) error {
	cache, err := cacheFolder(d)
	if err != nil {
		return err
	}
	if o.Where == "" {
		if o.Where = bundle.Latest(cache); o.Where == "" {
			return failure.Usage{Text: d.Text.T("bundle.use.none"), Hint: "fieldlab bundle use --help"}
		}
	}
	system := bundle.System{OS: runtime.GOOS, Arch: runtime.GOARCH}
	ready, err := bundle.Prepare(ctx, bundle.UseRequest{Where: o.Where, Cache: cache, System: system, Say: say(d)})
	if err != nil {
		return failed(d, err)
	}
	environ, err := ready.Environ(os.Environ(), system)
	if err != nil {
		return failed(d, err)
	}
	if len(o.Command) > 0 {
		command := program(ready, o.Command)
		command.Env = environ
		return wait(d, command)
	}
	return open(d, o, ready, environ, cache, system)
}

// program finds a command where the shell of the bundle would find it.
func program(ready bundle.Ready, words []string) *exec.Cmd {
	name := words[0]
	if !strings.ContainsAny(name, `/\`) {
		for _, dir := range ready.Path {
			if found, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				name = found
				break
			}
		}
	}
	// #nosec G204 -- What the person typed; it ends when it ends.
	return exec.Command(name, words[1:]...) //nolint:noctx // see above
}

// open starts the shell of the person, in a folder of the person: on the stick is
// no place to work.
func open(d evolve.Deps, o *UseOptions, ready bundle.Ready, environ []string, cache string, s bundle.System) error {
	shell, err := bundle.ShellOf(d.Env, cache, s, ready.Path)
	if err != nil {
		return failed(d, err)
	}
	// #nosec G204 -- The shell of the person.
	command := exec.Command(shell.Args[0], shell.Args[1:]...) //nolint:noctx // see above
	command.Env = append(environ, shell.Env...)
	if home, err := os.UserHomeDir(); err == nil && within(o.Where) {
		command.Dir = home
	}
	fmt.Fprintln(d.IO.Err, d.IO.Good(d.Text.T("bundle.use.ready", ready.Manifest.Fieldlab, goOf(ready), ready.Mark)))
	fmt.Fprintln(d.IO.Err, d.IO.Wrap(d.Text.T(nextOf(ready)), ""))
	again := filepath.Join(ready.Path[0], "fieldlab")
	fmt.Fprintf(d.IO.Err, "%s\n  %s bundle use\n", d.Text.T("bundle.use.again"), quoted(again, s))
	err = wait(d, command)
	var ended failure.Exit
	if errors.As(err, &ended) {
		return nil // a shell gives the code of the last command in it, whatever that was
	}
	return err
}

// nextOf is what to begin with: with its own component, when the trainer made one
// for every team, and not with another.
func nextOf(ready bundle.Ready) string {
	if ready.Manifest.HasTeams() {
		return "bundle.use.next-team"
	}
	return "bundle.use.next"
}

// quoted is a program as somebody types it in the shell of a system.
func quoted(program string, s bundle.System) string {
	if s.OS == "windows" {
		return `"` + program + `"`
	}
	return arguments.Quoted(program)
}

func goOf(ready bundle.Ready) string {
	if ready.OwnGo != "" {
		return ready.OwnGo
	}
	return ready.Manifest.Go
}

// within says whether somebody stands in the bundle.
func within(where string) bool {
	folder, err := filepath.EvalSymlinks(where)
	if err != nil {
		return false // an address
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return false
	}
	here, err := os.Getwd()
	if err != nil {
		return true
	}
	if real, err := filepath.EvalSymlinks(here); err == nil {
		here = real
	}
	rest, err := filepath.Rel(folder, here)
	return err == nil && rest != ".." && !strings.HasPrefix(rest, ".."+string(filepath.Separator))
}

// wait runs a program with the streams of this one, and gives its exit code. Ctrl-C
// is for that program; this one waits, whatever it does with it.
func wait(d evolve.Deps, command *exec.Cmd) error {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	command.Stdin, command.Stdout, command.Stderr = d.IO.In, d.IO.Out, d.IO.Err
	err := command.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ended):
		if code := ended.ExitCode(); code > 0 {
			return failure.Exit{Code: code}
		}
		return failure.Exit{Code: 1} // a signal ended it
	}
	return failure.Usage{Text: d.Text.T("bundle.use.no-command", terminal.Safe(filepath.Base(command.Path)), err)}
}
