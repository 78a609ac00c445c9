package workshopcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/listen"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// boardOptions are the arguments and flags of workshop board.
type boardOptions struct {
	Dir     string
	Address string
}

const boardHelp = "fieldlab workshop board --help"

func newBoard(d Deps) *cobra.Command { return newBoardWith(d, nil) }

// newBoardWith builds the command. A test gives runF to see the options.
func newBoardWith(d Deps, runF func(*boardOptions) error) *cobra.Command {
	o := &boardOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("board.use"),
		Short:   d.Text.T("board.short"),
		Long:    d.Text.T("board.long"),
		Example: d.Text.T("board.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			o.Dir = "."
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if o.Address, err = listen.Address(d.Deps, o.Address, boardHelp); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return board(cmd.Context(), d, o)
		},
	}
	cmd.Flags().StringVar(&o.Address, "address", fmt.Sprintf(":%d", serve.DefaultPort), d.Text.T("board.flag.address"))
	_ = cmd.RegisterFlagCompletionFunc("address", cobra.NoFileCompletions)
	return cmd
}

// board shows how far the teams are, until somebody stops it.
func board(ctx context.Context, d Deps, o *boardOptions) error {
	w, err := workshop.Read(o.Dir)
	if err != nil {
		return noBoard(d, o.Dir, err)
	}
	c, err := boardCourse(o.Dir, w)
	if err != nil {
		return noBoard(d, o.Dir, err)
	}
	b, notice, err := serve.NewBoard(serve.BoardOptions{
		Workshop: w, Course: c, Dir: o.Dir, Now: d.Now, Addresses: serve.Addresses, Name: serve.HostName(),
	})
	if err != nil {
		return noBoard(d, o.Dir, err)
	}
	defer b.Close()
	l, err := listen.Open(ctx, d.Deps, o.Address, "fieldlab workshop board")
	if err != nil {
		return err
	}
	if notice != "" {
		fmt.Fprintln(d.IO.Err, d.IO.Warn(d.Text.T("board.set-aside")))
	}
	others, here, port := listen.Reach(l)
	fmt.Fprintln(d.IO.Out, d.Text.T("board.on", len(w.Teams)))
	listen.Tell(d.Deps, others, port, "board.join-line")
	fmt.Fprintln(d.IO.Out, "\n"+d.Text.T("board.here", "http://"+here))
	if err := serve.Run(ctx, l, b, false, &serve.Job{Every: 5 * time.Second, Do: b.Save}); err != nil {
		return noBoard(d, o.Dir, err)
	}
	fmt.Fprintln(d.IO.Err, d.Text.T("board.off"))
	return nil
}

// boardCourse reads the course of a workshop; nil when it has none.
func boardCourse(dir string, w *workshop.Workshop) (*course.Course, error) {
	if w.Course == "" {
		return nil, nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	files, err := fs.Sub(root.FS(), "cursus")
	if err != nil {
		return nil, err
	}
	return course.Read(files)
}

// noBoard says why the workshop in a folder cannot be used.
func noBoard(d Deps, dir string, err error) error {
	var damaged workshop.Damaged
	switch {
	case errors.As(err, &damaged):
		return failure.Shortfall{Text: damagedText(d, damaged)}
	case errors.Is(err, fs.ErrNotExist):
		return failure.Shortfall{Text: d.Text.T("board.no-workshop", terminal.Safe(dir)), Hint: "fieldlab workshop new --help"}
	case fromSystem(err):
		return failure.Shortfall{Text: d.Text.T("board.failed", terminal.Safe(dir), answersfile.Reason(d.Text, err))}
	}
	return err
}
