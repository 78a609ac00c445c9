package evolve

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// Decisions are the flags that answer the questions of an update.
type Decisions struct {
	Defaults []string // entity.field=VALUE
	Replace  []string // entity.field.value=VALUE
	Empty    []string // entity.field
	Drop     []string // entity.field
	Renames  []string // kind:old=new
	New      []string // kind:name
	Steps    []string // old=new or old=blijft
}

// Flags adds the flags that every command has that brings a component up to date.
func Flags(flags *pflag.FlagSet, t *text.Catalogue, o *Options) {
	flags.BoolVar(&o.DryRun, "dry-run", false, t.T("update.flag.dry-run"))
	flags.BoolVar(&o.Diff, "diff", false, t.T("update.flag.diff"))
	flags.BoolVar(&o.JSON, "json", false, t.T("flag.json"))
	flags.BoolVar(&o.Commit, "commit", false, t.T("update.flag.commit"))
	flags.StringVar(&o.Branch, "branch", "", t.T("update.flag.branch"))
	flags.BoolVar(&o.Uncommitted, "uncommitted", false, t.T("update.flag.uncommitted"))
}

// Flags adds the flags that answer questions.
func (c *Decisions) Flags(flags *pflag.FlagSet, t *text.Catalogue) {
	flags.StringArrayVar(&c.Defaults, "set-default", nil, t.T("update.flag.set-default"))
	flags.StringArrayVar(&c.Replace, "replace", nil, t.T("update.flag.replace"))
	flags.StringArrayVar(&c.Empty, "empty", nil, t.T("update.flag.empty"))
	flags.StringArrayVar(&c.Drop, "drop", nil, t.T("update.flag.drop"))
	flags.StringArrayVar(&c.Renames, "rename", nil, t.T("update.flag.rename"))
	flags.StringArrayVar(&c.New, "new", nil, t.T("update.flag.new"))
	flags.StringArrayVar(&c.Steps, "step", nil, t.T("update.flag.step"))
}

// Complete says what Tab gives for the flags that take a value: no files.
func Complete(cmd *cobra.Command) {
	for _, name := range []string{"branch", "set-default", "replace", "empty", "drop", "rename", "new", "step"} {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
		}
	}
	if cmd.Flags().Lookup("dir") != nil {
		_ = cmd.MarkFlagDirname("dir")
	}
}

// Typed are the flags as a person typed them, to give them again in a hint.
func (c *Decisions) Typed() (all []string) {
	for _, flag := range []struct {
		name   string
		values []string
	}{{"set-default", c.Defaults}, {"replace", c.Replace}, {"empty", c.Empty}, {"drop", c.Drop}, {"rename", c.Renames}, {"new", c.New}, {"step", c.Steps}} {
		for _, value := range flag.values {
			all = append(all, "--"+flag.name+" "+arguments.Quoted(value))
		}
	}
	return all
}

// Into reads the flags into a request. The error is for people.
func (c *Decisions) Into(t *text.Catalogue, command string, r *update.Request) error {
	p := reader{t: t, command: command}
	r.Decided.Defaults = p.pairs("set-default", c.Defaults, 1)
	r.Decided.Replace = p.pairs("replace", c.Replace, 2)
	r.Decided.Empty = p.keys("empty", c.Empty)
	r.Decided.Drop = p.keys("drop", c.Drop)
	for _, argument := range c.Renames {
		if thing, to, ok := strings.Cut(argument, "="); ok && to != "" {
			if kind, of, old, ok := p.thing(thing); ok {
				addRename(r, grow.Rename{Kind: kind, Of: of, Old: old, New: to})
				continue
			}
		}
		p.wrong("rename", argument)
	}
	for _, argument := range c.New {
		if kind, of, name, ok := p.thing(argument); ok {
			addNew(r, kind, of, name)
		} else {
			p.wrong("new", argument)
		}
	}
	for _, argument := range c.Steps {
		if old, to, ok := strings.Cut(argument, "="); ok && old != "" && to != "" {
			addStep(r, old, to)
		} else {
			p.wrong("step", argument)
		}
	}
	if len(p.mistakes) > 0 {
		return failure.Usage{Text: strings.Join(p.mistakes, "\n"), Hint: command + " --help"}
	}
	return nil
}

// reader reads flags and keeps what is wrong with them.
type reader struct {
	t        *text.Catalogue
	command  string
	mistakes []string
}

func (p *reader) wrong(flag, argument string) {
	p.mistakes = append(p.mistakes, p.t.T("usage.flag-value", argument, "--"+flag)+" "+p.t.T("update.form."+flag))
}

// pairs reads keys with a value; a key has at least so many dots.
func (p *reader) pairs(flag string, arguments []string, dots int) map[string]string {
	pairs := map[string]string{}
	for _, argument := range arguments {
		key, value, ok := strings.Cut(argument, "=")
		if !ok || strings.Count(key, ".") < dots || slices.Contains(strings.Split(key, "."), "") {
			p.wrong(flag, argument)
			continue
		}
		pairs[key] = value
	}
	return pairs
}

// keys reads keys without a value: a field of an entity, or all of an entity.
func (p *reader) keys(flag string, arguments []string) []string {
	for _, argument := range arguments {
		if slices.Contains(strings.Split(argument, "."), "") || strings.Contains(argument, "=") {
			p.wrong(flag, argument)
		}
	}
	return arguments
}

// thing reads kind:name, or field:entity.name.
func (p *reader) thing(argument string) (kind grow.Kind, of, name string, ok bool) {
	before, name, _ := strings.Cut(argument, ":")
	kind = grow.Kind(before)
	if kind == grow.Field {
		of, name, _ = strings.Cut(name, ".")
		ok = of != ""
	} else {
		ok = slices.Contains(grow.Kinds(), kind)
	}
	return kind, of, name, ok && name != ""
}
