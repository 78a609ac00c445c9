// Package renamecmd is `fieldlab rename`: something gets another name, and
// everything that refers to it follows, in the answers, in the code and in the
// data.
package renamecmd

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// options are the arguments and flags.
type options struct {
	growcmd.Options
	of, title string
}

// New builds the command.
func New(d growcmd.Deps) *cobra.Command {
	o := &options{}
	cmd := growcmd.ForOne(d, &cobra.Command{
		Use: "rename " + d.Text.T("rename.use"), Short: d.Text.T("rename.short"), Long: d.Text.T("rename.long"), Example: d.Text.T("rename.example"),
	}, 3, &o.Options, &o.of, func(ctx context.Context, args []string) error { return run(ctx, d, o, args) })
	cmd.Flags().StringVar(&o.title, "title", "", d.Text.T("rename.flag.title"))
	o.Flags(d, cmd)
	return cmd
}

func run(ctx context.Context, d growcmd.Deps, o *options, args []string) error {
	c, err := growcmd.Open(ctx, d, &o.Options)
	if err != nil {
		return err
	}
	defer c.Close()
	args = slices.Concat(args, []string{"", "", ""})[:3]
	ref, wrong := c.Ref(args[0], args[1], o.of)
	said, title := strings.TrimSpace(args[2]), o.title
	missing := c.Missing(args[:2])
	if said == "" && title == "" {
		missing = append(missing, d.Text.T("rename.place.new"))
	}
	if len(wrong) == 0 && len(missing) > 0 && d.IO.CanAsk() && !o.JSON {
		g, err := c.Ask(ctx, nil)
		if err != nil {
			return err
		}
		if ref.Kind, err = c.AskKind(g, ref.Kind); err != nil {
			return growcmd.Stopped(d, err)
		}
		if ref, title, err = wizard.AskRename(g, ref); err != nil {
			return c.Stopped(ref.Kind, err)
		}
		said, o.Confirm = title, true
	} else if len(wrong)+len(missing) > 0 {
		return c.Complaint(&o.Options, wrong, missing)
	}
	rename := grow.Rename{Kind: ref.Kind, Of: ref.Of, Old: ref.Name}
	if rename.New, title, wrong = c.Named(ref, said, title); len(wrong) > 0 {
		return c.Complaint(&o.Options, wrong, nil)
	}
	return apply(ctx, c, o, rename, title)
}

func apply(ctx context.Context, c *growcmd.Component, o *options, rename grow.Rename, title string) error {
	a, notes, err := grow.Apply(c.Answers, rename, title)
	if err != nil {
		return c.Refused(&o.Options, growcmd.Change{}, err)
	}
	before, now := c.Title(rename.Kind, rename.Of, rename.Old), growcmd.TitleIn(a, rename.Kind, rename.Of, rename.New)
	if before == now { // only the name is another
		before, now = rename.Old, rename.New
	}
	change := growcmd.Change{Answers: a, Notes: notes, Did: "rename.did." + string(rename.Kind), Values: []any{before, now}}
	if rename.New != rename.Old {
		change.Renames = []grow.Rename{rename}
		if rename.Kind == grow.Step {
			change.Steps = map[string]string{rename.Old: rename.New}
		}
	}
	return c.Apply(ctx, &o.Options, change)
}
