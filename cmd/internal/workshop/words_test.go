package workshop

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// TestWholeIsOfTheTeam: the page that is made once for all teams is, to the byte, the
// one that is made for each.
func TestWholeIsOfTheTeam(t *testing.T) {
	t.Parallel()
	files, found := examples.Course("verhuizing")
	if !found {
		t.Skip("the example has no course")
	}
	read, err := courseOf(files)
	if err != nil {
		t.Fatal(err)
	}
	from, err := course.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	// A course that has the words that would stand for those of a team: others do.
	taken := read.With(plan.File{Path: "x.md", Body: []byte("naam-van-component-0-ervan 2147483540")})
	for _, body := range []plan.Plan{read, taken} {
		w, err := newWhole(from, 5, body)
		if err != nil {
			t.Fatal(err)
		}
		for _, team := range []Team{{Name: "<b>Zuid", Port: 8100, Colour: "#154273"}, {Name: "Noord", Port: 65532, Colour: "#dd0000"}} {
			const component = "verhuizing-team"
			got, err := w.of(team, component)
			if err != nil {
				t.Fatal(err)
			}
			var steps []shownStep
			for _, step := range from.For(5) {
				shown, err := showStep(course.Words{Name: component, Port: team.Port}.In(step), 2)
				if err != nil {
					t.Fatal(err)
				}
				steps = append(steps, shown)
			}
			want, err := write(page.Page{Title: from.Title, Site: team.Name, Colour: team.Colour}, "heel.html", steps)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("the page of %s is another than the one made for it alone", team.Name)
			}
			if strings.Contains(string(got), "naam-van-component") || strings.Contains(string(got), "21474") {
				t.Error("a word that stands for another is on the page")
			}
		}
	}
}

// TestPageName: a page has the name of the folder of its team, also when others could
// not be read, and no two pages have the same.
func TestPageName(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for i, c := range []struct {
		folder, team, want string
	}{
		{"046-ploeg-46", "Ploeg 46", "046-ploeg-46.html"}, {"046-ploeg-46", "Ploeg 46", "046-ploeg-46-2.html"},
		{"", "Zuid", "03-zuid.html"}, {"", "", "04.html"}, {"03-zuid", "Zuid", "03-zuid-2.html"},
	} {
		one := Collected{folder: c.folder}
		one.Team = c.team
		if got := one.pageName(i+1, taken); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
