package generator_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestKindsNeedNothing: what the generator takes from the component brings
// nothing along, but for the forms of Unicode, by which package naming makes names
// as well.
func TestKindsNeedNothing(t *testing.T) {
	found := 0
	for _, p := range packages(t) {
		if p.ImportPath != module+kinds && p.ImportPath != module+drawing && p.ImportPath != module+logins {
			continue
		}
		found++
		for _, imported := range p.Imports {
			if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") && imported != "golang.org/x/text/unicode/norm" && imported != module+kinds {
				t.Errorf("%s imports %s; only the standard library may", p.ImportPath, imported)
			}
		}
	}
	if found != 3 {
		t.Errorf("there is no %s, no %s or no %s", kinds, drawing, logins)
	}
}

// TestCommandIsLight: the command does not link what only components need.
func TestCommandIsLight(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "./cmd/fieldlab")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Skip("cmd/fieldlab cannot be listed yet")
	}
	for line := range strings.Lines(string(out)) {
		for _, heavy := range []string{"modernc.org/", "github.com/jackc/", "github.com/getkin/", "github.com/coreos/go-oidc", "golang.org/x/oauth2", module + "templates/component", "testing"} {
			name := strings.TrimSpace(line)
			if within := strings.HasPrefix(name, strings.TrimSuffix(heavy, "/")+"/"); (name == heavy || within) && name != module+kinds && name != module+drawing && name != module+logins {
				t.Errorf("cmd/fieldlab links %s", name)
			}
		}
	}
}
