package examples_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// TestPlaces counts how many files of a component one change touches. That is
// what a person has to do by hand without fieldlab, so it may not grow. The
// answers and what fieldlab remembers do not count.
func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   []string // key, value, key, value …
		files []string // those that change
		made  int      // new files
	}{
		{"the title of a field", []string{"register[0].fields[1].title", "Wanneer verhuist u?"},
			[]string{"2-diensten/openapi.yaml", "4-proces/openapi.yaml", "5-interactie/schermen.go"}, 0},
		{"a field", []string{"register[0].fields[7]", "{name: huisdier, type: text, title: Huisdier}", "process.steps[0].fields[7]", "huisdier"},
			[]string{"1-gegevens/migraties/postgres/0001_register.sql", "1-gegevens/migraties/sqlite/0001_register.sql", "1-gegevens/verhuizing.go",
				"2-diensten/openapi.yaml", "4-proces/openapi.yaml", "5-interactie/schermen.go"}, 0},
		{"a field that nobody stores", []string{"process.steps[0].fields[7]", "{name: hoe hoorde u hiervan, type: text}"},
			[]string{"4-proces/openapi.yaml", "5-interactie/schermen.go"}, 0},
		{"a step", []string{"process.steps[7]", "{name: archiveren, kind: task, role: burgerzaken, title: Archiveren, next: verwerkt}", "process.steps[4].next", "archiveren"},
			[]string{"4-proces/openapi.yaml", "4-proces/proces.bpmn"}, 0},
		{"an outcome", []string{"process.steps[2].outcomes.doorsturen", "afgewezen"},
			[]string{"4-proces/openapi.yaml", "4-proces/proces.bpmn"}, 0},
		{"a role", []string{"process.roles[2]", "{name: archivaris, title: Archivaris, audience: employee}", "process.steps[4].role", "archivaris"},
			[]string{"4-proces/proces.bpmn", "4-proces/rollen.go"}, 0},
		{"the help of a step", []string{"process.steps[2].help", "Kijk of het adres bestaat."},
			[]string{"4-proces/proces.bpmn"}, 0},
		{"a source", []string{"sources[1]", "{name: brp-bewoning, catalogue: brp-bewoning, operations: [Bewoningen], purpose: {activity: aangifte-verhuizing, fields: [bewoningen]}}"},
			[]string{"3-integratie/fsc.yaml", "docs/bronnen.md", "docs/overdracht.md"}, 5},
		{"a source and the step that asks it", []string{
			"sources[1]", "{name: woz, operations: [{name: zoek, path: /objecten}], purpose: {activity: aangifte-verhuizing, fields: [waarde]}}",
			"process.steps[7]", "{name: waarde-zoeken, kind: lookup, source: woz, next: verwerkt}", "process.steps[4].next", "waarde-zoeken"},
			[]string{"3-integratie/fsc.yaml", "4-proces/proces.bpmn", "4-proces/verloop.go", "docs/bronnen.md", "docs/overdracht.md"}, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := planOf(t, "verhuizing/fieldlab.yaml"), planOf(t, "verhuizing/fieldlab.yaml", c.set...)
			changed, made := difference(before, after)
			if c.files != nil && !slices.Equal(changed, c.files) {
				t.Errorf("it touches %d files:\n%s\nwant\n%s", len(changed), strings.Join(changed, "\n"), strings.Join(c.files, "\n"))
			}
			if len(changed) > 6 {
				t.Errorf("it touches %d files that are there, more than 6:\n%s", len(changed), strings.Join(changed, "\n"))
			}
			if len(made) > c.made {
				t.Errorf("it makes %d files, more than %d:\n%s", len(made), c.made, strings.Join(made, "\n"))
			}
		})
	}
}

// difference lists the files that are there in both and differ, and those that
// only the second has.
func difference(before, after plan.Plan) (changed, made []string) {
	known := map[string][]byte{}
	for _, f := range before {
		known[f.Path] = f.Body
	}
	for _, f := range after {
		body, there := known[f.Path]
		switch {
		case there && strings.HasPrefix(f.Path, "docs/besluiten/"): // written once; an update leaves it alone
		case f.Path == plan.AnswersPath || strings.HasPrefix(f.Path, ".fieldlab/"): // what fieldlab remembers
		case !there:
			made = append(made, f.Path)
		case !bytes.Equal(body, f.Body):
			changed = append(changed, f.Path)
		}
	}
	return changed, made
}

// TestWeight counts what a team sees: few files in the rooms, and not many more
// outside kern. In kern nothing depends on the answers but the module's path.
func TestWeight(t *testing.T) {
	rooms, outside := 0, 0
	for _, f := range planOf(t, "verhuizing/fieldlab.yaml") {
		top, _, _ := strings.Cut(f.Path, "/")
		if len(top) > 2 && top[0] >= '1' && top[0] <= '5' && top[1] == '-' {
			rooms++
		}
		if top != "kern" && top != "deploy" {
			outside++
		}
		if strings.HasPrefix(f.Path, "kern/") && (strings.HasSuffix(f.Path, "_test.go") || strings.Contains(f.Path, "/testdata/")) {
			t.Errorf("%s serves this repository only", f.Path)
		}
	}
	t.Logf("%d files in the rooms, %d outside kern and deploy", rooms, outside)
	if rooms > 20 {
		t.Errorf("%d files in the five numbered folders, more than 20", rooms)
	}
	// Of these, four are for who delivers and keeps it: beheer.md, instellingen.md, the
	// list of what is in it and the workflow of a release.
	if outside > 64 {
		t.Errorf("%d files outside kern and deploy, more than 64", outside)
	}
}

// TestKernIsTheSameEverywhere: two components differ outside kern only, but for
// their module path.
func TestKernIsTheSameEverywhere(t *testing.T) {
	kern := func(file string) map[string]string {
		files := planOf(t, file)
		module := ""
		for _, f := range files {
			if f.Path == "go.mod" {
				module, _, _ = strings.Cut(strings.TrimPrefix(string(f.Body), "module "), "\n")
			}
		}
		all := map[string]string{}
		for _, f := range files {
			if strings.HasPrefix(f.Path, "kern/") {
				all[f.Path] = strings.ReplaceAll(string(f.Body), `"`+module+"/", `"module/`)
			}
		}
		return all
	}
	one, other := kern("verhuizing/fieldlab.yaml"), kern("melding-openbare-ruimte/fieldlab.yaml")
	if len(one) < 100 || len(one) != len(other) {
		t.Fatalf("%d and %d files in kern", len(one), len(other))
	}
	for path, body := range one {
		if other[path] != body {
			t.Errorf("%s depends on the answers", path)
		}
	}
}
