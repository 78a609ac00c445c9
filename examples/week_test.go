package examples_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/templates"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
)

// TestWeek plays a week with a component: the team writes in all rooms and takes
// zaken in, and from then on the component grows, by what a person types. After
// every step each edit and each zaak is still there, and the tests are green.
// verhuizing is played quickly by default; with FIELDLAB_E2E=all every example is
// played to the full.
func TestWeek(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs complete components")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("a team has git")
	}
	all := os.Getenv("FIELDLAB_E2E") == "all"
	for _, file := range []string{"verhuizing", "adresonderzoek", "melding-openbare-ruimte"} {
		if file != "verhuizing" && !all {
			continue
		}
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			newWeek(t, file).play(all)
		})
	}
}

// TestWeekOnPostgreSQL plays that week on the other database.
func TestWeekOnPostgreSQL(t *testing.T) {
	server := needPostgres(t)
	t.Parallel()
	w := newWeek(t, "verhuizing")
	w.env = []string{"DATABASE_URL=" + proef.FreshSchema(t, server)}
	w.play(true)
}

// needPostgres gives the server of TEST_DATABASE_URL, on which complete components run.
func needPostgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("TEST_DATABASE_URL")
	if server == "" || os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("needs FIELDLAB_E2E=all and a server in TEST_DATABASE_URL, as in the step postgres of .ci/run")
	}
	return server
}

// week is a component in the hands of a team.
type week struct {
	t      *testing.T
	dir    string
	binary string   // fieldlab
	env    []string // of the component when it runs
	names  model.Growth
	first  string // the step with which a zaak begins
	edits  []handEdit
	zaken  map[string]seen
	full   bool
}

