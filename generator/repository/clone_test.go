package repository

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func none(string) bool { return false }

// put writes a file in dir, with the folders above it.
func put(t *testing.T, dir, name, body string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

// emptyClone is a clone of a repository without commits, on a branch.
func emptyClone(t *testing.T, branch string) string {
	t.Helper()
	dir := t.TempDir()
	native(t, dir, "init", "--quiet", "--initial-branch="+branch)
	native(t, dir, "remote", "add", "origin", "https://git.example.test/x.git")
	native(t, dir, "config", "user.name", "Ans")
	native(t, dir, "config", "user.email", "ans@gemeente.test")
	return dir
}

// begun is a clone in which a forge put files.
func begun(t *testing.T, files ...string) string {
	t.Helper()
	dir := emptyClone(t, "main")
	for _, name := range files {
		put(t, dir, name, "of the forge: "+name+"\n")
	}
	native(t, dir, "add", "--all")
	native(t, dir, "commit", "--quiet", "--allow-empty", "--message=Initial commit")
	return dir
}

func TestLook(t *testing.T) {
	for name, c := range map[string]struct {
		make  func(t *testing.T) string
		onTop bool
		want  Why // "" is none
		names string
	}{
		"empty":                 {make: func(t *testing.T) string { return emptyClone(t, "main") }},
		"another branch":        {make: func(t *testing.T) string { return emptyClone(t, "team/trunk-1") }},
		"status was asked":      {make: func(t *testing.T) string { d := emptyClone(t, "main"); native(t, d, "status"); return d }},
		"an empty commit":       {make: func(t *testing.T) string { return begun(t) }},
		"readme, unborn":        {make: func(t *testing.T) string { d := emptyClone(t, "main"); put(t, d, "README.md", "x"); return d }, want: InTheWay, names: "README.md"},
		"readme, unborn, onTop": {make: func(t *testing.T) string { d := emptyClone(t, "main"); put(t, d, "README.md", "x"); return d }, onTop: true, want: InTheWay, names: "README.md"},
		"staged and removed": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			put(t, d, "README.md", "x")
			native(t, d, "add", "README.md")
			_ = os.Remove(filepath.Join(d, "README.md"))
			return d
		}, want: InTheWay, names: "README.md"},
		"code, unborn":   {make: func(t *testing.T) string { d := emptyClone(t, "main"); put(t, d, "src/x.go", "x"); return d }, want: HasCommits, names: "src"},
		"forge":          {make: func(t *testing.T) string { return begun(t, ".gitignore", "LICENSE", "README.md") }, want: Started, names: ".gitignore LICENSE README.md"},
		"forge, onTop":   {make: func(t *testing.T) string { return begun(t, ".gitignore", "LICENSE", "README.md") }, onTop: true},
		"packed, onTop":  {make: func(t *testing.T) string { d := begun(t, "README.md"); native(t, d, "gc", "--quiet"); return d }, onTop: true},
		"code":           {make: func(t *testing.T) string { return begun(t, "README.md", "main.go") }, want: HasCommits, names: "main.go"},
		"code, onTop":    {make: func(t *testing.T) string { return begun(t, "README.md", "main.go") }, onTop: true, want: HasCommits, names: "main.go"},
		"changed, onTop": {make: func(t *testing.T) string { d := begun(t, "README.md"); put(t, d, "README.md", "mine"); return d }, onTop: true, want: Changed, names: "README.md"},
		"removed, onTop": {make: func(t *testing.T) string {
			d := begun(t, "README.md", "LICENSE")
			_ = os.Remove(filepath.Join(d, "LICENSE"))
			return d
		}, onTop: true, want: Changed, names: "LICENSE"},
		"staged, onTop": {make: func(t *testing.T) string {
			d := begun(t, "README.md")
			put(t, d, "README.md", "mine")
			native(t, d, "add", "README.md")
			put(t, d, "README.md", "of the forge: README.md\n")
			return d
		}, onTop: true, want: Changed, names: "README.md"},
		"taken out, onTop": {make: func(t *testing.T) string {
			d := begun(t, "README.md")
			native(t, d, "rm", "--quiet", "--cached", "README.md")
			return d
		}, onTop: true, want: Changed},
		"head is no name": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			put(t, d, ".git/HEAD", "ref: refs/heads/a..b\n")
			return d
		}, want: Unusable},
		"untracked, onTop": {make: func(t *testing.T) string { d := begun(t, "README.md"); put(t, d, "LICENSE", "x"); return d }, onTop: true, want: InTheWay, names: "LICENSE"},
		"another branch has commits": {make: func(t *testing.T) string {
			d := begun(t, "README.md")
			native(t, d, "checkout", "--quiet", "--orphan", "leeg")
			native(t, d, "rm", "-r", "--quiet", "--force", ".")
			return d
		}, want: HasCommits},
		"detached": {make: func(t *testing.T) string {
			d := begun(t, "README.md")
			native(t, d, "checkout", "--quiet", "--detach")
			return d
		}, want: Detached},
		"bare": {make: func(t *testing.T) string { d := t.TempDir(); native(t, d, "init", "--quiet", "--bare"); return d }, want: Bare},
		"busy": {make: func(t *testing.T) string { d := emptyClone(t, "main"); put(t, d, ".git/index.lock", ""); return d }, want: Busy},
		"no HEAD": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			_ = os.Remove(filepath.Join(d, ".git/HEAD"))
			return d
		}, want: Unusable},
		"head leads out": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			put(t, d, ".git/HEAD", "ref: refs/heads/../../../x\n")
			return d
		}, want: Unusable},
		"head is no branch": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			put(t, d, ".git/HEAD", "ref: hooks/post-commit\n")
			return d
		}, want: Unusable},
		"config is no config": {make: func(t *testing.T) string { d := emptyClone(t, "main"); put(t, d, ".git/config", "[core\n"); return d }, want: Unusable},
		"index is no index": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			put(t, d, ".git/index", "DIRC\x00\x00\x00\x09")
			return d
		}, want: Unusable},
		"a branch that is no hash": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			put(t, d, ".git/refs/heads/main", "x")
			return d
		}, want: Unusable},
		"a commit that is not there": {make: func(t *testing.T) string {
			d := emptyClone(t, "main")
			put(t, d, ".git/refs/heads/main", strings.Repeat("a", 40)+"\n")
			return d
		}, want: Unusable},
	} {
		t.Run(name, func(t *testing.T) {
			dir := c.make(t)
			before := snapshot(t, dir)
			clone, err := Look(dir, c.onTop, none)
			var obstacle Obstacle
			switch {
			case c.want == "" && (err != nil || clone == nil || clone.Linked):
				t.Fatalf("got %+v, %v", clone, err)
			case c.want != "" && (!errors.As(err, &obstacle) || obstacle.Why != c.want):
				t.Fatalf("got %v, want %s", err, c.want)
			case c.want != "" && strings.Join(obstacle.Names, " ") != c.names:
				t.Errorf("names %v, want %s", obstacle.Names, c.names)
			}
			if !reflect.DeepEqual(snapshot(t, dir), before) {
				t.Error("looking changed something")
			}
		})
	}
}

