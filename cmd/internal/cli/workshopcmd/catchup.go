package workshopcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// backOptions are the arguments and flags of catch-up and reset.
type backOptions struct {
	Dir  string
	Step string // "" is reset
	JSON bool
}

func newCatchUp(d Deps) *cobra.Command {
	o := &backOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("workshop.catch-up.use"),
		Short:   d.Text.T("workshop.catch-up.short"),
		Long:    d.Text.T("workshop.catch-up.long"),
		Example: d.Text.T("workshop.catch-up.example"),
		Args:    arguments.Between(d.Text, 1, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return stepNames(o.Dir), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Step = args[0]; o.Step == "" {
				return failure.Usage{Text: d.Text.T("workshop.back.no-step", o.Step), Hint: "fieldlab workshop catch-up --help"}
			}
			return runBack(cmd.Context(), d, o)
		},
	}
	backFlags(cmd, d, o)
	return cmd
}

func backFlags(cmd *cobra.Command, d Deps, o *backOptions) {
	cmd.Flags().StringVar(&o.Dir, "dir", ".", d.Text.T("workshop.flag.dir"))
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
}

// stepNames are the steps of the course in a folder, for a shell that completes.
func stepNames(dir string) []string {
	c, err := workshop.Open(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, step := range c.Path() {
		names = append(names, step.ID)
	}
	return names
}

func runBack(ctx context.Context, d Deps, o *backOptions) error {
	r := workshop.BackRequest{
		Dir: o.Dir, Step: o.Step, Pack: d.Pack, Version: d.Version, Env: d.Env, Now: d.Now, Fieldlab: d.Fieldlab,
	}
	var back workshop.Back
	err := d.IO.Working(ctx, d.Text.T("workshop.back.working"), func(ctx context.Context) (err error) {
		back, err = workshop.GoBack(ctx, r)
		return err
	})
	if err != nil {
		return notBack(d, o, back, err)
	}
	if o.JSON {
		return d.IO.WriteJSON(struct {
			Step   string `json:"step"`
			Branch string `json:"branch"`
			Commit string `json:"commit"`
			Folder string `json:"folder"`
			Files  int    `json:"files"`
			Data   bool   `json:"data"`
		}{o.step(back), back.Branch, back.Commit, back.Folder, back.Files, back.Data})
	}
	tellBack(d, o, back)
	return nil
}

func (o *backOptions) step(back workshop.Back) string {
	if back.Step == nil {
		return ""
	}
	return back.Step.ID
}

// tellBack says what there is now, and how everything comes back.
func tellBack(d Deps, o *backOptions, back workshop.Back) {
	say := func(key string, values ...any) { fmt.Fprintln(d.IO.Err, d.Text.T(key, values...)) }
	if back.Step == nil {
		say("workshop.back.begin")
	} else {
		say("workshop.back.step", back.Step.Number, terminal.Safe(back.Step.Title))
	}
	say("workshop.back.kept", back.Branch)
	if back.Before != "" {
		say("workshop.back.before", terminal.Safe(back.Before))
	}
	say("workshop.back.with-git", back.Branch, terminal.Safe(back.From))
	if back.Folder != "" {
		if back.Files > 0 {
			say("workshop.back.without-git", back.Folder+"/bestanden", back.Files)
		}
		if back.Data {
			say("workshop.back.data", back.Folder+"/gegevens")
		}
	}
	if len(back.Nested) > 0 {
		say("workshop.back.nested", short(strings.Join(back.Nested, ", ")))
	}
	say("workshop.back.next")
}

// notBack explains why the component is not in that state, and where the own work is
// when something had begun.
func notBack(d Deps, o *backOptions, back workshop.Back, err error) error {
	if refused := evolve.PackFailed(d.Text, "", o.Dir, err); refused != nil {
		return failure.Shortfall{Text: refused.Error(), Hint: "git restore .fieldlab/workshop"}
	}
	var (
		hint, text string
		step       workshop.NoStepError
		running    workshop.RunningError
		obstacle   repository.Obstacle
		large      repository.TooLargeError
		follow     *course.FollowError
		problems   problem.List
	)
	switch {
	case errors.Is(err, context.Canceled):
		return failure.Interrupted{Text: d.Text.T("workshop.back.nothing")}
	case errors.Is(err, workshop.ErrNoCourse):
		text = d.Text.T("workshop.back.no-course")
	case errors.As(err, &step):
		return failure.Usage{Text: d.Text.T("workshop.back.no-step", short(step.Name)), Hint: "fieldlab workshop catch-up " + strings.Join(ids(step.Steps), "|")}
	case errors.As(err, &running):
		text = d.Text.T("workshop.back.running", running.Port)
	case errors.Is(err, workshop.ErrDataLink):
		text = d.Text.T("workshop.back.data-link")
	case errors.Is(err, tree.ErrLocked):
		text = d.Text.T("workshop.back.locked")
	case errors.Is(err, repository.ErrNone):
		text, hint = d.Text.T("workshop.back.no-git"), `git init -b main && git add --all && git commit -m "Begin"`
	case errors.As(err, &obstacle):
		text, hint = blockedText(d, obstacle)
	case errors.As(err, &large):
		text = d.Text.T("workshop.back.large", short(large.Path))
	case errors.As(err, &follow):
		text = d.Text.T("workshop.back.recipe", short(follow.Error()))
	case errors.As(err, &problems):
		return failure.Answers{Problems: problems, Hint: "git restore .fieldlab/workshop"}
	default:
		if err := notOpened(d, o.Dir, err); err != nil {
			return err
		}
		if !fromSystem(err) {
			return err
		}
		text = d.Text.T("workshop.back.system", short(err.Error()), answersfile.Reason(d.Text, err))
	}
	if back.Branch != "" {
		text += " " + d.Text.T("workshop.back.halfway", back.Branch)
	}
	return failure.Shortfall{Text: text, Hint: hint}
}

func ids(steps []*course.Step) []string {
	var all []string
	for _, step := range steps {
		all = append(all, step.ID)
	}
	return all
}

// blockedText says what in the repository stands in the way, and the way on.
func blockedText(d Deps, obstacle repository.Obstacle) (text, hint string) {
	switch obstacle.Why {
	case repository.Detached:
		return d.Text.T("workshop.back.detached"), "git switch main"
	case repository.Busy:
		return d.Text.T("workshop.back.busy", short(strings.Join(obstacle.Names, ", "))), "git status"
	case repository.NoCommits:
		return d.Text.T("workshop.back.no-commits"), `git add --all && git commit -m "Begin"`
	}
	return d.Text.T("workshop.back.unusable", short(strings.Join(obstacle.Names, ", "))), "git status"
}

// notOpened says why what a component keeps of its workshop cannot be used; nil when
// that is not what is wrong.
func notOpened(d Deps, dir string, err error) error {
	var damaged workshop.Damaged
	switch {
	case errors.As(err, &damaged):
		return failure.Shortfall{Text: damagedText(d, damaged)}
	case errors.Is(err, fs.ErrNotExist):
		return failure.Shortfall{Text: d.Text.T("workshop.no-workshop", short(dir)), Hint: "fieldlab workshop --help"}
	}
	return nil
}
