package addcmd

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// activity adds a processing activity.
type activity struct {
	answers.Activity
	title, retention string
}

func (*activity) kind() grow.Kind                    { return grow.Activity }
func (*activity) words() string                      { return "add.activity." }
func (*activity) arguments() int                     { return 1 }
func (*activity) complete(int) (grow.Kind, []string) { return "", nil }

func (v *activity) flags(d growcmd.Deps, cmd *cobra.Command) {
	flags, t := cmd.Flags(), d.Text
	flags.StringVar(&v.Purpose, "purpose", "", t.T("add.flag.purpose"))
	flags.StringVar(&v.Basis, "basis", "", t.T("add.flag.basis"))
	flags.StringVar(&v.Explanation, "explanation", "", t.T("add.flag.explanation"))
	flags.StringVar(&v.retention, "retention", "", t.T("add.flag.retention"))
	flags.StringVar(&v.title, "title", "", t.T("add.flag.title"))
	_ = cmd.RegisterFlagCompletionFunc("basis", growcmd.Fixed(wizard.Bases()...))
}

func (v *activity) read(b *bench, args []string) {
	said := ""
	if len(args) > 0 {
		said = args[0]
		b.given = append(b.given, "activity.title")
	}
	v.Name, v.Title = b.name(grow.Activity, "", said, v.title, kebab)
	b.oneOf("basis", v.Basis, slices.Clone(wizard.Bases()))
	v.Retention = b.period("retention", v.retention)
	b.need("purpose", true)
	b.need("basis", true)
	b.answered("title", "activity.title")
	b.answered("purpose", "purpose")
	b.answered("basis", "basis")
	b.answered("explanation", "law")
}

func (v *activity) ask(g wizard.Growth) (err error) {
	v.Activity, err = wizard.AskActivity(g, v.Activity)
	return err
}

func (v *activity) apply(c *growcmd.Component) (growcmd.Change, error) {
	a, notes, err := grow.AddActivity(c.Answers, v.Activity)
	return growcmd.Change{
		Answers: a, Notes: notes, Flags: map[string]string{"purpose": "--purpose", "basis": "--basis", "explanation": "--explanation", "retention": "--retention"},
		Did: "add.did.activity", Values: []any{growcmd.Called(v.Activity.Title, v.Name)},
	}, err
}