// newWeek generates an example.
func newWeek(t *testing.T, example string) *week {
	t.Helper()
	file := example + "/fieldlab.yaml"
	w := &week{t: t, dir: filepath.Join(t.TempDir(), example), zaken: map[string]seen{}}
	generate(t, file, w.dir)
	var err error
	if w.binary, err = fieldlab(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse(file, data)
	_, component, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	w.names, w.first = component.Growth(), component.Process.Start.Name.Path
	return w
}

// play is the week, day by day.
func (w *week) play(full bool) {
	w.t.Helper()
	w.full = full
	w.edit()
	w.commit("what the team wrote")
	w.takeZaken()
	w.check("the edits of the team")
	for _, day := range w.days() {
		if w.t.Failed() {
			return // the first day on which something went wrong tells most
		}
		day.do()
		w.check(day.name)
	}
}

type day struct {
	name string
	do   func()
}

// days are the steps of the week that this component can take.
func (w *week) days() []day {
	n, entity := w.names, w.names.Entity
	do := func(args ...string) func() { return func() { w.t.Helper(); w.types(args...) } }
	var days []day
	if entity == "" {
		entity = "notitie"
		days = append(days, day{"add an entity", do("add", "entity", entity, "--title", "Notitie", "--field", "onderwerp:text")})
	}
	days = append(days,
		day{"add a field", do("add", "field", entity, "weekTelefoon", "--type", "phone", "--title", "Telefoonnummer van de week")},
		day{"add a required field", do("add", "field", entity, "weekSpoed", "--type", "enum", "--value", "laag", "--value", "hoog",
			"--required", "--default", "laag", "--title", "Spoed van de week")},
		day{"add a step", do("add", "step", n.NewStep, "--kind", "task", "--after", n.After, "--role", n.Role, "--title", "Archiveren in de week")},
		day{"add a role", do("add", "role", "toezichthouder", "--audience", "employee", "--title", "Toezichthouder")},
		day{"add a source", do("add", "source", n.Source, "--activity", n.Activity)},
		day{"rename the entity", do("rename", "entity", entity, "weekstuk", "--title", "Weekstuk")},
		day{"replace the BPMN as a modeller does", w.model},
		day{"rename a step", do("rename", "step", n.Step, n.NewName)},
		day{"take a newer fieldlab in", w.newer},
		day{"take a package of kern over", w.takeKern},
	)
	if n.Field != "" {
		days = append(days, day{"remove a field", do("remove", "field", n.Field, "--of", "weekstuk")})
	}
	return append(days, day{"edit the answers", w.answers}, day{"nothing to do", w.nothing})
}

// answers edits fieldlab.yaml by hand, as people go on doing.
func (w *week) answers() {
	w.t.Helper()
	w.change("a remark in the answers", "fieldlab.yaml", "Telefoonnummer van de week", "Telefoonnummer volgens het team")
	w.commit("the answers")
	w.types("update")
	if text := w.read("2-diensten/openapi.yaml"); !strings.Contains(text, "Telefoonnummer volgens het team") { // no form asks it everywhere
		w.t.Error("the API does not say what the answers say")
	}
	w.edits = w.edits[:len(w.edits)-1] // it is in more files now, as it should be
}

// types runs fieldlab in the component, as somebody types it there.
func (w *week) types(args ...string) string {
	w.t.Helper()
	cmd := exec.Command(w.binary, args...)
	cmd.Dir = w.dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("fieldlab %s: %v\n%s%s", strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String() + stderr.String()
}

// commit is what a team does after each piece of work.
func (w *week) commit(message string) {
	w.t.Helper()
	command(w.t, w.dir, "git", "add", "-A")
	command(w.t, w.dir, "git", "-c", "user.name=Week", "-c", "user.email=week@voorbeeld.test", "commit", "-q", "--allow-empty", "-m", message)
}

// takeZaken starts the component for the first time and brings zaken to several
// steps.
func (w *week) takeZaken() {
	w.t.Helper()
	r := w.start()
	defer r.stop()
	r.begin(4)
	r.spread()
	w.zaken = r.zaken()
	steps := map[string]bool{}
	for _, z := range w.zaken {
		steps[z.at] = true
	}
	if len(w.zaken) < 4 || len(steps) < 2 {
		w.t.Fatalf("%d zaken at %v: too few to tell anything", len(w.zaken), slices.Sorted(maps.Keys(steps)))
	}
}

// check says which edit or zaak was lost by a step, and whether the tests are green.
func (w *week) check(after string) {
	w.t.Helper()
	w.lost(after)
	if w.t.Failed() {
		return
	}
	if w.full {
		w.green(after)
	}
	if w.full || after == "take a newer fieldlab in" {
		w.look(after)
	}
	w.commit(after)
}

func (w *week) green(after string) {
	w.t.Helper()
	for _, args := range [][]string{{"vet", "./..."}, {"test", "./..."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = w.dir, append(os.Environ(), "GOFLAGS="+goFlags, "GOPROXY=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			w.t.Fatalf("after %q: go %s: %v\n%s", after, args[0], err, out)
		}
	}
}

// look starts the component and looks for every zaak, with its history.
func (w *week) look(after string) {
	w.t.Helper()
	r := w.start()
	defer r.stop()
	now := r.zaken()
	for _, id := range slices.Sorted(maps.Keys(w.zaken)) {
		was, is := w.zaken[id], now[id]
		switch {
		case is.number == "":
			w.t.Errorf("after %q: zaak %s, which was at %s, is gone", after, was.number, was.at)
		case is.number != was.number:
			w.t.Errorf("after %q: zaak %s is called %s now", after, was.number, is.number)
		case !follows(was.lines, is.lines):
			w.t.Errorf("after %q: zaak %s (%s) had the history\n%s\nand has\n%s", after, was.number, id, strings.Join(was.lines, "\n"), strings.Join(is.lines, "\n"))
		}
	}
	if len(now) < len(w.zaken) {
		w.t.Errorf("after %q: %d of %d zaken", after, len(now), len(w.zaken))
	}
	if ids := slices.Sorted(maps.Keys(now)); len(ids) > 0 && !r.page(ids[0]) {
		w.t.Errorf("after %q: no persona sees the page of zaak %s", after, now[ids[0]].number)
	}
}

// follows says whether all lines of before are still there, in the same order; what
// happened since stands in between.
func follows(before, now []string) bool {
	for _, line := range now {
		if len(before) > 0 && before[0] == line {
			before = before[1:]
		}
	}
	return len(before) == 0
}

// model replaces the BPMN by what a modeller writes of it: other spaces, another
// order of attributes, its own name, a title that somebody changed.
func (w *week) model() {
	w.t.Helper()
	const file = "4-proces/proces.bpmn"
	text := w.read(file)
	text = strings.Replace(text, `id="Definities"`, `exporter="Week Modeler" exporterVersion="5.1" id="Definities"`, 1)
	text = strings.ReplaceAll(text, " />", "/>")
	text = strings.ReplaceAll(text, "\n      <bpmndi:BPMNLabel>", "\n\n      <bpmndi:BPMNLabel>")
	text = strings.Replace(text, `name="Archiveren in de week"`, `name="Archiveren, zegt de modelleur"`, 1)
	w.write(file, []byte(text))
	w.keep("the name of the modeller", file, `exporter="Week Modeler"`)
	w.keep("a title that the modeller gave", file, `name="Archiveren, zegt de modelleur"`)
	w.commit("the modeller")
	w.types("update")
}

// newer takes in a fieldlab of later, with other templates and another kern.
func (w *week) newer() {
	w.t.Helper()
	later, err := laterFieldlab()
	if err != nil {
		w.t.Fatal(err)
	}
	w.binary = later
	w.types("update")
	for _, name := range slices.Sorted(maps.Keys(laterFiles)) {
		target := strings.TrimSuffix(name, ".tmpl")
		if target == "docs/testgegevens.md" {
			target = "docs/proefgegevens.md" // where the team moved it
		}
		if !strings.Contains(w.read(target), laterFiles[name].text) {
			w.t.Errorf("the newer fieldlab changed %s, and the component did not get that", target)
		}
	}
	if version := w.read("kern/VERSIE"); !strings.Contains(version, "2.0.0-test") {
		w.t.Errorf("kern/VERSIE says %q", version)
	}
}

func (w *week) takeKern() {
	w.t.Helper()
	w.types("kern", "take", "outway")
	if len(w.glob("kern/outway/*_test.go")) == 0 {
		w.t.Error("the tests of the package did not come along")
	}
	status := exec.Command(w.binary, "kern", "status") // ends with 1: something was edited and not taken
	status.Dir = w.dir
	if said, _ := status.CombinedOutput(); !strings.Contains(string(said), "outway") || !strings.Contains(string(said), "kern/value/text.go") {
		w.t.Errorf("kern status names not what was taken or edited:\n%s", said)
	}
}

func (w *week) nothing() {
	w.t.Helper()
	w.types("update", "--check")
	w.types("update")
	if changed := command(w.t, w.dir, "git", "status", "--porcelain"); changed != "" {
		w.t.Errorf("an update without anything to do changes\n%s", changed)
	}
}
