package examples_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/examples/internal/specimen"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
)

// TestRolling replaces a component while it runs, as a cluster does: the new version
// starts on the PostgreSQL from which the old one goes on serving, and both are
// busy. Nobody may hear anything but an answer, or that it can be tried again.
func TestRolling(t *testing.T) {
	server := needPostgres(t)
	t.Parallel()
	w := newWeek(t, "verhuizing")
	w.env = []string{"DATABASE_URL=" + proef.FreshSchema(t, server)}
	w.types("add", "field", "verhuizing", "wijk", "--type", "text")
	w.types("add", "field", "verhuizing", "tijdelijk", "--type", "text")
	w.commit("the first version")
	first := w.program()
	one := w.runs(first)
	one.begin(4)
	one.spread()
	busy := w.hammer(one, "verhuizingen")

	w.types("add", "field", "verhuizing", "telefoon", "--type", "phone")
	w.types("add", "field", "verhuizing", "spoed", "--type", "enum", "--value", "laag", "--value", "hoog", "--required", "--default", "laag")
	w.types("rename", "field", "wijk", "buurt", "--of", "verhuizing")
	w.types("remove", "field", "tijdelijk", "--of", "verhuizing")
	w.types("rename", "step", w.names.Step, w.names.NewName)
	w.commit("the second version")
	second := w.program()
	two := w.runs(second)
	also := w.hammer(two, "verhuizingen")

	id := one.stores("POST", "/v1/verhuizingen", map[string]any{"wijk": "Noord", "tijdelijk": "x"})
	if row := two.row("/v1/verhuizingen/" + id); row["buurt"] != "Noord" || row["spoed"] != "laag" {
		t.Errorf("what the first version stored, the second reads as %v", row)
	}
	id = two.stores("POST", "/v1/verhuizingen", map[string]any{"buurt": "Zuid", "spoed": "hoog"})
	if row := one.row("/v1/verhuizingen/" + id); row["wijk"] != "Zuid" || row["tijdelijk"] != nil {
		t.Errorf("what the second version stored, the first reads as %v", row)
	}
	one.stores("PATCH", "/v1/verhuizingen/"+id, map[string]any{"wijk": "West"})
	if row := two.row("/v1/verhuizingen/" + id); row["buurt"] != "West" || row["spoed"] != "hoog" {
		t.Errorf("what the first version changed, the second reads as %v", row)
	}
	// Layers of one version on those of the other, in both orders.
	for program, below := range map[string]*running{first: two, second: one} {
		mixed := w.runs(program, "--layers", "proces,integratie", "DIENSTEN_URL="+below.url(3, ""))
		h := w.hammer(mixed, "")
		time.Sleep(3 * time.Second)
		h.stop()
		mixed.stop()
	}
	busy.stop()
	before := two.zaken()
	one.stop()
	one = w.runs(first) // it comes back: a pod that starts again, or a rollback
	busy = w.hammer(one, "verhuizingen")
	time.Sleep(time.Second)
	busy.stop()
	one.stop()
	w.allThere(before, two)

	w.types("rename", "entity", "verhuizing", "aangifte", "--title", "Aangifte")
	w.commit("the third version")
	three := w.runs(w.program())
	last := w.hammer(three, "aangiftes")
	id = two.stores("POST", "/v1/verhuizingen", map[string]any{"buurt": "Oost", "spoed": "hoog"})
	if row := three.row("/v1/aangiftes/" + id); row["buurt"] != "Oost" {
		t.Errorf("what the second version stored, the third reads as %v", row)
	}
	time.Sleep(time.Second)
	also.stop()
	w.ends(three, last, two, second)
}

