package evolve

import (
	"fmt"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// show says what would happen, in plain words.
func show(d Deps, o Options, u *update.Update) {
	say := func(words string) { fmt.Fprintln(d.IO.Err, words) }
	if o.Did != "" {
		say(d.IO.Bold(o.Did))
	}
	for _, c := range u.Changes {
		if c.Path == answers.FileName {
			say("\n" + d.Text.T("evolve.answers"))
			say(lines(d, c.Before, c.After))
		}
	}
	if len(u.Changes) > 0 {
		say("\n" + d.Text.T("evolve.files"))
	}
	for _, c := range u.Changes {
		if c.Path != answers.FileName {
			say("  " + d.Text.T("evolve.action."+string(c.Action)) + "  " + terminal.Safe(c.Path))
		}
	}
	if u.Migration != "" {
		say("\n" + d.Text.T("evolve.migration", u.Migration))
	}
	notes := append(append([]grow.Note{}, o.Notes...), u.Notes...)
	for i, note := range notes {
		if i == 0 {
			say("\n" + d.Text.T("evolve.notes"))
		}
		say(d.IO.Wrap("- "+terminal.Safe(d.Text.T("grow.note."+note.Code, note.Args...)), "  "))
	}
}

// next says what to do now.
func next(d Deps, u *update.Update) {
	if len(u.Conflicts()) == 0 {
		fmt.Fprintln(d.IO.Err, "\n"+d.Text.T("evolve.next")+"\n\n  "+d.IO.Bold("go test ./...")+"\n  "+d.IO.Bold("go run ."))
	}
}

// change is one file in what --json gives.
type change struct {
	Path      string `json:"path"`
	From      string `json:"from,omitempty"`
	Action    string `json:"action"`
	Why       string `json:"why,omitempty"`
	Conflicts int    `json:"conflicts,omitempty"`
	Beside    string `json:"beside,omitempty"`
}

// report is what --json gives.
func report(d Deps, o Options, u *update.Update) any {
	changes := []change{}
	for _, c := range u.Changes {
		changes = append(changes, change{c.Path, c.From, string(c.Action), c.Why, c.Conflicts, c.Beside})
	}
	notes := []string{}
	for _, note := range append(append([]grow.Note{}, o.Notes...), u.Notes...) {
		notes = append(notes, d.Text.T("grow.note."+note.Code, note.Args...))
	}
	return map[string]any{
		"from": u.From, "to": u.To, "waiting": u.Waiting(), "applied": !o.DryRun && u.Waiting(), "changes": changes,
		"kernFiles": u.Kern.Files, "migration": u.Migration, "notes": notes,
	}
}
