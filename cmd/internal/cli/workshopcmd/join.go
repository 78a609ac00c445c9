package workshopcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// joinOptions are the arguments and flags of workshop join.
type joinOptions struct {
	Address string // http://host:port
	Code    string
	Dir     string
}

const joinHelp = "fieldlab workshop join --help"

func newJoin(d Deps) *cobra.Command { return newJoinWith(d, nil) }

// newJoinWith builds the command. A test gives runF to see the options.
func newJoinWith(d Deps, runF func(*joinOptions) error) *cobra.Command {
	o := &joinOptions{}
	cmd := &cobra.Command{
		Use:               d.Text.T("board.join.use"),
		Short:             d.Text.T("board.join.short"),
		Long:              d.Text.T("board.join.long"),
		Example:           d.Text.T("board.join.example"),
		Args:              arguments.Between(d.Text, 2, 2),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if o.Address, err = serve.ParseAddress(args[0]); err == nil {
				o.Code, err = serve.ParseCode(args[1])
			}
			if err != nil {
				return failure.Usage{Text: refusalText(d, err), Hint: joinHelp}
			}
			if runF != nil {
				return runF(o)
			}
			return join(cmd.Context(), d, o)
		},
	}
	cmd.Flags().StringVar(&o.Dir, "dir", ".", d.Text.T("update.flag.dir"))
	evolve.Complete(cmd)
	return cmd
}

// join asks the board whose the code is, and keeps it in the component.
func join(ctx context.Context, d Deps, o *joinOptions) error {
	c, err := workshop.Open(o.Dir)
	if err != nil {
		return noJoin(d, o.Dir, err)
	}
	var team serve.Team
	err = d.IO.Working(ctx, d.Text.T("board.join.working", o.Address), func(ctx context.Context) (err error) {
		team, err = serve.Ask(ctx, o.Address, o.Code)
		return err
	})
	var refusal serve.Refusal
	switch mine := c.Mine.Team; {
	case errors.As(err, &refusal):
		return failure.Shortfall{Text: refusalText(d, err)}
	case err != nil:
		return err
	case team.Number != mine.Number || team.Name != mine.Name:
		return failure.Shortfall{Text: d.Text.T("board.join.other", terminal.Safe(team.Name), terminal.Safe(mine.Name))}
	}
	if err := serve.WriteJoined(o.Dir, serve.Joined{Address: o.Address, Code: o.Code}); err != nil {
		return failure.Shortfall{Text: d.Text.T("board.join.not-kept", answersfile.Reason(d.Text, err))}
	}
	fmt.Fprintln(d.IO.Out, d.Text.T("board.join.done", terminal.Safe(team.Name), o.Address))
	return nil
}

// noJoin says why what a component keeps of its workshop cannot be used.
func noJoin(d Deps, dir string, err error) error {
	var damaged workshop.Damaged
	switch {
	case errors.As(err, &damaged):
		return failure.Shortfall{Text: damagedText(d, damaged)}
	case errors.Is(err, fs.ErrNotExist):
		return failure.Shortfall{Text: d.Text.T("board.join.no-component", terminal.Safe(dir)), Hint: "fieldlab workshop join --dir 01-zuid"}
	case fromSystem(err):
		return failure.Shortfall{Text: d.Text.T("board.failed", terminal.Safe(dir), answersfile.Reason(d.Text, err))}
	}
	return err
}

// refusalText says in the language of the person why nothing reached the board.
func refusalText(d Deps, err error) string {
	var refusal serve.Refusal
	if !errors.As(err, &refusal) {
		return terminal.Safe(err.Error())
	}
	if refusal.Address == "" {
		return d.Text.T("board.refusal." + refusal.Code)
	}
	return d.Text.T("board.refusal."+refusal.Code, terminal.Safe(refusal.Address))
}
