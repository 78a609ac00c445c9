package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// small is a plan with files at several depths, one of them executable.
func small() plan.Plan {
	return plan.Plan{
		{Path: ".gitignore", Mode: 0o644, Body: []byte("/.data\n"), Owner: plan.Merged},
		{Path: "1-gegevens/zaak.go", Mode: 0o644, Body: []byte("package register\n"), Owner: plan.Merged},
		{Path: "1-gegevens/zaken.go", Mode: 0o644, Body: []byte("package gegevens\n"), Owner: plan.Merged},
		{Path: "deploy/start.sh", Mode: 0o755, Body: []byte("#!/bin/sh\n"), Owner: plan.Merged},
		{Path: "fieldlab.yaml", Mode: 0o644, Body: []byte("version: 1\n"), Owner: plan.Team},
	}
}

// finish stands for the first commit.
func finish(s *Stage) error {
	return s.Root.WriteFile("commit", []byte("1"), 0o644)
}

func TestWrite(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, parent string) (dir string)
	}{
		{"absent", func(_ *testing.T, parent string) string { return filepath.Join(parent, "new") }},
		{"absent with parents", func(_ *testing.T, parent string) string { return filepath.Join(parent, "a", "b", "new") }},
		{"empty", func(t *testing.T, parent string) string {
			return mkdir(t, filepath.Join(parent, "empty"))
		}},
		{"current folder", func(t *testing.T, parent string) string {
			t.Chdir(mkdir(t, filepath.Join(parent, "here")))
			return "."
		}},
		{"link to an empty folder", func(t *testing.T, parent string) string {
			return link(t, mkdir(t, filepath.Join(parent, "real")), filepath.Join(parent, "link"))
		}},
		{"below a link", func(t *testing.T, parent string) string {
			return filepath.Join(link(t, mkdir(t, filepath.Join(parent, "real")), filepath.Join(parent, "link")), "new")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := test.prepare(t, parent)
			report, err := Write(context.Background(), dir, small(), finish)
			if err != nil {
				t.Fatal(err)
			}
			if report.Files != 5 || report.Bytes == 0 || !filepath.IsAbs(report.Dir) {
				t.Errorf("report %+v", report)
			}
			complete(t, dir)
			noStaging(t, parent)
		})
	}
}

// TestWriteKeepsMode: an empty folder that was there keeps who may use it.
func TestWriteKeepsMode(t *testing.T) {
	dir := mkdir(t, filepath.Join(t.TempDir(), "private"))
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(context.Background(), dir, small(), nil); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode became %v", info.Mode())
	}
}

func TestWriteRefuses(t *testing.T) {
	parent := t.TempDir()
	full := mkdir(t, filepath.Join(parent, "full"))
	write(t, filepath.Join(full, "letter.txt"), "kept")
	file := filepath.Join(parent, "file")
	write(t, file, "kept")
	dangling := link(t, filepath.Join(parent, "nowhere"), filepath.Join(parent, "dangling"))
	for _, dir := range []string{full, file, dangling, filepath.Join(file, "below")} {
		before := listing(t, parent)
		if _, err := Write(context.Background(), dir, small(), nil); err == nil {
			t.Errorf("%s was accepted", dir)
		}
		if after := listing(t, parent); after != before {
			t.Errorf("%s: something changed:\n%s\nwas\n%s", dir, after, before)
		}
	}
	if _, err := Write(context.Background(), full, small(), nil); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a folder with files gives %v", err)
	}
}

// TestWriteRefusesPaths: even a plan that nobody checked does not get outside.
func TestWriteRefusesPaths(t *testing.T) {
	for _, path := range []string{"../out", "/out", "a/../../out", ".git/hooks/pre-commit", `a\..\out`} {
		parent := t.TempDir()
		p := append(small(), plan.File{Path: path, Mode: 0o644})
		if _, err := Write(context.Background(), filepath.Join(parent, "new"), p, nil); err == nil {
			t.Errorf("%s was written", path)
		}
		if left := listing(t, parent); left != "" {
			t.Errorf("%s left %s", path, left)
		}
	}
}

// TestFaults fails at each change on disk in turn: nothing may be left.
func TestFaults(t *testing.T) {
	broken := errors.New("broken")
	for _, existing := range []string{"absent", "empty", "current"} {
		t.Run(existing, func(t *testing.T) {
			for at := 0; ; at++ {
				parent := t.TempDir()
				dir := filepath.Join(parent, "above", "new")
				if existing != "absent" {
					mkdir(t, filepath.Dir(dir))
					mkdir(t, dir)
				}
				if existing == "current" {
					t.Chdir(dir)
				}
				before := listing(t, parent)
				count := 0
				failing := writer{finish: finish, before: func(_, _ string) error {
					if count++; count > at {
						return broken
					}
					return nil
				}}
				_, err := failing.write(context.Background(), dir, small())
				if err == nil {
					if at < 10 {
						t.Fatalf("only %d changes were seen", at)
					}
					complete(t, dir)
					return
				}
				if !errors.Is(err, broken) {
					t.Fatalf("fault %d gave %v", at, err)
				}
				if after := listing(t, parent); after != before {
					t.Fatalf("fault %d left\n%s\nwas\n%s", at, after, before)
				}
			}
		})
	}
}

