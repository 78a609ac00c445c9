package addcmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// source adds a source.
type source struct {
	answers.Source
	title, reason, activity string
	operations, fields      []string
}

func (*source) kind() grow.Kind                    { return grow.Source }
func (*source) words() string                      { return "add.source." }
func (*source) arguments() int                     { return 1 }
func (*source) complete(int) (grow.Kind, []string) { return "", catalogue.Names() }

func (x *source) flags(d growcmd.Deps, cmd *cobra.Command) {
	flags, t := cmd.Flags(), d.Text
	flags.StringVar(&x.Catalogue, "catalogue", "", t.T("add.flag.catalogue"))
	flags.StringVar(&x.OpenAPI, "openapi", "", t.T("add.flag.openapi"))
	flags.StringArrayVar(&x.operations, "operation", nil, t.T("add.flag.operations"))
	flags.StringArrayVar(&x.fields, "field", nil, t.T("add.flag.source-fields"))
	flags.StringVar(&x.activity, "activity", "", t.T("add.flag.activity"))
	flags.StringVar(&x.reason, "reason", "", t.T("add.flag.reason"))
	flags.StringVar(&x.title, "title", "", t.T("add.flag.title"))
	flags.StringVar(&x.Provider.Name, "provider", "", t.T("add.flag.provider"))
	flags.StringVar(&x.Provider.OIN, "provider-oin", "", t.T("add.flag.provider-oin"))
	_ = cmd.RegisterFlagCompletionFunc("catalogue", growcmd.Fixed(catalogue.Names()...))
	_ = cmd.RegisterFlagCompletionFunc("activity", growcmd.Completion(d, grow.Activity))
	_ = cmd.RegisterFlagCompletionFunc("operation", func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		name, _ := cmd.Flags().GetString("catalogue")
		if name == "" && len(args) > 0 {
			name = args[0]
		}
		var words []string
		if e, ok := catalogue.Find(name); ok {
			for _, op := range e.Operations {
				words = append(words, op.Name+"\t"+op.About)
			}
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	})
}

func (x *source) read(b *bench, args []string) {
	said := ""
	if len(args) > 0 {
		said = args[0]
	}
	b.oneOf("catalogue", x.Catalogue, catalogue.Names())
	if _, known := catalogue.Find(said); known && x.OpenAPI == "" && x.Catalogue == "" {
		x.Catalogue = said
	}
	if said == "" {
		said = x.Catalogue
	}
	x.Name, x.Source.Title = b.name(grow.Source, "", said, x.title, kebab)
	for _, name := range x.operations {
		x.Operations = append(x.Operations, answers.Operation{Name: name})
	}
	x.Purpose = answers.Purpose{Activity: b.resolve(grow.Activity, "", x.activity), Fields: x.fields}
	if x.activity == "" {
		x.Purpose.Activity = only(growcmd.Things(b.Answers, grow.Activity, ""))
	}
	own := x.Catalogue == "" && x.Name != ""
	if x.Catalogue != "" {
		x.Source = wizard.Catalogued(b.Answers, x.Source)
	}
	x.operationsOf(b)
	b.need("activity", x.Purpose.Activity == "" && x.activity == "")
	b.need("operation", own)
	b.need("field", own)
	if own && x.OpenAPI == "" && !(b.changed("operation") && b.changed("field")) {
		b.hints = append(b.hints, b.d.Text.T("add.source-unknown", terminal.Safe(said), strings.Join(catalogue.Names(), ", ")))
	}
	if x.reason != "" {
		wizard.WithReasons(&x.Source, x.reason)
	}
	if x.Name != "" {
		b.given = append(b.given, "source.kind", "source.title")
	}
	for flag, question := range map[string]string{"provider": "source.provider", "provider-oin": "source.provider-oin", "openapi": "source.openapi", "activity": "source.activity", "reason": "source.reasons"} {
		b.answered(flag, question)
	}
	b.answered("operation", "source.operation", "source.operations")
	b.answered("field", "source.fields", "source.own-fields")
}

// operationsOf says which questions the catalogue has, when another one is named.
func (x *source) operationsOf(b *bench) {
	e, ok := catalogue.Find(x.Catalogue)
	if !ok {
		return
	}
	var names []string
	for _, op := range e.Operations {
		names = append(names, op.Name)
	}
	for _, name := range x.operations {
		if !slices.Contains(names, name) {
			b.oneOf("operation", name, names)
		}
	}
}

func (x *source) ask(g wizard.Growth) (err error) {
	x.Source, err = wizard.AskSource(g, x.Source)
	return err
}

func (x *source) apply(c *growcmd.Component) (growcmd.Change, error) {
	a, notes, err := grow.AddSource(c.Answers, x.Source)
	title := x.Source.Title
	if e, ok := catalogue.Find(x.Catalogue); ok && title == "" {
		title = e.Title
	}
	return growcmd.Change{
		Answers: a, Notes: notes,
		Flags: map[string]string{"openapi": "--openapi", "operations": "--operation", "fields": "--field", "activity": "--activity", "reasons": "--reason", "oin": "--provider-oin"},
		Did:   "add.did.source", Values: []any{growcmd.Called(title, x.Name)},
	}, err
}
