package update_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// journalOf makes a journal as a stranger may.
func journalOf(t *testing.T, ops ...map[string]any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"version": 1, "ops": ops})
	if err != nil {
		t.Fatal(err)
	}
	return plan.SumOf(body) + "\n" + string(body) + "\n"
}

// TestHostile: what a stranger put in a component is refused, and nothing is
// written, inside or outside.
func TestHostile(t *testing.T) {
	t.Parallel()
	const journal = ".fieldlab/werk/journaal"
	place := func(path string) map[string]any {
		return map[string]any{"path": path, "staged": "nieuw/000000", "new": plan.SumOf([]byte("boos\n"))}
	}
	staged := func(text string) func(*testing.T, string) {
		return both(edit(".fieldlab/werk/nieuw/000000", "boos\n"), edit(journal, text))
	}
	for name, c := range map[string]struct {
		edit func(t *testing.T, dir string)
		want base.Code
	}{
		"basis of nothing":            {edit(base.RoomsPath, "fieldlab-basis 1\n"), base.Damaged},
		"newer manifest":              {edit(plan.ManifestPath, `{"version": 99}`), base.Newer},
		"link for .fieldlab":          {both(rename2(".fieldlab", "elders"), link("elders", ".fieldlab")), base.Link},
		"link for the manifest":       {both(rename(plan.ManifestPath, "m.json"), link("../m.json", plan.ManifestPath)), base.Link},
		"another module":              {edit("go.mod", "module x.test/ander\n"), base.Foreign},
		"journal that climbs":         {staged(journalOf(t, place("../buiten"))), base.BadPath},
		"journal into .git":           {staged(journalOf(t, place(".git/hooks/pre-commit"))), base.BadPath},
		"journal of elsewhere":        {staged(journalOf(t, map[string]any{"path": "x", "staged": "../../../etc/passwd"})), base.BadPath},
		"journal with a wrong sum":    {staged("0\n{}\n"), base.Damaged},
		"journal of nothing":          {staged(""), base.Damaged},
		"staged file that is another": {both(edit(".fieldlab/werk/nieuw/000000", "anders\n"), edit(journal, journalOf(t, place("x")))), base.WrongSum},
		"staged link":                 {both(edit(journal, journalOf(t, place("x"))), edit(".fieldlab/werk/nieuw/x", ""), link("/etc/passwd", ".fieldlab/werk/nieuw/000000")), base.Link},
		"link for the journal":        {both(edit("j", journalOf(t, place("x"))), edit(".fieldlab/werk/x", ""), link("../../j", journal)), base.Link},
		"link for werk":               {both(edit("elders/journaal", journalOf(t, place("x"))), link("../elders", ".fieldlab/werk")), base.Link},
		"waiting journal that climbs": {edit(".fieldlab/terug/journaal", journalOf(t, map[string]any{"path": "../x", "kept": "oud/000000", "old": "x"})), base.BadPath},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t, pack(many(false)), sheet)
			c.edit(t, dir)
			old := snapshot(t, filepath.Dir(dir))
			_, err := update.Find(context.Background(), request(dir, false))
			var fault base.Fault
			if !errors.As(err, &fault) || fault.Code != c.want {
				t.Errorf("gives %v", err)
			}
			sameTree(t, "refused", snapshot(t, filepath.Dir(dir)), old)
		})
	}
}

func rename2(from, to string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPlaceThroughLink: a link that came in the way after the update was found,
// or that a hostile journal counts on, leads nowhere.
func TestPlaceThroughLink(t *testing.T) {
	t.Parallel()
	dir := made(t, pack(many(false)), sheet)
	outside := filepath.Join(filepath.Dir(dir), "buiten")
	write(t, outside, "x", "van een ander\n")
	link(outside, "weg")(t, dir)
	write(t, dir, ".fieldlab/werk/nieuw/000000", "boos\n")
	write(t, dir, ".fieldlab/werk/journaal", journalOf(t, map[string]any{"path": "weg/x", "staged": "nieuw/000000", "new": plan.SumOf([]byte("boos\n"))}))
	if _, err := update.Recover(dir); err == nil {
		t.Error("a link was followed")
	}
	holds("x", "van een ander\n")(t, outside)
}

// TestBrokenAnswers: all mistakes with their lines, and nothing written.
func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	dir := made(t, pack(many(false)), sheet)
	write(t, dir, "fieldlab.yaml", strings.Replace(read(t, dir, "fieldlab.yaml"), "type: text", "type: tekst, titel: x", 1))
	old := snapshot(t, dir)
	_, err := update.Find(context.Background(), request(dir, false))
	var list problem.List
	if !errors.As(err, &list) || len(list) != 2 || list[0].Line != 8 {
		t.Errorf("gives %v", err)
	}
	sameTree(t, "refused", snapshot(t, dir), old)
	remove("fieldlab.yaml")(t, dir)
	if _, err := update.Find(context.Background(), request(dir, false)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without answers: %v", err)
	}
}

