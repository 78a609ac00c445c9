package growcmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// Kinds are the words for what can be added, renamed and removed.
func Kinds() (words []string) {
	for _, kind := range grow.Kinds() {
		words = append(words, string(kind))
	}
	return words
}

// Thing is something in the answers that a person can mean: by its name or by
// its title.
type Thing struct{ Name, Title string }

func thing(name, title string) Thing {
	if title == "" {
		title = naming.Title(name)
	}
	return Thing{name, title}
}

// Things lists what there is of a kind; of an entity, for fields.
func Things(a answers.Answers, kind grow.Kind, of string) (all []Thing) {
	switch kind {
	case grow.Entity:
		for _, e := range a.Register {
			all = append(all, thing(e.Name, e.Title))
		}
	case grow.Field:
		for _, e := range a.Register {
			for _, f := range e.Fields {
				if e.Name == of {
					all = append(all, thing(f.Name, f.Title))
				}
			}
		}
	case grow.Step:
		for _, st := range a.Process.Steps {
			all = append(all, thing(st.Name, st.Title))
		}
	case grow.Role:
		for _, r := range a.Process.Roles {
			all = append(all, thing(r.Name, r.Title))
		}
	case grow.Source:
		for _, x := range a.Sources {
			if e, ok := catalogue.Find(x.Catalogue); ok && x.Title == "" {
				x.Title = e.Title
			}
			all = append(all, thing(x.Name, x.Title))
		}
	case grow.Activity:
		for _, v := range a.Privacy.Activities {
			all = append(all, thing(v.Name, v.Title))
		}
	}
	return all
}

// Find is the one that a person means; a name goes before a title.
func Find(all []Thing, said string) (Thing, bool) {
	for _, same := range []func(Thing) bool{
		func(x Thing) bool { return x.Name == said },
		func(x Thing) bool { return strings.EqualFold(x.Title, strings.TrimSpace(said)) },
		func(x Thing) bool { return plain(x.Name) == plain(said) },
		func(x Thing) bool { return plain(x.Title) == plain(said) },
	} {
		if at := slices.IndexFunc(all, same); at >= 0 {
			return all[at], true
		}
	}
	return Thing{}, false
}

// plain is a name without the differences that no name of code has.
func plain(name string) string {
	names, err := naming.Of(name)
	if err != nil {
		return name
	}
	return names.Path
}

// Unknown says that there is none of that name, and which one is meant or there.
func (c *Component) Unknown(kind grow.Kind, of, said string) string {
	all := Things(c.Answers, kind, of)
	words := c.d.Text.T("grow.unknown."+string(kind), terminal.Safe(said), terminal.Safe(c.Title(grow.Entity, "", of)))
	var names, titles []string
	for _, x := range all {
		names, titles = append(names, x.Name), append(titles, x.Title)
	}
	near := arguments.Nearest(said, names)
	if near == "" {
		if title := arguments.Nearest(said, titles); title != "" {
			near = names[slices.Index(titles, title)]
		}
	}
	switch {
	case near != "":
		words += " " + c.d.Text.T("usage.did-you-mean", terminal.Safe(near))
	case len(names) > 0:
		words += " " + c.d.Text.T("grow.there-are", terminal.Safe(strings.Join(names, ", ")))
	}
	return words
}

// Title is how people read something.
func (c *Component) Title(kind grow.Kind, of, name string) string {
	return TitleIn(c.Answers, kind, of, name)
}

// TitleIn is how people read something in other answers.
func TitleIn(a answers.Answers, kind grow.Kind, of, name string) string {
	for _, x := range Things(a, kind, of) {
		if x.Name == name {
			return x.Title
		}
	}
	return name
}

// Complete completes the names of what there is of a kind in the component in
// the current folder, or in the one of --dir.
func Complete(d Deps, cmd *cobra.Command, kind grow.Kind, of string) ([]string, cobra.ShellCompDirective) {
	dir, err := cmd.Flags().GetString("dir")
	if err != nil || dir == "" {
		dir = "."
	}
	c, err := read(d, dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer c.Close()
	if of != "" {
		if e, ok := Find(Things(c.Answers, grow.Entity, ""), of); ok {
			of = e.Name
		}
	}
	if kind == grow.Field && of == "" {
		var all []string
		for _, e := range c.Answers.Register {
			for _, x := range Things(c.Answers, grow.Field, e.Name) {
				all = append(all, described(x))
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
	var all []string
	for _, x := range Things(c.Answers, kind, of) {
		all = append(all, described(x))
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// described is a name with its title, as shells show completions.
func described(x Thing) string { return terminal.Safe(x.Name) + "\t" + terminal.Safe(x.Title) }

// Completion completes a flag with the names of a kind.
func Completion(d Deps, kind grow.Kind) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return Complete(d, cmd, kind, "")
	}
}

// Fixed completes a flag with words that are always the same.
func Fixed(words ...string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// Titled is the title of what has none of its own.
func Titled(name string) string { return naming.Title(name) }

// Called is what people call something.
func Called(title, name string) string { return thing(name, title).Title }
