package own_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/own"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// edit replaces a text in a file of the component; the whole file when old is "".
type edit struct{ path, old, new string }

const gone = checktest.Gone

// marked is a text in which somebody has to choose.
const marked = "a\n<<<<<<" + "< van het team\nb\n====" + "===\nc\n>>>>>>" + "> van fieldlab\n"

const migration = "1-gegevens/migraties/sqlite/0001_register.sql"

// mutations are what makes each rule be broken. They are no archives: the base is no text,
// and belongs to the very bytes of kern.
var mutations = []struct {
	name  string
	edits []edit
	want  []string // the findings, of all rules
}{
	{"manifest is no JSON", []edit{{plan.ManifestPath, "", "{"}}, []string{"kern-manifest .fieldlab/manifest.json damaged"}},
	{"manifest of later", []edit{{plan.ManifestPath, `"version": 3`, `"version": 9`}}, []string{"kern-manifest .fieldlab/manifest.json newer 9"}},
	{"manifest of before", []edit{{plan.ManifestPath, `"version": 3`, `"version": 1`}}, []string{"kern-manifest .fieldlab/manifest.json too-old 1"}},
	{"manifest with a path outside", []edit{{plan.ManifestPath, `".dockerignore"`, `"../.ssh/config"`}}, []string{"kern-manifest .fieldlab/manifest.json bad-path ../.ssh/config"}},
	{"no manifest", []edit{{plan.ManifestPath, "", gone}}, []string{"kern-manifest .fieldlab/manifest.json missing"}},
	{"another module", []edit{{"go.mod", "module git.duinstad.test/burgerzaken/verhuizing", "module x.test/y"}},
		[]string{"kern-manifest .fieldlab/manifest.json foreign git.duinstad.test/burgerzaken/verhuizing, x.test/y"}},
	{"base cut short", []edit{{plan.KernLinesPath, "", "fieldlab-kern 1\nx"}}, []string{"kern-base .fieldlab/kern damaged"}},
	{"no base", []edit{{plan.BasisPath, "", gone}}, []string{"kern-base .fieldlab/basis missing"}},
	{"no sums of kern", []edit{{plan.KernLinesPath, "", gone}}, []string{"kern-base .fieldlab/kern missing"}},
	{"kern edited", []edit{{"kern/outway/outway.go", "package outway", "package outway // ours"}}, []string{"kern-changed kern/outway/outway.go changed outway"}},
	{"kern edited outside a package", []edit{{"kern/README.md", "", "x\n"}}, []string{"kern-changed kern/README.md loose"}},
	{"kern less and more", []edit{{"kern/outway/outway.go", "", gone}, {"kern/outway/ours.go", "", "package outway\n"}},
		[]string{"kern-changed kern/outway/ours.go added", "kern-changed kern/outway/outway.go missing"}},
	{"files gone", []edit{{"renovate.json", "", gone}}, []string{"kern-gone renovate.json"}},
	{"an update waits", []edit{{".fieldlab/terug/journaal", "", "{}"}}, []string{"kern-update .fieldlab/terug waiting"}},
	{"an update was cut off", []edit{{".fieldlab/werk/journaal", "", "{}"}}, []string{"kern-update .fieldlab/werk busy"}},
	{"markers", []edit{{"4-proces/rollen.md", "", marked}}, []string{"kern-markers 4-proces/rollen.md:2"}},
	{"answers are no YAML", []edit{{"fieldlab.yaml", "", "version: [\n"}}, []string{"kern-answers fieldlab.yaml:1 problem"}},
	{"answers that cannot be", []edit{{"fieldlab.yaml", "kind: decide", "kind: decied"}}, []string{"kern-answers fieldlab.yaml:"}},
	{"answers without what they name", []edit{{"fieldlab.yaml", "role: burgerzaken", "role: burgerzakken"}}, []string{"kern-answers fieldlab.yaml:"}},
	{"no answers", []edit{{"fieldlab.yaml", "", gone}}, []string{"kern-answers fieldlab.yaml missing"}},
	{"answers of later", []edit{{"fieldlab.yaml", "title: Verhuizing doorgeven", "title: Verhuizing melden"}}, []string{"kern-applied fieldlab.yaml:10"}},
	{"migration edited", []edit{{migration, "CREATE TABLE", "CREATE  TABLE"}}, []string{"kern-migration " + migration + " changed"}},
	{"migration gone", []edit{{migration, "", gone}}, []string{"kern-migration " + migration + " gone"}},
	{"number taken", []edit{{"1-gegevens/migraties/sqlite/0001_andere.sql", "", "SELECT 1;\n"}},
		[]string{"kern-migration " + migration + " twice 0001 1-gegevens/migraties/sqlite/0001_andere.sql"}},
	{"a file of ours in kern", []edit{{"kern/outway/ours.go", "", "package outway\n"}}, []string{"kern-changed kern/outway/ours.go added"}},
}

