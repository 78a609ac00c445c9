package course

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// sourceRule is the rule of the step controle of our own course.
const sourceRule = "layer-source-address"

// inScreen is the mistake of that step: a screen that knows where the BAG is.
const inScreen = "package interactie\n\nconst bag = \"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/adressen\"\n"

// TestLookChecked: what fieldlab check says of the folder of a team.
func TestLookChecked(t *testing.T) {
	t.Parallel()
	accepted := "version: 1\nexceptions:\n  - {rule: " + sourceRule + ", path: 5-interactie/schermen.go, reason: tot de outway er is, until: 2026-12-31}\n"
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		check string
		files map[string]string
		now   time.Time
		want  string
	}{
		"met":           {check: "rule: " + sourceRule, files: map[string]string{"5-interactie/schermen.go": "package interactie\n"}},
		"broken":        {check: "rule: " + sourceRule, files: map[string]string{"5-interactie/schermen.go": inScreen}, want: "in 5-interactie/schermen.go, regel 3. Kijk met: fieldlab check --rule " + sourceRule},
		"accepted":      {check: "rule: " + sourceRule, files: map[string]string{"5-interactie/schermen.go": inScreen, "fieldlab-check.yaml": accepted}},
		"accepted once": {check: "rule: " + sourceRule, now: now.AddDate(1, 0, 0), files: map[string]string{"5-interactie/schermen.go": inScreen, "fieldlab-check.yaml": accepted}, want: "De controle vindt nog iets"},
		"group":         {check: "group: layers", files: map[string]string{"5-interactie/schermen.go": "package interactie\n"}},
		"group, broken": {check: "group: layers", files: map[string]string{"5-interactie/schermen.go": inScreen}, want: "schermen.go, regel 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.now.IsZero() {
				c.now = now
			}
			s := one(t, "kind: check, "+c.check, "")
			at := Place{Dir: component(t, c.files), Now: c.now}
			if got := s.Look(t.Context(), at)[0]; !got.Skipped {
				t.Errorf("an overview reads all files: %+v", got)
			}
			at.Slow = true
			if got := s.Look(t.Context(), at)[0]; got.OK != (c.want == "") || !strings.Contains(got.Why, c.want) {
				t.Errorf("got %+v, want %q", got, c.want)
			}
		})
	}
}

// TestReadChecked: a rule that does not exist would be green or red for ever.
func TestReadChecked(t *testing.T) {
	t.Parallel()
	for check, want := range map[string]problem.Code{
		"kind: check, rule: layer-source-adress":          problem.ValueUnknown,
		"kind: check, group: layer":                       problem.ValueUnknown,
		"kind: check":                                     problem.CourseOne,
		"kind: check, group: layers, rule: " + sourceRule: problem.CourseOne,
		"kind: check, group: layers, path: x":             problem.CourseNotFor,
	} {
		step := "---\ntitle: x\ngoal: x\nchecks:\n  - {name: Iets, " + check + "}\n---\n## Doen\nx\n## Hint\nx\n"
		_, err := Read(files("version: 1\nname: x\ntitle: x\n", "01-een.md", step))
		var found problem.List
		if !errors.As(err, &found) || len(found) != 1 || found[0].Code != want {
			t.Errorf("%s: %v", check, err)
		}
	}
}

// TestRehearseChecked: a check that the planted mistake does not turn red, says nothing.
func TestRehearseChecked(t *testing.T) {
	t.Parallel()
	never := func(context.Context, string, []string) (string, error) { return "", nil }
	for to, want := range map[string]problem.Code{
		inScreen:                            "",
		"package interactie\n\n// anders\n": problem.CourseGreenBefore,
	} {
		s := one(t, "kind: check, rule: "+sourceRule, "")
		s.Plant = &Edit{File: "5-interactie/schermen.go", From: "package interactie\n", To: to}
		dir := component(t, map[string]string{"5-interactie/schermen.go": "package interactie\n"})
		found, err := Rehearse(t.Context(), []*Step{s}, Rehearsal{Dir: dir, Fieldlab: never})
		if err != nil || (len(found) > 0) != (want != "") || want != "" && found[0].Code != want {
			t.Errorf("%q: %v %v", to, found, err)
		}
	}
}
