package bundlecmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// VerifyOptions are the arguments and flags of verify.
type VerifyOptions struct {
	Dir  string
	JSON bool
}

func newVerify(d evolve.Deps, runF func(*VerifyOptions) error) *cobra.Command {
	o := &VerifyOptions{Dir: "."}
	cmd := &cobra.Command{
		Use:     d.Text.T("bundle.verify.use"),
		Short:   d.Text.T("bundle.verify.short"),
		Long:    d.Text.T("bundle.verify.long"),
		Example: d.Text.T("bundle.verify.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if runF != nil {
				return runF(o)
			}
			return verify(cmd.Context(), d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

func verify(ctx context.Context, d evolve.Deps, o *VerifyOptions) error {
	var faults []bundle.Fault
	err := d.IO.Working(ctx, d.Text.T("bundle.verify.working", terminal.Safe(o.Dir)), func(ctx context.Context) (err error) {
		faults, err = bundle.Verify(ctx, o.Dir)
		return err
	})
	if err != nil {
		return failed(d, err)
	}
	mark, err := bundle.Mark(o.Dir)
	if err != nil {
		return failed(d, err)
	}
	if o.JSON {
		data := struct {
			Mark   string         `json:"mark"`
			Faults []bundle.Fault `json:"faults"`
		}{mark, append([]bundle.Fault{}, faults...)}
		if err := d.IO.WriteJSON(data); err != nil {
			return err
		}
	} else {
		for _, fault := range faults {
			if _, err := fmt.Fprintf(d.IO.Out, "%s: %s\n", terminal.Safe(fault.Path), d.Text.T("bundle.fault."+fault.Why)); err != nil {
				return err
			}
		}
	}
	if len(faults) > 0 {
		return failure.Shortfall{Text: d.Text.T("bundle.verify.faults", len(faults))}
	}
	if !o.JSON {
		fmt.Fprintln(d.IO.Out, d.Text.T("bundle.verify.fine", mark))
	}
	return nil
}
