package workshopcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// statusOptions are the arguments and flags of workshop status.
type statusOptions struct {
	Dirs []string
	JSON bool
}

func newStatus(d Deps) *cobra.Command {
	o := &statusOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("workshop.status.use"),
		Short:   d.Text.T("workshop.status.short"),
		Long:    d.Text.T("workshop.status.long"),
		Example: d.Text.T("workshop.status.example"),
		Args:    arguments.Between(d.Text, 1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dirs = args
			return runStatus(cmd.Context(), d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

func runStatus(ctx context.Context, d Deps, o *statusOptions) error {
	var rows []workshop.Row
	err := d.IO.Working(ctx, d.Text.T("workshop.status.working"), func(ctx context.Context) error {
		rows = workshop.Rows(ctx, workshop.Find(o.Dirs))
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].Error = why(d, rows[i].Err)
	}
	if o.JSON {
		return d.IO.WriteJSON(rows)
	}
	w := tabwriter.NewWriter(d.IO.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, d.Text.T("workshop.status.head"))
	for _, row := range rows {
		fmt.Fprintln(w, statusLine(d, row))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, row := range rows {
		if row.Err == nil && len(row.Reds) > 0 {
			fmt.Fprintln(d.IO.Out, "\n"+short(row.Team)+": "+short(row.Title))
			for _, red := range row.Reds {
				fmt.Fprintln(d.IO.Out, "  "+d.Text.T("workshop.status.red", short(red.Check), terminal.Safe(red.Why)))
			}
		}
	}
	return nil
}

// statusLine is a row of the table.
func statusLine(d Deps, row workshop.Row) string {
	if row.Err != nil {
		return short(row.Directory) + "\t" + row.Error
	}
	step := d.Text.T("workshop.status.all-done")
	switch {
	case row.Of == 0:
		step = d.Text.T("workshop.status.no-course")
	case row.Step != "":
		step = short(row.Step)
	}
	done := fmt.Sprintf("%d/%d", row.Done, row.Of)
	if row.Taken > 0 {
		done += " " + d.Text.T("workshop.status.taken", row.Taken)
	}
	when := "-"
	if !row.When.IsZero() {
		when = row.When.In(d.Now().Location()).Format("02-01 15:04")
	}
	return fmt.Sprintf("%s\t%s\t%s\t%d\t%s\t%s", short(row.Team), step, done, len(row.Reds), when, short(row.Directory))
}

// why says in words why nothing can be said of a component; "" for nil.
func why(d Deps, err error) string {
	var damaged workshop.Damaged
	var problems problem.List
	switch {
	case err == nil:
		return ""
	case errors.Is(err, workshop.ErrBare):
		return d.Text.T("workshop.why.bare")
	case errors.Is(err, workshop.ErrNothing):
		return d.Text.T("workshop.why.nothing")
	case errors.As(err, &damaged):
		return damagedText(d, damaged)
	case errors.As(err, &problems) && len(problems) > 0:
		return d.Text.T("workshop.why.course", short(problems[0].Text(string(d.Text.Language()))))
	case errors.Is(err, fs.ErrNotExist):
		return d.Text.T("workshop.why.absent")
	}
	return short(answersfile.Reason(d.Text, err))
}
