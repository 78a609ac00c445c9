// Package addcmd is `fieldlab add`: a field, a step, a role and their like come
// in a component that is there already, without losing a line of it.
package addcmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// New builds the command.
func New(d growcmd.Deps) *cobra.Command {
	cmd := &cobra.Command{
		Use: "add", Short: d.Text.T("add.short"), Long: d.Text.T("add.long"), Example: d.Text.T("add.example"),
		Args: arguments.Subcommand(d.Text),
		RunE: func(cmd *cobra.Command, _ []string) error { return choose(d, cmd) },
	}
	for _, j := range []job{&field{}, &entity{}, &step{}, &role{}, &source{}, &activity{}} {
		cmd.AddCommand(newKind(d, j))
	}
	return cmd
}

// choose asks what has to be added, and goes on as if that was said.
func choose(d growcmd.Deps, cmd *cobra.Command) error {
	if !d.IO.CanAsk() {
		return cmd.Help()
	}
	prompter, err := wizard.NewPrompter(cmd.Context(), d.IO, d.Text)
	if err != nil {
		return growcmd.Stopped(d, err)
	}
	var labels []string
	for _, kind := range growcmd.Kinds() {
		labels = append(labels, growcmd.Word(d, grow.Kind(kind)))
	}
	g := wizard.Growth{IO: d.IO, Text: d.Text, Prompter: prompter}
	chosen, err := wizard.Choose(g, wizard.Question{Ask: d.Text.T("add.ask.kind"), Help: d.Text.T("grow.ask.kind-help")}, labels)
	if err != nil {
		return growcmd.Stopped(d, err)
	}
	sub, _, err := cmd.Find([]string{growcmd.Kinds()[chosen]})
	if err != nil {
		return err
	}
	sub.SetContext(cmd.Context())
	return sub.RunE(sub, nil)
}

// job is one kind of thing that can be added.
type job interface {
	kind() grow.Kind
	words() string                                      // what its texts begin with
	arguments() int                                     // how many there can be
	flags(d growcmd.Deps, cmd *cobra.Command)           // its own
	complete(at int) (kind grow.Kind, words []string)   // of an argument
	read(b *bench, args []string)                       // what the command line says
	ask(g wizard.Growth) error                          // the rest
	apply(c *growcmd.Component) (growcmd.Change, error) // the answers with the thing in them
}

// bench is where the command line is held against the answers.
type bench struct {
	*growcmd.Component
	d     growcmd.Deps
	flags *pflag.FlagSet

	wrong   []string // what cannot be, in words
	missing []string // flags, and names of arguments
	hints   []string // how it need not be missing
	given   []string // questions that need not be asked
}

// names of the arguments, as in the line that shows how to use the command
var places = map[string]string{"ENTITY": "add.place.entity", "NAME": "add.place.name"}

func newKind(d growcmd.Deps, j job) *cobra.Command {
	o, kind, key := &growcmd.Options{}, string(j.kind()), j.words()
	cmd := &cobra.Command{
		Use: kind + " " + d.Text.T(key+"use"), Short: d.Text.T(key + "short"), Long: d.Text.T(key + "long"), Example: d.Text.T(key + "example"),
		Args: arguments.Between(d.Text, 0, j.arguments()),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			other, words := j.complete(len(args))
			if other != "" {
				return growcmd.Complete(d, cmd, other, "")
			}
			return words, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Command, o.Whole = cmd.CommandPath(), growcmd.Typed(cmd, args)
			return run(cmd.Context(), d, o, cmd.Flags(), j, args)
		},
	}
	j.flags(d, cmd)
	o.Flags(d, cmd, "set-default")
	return cmd
}

func run(ctx context.Context, d growcmd.Deps, o *growcmd.Options, flags *pflag.FlagSet, j job, args []string) error {
	c, err := growcmd.Open(ctx, d, o)
	if err != nil {
		return err
	}
	defer c.Close()
	b := &bench{Component: c, d: d, flags: flags}
	j.read(b, args)
	ask := len(b.missing) > 0 && len(b.wrong) == 0 && d.IO.CanAsk() && !o.JSON
	if ask {
		if err := converse(ctx, b, j); err != nil {
			return err
		}
		o.Confirm = true
	} else if len(b.wrong)+len(b.missing) > 0 {
		return failure.Usage{Text: b.complaint(), Hint: o.Command + " --help"}
	}
	change, err := j.apply(c)
	if err != nil {
		return c.Refused(o, change, err)
	}
	return c.Apply(ctx, o, change)
}