// ends takes away what was there for versions of before: that goes beside the
// version that does not need it, and not beside an earlier one.
func (w *week) ends(three *running, busy *hammering, two *running, second string) {
	w.t.Helper()
	w.types("update", "--drop", "vorige-versie")
	w.commit("nothing left for earlier versions")
	fourth := w.program()
	if said := w.refused(fourth); !strings.Contains(said, "kan niet naast een vorige versie draaien, en die draait nog") || !strings.Contains(said, "STILSTAND=ja") {
		w.t.Errorf("beside the second version: %s", said)
	}
	two.stop()
	four := w.runs(fourth)
	time.Sleep(time.Second)
	busy.stop()
	w.allThere(three.zaken(), four)
	three.stop()
	if said := w.refused(second); !strings.Contains(said, "de database is van een nieuwere versie") {
		w.t.Errorf("the second version, on tables without its names: %s", said)
	}
	answers := w.read("fieldlab.yaml")
	w.write("fieldlab.yaml", []byte(strings.Replace(answers, "name: aantalPersonen, type: integer", "name: aantalPersonen, type: decimal", 1)))
	if said := w.types("update"); !strings.Contains(said, "Deze migratie vraagt stilstand") {
		w.t.Errorf("update does not say that it needs a stop: %s", said)
	}
	if text := w.read("CHANGELOG.md"); !strings.Contains(text, "stilstand") {
		w.t.Errorf("the changelog does not say that it needs a stop")
	}
	w.commit("another type")
	fifth := w.program()
	four.stop()
	w.allThere(nil, w.runs(fifth))
}

// program builds the component as it is now.
func (w *week) program() string {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "component.exe")
	command(w.t, w.dir, "go", "build", "-o", file, ".")
	return file
}

// runs starts a program that was built. What has a = is a setting, and the rest goes on
// its command line.
func (w *week) runs(program string, more ...string) *running {
	w.t.Helper()
	layers, env, args := []int{0, 1, 2, 3}, w.env, []string(nil)
	for _, one := range more {
		if name, _, is := strings.Cut(one, "="); is && name == strings.ToUpper(name) {
			env = append(env[:len(env):len(env)], one)
		} else {
			args, layers = append(args, one), []int{1, 2}
		}
	}
	return w.launch(w.t.TempDir(), program, layers, args, env...)
}

// refused starts a program that must not start, and gives what it says.
func (w *week) refused(program string) string {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), program)
	cmd.Dir, cmd.Env = w.t.TempDir(), append(append(os.Environ(), "PORT="+strconv.Itoa(quietPorts(w.t))), w.env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	select {
	case err := <-exited:
		if err == nil {
			w.t.Error("it ended as if all was well")
		}
	case <-time.After(90 * time.Second):
		_ = cmd.Process.Kill()
		err := <-exited
		w.t.Log(err)
		w.t.Error("it started")
	}
	return said.String()
}

// allThere: every zaak of before is there, with its history.
func (w *week) allThere(before map[string]seen, r *running) {
	w.t.Helper()
	now := r.zaken()
	for id, was := range before {
		if is := now[id]; !follows(was.lines, is.lines) {
			w.t.Errorf("zaak %s had the history\n%s\nand has\n%s", was.number, strings.Join(was.lines, "\n"), strings.Join(is.lines, "\n"))
		}
	}
}

// stores makes or changes a record through layer 2, and gives its id.
func (r *running) stores(method, path string, fields map[string]any) string {
	r.t.Helper()
	body := fields
	if method == http.MethodPost {
		body = r.record(strings.TrimPrefix(path, "/v1"))
		for name, value := range fields {
			body[name] = value
		}
	}
	status, raw := r.asks(method, 3, path, "", body)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(raw), &made); err != nil || status > 299 {
		r.t.Fatalf("%s %s: %d %s", method, path, status, raw)
	}
	return made.ID
}

// record is an example of a record.
func (r *running) record(path string) map[string]any {
	r.t.Helper()
	var spec map[string]any
	r.api("GET", 3, "/v1/openapi.json", "", nil, &spec)
	body, _ := specimen.Value(spec, specimen.At(spec, "paths", path, "post", "requestBody", "content", "application/json", "schema")).(map[string]any)
	return body
}

func (r *running) row(path string) (row map[string]any) {
	r.t.Helper()
	if status, raw := r.api("GET", 3, path, "", nil, &row); status != http.StatusOK {
		r.t.Errorf("%s: %d %s", path, status, raw)
	}
	return row
}