// snapshot is what is in all files of a folder.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			body, _ := os.ReadFile(path)
			all[path] = string(body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLookIsNot: a folder without a repository is left to others.
func TestLookIsNot(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "file", "x")
	for _, at := range []string{dir, filepath.Join(dir, "absent"), filepath.Join(dir, "file")} {
		if clone, err := Look(at, true, none); clone != nil || err != nil {
			t.Errorf("%s gives %v, %v", at, clone, err)
		}
	}
}

// TestHostile: a .git from anybody leads nowhere.
func TestHostile(t *testing.T) {
	elsewhere := begun(t, "README.md")
	before := snapshot(t, elsewhere)
	for name, plant := range map[string]func(t *testing.T, dir string){
		"the folder is a link": func(t *testing.T, dir string) {
			_ = os.RemoveAll(filepath.Join(dir, ".git"))
			symlink(t, filepath.Join(elsewhere, ".git"), filepath.Join(dir, ".git"))
		},
		"objects are a link": func(t *testing.T, dir string) { swap(t, elsewhere, dir, "objects") },
		"refs are a link":    func(t *testing.T, dir string) { swap(t, elsewhere, dir, "refs") },
		"heads are a link":   func(t *testing.T, dir string) { swap(t, elsewhere, dir, "refs/heads") },
		"packs are a link":   func(t *testing.T, dir string) { swap(t, elsewhere, dir, "objects/pack") },
		"HEAD is a link":     func(t *testing.T, dir string) { swap(t, elsewhere, dir, "HEAD") },
		"config is a link":   func(t *testing.T, dir string) { swap(t, elsewhere, dir, "config") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := emptyClone(t, "main")
			plant(t, dir)
			if clone, err := Look(dir, true, none); err == nil {
				t.Errorf("accepted %+v", clone)
			}
		})
	}
	for name, settings := range map[string]string{
		"another working tree": "[core]\n\tworktree = " + filepath.ToSlash(elsewhere) + "\n",
		"bare":                 "[core]\n\tbare = true\n",
		"reftable":             "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n",
		"sha256":               "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n",
		"a later kind":         "[core]\n\trepositoryformatversion = 2\n",
	} {
		dir := emptyClone(t, "main")
		put(t, dir, ".git/config", settings)
		if clone, err := Look(dir, true, none); err != nil || !clone.Linked {
			t.Errorf("%s: %+v, %v", name, clone, err)
		}
	}
	if !reflect.DeepEqual(snapshot(t, elsewhere), before) {
		t.Error("something elsewhere changed")
	}
}

