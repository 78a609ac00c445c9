package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// sheet are answers with so many entities and steps.
func sheet(entities, steps int) string {
	var b strings.Builder
	b.WriteString(`version: 1
component:
  name: meting
  title: Meting
  summary: Een component om het maken van componenten mee te meten.
  organisation: {name: Gemeente Duinstad, website: "https://www.duinstad.test"}
  contact: {name: Team Meting, email: meting@duinstad.test, url: "https://www.duinstad.test/contact"}
register:
`)
	for i := range entities {
		fmt.Fprintf(&b, "  - name: %s\n    plural: %sen\n    title: Ding %d\n    fields:\n", name("ding", i), name("ding", i), i+1)
		b.WriteString(`      - {name: naam, type: text, title: Naam, required: true}
      - {name: datum, type: date, title: Datum}
      - {name: aantal, type: integer, title: Aantal, min: 1, max: 20}
      - {name: soort, type: enum, title: Soort, values: [rood, groen, blauw]}
      - {name: email, type: email, title: E-mailadres}
      - {name: toelichting, type: longtext, title: Toelichting}
    retention: {period: P5Y, source: "Selectielijst gemeenten 2020, 7.7"}
`)
	}
	fmt.Fprintf(&b, `sources: []
process:
  name: meten
  title: Meten
  subject: %s
  roles:
    - {name: inwoner, title: Inwoner, audience: citizen}
    - {name: balie, title: Medewerker balie, audience: employee}
  start: aanvraag
  steps:
    - {name: aanvraag, kind: form, role: inwoner, title: Aanvragen, fields: [naam, datum, aantal, soort, email, toelichting], next: %s}
`, name("ding", 0), name("stap", 0))
	for i := range steps - 2 {
		next := "klaar"
		if i < steps-3 {
			next = name("stap", i+1)
		}
		fmt.Fprintf(&b, "    - {name: %s, kind: task, role: balie, title: Stap %d, next: %s}\n", name("stap", i), i+1, next)
	}
	b.WriteString(`    - {name: klaar, kind: end, title: Klaar, result: toegekend}
privacy:
  activities:
    - {name: meten, title: Meten, purpose: Meten, basis: publieke taak, explanation: Verzonnen, retention: P5Y}
interaction: {theme: voorbeeld, colour: "#154273", audiences: [citizen, employee]}
delivery: {ci: [github], image: registry.duinstad.test/meting, postgres: "16"}
fieldlab: {days: 5, start: "2026-11-23", team: Duinstad, goal: Meten}
`)
	return b.String()
}

// name is a different one for each number, without digits.
func name(kind string, i int) string {
	return kind + "-" + string(rune('a'+i/26)) + string(rune('a'+i%26))
}

// spent is what a command took, with its children.
type spent struct {
	processor, wall time.Duration
	peak            int64
}

// spend runs a command and says what it took. What git would read of this machine is out.
func spend(ctx context.Context, dir, name string, args ...string) (s spent, err error) {
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- Commands of this program.
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	begin := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return s, fmt.Errorf("%s %v: %w\n%s", filepath.Base(name), args, err, out)
	}
	s.wall = time.Since(begin)
	s.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	s.peak = peak(cmd.ProcessState.SysUsage())
	return s, nil
}

const copyAndCommit = `cp -r "$0" "$1" && cd "$1" && git init -q -b main && git add -A && git commit -q -m "Eerste versie"`

// generations measures making a component against copying it and committing it with git.
func (m *measuring) generations(ctx context.Context) error {
	if runtime.GOOS == "windows" {
		return nil // there is no cp
	}
	binary := filepath.Join(m.work, "fieldlab.exe")
	if _, err := command(ctx, m.repository, "go", "build", "-trimpath", "-o", binary, "./cmd/fieldlab"); err != nil {
		return err
	}
	turns := 11
	if m.options.short {
		turns = 3
	}
	for _, size := range [][2]int{{1, 4}, {20, 15}, {60, 40}} {
		if err := m.generation(ctx, binary, size[0], size[1], turns); err != nil {
			return err
		}
	}
	return nil
}

func (m *measuring) generation(ctx context.Context, binary string, entities, steps, turns int) error {
	dir, err := os.MkdirTemp(m.work, "maken")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	answers, source := filepath.Join(dir, "meting.yaml"), filepath.Join(dir, "bron")
	if err := os.WriteFile(answers, []byte(sheet(entities, steps)), 0o600); err != nil {
		return err
	}
	if _, err := spend(ctx, dir, binary, "new", source, "--answers", answers, "--no-git"); err != nil {
		return err
	}
	var ours, theirs times
	var most int64
	for turn := range turns {
		mine, other := filepath.Join(dir, fmt.Sprint("ons", turn)), filepath.Join(dir, fmt.Sprint("kopie", turn))
		our := func() error {
			s, err := spend(ctx, dir, binary, "new", mine, "--answers", answers)
			ours, most = append(ours, s.processor), max(most, s.peak)
			return err
		}
		their := func() error {
			s, err := spend(ctx, dir, "sh", "-c", copyAndCommit, source, other)
			theirs = append(theirs, s.processor)
			return err
		}
		both := []func() error{our, their}
		if turn%2 == 1 {
			slices.Reverse(both)
		}
		for _, one := range both {
			if err := one(); err != nil {
				return err
			}
		}
		if err := os.RemoveAll(mine); err != nil {
			return err
		}
		if err := os.RemoveAll(other); err != nil {
			return err
		}
	}
	aim := ""
	if entities >= 60 {
		aim = "<= 0.6"
	}
	m.add(row{
		Group: "generator", What: fmt.Sprintf("a component with %d entities and %d steps", entities, steps), Value: ms(ours.at(50)), Unit: "ms processor",
		Ratio: ratio(ours.at(50), theirs.at(50)), Against: fmt.Sprintf("cp -r and git: %s ms; at most %.0f MiB of memory", number(ms(theirs.at(50))), float64(most)/(1<<20)), Aim: aim,
	})
	return nil
}

// hundred measures a hundred components in a row, with the benchmark beside the generator.
func (m *measuring) hundred(ctx context.Context) error {
	if m.options.short || runtime.GOOS == "windows" {
		return nil
	}
	out, err := command(ctx, m.repository, "go", "test", "-run", "^$", "-bench", "^BenchmarkMany", "-benchtime", "1x", "-timeout", "30m", "./generator")
	if err != nil && len(results(err.Error())) == 0 {
		return err
	}
	if err != nil { // a promise that it does not keep on this machine is no fault of this program
		out = err.Error()
	}
	for _, r := range results(out) {
		m.add(row{
			Group: "generator", What: "a hundred components in a row (" + strings.TrimPrefix(r.name, "Benchmark") + ")", Value: r.metrics["cpu-ms"], Unit: "ms processor", Ratio: r.metrics["cpu-ratio"],
			Against: fmt.Sprintf("a hundred times cp -r and git: %s ms; on the clock %s of it", number(r.metrics["cp+git-cpu-ms"]), number(r.metrics["wall-ratio"])), Aim: "<= 0.25",
		})
	}
	return nil
}
