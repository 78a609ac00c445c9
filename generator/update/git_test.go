package update_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// git runs git in a folder, as somebody of whom this machine knows nothing.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git here")
	}
	command := exec.Command("git", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "LC_ALL=C",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b.test", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b.test")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func commitAll(t testing.TB, dir string) {
	t.Helper()
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "-m", "x")
}

func env(key string) string {
	return map[string]string{"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.DevNull, "GIT_AUTHOR_NAME": "Ans", "GIT_AUTHOR_EMAIL": "ans@voorbeeld.test",
		"GIT_COMMITTER_NAME": "Ans", "GIT_COMMITTER_EMAIL": "ans@voorbeeld.test"}[key]
}

// TestDirty: edits that are in no commit and that the update would change.
func TestDirty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(t *testing.T, dir string)
		want []string
	}{
		"clean": {func(t *testing.T, dir string) { commitAll(t, dir) }, nil},
		"committed edits": {func(t *testing.T, dir string) {
			write(t, dir, "docs/edited.md", lineOf(ten, "een", "1"))
			commitAll(t, dir)
		}, nil},
		"edits": {func(t *testing.T, dir string) {
			commitAll(t, dir)
			write(t, dir, "docs/edited.md", lineOf(ten, "een", "1"))
		}, []string{"docs/edited.md"}},
		"edits in a file that stays":              {func(t *testing.T, dir string) { commitAll(t, dir); write(t, dir, "docs/mine.md", "anders\n") }, nil},
		"edits in a file that becomes the team's": {func(t *testing.T, dir string) { commitAll(t, dir); write(t, dir, "docs/01.md", "anders\n") }, nil},
		"edits in kern": {func(t *testing.T, dir string) {
			commitAll(t, dir)
			write(t, dir, "kern/start/03.go", "package start\n\n// Mine.\n"+strings.TrimPrefix(many(false)["kern/start/03.go"], "package start\n"))
		}, []string{"kern/start/03.go"}},
		"no commit, untouched": {func(*testing.T, string) {}, nil},
		"no commit, edited":    {func(t *testing.T, dir string) { write(t, dir, "docs/edited.md", lineOf(ten, "een", "1")) }, []string{"docs/edited.md"}},
		"changelog":            {func(t *testing.T, dir string) { commitAll(t, dir); write(t, dir, "CHANGELOG.md", "# Anders\n") }, []string{"CHANGELOG.md"}},
		"Windows ends, otherwise the same": {func(t *testing.T, dir string) {
			write(t, dir, "docs/edited.md", lineOf(ten, "een", "1"))
			commitAll(t, dir)
			write(t, dir, "docs/edited.md", crlf(lineOf(ten, "een", "1")))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t, pack(many(false)), sheet)
			git(t, dir, "init", "-q", "-b", "main")
			c.edit(t, dir)
			if u := find(t, request(dir, false)); !slices.Equal(u.Dirty, c.want) {
				t.Errorf("dirty are %v, not %v", u.Dirty, c.want)
			}
		})
	}
}

// TestOneAfterAnother: what an update merged and nobody committed is no edit of
// the team, so that one change can follow another.
func TestOneAfterAnother(t *testing.T) {
	t.Parallel()
	dir := made(t, pack(many(false)), sheet)
	git(t, dir, "init", "-q", "-b", "main")
	write(t, dir, "docs/edited.md", lineOf(ten, "een", "1"))
	commitAll(t, dir)
	if err := find(t, request(dir, false)).Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	back := update.Request{Dir: dir, Pack: pack(many(false)), Version: "3.0.0"} // and the other way
	if u := find(t, back); len(u.Dirty) > 0 {
		t.Errorf("dirty are %v right after an update", u.Dirty)
	}
	write(t, dir, "docs/edited.md", strings.Replace(read(t, dir, "docs/edited.md"), "1", "1 en nog iets", 1))
	if u := find(t, back); !slices.Equal(u.Dirty, []string{"docs/edited.md"}) {
		t.Errorf("after an edit dirty are %v", u.Dirty)
	}
}

