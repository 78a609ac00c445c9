package workshop_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// lying is all that lies in a component, but for what Git and this package keep.
func lying(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, at)
		name = filepath.ToSlash(name)
		if err != nil || entry.IsDir() {
			if name == ".git" || name == ".data" {
				return fs.SkipDir
			}
			return err
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			target, err := os.Readlink(at)
			found[name] = "-> " + target
			return err
		}
		body, err := os.ReadFile(at)
		found[name] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// nasty are the states in which a team can leave its component.
var nasty = map[string]func(t *testing.T, dir string){
	"nothing done": func(*testing.T, string) {},
	"edits": func(t *testing.T, dir string) {
		put(t, dir, "README.md", "eigen tekst\n")
		put(t, dir, "docs/nieuw/diep.md", "nieuw\n")
		put(t, dir, "5-interactie/eigen.go", "package interactie\n")
	},
	"committed": func(t *testing.T, dir string) {
		put(t, dir, "README.md", "eigen tekst\n")
		git(t, dir, "commit", "-qam", "Eigen")
	},
	"staged and changed again": func(t *testing.T, dir string) {
		put(t, dir, "README.md", "klaargezet\n")
		git(t, dir, "add", "README.md")
		put(t, dir, "README.md", "en weer anders\n")
	},
	"deleted": func(t *testing.T, dir string) {
		os.Remove(filepath.Join(dir, "main.go"))
		os.RemoveAll(filepath.Join(dir, "docs"))
		os.RemoveAll(filepath.Join(dir, "kern"))
	},
	"executable": func(t *testing.T, dir string) {
		must(t, os.Chmod(filepath.Join(dir, "main.go"), 0o755))
	},
	"other ends of lines": func(t *testing.T, dir string) {
		put(t, dir, "README.md", strings.ReplaceAll(get(t, dir, "README.md"), "\n", "\r\n"))
		put(t, dir, "SECURITY.md", "een\r\ntwee\r\n")
	},
	"links": func(t *testing.T, dir string) {
		put(t, filepath.Dir(dir), "elders/geheim", "van een ander")
		os.Remove(filepath.Join(dir, "README.md"))
		must(t, os.Symlink("../elders/geheim", filepath.Join(dir, "README.md")))
		os.RemoveAll(filepath.Join(dir, "docs"))
		must(t, os.Symlink("../elders", filepath.Join(dir, "docs")))
	},
	"a file where a folder was": func(t *testing.T, dir string) {
		os.RemoveAll(filepath.Join(dir, "docs"))
		put(t, dir, "docs", "een bestand")
		os.Remove(filepath.Join(dir, "main.go"))
		put(t, dir, "main.go/x.go", "in een map")
	},
	"ignored in the way": func(t *testing.T, dir string) {
		put(t, dir, ".git/info/exclude", "/README.md\n/docs\n")
		git(t, dir, "rm", "-rq", "--cached", "README.md", "docs")
		git(t, dir, "commit", "-qm", "Weg")
		put(t, dir, "README.md", "genegeerd maar van mij\n")
		os.RemoveAll(filepath.Join(dir, "docs"))
		put(t, dir, "docs", "ook van mij")
	},
	"a repository inside": func(t *testing.T, dir string) {
		put(t, dir, "ander/werk.txt", "van een ander repository")
		git(t, filepath.Join(dir, "ander"), "init", "-q")
	},
	"read-only": func(t *testing.T, dir string) {
		put(t, dir, "README.md", "alleen lezen\n")
		must(t, os.Chmod(filepath.Join(dir, "README.md"), 0o444))
	},
	"own gitignore": func(t *testing.T, dir string) {
		put(t, dir, ".gitignore", "")
		put(t, dir, "oude.db", "was genegeerd")
	},
	"another branch": func(t *testing.T, dir string) {
		git(t, dir, "switch", "-qc", "idee/een")
		put(t, dir, "README.md", "idee\n")
	},
	"an update that waits": func(t *testing.T, dir string) {
		put(t, dir, ".fieldlab/terug/.gitignore", "*\n")
		put(t, dir, ".fieldlab/terug/journaal", "{}")
		put(t, dir, ".fieldlab/terug/oud/1", "van mij, van voor de update")
	},
	"own progress": func(t *testing.T, dir string) {
		put(t, dir, workshop.Folder+"/voortgang.json", `{"version":1,"steps":{"lezen":{"checks":{"x":"2026-11-30T09:00:00Z"},"at":"2026-11-30T09:00:00Z"},"nieuw":{"checks":{},"at":"2026-11-30T09:00:00Z"}},"begun":"nieuw","answers":{"lezen":"42"}}`)
	},
}

