package kerncmd

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TakeOptions are the arguments and flags of take.
type TakeOptions struct {
	evolve.Options
	Dir      string
	Packages []string
}

func newTake(d evolve.Deps, runF func(*TakeOptions) error) *cobra.Command {
	o := &TakeOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("kern.take.use"),
		Short:   d.Text.T("kern.take.short"),
		Long:    d.Text.T("kern.take.long"),
		Example: d.Text.T("kern.take.example"),
		Args:    arguments.Between(d.Text, 1, -1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			names, _ := plan.PackagesIn(d.Pack)
			names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(args, name) })
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Packages = args
			if err := o.check(d); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return take(cmd.Context(), d, o)
		},
	}
	evolve.Flags(cmd.Flags(), d.Text, &o.Options)
	cmd.Flags().StringVar(&o.Dir, "dir", ".", d.Text.T("update.flag.dir"))
	evolve.Complete(cmd)
	return cmd
}

// check brings the names of packages in one form, and refuses those that kern
// does not have.
func (o *TakeOptions) check(d evolve.Deps) error {
	known, err := plan.PackagesIn(d.Pack)
	if err != nil {
		return err
	}
	for i, name := range o.Packages {
		o.Packages[i] = strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), plan.KernFolder+"/")
		if slices.Contains(known, o.Packages[i]) {
			continue
		}
		words := d.Text.T("kern.take.unknown", terminal.Safe(name), strings.Join(known, ", "))
		if near := arguments.Nearest(o.Packages[i], known); near != "" {
			words += " " + d.Text.T("usage.did-you-mean", near)
		}
		return failure.Usage{Text: words, Hint: "fieldlab kern take --help"}
	}
	slices.Sort(o.Packages)
	o.Packages = slices.Compact(o.Packages)
	return nil
}

// take makes packages the team's. It does nothing else: an update that is
// waiting comes first, so that the change in Git is about one thing.
func take(ctx context.Context, d evolve.Deps, o *TakeOptions) error {
	state, err := look(d, o.Dir)
	if err != nil {
		return err
	}
	for _, name := range o.Packages {
		if slices.Contains(state.Taken, name) {
			return failure.Shortfall{Text: d.Text.T("kern.take.already", name), Hint: evolve.Command("fieldlab kern status", "", dirFlag(o.Dir))}
		}
	}
	r := update.Request{Dir: o.Dir}
	waiting, err := evolve.Waiting(ctx, d, o.Options, r)
	if err != nil {
		return err
	}
	if waiting {
		return failure.Shortfall{Text: d.Text.T("kern.take.waiting"), Hint: evolve.Command("fieldlab update", o.Dir, "")}
	}
	r.Take = o.Packages
	o.Confirm, o.Whole = true, strings.TrimSpace("fieldlab kern take "+strings.Join(o.Packages, " ")+" "+dirFlag(o.Dir))
	names := strings.Join(o.Packages, ", ")
	o.Did, o.About = d.Text.T("kern.take.did", names), d.Text.T("kern.take.about", names)
	if _, err := os.Lstat(filepath.Join(o.Dir, filepath.FromSlash(container))); err == nil {
		for _, name := range o.Packages {
			o.Notes = append(o.Notes, grow.Note{Code: "read-only", Args: []any{plan.KernFolder + "/" + name, container}})
		}
	}
	return evolve.Run(ctx, d, o.Options, r)
}

// container holds the settings in which an editor shows kern as read-only.
const container = ".devcontainer/devcontainer.json"

// dirFlag is --dir for a hint; "" for the folder in which somebody is.
func dirFlag(dir string) string {
	if dir == "." || dir == "" {
		return ""
	}
	return "--dir " + arguments.Quoted(dir)
}