// TestCommit: what the update changed and nothing else, on this branch or on a
// new one, also of a component that lies deeper, or in a worktree.
func TestCommit(t *testing.T) {
	t.Parallel()
	for name, branch := range map[string]string{"here": "", "new branch": "fieldlab/bijwerken", "deeper": "", "worktree": "x"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t, pack(many(false)), sheet)
			top := dir
			if name == "deeper" {
				top = filepath.Dir(dir)
				write(t, top, "README.md", "hoger\n")
			}
			git(t, top, "init", "-q", "-b", "main")
			commitAll(t, top)
			git(t, top, "gc", "-q")
			if name == "worktree" {
				git(t, top, "worktree", "add", "-q", "../tak")
				dir = filepath.Join(filepath.Dir(dir), "tak")
			}
			write(t, dir, "docs/mine.md", "van mij, niet vastgelegd\n")
			write(t, dir, "staged.txt", "klaargezet\n")
			git(t, dir, "add", "staged.txt")
			before := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
			u := find(t, request(dir, false))
			if err := u.CanCommit(branch); err != nil {
				t.Fatal(err)
			}
			apply(t, u)
			done, err := u.Commit(branch, "Bijgewerkt met fieldlab\n", time.Unix(1_700_000_000, 0), env)
			if err != nil {
				t.Fatal(err)
			}
			if got := git(t, dir, "log", "-1", "--format=%H %P %an %s"); got != done.Hash+" "+before+" Ans Bijgewerkt met fieldlab\n" {
				t.Errorf("the commit is %q", got)
			}
			if got := strings.TrimSpace(git(t, dir, "branch", "--show-current")); branch != "" && got != branch {
				t.Errorf("the branch is %s", got)
			}
			git(t, dir, "fsck", "--strict")
			if got := git(t, dir, "status", "--porcelain"); got != " M docs/mine.md\nA  staged.txt\n" && got != " M c/docs/mine.md\nA  c/staged.txt\n" {
				t.Errorf("git status says\n%s", got)
			}
			files := strings.Fields(git(t, dir, "show", "--name-only", "--no-renames", "--relative", "--format=", "HEAD"))
			slices.Sort(files)
			if want := u.Paths(); !slices.Equal(files, want) {
				t.Errorf("in the commit are\n%v\nnot\n%v", files, want)
			}
		})
	}
}

// TestCannotCommit: what stands in the way is said before anything is written.
func TestCannotCommit(t *testing.T) {
	t.Parallel()
	dir := made(t, pack(many(false)), sheet)
	u := find(t, request(dir, false))
	if err := u.CanCommit(""); !errors.Is(err, repository.ErrNone) {
		t.Errorf("without a repository: %v", err)
	}
	git(t, dir, "init", "-q", "-b", "main")
	why := func(branch string) repository.Why {
		var obstacle repository.Obstacle
		errors.As(u.CanCommit(branch), &obstacle)
		return obstacle.Why
	}
	if got := why(""); got != repository.NoCommits {
		t.Errorf("without a commit: %s", got)
	}
	commitAll(t, dir)
	git(t, dir, "branch", "bezet")
	for branch, want := range map[string]repository.Why{"": "", "nieuw": "", "bezet": repository.BranchExists, "main": repository.BranchExists, "bezet/x": "", "-x": repository.BadBranch, "a..b": repository.BadBranch, "../x": repository.BadBranch, "x.lock": repository.BadBranch} {
		if branch == "bezet/x" {
			continue // git itself finds out; so does Commit
		}
		if got := why(branch); got != want {
			t.Errorf("branch %q: %q", branch, got)
		}
	}
	write(t, dir, ".git/MERGE_HEAD", "x")
	if got := why(""); got != repository.Busy {
		t.Errorf("in a merge: %q", got)
	}
	remove(".git/MERGE_HEAD")(t, dir)
	write(t, dir, ".git/index.lock", "")
	if got := why("x"); got != repository.Busy {
		t.Errorf("with a lock: %q", got)
	}
	remove(".git/index.lock")(t, dir)
	git(t, dir, "checkout", "-q", "--detach")
	if got := why(""); got != repository.Detached {
		t.Errorf("detached: %q", got)
	}
	if got := why("x"); got != "" {
		t.Errorf("detached, with a new branch: %q", got)
	}
}

// ago makes a component as fieldlab did before it carried a base.
func ago(t *testing.T) string {
	t.Helper()
	dir := made(t, pack(many(false)), sheet)
	manifest := read(t, dir, ".fieldlab/manifest.json")
	manifest = strings.Replace(manifest, `"version": 3`, `"version": 2`, 1)
	lines := slices.DeleteFunc(strings.Split(manifest, "\n"), func(line string) bool { return strings.Contains(line, `"module"`) })
	write(t, dir, ".fieldlab/manifest.json", strings.Join(lines, "\n"))
	remove(".fieldlab/basis")(t, dir)
	remove(".fieldlab/kern")(t, dir)
	return dir
}

