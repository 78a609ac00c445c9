package addcmd

import (
	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// role adds a role.
type role struct {
	answers.Role
	title string
}

func (*role) kind() grow.Kind                    { return grow.Role }
func (*role) words() string                      { return "add.role." }
func (*role) arguments() int                     { return 1 }
func (*role) complete(int) (grow.Kind, []string) { return "", nil }

// audiences and rights are the words of the answers file.
var (
	audiences = []string{"citizen", "company", "employee"}
	rights    = []string{"inzage", "archief"}
)

func (r *role) flags(d growcmd.Deps, cmd *cobra.Command) {
	flags, t := cmd.Flags(), d.Text
	flags.StringVar(&r.Audience, "audience", "", t.T("add.flag.audience"))
	flags.StringVar(&r.title, "title", "", t.T("add.flag.title"))
	flags.BoolVar(&r.Anonymous, "anonymous", false, t.T("add.flag.anonymous"))
	flags.StringArrayVar(&r.Rights, "right", nil, t.T("add.flag.right"))
	_ = cmd.RegisterFlagCompletionFunc("audience", growcmd.Fixed(audiences...))
	_ = cmd.RegisterFlagCompletionFunc("right", growcmd.Fixed(rights...))
}

func (r *role) read(b *bench, args []string) {
	said := ""
	if len(args) > 0 {
		said = args[0]
		b.given = append(b.given, "role.title")
	}
	r.Name, r.Title = b.name(grow.Role, "", said, r.title, kebab)
	b.oneOf("audience", r.Audience, audiences)
	for _, right := range r.Rights {
		b.oneOf("right", right, rights)
	}
	b.need("audience", true)
	b.answered("title", "role.title")
	b.answered("audience", "role.audience")
	b.answered("anonymous", "role.anonymous")
}

func (r *role) ask(g wizard.Growth) (err error) {
	r.Role, err = wizard.AskRole(g, r.Role)
	return err
}

func (r *role) apply(c *growcmd.Component) (growcmd.Change, error) {
	a, notes, err := grow.AddRole(c.Answers, r.Role)
	return growcmd.Change{
		Answers: a, Notes: notes, Flags: map[string]string{"audience": "--audience", "anonymous": "--anonymous"},
		Did: "add.did.role", Values: []any{growcmd.Called(r.Role.Title, r.Name)},
	}, err
}
