package newcmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
)

// TestNamed: names of folders as people type and paste them.
func TestNamed(t *testing.T) {
	d, _, _ := deps(false)
	for dir, want := range map[string]string{
		"zaak": "", "zaak ü 名": "", "met spatie": "", ".": "", "..": "", "a/../b": "", "-x": "", "$HOME": "", "x~": "", "a@b": "",
		"\\\\server\\share": "", "//server/share/x": "", "e\u0301": "",
		"a\nb": "niet te zien", "a\tb": "niet te zien", "a\x00b": "niet te zien", "x\xff": "niet te zien", "e\u202egpj": "niet te zien",
		"https://git.x.test/team/zaak.git": "adres van een repository", "git@x.test:team/zaak.git": "adres van een repository", "ssh://x/y": "adres van een repository",
		".git": "in de .git", ".git/x": "in de .git", ".GIT": "in de .git", "a/.git/hooks": "in de .git", ".git. ": "in de .git", "git~1": "in de .git",
		"~": "begint met ~", "~/werk/x": "begint met ~",
	} {
		err := named(d, dir)
		var usage failure.Usage
		switch {
		case want == "" && err != nil:
			t.Errorf("%q is refused: %v", dir, err)
		case want != "" && (!errors.As(err, &usage) || !strings.Contains(usage.Text, want) || usage.Hint == ""):
			t.Errorf("%q gives %v", dir, err)
		case want != "" && strings.ContainsAny(usage.Text+usage.Hint, "\n\x00\u202e"):
			t.Errorf("%q is shown as it is", dir)
		}
	}
	t.Chdir(mkdir(t, ".git"))
	if named(d, ".") == nil || named(d, "x") == nil {
		t.Error("a component came in .git")
	}
}

func mkdir(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFitsWindows(t *testing.T) {
	for path, want := range map[string]bool{
		"zaak": true, "a/b": true, "../x": true, ".": true, "..": true, "x.y": true, "console": true, `C:\werk`: true,
		"con": false, "NUL.txt": false, "a/aux/b": false, "com1": false, "x.": false, "x ": false, "a./b": false, `a \b`: false,
	} {
		if got := fitsWindows(path); got != want {
			t.Errorf("%q gives %v", path, got)
		}
	}
}

func TestCloneOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://x.test/team/zaak.git": "zaak", "https://x.test/team/zaak/": "zaak", "git@x.test:zaak.git": "zaak",
	} {
		if got := cloneOf(address); got != want {
			t.Errorf("%s gives %s", address, got)
		}
	}
}
