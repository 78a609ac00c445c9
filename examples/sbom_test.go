package examples_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// TestSBOM: the list of modules that a component is born with is what its own program
// makes of it, to the letter, whatever was answered.
func TestSBOM(t *testing.T) {
	program := filepath.Join(built, "bouw.exe")
	command(t, "..", "go", "build", "-o", program, "./templates/component/kern/bouw")
	for _, file := range answersFiles(t) {
		t.Run(strings.TrimSuffix(filepath.ToSlash(file), "/fieldlab.yaml"), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for path, body := range planned(t, file) {
				name := filepath.Join(dir, filepath.FromSlash(path))
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(body), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			command(t, dir, program, "sbom", "--controleer")
			list := filepath.Join(dir, "deploy", "sbom.cdx.json")
			body, err := os.ReadFile(list)
			if err != nil {
				t.Fatal(err)
			}
			var read cdx.BOM
			if err := cdx.NewBOMDecoder(bytes.NewReader(body), cdx.BOMFileFormatJSON).Decode(&read); err != nil || len(*read.Components) < 20 {
				t.Errorf("%v: %d modules", err, len(*read.Components))
			}
			for _, c := range *read.Components {
				if c.Licenses == nil {
					t.Errorf("the licence of %s is not known", c.Name)
				}
			}
			if before := body; json.Valid(before) {
				command(t, dir, program, "sbom")
				if after, err := os.ReadFile(list); err != nil || !bytes.Equal(before, after) {
					t.Errorf("not the same to the letter: %v", err)
				}
			}
		})
	}
}
