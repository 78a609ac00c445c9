package doctor

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// manifest changes what the component remembers.
func manifest(change func(m map[string]any)) func(*laptop) {
	return func(l *laptop) {
		l.component()
		var m map[string]any
		if err := json.Unmarshal(l.own[plan.ManifestPath].Data, &m); err != nil {
			panic(err)
		}
		change(m)
		body, err := json.Marshal(m)
		if err != nil {
			panic(err)
		}
		l.put(plan.ManifestPath, string(body))
	}
}

var aboutComponent = []provoked{
	{linux, whole, "component-go.sound", OK, ""},
	{linux, without("go.mod"), "component-go.none", Wrong, "git checkout -- go.mod"},
	{linux, edit("go.mod", "require (", "<<<<<<< HEAD\nrequire ("), "component-go.damaged", Wrong, "git checkout -- go.mod"},
	{linux, write("go.mod", "go 1.26.0\n"), "component-go.no-module", Wrong, "git checkout"},
	{linux, edit("go.mod", "module ", "module nog."), "component-go.other-module", Wrong, "git log"},
	{linux, edit("go.mod", "require (", "replace github.com/google/uuid => ./eigen/uuid\n\nrequire ("), "component-go.replaced", Wrong, "go mod edit -dropreplace=github.com/google/uuid"},
	{linux, without("go.sum"), "component-go.no-sums", Wrong, "git checkout -- go.sum"},
	{linux, write("go.sum", "<<<<<<< HEAD\n"), "component-go.conflict", Wrong, "git checkout -- go.sum"},
	{linux, whole, "component-vendor.none", OK, ""},
	{linux, write("vendor/github.com/x/x.go", ""), "component-vendor.incomplete", Wrong, "go mod vendor"},
	{linux, write("vendor/modules.txt", ""), "component-vendor.used", Mind, "go mod vendor"},
	{linux, whole, "component-answers.valid", OK, ""},
	{linux, without("fieldlab.yaml"), "component-answers.none", Wrong, "git checkout"},
	{linux, func(l *laptop) { l.component(); l.own["fieldlab.yaml"].Mode = fs.ModeNamedPipe }, "component-answers.unreadable", Wrong, "git checkout"},
	{linux, edit("fieldlab.yaml", "version: 1", "version: een"), "component-answers.mistakes", Wrong, "fieldlab answers validate"},
	{linux, whole, "component-memory.whole", OK, ""},
	{linux, manifest(func(m map[string]any) { m["version"] = 99 }), "component-memory.newer", Mind, "fieldlab version"},
	{linux, manifest(func(m map[string]any) { m["version"] = 1 }), "component-memory.old", Mind, ""},
	{linux, manifest(func(m map[string]any) { m["version"] = 2 }), "component-memory.old", Mind, ""},
	{linux, manifest(func(m map[string]any) { m["module"] = "x.test/y" }), "component-memory.foreign", Wrong, "git log"},
	{linux, write(plan.ManifestPath, "{"), "component-memory.damaged", Wrong, "git checkout -- .fieldlab"},
	{linux, without(plan.BasisPath), "component-memory.gone", Wrong, "git checkout -- .fieldlab"},
	{linux, without(plan.ManifestPath), "component-memory.gone", Wrong, "git checkout -- .fieldlab"},
	{linux, whole, "component-update.none", OK, ""},
	{linux, write(".fieldlab/werk/journaal", "x"), "component-update.broken-off", Wrong, "fieldlab update"},
	{linux, write(".fieldlab/terug/journaal", "x"), "component-update.conflicts", Wrong, "fieldlab update --continue"},
	{linux, whole, "component-kern.clean", OK, ""},
	{linux, edit("kern/start/port.go", "8080", "9090"), "component-kern.edited", Mind, "fieldlab kern status"},
	{linux, without("kern/start/port.go"), "component-kern.edited", Mind, "fieldlab kern status"},
	{linux, write("kern/start/eigen.go", "package start"), "component-kern.edited", Mind, "fieldlab kern status"},
	{linux, write(plan.ManifestPath, "{"), "component-kern.memory", Unknown, ""},
	{linux, all(manifest(func(m map[string]any) { m["taken"] = []string{"start"} }), write("kern/start/eigen.go", "package start")), "component-kern.taken", OK, ""},
	{linux, whole, "component-migrations.fine", OK, ""},
	{linux, func(l *laptop) { l.component(); delete(l.own, firstSQLite); delete(l.own, firstPostgres) }, "component-migrations.none", OK, ""},
	{linux, func(l *laptop) { l.component(); l.own[firstSQLite].Mode = fs.ModeNamedPipe }, "component-migrations.unreadable", Wrong, "git checkout"},
	{linux, edit(firstSQLite, "CREATE", "-- van ons\nCREATE"), "component-migrations.edited", Mind, "git checkout -- " + firstSQLite},
	{linux, all(edit(firstSQLite, "CREATE", "-- van ons\nCREATE"), write(ownDatabase, sqlite(1, ran("as it was")))), "component-migrations.ran", Wrong, "git checkout -- " + firstSQLite},
	{linux, all(write(firstSQLite, "as it is"), write(ownDatabase, sqlite(1, ran("as it was")+ran("as it is")))), "component-migrations.edited", Mind, "*"},
	{linux, all(write("1-gegevens/migraties/sqlite/0002_a.sql", ""), write("1-gegevens/migraties/sqlite/0002_b.sql", "")), "component-migrations.double", Mind, ""},
	{linux, write("1-gegevens/migraties/sqlite/0002_a.sql", ""), "component-migrations.one-sided", Mind, ""},
	{linux, whole, "component-data.none", OK, ""},
	{linux, all(whole, env("DATABASE_URL", "postgres://x")), "component-data.elsewhere", OK, ""},
	{linux, write(ownDatabase, sqlite(1, "")), "component-data.sound", OK, ""},
	{linux, write(ownDatabase, ""), "component-data.sound", OK, ""},
	{linux, write(ownDatabase, strings.Repeat("x", maxDatabase+1)), "component-data.large", OK, ""},
	{linux, write(".data/verhuis.db", sqlite(1, "")), "component-data.other", Mind, ""},
	{linux, write(ownDatabase, "SQLite 2"), "component-data.no-database", Wrong, "mv .data data-oud"},
	{windows, all(env("PROMPT", "x"), write(ownDatabase, "x")), "component-data.no-database", Wrong, "ren .data data-oud"},
	{linux, write(ownDatabase, sqlite(9, "")), "component-data.cut-off", Wrong, "mv .data data-oud"},
	{linux, write(ownDatabase, strings.Replace(sqlite(1, ""), kernsTable, "iets_anders_nu", 1)), "component-data.foreign", Wrong, "mv .data data-oud"},
	{linux, all(whole, mode(ownDatabase, 0o400)), "component-data.read-only", Wrong, "chmod u+w .data/verhuizing.db"},
	{windows, all(env("PROMPT", "x"), whole, mode(ownDatabase, 0o444)), "component-data.read-only", Wrong, `attrib -r .data\verhuizing.db`},
	{linux, all(whole, mode(ownDatabase, fs.ModeNamedPipe|0o600)), "component-data.irregular", Wrong, "mv .data data-oud"},
	{linux, all(whole, func(l *laptop) { l.Component = broken{l.own} }, mode(ownDatabase, 0o644)), "component-data.unreadable", Wrong, "mv .data"},
	{linux, all(write(ownDatabase, sqlite(1, "")), write(".data/verhuizing (conflicted copy 2026-11-30).db", "")), "component-data.copy", Mind, ""},
	{linux, all(write(ownDatabase, sqlite(1, "")), write(".data/verhuizing-LAPTOP3.db", "")), "component-data.copy", Mind, ""},
	{linux, all(write(ownDatabase, sqlite(1, "")), write(".data/verhuizing 2.db", "")), "component-data.copy", Mind, ""},
	{linux, all(whole, func(l *laptop) { l.Component = unreadable{l.own} }), "component-memory.unreadable", Wrong, "git checkout"},
}