// TestCancel ends the context at each change in turn.
func TestCancel(t *testing.T) {
	for at := 1; ; at++ {
		parent := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		count := 0
		w := writer{finish: finish, before: func(operation, _ string) error {
			if count++; count == at {
				cancel()
			}
			return nil
		}}
		_, err := w.write(ctx, filepath.Join(parent, "new"), small())
		cancel()
		if err == nil {
			if at < 8 {
				t.Fatalf("ending at change %d had no effect", at)
			}
			complete(t, filepath.Join(parent, "new"))
			return
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if left := listing(t, parent); left != "" {
			t.Fatalf("ending at change %d left %s", at, left)
		}
	}
}

// TestTargetAppears: a folder that fills up while we work is respected.
func TestTargetAppears(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "new")
	w := writer{before: func(operation, _ string) error {
		if operation == "rename" {
			mkdir(t, dir)
			write(t, filepath.Join(dir, "letter.txt"), "kept")
		}
		return nil
	}}
	if _, err := w.write(context.Background(), dir, small()); err == nil {
		t.Error("the folder was overwritten")
	}
	if body, err := os.ReadFile(filepath.Join(dir, "letter.txt")); err != nil || string(body) != "kept" {
		t.Errorf("the letter is gone: %v", err)
	}
	noStaging(t, parent)
}

// TestStale: what a killed run left is removed, what a living one has is not.
func TestStale(t *testing.T) {
	parent := t.TempDir()
	dead := mkdir(t, filepath.Join(parent, stagingPrefix+strings.Repeat("a", 32)))
	write(t, filepath.Join(dead, "half"), "")
	living := mkdir(t, filepath.Join(parent, stagingPrefix+strings.Repeat("b", 32)))
	other := mkdir(t, filepath.Join(parent, stagingPrefix+"of-somebody-else"))
	old := time.Now().Add(-48 * time.Hour)
	for _, dir := range []string{dead, living, other} {
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if lock := lockFolder(living); lock != nil {
		defer lock.Close()
	} else if canLock {
		t.Fatal("no lock")
	}
	if _, err := Write(context.Background(), filepath.Join(parent, "new"), small(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); err == nil {
		t.Error("the folder of a dead run is still there")
	}
	if _, err := os.Stat(living); err != nil && canLock {
		t.Error("the folder of a living run is gone")
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("a folder that is not ours is gone")
	}
}

func TestMemory(t *testing.T) {
	var paths []string
	for _, file := range small() {
		paths = append(paths, file.Path)
	}
	if err := fstest.TestFS(Memory(small()), paths...); err != nil {
		t.Error(err)
	}
	if err := fstest.TestFS(Memory(nil)); err != nil {
		t.Error(err)
	}
}

// complete fails unless dir holds the whole plan and nothing else.
func complete(t *testing.T, dir string) {
	t.Helper()
	for _, file := range small() {
		name := filepath.Join(dir, file.Path)
		body, err := os.ReadFile(name)
		if err != nil || string(body) != string(file.Body) {
			t.Errorf("%s: %q, %v", file.Path, body, err)
			continue
		}
		if info, err := os.Stat(name); err != nil || info.Mode()&0o100 != file.Mode&0o100 {
			t.Errorf("%s has mode %v, %v", file.Path, info.Mode(), err)
		}
	}
	if dir, err := filepath.EvalSymlinks(dir); err != nil {
		t.Error(err)
	} else if got := strings.Count(listing(t, dir), "\n"); got != len(small())+1 {
		t.Errorf("%d files: %s", got, listing(t, dir))
	}
}

func noStaging(t *testing.T, dir string) {
	t.Helper()
	if left := listing(t, dir); strings.Contains(left, stagingPrefix) {
		t.Errorf("a staging folder is left:\n%s", left)
	}
}

// listing shows each file under dir, and the empty folders.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			fmt.Fprintln(&out, path)
			return nil
		}
		if below, err := os.ReadDir(path); err == nil && len(below) == 0 && path != dir {
			fmt.Fprintln(&out, path+"/")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func mkdir(t *testing.T, dir string) string {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, name, body string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, name string) string {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Skip("no symbolic links here")
	}
	return name
}
