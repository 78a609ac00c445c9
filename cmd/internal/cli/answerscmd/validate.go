package answerscmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
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
		RunE: func(_ *cobra.Command, args []string) error {
			o.Files = args
			if runF != nil {
				return runF(o)
			}
			return validate(d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

// validate checks every file and reports all mistakes together.
func validate(d Deps, o *ValidateOptions) error {
	var all problem.List
	for _, name := range o.Files {
		found, err := judge(d, name)
		if err != nil {
			return failure.Usage{Text: d.Text.T("answers.unreadable", name, reason(err)), Hint: "fieldlab answers example"}
		}
		all = append(all, found.Sorted()...)
	}
	if o.JSON {
		if err := writeProblems(d, all); err != nil {
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

func writeProblems(d Deps, all problem.List) error {
	encoder := json.NewEncoder(d.IO.Out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(map[string]any{"problems": all.In(string(d.Text.Language()))})
}

// judge reads one file and applies all rules to it.
func judge(d Deps, name string) (problem.List, error) {
	data, folder, err := read(d, name)
	if err != nil {
		return nil, err
	}
	document, found := answers.Parse(name, data)
	if len(found) > 0 {
		return found, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	_, found = model.New(document.Answers, root.FS(), model.Env{Version: d.Version})
	return slices.Clip(document.Place(found)), nil
}

// maxAnswers is one byte more than the largest file that answers.Parse reads.
const maxAnswers = 1<<20 + 1

func read(d Deps, name string) (data []byte, folder string, err error) {
	if name == "-" {
		data, err = io.ReadAll(io.LimitReader(d.IO.In, maxAnswers))
		return data, ".", err
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	data, err = io.ReadAll(io.LimitReader(file, maxAnswers))
	return data, filepath.Dir(name), err
}

// reason is the cause of an error without the name of the file, which is in
// the sentence around it already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