// apply makes the edits in a copy.
func apply(t *testing.T, files fstest.MapFS, edits []edit) fstest.MapFS {
	t.Helper()
	files = maps.Clone(files)
	for _, e := range edits {
		body := []byte(e.new)
		if e.old != "" {
			before := files[e.path].Data
			if !bytes.Contains(before, []byte(e.old)) {
				t.Fatalf("%s has no %q", e.path, e.old)
			}
			body = bytes.Replace(before, []byte(e.old), body, 1)
		}
		if e.new == gone {
			delete(files, e.path)
		} else {
			files[e.path] = &fstest.MapFile{Data: body}
		}
	}
	return files
}

func look(t *testing.T, files fstest.MapFS, version string) *check.Result {
	t.Helper()
	result, err := check.Run(t.Context(), open(t, files), []check.Checker{own.For(version)})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestRules: a component as it is made meets every rule, and each mutation breaks the one
// that it is about and no other.
func TestRules(t *testing.T) {
	t.Parallel()
	files := component(t, "verhuizing")
	for _, v := range look(t, files, "1.2.3").Verdicts {
		if isOurs(v) && v.Outcome != check.Met {
			t.Errorf("%s is %s: %v", v.Rule.ID, v.Outcome, v.Findings)
		}
	}
	broken := map[string]bool{"kern-version": true} // TestVersion
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			result := look(t, apply(t, files, m.edits), "")
			checktest.Words(t, "own", nil, checktest.Findings(result))
			got := checktest.Lines(result, "")
			if !slices.EqualFunc(got, m.want, strings.HasPrefix) {
				t.Errorf("found\n%s\nexpected\n%s", strings.Join(got, "\n"), strings.Join(m.want, "\n"))
			}
		})
		for _, line := range m.want {
			rule, _, _ := strings.Cut(line, " ")
			broken[rule] = true
		}
	}
	checktest.Words(t, "own", own.For("").Rules(), nil)
	for _, rule := range own.For("").Rules() {
		if !broken[rule.ID] {
			t.Errorf("no mutation breaks %s", rule.ID)
		}
	}
}

// TestLookAlikes: what a team does every day is no finding.
func TestLookAlikes(t *testing.T) {
	t.Parallel()
	files := component(t, "verhuizing")
	for name, edits := range map[string][]edit{
		"another order and a remark in the answers": {{"fieldlab.yaml", "version: 1\n", "version: 1 # ours\n\n"}},
		"a room edited":              {{"4-proces/rollen.go", "package proces", "package proces // ours"}},
		"a decision taken away":      {{"CHANGELOG.md", "", "# x\n"}},
		"a migration of our own":     {{"1-gegevens/migraties/sqlite/0002_x.sql", "", "SELECT 1;\n"}, {"1-gegevens/migraties/postgres/0002_x.sql", "", "SELECT 1;\n"}},
		"markers that are explained": {{"docs/git.md", "", "# x\n\n```\n" + marked + "```\n"}},
		"half of a marker":           {{"docs/git.txt", "", "<<<<<<" + "< a\n"}},
		"a line of headings":         {{"docs/x.rst", "", "x\n====" + "===\n"}},
	} {
		if got := checktest.Lines(look(t, apply(t, files, edits), "1.2.3"), ""); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	files := component(t, "verhuizing") // of 1.2.3
	for version, want := range map[string]check.Outcome{
		"": check.Idle, "dev": check.Idle, "1.2.3": check.Met, "1.2.2": check.Met, "v1.2.3-rc.1": check.Met,
		"1.2.4": check.Broken, "1.10.0": check.Broken, "v2.0.0": check.Broken,
	} {
		result := look(t, files, version)
		checktest.Words(t, "own", nil, checktest.Findings(result))
		for _, v := range result.Verdicts {
			if v.Rule.ID == "kern-version" && v.Outcome != want {
				t.Errorf("%q: %s, want %s", version, v.Outcome, want)
			}
		}
	}
}

// TestExamples: every example is clean.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, example := range []string{"adresonderzoek", "melding-openbare-ruimte"} {
		if got := checktest.Lines(look(t, component(t, example), "1.2.3"), ""); len(got) > 0 {
			t.Errorf("%s: %v", example, got)
		}
	}
}

// TestNoComponent: of what fieldlab did not make, nothing is said.
func TestNoComponent(t *testing.T) {
	t.Parallel()
	for _, v := range look(t, fstest.MapFS{"main.go": {Data: []byte(marked)}, "fieldlab.yaml": {Data: []byte("x: 1\n")}}, "1.2.3").Verdicts {
		if isOurs(v) && v.Outcome != check.Idle {
			t.Errorf("%s is %s", v.Rule.ID, v.Outcome)
		}
	}
}

// isOurs leaves out the rules of the engine itself.
func isOurs(v check.Verdict) bool { return strings.HasPrefix(v.Rule.ID, "kern-") }
