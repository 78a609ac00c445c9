package evolve

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// guessed asks whether something that is gone is there under another name.
func guessed(d Deps, g update.Guess) question {
	kind, old := d.Text.T("update.kind."+string(g.Kind)), terminal.Safe(g.Old)
	q := question{
		code: "rename", key: keyOf(g.Kind, "", g.Old), help: d.Text.T("update.guess.help"),
		ask: d.Text.T("update.guess.ask", kind, old),
	}
	for _, name := range g.New {
		q.options = append(q.options, d.Text.T("update.guess.yes", terminal.Safe(name)))
		q.flags = append(q.flags, "--rename "+arguments.Quoted(keyOf(g.Kind, "", g.Old)+"="+name))
	}
	q.options = append(q.options, d.Text.T("update.guess.no", kind, old))
	var denials []string
	for _, name := range g.New {
		denials = append(denials, "--new "+arguments.Quoted(keyOf(g.Kind, "", name)))
	}
	q.flags = append(q.flags, strings.Join(denials, " "))
	q.answer = func(r *update.Request, chosen int, _ string) {
		if chosen < len(g.New) {
			addRename(r, grow.Rename{Kind: g.Kind, Old: g.Old, New: g.New[chosen]})
			return
		}
		for _, name := range g.New {
			addNew(r, g.Kind, "", name)
		}
	}
	return q
}

// keyOf names a thing as --rename and --new do.
func keyOf(kind grow.Kind, of, name string) string {
	if of != "" {
		name = of + "." + name
	}
	return string(kind) + ":" + name
}

// addRename takes a rename; zaken at a step that has another name go along.
func addRename(r *update.Request, rename grow.Rename) {
	r.Renames = append(r.Renames, rename)
	if rename.Kind == grow.Step {
		addStep(r, rename.Old, rename.New)
	}
}

func addStep(r *update.Request, old, to string) {
	if r.Steps == nil {
		r.Steps = map[string]string{}
	}
	r.Steps[old] = to
}

// addNew takes it that something is new, in the form of update.Renames.
func addNew(r *update.Request, kind grow.Kind, of, name string) {
	key := string(kind) + ":" + name
	if kind == grow.Field {
		key = of + "." + name
	}
	r.Decided.New = append(r.Decided.New, key)
}