// TestChangedSince: what was saved after the update was found is not overwritten.
func TestChangedSince(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*testing.T, string){
		"saved":    edit("docs/edited.md", "nog iets\n"),
		"kern":     edit(startPath, "package start // nu\n"),
		"removed":  remove("docs/00.md"),
		"added":    edit("nieuw/diep/x.md", "van mij\n"),
		"a link":   link("docs", "nieuw"),
		"manifest": edit(plan.ManifestPath, "{}"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t, pack(many(false)), sheet)
			later := many(true)
			later[startPath] = "package start // later\n"
			u := find(t, update.Request{Dir: dir, Pack: pack(later), Version: "2.0.0"})
			edit(t, dir)
			old := snapshot(t, dir)
			var changed update.Changed
			if err := u.Apply(context.Background()); !errors.As(err, &changed) || len(changed.Paths) != 1 {
				t.Errorf("gives %v", err)
			}
			sameTree(t, "refused", snapshot(t, dir), old)
		})
	}
}

// TestWorkedOnSince: after a kill somebody worked on. Finishing keeps that, and
// lays what was to come beside it.
func TestWorkedOnSince(t *testing.T) {
	t.Parallel()
	dir := edited(t, false)
	u := find(t, request(dir, false))
	at := ""
	stop := 0
	func() {
		defer func() { _ = recover() }()
		_ = u.ApplyStopping(context.Background(), func(operation, name string) error {
			if operation == "place" {
				if stop++; stop == 8 {
					at = name
					panic(errKilled{})
				}
			}
			return nil
		})
	}()
	if at == "" {
		t.Fatal("it was not killed")
	}
	write(t, dir, "docs/edited.md", "van na de klap\n")
	if finished, err := update.Recover(dir); err != nil || !finished {
		t.Fatal(finished, err)
	}
	holds("docs/edited.md", "van na de klap\n")(t, dir)
	holds("docs/edited.md.nieuw", lineOf(lineOf(ten, "een", "1"), "negen", "negen van fieldlab"))(t, dir)
}

// TestReadOnly: a folder in which nothing can be written is found out before
// anything happens.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := made(t, pack(many(false)), sheet)
	u := find(t, request(dir, false))
	if err := os.Chmod(filepath.Join(dir, "docs"), 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "docs"), 0o755) })
	old := snapshot(t, dir)
	if err := u.Apply(context.Background()); !errors.Is(err, os.ErrPermission) {
		t.Errorf("gives %v", err)
	}
	sameTree(t, "refused", snapshot(t, dir), old)
}

// TestOldAnswers: answers in the base that cannot be read are no answers without
// tables.
func TestOldAnswers(t *testing.T) {
	t.Parallel()
	dir := made(t, pack(many(false)), sheet)
	b, err := base.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	broken := []byte("version: 1\nregister: 3\n")
	files, err := base.Write([]base.File{{Path: "fieldlab.yaml", Body: broken}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range b.Manifest.Files {
		if row.Path == "fieldlab.yaml" {
			b.Manifest.Files[i].SHA256 = plan.SumOf(broken)
		}
	}
	manifest, err := b.Manifest.File()
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, base.RoomsPath, string(files[0].Body))
	write(t, dir, plan.ManifestPath, string(manifest.Body))
	if _, err := update.Find(context.Background(), request(dir, false)); !errors.As(err, new(update.OldAnswers)) {
		t.Errorf("gives %v", err)
	}
}