// broken is a component whose database cannot be opened.
type broken struct{ fs.FS }

func (b broken) Open(name string) (fs.File, error) {
	if name == ownDatabase {
		return nil, fs.ErrPermission
	}
	return b.FS.Open(name)
}

func (b broken) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(b.FS, name) }
func (b broken) ReadLink(name string) (string, error)   { return fs.ReadLink(b.FS, name) }

// unreadable is a component whose memory cannot be opened.
type unreadable struct{ fs.FS }

func (u unreadable) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, ".fieldlab") {
		return nil, fs.ErrPermission
	}
	return u.FS.Open(name)
}

func (u unreadable) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(u.FS, name) }
func (u unreadable) ReadLink(name string) (string, error)   { return fs.ReadLink(u.FS, name) }

// damage looks at a component of which a file holds other bytes: nothing breaks
// down, and nothing is said twice.
func damage(t *testing.T, name string, body []byte) {
	t.Helper()
	l := healthy(linux)
	l.World.Patience = time.Minute
	l.component()
	for name := range l.own { // what is in kern has no say in it, and takes time
		if strings.HasPrefix(name, plan.KernFolder+"/") && !strings.HasPrefix(name, "kern/value/") {
			delete(l.own, name)
		}
	}
	l.put(name, string(body))
	for _, f := range Look(t.Context(), l.World) {
		if f.State == Unknown && f.Case == caseFailed {
			t.Errorf("%s: %s broke down: %v", name, f.ID, f.Args)
		}
		if f.State == Unknown && f.Case == caseSlow {
			t.Errorf("%s: %s took too long", name, f.ID)
		}
	}
}

