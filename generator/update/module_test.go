package update_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestImportsOfTheTeam: what the team imports of its own component is found after
// that got another address, and is left alone when the name in the address is
// also that of an entity with another name now.
func TestImportsOfTheTeam(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	start := made(t, templates.Component(), string(data))
	const old, moved = "git.duinstad.test/burgerzaken/verhuizing", "git.elders.test/team-x/verhuizen"
	extra := "import \"" + old + "/kern/value\"\n"
	write(t, start, "4-proces/eigen.go", "package proces\n\n"+extra+"\nvar ours value.Date\n")
	for _, name := range []string{"2-diensten/routes.go", "kern/outway/outway.go"} {
		write(t, start, name, strings.Replace(read(t, start, name), "import (\n", extra+"\nimport (\n", 1))
	}
	write(t, start, "eigen.txt", "zie https://"+old+"/kern\n")
	written := []string{"4-proces/eigen.go", "2-diensten/routes.go", "kern/outway/outway.go"}
	copied := func(t *testing.T) string {
		dir := filepath.Join(t.TempDir(), "c")
		if err := os.CopyFS(dir, os.DirFS(start)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	imports := func(t *testing.T, dir, want string) {
		t.Helper()
		for _, name := range written {
			body := read(t, dir, name)
			if !strings.Contains(body, "import \""+want+"/kern/value\"") {
				t.Errorf("%s lost its import:\n%s", name, body[:min(len(body), 800)])
			}
			if want != old && strings.Contains(body, old) {
				t.Errorf("%s still imports from %s", name, old)
			}
		}
	}

	t.Run("another address", func(t *testing.T) {
		t.Parallel()
		dir := copied(t)
		text := strings.Replace(read(t, dir, "fieldlab.yaml"), "https://"+old, "https://"+moved, 1)
		u := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: []byte(text)})
		if found := u.Conflicts(); len(found) > 0 {
			t.Errorf("conflicts: %+v", found[0])
		}
		if said := u.Notes; len(said) != 1 || said[0].Code != update.NoteOldName || said[0].Args[0] != "eigen.txt" {
			t.Errorf("notes: %v", said)
		}
		apply(t, u)
		imports(t, dir, moved)
		if again := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0"}); again.Waiting() {
			t.Errorf("a second update waits: %+v", again.Changes)
		}
	})
	t.Run("an entity of the same name", func(t *testing.T) {
		t.Parallel()
		dir := copied(t)
		r := grow.Rename{Kind: grow.Entity, Old: "verhuizing", New: "adreswijziging"}
		u := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: renamedAnswers(t, dir, r), Renames: []grow.Rename{r}})
		if found := u.Conflicts(); len(found) > 0 {
			t.Errorf("conflicts: %+v", found[0])
		}
		apply(t, u)
		imports(t, dir, old)
	})
}
