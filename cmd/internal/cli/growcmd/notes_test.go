package growcmd

import (
	"fmt"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

const notesSheet = `version: 1
component: {title: Boomkap, organisation: {name: Gemeente Duinstad}}
register:
  - name: boom
    plural: bomen
    fields: [{name: foto, type: integer, title: Aantal foto's van de boom}]
  - name: aanvraag
    title: Aanvraag om een boom te kappen
    fields: [{name: bsn, type: bsn}, {name: foto, type: integer, title: Foto bij de aanvraag}]
process:
  subject: aanvraag
  roles: [{name: inwoner, title: Inwoner, audience: citizen}, {name: kapper, title: Kapper, audience: employee}]
  steps:
    - {name: indienen, kind: form, role: inwoner, title: Aanvraag indienen, fields: [bsn, foto], next: klaar}
    - {name: klaar, kind: end}
privacy: {activities: [{name: kappen, title: Een boom kappen, purpose: Besluiten, basis: publieke taak}]}
interaction: {audiences: [citizen, employee]}
`

// TestNotesOfGrow holds that what package grow notes is named as people know it:
// the field of this entity, the places of a word, the people of the screens.
func TestNotesOfGrow(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		do   func(answers.Answers) (answers.Answers, []grow.Note, error)
		code string
		want string // the first arguments
	}{
		"a field of which another entity has the name": {func(a answers.Answers) (answers.Answers, []grow.Note, error) {
			return grow.Remove(a, grow.Ref{Kind: grow.Field, Of: "aanvraag", Name: "foto"}, "")
		}, grow.NoteUnasked, "[Aanvraag indienen Foto bij de aanvraag]"},
		"texts that hold the old name": {func(a answers.Answers) (answers.Answers, []grow.Note, error) {
			return grow.Apply(a, grow.Rename{Kind: grow.Entity, Old: "boom", New: "struik"}, "")
		}, grow.NoteMentions, `[boom "Aanvraag om een boom te kappen"; Veld "Aantal foto's van de boom" bij "Struik"; "Een boom kappen"]`},
		"people": {func(a answers.Answers) (answers.Answers, []grow.Note, error) {
			return grow.Remove(a, grow.Ref{Kind: grow.Role, Name: "kapper"}, "")
		}, grow.NoteAudiences, "[inwoner]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, problems := answers.Parse(answers.FileName, []byte(notesSheet))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			c := component(t)
			c.Document, c.Answers = document, document.Answers
			now, notes, err := one.do(document.Answers)
			if err != nil {
				t.Fatal(err)
			}
			for _, note := range c.notes(Change{Answers: now, Notes: notes}) {
				if note.Code != one.code {
					continue
				}
				if got := fmt.Sprint(note.Args[:min(len(note.Args), 2)]); got != one.want {
					t.Errorf("%s: %s, want %s", note.Code, got, one.want)
				}
				return
			}
			t.Errorf("no note %s in %v", one.code, notes)
		})
	}
}
