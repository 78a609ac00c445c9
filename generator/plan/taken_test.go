package plan

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestTaken: a package that a team took comes with its tests, is merged, and
// does not count for the sum of kern; a package below it stays what it is.
func TestTaken(t *testing.T) {
	files := pack()
	files["kern/start/diep/diep.go"] = &fstest.MapFile{Data: []byte("package diep\n")}
	files["kern/start/diep/diep_test.go"] = &fstest.MapFile{Data: []byte("package diep\n")}
	files["kern/start/sjablonen/a.html"] = &fstest.MapFile{Data: []byte("a\n")}
	files["kern/start/testdata/bron/x.go"] = &fstest.MapFile{Data: []byte("package x\n")}
	p, err := Of(component(), files, Options{Version: "1", Taken: []string{"start"}, Kept: []string{"bomen.hoogte (integer)"}})
	if err != nil {
		t.Fatal(err)
	}
	var merged, kern []string
	for _, file := range p {
		switch {
		case !within(file.Path, KernFolder):
		case file.Owner == Merged:
			merged = append(merged, file.Path)
		default:
			kern = append(kern, file.Path)
		}
	}
	if want := "kern/start/sjablonen/a.html kern/start/start.go kern/start/start_test.go kern/start/testdata/a.txt kern/start/testdata/bron/x.go kern/start/testdata/diep/b.txt"; strings.Join(merged, " ") != want {
		t.Errorf("merged are %v", merged)
	}
	if want := "kern/README.md kern/VERSIE kern/proef/proef.go kern/start/diep/diep.go"; strings.Join(kern, " ") != want {
		t.Errorf("kern is %v", kern)
	}
	without := pack()
	without["kern/start/diep/diep.go"] = files["kern/start/diep/diep.go"]
	delete(without, "kern/start/start.go")
	other, err := Of(component(), without, Options{Version: "1"})
	if err != nil || KernSum(other) != KernSum(p) {
		t.Errorf("what was taken counts for the sum of kern, %v", err)
	}
	manifest := string(p.Find(ManifestPath).Body)
	for _, want := range []string{`"taken": [
    "start"
  ]`, `"kept": [
    "bomen.hoogte (integer)"
  ]`, `"module": "github.com/gemeente/verhuizing"`, `"path": "kern/start/start_test.go"`} {
		if !strings.Contains(manifest, want) {
			t.Errorf("the manifest does not say %s", want)
		}
	}
	var unknown UnknownPackage
	if _, err := Of(component(), files, Options{Taken: []string{"../x"}}); !errors.As(err, &unknown) || !slices.Contains(unknown.Packages, "start/diep") || slices.Contains(unknown.Packages, "start/testdata/bron") {
		t.Errorf("an unknown package gives %v", err)
	}
}

// TestWith: files come in their place.
func TestWith(t *testing.T) {
	p := Plan{{Path: "b"}, {Path: "d"}}.With(File{Path: "c"}, File{Path: "a"}, File{Path: "e"})
	var got string
	for _, file := range p {
		got += file.Path
	}
	if got != "abcde" || p.Find("c") == nil || p.Find("x") != nil {
		t.Errorf("the plan is %s", got)
	}
}

// TestPathFor: the path of a file under another name.
func TestPathFor(t *testing.T) {
	for template, want := range map[string]string{
		"1-gegevens/[entity].go.tmpl": "1-gegevens/boom.go", "3-integratie/[source].antwoorden.json.tmpl": "3-integratie/boom.antwoorden.json",
		"deploy/verbinding-[service].json.tmpl": "deploy/verbinding-boom.json", "README.md": "README.md",
	} {
		if got := PathFor(template, "boom"); got != want {
			t.Errorf("%s gives %s", template, got)
		}
	}
}

// TestPackageOf: the nearest package that a file is of, and of no folder with a
// name that begins the same.
func TestPackageOf(t *testing.T) {
	for name, want := range map[string]string{
		"kern/start/start.go": "start", "kern/start/diep/x.go": "start/diep", "kern/start/sjablonen/a.html": "start",
		"kern/starten/x.go": "", "kern/README.md": "", "start/start.go": "", "1-gegevens/kern/start/x.go": "",
	} {
		if got := PackageOf([]string{"start", "start/diep"}, name); got != want {
			t.Errorf("%s is of %q, want %q", name, got, want)
		}
	}
}
