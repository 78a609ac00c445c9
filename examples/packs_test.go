package examples_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
)

const examplePack = "pakketten/huisstijl"

// TestExamplePackStyle: the style sheet of the example is that of kern with the
// house style below it, so that no page loses its form. -update renews it.
func TestExamplePackStyle(t *testing.T) {
	kern, err := os.ReadFile("../templates/component/kern/paginas/stijl.css")
	if err != nil {
		t.Fatal(err)
	}
	name := examplePack + "/files/5-interactie/stijl.css"
	sheet, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(sheet, []byte("\n/* Hieronder: de huisstijl."))
	if at < 0 {
		t.Fatalf("%s does not say where the house style begins", name)
	}
	if bytes.Equal(sheet[:at], kern) {
		return
	}
	if *update {
		if err := os.WriteFile(name, append(kern, sheet[at:]...), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s does not begin with kern/paginas/stijl.css as it is now; renew with: go test ./examples -run TestExamplePackStyle -update", name)
}

// TestExamplePackReads: what is embedded is what lies in the folder.
func TestExamplePackReads(t *testing.T) {
	embedded, err := pack.Read(examples.Pack())
	if err != nil {
		t.Fatal(err)
	}
	onDisk, err := pack.Read(os.DirFS(examplePack))
	if err != nil || onDisk.Sum != embedded.Sum {
		t.Errorf("the sum on disk differs from the one embedded: %v", err)
	}
}

// TestExamplePack does what somebody does who copies the example: judge it, with
// builds and tests, make a component with it, start that and look.
func TestExamplePack(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs complete components")
	}
	binary, err := fieldlab()
	if err != nil {
		t.Fatal(err)
	}
	check := exec.Command(binary, "pack", "check", examplePack, "--build")
	check.Env = append(os.Environ(), "GOFLAGS="+goFlags, "GOPROXY=off")
	if out, err := check.CombinedOutput(); err != nil {
		t.Fatalf("fieldlab pack check: %v\n%s", err, out)
	}
	dir := filepath.Join(t.TempDir(), "onderzoek")
	command(t, ".", binary, "new", dir, "--answers", "adresonderzoek/fieldlab.yaml", "--pack", examplePack)
	if out := command(t, dir, "gofmt", "-l", "."); out != "" {
		t.Errorf("gofmt would change:\n%s", out)
	}
	program := filepath.Join(dir, "component.exe")
	command(t, dir, "go", "build", "-o", program, ".")
	c := launch(t, t.TempDir(), program, freePorts(t, 4), []int{0}, nil)
	if sheet, _ := get(t, c.url(0, "/stijl.css")); !strings.Contains(sheet, "Hieronder: de huisstijl.") {
		t.Errorf("the style sheet is not that of the pack:\n%.300s", sheet)
	}
	// A component that keeps a pack is as good to update as any.
	if out, err := exec.Command(binary, "update", dir, "--check").CombinedOutput(); err != nil {
		t.Errorf("fieldlab update --check: %v\n%s", err, out)
	}
}
