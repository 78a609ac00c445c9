package update

import (
	"reflect"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// told is a component with something of every kind.
func told() answers.Answers {
	return answers.Answers{
		Register: []answers.Entity{
			{Name: "verhuizing", Fields: []answers.Field{{Name: "bsn", Type: "bsn"}, {Name: "telefoon", Type: "phone"}, {Name: "datum", Type: "date"}}},
			{Name: "bezwaar", Fields: []answers.Field{{Name: "reden", Type: "text"}}},
		},
		Sources: []answers.Source{{Name: "bag", Catalogue: "bag", Operations: []answers.Operation{{Name: "zoek"}}}},
		Process: answers.Process{
			Roles: []answers.Role{{Name: "inwoner", Audience: "citizen"}, {Name: "burgerzaken", Audience: "employee"}},
			Steps: []answers.Step{
				{Name: "aangifte", Kind: "form", Role: "inwoner", Fields: []answers.StepField{{Name: "bsn"}}, Next: "beoordelen"},
				{Name: "beoordelen", Kind: "decide", Role: "burgerzaken", Outcomes: []answers.Outcome{{Name: "ja", Next: "klaar"}, {Name: "nee", Next: "klaar"}}},
				{Name: "klaar", Kind: "end", Result: "toegekend"},
			},
		},
		Privacy: answers.Privacy{Activities: []answers.Activity{{Name: "behandelen", Purpose: "doel", Basis: "publieke taak"}}},
	}
}

// TestRenames: what somebody changed by hand → what may be a rename.
func TestRenames(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*answers.Answers)
		known  []grow.Rename
		isNew  []string
		want   []Guess
	}{
		"nothing": {change: func(*answers.Answers) {}},
		"role":    {change: func(a *answers.Answers) { a.Process.Roles[1].Name, a.Process.Steps[1].Role = "balie", "balie" }, want: []Guess{{grow.Role, "burgerzaken", []string{"balie"}}}},
		"step":    {change: func(a *answers.Answers) { a.Process.Steps[1].Name, a.Process.Steps[0].Next = "toetsen", "toetsen" }, want: []Guess{{grow.Step, "beoordelen", []string{"toetsen"}}}},
		"step and role": {change: func(a *answers.Answers) {
			a.Process.Steps[0].Name, a.Process.Steps[0].Role, a.Process.Roles[0].Name = "melden", "burger", "burger"
		},
			known: []grow.Rename{{Kind: grow.Role, Old: "inwoner", New: "burger"}}, want: []Guess{{grow.Step, "aangifte", []string{"melden"}}}},
		"step, other": {change: func(a *answers.Answers) {
			a.Process.Steps[1] = answers.Step{Name: "toetsen", Kind: "task", Role: "burgerzaken"}
		}},
		"source":     {change: func(a *answers.Answers) { a.Sources[0].Name = "adressen" }, want: []Guess{{grow.Source, "bag", []string{"adressen"}}}},
		"activity":   {change: func(a *answers.Answers) { a.Privacy.Activities[0].Name = "aangiften" }, want: []Guess{{grow.Activity, "behandelen", []string{"aangiften"}}}},
		"new source": {change: func(a *answers.Answers) { a.Sources[0].Name = "adressen" }, isNew: []string{"source:adressen"}},
	} {
		after := told()
		c.change(&after)
		if got := Renames(told(), after, c.known, c.isNew); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// TestGone: a step at which a zaak can stand and that is there no more.
func TestGone(t *testing.T) {
	after := told()
	after.Process.Steps[1].Name = "toetsen"
	after.Process.Steps[2].Name = "af"
	if got := Gone(told(), after, nil); !slices.Equal(got, []string{"beoordelen"}) {
		t.Errorf("got %v", got)
	}
	if got := Gone(told(), after, []grow.Rename{{Kind: grow.Step, Old: "beoordelen", New: "toetsen"}}); got != nil {
		t.Errorf("a rename counts as gone: %v", got)
	}
}
