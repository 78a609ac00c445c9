package course

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/examples"
)

func builtin(t *testing.T) *Course {
	t.Helper()
	files, ok := examples.Course("verhuizing")
	if !ok {
		t.Fatal("there is no course")
	}
	c, err := Read(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBuiltIn: what the issue asks of our own course. That its recipes work and its
// checks see what they should, is tried in cmd/internal/cli (course_lint.txtar).
func TestBuiltIn(t *testing.T) {
	c := builtin(t)
	if got := strings.Join(c.ids(), " "); got != "draaien lezen tekst veld besluit bron logboek storing fout controle overdracht" {
		t.Errorf("the steps are %s", got)
	}
	for _, s := range c.Steps {
		if s.Minutes > 20 {
			t.Errorf("%s takes %d minutes; a step is a quarter of an hour", s.ID, s.Minutes)
		}
		for _, text := range []string{string(s.Do), string(s.Hint), s.Goal} {
			if left := regexWord.FindAllString((Words{Name: "x", Port: 1}).Fill(text), -1); len(left) > 0 {
				t.Errorf("%s: %v is not filled in", s.ID, left)
			}
		}
		if !strings.Contains(string(s.Do), "fieldlab workshop check") {
			t.Errorf("%s does not say how to see that it is done", s.ID)
		}
	}
	for id, answers := range map[string][]string{
		"lezen":    {"proces.bpmn", "4-proces/proces.bpmn", `4-proces\proces.bpmn`, "Proces.bpmn."},
		"logboek":  {"inwoner", "Inwoner", "de rol inwoner"},
		"controle": {"schermen.go", "5-interactie/schermen.go", `5-interactie\schermen.go`},
	} {
		for _, check := range c.Step(id).Checks {
			for _, answer := range answers {
				if check.Asks() && !matches(check.spec.hashes, answer) {
					t.Errorf("%s: %q is not right", id, answer)
				}
			}
			if check.Asks() && matches(check.spec.hashes, "fieldlab.yaml") {
				t.Errorf("%s: everything is right", id)
			}
		}
	}
}

var (
	regexDay = regexp.MustCompile(`(?m)^## Dag (\d)`)
	regexRow = regexp.MustCompile(`(?m)^\| ([a-z ]+) \|`)
)

// TestPlansFitTheDayPlan holds the plans against docs/fieldlab.md of a component: a
// part of a day is one that this page has for that number of days.
func TestPlansFitTheDayPlan(t *testing.T) {
	body, err := os.ReadFile("../../../templates/component/docs/fieldlab.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	rest, plans := string(body), map[int]string{}
	for days, marks := range map[int][2]string{
		2: {"{{ if eq $f.Days 2 }}", "{{ else if eq $f.Days 3 }}"}, 3: {"{{ else if eq $f.Days 3 }}", "\n{{ else }}\n"}, 5: {"\n{{ else }}\n", "## Verhaal"},
	} {
		_, after, found := strings.Cut(rest, marks[0])
		plan, _, ends := strings.Cut(after, marks[1])
		if !found || !ends {
			t.Fatalf("the day plan of %d days is not where it was", days)
		}
		plans[days] = plan
	}
	c := builtin(t)
	if got := c.Days(); !slices.Equal(got, []int{2, 3, 5}) {
		t.Fatalf("there are plans for %v days", got)
	}
	for days, slots := range c.Plans {
		parts := map[string][]string{}
		at := regexDay.FindAllStringSubmatchIndex(plans[days], -1)
		for i, place := range at {
			end := len(plans[days])
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			for _, row := range regexRow.FindAllStringSubmatch(plans[days][place[0]:end], -1) {
				day := plans[days][place[2]:place[3]]
				parts[day] = append(parts[day], row[1])
			}
		}
		if len(parts) != days {
			t.Errorf("the day plan of %d days has %d", days, len(parts))
		}
		for _, slot := range slots {
			day := string(rune('0' + slot.Day))
			if !slices.ContainsFunc(parts[day], func(row string) bool { return row == slot.Part || strings.HasSuffix(row, " "+slot.Part) }) {
				t.Errorf("%d days: day %s has no %s, only %v", days, day, slot.Part, parts[day])
			}
		}
	}
	if len(c.For(5)) != len(c.Steps) || len(c.For(2)) >= len(c.For(3)) {
		t.Error("five days do all steps, and two fewer than three")
	}
}
