package repository

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// native runs git in dir without any configuration of this machine.
func native(t *testing.T, dir string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here to compare with")
	}
	command := exec.Command("git", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "LC_ALL=C")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// sample writes files that are hard on a pack: empty, equal, large,
// executable, deep, and names whose order differs between files and folders.
func sample(t testing.TB, dir string) []File {
	t.Helper()
	bodies := []struct {
		path string
		body []byte
		exec bool
	}{
		{".gitignore", []byte("/.data\n"), false},
		{"a-b/x.txt", []byte("x\n"), false},
		{"a.txt", []byte("a\n"), false},
		{"a/b/c/d.txt", []byte("d\n"), false},
		{"a/x.txt", []byte("x\n"), false},
		{"a0", []byte("same name, other order\n"), false},
		{"deploy/start.sh", []byte("#!/bin/sh\n"), true},
		{"empty", nil, false},
		{"groot.txt", bytes.Repeat([]byte("regel\n"), 50_000), false},
		{"é/ü.txt", []byte("x\n"), false},
	}
	var files []File
	for _, b := range bodies {
		name := filepath.Join(dir, b.path)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if b.exec {
			mode = 0o755
		}
		if err := os.WriteFile(name, b.body, mode); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Path: b.path, Executable: b.exec, Body: b.body, Info: info})
	}
	return files
}

func options() Options {
	me := Identity{Name: "Ans de Vries", Email: "ans@gemeente.nl"}
	return Options{Author: me, Committer: me, Message: "Eerste versie\n", When: time.Unix(1_700_000_000, 0).UTC()}
}

// TestCommit: git itself finds a sound, complete and unchanged repository.
func TestCommit(t *testing.T) {
	dir := t.TempDir()
	files := sample(t, dir)
	hash, err := Commit(dir, files, options())
	if err != nil {
		t.Fatal(err)
	}
	if got := native(t, dir, "status", "--porcelain", "--ignored"); got != "" {
		t.Errorf("git status: %s", got)
	}
	if got := native(t, dir, "diff-files"); got != "" {
		t.Errorf("the index lacks file information: %s", got)
	}
	if got := native(t, dir, "fsck", "--full", "--strict"); strings.TrimSpace(got) != "" {
		t.Errorf("git fsck: %s", got)
	}
	native(t, dir, "verify-pack", filepath.Join(".git", "objects", "pack", packName(t, dir)+".idx"))
	if got := strings.TrimSpace(native(t, dir, "rev-parse", "HEAD")); got != hash {
		t.Errorf("HEAD is %s, not %s", got, hash)
	}
	if got := strings.TrimSpace(native(t, dir, "symbolic-ref", "HEAD")); got != "refs/heads/main" {
		t.Errorf("HEAD is %s", got)
	}
	if got := native(t, dir, "log", "--format=%an <%ae> %cn <%ce> %at %s"); strings.TrimSpace(got) !=
		"Ans de Vries <ans@gemeente.nl> Ans de Vries <ans@gemeente.nl> 1700000000 Eerste versie" {
		t.Errorf("git log: %s", got)
	}
	if got := native(t, dir, "ls-files", "--stage", "deploy/start.sh"); !strings.HasPrefix(got, "100755") {
		t.Errorf("the executable bit is lost: %s", got)
	}
	for _, file := range files {
		if got := native(t, dir, "cat-file", "blob", "HEAD:"+file.Path); got != string(file.Body) {
			t.Errorf("%s differs", file.Path)
		}
	}
	native(t, dir, "gc", "--quiet")
	native(t, dir, "fsck")
}

// TestCommitAsGit: git add and git commit give the very same commit.
func TestCommitAsGit(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	hash, err := Commit(dir, sample(t, dir), options())
	if err != nil {
		t.Fatal(err)
	}
	sample(t, other)
	o := options()
	t.Setenv("GIT_AUTHOR_NAME", o.Author.Name)
	t.Setenv("GIT_AUTHOR_EMAIL", o.Author.Email)
	t.Setenv("GIT_COMMITTER_NAME", o.Author.Name)
	t.Setenv("GIT_COMMITTER_EMAIL", o.Author.Email)
	t.Setenv("GIT_AUTHOR_DATE", "1700000000 +0000")
	t.Setenv("GIT_COMMITTER_DATE", "1700000000 +0000")
	native(t, other, "init", "--quiet", "--initial-branch=main")
	native(t, other, "add", "--all")
	native(t, other, "commit", "--quiet", "--message=Eerste versie")
	if got := strings.TrimSpace(native(t, other, "rev-parse", "HEAD")); got != hash {
		t.Errorf("git makes %s of the same files, we %s", got, hash)
	}
}

func TestCommitTwice(t *testing.T) {
	dir := t.TempDir()
	files := sample(t, dir)
	if _, err := Commit(dir, files, options()); err != nil {
		t.Fatal(err)
	}
	if _, err := Commit(dir, files, options()); err == nil {
		t.Error("a second first commit was made")
	}
}

// TestSignature: a name cannot end the line of its commit.
func TestSignature(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Author = Identity{Name: "Ans\ncommitter <x>", Email: "a<b>@c\n"}
	if _, err := Commit(dir, sample(t, dir), o); err != nil {
		t.Fatal(err)
	}
	native(t, dir, "fsck", "--strict")
}

func TestEnclosing(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(dir, "a", "b")
	if found, ok := Enclosing(below); ok {
		t.Errorf("found %s around a temporary folder", found)
	}
	if _, err := Commit(dir, sample(t, dir), options()); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{dir, below, filepath.Join(dir, "absent", "too")} {
		if found, ok := Enclosing(at); !ok || found != dir {
			t.Errorf("Enclosing(%s) = %s, %v", at, found, ok)
		}
	}
}

func packName(t *testing.T, dir string) string {
	t.Helper()
	packs, err := filepath.Glob(filepath.Join(dir, ".git", "objects", "pack", "*.idx"))
	if err != nil || len(packs) != 1 {
		t.Fatalf("packs %v, %v", packs, err)
	}
	return strings.TrimSuffix(filepath.Base(packs[0]), ".idx")
}
