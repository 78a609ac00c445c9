package update_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestCommitLeavesOut: what a team keeps out of Git is updated, and stays out of
// it; lines that end in CRLF on disk are no change of every line.
func TestCommitLeavesOut(t *testing.T) {
	t.Parallel()
	dir := made(t, pack(map[string]string{"docs/x.md": ten, "docs/geheim.md": ten, "docs/weg.md": ten + "weg\n"}), sheet)
	git(t, dir, "init", "-q", "-b", "main")
	write(t, dir, ".gitignore", "geheim.md\nweg.md\nanders.md\n")
	commitAll(t, dir)
	write(t, dir, "docs/geheim.md", lineOf(ten, "een", "wachtwoord"))
	write(t, dir, "docs/weg.md", lineOf(ten+"weg\n", "een", "wachtwoord"))
	write(t, dir, "docs/x.md", crlf(ten))
	changed := lineOf(ten, "negen", "negen van fieldlab")
	u := find(t, update.Request{Dir: dir, Version: "2.0.0", Pack: pack(map[string]string{"docs/x.md": changed, "docs/geheim.md": changed, "docs/anders.md": changed + "weg\n"})})
	apply(t, u)
	if _, err := u.Commit("", "Bijgewerkt\n", time.Unix(1_700_000_000, 0), env); err != nil {
		t.Fatal(err)
	}
	holds("docs/geheim.md", lineOf(changed, "een", "wachtwoord"))(t, dir)
	if got := git(t, dir, "log", "-p", "--all"); strings.Contains(got, "wachtwoord") {
		t.Error("what is ignored is in a commit")
	}
	if got := git(t, dir, "show", "--stat", "--format=", "HEAD", "--", "docs/x.md"); !strings.Contains(got, "1 insertion(+), 1 deletion(-)") {
		t.Errorf("of docs/x.md is in the commit\n%s", got)
	}
	if got := git(t, dir, "status", "--porcelain"); got != "" {
		t.Errorf("git status says\n%s", got)
	}
}
