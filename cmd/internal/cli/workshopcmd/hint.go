package workshopcmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// hintOptions are the flags of hint.
type hintOptions struct {
	Dir     string
	Trainer bool
}

func newHint(d Deps) *cobra.Command { return newHintWith(d, nil) }

// newHintWith builds the command. A test gives runF to see the options.
func newHintWith(d Deps, runF func(*hintOptions, []string) error) *cobra.Command {
	o := &hintOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("course.hint.use"),
		Short:   d.Text.T("course.hint.short"),
		Long:    d.Text.T("course.hint.long"),
		Example: d.Text.T("course.hint.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if runF != nil {
				return runF(o, args)
			}
			return hint(cmd.Context(), d, o, args)
		},
	}
	cmd.Flags().BoolVar(&o.Trainer, "trainer", false, d.Text.T("course.hint.flag.trainer"))
	atFlags(cmd, d, &o.Dir)
	return cmd
}

func hint(ctx context.Context, d Deps, o *hintOptions, args []string) error {
	f, s, err := followStep(d, o.Dir, args)
	if err != nil {
		return err
	}
	if s == nil {
		if !o.Trainer {
			fmt.Fprintln(d.IO.Out, d.Text.T("course.step.all-done"))
			return nil
		}
		s = f.path[len(f.path)-1]
	}
	if o.Trainer {
		return f.askTrainer(ctx, d, s)
	}
	fmt.Fprintln(d.IO.Out, d.IO.Bold(d.Text.T("course.hint.title", s.Number, terminal.Safe(s.Title))))
	fmt.Fprintln(d.IO.Out, "\n"+markdown(d.IO, f.words().Fill(string(s.Hint))))
	return nil
}

// askTrainer shows on the board that the team wants help.
func (f *following) askTrainer(ctx context.Context, d Deps, s *course.Step) error {
	joined, is := serve.ReadJoined(f.Dir)
	if !is {
		return failure.Shortfall{Text: d.Text.T("course.hint.not-joined"), Hint: d.Text.T("course.hint.join")}
	}
	r := f.report(ctx, joined, s, s.Look(ctx, f.place(s, "")))
	r.Help = true
	err := d.IO.Working(ctx, d.Text.T("course.hint.working"), func(ctx context.Context) error { return serve.Send(ctx, joined.Address, r) })
	if err != nil {
		return failure.Shortfall{Text: refusalText(d, err), Hint: d.Text.T("course.hint.call")}
	}
	fmt.Fprintln(d.IO.Err, d.Text.T("course.hint.asked"))
	return nil
}

// report is what the board gets to see: names of checks, and whether they are done.
func (f *following) report(ctx context.Context, joined serve.Joined, s *course.Step, results []course.Result) serve.Report {
	r := serve.Report{Code: joined.Code, Step: s.ID, Checks: []serve.Check{}, Running: course.Running(ctx, f.place(s, ""))}
	seen := f.Progress.Steps[s.ID].Checks
	for _, result := range results {
		_, before := seen[result.Check]
		r.Checks = append(r.Checks, serve.Check{Name: result.Check, OK: result.OK || result.Skipped && before})
	}
	return r
}
