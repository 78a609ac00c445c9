package examples_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestTwoBranches does what docs/groeien.md says of two branches that both grew:
// merge as always, take .fieldlab whole from either side, and update.
func TestTwoBranches(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds a component")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("branches are of git")
	}
	later, err := laterFieldlab()
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []string{"HEAD", "MERGE_HEAD"} {
		t.Run(side, func(t *testing.T) {
			w := newWeek(t, "verhuizing")
			command(t, w.dir, "git", "checkout", "-q", "-b", "veld")
			w.types("add", "field", "verhuizing", "telefoon", "--type", "phone")
			w.commit("a field")
			command(t, w.dir, "git", "checkout", "-q", "main")
			w.binary = later
			w.types("update")
			w.types("rename", "step", "beoordelen", "toetsen")
			w.commit("a newer fieldlab, and another name")
			merge := exec.Command("git", "-c", "user.name=Week", "-c", "user.email=week@voorbeeld.test", "merge", "-q", "veld")
			merge.Dir = w.dir
			said, _ := merge.CombinedOutput()
			for _, name := range strings.Fields(command(t, w.dir, "git", "diff", "--name-only", "--diff-filter=U")) {
				switch {
				case name == "CHANGELOG.md": // two lines at one place: both
					lines := slices.DeleteFunc(strings.SplitAfter(w.read(name), "\n"), func(line string) bool {
						return strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, "=======") || strings.HasPrefix(line, ">>>>>>>")
					})
					w.write(name, []byte(strings.Join(lines, "")))
				case !strings.HasPrefix(name, ".fieldlab/"):
					t.Errorf("%s is in conflict:\n%s", name, said)
				}
			}
			command(t, w.dir, "git", "checkout", side, "--", ".fieldlab")
			w.commit("both")
			w.types("update")
			w.types("update", "--check")
			for _, text := range []string{w.read("fieldlab.yaml"), w.read("1-gegevens/verhuizing.go") + w.read("4-proces/proces.bpmn")} {
				if !strings.Contains(strings.ToLower(text), "telefoon") || !strings.Contains(text, "toetsen") {
					t.Errorf("what a branch did is gone:\n%s", text)
				}
			}
			if found := w.glob("1-gegevens/migraties/*/*.sql"); len(found) != 4 {
				t.Errorf("the migrations are %q", found)
			}
			if !strings.Contains(w.read("kern/VERSIE"), "2.0.0-test") {
				t.Error("kern is not that of the newer fieldlab")
			}
			command(t, w.dir, "go", "vet", "./...")
			command(t, w.dir, "go", "test", "./2-diensten", "./tests")
		})
	}
}

// TestOneFieldEach: two branches that each added a field, at the same places. Who
// merges takes the own side there and gives the other command once more: the
// migration of the other branch is not made again.
func TestOneFieldEach(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds a component")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("branches are of git")
	}
	w := newWeek(t, "verhuizing")
	command(t, w.dir, "git", "checkout", "-q", "-b", "veld")
	w.types("add", "field", "verhuizing", "telefoon", "--type", "phone")
	w.commit("a field")
	command(t, w.dir, "git", "checkout", "-q", "main")
	w.types("add", "field", "verhuizing", "opmerking", "--type", "text")
	w.commit("another field")
	command(t, w.dir, "git", "-c", "user.name=Week", "-c", "user.email=week@voorbeeld.test", "merge", "-q", "-X", "ours", "veld")
	w.types("add", "field", "verhuizing", "telefoon", "--type", "phone")
	w.commit("both")
	w.types("update", "--check")
	want := []string{"0001_register", "0002_opmerking_bij_verhuizing", "0002_telefoon_bij_verhuizing"}
	for _, folder := range []string{"sqlite", "postgres"} {
		var names []string
		for _, file := range w.glob("1-gegevens/migraties/" + folder + "/*.sql") {
			names = append(names, strings.TrimSuffix(path.Base(file), ".sql"))
		}
		if !slices.Equal(names, want) {
			t.Errorf("the migrations for %s are %q", folder, names)
		}
	}
	command(t, w.dir, "go", "vet", "./...")
	command(t, w.dir, "go", "test", "./2-diensten", "./tests")
}
