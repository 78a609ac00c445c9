package cli_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestDoctorBuild proves it as somebody would: the example is made, built, started,
// asked for its first page, and gone.
func TestDoctorBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a whole component")
	}
	temp := t.TempDir()
	command := exec.CommandContext(t.Context(), os.Args[0], "doctor", temp, "--build", "--json")
	command.Env = append(os.Environ(), asProgram+"=1", "GOFLAGS=-trimpath", "PORT=42330", "GOPROXY=off", "TMPDIR="+temp, "TMP="+temp,
		"DATABASE_URL=postgres://niet.van.ons/gegevens", "OMGEVING=productie") // what is of another component is kept from it
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	var report struct {
		Findings []struct{ ID, State, Case, What string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, &said)
	}
	for _, f := range report.Findings {
		switch {
		case f.ID != "build":
		case f.Case == "modules" && os.Getenv("CI") == "":
			t.Skip("the modules of a component are not here: " + f.What)
		case f.State != "ok":
			t.Errorf("%s: %s", f.Case, f.What)
		}
	}
	if len(report.Findings) == 0 || report.Findings[len(report.Findings)-1].ID == "" || !strings.Contains(string(out), `"id": "build"`) {
		t.Errorf("no word about the build:\n%s", out)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("%s is left", left[0].Name())
	}
}
