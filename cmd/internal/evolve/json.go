package evolve

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// Report is what --json gives. Programs rely on it: keys are added, never
// renamed; help describes them.
type Report struct {
	Waiting   bool       `json:"waiting"`        // there is or was something to do
	Applied   bool       `json:"applied"`        // it was done
	From      string     `json:"from,omitempty"` // versions of fieldlab, when they differ
	To        string     `json:"to,omitempty"`
	Changes   []Change   `json:"changes"`
	Kern      Kern       `json:"kern"`
	Migration string     `json:"migration,omitempty"`
	Stop      string     `json:"stop,omitempty"`     // why the migration cannot run beside an earlier version
	Rewrites  []string   `json:"rewrites,omitempty"` // tables of which it writes every row anew
	Questions []Question `json:"questions"`
	Conflicts []string   `json:"conflicts"` // paths in which a person has to choose
	Notes     []Note     `json:"notes"`
	Commit    string     `json:"commit,omitempty"` // with --commit or --branch
	Branch    string     `json:"branch,omitempty"`
}

// Change is what happens to one file.
type Change struct {
	Path      string `json:"path"`
	From      string `json:"from,omitempty"`
	Action    string `json:"action"` // add, replace, merge, move, remove, keep
	Why       string `json:"why,omitempty"`
	Conflicts int    `json:"conflicts,omitempty"`
	Beside    string `json:"beside,omitempty"` // where the new version lies
	Diff      string `json:"diff,omitempty"`   // with --diff
}

// Kern is what happens to kern.
type Kern struct {
	Files   int      `json:"files"`
	Changes []Change `json:"changes"`
}

// Question is something that only a person can say.
type Question struct {
	Code    string   `json:"code"`
	Key     string   `json:"key"`
	Text    string   `json:"text"`
	Options []string `json:"options,omitempty"`
	Flags   []string `json:"flags"` // each of them is an answer
}

// Note is something that people should know.
type Note struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// report is an update as data.
func report(d Deps, o Options, u *update.Update) Report {
	r := Report{
		Waiting: u.Waiting(), Applied: !o.DryRun && !o.Check && u.Waiting() && len(u.Questions) == 0,
		Changes: changesOf(d, o, u.Changes), Kern: Kern{Files: u.Kern.Files, Changes: changesOf(d, o, u.Kern.Changes)},
		Migration: u.Migration, Stop: u.Stop, Rewrites: u.Rewrites, Questions: []Question{}, Conflicts: []string{}, Notes: []Note{},
	}
	if u.From != u.To {
		r.From, r.To = u.From, u.To
	}
	for _, q := range openQuestions(d, u) {
		r.Questions = append(r.Questions, Question{Code: q.code, Key: q.key, Text: q.ask, Options: q.options, Flags: q.flags})
	}
	for _, c := range u.Conflicts() {
		r.Conflicts = append(r.Conflicts, c.Path)
	}
	for _, note := range append(slices.Clone(o.Notes), u.Notes...) {
		r.Notes = append(r.Notes, Note{note.Code, noteText(d, note)})
	}
	for _, step := range u.Gone {
		r.Notes = append(r.Notes, Note{"step-gone", d.Text.T("update.gone.left", terminal.Safe(step))})
	}
	return r
}

func changesOf(d Deps, o Options, changes []update.Change) []Change {
	all := []Change{}
	for _, c := range changes {
		change := Change{Path: c.Path, From: c.From, Action: string(c.Action), Why: c.Why, Conflicts: c.Conflicts, Beside: c.Beside}
		if o.Diff {
			change.Diff = unified(d, c)
		}
		all = append(all, change)
	}
	return all
}
