package addcmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// entity adds something that is stored.
type entity struct {
	answers.Entity
	title, retention string
	fields           []string
}

func (*entity) kind() grow.Kind                    { return grow.Entity }
func (*entity) words() string                      { return "add.entity." }
func (*entity) arguments() int                     { return 1 }
func (*entity) complete(int) (grow.Kind, []string) { return "", nil }

func (e *entity) flags(d growcmd.Deps, cmd *cobra.Command) {
	flags, t := cmd.Flags(), d.Text
	flags.StringArrayVar(&e.fields, "field", nil, t.T("add.flag.fields"))
	flags.StringVar(&e.Plural, "plural", "", t.T("add.flag.plural"))
	flags.StringVar(&e.title, "title", "", t.T("add.flag.title"))
	flags.StringVar(&e.retention, "retention", "", t.T("add.flag.retention"))
	flags.StringVar(&e.Retention.Source, "retention-source", "", t.T("add.flag.retention-source"))
	_ = cmd.RegisterFlagCompletionFunc("field", func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		name, _, found := strings.Cut(typed, ":")
		if !found {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var words []string
		for _, kind := range fieldtype.Names() {
			words = append(words, name+":"+kind)
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	})
}

func (e *entity) read(b *bench, args []string) {
	said := ""
	if len(args) > 0 {
		said = args[0]
		b.given = append(b.given, "entity.title")
	}
	e.Name, e.Title = b.name(grow.Entity, "", said, e.title, kebab)
	for _, one := range e.fields {
		if f, ok := b.field(one); ok {
			e.Fields = append(e.Fields, f)
		}
	}
	e.Retention.Period = b.period("retention", e.retention)
	b.need("field", true)
	b.answered("title", "entity.title")
	b.answered("plural", "entity.plural")
	b.answered("field", "entity.fields")
	b.answered("retention", "entity.retention")
	b.answered("retention-source", "entity.retention-source")
}

// field reads a field in one word: its name or title, a colon and its type. A
// choice says after another colon from what, and a reference to what.
func (b *bench) field(said string) (f answers.Field, ok bool) {
	title, kind, found := cutLast(said)
	rest := ""
	if head, before, more := cutLast(title); found && more && (before == "enum" || before == "reference") {
		if _, known := fieldtype.Of(kind); !known {
			title, kind, rest = head, before, kind
		}
	}
	if !found {
		b.say("add.field-form", said)
		return f, false
	}
	wrong := len(b.wrong)
	names, err := naming.Of(title)
	if err != nil {
		b.say("add.no-name", title)
		return f, false
	}
	f.Name, f.Type = title, b.typeOf("field", kind)
	if !growcmd.Bare(title) {
		f.Name, f.Title = names.JSON, title
	}
	switch {
	case f.Type == "" && len(b.wrong) == wrong:
		b.say("add.field-form", said)
	case f.Type == "enum":
		for _, value := range strings.Split(rest, ",") {
			if value = strings.TrimSpace(value); value != "" {
				f.Values = append(f.Values, value)
			}
		}
		if len(f.Values) == 0 {
			b.say("add.field-choices", said)
		}
	case f.Type == "reference":
		if f.Entity = b.resolve(grow.Entity, "", rest); rest == "" {
			f.Entity = only(growcmd.Things(b.Answers, grow.Entity, ""))
		}
		if f.Entity == "" && len(b.wrong) == wrong {
			b.say("add.field-refers", said)
		}
	}
	return f, len(b.wrong) == wrong
}

// cutLast cuts around the last colon: one in a title is part of it.
func cutLast(said string) (before, after string, found bool) {
	at := strings.LastIndexByte(said, ':')
	if at < 0 {
		return strings.TrimSpace(said), "", false
	}
	return strings.TrimSpace(said[:at]), strings.TrimSpace(said[at+1:]), true
}

func (e *entity) ask(g wizard.Growth) (err error) {
	e.Entity, err = wizard.AskEntity(g, e.Entity)
	return err
}

func (e *entity) apply(c *growcmd.Component) (growcmd.Change, error) {
	a, notes, err := grow.AddEntity(c.Answers, e.Entity)
	return growcmd.Change{
		Answers: a, Notes: notes, Flags: map[string]string{"plural": "--plural", "fields": "--field", "period": "--retention", "source": "--retention-source"},
		Did: "add.did.entity", Values: []any{growcmd.Called(e.Entity.Title, e.Name)},
	}, err
}