// TestGoBack: whatever a team did, afterwards the state is the good one, git has
// nothing to say, and all that was there is still somewhere.
func TestGoBack(t *testing.T) {
	t.Parallel()
	want := component(t)
	if _, err := workshop.GoBack(t.Context(), back(want, "tekst")); err != nil {
		t.Fatal(err)
	}
	good := lying(t, want)
	if !strings.Contains(good["fieldlab.yaml"], "telefoon") || good["docs/ons.md"] != "# Van ons\n" {
		t.Fatal("the recipes were not followed")
	}
	for name, do := range nasty {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := component(t)
			do(t, dir)
			put(t, dir, ".data/zaken.db", "database")
			put(t, dir, ".data/zaken-logboek.jsonl", "{}")
			before, branch := lying(t, dir), strings.TrimSpace(git(t, dir, "branch", "--show-current"))
			head := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
			got, err := workshop.GoBack(t.Context(), back(dir, "tekst"))
			if err != nil {
				t.Fatal(err)
			}
			judge(t, dir, good, before, got)
			if now := strings.TrimSpace(git(t, dir, "branch", "--show-current")); now != branch {
				t.Errorf("on branch %s, was on %s", now, branch)
			}
			if parent := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD~1")); parent != head {
				t.Errorf("not one commit on top of what was there: %s", git(t, dir, "log", "--oneline"))
			}
			if data := get(t, dir, got.Folder+"/gegevens/zaken.db"); data != "database" {
				t.Errorf("the database holds %q", data)
			}
		})
	}
}

// judge holds what lies there against the good state, and looks for all that lay there
// before.
func judge(t *testing.T, dir string, good, before map[string]string, got workshop.Back) {
	t.Helper()
	after := lying(t, dir)
	for name, body := range good {
		if !strings.HasPrefix(name, workshop.Folder+"/voortgang") && !strings.HasPrefix(name, workshop.Folder+"/team") && after[name] != body {
			t.Errorf("%s is not as it should be", name)
		}
	}
	if status := git(t, dir, "status", "--porcelain", "--", ".", ":!ander", ":!oude.db"); status != "" {
		t.Errorf("git status: %s", status)
	}
	git(t, dir, "fsck", "--strict")
	kept := map[string]bool{}
	for line := range strings.Lines(git(t, dir, "ls-tree", "-rz", "--name-only", got.Branch)) {
		for name := range strings.SplitSeq(line, "\x00") {
			kept[name] = true
		}
	}
	for name, body := range before {
		switch {
		case kept[name]:
			is := git(t, dir, "cat-file", "blob", got.Branch+":"+name)
			target, isLink := strings.CutPrefix(body, "-> ")
			if is != body && !(isLink && is == target) && is != strings.ReplaceAll(body, "\r\n", "\n") {
				t.Errorf("%s on the branch is not what it was", name)
			}
		case after[name] == body: // where it was
		default:
			aside, err := os.ReadFile(filepath.Join(dir, got.Folder, "bestanden", name))
			if err != nil || string(aside) != body {
				t.Errorf("%s is lost: %v", name, err)
			}
		}
	}
	if entries, _ := filepath.Glob(filepath.Join(dir, workshop.Folder, "*inhalen*")); len(entries) > 0 {
		t.Errorf("left %v", entries)
	}
}

func TestGoBackKeepsProgress(t *testing.T) {
	t.Parallel()
	dir := component(t)
	nasty["own progress"](t, dir)
	if _, err := workshop.GoBack(t.Context(), back(dir, "veld")); err != nil {
		t.Fatal(err)
	}
	c, err := workshop.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	steps := c.Progress.Steps
	if steps["lezen"].CaughtUp || !steps["veld"].CaughtUp || steps["veld"].At.IsZero() || steps["nieuw"].At.IsZero() || steps["nieuw"].CaughtUp || c.Progress.Answers["lezen"] != "42" {
		t.Errorf("got %+v", c.Progress)
	}
	if s := workshop.Look(t.Context(), dir); s.Done != 3 || s.Taken != 1 || s.Step != "tekst" {
		t.Errorf("got %+v", s)
	}
	if _, err := workshop.GoBack(t.Context(), back(dir, "")); err != nil {
		t.Fatal(err)
	}
	if c, err := workshop.Open(dir); err != nil || len(c.Progress.Steps) != 0 {
		t.Errorf("after reset: %+v, %v", c, err)
	}
	if git(t, dir, "diff", "HEAD", git(t, dir, "rev-list", "--max-parents=0", "HEAD")[:40]) != "" {
		t.Error("reset is not the state as it was made")
	}
}

