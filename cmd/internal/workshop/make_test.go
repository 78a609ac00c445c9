package workshop_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

func TestMake(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "zaal")
	teams := []string{"Zuid", "北京", `<b>"O'Neil" & {{.}}`, "🙂"}
	made, err := workshop.Make(t.Context(), request(t, dir, teams...))
	if err != nil {
		t.Fatal(err)
	}
	read, err := workshop.Read(dir)
	if err != nil || len(read.Teams) != len(teams) || made.Course == nil {
		t.Fatalf("got %+v, %v", read, err)
	}
	for i, team := range read.Teams {
		at := filepath.Join(dir, "teams", team.Folder)
		c, err := workshop.Open(at)
		if err != nil || c.Mine.Team.Name != teams[i] || c.Mine.Team.Code != "" || len(c.Path()) != 4 {
			t.Fatalf("team %q: %+v, %v", teams[i], c, err)
		}
		if status := git(t, at, "status", "--porcelain"); status != "" {
			t.Errorf("%s is not clean: %s", team.Folder, status)
		}
		if count := git(t, at, "rev-list", "--count", "--all"); count != "1\n" {
			t.Errorf("%s has %s commits", team.Folder, count)
		}
		git(t, at, "fsck", "--strict")
		if _, err := tryGit(t, at, "grep", team.Code); err == nil {
			t.Errorf("the code of %s is in its repository", team.Folder)
		}
		sheet := get(t, dir, "bladen/"+team.Folder+".html")
		for _, want := range []string{team.Code, "cd " + team.Folder, "http://localhost:", "go run .", team.Colour, "LEES-MIJ.html", "teams/" + team.Folder + ".zip"} {
			if !strings.Contains(sheet, want) {
				t.Errorf("the sheet of %s has no %q", team.Folder, want)
			}
		}
		if strings.Contains(sheet, "<b>\"O") {
			t.Error("a name is markup on its sheet")
		}
		document, problems := answers.Parse("fieldlab.yaml", []byte(get(t, at, "fieldlab.yaml")))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		a := document.Answers
		if a.Fieldlab.Team != teams[i] || a.Component.Organisation.OIN != team.OIN || *a.Delivery.Port != team.Port || a.Fieldlab.Variant != i+1 || !strings.Contains(a.Component.Title, teams[i]) {
			t.Errorf("answers of %s: %+v", team.Folder, a)
		}
		if !strings.Contains(string(document.Source), "# Wat we zelf bewaren") {
			t.Error("the remarks of the case are gone")
		}
	}
	whole := get(t, dir, "teams/01-zuid/.fieldlab/workshop/cursus.html")
	if strings.Contains(whole, "<script>alert") || !strings.Contains(whole, "http://localhost:31000") || !strings.Contains(whole, `id="veld"`) {
		t.Error("the course of a team is not as it should be")
	}
	for _, name := range []string{"index.html", "cursus/index.html", "cursus/01-lezen.html", "cursus/04-nieuw.html", "cursus/cursus.yaml"} {
		get(t, dir, name)
	}
	if update, err := fieldlab(t.Context(), filepath.Join(dir, "teams", "01-zuid"), []string{"add", "field", "verhuizing", "telefoon", "--type", "phone"}); err != nil {
		t.Errorf("a component of a workshop does not grow: %s", update)
	}
	if _, err := os.Stat(filepath.Join(dir, "teams", "01-zuid", workshop.Folder, "team.json")); err != nil {
		t.Error("an update took away what is of the workshop")
	}
}

// TestMakeRefuses: nothing is left of a workshop that cannot be.
func TestMakeRefuses(t *testing.T) {
	t.Parallel()
	repository := t.TempDir()
	git(t, repository, "init", "-q")
	full := t.TempDir()
	put(t, full, "x", "y")
	for name, c := range map[string]struct {
		dir    string
		change func(r *workshop.Request)
		is     func(error) bool
	}{
		"in a repository": {filepath.Join(repository, "zaal"), func(*workshop.Request) {}, func(err error) bool { return errors.Is(err, workshop.ErrRepository) }},
		"not empty":       {full, func(*workshop.Request) {}, func(err error) bool { return errors.Is(err, tree.ErrNotEmpty) }},
		"ports":           {"", func(r *workshop.Request) { r.Port = 65530 }, func(err error) bool { return errors.Is(err, workshop.ErrPorts) }},
		"answers": {"", func(r *workshop.Request) {
			r.Answer, _ = answers.Parse("x.yaml", []byte("version: 1\ncomponent: {}\n"))
		}, func(err error) bool { return errors.As(err, new(problem.List)) }},
		"course":    {"", func(r *workshop.Request) { r.Course = fstest.MapFS{"cursus.yaml": {Data: []byte("x: 1")}} }, func(err error) bool { return errors.As(err, new(workshop.CourseError)) }},
		"no course": {"", func(r *workshop.Request) { r.Course = fstest.MapFS{} }, func(err error) bool { return errors.As(err, new(workshop.Damaged)) }},
		"course with a link": {"", func(r *workshop.Request) {
			r.Course = fstest.MapFS{"cursus.yaml": {Data: []byte("x"), Mode: fs.ModeSymlink}}
		}, func(err error) bool { return errors.As(err, new(workshop.Damaged)) }},
		"broken pack": {"", func(r *workshop.Request) { r.Pack = fstest.MapFS{"a.tmpl": {Data: []byte("{{.No}}")}} }, func(err error) bool { return errors.As(err, new(workshop.TeamError)) }},
	} {
		dir := c.dir
		if dir == "" {
			dir = filepath.Join(t.TempDir(), "zaal")
		}
		r := request(t, dir, "A", "B", "C")
		c.change(&r)
		_, err := workshop.Make(t.Context(), r)
		if err == nil || !c.is(err) {
			t.Errorf("%s: got %v", name, err)
		}
		if entries, _ := os.ReadDir(filepath.Dir(dir)); c.dir == "" && len(entries) > 0 {
			t.Errorf("%s: left %v", name, entries)
		}
	}
}

