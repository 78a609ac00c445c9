package packcmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// NewOptions are the arguments of new.
type NewOptions struct{ Dir string }

func newNew(d evolve.Deps, runF func(*NewOptions) error) *cobra.Command {
	o := &NewOptions{}
	return &cobra.Command{
		Use:               d.Text.T("pack.new.use"),
		Short:             d.Text.T("pack.new.short"),
		Long:              d.Text.T("pack.new.long"),
		Example:           d.Text.T("pack.new.example"),
		Args:              arguments.Between(d.Text, 1, 1),
		ValidArgsFunction: folders,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Dir = args[0]; o.Dir == "" {
				return failure.Usage{Text: d.Text.T("new.dir-empty"), Hint: "fieldlab pack new --help"}
			}
			if runF != nil {
				return runF(o)
			}
			return makeNew(cmd.Context(), d, o)
		},
	}
}

// exampleName is the name of the example, in whose place that of the folder comes.
const exampleName = "huisstijl"

// makeNew lays down the example pack, all or nothing.
func makeNew(ctx context.Context, d evolve.Deps, o *NewOptions) error {
	name := nameFor(o.Dir)
	var files plan.Plan
	err := fs.WalkDir(examples.Pack(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(examples.Pack(), path)
		if path == pack.FileName {
			body = bytes.Replace(body, []byte("name: "+exampleName+"\n"), []byte("name: "+name+"\n"), 1)
		}
		files = append(files, plan.File{Path: path, Mode: 0o644, Body: body, Owner: plan.Team})
		return err
	})
	if err != nil {
		return err
	}
	report, err := tree.Write(ctx, o.Dir, files, nil)
	switch {
	case errors.Is(err, context.Canceled):
		return failure.Interrupted{Text: d.Text.T("new.nothing-left")}
	case errors.Is(err, tree.ErrNotEmpty):
		return failure.Shortfall{Text: d.Text.T("new.not-empty", terminal.Safe(o.Dir)), Hint: "fieldlab pack check " + arguments.Quoted(o.Dir)}
	case err != nil:
		return failure.Shortfall{Text: d.Text.T("new.cannot-write", terminal.Safe(o.Dir), answersfile.Reason(d.Text, err))}
	}
	_ = report
	dir := arguments.Quoted(o.Dir)
	fmt.Fprintln(d.IO.Err, d.Text.T("pack.new.made", terminal.Safe(o.Dir), len(files)))
	fmt.Fprintln(d.IO.Err, d.Text.T("pack.new.next"))
	for _, command := range []string{"fieldlab pack check " + dir, "fieldlab new NAAM --pack " + dir} {
		fmt.Fprintln(d.IO.Err, "  "+d.IO.Bold(terminal.Safe(command)))
	}
	return nil
}

// nameFor is the name of a pack in a folder.
func nameFor(dir string) string {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return exampleName
	}
	names, err := naming.Of(filepath.Base(absolute))
	if name := strings.Trim(names.Path, "-"); err == nil && model.IsPackName(name) {
		return name
	}
	return exampleName
}
