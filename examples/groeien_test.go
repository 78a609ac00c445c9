package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestGrowingIsExplained types every command that docs/groeien.md of a component
// shows, in that component: each exists, and does what it says without a question.
// What the text names besides is in the help of the command.
func TestGrowingIsExplained(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: generates components")
	}
	binary, err := fieldlab()
	if err != nil {
		t.Fatal(err)
	}
	var help string
	for _, name := range []string{"update", "add field", "add step", "rename", "remove", "kern take", "kern status"} {
		out, err := exec.Command(binary, append(strings.Fields(name), "--help")...).Output()
		if err != nil {
			t.Fatalf("fieldlab %s --help: %v", name, err)
		}
		help += string(out)
	}
	for _, file := range answersFiles(t) {
		t.Run(strings.TrimSuffix(file, "/fieldlab.yaml"), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "component")
			generate(t, file, dir)
			page := filepath.Join(dir, "docs", "groeien.md")
			for _, line := range shellLines(t, page) {
				args := strings.Fields(line)[1:]
				if !slices.Equal(args, []string{"kern", "status"}) {
					args = append(args, "--dry-run")
				}
				cmd := exec.Command(binary, args...)
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s --dry-run: %v\n%s", line, err, out)
				}
			}
			if changed := command(t, dir, "git", "status", "--porcelain"); changed != "" {
				t.Errorf("--dry-run changes\n%s", changed)
			}
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			flags := regexp.MustCompile("`(?:[^`\n]* )?(--[a-z-]+)[^`\n]*`").FindAllStringSubmatch(string(text), -1)
			if len(flags) < 8 {
				t.Errorf("%d flags found, so not everything was checked", len(flags))
			}
			for _, flag := range flags {
				if !strings.Contains(help, flag[1]) {
					t.Errorf("docs/groeien.md names %s, which no command has", flag[1])
				}
			}
		})
	}
}

// TestTakeOver does what docs/groeien.md says of taking a package over: it is the
// team's from then on, comes with its tests, and a change of it stays.
func TestTakeOver(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and tests a component")
	}
	dir := filepath.Join(t.TempDir(), "verhuizing")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	page, err := os.ReadFile(filepath.Join(dir, "docs", "groeien.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?m)^fieldlab (kern take [a-z]+)$").FindStringSubmatch(string(page))
	if shown == nil {
		t.Fatal("docs/groeien.md shows no package that is taken over")
	}
	binary, err := fieldlab()
	if err != nil {
		t.Fatal(err)
	}
	args := strings.Fields(shown[1])
	folder := "./kern/" + args[2]
	command(t, dir, binary, args...)
	insert(t, filepath.Join(dir, folder, "outway.go"), "package outway", "// Van het team.\n\n")
	command(t, dir, "git", "add", "-A")
	command(t, dir, "git", "-c", "user.name=Team", "-c", "user.email=team@voorbeeld.test", "commit", "-q", "-m", "overgenomen")
	command(t, dir, binary, "update")
	if status := command(t, dir, "git", "status", "--porcelain"); status != "" {
		t.Errorf("an update right after changes\n%s", status)
	}
	if out := command(t, dir, binary, "kern", "status"); !strings.Contains(out, args[2]) {
		t.Errorf("kern status does not name the package:\n%s", out)
	}
	command(t, dir, "go", "vet", "./...")
	if out := command(t, dir, "go", "test", folder, "./2-diensten", "./tests"); strings.Contains(out, "no test files") {
		t.Errorf("the tests of the package did not come along:\n%s", out)
	}
}
