package packcmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// CheckOptions are the arguments of check.
type CheckOptions struct {
	Dir         string
	Build, JSON bool
}

func newCheck(d evolve.Deps, runF func(*CheckOptions) error) *cobra.Command {
	o := &CheckOptions{Dir: "."}
	cmd := &cobra.Command{
		Use:               d.Text.T("pack.check.use"),
		Short:             d.Text.T("pack.check.short"),
		Long:              d.Text.T("pack.check.long"),
		Example:           d.Text.T("pack.check.example"),
		Args:              arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: folders,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if runF != nil {
				return runF(o)
			}
			return check(cmd.Context(), d, o)
		},
	}
	cmd.Flags().BoolVar(&o.Build, "build", false, d.Text.T("pack.flag.build"))
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

// Checked is what came of a check, also as --json gives it.
type Checked struct {
	OK       bool                `json:"ok"`
	Pack     *Shown              `json:"pack,omitempty"` // nil when it cannot be read
	Examples []string            `json:"examples"`       // that were made with it
	Built    bool                `json:"built"`          // and built and tested
	Problems []problem.Localised `json:"problems"`
}

func check(ctx context.Context, d evolve.Deps, o *CheckOptions) error {
	result := Checked{Examples: []string{}, Problems: []problem.Localised{}}
	own, found, err := judge(ctx, d, o, &result)
	if err != nil {
		return err
	}
	if own != nil {
		s := shown(d, own)
		result.Pack = &s
	}
	result.OK = len(found) == 0
	if o.JSON {
		result.Problems = append(result.Problems, found.In(string(d.Text.Language()))...)
		if err := d.IO.WriteJSON(result); err != nil {
			return err
		}
		if !result.OK {
			return failure.Shortfall{Text: d.Text.T("pack.check.wrong", len(found))}
		}
		return nil
	}
	if !result.OK {
		fmt.Fprintln(d.IO.Out, evolve.PackProblems(d.Text, o.Dir, found))
		return failure.Shortfall{Text: d.Text.T("pack.check.wrong", len(found))}
	}
	key := "pack.check.right"
	if o.Build {
		key = "pack.check.right-built"
	}
	fmt.Fprintln(d.IO.Out, d.Text.T(key, terminal.Safe(own.Name), terminal.Safe(own.Version), strings.Join(result.Examples, ", ")))
	return nil
}

// judge reads the pack, and makes every example with it.
func judge(ctx context.Context, d evolve.Deps, o *CheckOptions, result *Checked) (*pack.Pack, problem.List, error) {
	own, err := evolve.ReadPack(d.Text, o.Dir, d.Pack)
	var faulty pack.Faulty
	if errors.As(err, &faulty) {
		return nil, faulty.Problems, nil
	}
	if err != nil {
		return nil, nil, err
	}
	var all problem.List
	for _, name := range examples.Names() {
		found, err := oneExample(ctx, d, o, own, name)
		if err != nil {
			return own, nil, err
		}
		for _, one := range found {
			if !contains(all, one) {
				all = append(all, one)
			}
		}
		result.Examples = append(result.Examples, name)
	}
	result.Built = o.Build && len(all) == 0
	return own, all, nil
}

// contains says whether the same was found with another example.
func contains(all problem.List, one problem.Problem) bool {
	for _, other := range all {
		if other.File == one.File && other.Line == one.Line && other.Code == one.Code && other.Text("nl") == one.Text("nl") {
			return true
		}
	}
	return false
}

// oneExample makes one example with the pack, in memory, and builds it when that
// is asked for.
func oneExample(ctx context.Context, d evolve.Deps, o *CheckOptions, own *pack.Pack, name string) (problem.List, error) {
	body, _ := examples.Answers(name)
	document, found := answers.Parse(name+"/"+answers.FileName, body)
	if len(found) > 0 {
		return nil, found
	}
	traced, trace := own.Traced()
	if !o.Build {
		traced = own
	}
	r := generator.Request{Document: document, Pack: d.Pack, Own: traced, Version: d.Version, NoGit: true, Env: d.Env, Now: d.Now}
	files, _, err := generator.Plan(r)
	var faulty pack.Faulty
	switch {
	case errors.As(err, &faulty):
		return faulty.Problems, nil
	case err != nil: // such as two files of one path, of which the pack made one
		return problem.List{problem.New(problem.PackBuild, "", err.Error()).At(pack.FilesFolder, 0, 0)}, nil
	case !o.Build:
		return nil, nil
	}
	var built problem.List
	err = d.IO.Working(ctx, d.Text.T("pack.check.building", name), func(ctx context.Context) (err error) {
		built, err = build(ctx, d, name, files, trace)
		return err
	})
	return built, err
}
