// Package removecmd is `fieldlab remove`: something goes out of a component, and
// what cannot do without it is named.
package removecmd

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// options are the arguments and flags.
type options struct {
	growcmd.Options
	of, to string
	drop   bool
}

// New builds the command.
func New(d growcmd.Deps) *cobra.Command {
	o := &options{}
	cmd := growcmd.ForOne(d, &cobra.Command{
		Use: "remove " + d.Text.T("remove.use"), Short: d.Text.T("remove.short"), Long: d.Text.T("remove.long"), Example: d.Text.T("remove.example"),
	}, 2, &o.Options, &o.of, func(ctx context.Context, args []string) error { return run(ctx, d, o, args) })
	cmd.Flags().StringVar(&o.to, "to", "", d.Text.T("remove.flag.to"))
	cmd.Flags().BoolVar(&o.drop, "drop", false, d.Text.T("remove.flag.drop"))
	_ = cmd.RegisterFlagCompletionFunc("to", growcmd.Completion(d, grow.Step))
	o.Flags(d, cmd)
	return cmd
}

func run(ctx context.Context, d growcmd.Deps, o *options, args []string) error {
	c, err := growcmd.Open(ctx, d, &o.Options)
	if err != nil {
		return err
	}
	defer c.Close()
	args = slices.Concat(args, []string{"", ""})[:2]
	ref, wrong := c.Ref(args[0], args[1], o.of)
	to := o.to
	if to != "" {
		found, ok := growcmd.Find(growcmd.Things(c.Answers, grow.Step, ""), to)
		if to = found.Name; !ok {
			wrong = append(wrong, c.Unknown(grow.Step, "", o.to))
		}
	}
	missing := c.Missing(args)
	if len(wrong) == 0 && ref.Kind == grow.Step && ref.Name != "" && to == "" && len(c.Ways(ref.Name)) != 1 {
		missing = append(missing, c.MissingTo(ref.Name))
	}
	if len(wrong) == 0 && len(missing) > 0 && d.IO.CanAsk() && !o.JSON {
		g, err := c.Ask(ctx, nil)
		if err != nil {
			return err
		}
		if ref.Kind, err = c.AskKind(g, ref.Kind); err != nil {
			return growcmd.Stopped(d, err)
		}
		var sure bool
		if ref, to, sure, err = wizard.AskRemove(g, ref, to); err != nil {
			return c.Stopped(ref.Kind, err)
		}
		if o.Confirm = true; !sure {
			return failure.Interrupted{Text: d.Text.T("update.nothing-done")}
		}
	} else if len(wrong)+len(missing) > 0 {
		return c.Complaint(&o.Options, wrong, missing)
	}
	return apply(ctx, c, o, ref, to)
}

func apply(ctx context.Context, c *growcmd.Component, o *options, ref grow.Ref, to string) error {
	before := c.Title(ref.Kind, ref.Of, ref.Name)
	a, notes, err := grow.Remove(c.Answers, ref, to)
	if err != nil {
		return c.Refused(&o.Options, growcmd.Change{}, err)
	}
	change := growcmd.Change{Answers: a, Notes: notes, Did: "remove.did." + string(ref.Kind), Values: []any{before}}
	if ways := c.Ways(ref.Name); ref.Kind == grow.Step {
		if to == "" && len(ways) == 1 {
			to = ways[0]
		}
		if to != "" {
			change.Steps = map[string]string{ref.Name: to}
		}
	}
	if o.drop {
		change.Drop = c.Columns(ref)
	}
	return c.Apply(ctx, &o.Options, change)
}
