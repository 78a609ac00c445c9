package repository

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestAlone holds what Git leaves alone against git itself: of an ignored file, of one
// that is tracked all the same, and of patterns above and below.
func TestAlone(t *testing.T) {
	for _, below := range []string{".", "componenten/een"} {
		t.Run(below, func(t *testing.T) {
			top := t.TempDir()
			dir := filepath.Join(top, filepath.FromSlash(below))
			for name, text := range map[string]string{
				"a.txt": "x", "b/c.txt": "x", "b/x.log": "x", ".env": "x", "dist/app.js": "x", "dist/own.js": "x",
				"b/keep.log": "x", ".gitignore": "*.log\n/dist/\n.env\n", "b/.gitignore": "!keep.log\nc.*\n", "d/dist/x.js": "x",
			} {
				path := filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if below != "." {
				if err := os.WriteFile(filepath.Join(top, ".gitignore"), []byte("a.txt\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			native(t, top, "init", "-q", "-b", "main")
			native(t, top, "add", "-A")
			native(t, top, "add", "-f", path.Join(below, ".env"), path.Join(below, "dist/own.js"))
			w, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			alone, err := w.Alone()
			if err != nil {
				t.Fatal(err)
			}
			defer alone.Close()
			var got []string
			err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
				switch {
				case err != nil || name == ".":
					return err
				case name == ".git" || d.IsDir() && alone.Match(name, true):
					return fs.SkipDir
				case !d.IsDir() && !alone.Match(name, false):
					got = append(got, name)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Fields(native(t, dir, "ls-files", "-co", "--exclude-standard"))
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("kept %q, git %q", got, want)
			}
			if !alone.Tracked(".env") || alone.Tracked("b/x.log") {
				t.Error("what is tracked is not known")
			}
		})
	}
}
