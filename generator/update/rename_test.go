package update_test

import (
	"os"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestMoveOfFieldlab: fieldlab gives a file another path, and the edits of the
// team come along.
func TestMoveOfFieldlab(t *testing.T) {
	changed := lineOf(ten, "negen", "negen van fieldlab")
	for name, c := range map[string]struct {
		theirs, edited, want string
	}{
		"same content":         {ten, "", ten},
		"same content, edited": {ten, lineOf(ten, "een", "1"), lineOf(ten, "een", "1")},
		"changed":              {changed, "", changed},
		"changed, edited":      {changed, lineOf(ten, "een", "1"), lineOf(changed, "een", "1")},
		"into a folder of it":  {changed, lineOf(ten, "een", "1"), lineOf(changed, "een", "1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := "uitleg/y.md"
			if name == "into a folder of it" {
				to = "docs/x.md/deel.md"
			}
			dir := made(t, pack(map[string]string{"docs/x.md": ten}), sheet)
			if c.edited != "" {
				write(t, dir, "docs/x.md", c.edited)
			}
			r := update.Request{Dir: dir, Pack: pack(map[string]string{to: c.theirs}), Version: "1.0.0"}
			u := find(t, r)
			if u.Changes[len(u.Changes)-1].Action != update.Move || len(u.Changes) != 2 {
				t.Errorf("changes %+v", u.Changes)
			}
			apply(t, u)
			holds(to, c.want)(t, dir)
			if info, err := os.Stat(dir + "/docs/x.md"); err == nil && !info.IsDir() {
				t.Error("the old one is still there")
			}
			if find(t, r).Waiting() {
				t.Error("a second update waits")
			}
		})
	}
}

// TestRenameEntity: files, names and the work of the team follow in a component
// of the real pack.
func TestRenameEntity(t *testing.T) {
	t.Parallel()
	dir := made(t, templates.Component(), sheet)
	// An edit in a file of fieldlab, and a file of the team.
	code := read(t, dir, "1-gegevens/boom.go")
	write(t, dir, "1-gegevens/boom.go", code+"\n// Oud says whether a boom is old.\nfunc (b *Boom) Oud() bool { return b.Soort == \"eik\" }\n")
	write(t, dir, "1-gegevens/eigen.go", "package gegevens\n\n// tabel is \"bomen\".\nfunc tabel(r *Register) (*Boom, any) { return &Boom{}, r.Bomen }\n")
	write(t, dir, "docs/eigen.md", "# Van ons\n\nDe tabel bomen.\n")
	text := strings.NewReplacer("name: boom", "name: struik", "plural: bomen", "plural: struiken").Replace(read(t, dir, "fieldlab.yaml"))
	r := update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: []byte(text),
		Renames: []grow.Rename{{Kind: grow.Entity, Old: "boom", New: "struik"}}}
	u := find(t, r)
	for _, c := range u.Changes {
		t.Log(c.Action, c.From, c.Path, c.Conflicts, c.Beside)
	}
	for _, n := range u.Notes {
		t.Log(n)
	}
	if len(u.Conflicts()) > 0 || len(u.Questions)+len(u.Guesses) > 0 {
		t.Fatalf("conflicts %+v, questions %v %v", u.Conflicts(), u.Questions, u.Guesses)
	}
	apply(t, u)
	if got := read(t, dir, "1-gegevens/struik.go"); !strings.Contains(got, "func (b *Struik) Oud() bool") || !strings.Contains(got, "struikSchema") {
		t.Errorf("the file of the entity is\n%s", got)
	}
	if _, err := os.Stat(dir + "/1-gegevens/boom.go"); err == nil {
		t.Error("boom.go is still there")
	}
	if got := read(t, dir, "1-gegevens/eigen.go"); !strings.Contains(got, "(*Struik, any) { return &Struik{}, r.Struiken }") || !strings.Contains(got, `"bomen"`) {
		t.Errorf("the file of the team is\n%s", got)
	}
	t.Log(read(t, dir, "CHANGELOG.md"))
	t.Log(read(t, dir, "1-gegevens/migraties/sqlite/"+u.Migration+".sql"))
	if find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0"}).Waiting() {
		t.Error("a second update waits")
	}
}

// TestRenameKeepsTitles: a step gets another name and keeps its title, in which
// the old name stands. What the team made of that title in a drawing is no
// conflict, and stays.
func TestRenameKeepsTitles(t *testing.T) {
	t.Parallel()
	dir := made(t, templates.Component(), sheet+`process:
  subject: boom
  roles: [{name: balie, title: Balie, audience: employee}]
  steps:
    - {name: melden, kind: form, role: balie, fields: [soort], next: toetsen}
    - {name: toetsen, kind: decide, role: balie, title: Boom toetsen, outcomes: {ja: klaar, nee: weg}}
    - {name: klaar, kind: end}
    - {name: weg, kind: end}
`)
	const drawing = "4-proces/proces.bpmn"
	before := read(t, dir, drawing)
	ours := strings.NewReplacer(`name="Boom toetsen"`, `name="Boom en wortels toetsen"`, `name="Boom toetsen?"`, `name="Mag het?"`).Replace(before)
	if strings.Count(before, "Boom toetsen") < 2 || ours == before {
		t.Fatalf("the drawing is another one:\n%s", before)
	}
	write(t, dir, drawing, ours)
	const own = "Wij toetsen elke boom.\n"
	write(t, dir, "README.md", read(t, dir, "README.md")+own)
	rename := grow.Rename{Kind: grow.Step, Old: "toetsen", New: "wegen"}
	u := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: renamedAnswers(t, dir, rename), Renames: []grow.Rename{rename}})
	if len(u.Conflicts()) > 0 {
		t.Fatalf("conflicts %+v", u.Conflicts())
	}
	apply(t, u)
	if !strings.HasSuffix(read(t, dir, "README.md"), own) {
		t.Error("a sentence of the team is another one")
	}
	got := read(t, dir, drawing)
	for _, want := range []string{`id="wegen" name="Boom en wortels toetsen"`, `name="Mag het?"`, `targetRef="wegen"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
