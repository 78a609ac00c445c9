// Package bundlecmd is `fieldlab bundle`: everything on a stick, for a room without
// network.
package bundlecmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/doctor"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// Options are the arguments and flags of `fieldlab bundle MAP`.
type Options struct {
	Dir        string
	Release    string
	GoDir      string
	GoDownload bool
	Systems    []string
	Workshop   string
	Warm       bool
	Replace    bool
	JSON       bool

	systems []bundle.System
}

// New builds the command.
func New(d evolve.Deps) *cobra.Command {
	cmd := newMake(d, nil)
	cmd.AddCommand(newVerify(d, nil), newUse(d, nil), newServe(d))
	return cmd
}

func newMake(d evolve.Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{}
	cmd := &cobra.Command{
		Use:     d.Text.T("bundle.use"),
		Short:   d.Text.T("bundle.short"),
		Long:    d.Text.T("bundle.long"),
		Example: d.Text.T("bundle.example"),
		Args:    arguments.Between(d.Text, 1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			if err := o.check(cmd, d); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return run(cmd.Context(), d, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Release, "release", "", d.Text.T("bundle.flag.release"))
	flags.StringVar(&o.GoDir, "go", "", d.Text.T("bundle.flag.go"))
	flags.BoolVar(&o.GoDownload, "go-download", false, d.Text.T("bundle.flag.go-download"))
	flags.StringSliceVar(&o.Systems, "systems", nil, d.Text.T("bundle.flag.systems"))
	flags.StringVar(&o.Workshop, "workshop", "", d.Text.T("bundle.flag.workshop"))
	flags.BoolVar(&o.Warm, "warm", false, d.Text.T("bundle.flag.warm"))
	flags.BoolVar(&o.Replace, "replace", false, d.Text.T("bundle.flag.replace"))
	flags.BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	for _, name := range []string{"release", "go", "workshop"} {
		_ = cmd.MarkFlagDirname(name)
	}
	_ = cmd.RegisterFlagCompletionFunc("systems", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return names(bundle.Systems()), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func names(systems []bundle.System) []string {
	all := make([]string, len(systems))
	for i, s := range systems {
		all[i] = s.String()
	}
	return all
}

// check refuses what cannot be meant: a system that does not exist, and a command
// with a typing mistake, which would become the name of a folder.
func (o *Options) check(cmd *cobra.Command, d evolve.Deps) error {
	var commands []string
	for _, sub := range cmd.Commands() {
		commands = append(commands, sub.Name())
	}
	if _, err := os.Lstat(o.Dir); err != nil && !strings.ContainsAny(o.Dir, `/\.:`) {
		if near := arguments.Nearest(o.Dir, commands); near != "" {
			return failure.Usage{Text: d.Text.T("bundle.no-command", terminal.Safe(o.Dir), near), Hint: "fieldlab bundle " + near}
		}
	}
	if strings.TrimSpace(o.Dir) == "" {
		return failure.Usage{Text: d.Text.T("usage.too-few", "fieldlab bundle"), Hint: "fieldlab bundle --help"}
	}
	for _, name := range o.Systems {
		s, known := bundle.ParseSystem(name)
		if !known {
			return failure.Usage{Text: d.Text.T("bundle.no-such-system", terminal.Safe(name), strings.Join(names(bundle.Systems()), ", ")), Hint: "fieldlab bundle --help"}
		}
		o.systems = append(o.systems, s)
	}
	if len(o.Systems) == 0 {
		o.systems = bundle.Systems()
	}
	return nil
}

func run(ctx context.Context, d evolve.Deps, o *Options) error {
	cache, err := cacheFolder(d)
	if err != nil {
		return err
	}
	made, err := bundle.Make(ctx, bundle.Request{
		Dir: o.Dir, Replace: o.Replace, Systems: o.systems, Release: o.Release, Clone: ".", Version: d.Version,
		GoDir: o.GoDir, GoDownload: o.GoDownload, Workshop: o.Workshop, Warm: o.Warm,
		Component: d.Pack, Documents: func() ([]bundle.Document, error) { return documents(d) }, Cache: cache, Say: say(d),
	})
	if err != nil {
		return failed(d, err)
	}
	if o.JSON {
		return d.IO.WriteJSON(made)
	}
	tell(d, o, made)
	return nil
}

// tell says what was made, what is not in it, and what to do next.
func tell(d evolve.Deps, o *Options, made bundle.Result) {
	fmt.Fprintln(d.IO.Err, d.IO.Good(d.Text.T("bundle.made", terminal.Safe(o.Dir), made.Files, made.Bytes>>20, made.Mark)))
	if len(made.Downloads) > 0 {
		fmt.Fprintln(d.IO.Err, "\n"+d.IO.Wrap(d.Text.T("bundle.missing"), ""))
		for _, one := range made.Downloads {
			fmt.Fprintln(d.IO.Err, "  "+one.Address)
		}
	}
	if len(made.Unchecked) > 0 {
		fmt.Fprintln(d.IO.Err, "\n"+d.IO.Wrap(d.Text.T("bundle.unchecked", strings.Join(made.Unchecked, ", ")), ""))
	}
	if count, mended, date := doctor.Faults(made.Go); count > 0 {
		fmt.Fprintln(d.IO.Err, "\n"+d.IO.Wrap(d.Text.T("bundle.faults", made.Go, count, date, mended), ""))
	}
	fmt.Fprintf(d.IO.Err, "\n%s\n\n  %s\n  %s\n", d.Text.T("bundle.next"),
		"fieldlab bundle verify "+arguments.Quoted(o.Dir), filepath.Join(o.Dir, bundle.ReadMe))
}

// say tells what is being done, one line a step.
func say(d evolve.Deps) func(string, string) {
	return func(step, about string) {
		words := d.Text.T("bundle.step." + step)
		if about != "" {
			words = d.Text.T("bundle.step."+step, terminal.Safe(about))
		}
		fmt.Fprintln(d.IO.Err, d.IO.Faint(words))
	}
}

// cacheFolder is where fieldlab keeps what can be had again, of this person.
func cacheFolder(d evolve.Deps) (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", failure.Shortfall{Text: d.Text.T("bundle.no-cache", err)}
	}
	return filepath.Join(dir, "fieldlab"), nil
}

// failed turns what package bundle says into words.
func failed(d evolve.Deps, err error) error {
	var known *bundle.Error
	if !errors.As(err, &known) {
		return err
	}
	args := make([]any, len(known.Args))
	for i, arg := range known.Args {
		args[i] = arg
		if words, is := arg.(string); is {
			args[i] = brief(terminal.Safe(words))
		}
	}
	words := d.Text.T(known.Key, args...)
	if known.Usage {
		return failure.Usage{Text: words, Hint: known.Hint}
	}
	return failure.Shortfall{Text: words, Hint: known.Hint}
}

// brief is a value of a message: what comes from elsewhere, such as the page of a
// network that wants a password first, may be megabytes on one line. A path fits.
func brief(words string) string {
	const most = 600
	if characters := []rune(words); len(characters) > most {
		return string(characters[:most]) + "…"
	}
	return words
}
