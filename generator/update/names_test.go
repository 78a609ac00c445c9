package update_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestNamesOfTheTeam: a team may give a file a name that no template would: an
// update that changes it can be undone and settled all the same.
func TestNamesOfTheTeam(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such names")
	}
	for _, name := range []string{
		"docs/wat? is: dit.md", "docs/e\u0301e\u0301n.md", "docs/con.md", "docs/-x.md", "docs/ x .md", "docs/a\\b.md",
		"docs/" + strings.Repeat("lang/", 40) + "x.md", "docs/" + strings.Repeat("x", 240) + ".md", "docs/git~1.md", "docs/.gitx/x.md",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t, pack(map[string]string{"docs/x.md": ten}), sheet)
			both(rename("docs/x.md", name), edit(name, lineOf(ten, "negen", "9")))(t, dir)
			old := snapshot(t, dir)
			r := update.Request{Dir: dir, Pack: pack(map[string]string{"docs/x.md": lineOf(ten, "negen", "negen van fieldlab")}), Version: "1.0.0"}
			u := find(t, r)
			if found := u.Conflicts(); len(found) != 1 || found[0].Path != name || found[0].Why != update.WhyMoved {
				t.Fatalf("conflicts: %+v", found)
			}
			apply(t, u)
			if _, err := update.Find(context.Background(), r); !errors.Is(err, update.ErrPending) {
				t.Errorf("with conflicts a new update gives %v", err)
			}
			write(t, dir, name, "half opgelost\n")
			if _, err := update.Abort(context.Background(), dir); err != nil {
				t.Fatal(err)
			}
			now := snapshot(t, dir)
			kept := ""
			for path, body := range now {
				if _, had := old[path]; !had && body == "half opgelost\n" {
					kept = path
					delete(now, path)
				}
			}
			if kept == "" {
				t.Error("what was made since is gone")
			}
			sameTree(t, "after abort", now, old)
			apply(t, find(t, r))
			write(t, dir, name, "opgelost\n")
			if err := update.Continue(context.Background(), dir); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestJournalStaysInside: what could be .git on any system is no path of a journal.
func TestJournalStaysInside(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", ".", "..", "../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", "./a", "a/", "a\x00b", "\xff",
		".git", ".git/hooks/pre-commit", ".GIT/config", "sub/.Git/config", ".git./config", ".git /config", "git~1/config", "GIT~1/config",
		".g\u200cit/config", ".git::$INDEX_ALLOCATION/config", `sub\.git\config`, ".g\u0131t/../.git/x",
	} {
		if update.Inside(name) {
			t.Errorf("%q passes", name)
		}
	}
	for _, name := range []string{"a", ".gitignore", "a/.gitkeep", "git~1.md", "con.md", "a b/é.md", ".github/workflows/x.yml"} {
		if !update.Inside(name) {
			t.Errorf("%q does not pass", name)
		}
	}
}
