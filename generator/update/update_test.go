package update_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

const example = "../../examples/verhuizing"

// sheet is a small component.
const sheet = `version: 1
component: {title: Proef, organisation: {name: Gemeente}}
register:
  - name: boom
    plural: bomen
    fields:
      - {name: soort, type: text}
`

// pack is a small pack, with files of every kind.
func pack(files map[string]string) fstest.MapFS {
	p := fstest.MapFS{
		".gitattributes":          {Data: []byte("* text=auto\n")},
		"go.mod.tmpl":             {Data: []byte("module {{ .Module }}\n\ngo 1.26\n")},
		"kern/start/start.go":     {Data: []byte("package start\n\n// Start starts.\nfunc Start() {}\n")},
		"kern/outway/outway.go":   {Data: []byte("package outway\n\n// Ask asks.\nfunc Ask() {}\n")},
		"kern/outway/own_test.go": {Data: []byte("package outway\n")},
		"CHANGELOG.md.tmpl":       {Data: []byte("# Wijzigingen\n\n## Nog niet uitgebracht\n\n### Toegevoegd\n\n- Alles.\n")},
	}
	for name, text := range files {
		p[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return p
}

// made makes a component in a folder of its own.
func made(t testing.TB, pack fs.FS, text string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "c")
	document, _ := answers.Parse(answers.FileName, []byte(text))
	_, err := generator.Generate(context.Background(), generator.Request{
		Document: document, Pack: pack, Version: "1.0.0", Dir: dir, NoGit: true, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, dir, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func find(t testing.TB, r update.Request) *update.Update {
	t.Helper()
	u, err := update.Find(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func apply(t testing.TB, u *update.Update) {
	t.Helper()
	if err := u.Apply(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// TestFirst: an untouched component of the real pack gets a field.
func TestFirst(t *testing.T) {
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := made(t, templates.Component(), string(data))
	u := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0"})
	if u.Waiting() {
		t.Fatalf("a fresh component waits for %+v, %d in kern", u.Changes, u.Kern.Files)
	}
	text := strings.Replace(read(t, dir, "fieldlab.yaml"), "    fields:\n", "    fields:\n      - {name: telefoonnummer, type: phone}\n", 1)
	if !bytes.Contains([]byte(text), []byte("telefoonnummer")) {
		t.Fatal("nothing to add a field to")
	}
	u = find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: []byte(text)})
	for _, c := range u.Changes {
		t.Logf("%s %s %d %s", c.Action, c.Path, c.Conflicts, c.Beside)
	}
	apply(t, u)
	u = find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0"})
	if u.Waiting() {
		t.Fatalf("an updated component waits for %+v, %d in kern", u.Changes, u.Kern.Files)
	}
	t.Log(read(t, dir, "CHANGELOG.md"))
	t.Log(read(t, dir, "1-gegevens/migraties/sqlite/0002_telefoonnummer_bij_verhuizing.sql"))
	entries, _ := os.ReadDir(filepath.Join(dir, ".fieldlab"))
	for _, e := range entries {
		t.Log(e.Name())
	}
}
