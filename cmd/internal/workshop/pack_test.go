package workshop_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
)

// TestMakeWithPack: an own pack is in the component of every team, and what the team
// goes back to has it as well, also when the pack that it keeps is gone.
func TestMakeWithPack(t *testing.T) {
	t.Parallel()
	own, err := pack.Read(examples.Pack())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "zaal")
	r := request(t, dir, "Zuid", "Noord")
	r.Own = own
	if _, err := workshop.Make(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, team := range []string{"01-zuid", "02-noord"} {
		at := filepath.Join(dir, "teams", team)
		if kept := get(t, at, "fieldlab.yaml"); !strings.Contains(kept, own.Sum) {
			t.Fatalf("%s does not name its pack", team)
		}
		begin := lying(t, at)
		if err := os.RemoveAll(filepath.Join(at, filepath.FromSlash(pack.Folder))); err != nil {
			t.Fatal(err)
		}
		put(t, at, "README.md", "eigen\n")
		if _, err := workshop.GoBack(t.Context(), back(at, "tekst")); err != nil {
			t.Fatal(err)
		}
		if _, err := pack.Stored(os.DirFS(at), own.Mark()); err != nil {
			t.Errorf("%s: after catching up its pack is %v", team, err)
		}
		if _, err := workshop.GoBack(t.Context(), back(at, "")); err != nil {
			t.Fatal(err)
		}
		for name, body := range begin {
			if at := lying(t, at)[name]; at != body && !strings.HasPrefix(name, ".git/") {
				t.Errorf("%s: %s is not as it began", team, name)
			}
		}
	}
	// A case that names a pack, without the pack: said before anything is made.
	r = request(t, filepath.Join(t.TempDir(), "zaal"), "Zuid")
	r.Answer.Answers.Pack.Name, r.Answer.Answers.Pack.Version, r.Answer.Answers.Pack.Sum = own.Name, own.Version, own.Sum
	var refused pack.Refused
	if _, err := workshop.Make(t.Context(), r); !errors.As(err, &refused) || refused.Why != pack.NotGiven {
		t.Errorf("got %v", err)
	}
}

// TestSheetNamesThePeople: the people on the sheet are those that the component of
// that team shows, and those of two teams differ.
func TestSheetNamesThePeople(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "zaal")
	if _, err := workshop.Make(t.Context(), request(t, dir, "Zuid", "Noord")); err != nil {
		t.Fatal(err)
	}
	var people []string
	for _, team := range []string{"01-zuid", "02-noord"} {
		_, rest, found := strings.Cut(get(t, dir, "bladen/"+team+".html"), `class="mensen"`)
		table, _, ends := strings.Cut(rest, "</table>")
		if !found || !ends || strings.Count(table, "<tr>") != 2 || strings.Count(table, ", ") != 2 {
			t.Fatalf("%s: %s", team, table)
		}
		people = append(people, table)
	}
	if people[0] == people[1] {
		t.Error("two teams have the same people")
	}
}

// TestPrivate: what shows the codes of the teams is for the trainer alone.
func TestPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "zaal")
	if _, err := workshop.Make(t.Context(), request(t, dir, "Zuid")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"workshop.json", "index.html", "bladen/01-zuid.html"} {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 && filepath.Separator == '/' {
			t.Errorf("%s is %v: others on this machine read the codes", name, mode)
		}
	}
}
