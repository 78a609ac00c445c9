package answerscmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// ExampleOptions are the arguments of example.
type ExampleOptions struct {
	Name string // "" lists the examples
}

func newExample(d Deps, runF func(*ExampleOptions) error) *cobra.Command {
	o := &ExampleOptions{}
	return &cobra.Command{
		Use:     d.Text.T("answers.example.use"),
		Short:   d.Text.T("answers.example.short"),
		Long:    d.Text.T("answers.example.long"),
		Example: d.Text.T("answers.example.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return d.Examples.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Name = args[0]
			}
			if runF != nil {
				return runF(o)
			}
			return example(d, o)
		},
	}
}

func example(d Deps, o *ExampleOptions) error {
	if o.Name == "" {
		return listExamples(d)
	}
	data, ok := d.Examples.Answers(o.Name)
	if !ok {
		said := d.Text.T("answers.example.unknown", o.Name, strings.Join(d.Examples.Names(), ", "))
		if near := arguments.Nearest(o.Name, d.Examples.Names()); near != "" {
			said += " " + d.Text.T("usage.did-you-mean", near)
		}
		return failure.Usage{Text: said, Hint: "fieldlab answers example"}
	}
	_, err := d.IO.Out.Write(data)
	return err
}

// listExamples shows each example with its summary.
func listExamples(d Deps) error {
	width := 0
	for _, name := range d.Examples.Names() {
		width = max(width, len(name))
	}
	for _, name := range d.Examples.Names() {
		data, _ := d.Examples.Answers(name)
		document, _ := answers.Parse(name, data)
		if _, err := fmt.Fprintf(d.IO.Out, "  %-*s  %s\n", width, name, document.Answers.Component.Title); err != nil {
			return err
		}
	}
	fmt.Fprintln(d.IO.Err, "\n"+d.Text.T("answers.example.more"))
	return nil
}
