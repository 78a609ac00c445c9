package examples_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
)

// TestBackupOfAComponent: a component with every type of field is copied while it
// runs, put back elsewhere on each kind of database, and started there. Its API and
// its pages then show what they showed.
func TestBackupOfAComponent(t *testing.T) {
	needShell(t)
	dir := filepath.Join(t.TempDir(), "alle-veldtypen")
	generate(t, "testdata/alle-veldtypen.yaml", dir)
	program := filepath.Join(dir, "component.exe")
	command(t, dir, "go", "build", "-o", program, ".")
	work := t.TempDir()
	at := func(name string) []string { return []string{"DATA=" + filepath.Join(work, name+".db")} }

	first := running{launch(t, dir, program, freePorts(t, 5), []int{0, 1, 2, 3}, nil, at("eerste")...), t, nil}
	for i := range 25 {
		text := fmt.Sprintf("Ünïcøde %d \"'\\ <b>€😀 %x", i, rand.Uint64())
		if status, answer := first.api("POST", 3, "/v1/gebieden", "", map[string]any{"naam": text}, nil); status != http.StatusCreated {
			t.Fatal(status, answer)
		}
	}
	copyOf := func(env []string, file string) {
		t.Helper()
		if out, err := typed(dir, program, env, "reservekopie", file); err != nil || !strings.Contains(out, "zaken, in "+file) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	file := filepath.Join(work, "kopie")
	copyOf(at("eerste"), file) // while it runs
	want := first.everything()
	everyTypeFilled(t, want)
	first.stop()

	targets := map[string][]string{"SQLite": at("tweede")}
	if server := os.Getenv("TEST_DATABASE_URL"); server != "" {
		targets["PostgreSQL"] = []string{"DATABASE_URL=" + proef.FreshSchema(t, server)}
	}
	for name, env := range targets {
		if out, err := typed(dir, program, env, "terugzetten", file); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		second := running{launch(t, dir, program, freePorts(t, 5), []int{0, 1, 2, 3}, nil, env...), t, nil}
		if got := second.everything(); !maps.Equal(got, want) {
			t.Errorf("%s differs:\n%v\n%v", name, got, want)
		}
		zaken := regexp.MustCompile(`"id":"([^"]+)","identificatie"|"identificatie":"[^"]*","[^{}]*"id":"([^"]+)"`).FindStringSubmatch(want["/v1/zaken"])
		if zaken == nil || !second.page(zaken[1]+zaken[2]) {
			t.Errorf("%s: nobody sees the page of a zaak: %v", name, zaken)
		}
		if out, err := typed(dir, program, env, "terugzetten", file); err == nil || !strings.Contains(out, "er draait nog een component") {
			t.Errorf("%s: while it runs: %v\n%s", name, err, out)
		}
		again := filepath.Join(work, name)
		copyOf(env, again)
		second.stop()
		if out, err := typed(dir, program, env, "terugzetten", file); err == nil || !strings.Contains(out, "niet leeg") {
			t.Errorf("%s: over what is there: %v\n%s", name, err, out)
		}
		// And back, to the kind that it came from.
		if out, err := typed(dir, program, at("terug-"+name), "terugzetten", again); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		third := running{launch(t, dir, program, freePorts(t, 5), []int{0, 1, 2, 3}, nil, at("terug-"+name)...), t, nil}
		if got := third.everything(); !maps.Equal(got, want) {
			t.Errorf("from %s differs:\n%v\n%v", name, got, want)
		}
		third.stop()
	}
	killedWhileCopying(t, dir, program, at("tweede"), work)
}

// typed runs a command of a component, as somebody types it.
func typed(dir, program string, env []string, args ...string) (string, error) {
	c := exec.Command(program, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// everything is what the API of layer 2 says, per address, and each file.
func (r *running) everything() map[string]string {
	r.t.Helper()
	all := map[string]string{}
	for _, path := range []string{"/v1/gebieden", "/v1/formulieren", "/v1/zaken"} {
		for page := 1; page < 20; page++ {
			status, answer := r.api("GET", 3, fmt.Sprintf("%s?page=%d&pageSize=20", path, page), "", nil, nil)
			if status != http.StatusOK {
				break
			}
			// Neither where it listens nor a cursor, which is another each time, belongs to the data.
			answer = regexp.MustCompile(`http://[^/"]+|cursor=[\w-]+`).ReplaceAllString(answer, "")
			if page == 1 {
				all[path] = answer
			}
			all[fmt.Sprintf("%s %d", path, page)] = sameJSON(r.t, answer)
			for _, found := range regexp.MustCompile(`\{"id":"([^"]+)","naam":"[^"]*","mediatype"`).FindAllStringSubmatch(answer, -1) {
				status, content := r.api("GET", 3, "/v1/bestanden/"+found[1], "", nil, nil)
				all["bestand "+found[1]] = fmt.Sprint(status, content)
			}
			if !strings.Contains(answer, `"id"`) {
				break
			}
		}
	}
	return all
}

func sameJSON(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err, text)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// everyTypeFilled: each field of the register has a value somewhere.
func everyTypeFilled(t *testing.T, said map[string]string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/alle-veldtypen.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, m := range regexp.MustCompile(`type: ([a-z-]+)`).FindAllStringSubmatch(string(raw), -1) {
		kinds[m[1]] = true
	}
	filled, files := map[string]bool{}, 0
	for address, answer := range said {
		if strings.HasPrefix(address, "bestand ") && strings.HasPrefix(answer, "200") && len(answer) > 10 {
			files++
		}
		if strings.HasPrefix(address, "/v1/formulieren ") {
			for _, m := range regexp.MustCompile(`"([A-Za-z]+)":`).FindAllStringSubmatch(answer, -1) {
				filled[m[1]] = true
			}
		}
	}
	if files < 2 || len(kinds) < 25 || len(filled) < 2*len(kinds)-10 {
		t.Errorf("%d files, %d types and %d fields with a value: %v", files, len(kinds), len(filled), slices.Sorted(maps.Keys(filled)))
	}
}

// killedWhileCopying: what a run that was killed leaves does not look like a backup. It
// may have been killed between the last row and the name that the file was to get: then
// all is there.
func killedWhileCopying(t *testing.T, dir, program string, env []string, work string) {
	t.Helper()
	file := filepath.Join(work, "gedood")
	c := exec.CommandContext(t.Context(), program, "reservekopie", file)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); {
		if parts, _ := filepath.Glob(file + ".*.deel"); len(parts) > 0 {
			break
		}
	}
	_ = c.Process.Kill()
	_ = c.Wait()
	if _, err := os.Stat(file); err == nil { // it was whole before it was killed
		if out, err := typed(dir, program, []string{"DATA=" + filepath.Join(work, "gedood.db")}, "terugzetten", file); err != nil {
			t.Errorf("what looks like a backup is none: %v\n%s", err, out)
		}
	}
	if parts, _ := filepath.Glob(file + "*"); len(parts) == 1 && strings.HasSuffix(parts[0], ".deel") {
		back := func(database, file string) (string, error) {
			out, err := typed(dir, program, []string{"DATA=" + filepath.Join(work, database)}, "terugzetten", file)
			return regexp.MustCompile(`[0-9]+ rijen, waarvan [0-9]+ zaken`).FindString(out), err
		}
		if some, err := back("deel.db", parts[0]); err == nil {
			if out, err := typed(dir, program, env, "reservekopie", file); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if all, err := back("heel.db", file); err != nil || some != all {
				t.Errorf("half a backup is put back: %s, and not %s (%v)", some, all, err)
			}
		}
	}
}
