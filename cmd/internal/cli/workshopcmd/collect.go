package workshopcmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// collectOptions are the arguments and flags of workshop collect.
type collectOptions struct {
	Dirs []string
	Out  string // a folder for the pages; "" for none
	JSON bool
}

func newCollect(d Deps) *cobra.Command {
	o := &collectOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("workshop.collect.use"),
		Short:   d.Text.T("workshop.collect.short"),
		Long:    d.Text.T("workshop.collect.long"),
		Example: d.Text.T("workshop.collect.example"),
		Args:    arguments.Between(d.Text, 1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dirs = args
			return runCollect(cmd.Context(), d, o)
		},
	}
	cmd.Flags().StringVar(&o.Out, "out", "", d.Text.T("workshop.collect.flag.out"))
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

func runCollect(ctx context.Context, d Deps, o *collectOptions) error {
	if o.Out != "" {
		if err := tree.Check(o.Out, tree.Beside{}); err != nil {
			return notWritten(d, o, err)
		}
	}
	places := workshop.Find(o.Dirs)
	var done atomic.Int64
	r := workshop.CollectRequest{
		Places: places,
		Known:  workshop.BackRequest{Pack: d.Pack, Version: d.Version, Env: d.Env, Now: d.Now, Fieldlab: d.Fieldlab},
		Seen:   func(n int) { done.Store(int64(n)) },
	}
	var all []workshop.Collected
	saying := func() string { return d.Text.T("workshop.collect.working", done.Load(), len(places)) }
	err := d.IO.Following(ctx, saying, func(ctx context.Context) (err error) {
		all, err = workshop.Collect(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Error = why(d, all[i].Err)
		all[i].Note = note(d, all[i].Notes())
	}
	if o.Out != "" {
		if err := workshop.WriteResults(ctx, o.Out, all, d.Now().Location()); err != nil {
			return notWritten(d, o, err)
		}
	}
	if o.JSON {
		return d.IO.WriteJSON(all)
	}
	if err := tellCollected(d, all); err != nil {
		return err
	}
	if o.Out != "" {
		fmt.Fprintln(d.IO.Err, "\n"+d.Text.T("workshop.collect.written", terminal.Safe(filepath.Join(o.Out, "index.html"))))
	} else {
		fmt.Fprintln(d.IO.Err, "\n"+d.Text.T("workshop.collect.pages"))
	}
	return nil
}

// tellCollected writes the table.
func tellCollected(d Deps, all []workshop.Collected) error {
	w := tabwriter.NewWriter(d.IO.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, d.Text.T("workshop.collect.head"))
	for _, c := range all {
		if c.Err != nil {
			fmt.Fprintln(w, short(c.Directory)+"\t"+c.Error)
			continue
		}
		files, added, removed := 0, 0, 0
		for _, room := range c.Rooms {
			plus, minus := room.Lines()
			files, added, removed = files+len(room.Files), added+plus, removed+minus
		}
		tests := "-"
		if !c.Tests.IsZero() {
			tests = c.Tests.In(d.Now().Location()).Format("02-01 15:04")
		}
		fmt.Fprintf(w, "%s\t%d/%d\t%s\t%d\t+%d -%d\t%s\t%d\n", short(c.Team), c.Done, c.Of, short(thingNames(c.Added)), files, added, removed, tests, len(c.Open))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, c := range all {
		if c.Note != "" {
			fmt.Fprintln(d.IO.Out, d.Text.T("workshop.collect.note", short(c.Team), c.Note))
		}
	}
	return nil
}

func thingNames(things []workshop.Thing) string {
	if len(things) == 0 {
		return "-"
	}
	var names []string
	for _, t := range things {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

// note says in words why parts are missing.
func note(d Deps, notes []error) string {
	if len(notes) == 0 {
		return ""
	}
	var follow *course.FollowError
	var problems problem.List
	switch err := notes[0]; {
	case errors.As(err, &follow):
		return d.Text.T("workshop.collect.recipe", short(follow.Error()))
	case errors.As(err, &problems) && len(problems) > 0:
		return d.Text.T("workshop.collect.answers", short(problems[0].Text(string(d.Text.Language()))))
	default:
		return why(d, err)
	}
}

// notWritten says why there are no pages.
func notWritten(d Deps, o *collectOptions, err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return failure.Interrupted{Text: d.Text.T("workshop.new.nothing-left")}
	case errors.Is(err, tree.ErrNotEmpty):
		return failure.Shortfall{Text: d.Text.T("workshop.new.not-empty", short(o.Out)), Hint: d.Text.T("workshop.collect.other-folder")}
	case fromSystem(err):
		return failure.Shortfall{Text: d.Text.T("workshop.collect.cannot-write", short(o.Out), answersfile.Reason(d.Text, err)), Hint: d.Text.T("workshop.collect.other-folder")}
	}
	return err
}
