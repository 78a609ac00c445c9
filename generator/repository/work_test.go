package repository

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func putFiles(t *testing.T, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// history is a repository with a few commits.
func history(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	native(t, dir, "init", "-q", "-b", "main")
	for i, text := range []string{"een\n", "twee\n", "een\n", "drie\n"} {
		putFiles(t, dir, "a/m.json", text, "a/b/x.txt", strings.Repeat("x", i)+"\n")
		native(t, dir, "add", "-A")
		native(t, dir, "-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q", "-m", text)
	}
	return dir
}

// TestWith finds commits by what a file was, the oldest first, also of a
// component that lies deeper, and packed.
func TestWith(t *testing.T) {
	t.Parallel()
	dir := history(t)
	for range 2 {
		for folder, name := range map[string]string{".": "a/m.json", "a": "m.json"} {
			w, err := Open(filepath.Join(dir, folder))
			if err != nil {
				t.Fatal(err)
			}
			trees, err := w.With(context.Background(), name, []byte("een\n"))
			if err != nil || len(trees) != 2 {
				t.Fatalf("%d commits, %v", len(trees), err)
			}
			beside := strings.TrimSuffix(name, "m.json") + "b/x.txt"
			for i, want := range []string{"\n", "xx\n"} {
				if body, err := trees[i].File(beside); err != nil || string(body) != want {
					t.Errorf("commit %d has %q, %v", i, body, err)
				}
			}
			if names, err := trees[0].Files(strings.TrimSuffix(name, "m.json") + "b"); err != nil || len(names) != 1 || names[0] != beside {
				t.Errorf("files %v, %v", names, err)
			}
			if _, err := trees[0].File("nergens/x"); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			committed, err := w.Committed([]string{name, "nergens"})
			if err != nil || len(committed) != 1 || committed[name] != Hash([]byte("drie\n")) {
				t.Errorf("committed %v, %v", committed, err)
			}
			w.Close()
		}
		native(t, dir, "gc", "-q")
	}
}

// TestHostileWork: a repository of a stranger is read or refused; nothing of it
// leads elsewhere, and nothing panics.
func TestHostileWork(t *testing.T) {
	t.Parallel()
	elsewhere := history(t)
	for name, break_ := range map[string]func(t *testing.T, dir string){
		"no HEAD":        func(t *testing.T, dir string) { putFiles(t, dir, ".git/HEAD", "onzin\n") },
		"HEAD elsewhere": func(t *testing.T, dir string) { putFiles(t, dir, ".git/HEAD", "ref: refs/heads/../../x\n") },
		"objects are a link": func(t *testing.T, dir string) {
			relink(t, filepath.Join(elsewhere, ".git/objects"), filepath.Join(dir, ".git/objects"))
		},
		"refs are a link": func(t *testing.T, dir string) {
			relink(t, filepath.Join(elsewhere, ".git/refs"), filepath.Join(dir, ".git/refs"))
		},
		".git is a link": func(t *testing.T, dir string) {
			relink(t, filepath.Join(elsewhere, ".git"), filepath.Join(dir, ".git"))
		},
		"another format": func(t *testing.T, dir string) {
			putFiles(t, dir, ".git/config", "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n")
		},
		"config of nothing": func(t *testing.T, dir string) { putFiles(t, dir, ".git/config", "[[[") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := history(t)
			break_(t, dir)
			w, err := Open(dir)
			if err == nil {
				w.Close()
				t.Fatal("it is read")
			}
			if !errors.As(err, new(Obstacle)) && !errors.Is(err, ErrNone) {
				t.Errorf("gives %v", err)
			}
		})
	}
	// Objects that are no objects: an error, and no panic.
	dir := history(t)
	err := filepath.WalkDir(filepath.Join(dir, ".git/objects"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, []byte("onzin"), 0o644))
	})
	if err != nil {
		t.Fatal(err)
	}
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.With(context.Background(), "a/m.json", nil); err == nil {
		t.Error("broken objects are read")
	}
	if _, err := w.Committed([]string{"a/m.json"}); err == nil {
		t.Error("broken objects are read")
	}
}

func relink(t *testing.T, to, name string) {
	t.Helper()
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, name); err != nil {
		t.Skip(err)
	}
}

// TestCommitShapes: folders that come, go and change place with a file, beside
// names that git sorts in its own way.
func TestCommitShapes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	native(t, dir, "init", "-q", "-b", "main")
	putFiles(t, dir, "map/x", "x\n", "map-y", "y\n", "map.z", "z\n", "file", "f\n", "weg/diep/x", "x\n", "blijft", "b\n")
	native(t, dir, "add", "-A")
	native(t, dir, "-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q", "-m", "x")
	changes := []Change{{File: File{Path: "map/x"}, Gone: true}, {File: File{Path: "file"}, Gone: true}, {File: File{Path: "weg/diep/x"}, Gone: true}}
	for _, gone := range []string{"map", "file", "weg"} {
		if err := os.RemoveAll(filepath.Join(dir, gone)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"map", "file/deel", "nieuw/a/b", "map-y"} {
		putFiles(t, dir, name, "nieuw "+name+"\n")
		info, err := os.Lstat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, Change{File: File{Path: name, Body: []byte("nieuw " + name + "\n"), Info: info, Executable: name == "map"}})
	}
	if err := os.Chmod(filepath.Join(dir, "map"), 0o755); err != nil {
		t.Fatal(err)
	}
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Commit(changes, "", Options{Author: Fallback, Committer: Fallback, Message: "y\n", When: time.Unix(1_700_000_000, 0)}); err != nil {
		t.Fatal(err)
	}
	native(t, dir, "fsck", "--strict")
	if got := native(t, dir, "status", "--porcelain"); got != "" {
		t.Errorf("git status says\n%s", got)
	}
	want := []string{"blijft", "file/deel", "map", "map-y", "map.z", "nieuw/a/b"}
	if got := strings.Fields(native(t, dir, "ls-tree", "-r", "--name-only", "HEAD")); !slices.Equal(got, want) {
		t.Errorf("the tree has %v", got)
	}
	if got := native(t, dir, "reflog", "-1"); !strings.Contains(got, "commit: y") {
		t.Errorf("the log says %s", got)
	}
}
