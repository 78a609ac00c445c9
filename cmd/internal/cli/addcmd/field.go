package addcmd

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// field adds a field.
type field struct {
	wizard.NewField
	typeName, title, help, standard, example, refersTo string
	min, max, maxLength                                string
	required                                           bool
	values, forms                                      []string
}

func (*field) kind() grow.Kind { return grow.Field }
func (*field) words() string   { return "add.field." }
func (*field) arguments() int  { return 2 }

func (*field) complete(at int) (grow.Kind, []string) {
	if at == 0 {
		return grow.Entity, nil
	}
	return "", nil
}

func (f *field) flags(d growcmd.Deps, cmd *cobra.Command) {
	flags, t := cmd.Flags(), d.Text
	flags.StringVar(&f.typeName, "type", "", t.T("add.flag.type"))
	flags.StringVar(&f.title, "title", "", t.T("add.flag.title"))
	flags.StringVar(&f.help, "help-text", "", t.T("add.flag.help-text"))
	flags.BoolVar(&f.required, "required", false, t.T("add.flag.required"))
	flags.StringVar(&f.standard, "default", "", t.T("add.flag.default"))
	flags.StringArrayVar(&f.values, "value", nil, t.T("add.flag.value"))
	flags.StringVar(&f.refersTo, "refers-to", "", t.T("add.flag.refers-to"))
	flags.StringVar(&f.min, "min", "", t.T("add.flag.min"))
	flags.StringVar(&f.max, "max", "", t.T("add.flag.max"))
	flags.StringVar(&f.maxLength, "max-length", "", t.T("add.flag.max-length"))
	flags.StringVar(&f.example, "example", "", t.T("add.flag.example"))
	flags.StringArrayVar(&f.forms, "form", nil, t.T("add.flag.form"))
	_ = cmd.RegisterFlagCompletionFunc("type", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var words []string
		for _, name := range fieldtype.Names() {
			words = append(words, name+"\t"+t.T("wizard.type."+name))
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	})
	_ = cmd.RegisterFlagCompletionFunc("refers-to", growcmd.Completion(d, grow.Entity))
	_ = cmd.RegisterFlagCompletionFunc("form", growcmd.Completion(d, grow.Step))
}

func (f *field) read(b *bench, args []string) {
	entities := growcmd.Things(b.Answers, grow.Entity, "")
	if len(entities) == 0 {
		b.say("add.no-entity")
		return
	}
	said := ""
	switch {
	case len(args) == 2:
		f.Entity, said = b.resolve(grow.Entity, "", args[0]), args[1]
	case len(args) == 1 && len(entities) == 1: // the entity need not be named
		if e, ok := growcmd.Find(entities, args[0]); ok {
			f.Entity = e.Name
		} else {
			f.Entity, said = entities[0].Name, args[0]
		}
	case len(args) == 1:
		f.Entity = b.resolve(grow.Entity, "", args[0])
	default:
		f.Entity = only(entities)
	}
	if f.Entity == "" && len(args) == 0 {
		b.missing = append(b.missing, "ENTITY")
	} else {
		b.given = append(b.given, "field.of")
	}
	f.Field = answers.Field{Type: f.typeName, Required: f.required, Help: f.help, Values: f.values, Default: f.standard, Example: f.example}
	f.Field.Name, f.Field.Title = b.name(grow.Field, f.Entity, said, f.title, camel)
	if said != "" {
		b.given = append(b.given, "field.title")
	}
	f.Field.Type = b.typeOf("type", f.typeName)
	f.numbers(b)
	f.Field.Entity = b.resolve(grow.Entity, "", f.refersTo)
	if f.Field.Type == "reference" && f.Field.Entity == "" && len(b.wrong) == 0 {
		f.Field.Entity = only(entities)
	}
	f.Forms = b.resolveAll(grow.Step, "", f.forms)
	b.need("type", true)
	b.need("value", f.Field.Type == "enum")
	b.need("refers-to", f.Field.Type == "reference" && f.Field.Entity == "")
	f.answered(b)
}

// answered notes which questions need not be asked.
func (f *field) answered(b *bench) {
	for flag, question := range map[string]string{
		"title": "field.title", "type": "field.type", "value": "field.values", "refers-to": "field.entity", "required": "field.required",
		"min": "field.negative", "form": "field.forms",
	} {
		b.answered(flag, question)
	}
	for _, flag := range []string{"help-text", "min", "max", "max-length", "default", "example"} { // who gives one of these knows of the others
		b.answered(flag, "field.more", "field.help", "field.min", "field.max", "field.max-length", "field.default", "field.example-value")
	}
}

// numbers reads the bounds.
func (f *field) numbers(b *bench) {
	for flag, bound := range map[string]struct {
		said  string
		place **float64
	}{"min": {f.min, &f.Field.Min}, "max": {f.max, &f.Field.Max}} {
		if n, err := fieldtype.ReadNumber(bound.said); err == nil {
			*bound.place = &n
		} else if bound.said != "" {
			b.say("add.no-number", "--"+flag, bound.said)
		}
	}
	if n, err := fieldtype.ReadWhole(f.maxLength); err == nil {
		f.Field.MaxLength = &n
	} else if f.maxLength != "" {
		b.say("add.no-number", "--max-length", f.maxLength)
	}
}

// typeOf reads the type of a field. Who says what it is in another word is told
// which one is meant.
func (b *bench) typeOf(flag, said string) string {
	if _, known := fieldtype.Of(said); known || said == "" {
		return said
	}
	var near []string
	for _, name := range fieldtype.Names() {
		words := strings.FieldsFunc(strings.ToLower(b.d.Text.T("wizard.type."+name)+" "+b.d.Text.T("wizard.find."+name)), func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' })
		if slices.Contains(words, strings.ToLower(said)) {
			near = append(near, name)
		}
	}
	line := b.d.Text.T("add.not-one-of", "--"+flag, terminal.Safe(said), strings.Join(fieldtype.Names(), ", "))
	if one := arguments.Nearest(said, fieldtype.Names()); one != "" {
		near = []string{one}
	}
	if len(near) > 0 {
		line += " " + b.d.Text.T("usage.did-you-mean", strings.Join(near, ", "))
	}
	b.wrong = append(b.wrong, line)
	return ""
}

func (f *field) ask(g wizard.Growth) (err error) {
	f.NewField, err = wizard.AskField(g, f.NewField)
	return err
}

// fieldFlags are the flags that give the answers of a field.
var fieldFlags = map[string]string{
	"type": "--type", "values": "--value", "default": "--default", "min": "--min", "max": "--max", "maxLength": "--max-length",
	"example": "--example", "entity": "--refers-to",
}

func (f *field) apply(c *growcmd.Component) (growcmd.Change, error) {
	a, notes, err := grow.AddField(c.Answers, f.Entity, f.Field, f.Forms)
	title := f.Field.Title
	if title == "" {
		title = growcmd.Titled(f.Field.Name)
	}
	return growcmd.Change{
		Answers: a, Notes: notes, Flags: maps.Clone(fieldFlags),
		Did: "add.did.field", Values: []any{title, c.Title(grow.Entity, "", f.Entity)},
	}, err
}
