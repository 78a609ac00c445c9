package workshop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/examples"
)

// teams is how many teams the whole workshop has: enough to meet each other, or as
// many as a large room.
func teams() int {
	if os.Getenv("FIELDLAB_E2E") == "all" {
		return 100
	}
	return 6
}

// TestWorkshop runs a workshop from the start to the closing demo, with the course of
// the example: every team does something else.
func TestWorkshop(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "zaal")
	r := request(t, dir, workshop.NumberedTeams(teams())...)
	course, found := examples.Course("verhuizing")
	if !found {
		t.Skip("the example has no course")
	}
	r.Course, r.Days = course, 3
	made, err := workshop.Make(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	path := made.Course.For(3)
	at := func(i int) string { return filepath.Join(dir, "teams", made.Workshop.Teams[i].Folder) }
	for i := range made.Workshop.Teams {
		switch i % 6 {
		case 0: // did nothing
		case 1: // did two steps by itself
			c, err := workshop.Open(at(i))
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range path[:2] {
				c.Progress.Steps[step.ID] = workshop.Done{Checks: map[string]time.Time{}, At: time.Now()}
			}
			if err := c.Save(); err != nil {
				t.Fatal(err)
			}
		case 2, 3: // was behind, with work that is not committed
			put(t, at(i), "docs/eigen.md", "van ons\n")
			if _, err := workshop.GoBack(t.Context(), back(at(i), "veld")); err != nil {
				t.Fatalf("team %d: %v", i+1, err)
			}
			if i%6 == 3 {
				if said, err := fieldlab(t.Context(), at(i), []string{"add", "field", "verhuizing", "opmerking", "--type", "text", "--uncommitted"}); err != nil {
					t.Fatalf("team %d: %s", i+1, said)
				}
				put(t, at(i), "5-interactie/schermen.go", get(t, at(i), "5-interactie/schermen.go")+"\n// van ons\n")
			}
		case 4: // took all of it over
			if _, err := workshop.GoBack(t.Context(), back(at(i), path[len(path)-1].ID)); err != nil {
				t.Fatalf("team %d: %v", i+1, err)
			}
		case 5: // broke what it has of the workshop
			put(t, at(i), workshop.Folder+"/voortgang.json", "<html>")
		}
	}
	rows := workshop.Rows(t.Context(), workshop.Find([]string{dir}))
	all, err := workshop.Collect(t.Context(), workshop.CollectRequest{Places: workshop.Find([]string{dir}), Known: back("", "")})
	if err != nil || len(rows) != teams() || len(all) != teams() {
		t.Fatalf("%d rows, %d results, %v", len(rows), len(all), err)
	}
	for _, c := range all {
		want, i := "", number(c.Directory)-1
		switch i % 6 {
		case 0:
			want = "0 taken 0 at draaien; added [] in 0 rooms"
		case 1:
			want = "2 taken 0 at " + path[2].ID + "; added [] in 0 rooms"
		case 2:
			want = fmt.Sprintf("4 taken 4 at %s; added [] in 0 rooms", path[4].ID)
		case 3:
			want = fmt.Sprintf("4 taken 4 at %s; added [{field verhuizing.opmerking }] in", path[4].ID)
		case 4:
			want = fmt.Sprintf("%d taken %d at ; added [] in 0 rooms", len(path), len(path))
		case 5:
			if c.Err == nil {
				t.Errorf("team %d: nothing is said of what is broken", i+1)
			}
			continue
		}
		got := fmt.Sprintf("%d taken %d at %s; added %v in %d rooms", c.Done, c.Taken, c.Step, c.Added, len(c.Rooms))
		if c.Err != nil || len(c.Notes()) > 0 || !strings.HasPrefix(got, want) {
			t.Errorf("team %d: got %s, want %s (%v, %v)", i+1, got, want, c.Err, c.Notes())
		}
		if i%6 == 3 && !strings.Contains(fmt.Sprint(c.Rooms), "5-interactie/schermen.go") {
			t.Errorf("team %d: %v", i+1, c.Rooms)
		}
	}
	out := filepath.Join(t.TempDir(), "resultaat")
	if err := workshop.WriteResults(t.Context(), out, all, time.UTC); err != nil {
		t.Fatal(err)
	}
	if index := get(t, out, "index.html"); strings.Count(index, `href="teams/`) != teams()-(teams()+0)/6 {
		t.Errorf("%d teams are in the table", strings.Count(index, `href="teams/`))
	}
}

// number is that of the team in a folder.
func number(dir string) int {
	digits, _, _ := strings.Cut(filepath.Base(dir), "-")
	n, _ := strconv.Atoi(digits)
	return n
}

// TestCollectHostile: what a folder says is shown as text, and a folder that lies in
// every way gives a row.
func TestCollectHostile(t *testing.T) {
	t.Parallel()
	dir := component(t)
	put(t, dir, "docs/overdracht.md", "# x\n\n## Nog in te vullen\n\n| Wat | Waar | Wie |\n|---|---|---|\n| <script>alert(1)</script> | `x` | \x1b[31mwie |\n||||\n")
	put(t, dir, "4-proces/proces.bpmn", "<definitions>"+strings.Repeat("<a>", 20000))
	put(t, dir, "fieldlab.yaml", strings.Replace(get(t, dir, "fieldlab.yaml"), "Verhuizing doorgeven (Zuid)", "<img src=x onerror=alert(1)>", 1))
	put(t, dir, "binair.bin", strings.Repeat("\x00\xff", 100))
	secret := filepath.Join(t.TempDir(), "geheim")
	put(t, filepath.Dir(secret), "geheim", "## Nog in te vullen\n| geheim |\n")
	must(t, os.Symlink(secret, filepath.Join(dir, "tests", "link.md")))
	places := workshop.Find([]string{dir, filepath.Join(dir, "absent"), t.TempDir()})
	all, err := workshop.Collect(t.Context(), workshop.CollectRequest{Places: places, Known: back("", "")})
	if err != nil || len(all) != 3 {
		t.Fatalf("got %d, %v", len(all), err)
	}
	out := filepath.Join(t.TempDir(), "resultaat")
	if err := workshop.WriteResults(t.Context(), out, all, time.UTC); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "teams/01-zuid.html"} {
		body := get(t, out, name)
		if strings.Contains(body, "<script>") || strings.Contains(body, "<img src=x") || strings.Contains(body, "geheim") {
			t.Errorf("%s holds what a team wrote as markup", name)
		}
	}
	if len(all[0].Open) != 1 || !strings.Contains(fmt.Sprint(all[0].Rooms), "binair.bin") {
		t.Errorf("got %+v", all[0])
	}
}