// TestFirstCommit: a component from before this is updated from its first commit.
func TestFirstCommit(t *testing.T) {
	t.Parallel()
	for name, packed := range map[string]bool{"loose": false, "packed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := ago(t)
			git(t, dir, "init", "-q", "-b", "main")
			git(t, dir, "commit", "-q", "--allow-empty", "-m", "leeg")
			commitAll(t, dir)
			write(t, dir, "docs/edited.md", lineOf(ten, "een", "1"))
			write(t, dir, "kern/start/03.go", strings.Replace(many(false)["kern/start/03.go"], "is there", "is hier", 1))
			commitAll(t, dir)
			write(t, dir, "docs/00.md", "nog iets\n"+read(t, dir, "docs/00.md"))
			commitAll(t, dir)
			if packed {
				git(t, dir, "gc", "-q", "--aggressive")
			}
			u := find(t, request(dir, false))
			if len(u.Conflicts()) > 0 || u.From != "1.0.0" {
				t.Errorf("conflicts %+v, from %s", u.Conflicts(), u.From)
			}
			apply(t, u)
			holds("docs/edited.md", lineOf(lineOf(ten, "een", "1"), "negen", "negen van fieldlab"))(t, dir)
			holds("kern/start/03.go", strings.Replace(many(true)["kern/start/03.go"], "is there", "is hier", 1))(t, dir)
			holds("docs/00.md", "nog iets\n"+many(true)["docs/00.md"])(t, dir)
			if find(t, request(dir, false)).Waiting() {
				t.Error("a second update waits")
			}
		})
	}
}

// TestNoBase: why there is none is said, and nothing is written.
func TestNoBase(t *testing.T) {
	t.Parallel()
	why := func(t *testing.T, dir string) update.NoBaseWhy {
		t.Helper()
		old := snapshot(t, dir)
		_, err := update.Find(context.Background(), request(dir, false))
		var none update.NoBase
		if !errors.As(err, &none) {
			t.Errorf("gives %v", err)
		}
		sameTree(t, "refused", snapshot(t, dir), old)
		return none.Why
	}
	dir := ago(t)
	if got := why(t, dir); got != update.NoRepository {
		t.Errorf("without git: %s", got)
	}
	git(t, dir, "init", "-q", "-b", "main")
	if got := why(t, dir); got != update.NoCommit {
		t.Errorf("without a commit: %s", got)
	}
	write(t, dir, "docs/edited.md", "anders\n")
	commitAll(t, dir)
	if got := why(t, dir); got != update.NoCommit {
		t.Errorf("edited before the first commit: %s", got)
	}
	other := ago(t)
	git(t, other, "init", "-q", "-b", "main")
	write(t, other, "kern/start/03.go", "package start // van het team\n")
	commitAll(t, other)
	if got := why(t, other); got != update.NoCommit {
		t.Errorf("kern edited before the first commit: %s", got)
	}
	write(t, dir, ".git/HEAD", "onzin")
	if got := why(t, dir); got != update.Unreadable {
		t.Errorf("with a broken HEAD: %s", got)
	}
	dir = ago(t)
	write(t, dir, ".fieldlab/manifest.json", `{"version": 1}`)
	if _, err := update.Find(context.Background(), request(dir, false)); !errors.As(err, new(update.TooOld)) {
		t.Errorf("before the rooms: %v", err)
	}
	remove(".fieldlab/manifest.json")(t, dir)
	if _, err := update.Find(context.Background(), request(dir, false)); !errors.As(err, new(update.TooOld)) {
		t.Errorf("without a manifest: %v", err)
	}
	remove(".fieldlab")(t, dir)
	if _, err := update.Find(context.Background(), request(dir, false)); !errors.As(err, new(update.NoComponent)) {
		t.Errorf("no component: %v", err)
	}
	dir = made(t, pack(many(false)), sheet)
	remove(".fieldlab/basis")(t, dir)
	git(t, dir, "init", "-q", "-b", "main")
	commitAll(t, dir)
	if _, err := update.Find(context.Background(), request(dir, false)); !errors.As(err, new(base.Fault)) {
		t.Errorf("a base that is gone: %v", err)
	}
}

// TestAbortFirst: also the first update of such a component can be undone, with
// the base that it brought.
func TestAbortFirst(t *testing.T) {
	t.Parallel()
	dir := ago(t)
	git(t, dir, "init", "-q", "-b", "main")
	commitAll(t, dir)
	write(t, dir, "docs/edited.md", lineOf(ten, "negen", "9"))
	commitAll(t, dir)
	old := snapshot(t, dir)
	u := find(t, request(dir, false))
	if len(u.Conflicts()) != 1 {
		t.Fatalf("conflicts %+v", u.Conflicts())
	}
	apply(t, u)
	if _, err := update.Abort(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	sameTree(t, "after abort", snapshot(t, dir), old)
}