// TestGoBackRefuses: nothing changes when it cannot be done.
func TestGoBackRefuses(t *testing.T) {
	t.Parallel()
	obstacle := func(why repository.Why) func(error) bool {
		return func(err error) bool {
			var o repository.Obstacle
			return errors.As(err, &o) && o.Why == why
		}
	}
	for name, c := range map[string]struct {
		do func(t *testing.T, dir string)
		is func(error) bool
	}{
		"detached": {func(t *testing.T, dir string) { git(t, dir, "checkout", "-q", "--detach") }, obstacle(repository.Detached)},
		"merge": {func(t *testing.T, dir string) {
			git(t, dir, "switch", "-qc", "b")
			put(t, dir, "README.md", "b")
			git(t, dir, "commit", "-qam", "b")
			git(t, dir, "switch", "-q", "main")
			put(t, dir, "README.md", "a")
			git(t, dir, "commit", "-qam", "a")
			if out, err := tryGit(t, dir, "merge", "b"); err == nil {
				t.Fatalf("no conflict: %s", out)
			}
		}, obstacle(repository.Busy)},
		"rebase": {func(t *testing.T, dir string) {
			git(t, dir, "switch", "-qc", "b")
			put(t, dir, "README.md", "b")
			git(t, dir, "commit", "-qam", "b")
			git(t, dir, "switch", "-q", "main")
			put(t, dir, "README.md", "a")
			git(t, dir, "commit", "-qam", "a")
			if out, err := tryGit(t, dir, "rebase", "b"); err == nil {
				t.Fatalf("no conflict: %s", out)
			}
		}, obstacle(repository.Busy)},
		"bisect": {func(t *testing.T, dir string) { git(t, dir, "bisect", "start") }, obstacle(repository.Busy)},
		"conflict of a stash": {func(t *testing.T, dir string) {
			put(t, dir, "README.md", "a")
			git(t, dir, "stash")
			put(t, dir, "README.md", "b")
			git(t, dir, "commit", "-qam", "b")
			if out, err := tryGit(t, dir, "stash", "pop"); err == nil {
				t.Fatalf("no conflict: %s", out)
			}
		}, obstacle(repository.Busy)},
		"git at work":     {func(t *testing.T, dir string) { put(t, dir, ".git/index.lock", "") }, obstacle(repository.Busy)},
		"no repository":   {func(t *testing.T, dir string) { os.RemoveAll(filepath.Join(dir, ".git")) }, func(err error) bool { return errors.Is(err, repository.ErrNone) }},
		".data is a link": {func(t *testing.T, dir string) { must(t, os.Symlink(t.TempDir(), filepath.Join(dir, ".data"))) }, func(err error) bool { return errors.Is(err, workshop.ErrDataLink) }},
		"no begin":        {func(t *testing.T, dir string) { os.RemoveAll(filepath.Join(dir, workshop.Folder, "begin")) }, func(err error) bool { return errors.As(err, new(workshop.Damaged)) }},
		"recipe": {func(t *testing.T, dir string) {
			put(t, dir, workshop.Folder+"/cursus/02-veld.md", strings.Replace(get(t, dir, workshop.Folder+"/cursus/02-veld.md"), "add field verhuizing telefoon", "add field bestaatniet telefoon", 1))
		}, func(err error) bool { return err != nil }},
		"large": {func(t *testing.T, dir string) {
			put(t, dir, "film.mp4", "")
			must(t, os.Truncate(filepath.Join(dir, "film.mp4"), 65<<20))
		}, func(err error) bool { return errors.As(err, new(repository.TooLargeError)) }},
	} {
		dir := component(t)
		c.do(t, dir)
		before := lying(t, dir)
		refs, _ := tryGit(t, dir, "for-each-ref")
		if _, err := workshop.GoBack(t.Context(), back(dir, "tekst")); !c.is(err) {
			t.Errorf("%s: got %v", name, err)
		}
		if after := lying(t, dir); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("%s: something changed", name)
		}
		if now, _ := tryGit(t, dir, "for-each-ref"); now != refs {
			t.Errorf("%s: branches are %s", name, now)
		}
	}
	dir := component(t)
	var none workshop.NoStepError
	if _, err := workshop.GoBack(t.Context(), back(dir, "bestaat-niet")); !errors.As(err, &none) || len(none.Steps) != 4 {
		t.Errorf("got %v", err)
	}
}

// TestGoBackWhileRunning: the database of a component that runs is not taken away.
func TestGoBackWhileRunning(t *testing.T) {
	t.Parallel()
	dir := component(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	put(t, dir, workshop.Folder+"/team.json", strings.Replace(get(t, dir, workshop.Folder+"/team.json"), "31000", fmt.Sprint(port), 1))
	var running workshop.RunningError
	if _, err := workshop.GoBack(t.Context(), back(dir, "veld")); !errors.As(err, &running) || running.Port != port {
		t.Errorf("got %v", err)
	}
}

// TestGoBackStops: an interrupt before anything changes leaves all as it was.
func TestGoBackStops(t *testing.T) {
	t.Parallel()
	dir := component(t)
	before := lying(t, dir)
	ctx, stop := context.WithCancel(t.Context())
	r := back(dir, "tekst")
	r.Fieldlab = func(ctx context.Context, dir string, args []string) (string, error) {
		stop()
		return fieldlab(context.WithoutCancel(ctx), dir, args)
	}
	if _, err := workshop.GoBack(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if fmt.Sprint(lying(t, dir)) != fmt.Sprint(before) {
		t.Error("something changed")
	}
}

// TestGoBackReadOnlyFolder: what the system refuses is said, and the work is safe.
func TestGoBackReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("this user may write everywhere")
	}
	t.Parallel()
	dir := component(t)
	nasty["edits"](t, dir)
	must(t, os.Chmod(filepath.Join(dir, "docs"), 0o555))
	defer func() { must(t, os.Chmod(filepath.Join(dir, "docs"), 0o755)) }()
	got, err := workshop.GoBack(t.Context(), back(dir, "tekst"))
	if err == nil || got.Branch == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}
