package addcmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// step adds a step to the process.
type step struct {
	wizard.NewStep
	kindOf, after, role, title, help, source, operation, next, term, result string
	fields, outcomes, inputs                                                []string
}

func (*step) kind() grow.Kind                    { return grow.Step }
func (*step) words() string                      { return "add.step." }
func (*step) arguments() int                     { return 1 }
func (*step) complete(int) (grow.Kind, []string) { return "", nil }

// stepKinds are the words of the answers file.
var stepKinds = []string{"form", "lookup", "decide", "task", "end"}

func (st *step) flags(d growcmd.Deps, cmd *cobra.Command) {
	flags, t := cmd.Flags(), d.Text
	flags.StringVar(&st.kindOf, "kind", "", t.T("add.flag.kind"))
	flags.StringVar(&st.after, "after", "", t.T("add.flag.after"))
	flags.StringVar(&st.role, "role", "", t.T("add.flag.role"))
	flags.StringVar(&st.title, "title", "", t.T("add.flag.title"))
	flags.StringVar(&st.help, "help-text", "", t.T("add.flag.help-text"))
	flags.StringArrayVar(&st.fields, "field", nil, t.T("add.flag.step-fields"))
	flags.StringVar(&st.source, "source", "", t.T("add.flag.source"))
	flags.StringVar(&st.operation, "operation", "", t.T("add.flag.operation"))
	flags.StringArrayVar(&st.inputs, "input", nil, t.T("add.flag.input"))
	flags.StringArrayVar(&st.outcomes, "outcome", nil, t.T("add.flag.outcome"))
	flags.StringVar(&st.next, "next", "", t.T("add.flag.next"))
	flags.StringVar(&st.term, "term", "", t.T("add.flag.term"))
	flags.StringVar(&st.result, "result", "", t.T("add.flag.result"))
	_ = cmd.RegisterFlagCompletionFunc("kind", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var words []string
		for _, kind := range stepKinds {
			words = append(words, kind+"\t"+t.T("wizard.kind."+kind))
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	})
	_ = cmd.RegisterFlagCompletionFunc("field", growcmd.Completion(d, grow.Field))
	for flag, kind := range map[string]grow.Kind{"after": grow.Step, "next": grow.Step, "role": grow.Role, "source": grow.Source} {
		_ = cmd.RegisterFlagCompletionFunc(flag, growcmd.Completion(d, kind))
	}
}

func (st *step) read(b *bench, args []string) {
	said := ""
	if len(args) > 0 {
		said = args[0]
		b.given = append(b.given, "step.title")
	}
	st.Step = answers.Step{Kind: st.kindOf, Help: st.help, Operation: st.operation, Result: st.result}
	st.Step.Name, st.Step.Title = b.name(grow.Step, "", said, st.title, kebab)
	if st.Step.Title == "" && st.Step.Name != "" {
		st.Step.Title = growcmd.Titled(st.Step.Name)
	}
	b.oneOf("kind", st.kindOf, stepKinds)
	st.place(b)
	st.Step.Role = b.resolve(grow.Role, "", st.role)
	st.Step.Source = b.resolve(grow.Source, "", st.source)
	st.Step.Next = b.resolve(grow.Step, "", st.next)
	st.Step.Term = b.period("term", st.term)
	for _, name := range st.fieldsOf(b) {
		st.Step.Fields = append(st.Step.Fields, answers.StepField{Name: name})
	}
	st.pairs(b)
	st.demand(b)
}

// place reads after which step it comes, and behind which outcome of that.
func (st *step) place(b *bench) {
	after, outcome, _ := strings.Cut(st.after, ":")
	if st.after == "" {
		return
	}
	st.After = b.resolve(grow.Step, "", after)
	at := slices.IndexFunc(b.Answers.Process.Steps, func(other answers.Step) bool { return other.Name == st.After })
	if at < 0 {
		return
	}
	var names []string
	for _, o := range b.Answers.Process.Steps[at].Outcomes {
		names = append(names, o.Name)
	}
	isEnd := st.kindOf == "end"
	switch {
	case outcome != "":
		if names, err := naming.Of(outcome); err == nil {
			outcome = kebab(names)
		}
		if st.Outcome = outcome; !slices.Contains(names, outcome) && !(isEnd && b.Answers.Process.Steps[at].Kind == "decide") {
			b.say("add.no-outcome", outcome, st.After, strings.Join(names, ", "))
		}
	case isEnd && b.Answers.Process.Steps[at].Kind == "decide":
		b.say("add.end-outcome", st.After, st.Step.Name)
	case len(b.Ways(st.After)) > 1:
		b.say("add.which-outcome", st.After, strings.Join(names, ", "), names[0])
	}
}

