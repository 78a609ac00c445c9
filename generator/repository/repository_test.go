package repository

import (
	"bytes"
	"fmt"
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

func TestIdentify(t *testing.T) {
	home := t.TempDir()
	put := func(name, body string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(home, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, name), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(".gitconfig", "[user]\n\tname = Ans\n")
	put(".config/git/config", "[user]\n\tname = Oud\n\temail = ans@gemeente.nl\n")
	put("broken", "[user\nname=")
	put("including", "[include]\n\tpath = included\n")
	put("included", "[user]\n\tname = Ina\n\temail = ina@gemeente.nl\n[include]\n\tpath = including\n")
	put("empty", "")
	put("roles", "[user]\nname=U\nemail=u@x\n[author]\nname=A\n[committer]\nemail=c@x\n")
	for _, test := range []struct {
		env               map[string]string
		author, committer string
		known             bool
	}{
		{nil, "Ans <ans@gemeente.nl>", "Ans <ans@gemeente.nl>", true},
		{map[string]string{"GIT_AUTHOR_NAME": "Bo", "GIT_COMMITTER_EMAIL": "bo@x"}, "Bo <ans@gemeente.nl>", "Ans <bo@x>", true},
		{map[string]string{"GIT_CONFIG_GLOBAL": "including"}, "Ina <ina@gemeente.nl>", "Ina <ina@gemeente.nl>", true},
		{map[string]string{"GIT_CONFIG_GLOBAL": "roles"}, "A <u@x>", "U <c@x>", true},
		{map[string]string{"GIT_CONFIG_GLOBAL": "empty"}, "fieldlab <fieldlab@localhost>", "fieldlab <fieldlab@localhost>", false},
		{map[string]string{"GIT_CONFIG_GLOBAL": "broken"}, "fieldlab <fieldlab@localhost>", "fieldlab <fieldlab@localhost>", false},
		{map[string]string{"GIT_CONFIG_GLOBAL": "absent", "EMAIL": "e@x"}, "fieldlab <e@x>", "fieldlab <e@x>", false},
	} {
		getenv := func(key string) string {
			switch value := test.env[key]; {
			case key == "HOME":
				return home
			case key == "GIT_CONFIG_NOSYSTEM":
				return "1"
			case key == "GIT_CONFIG_GLOBAL" && value != "":
				return filepath.Join(home, value)
			default:
				return value
			}
		}
		author, committer, known := Identify(getenv)
		show := func(i Identity) string { return fmt.Sprintf("%s <%s>", i.Name, i.Email) }
		if show(author) != test.author || show(committer) != test.committer || known != test.known {
			t.Errorf("%v gives %s, %s, %v", test.env, show(author), show(committer), known)
		}
	}
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
