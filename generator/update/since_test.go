package update_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestSavedMeanwhile: what an editor saves in the very moment in which the update
// is put in its place stays; what was to come lies beside it. Also after a kill.
func TestSavedMeanwhile(t *testing.T) {
	t.Parallel()
	const fresh = "nieuw/diep/x.md"
	fieldlab := lineOf(lineOf(ten, "een", "1"), "negen", "negen van fieldlab")
	for name, c := range map[string]struct {
		path, beside string
		edit         func(*testing.T, string)
	}{
		"saved":              {"docs/edited.md", fieldlab, edit("docs/edited.md", "net bewaard\n")},
		"saved, beside used": {"docs/edited.md", "", both(edit("docs/edited.md.nieuw", "van mij\n"), edit("docs/edited.md", "net bewaard\n"))},
		"added":              {fresh, "x\n", edit(fresh, "net bewaard\n")},
		"a link":             {fresh, "x\n", both(edit("nieuw/diep/y", ""), link("/etc/passwd", fresh))},
		"saved what goes":    {"docs/01.md", "", edit("docs/01.md", "net bewaard\n")},
	} {
		for _, kill := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				dir := edited(t, false)
				u := find(t, request(dir, false))
				func() {
					defer func() { _ = recover() }()
					if err := u.ApplyStopping(context.Background(), func(operation, at string) error {
						if operation == "place" && at == c.path {
							c.edit(t, dir)
							if kill {
								panic(errKilled{})
							}
						}
						return nil
					}); err != nil {
						t.Error(err)
					}
				}()
				if finished, err := update.Recover(dir); err != nil || finished != kill {
					t.Fatal(finished, err)
				}
				if name == "a link" {
					isLink(fresh)(t, dir)
				} else {
					holds(c.path, "net bewaard\n")(t, dir)
				}
				switch {
				case c.beside != "":
					holds(c.path+".nieuw", c.beside)(t, dir)
				case name == "saved, beside used":
					holds("docs/edited.md.nieuw", "van mij\n")(t, dir)
					holds("docs/edited.md.nieuw-2", fieldlab)(t, dir)
				default:
					if _, err := os.Stat(filepath.Join(dir, c.path+".nieuw")); err == nil {
						t.Error("something lies beside it")
					}
				}
			})
		}
	}
}
