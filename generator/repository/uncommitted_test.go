package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUncommitted holds what it finds against git itself.
func TestUncommitted(t *testing.T) {
	for _, below := range []string{".", "componenten/een"} {
		t.Run(below, func(t *testing.T) {
			top := t.TempDir()
			dir := filepath.Join(top, filepath.FromSlash(below))
			put := func(name, text string) {
				t.Helper()
				path := filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			native(t, top, "init", "-q", "-b", "main")
			for _, name := range []string{"a.txt", "b/c.txt", "b/weg.txt", "kern/x.log", "ends.txt"} {
				put(name, "een\ntwee\n")
			}
			put(".gitignore", "/.data\n*.log\n# *.md\n")
			native(t, top, "add", "-Af")
			native(t, top, "-c", "user.name=x", "-c", "user.email=x@x.test", "commit", "-qm", "x")
			want := func(want string) {
				t.Helper()
				w, err := Open(dir)
				if err != nil {
					t.Fatal(err)
				}
				defer w.Close()
				names, err := w.Uncommitted(100, func(name string) bool { return name == "zelf" })
				if got := strings.Join(names, " "); err != nil || got != want {
					t.Errorf("got %q, %v; want %q", got, err, want)
				}
			}
			want("")
			put(".data/x.db", "x")
			put("b/y.log", "x")
			put("zelf/z", "x")
			put("ends.txt", "een\r\ntwee\r\n")
			want("")
			for file, line := range map[string]string{".gitignore": "van-boven\n", ".git/info/exclude": "van-mij\n"} {
				appendTo(t, filepath.Join(top, filepath.FromSlash(file)), line)
			}
			put("van-boven", "x")
			put("b/van-mij", "x")
			if below == "." {
				native(t, top, "-c", "user.name=x", "-c", "user.email=x@x.test", "commit", "-qam", "x")
			}
			want("")
			put("kern/x.log", "anders\n") // ignored, but git has it
			put("a.txt", "een\nTWEE\n")
			put("nieuw.md", "x")
			put("b/d/e.txt", "x")
			if err := os.Remove(filepath.Join(dir, "b", "weg.txt")); err != nil {
				t.Fatal(err)
			}
			want("a.txt b/d/e.txt b/weg.txt kern/x.log nieuw.md")
			native(t, top, "add", "-A")
			want("a.txt b/d/e.txt b/weg.txt kern/x.log nieuw.md") // staged is not committed
			native(t, top, "-c", "user.name=x", "-c", "user.email=x@x.test", "commit", "-qm", "y")
			want("")
		})
	}
}

func appendTo(t *testing.T, name, text string) {
	t.Helper()
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
}
