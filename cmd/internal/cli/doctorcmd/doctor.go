// Package doctorcmd is `fieldlab doctor`.
package doctorcmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/doctor"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// Deps is what the command needs.
type Deps struct {
	evolve.Deps
	Released string // day on which this fieldlab was made, as the linker has it; may be ""

	// World is the laptop that is looked at; nil is this one. A test brings its own.
	World *doctor.World
}

// Options are the arguments and flags.
type Options struct {
	Dir   string
	Build bool
	JSON  bool
}

// New builds the command. A test gives runF to see the options.
func New(d Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{Dir: "."}
	cmd := &cobra.Command{
		Use:     d.Text.T("doctor.use"),
		Short:   d.Text.T("doctor.short"),
		Long:    d.Text.T("doctor.long"),
		Example: d.Text.T("doctor.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if o.Dir == "" {
				return failure.Usage{Text: d.Text.T("new.dir-empty"), Hint: "fieldlab doctor --help"}
			}
			if runF != nil {
				return runF(o)
			}
			return run(cmd.Context(), d, o)
		},
	}
	cmd.Flags().BoolVar(&o.Build, "build", false, d.Text.T("doctor.flag.build"))
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

func run(ctx context.Context, d Deps, o *Options) error {
	w, done, err := world(d, o.Dir)
	if err != nil {
		return err
	}
	defer done()
	var found []doctor.Finding
	if o.Build {
		// First, because it fetches the modules that the checks look for.
		proved, err := doctor.Prove(ctx, w, trial(ctx, d, w))
		if err != nil {
			return err
		}
		found = append(found, proved)
	}
	err = d.IO.Working(ctx, d.Text.T("doctor.looking"), func(ctx context.Context) error {
		found = append(found, doctor.Look(ctx, w)...)
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	doctor.Sort(found)
	if o.JSON {
		err = d.IO.WriteJSON(report(d, w, found))
	} else {
		tell(onPaper(d), o, found)
	}
	if err != nil || doctor.Ready(found) {
		return err
	}
	return failure.Shortfall{Text: d.Text.T("doctor.not-ready")}
}

// world is the laptop, with the folder that it is about.
func world(d Deps, dir string) (w *doctor.World, done func(), err error) {
	if w = d.World; w == nil {
		w = doctor.This(d.Env)
	}
	w.Now, w.Pack, w.Version, w.Released = d.Now, d.Pack, d.Version, day(d.Released)
	if w.Dir != "" {
		return w, func() {}, nil // of a test
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, nil, failure.Usage{Text: d.Text.T("doctor.no-folder", terminal.Safe(dir), d.Text.T("reason.not-folder")), Hint: "fieldlab doctor --help"}
	}
	files, closer, err := doctor.Folder(dir)
	if err != nil {
		return nil, nil, failure.Usage{Text: d.Text.T("doctor.no-folder", terminal.Safe(dir), answersfile.Reason(d.Text, err)), Hint: "fieldlab doctor --help"}
	}
	if w.Dir, err = filepath.Abs(dir); err != nil {
		_ = closer.Close()
		return nil, nil, err
	}
	w.Component = files
	return w, func() { _ = closer.Close() }, nil
}

// day reads the moment that the linker or Git gives.
func day(text string) time.Time {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if moment, err := time.Parse(form, text); err == nil {
			return moment
		}
	}
	return time.Time{}
}

// example is the case with which --build proves it.
const example = "verhuizing"

func trial(ctx context.Context, d Deps, w *doctor.World) doctor.Trial {
	body, _ := examples.Answers(example)
	document, _ := answers.Parse(answers.FileName, body)
	return doctor.Trial{
		Words: document.Answers.Component.Title,
		Generate: func(ctx context.Context, dir string) error {
			_, err := generator.Generate(ctx, generator.Request{
				Document: document, Pack: d.Pack, Version: d.Version, Dir: dir, NoGit: true, Env: d.Env, Now: d.Now,
			})
			return err
		},
		Doing: func(step string, work func(context.Context) error) error {
			return d.IO.Working(ctx, d.Text.T("doctor.step."+step), work)
		},
	}
}

// Report is what --json gives.
type Report struct {
	Ready    bool          `json:"ready"`
	System   string        `json:"system"`
	Dir      string        `json:"dir"`
	Fieldlab string        `json:"fieldlab"`
	Findings []doctor.Said `json:"findings"`
}

func report(d Deps, w *doctor.World, found []doctor.Finding) Report {
	r := Report{Ready: doctor.Ready(found), System: w.OS + "/" + w.Arch, Dir: w.Dir, Fieldlab: d.Version, Findings: []doctor.Said{}}
	for _, f := range found {
		r.Findings = append(r.Findings, f.Say(d.Text))
	}
	return r
}

// onPaper takes the colours away where the output does not go to a screen.
func onPaper(d Deps) Deps {
	if !d.IO.OutTerminal {
		plain := *d.IO
		plain.MakePlain()
		d.IO = &plain
	}
	return d
}

// tell says it to a person: what needs somebody in full, the rest in a line.
func tell(d Deps, o *Options, found []doctor.Finding) {
	say := func(words string) { fmt.Fprintln(d.IO.Out, words) }
	counts := map[doctor.State]int{}
	about := ""
	for _, f := range found {
		counts[f.State]++
		if f.Part == doctor.Component {
			about = "-component"
		}
	}
	say(d.IO.Bold(headline(d, counts, about)))
	lines := false
	for _, f := range found {
		if f.State == doctor.Wrong || f.State == doctor.Mind {
			say("")
			show(d, f.State, f.Say(d.Text))
			lines = lines || f.Line != ""
		}
	}
	say("")
	unseen(d, found)
	fine(d, found)
	if lines && o.Dir != "." {
		say("\n" + d.IO.Wrap(d.Text.T("doctor.type-there", terminal.Safe(o.Dir)), ""))
	}
	if !o.Build && counts[doctor.Wrong] == 0 {
		say("\n" + d.Text.T("doctor.prove"))
	}
}
