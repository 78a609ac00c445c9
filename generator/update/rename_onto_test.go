package update_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestMoveOnto: where fieldlab gives a file another path, and the team has
// something there, that stays. The file comes beside it, with its edits, and the
// old path is free.
func TestMoveOnto(t *testing.T) {
	t.Parallel()
	changed, mine := lineOf(ten, "negen", "negen van fieldlab"), lineOf(ten, "een", "1")
	merged := lineOf(changed, "een", "1")
	for name, c := range map[string]struct {
		edit    func(*testing.T, string)
		beside  string
		want    string
		keepOld bool
	}{
		"a file":          {both(edit("docs/x.md", mine), edit("uitleg/y.md", "van mij\n")), "uitleg/y.md.nieuw", merged, false},
		"a file, no edit": {edit("uitleg/y.md", "van mij\n"), "uitleg/y.md.nieuw", changed, false},
		"a link":          {both(edit("docs/x.md", mine), edit("uitleg/z.md", ""), link("/etc/passwd", "uitleg/y.md")), "uitleg/y.md.nieuw", merged, false},
		"a folder":        {both(edit("docs/x.md", mine), edit("uitleg/y.md/mijn.md", "van mij\n")), "uitleg/y.md.nieuw", merged, false},
		"no folder":       {both(edit("docs/x.md", mine), edit("uitleg", "van mij\n")), "uitleg.nieuw/y.md.nieuw", merged, false},
		"a conflict too":  {both(edit("docs/x.md", lineOf(ten, "negen", "9")), edit("uitleg/y.md", "van mij\n")), "uitleg/y.md.nieuw", "", false},
		"old is a link":   {both(remove("docs/x.md"), edit("docs/z.md", ""), link("z.md", "docs/x.md")), "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t, pack(map[string]string{"docs/x.md": ten}), sheet)
			c.edit(t, dir)
			old := snapshot(t, dir)
			r := update.Request{Dir: dir, Pack: pack(map[string]string{"uitleg/y.md": changed}), Version: "1.0.0"}
			u := find(t, r)
			apply(t, u)
			now := snapshot(t, dir)
			for path, body := range old {
				if path != "docs/x.md" && path != "CHANGELOG.md" && filepath.Dir(path) != ".fieldlab" && now[path] != body {
					t.Errorf("%s holds %q", path, now[path])
				}
			}
			if c.keepOld {
				isLink("docs/x.md")(t, dir)
				holds("uitleg/y.md", changed)(t, dir)
				return
			}
			if _, err := os.Lstat(filepath.Join(dir, "docs/x.md")); err == nil {
				t.Error("the old one is still there")
			}
			if c.want != "" {
				holds(c.beside, c.want)(t, dir)
			}
			if len(u.Conflicts()) != 1 || u.Conflicts()[0].Beside != c.beside {
				t.Errorf("changes: %+v", u.Changes)
			}
			if _, err := update.Abort(context.Background(), dir); err != nil {
				t.Fatal(err)
			}
			sameTree(t, "after abort", snapshot(t, dir), old)
		})
	}
}
