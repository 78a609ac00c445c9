package examples_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	upgrade "github.com/commonground-fieldlab/fieldlab/generator/update" // this package has an update of its own
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestPlacesOfAdd counts what TestPlaces counts for what fieldlab add does to a
// component that is there: the files of the rooms that it changes or makes. The
// answers, the memory of fieldlab, the line in the changelog and the next
// migration, which comes beside the others, do not count.
func TestPlacesOfAdd(t *testing.T) {
	dir, document := onDisk(t, "verhuizing")
	for _, c := range []struct {
		name string
		add  func(a answers.Answers) (answers.Answers, []grow.Note, error)
		most int // as design section 7 promises
		want []string
	}{
		{"field", func(a answers.Answers) (answers.Answers, []grow.Note, error) {
			return grow.AddField(a, "verhuizing", answers.Field{Name: "huisdier", Type: "text", Title: "Huisdier"}, nil)
		}, 6, []string{"1-gegevens/verhuizing.go", "2-diensten/openapi.yaml", "4-proces/openapi.yaml", "5-interactie/schermen.go"}},
		{"step", func(a answers.Answers) (answers.Answers, []grow.Note, error) {
			return grow.AddStep(a, answers.Step{Name: "archiveren", Kind: "task", Role: "burgerzaken", Title: "Archiveren"}, "verwerken", "")
		}, 3, []string{"4-proces/openapi.yaml", "4-proces/proces.bpmn"}},
		{"role", func(a answers.Answers) (answers.Answers, []grow.Note, error) {
			return grow.AddRole(a, answers.Role{Name: "archivaris", Title: "Archivaris", Audience: "employee"})
		}, 2, []string{"4-proces/rollen.go"}},
		{"source", func(a answers.Answers) (answers.Answers, []grow.Note, error) {
			return grow.AddSource(a, answers.Source{Name: "kvk", Catalogue: "kvk"})
		}, 6, []string{"3-integratie/fsc.yaml", "3-integratie/kvk.antwoorden.json", "3-integratie/kvk.go", "3-integratie/kvk.openapi.yaml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _, err := c.add(document.Answers)
			if err != nil {
				t.Fatal(err)
			}
			body, err := document.Rewrite(a)
			if err != nil {
				t.Fatal(err)
			}
			u, err := upgrade.Find(context.Background(), upgrade.Request{Dir: dir, Pack: templates.Component(), Version: "dev", Answers: body})
			if err != nil || len(u.Questions) > 0 {
				t.Fatal(err, u)
			}
			if got := inRooms(u); !slices.Equal(got, c.want) || len(got) > c.most {
				t.Errorf("it touches %d files, at most %d:\n%s\nwant\n%s", len(got), c.most, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if len(u.Conflicts()) > 0 || u.Kern.Files > 0 || (u.Migration != "") != (c.name == "field") {
				t.Errorf("conflicts %v, %d files in kern, migration %q", u.Conflicts(), u.Kern.Files, u.Migration)
			}
		})
	}
}

// onDisk is the component of an example, as fieldlab new makes it.
func onDisk(t *testing.T, example string) (string, *answers.Document) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(example, answers.FileName))
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse(answers.FileName, body)
	dir := filepath.Join(t.TempDir(), example)
	_, err = generator.Generate(context.Background(), generator.Request{
		Document: document, Files: os.DirFS(example), Pack: templates.Component(), Version: "dev", Dir: dir, NoGit: true, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	if body, err = os.ReadFile(filepath.Join(dir, answers.FileName)); err != nil {
		t.Fatal(err)
	}
	document, _ = answers.Parse(answers.FileName, body)
	return dir, document
}

// inRooms are the files of the numbered folders that change, but for migrations.
func inRooms(u *upgrade.Update) (paths []string) {
	for _, change := range u.Changes {
		first, _, _ := strings.Cut(change.Path, "/")
		if len(first) > 2 && first[0] >= '1' && first[0] <= '5' && first[1] == '-' && !strings.Contains(change.Path, "/migraties/") {
			paths = append(paths, change.Path)
		}
	}
	return paths
}
