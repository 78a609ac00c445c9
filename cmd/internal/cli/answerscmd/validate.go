package answerscmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// ValidateOptions are the arguments and flags of validate.
type ValidateOptions struct {
	Files []string // - is standard input
	JSON  bool
}

func newValidate(d Deps, runF func(*ValidateOptions) error) *cobra.Command {
	o := &ValidateOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("answers.validate.use"),
		Short:   d.Text.T("answers.validate.short"),
		Long:    d.Text.T("answers.validate.long"),
		Example: d.Text.T("answers.validate.example"),
		Args:    arguments.Between(d.Text, 1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Files = args
			if runF != nil {
				return runF(o)
			}
			return validate(cmd.Context(), d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

// validate checks every file and reports all mistakes together.
func validate(ctx context.Context, d Deps, o *ValidateOptions) error {
	var all problem.List
	for _, name := range o.Files {
		found, err := judge(ctx, d, name)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	if o.JSON {
		if err := d.IO.WriteJSON(map[string]any{"problems": all.In(string(d.Text.Language()))}); err != nil {
			return err
		}
	}
	if len(all) > 0 {
		return failure.Answers{Problems: all, Reported: o.JSON, Hint: "fieldlab answers schema"}
	}
	if !o.JSON {
		for _, name := range o.Files {
			fmt.Fprintln(d.IO.Err, d.Text.T("answers.validate.good", name))
		}
	}
	return nil
}

// judge reads one file and applies all rules to it.
func judge(ctx context.Context, d Deps, name string) (problem.List, error) {
	file, err := answersfile.Open(ctx, d.IO.In, d.Text, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	found := file.Document.Problems()
	if len(found) == 0 {
		_, found = model.New(file.Document.Answers, file.Files(), model.Env{Version: d.Version})
		found = file.Document.Place(found)
	}
	return found, nil
}
