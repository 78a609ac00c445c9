package growcmd

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// Ref reads which thing a person means: its kind, its name or title, and of
// which entity it is when it is a field. What cannot be is said in words.
func (c *Component) Ref(kind, said, of string) (ref grow.Ref, wrong []string) {
	if kind == "" {
		return ref, nil
	}
	if !slices.Contains(Kinds(), kind) {
		words := c.d.Text.T("grow.no-kind", terminal.Safe(kind), strings.Join(Kinds(), ", "))
		if near := arguments.Nearest(kind, Kinds()); near != "" {
			words += " " + c.d.Text.T("usage.did-you-mean", near)
		}
		return ref, []string{words}
	}
	ref.Kind = grow.Kind(kind)
	if of != "" {
		e, ok := Find(Things(c.Answers, grow.Entity, ""), of)
		if !ok {
			return ref, []string{c.Unknown(grow.Entity, "", of)}
		}
		ref.Of = e.Name
	}
	if ref.Kind != grow.Field {
		ref.Of = ""
	}
	if said == "" {
		return ref, nil
	}
	if ref.Kind == grow.Field && ref.Of == "" {
		return c.fieldRef(ref, said)
	}
	found, ok := Find(Things(c.Answers, ref.Kind, ref.Of), said)
	if !ok {
		wrong = append(wrong, c.Unknown(ref.Kind, ref.Of, said))
	}
	ref.Name = found.Name
	return ref, wrong
}

// fieldRef finds a field of which the entity is not said, or is before a dot.
func (c *Component) fieldRef(ref grow.Ref, said string) (grow.Ref, []string) {
	if entity, field, dotted := strings.Cut(said, "."); dotted {
		if e, ok := Find(Things(c.Answers, grow.Entity, ""), entity); ok {
			ref.Of, said = e.Name, field
		}
	}
	var owners []string
	for _, e := range c.Answers.Register {
		if found, ok := Find(Things(c.Answers, grow.Field, e.Name), said); ok && (ref.Of == "" || ref.Of == e.Name) {
			owners, ref.Name = append(owners, e.Name), found.Name
		}
	}
	switch {
	case len(owners) == 1:
		ref.Of = owners[0]
		return ref, nil
	case len(owners) > 1:
		return ref, []string{c.d.Text.T("grow.which-entity", terminal.Safe(said), strings.Join(owners, ", "), owners[0])}
	}
	if ref.Of == "" && len(c.Answers.Register) > 0 {
		ref.Of = c.Answers.Register[0].Name
	}
	return ref, []string{c.Unknown(grow.Field, ref.Of, said)}
}

// Missing names the arguments that are not there.
func (c *Component) Missing(args []string) (missing []string) {
	for i, place := range []string{c.d.Text.T("grow.place.kind", strings.Join(Kinds(), ", ")), c.d.Text.T("grow.place.name")} {
		if args[i] == "" {
			missing = append(missing, place)
		}
	}
	return missing
}

// MissingTo names the flag that says where a step leads.
func (c *Component) MissingTo(step string) string {
	if len(c.Ways(step)) == 0 {
		return c.d.Text.T("grow.place.to-end")
	}
	return c.d.Text.T("grow.place.to", strings.Join(c.Ways(step), ", "))
}

// Complaint is everything that is wrong or missing.
func (c *Component) Complaint(o *Options, wrong, missing []string) error {
	lines := slices.Clone(wrong)
	if len(missing) > 0 {
		lines = append(lines, c.d.Text.T("grow.missing"))
	}
	for _, one := range missing {
		lines = append(lines, "  "+one)
	}
	return failure.Usage{Text: strings.Join(lines, "\n"), Hint: help(o)}
}

// AskKind asks what it is about.
func (c *Component) AskKind(g wizard.Growth, kind grow.Kind) (grow.Kind, error) {
	if kind != "" {
		return kind, nil
	}
	var kinds []grow.Kind
	var labels []string
	for _, name := range Kinds() {
		kind := grow.Kind(name)
		if kind == grow.Field && len(c.Answers.Register) > 0 || len(Things(c.Answers, kind, "")) > 0 {
			kinds, labels = append(kinds, kind), append(labels, Word(c.d, kind))
		}
	}
	chosen, err := wizard.Choose(g, wizard.Question{Ask: c.d.Text.T("grow.ask.kind"), Help: c.d.Text.T("grow.ask.kind-help")}, labels)
	if err != nil {
		return "", err
	}
	return kinds[chosen], nil
}

// Word is what people call a kind.
func Word(d Deps, kind grow.Kind) string { return d.Text.T("grow.kind." + string(kind)) }

// Stopped says why a conversation about a kind came to nothing.
func (c *Component) Stopped(kind grow.Kind, err error) error {
	if errors.As(err, new(wizard.Empty)) {
		return failure.Usage{Text: c.d.Text.T("grow.none", Word(c.d, kind))}
	}
	return Stopped(c.d, err)
}

// Ways are the steps that can follow a step, but for itself.
func (c *Component) Ways(name string) (ways []string) {
	at := slices.IndexFunc(c.Answers.Process.Steps, func(st answers.Step) bool { return st.Name == name })
	if at < 0 {
		return nil
	}
	st := c.Answers.Process.Steps[at]
	add := func(next string) {
		if next != "" && next != name && !slices.Contains(ways, next) {
			ways = append(ways, next)
		}
	}
	add(st.Next)
	for _, o := range st.Outcomes {
		add(o.Next)
	}
	return ways
}

// Columns are what a removal leaves in the database, as decisions name it.
func (c *Component) Columns(ref grow.Ref) []string {
	switch ref.Kind {
	case grow.Field:
		return []string{ref.Of + "." + ref.Name}
	case grow.Entity:
		return []string{ref.Name}
	}
	return nil
}

// Named reads a new name: as the file has it, or the title from which it follows.
func (c *Component) Named(ref grow.Ref, said, title string) (name, called string, wrong []string) {
	spelling := func(n naming.Names) string { return n.Path }
	if ref.Kind == grow.Field {
		spelling = func(n naming.Names) string { return n.JSON }
	}
	if said == "" { // only another title
		return ref.Name, title, nil
	}
	names, err := naming.Of(said)
	if err != nil {
		return "", "", []string{c.d.Text.T("add.no-name", terminal.Safe(said))}
	}
	if name, called = said, title; !Bare(said) {
		if name = spelling(names); called == "" {
			called = said
		}
	}
	others := slices.DeleteFunc(Things(c.Answers, ref.Kind, ref.Of), func(x Thing) bool { return x.Name == ref.Name })
	if other, taken := Find(others, name); taken {
		wrong = append(wrong, c.Exists(ref.Kind, other))
	}
	return name, called, wrong
}

// Exists says that there is one of that name already.
func (c *Component) Exists(kind grow.Kind, other Thing) string {
	return c.d.Text.T("add.exists", c.d.Text.T("update.kind."+string(kind)), terminal.Safe(other.Title), terminal.Safe(other.Name))
}

// Bare says whether something is written as names are: in one word and with a
// small letter.
func Bare(said string) bool {
	first := []rune(said)[0]
	return !strings.ContainsFunc(said, unicode.IsSpace) && !unicode.IsUpper(first)
}

// CompleteRef completes a kind, and the name of what there is of it.
func CompleteRef(d Deps, cmd *cobra.Command, args []string) ([]string, cobra.ShellCompDirective) {
	switch len(args) {
	case 0:
		return Kinds(), cobra.ShellCompDirectiveNoFileComp
	case 1:
		of, _ := cmd.Flags().GetString("of")
		return Complete(d, cmd, grow.Kind(args[0]), of)
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}
