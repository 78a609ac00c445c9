package update_test

import (
	"os"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestLeavesTheProofAlone: what fieldlab check wrote is no file of the generator. It is in
// no manifest, and an update with other answers neither changes nor removes it.
func TestLeavesTheProofAlone(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := made(t, templates.Component(), string(data))
	const ours = "version: 1\nfailOn: warning\n"
	proof := "# Conformiteit\n\nGemeten op 30 november 2026.\n"
	write(t, dir, "docs/conformiteit.md", proof)
	write(t, dir, "fieldlab-check.yaml", ours)
	changed := strings.Replace(string(data), "    fields:\n", "    fields:\n      - {name: telefoonnummer, type: phone}\n", 1)
	u := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.1.0", Answers: []byte(changed)})
	if len(u.Changes) == 0 {
		t.Fatal("nothing is updated")
	}
	for _, c := range u.Changes {
		if c.Path == "docs/conformiteit.md" || c.Path == "fieldlab-check.yaml" {
			t.Errorf("%s %s", c.Action, c.Path)
		}
	}
	apply(t, u)
	if got := read(t, dir, "docs/conformiteit.md"); got != proof {
		t.Errorf("the proof is now %q", got)
	}
	if got := read(t, dir, "fieldlab-check.yaml"); got != ours {
		t.Errorf("what the team decided is now %q", got)
	}
	if text := read(t, dir, ".fieldlab/manifest.json"); strings.Contains(text, "conformiteit.md") || strings.Contains(text, "fieldlab-check.yaml") {
		t.Error("the manifest names what is not the generator's")
	}
}
