// Package answerscmd is `fieldlab answers`: the schema of the answers file,
// checking one, and examples.
package answerscmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// Deps is what the commands need.
type Deps struct {
	IO       *terminal.IO
	Text     *text.Catalogue
	Version  string
	Examples Examples
}

// Examples gives the built-in answers files.
type Examples struct {
	Names   func() []string
	Answers func(name string) ([]byte, bool)
}

// New builds the group with its commands.
func New(d Deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "answers",
		Short:   d.Text.T("answers.short"),
		Long:    d.Text.T("answers.long"),
		Example: d.Text.T("answers.example"),
		Args:    arguments.Subcommand(d.Text),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSchema(d), newValidate(d, nil), newExample(d, nil))
	return cmd
}

// newSchema is `fieldlab answers schema`.
func newSchema(d Deps) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   d.Text.T("answers.schema.short"),
		Long:    d.Text.T("answers.schema.long"),
		Example: d.Text.T("answers.schema.example"),
		Args:    arguments.Between(d.Text, 0, 0),
		RunE: func(*cobra.Command, []string) error {
			_, err := d.IO.Out.Write(answers.Schema())
			return err
		},
	}
}