// fieldsOf are fields of what the process is about.
func (st *step) fieldsOf(b *bench) []string {
	return b.resolveAll(grow.Field, b.Answers.Process.Subject, st.fields)
}

// pairs reads outcomes and where the question to a source gets its values.
func (st *step) pairs(b *bench) {
	for _, one := range st.outcomes {
		name, next, ok := strings.Cut(one, "=")
		names, err := naming.Of(name)
		if !ok || err != nil {
			b.say("add.outcome-form", one)
			continue
		}
		if next = b.resolve(grow.Step, "", next); next != "" {
			st.Step.Outcomes = append(st.Step.Outcomes, answers.Outcome{Name: kebab(names), Next: next})
		}
	}
	for _, one := range st.inputs {
		parameter, from, ok := strings.Cut(one, "=")
		if !ok || parameter == "" || from == "" {
			b.say("add.input-form", one)
			continue
		}
		if st.Step.Input == nil {
			st.Step.Input = map[string]string{}
		}
		st.Step.Input[parameter] = from
	}
}

// demand fills in what there is one of, and notes what is missing.
func (st *step) demand(b *bench) {
	kind := st.kindOf
	if kind == "form" || kind == "decide" || kind == "task" {
		if st.Step.Role == "" && st.role == "" {
			st.Step.Role = only(growcmd.Things(b.Answers, grow.Role, ""))
		}
		b.need("role", st.Step.Role == "")
	}
	if kind == "lookup" && st.source == "" {
		st.Step.Source = only(growcmd.Things(b.Answers, grow.Source, ""))
		b.need("source", st.Step.Source == "")
	}
	b.need("kind", true)
	b.need("after", true)
	b.need("field", kind == "form")
	b.need("outcome", kind == "decide")
	for flag, question := range map[string]string{
		"title": "step.title", "kind": "step.kind", "role": "step.role", "help-text": "step.help", "field": "step.fields", "source": "step.source",
		"operation": "step.operation", "input": "step.input", "outcome": "step.outcomes", "next": "step.next", "term": "step.term", "result": "step.result",
	} {
		b.answered(flag, question)
	}
	b.answered("after", "step.after", "step.outcome", "outcome.name")
}

func (st *step) ask(g wizard.Growth) (err error) {
	g.Given = append(g.Given, "step.next") // it leads to what came after the step before
	st.NewStep, err = wizard.AskStep(g, st.NewStep)
	return err
}

func (st *step) apply(c *growcmd.Component) (growcmd.Change, error) {
	a, notes, err := grow.AddStep(c.Answers, st.Step, st.After, st.Outcome)
	if err != nil {
		a, err = st.imagined(c.Answers, err)
	}
	return growcmd.Change{
		Answers: a, Notes: notes,
		Flags: map[string]string{
			"kind": "--kind", "role": "--role", "fields": "--field", "source": "--source", "operation": "--operation", "input": "--input",
			"outcomes": "--outcome", "next": "--next", "term": "--term", "result": "--result",
		},
		Did: "add.did.step", Values: []any{growcmd.Called(st.Step.Title, st.Step.Name), c.Title(grow.Step, "", st.After)},
	}, err
}

// imagined are the answers with the step in them, to which what is wrong belongs:
// as long as it is in no place, package grow counts it as the last one.
func (st *step) imagined(a answers.Answers, err error) (answers.Answers, error) {
	last, at := len(a.Process.Steps), len(a.Process.Steps)
	if st.Step.Kind != "end" {
		at = slices.IndexFunc(a.Process.Steps, func(other answers.Step) bool { return other.Name == st.After }) + 1
	}
	a.Process.Steps = slices.Insert(slices.Clone(a.Process.Steps), at, st.Step)
	var list problem.List
	if !errors.As(err, &list) {
		return a, err
	}
	list = slices.Clone(list)
	for i := range list {
		if rest, ok := strings.CutPrefix(list[i].Key, fmt.Sprintf("process.steps[%d]", last)); ok {
			list[i].Key = fmt.Sprintf("process.steps[%d]", at) + rest
		}
	}
	return a, list
}