// converse asks what the command line does not say.
func converse(ctx context.Context, b *bench, j job) error {
	g, err := b.Ask(ctx, b.given)
	if err != nil {
		return err
	}
	return growcmd.Stopped(b.d, j.ask(g))
}

// complaint is everything that is wrong, and everything that is missing.
func (b *bench) complaint() string {
	lines := b.wrong
	if len(b.missing) > 0 {
		lines = append(lines, b.d.Text.T("add.missing"))
	}
	for _, name := range b.missing {
		if place, ok := places[name]; ok {
			lines = append(lines, "  "+b.d.Text.T(place))
			continue
		}
		flag := b.flags.Lookup(name)
		value, usage := pflag.UnquoteUsage(flag)
		lines = append(lines, "  --"+name+" "+value+"  "+usage)
	}
	return strings.Join(append(lines, b.hints...), "\n")
}

// changed says whether a flag was given.
func (b *bench) changed(name string) bool { return b.flags.Changed(name) }

// answered notes the questions that a flag answers.
func (b *bench) answered(flag string, questions ...string) {
	if b.changed(flag) {
		b.given = append(b.given, questions...)
	}
}

// need notes a flag without which there is no answer.
func (b *bench) need(flag string, when bool) {
	if when && !b.changed(flag) {
		b.missing = append(b.missing, flag)
	}
}

// say notes what cannot be.
func (b *bench) say(key string, values ...any) {
	for i, value := range values {
		if words, ok := value.(string); ok {
			values[i] = terminal.Safe(words)
		}
	}
	b.wrong = append(b.wrong, b.d.Text.T(key, values...))
}

// resolve finds what is meant, or notes that there is none.
func (b *bench) resolve(kind grow.Kind, of, said string) string {
	if said == "" {
		return ""
	}
	found, ok := growcmd.Find(growcmd.Things(b.Answers, kind, of), said)
	if !ok {
		b.wrong = append(b.wrong, b.Unknown(kind, of, said))
	}
	return found.Name
}

// resolveAll does so for a list.
func (b *bench) resolveAll(kind grow.Kind, of string, said []string) []string {
	var names []string
	for _, one := range said {
		if name := b.resolve(kind, of, one); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// one of a few words.
func (b *bench) oneOf(flag, said string, words []string) {
	for _, word := range words {
		if said == word || said == "" {
			return
		}
	}
	words = append([]string{}, words...)
	line := b.d.Text.T("add.not-one-of", "--"+flag, terminal.Safe(said), strings.Join(words, ", "))
	if near := arguments.Nearest(said, words); near != "" {
		line += " " + b.d.Text.T("usage.did-you-mean", near)
	}
	b.wrong = append(b.wrong, line)
}

// name reads what a person calls a new thing: a name as the file has it, or the
// title from which the name follows.
func (b *bench) name(kind grow.Kind, of, said, title string, spelling func(naming.Names) string) (name, called string) {
	said = strings.TrimSpace(said)
	if said == "" {
		b.missing = append(b.missing, "NAME")
		return "", title
	}
	names, err := naming.Of(said)
	if err != nil {
		b.say("add.no-name", said)
		return "", title
	}
	if name, called = said, title; !growcmd.Bare(said) {
		name = spelling(names)
		if called == "" {
			called = said
		}
	}
	if other, taken := growcmd.Find(growcmd.Things(b.Answers, kind, of), name); taken {
		b.wrong = append(b.wrong, b.Exists(kind, other))
	}
	return name, called
}

func kebab(n naming.Names) string { return n.Path }
func camel(n naming.Names) string { return n.JSON }

// period reads how people say how long something takes.
func (b *bench) period(flag, said string) string {
	period := wizard.Period(said)
	if said != "" && period == "" {
		b.say("add.no-period", "--"+flag, said)
	}
	return period
}

// only is the one thing of its kind, or "".
func only(things []growcmd.Thing) string {
	if len(things) == 1 {
		return things[0].Name
	}
	return ""
}
