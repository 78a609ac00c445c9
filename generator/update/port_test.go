package update_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestPortAndVariant: another base port or variant reaches every file that names
// it, beside what the team wrote there, and the old one puts all of it back.
func TestPortAndVariant(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := made(t, templates.Component(), string(data))
	write(t, dir, "README.md", read(t, dir, "README.md")+"\nVan het team.\n")
	first := snapshot(t, dir)
	answers := read(t, dir, "fieldlab.yaml")
	change := func(old, with string) []string {
		t.Helper()
		text := strings.Replace(answers, old, with, 1)
		if with != old && text == answers {
			t.Fatalf("%s is not in the answers", old)
		}
		return answered(t, dir, text)
	}
	const own, days = "delivery: {", "fieldlab: {"
	got := change(own, own+"port: 8110, ")
	want := []string{".devcontainer/devcontainer.json", "CHANGELOG.md", "README.en.md", "README.md", "deploy/docker-compose.yml",
		"docs/instellingen.md", "docs/nabootsing.md", "docs/testgegevens.md", "fieldlab.yaml", "main.go"}
	if !slices.Equal(got, want) {
		t.Errorf("a port changes %v", got)
	}
	for name, text := range map[string]string{"main.go": "8110,", "README.md": "<http://localhost:8110>", "deploy/docker-compose.yml": `"127.0.0.1:8110-8113:8110-8113"`, "docs/nabootsing.md": "localhost:8112"} {
		if !strings.Contains(read(t, dir, name), text) {
			t.Errorf("%s has no %s", name, text)
		}
	}
	if !strings.Contains(read(t, dir, "README.md"), "Van het team.") {
		t.Error("the line of the team is gone")
	}
	got = change(days, days+"variant: 5, ") // and the port goes back
	for _, name := range []string{"1-gegevens/verhuizing.go", "2-diensten/openapi.yaml", "4-proces/openapi.yaml", "4-proces/verloop.go", "fieldlab.yaml", "main.go"} {
		if !slices.Contains(got, name) {
			t.Errorf("a variant does not change %s: %v", name, got)
		}
	}
	if strings.Contains(read(t, dir, "main.go"), "8110") || !strings.Contains(read(t, dir, "4-proces/verloop.go"), "Variant:    5,") {
		t.Error("the port stays, or the variant does not come")
	}
	change(own, own)
	for name, body := range snapshot(t, dir) {
		if body != first[name] && !strings.HasPrefix(name, ".fieldlab/") && name != "CHANGELOG.md" {
			t.Errorf("%s is not what it was", name)
		}
	}
}

// answered updates a component to other answers, without a word of a person, and gives
// the paths that change outside .fieldlab.
func answered(t *testing.T, dir, text string) (paths []string) {
	t.Helper()
	u := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: []byte(text)})
	if len(u.Conflicts())+len(u.Questions) > 0 {
		t.Fatalf("%v %v", u.Conflicts(), u.Questions)
	}
	for _, c := range u.Changes {
		if !strings.HasPrefix(c.Path, ".fieldlab/") {
			paths = append(paths, c.Path)
		}
	}
	slices.Sort(paths)
	apply(t, u)
	if again := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0"}); again.Waiting() {
		t.Errorf("a second update waits: %+v", again.Changes)
	}
	return paths
}