func swap(t *testing.T, from, dir, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, ".git", name)); err != nil {
		t.Fatal(err)
	}
	symlink(t, filepath.Join(from, ".git", name), filepath.Join(dir, ".git", name))
}

func symlink(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Skip("no symbolic links here")
	}
}

// TestLinked: a worktree and a submodule get files, and git makes the commit.
func TestLinked(t *testing.T) {
	main := begun(t, "README.md")
	used := filepath.Join(t.TempDir(), "used")
	native(t, main, "worktree", "add", "--quiet", "-b", "used", used)
	var obstacle Obstacle
	if _, err := Look(used, false, none); !errors.As(err, &obstacle) || obstacle.Why != HasCommits {
		t.Errorf("a worktree with commits gives %v", err)
	}
	separate, gitdir := t.TempDir(), filepath.Join(t.TempDir(), "git")
	native(t, separate, "init", "--quiet", "--initial-branch=main", "--separate-git-dir="+gitdir)
	if clone, err := Look(separate, false, none); err != nil || !clone.Linked || clone.Branch != "main" {
		t.Errorf("an empty one gives %+v, %v", clone, err)
	}
	put(t, separate, ".git", "gitdir: "+filepath.Join(separate, "nowhere")+"\n")
	if _, err := Look(separate, false, none); !errors.As(err, &obstacle) || obstacle.Why != Unusable {
		t.Errorf("a .git that leads nowhere gives %v", err)
	}
}

// TestCommitOnTop makes the commit in a stage and puts it in place by hand: git
// finds a sound repository, the forge's commit below and nothing changed.
func TestCommitOnTop(t *testing.T) {
	for name, dir := range map[string]string{"forge": begun(t, ".gitignore", "COPYING"), "empty": emptyClone(t, "trunk")} {
		t.Run(name, func(t *testing.T) {
			settings := content(t, filepath.Join(dir, ".git/config"))
			clone, err := Look(dir, true, none)
			if err != nil {
				t.Fatal(err)
			}
			stage := t.TempDir()
			var paths []string
			files := sample(t, stage)
			for _, file := range files {
				paths = append(paths, file.Path)
			}
			replaced, err := clone.Replaced(paths)
			if err != nil || name == "forge" && !slices.Equal(replaced, []string{".gitignore"}) {
				t.Errorf("replaces %v, %v", replaced, err)
			}
			hash, err := clone.Commit(dir, stage, files, options())
			if err != nil {
				t.Fatal(err)
			}
			for path, body := range snapshot(t, stage) {
				put(t, dir, strings.TrimPrefix(path, stage), body)
			}
			if err := os.Chmod(filepath.Join(dir, "deploy/start.sh"), 0o755); err != nil {
				t.Fatal(err)
			}
			if got := native(t, dir, "status", "--porcelain"); got != "" {
				t.Errorf("git status: %s", got)
			}
			if got := native(t, dir, "fsck", "--full", "--strict"); strings.TrimSpace(got) != "" {
				t.Errorf("git fsck: %s", got)
			}
			if got := strings.TrimSpace(native(t, dir, "rev-parse", "HEAD")); got != hash {
				t.Errorf("HEAD is %s, not %s", got, hash)
			}
			if got := content(t, filepath.Join(dir, ".git/config")); got != settings {
				t.Errorf("the settings became %s", got)
			}
			if name == "forge" {
				if got := native(t, dir, "show", "HEAD~1:.gitignore"); got != "of the forge: .gitignore\n" {
					t.Errorf("before it was %s", got)
				}
				if got := native(t, dir, "show", "HEAD:COPYING"); got != "of the forge: COPYING\n" {
					t.Errorf("what stays is %s", got)
				}
			}
		})
	}
}

func content(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

func TestCaseDiffers(t *testing.T) {
	clone, err := Look(begun(t, "readme.md", "LICENSE"), true, none)
	if err != nil {
		t.Fatal(err)
	}
	var obstacle Obstacle
	if _, err := clone.Replaced([]string{"LICENSE", "README.md"}); !errors.As(err, &obstacle) || !slices.Equal(obstacle.Names, []string{"readme.md"}) {
		t.Errorf("got %v", err)
	}
}
