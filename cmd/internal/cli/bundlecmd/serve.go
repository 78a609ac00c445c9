package bundlecmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/listen"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// serveOptions are the arguments and flags of bundle serve.
type serveOptions struct {
	Dir     string
	Address string
}

const serveHelp = "fieldlab bundle serve --help"

func newServe(d evolve.Deps) *cobra.Command { return newServeWith(d, nil) }

// newServeWith builds the command. A test gives runF to see the options.
func newServeWith(d evolve.Deps, runF func(*serveOptions) error) *cobra.Command {
	o := &serveOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("bundle.serve.use"),
		Short:   d.Text.T("bundle.serve.short"),
		Long:    d.Text.T("bundle.serve.long"),
		Example: d.Text.T("bundle.serve.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			o.Dir = "."
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if o.Address, err = listen.Address(d, o.Address, serveHelp); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return serveBundle(cmd.Context(), d, o)
		},
	}
	cmd.Flags().StringVar(&o.Address, "address", ":8099", d.Text.T("bundle.serve.flag.address"))
	_ = cmd.RegisterFlagCompletionFunc("address", cobra.NoFileCompletions)
	return cmd
}

// serveBundle offers the bundle, until somebody stops it.
func serveBundle(ctx context.Context, d evolve.Deps, o *serveOptions) error {
	var faults []bundle.Fault
	err := d.IO.Working(ctx, d.Text.T("bundle.serve.checking"), func(ctx context.Context) (err error) {
		faults, err = bundle.Verify(ctx, o.Dir)
		return err
	})
	if err != nil {
		return failed(d, err)
	}
	if err := whole(d, o.Dir, faults); err != nil {
		return err
	}
	mark, err := bundle.Mark(o.Dir)
	if err != nil {
		return failed(d, err)
	}
	s, err := serve.NewShelf(o.Dir, serve.HostName(), mark, d.Now)
	if err != nil {
		return failure.Shortfall{Text: d.Text.T("bundle.serve.none", terminal.Safe(o.Dir), terminal.Safe(err.Error())), Hint: "fieldlab bundle --help"}
	}
	defer s.Close()
	l, err := listen.Open(ctx, d, o.Address, "fieldlab bundle serve")
	if err != nil {
		return err
	}
	others, here, port := listen.Reach(l)
	fmt.Fprintln(d.IO.Out, d.Text.T("bundle.serve.on"))
	listen.Tell(d, others, port, "bundle.serve.line")
	fmt.Fprintln(d.IO.Out, "\n"+d.Text.T("bundle.serve.here", "http://"+here, mark))
	if err := serve.Run(ctx, l, s, true, nil); err != nil {
		return err
	}
	fmt.Fprintln(d.IO.Err, d.Text.T("bundle.serve.off"))
	return nil
}

// whole refuses a bundle of which a file is not as it was made. What lies beside its
// files is not handed on, and does not matter.
func whole(d evolve.Deps, dir string, faults []bundle.Fault) error {
	var bad []string
	for _, fault := range faults {
		if fault.Why != "extra" {
			bad = append(bad, "\n  "+terminal.Safe(fault.Path)+": "+d.Text.T("bundle.fault."+fault.Why))
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return failure.Shortfall{
		Text: d.Text.T("bundle.serve.faults") + strings.Join(bad[:min(len(bad), 20)], ""),
		Hint: "fieldlab bundle verify " + arguments.Quoted(terminal.Safe(dir)),
	}
}