// TestDeepest: the room that is kept below a folder is enough for the longest name
// that a component has.
func TestDeepest(t *testing.T) {
	for name := range generated() {
		if len(name) >= deepest {
			t.Errorf("%s has %d characters", name, len(name))
		}
	}
}

// FuzzDamaged: whatever is in a file of a component, somebody is told something.
func FuzzDamaged(f *testing.F) {
	names := []string{"go.mod", "go.sum", "fieldlab.yaml", plan.ManifestPath, plan.BasisPath, firstSQLite, ownDatabase, "vendor/modules.txt"}
	for i, name := range names {
		if file := generated()[name]; file != nil {
			f.Add(uint8(i), file.Data)
			f.Add(uint8(i), file.Data[:len(file.Data)/2])
		}
		f.Add(uint8(i), []byte("\x00{\xff"))
	}
	f.Add(uint8(6), []byte(sqlite(1, "0001_register.sql")))
	f.Add(uint8(2), []byte("component: &a {name: [*a]}\ndelivery: {port: 99999999999999999999}\n"))
	f.Fuzz(func(t *testing.T, which uint8, body []byte) { damage(t, names[int(which)%len(names)], body) })
}

// TestOwnLinks: what is read is the file itself, also where a link stays inside.
func TestOwnLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "echt.mod"), []byte("module x.test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("echt.mod", filepath.Join(dir, "go.mod")); err != nil {
		t.Skip(err)
	}
	files, closer, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closer.Close()
	if _, err := readOwn(files, "go.mod", largest); !errors.Is(err, errIrregular) {
		t.Error(err)
	}
}

// TestLinks: a component that leads out of itself is not followed.
func TestLinks(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("module geheim.test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "fieldlab.yaml", "kern", ".data", ".fieldlab"} {
		target := filepath.Join(outside, "secret")
		if name == ".fieldlab" || name == ".data" || name == "kern" {
			target = outside
		}
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	files, closer, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closer.Close()
	l := healthy(linux)
	l.Component = files
	if !l.isComponent() {
		t.Fatal("it does not look like a component")
	}
	for _, f := range Look(t.Context(), l.World) {
		for _, arg := range f.Args {
			if said, is := arg.(string); is && strings.Contains(said, "geheim") {
				t.Errorf("%s followed a link: %v", f.ID, f.Args)
			}
		}
	}
	if f := l.look(t, "component-go"); f.State != Wrong {
		t.Errorf("%+v", f)
	}
}
