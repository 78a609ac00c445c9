package tree

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// cloned makes a folder as somebody has who cloned: a .git, and a file that
// gives way.
func cloned(t *testing.T, parent string) (dir string, beside Beside) {
	t.Helper()
	dir = mkdir(t, filepath.Join(parent, "clone"))
	for _, folder := range []string{".git", ".git/refs", ".git/refs/heads", ".git/objects"} {
		mkdir(t, filepath.Join(dir, folder))
	}
	write(t, filepath.Join(dir, ".git/config"), "[core]\n")
	write(t, filepath.Join(dir, ".git/refs/heads/main"), "old\n")
	write(t, filepath.Join(dir, ".gitignore"), "of the team\n")
	write(t, filepath.Join(dir, "LICENSE"), "of the team\n")
	return dir, Beside{Keep: []string{".git", ".gitignore", "LICENSE"}, Replace: map[string][]byte{
		".gitignore": []byte("of the team\n"), ".git/refs/heads/main": []byte("old\n"), "absent": nil,
	}}
}

// inGit stands for a commit in a repository that is there already.
func inGit(s *Stage) error {
	for _, folder := range []string{".git", ".git/refs", ".git/refs/heads", ".git/objects", ".git/objects/pack"} {
		if err := s.Root.Mkdir(folder, 0o755); err != nil {
			return err
		}
	}
	if err := s.Root.WriteFile(".git/objects/pack/new", []byte("pack"), 0o644); err != nil {
		return err
	}
	return s.Root.WriteFile(".git/refs/heads/main", []byte("new\n"), 0o644)
}

func content(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

func TestWriteBeside(t *testing.T) {
	dir, beside := cloned(t, t.TempDir())
	var moved []string
	w := writer{finish: inGit, beside: beside, before: func(operation, name string) error {
		if operation == "rename" {
			moved = append(moved, name)
		}
		return nil
	}}
	if _, err := w.write(context.Background(), dir, small()); err != nil {
		t.Fatal(err)
	}
	if last := moved[len(moved)-1]; last != ".git/refs/heads/main" {
		t.Errorf("%s comes after the name of the branch", last)
	}
	for name, want := range map[string]string{
		".gitignore": "/.data\n", "LICENSE": "of the team\n", ".git/config": "[core]\n",
		".git/refs/heads/main": "new\n", ".git/objects/pack/new": "pack", "1-gegevens/zaak.go": "package register\n",
	} {
		if got := content(t, filepath.Join(dir, name)); got != want {
			t.Errorf("%s holds %q", name, got)
		}
	}
	noStaging(t, dir)
}

// TestFaultsBeside fails at each change in turn, and at what changed meanwhile:
// all that was there is as it was.
func TestFaultsBeside(t *testing.T) {
	broken := errors.New("broken")
	for at := 0; ; at++ {
		dir, beside := cloned(t, t.TempDir())
		before := state(t, dir)
		count := 0
		w := writer{finish: inGit, beside: beside, before: func(_, _ string) error {
			if count++; count > at {
				return broken
			}
			return nil
		}}
		_, err := w.write(context.Background(), dir, small())
		if err == nil {
			if at < 12 {
				t.Fatalf("only %d changes were seen", at)
			}
			return
		}
		if after := state(t, dir); after != before || !errors.Is(err, broken) {
			t.Fatalf("fault %d (%v) left\n%s\nwas\n%s", at, err, after, before)
		}
	}
}

// state is listing with what is in the files.
func state(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(listing(t, dir)) {
		name := strings.TrimSpace(line)
		out.WriteString(name)
		if !strings.HasSuffix(name, "/") {
			body, _ := os.ReadFile(name) // a link to a folder has none
			out.WriteString(" " + string(body))
		}
		out.WriteString("\n")
	}
	return out.String()
}

// TestBesideRespects: what nobody knew of is not touched, whatever comes in the
// way between looking and writing.
func TestBesideRespects(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, dir string){
		"a new file":     func(t *testing.T, dir string) { write(t, filepath.Join(dir, "fieldlab.yaml"), "letter") },
		"a changed file": func(t *testing.T, dir string) { write(t, filepath.Join(dir, ".gitignore"), "of the team\nmore\n") },
		"a link instead of a file": func(t *testing.T, dir string) {
			_ = os.Remove(filepath.Join(dir, ".gitignore"))
			link(t, filepath.Join(dir, "LICENSE"), filepath.Join(dir, ".gitignore"))
		},
		"a link instead of a folder": func(t *testing.T, dir string) {
			_ = os.Remove(filepath.Join(dir, ".git/objects"))
			link(t, mkdir(t, filepath.Join(filepath.Dir(dir), "elsewhere")), filepath.Join(dir, ".git/objects"))
		},
		"a new file without anything in it": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "fieldlab.yaml"), "") },
		"a link to a folder inside": func(t *testing.T, dir string) {
			_ = os.Remove(filepath.Join(dir, ".git/objects"))
			mkdir(t, filepath.Join(dir, "inside"))
			link(t, filepath.Join("..", "inside"), filepath.Join(dir, ".git/objects"))
		},
		"a moved branch": func(t *testing.T, dir string) { write(t, filepath.Join(dir, ".git/refs/heads/main"), "other\n") },
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir, beside := cloned(t, parent)
			var before string
			w := writer{beside: beside, before: func(operation, _ string) error {
				if operation == "finish" {
					change(t, dir)
				}
				return nil
			}}
			w.finish = func(s *Stage) error {
				err := inGit(s)
				before = strings.ReplaceAll(onlyOutside(state(t, parent)), "\n\n", "\n")
				return err
			}
			if _, err := w.write(context.Background(), dir, small()); err == nil {
				t.Error("it was written")
			}
			if after := onlyOutside(state(t, parent)); after != before {
				t.Errorf("left\n%s\nwas\n%s", after, before)
			}
		})
	}
}

// onlyOutside leaves out what lies in a staging folder.
func onlyOutside(state string) string {
	var out strings.Builder
	for line := range strings.Lines(state) {
		if strings.TrimSpace(line) != "" && !strings.Contains(line, stagingPrefix) && strings.Contains(line, "/") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// TestWriteRefusesWhatNobodyKnows: without a word about it a .git is in the way.
func TestWriteRefusesWhatNobodyKnows(t *testing.T) {
	dir, beside := cloned(t, t.TempDir())
	write(t, filepath.Join(dir, "letter.txt"), "kept")
	for _, b := range []Beside{{}, beside} {
		if _, err := WriteBeside(context.Background(), dir, small(), b, true, inGit); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("%v gives %v", b.Keep, err)
		}
	}
}