// TestMakeStops: an interrupt leaves nothing, whenever it comes.
func TestMakeStops(t *testing.T) {
	t.Parallel()
	for _, after := range []int{0, 1, 2} {
		ctx, stop := context.WithCancel(t.Context())
		dir := filepath.Join(t.TempDir(), "zaal")
		r := request(t, dir, "A", "B", "C")
		if after == 0 {
			stop()
		}
		r.Made = func(n int) {
			if n == after {
				stop()
			}
		}
		_, err := workshop.Make(ctx, r)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d: %v", after, err)
		}
		if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) > 0 {
			t.Errorf("after %d: left %v", after, entries)
		}
		stop()
	}
}

// TestMakeOwnCase: an answers file of a trainer, with a file that it names.
func TestMakeOwnCase(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "zaal")
	r := request(t, dir, "Zuid")
	body := strings.Replace(get(t, "../../../examples/verhuizing", "fieldlab.yaml"), "    catalogue: bag\n", "    openapi: bronnen/eigen.yaml\n    title: Eigen\n", 1)
	document, problems := answers.Parse("casus.yaml", []byte(body))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	specification := get(t, "../../../examples/verhuizing/component", "3-integratie/bag.openapi.yaml")
	r.Answer, r.Files = document, fstest.MapFS{"bronnen/eigen.yaml": {Data: []byte(specification)}}
	if _, err := workshop.Make(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(dir, "teams", "01-zuid")
	first := git(t, at, "rev-parse", "HEAD^{tree}")
	put(t, at, "README.md", "weg")
	git(t, at, "commit", "-qam", "Weg")
	// What it began with is kept whole: the folder of the case is elsewhere by then.
	if _, err := workshop.GoBack(t.Context(), back(at, "")); err != nil {
		t.Fatal(err)
	}
	if git(t, at, "rev-parse", "HEAD^{tree}") != first || git(t, at, "status", "--porcelain") != "" {
		t.Errorf("not as it began: %s", git(t, at, "diff", "HEAD~2", "--stat"))
	}
}

// TestPeers: two teams are two peers of a group of FSC.
func TestPeers(t *testing.T) {
	t.Parallel()
	body := strings.Replace(get(t, "../../../examples/verhuizing", "fieldlab.yaml"), "delivery:", `fsc:
  group: fsc-test
  managerAddress: https://fsc-manager.duinstad.test:8443
  inwayAddress: https://verhuizing.duinstad.test:443
  outwayAddress: http://verhuizing-open-fsc-outway
  ownPeer: true
delivery:`, 1)
	document, problems := answers.Parse("casus.yaml", []byte(body))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	dir := filepath.Join(t.TempDir(), "zaal")
	r := request(t, dir, "Zuid", "Oost")
	r.Answer = document
	if _, err := workshop.Make(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string][]string{
		"01-zuid": {"https://verhuizing-zuid.fsc-manager.duinstad.test:8443", "https://verhuizing-zuid.duinstad.test:443", "http://verhuizing-zuid-open-fsc-outway", "00000099000100001000", "burgerzaken/verhuizing-zuid"},
		"02-oost": {"https://verhuizing-oost.fsc-manager.duinstad.test:8443", "https://verhuizing-oost.duinstad.test:443", "http://verhuizing-oost-open-fsc-outway", "00000099000100002000", "burgerzaken/verhuizing-oost"},
	} {
		for _, one := range want {
			if !strings.Contains(get(t, dir, "teams/"+folder+"/fieldlab.yaml"), one) {
				t.Errorf("%s has no %s", folder, one)
			}
		}
	}
}

// TestColours: they can be read and told apart, and package model takes them.
func TestColours(t *testing.T) {
	t.Parallel()
	r := request(t, "x", "A")
	seen := map[string]bool{}
	for _, colour := range workshop.Colours() {
		a := r.Answer.Answers
		a.Interaction.Colour = colour
		if _, found := model.New(a, nil, model.Env{}); len(found) > 0 {
			t.Errorf("%s: %v", colour, found)
		}
		if seen[colour] {
			t.Errorf("%s comes twice", colour)
		}
		seen[colour] = true
	}
	if len(seen) < 24 {
		t.Errorf("only %d colours", len(seen))
	}
}
