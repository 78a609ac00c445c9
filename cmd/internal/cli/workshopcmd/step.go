package workshopcmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// stepOptions are the flags of step.
type stepOptions struct {
	Dir   string
	Begin bool
}

func newStep(d Deps) *cobra.Command { return newStepWith(d, nil) }

// newStepWith builds the command. A test gives runF to see the options.
func newStepWith(d Deps, runF func(*stepOptions, []string) error) *cobra.Command {
	o := &stepOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("course.step.use"),
		Short:   d.Text.T("course.step.short"),
		Long:    d.Text.T("course.step.long"),
		Example: d.Text.T("course.step.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			if runF != nil {
				return runF(o, args)
			}
			return step(d, o, args)
		},
	}
	cmd.Flags().BoolVar(&o.Begin, "begin", false, d.Text.T("course.step.flag.begin"))
	atFlags(cmd, d, &o.Dir)
	return cmd
}

func step(d Deps, o *stepOptions, args []string) error {
	f, s, err := followStep(d, o.Dir, args)
	if err != nil {
		return err
	}
	switch {
	case o.Begin && s == nil:
		return failure.Shortfall{Text: d.Text.T("course.step.all-done"), Hint: "fieldlab workshop step"}
	case o.Begin:
		return f.begin(d, s)
	case len(args) > 0:
		f.show(d, s)
	default:
		f.list(d, s)
	}
	return nil
}

// list says where the team is.
func (f *following) list(d Deps, now *course.Step) {
	say := func(words string) { fmt.Fprintln(d.IO.Out, words) }
	say(d.Text.T("course.step.head", terminal.Safe(f.Course.Title), terminal.Safe(f.Mine.Team.Name)) + "\n")
	for _, s := range f.path {
		mark, words := " ", d.Text.T("course.step.row", fmt.Sprintf("%2d", s.Number), terminal.Safe(s.Title), s.ID)
		switch {
		case s == now:
			mark = ">"
		case f.Progress.Steps[s.ID].CaughtUp:
			mark, words = "x", words+" "+d.Text.T("course.step.caught-up")
		case f.done(s):
			mark = "x"
		}
		say(fmt.Sprintf("  [%s] %s", mark, words))
	}
	if now == nil {
		say("\n" + d.Text.T("course.step.all-done"))
		return
	}
	say("\n" + d.Text.T("course.step.now", terminal.Safe(f.words().Fill(now.Goal))))
	say("\n  fieldlab workshop step " + now.ID)
}

// show shows what a step asks.
func (f *following) show(d Deps, s *course.Step) {
	say := func(words string) { fmt.Fprintln(d.IO.Out, words) }
	words := f.words()
	say(d.IO.Bold(d.Text.T("course.step.title", s.Number, terminal.Safe(s.Title))))
	say(d.IO.Wrap(d.Text.T("course.step.goal", terminal.Safe(words.Fill(s.Goal)), s.Minutes), ""))
	say("\n" + markdown(d.IO, words.Fill(string(s.Do))))
	say("\n" + d.Text.T("course.step.checks"))
	done := f.Progress.Steps[s.ID]
	for _, c := range s.Checks {
		mark := " "
		if _, seen := done.Checks[c.Name]; seen || !done.At.IsZero() {
			mark = "x"
		}
		say(fmt.Sprintf("  [%s] %s", mark, terminal.Safe(words.Fill(c.Name))))
	}
	say("\n" + d.Text.T("course.step.how"))
}

// begin notes that a step is begun, and plants its mistake when it has one.
func (f *following) begin(d Deps, s *course.Step) error {
	planted := false
	if s.Plant != nil {
		var err error
		if err = f.clean(d, s); err != nil {
			return err
		}
		if planted, err = s.PutPlant(f.Dir); err != nil {
			return f.notPlanted(d, s, err)
		}
	}
	f.Progress.Begun = s.ID
	done := f.Progress.Steps[s.ID]
	if planted {
		done = workshop.Done{} // there is something to find again
	}
	f.Progress.Steps[s.ID] = done
	if err := f.Save(); err != nil {
		return notSaved(d, err)
	}
	fmt.Fprintln(d.IO.Err, d.Text.T("course.begin.done", s.Number, terminal.Safe(s.Title)))
	if planted {
		fmt.Fprintln(d.IO.Err, d.IO.Wrap(d.Text.T("course.begin.planted"), ""))
	}
	return nil
}

// clean refuses to touch a file that holds edits which are in no commit: they would
// be hard to tell from the mistake.
func (f *following) clean(d Deps, s *course.Step) error {
	work, err := repository.Open(f.Dir)
	if err != nil {
		return nil // without a repository there is nothing to compare with
	}
	defer work.Close()
	names, err := work.Uncommitted(1, func(name string) bool { return !within(s.Plant.File, name) })
	if err != nil || len(names) == 0 {
		return nil
	}
	if s.Planted(f.Dir) {
		return nil // that is the edit
	}
	return failure.Shortfall{Text: d.Text.T("course.begin.uncommitted", names[0]), Hint: "git add --all && git commit"}
}

// within says whether name is a file or a folder that it is in.
func within(file, name string) bool {
	return file == name || len(file) > len(name) && file[:len(name)] == name && file[len(name)] == '/'
}

func (f *following) notPlanted(d Deps, s *course.Step, err error) error {
	var edit course.EditError
	if errors.As(err, &edit) {
		hint := "git log --oneline -- " + s.Plant.File
		for i, other := range f.path {
			if other == s && i > 0 {
				hint = "fieldlab workshop catch-up " + f.path[i-1].ID
			}
		}
		return failure.Shortfall{Text: d.Text.T("course.begin.no-place", s.Plant.File), Hint: hint}
	}
	return failure.Shortfall{Text: d.Text.T("course.begin.failed", s.Plant.File, short(err.Error()))}
}

// notSaved says why the progress could not be written.
func notSaved(d Deps, err error) error {
	var damaged workshop.Damaged
	if errors.As(err, &damaged) {
		return failure.Shortfall{Text: damagedText(d, damaged)}
	}
	if fromSystem(err) {
		return failure.Shortfall{Text: d.Text.T("course.not-saved", answersfile.Reason(d.Text, err))}
	}
	return err
}
