package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// TestManifest: one sum for kern and a row for every other file.
func TestManifest(t *testing.T) {
	p := of(t)
	var manifest Manifest
	var want []ManifestFile
	for _, file := range p {
		switch {
		case file.Path == ManifestPath:
			if err := json.Unmarshal(file.Body, &manifest); err != nil {
				t.Fatal(err)
			}
		case !strings.HasPrefix(file.Path, "kern/"):
			sum := sha256.Sum256(file.Body)
			want = append(want, ManifestFile{Path: file.Path, SHA256: hex.EncodeToString(sum[:]), Owner: file.Owner})
		}
	}
	if manifest.Version != 3 || manifest.Generator != "1.2.3" || manifest.Kern != KernSum(p) {
		t.Errorf("manifest %+v", manifest)
	}
	if len(want) < 40 || !slices.Equal(manifest.Files, want) {
		t.Errorf("manifest has\n%v\nnot\n%v", manifest.Files, want)
	}
}

// TestKernSum: what changes the sum and what does not.
func TestKernSum(t *testing.T) {
	base := []File{
		{Path: "kern/README.md", Body: []byte("# kern\n")},
		{Path: "kern/VERSIE", Body: []byte("fieldlab 1.2.3\n")},
		{Path: "kern/outway/outway.go", Body: []byte("package outway\n")},
		{Path: "kern/outway.go", Body: nil},
		{Path: "main.go", Body: []byte("package main\n")},
	}
	with := func(change func([]File) []File) string { return KernSum(change(slices.Clone(base))) }
	want := KernSum(base)
	for name, change := range map[string]func([]File) []File{
		"another order":       func(f []File) []File { slices.Reverse(f); return f },
		"another version":     func(f []File) []File { f[1].Body = []byte("fieldlab 2\n"); return f },
		"no version":          func(f []File) []File { return slices.Delete(f, 1, 2) },
		"another mode":        func(f []File) []File { f[2].Mode = 0o755; return f },
		"outside kern":        func(f []File) []File { f[4].Body = nil; return f },
		"a folder like kern":  func(f []File) []File { return append(f, File{Path: "kernel/x.go"}) },
		"VERSIE outside kern": func(f []File) []File { return append(f, File{Path: "VERSIE"}) },
	} {
		if got := with(change); got != want {
			t.Errorf("%s changes the sum", name)
		}
	}
	for name, change := range map[string]func([]File) []File{
		"another body":    func(f []File) []File { f[2].Body = []byte("package outway // ours\n"); return f },
		"another name":    func(f []File) []File { f[3].Path = "kern/outvay.go"; return f },
		"one more":        func(f []File) []File { return append(f, File{Path: "kern/nieuw.go"}) },
		"one less":        func(f []File) []File { return f[1:] },
		"bodies swapped":  func(f []File) []File { f[2].Body, f[3].Body = f[3].Body, f[2].Body; return f },
		"a deeper VERSIE": func(f []File) []File { return append(f, File{Path: "kern/outway/VERSIE"}) },
	} {
		if got := with(change); got == want {
			t.Errorf("%s does not change the sum", name)
		}
	}
}

// TestKernSumAsDefined computes the sum with the tools of a shell, from the
// definition and not from the code, so that it can be checked without fieldlab.
func TestKernSumAsDefined(t *testing.T) {
	for _, tool := range []string{"sh", "find", "sort", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here", tool)
		}
	}
	dir := t.TempDir()
	p := of(t)
	for _, file := range p {
		if file.Owner == Kern {
			name := filepath.Join(dir, file.Path)
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, file.Body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	command := exec.Command("sh", "-c", `find . -type f ! -path ./VERSIE | sed 's|^\./||' | LC_ALL=C sort |
		while IFS= read -r name; do printf '%s\000%s\n' "$name" "$(sha256sum <"$name" | cut -d' ' -f1)"; done | sha256sum`)
	command.Dir = filepath.Join(dir, KernFolder)
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if want, _, _ := strings.Cut(string(out), " "); KernSum(p) != want {
		t.Errorf("the sum is %s, and by the definition %s", KernSum(p), want)
	}
}

// TestNothingOfATeamInKern: what answers bring along would be lost there.
func TestNothingOfATeamInKern(t *testing.T) {
	for _, path := range []string{"kern/outway/antwoord.json", "kern/x", "kern", "KERN/x.json", "Kern", "kern/VERSIE", "kern/outway/outway.go"} {
		c := component()
		c.Files = []model.ExtraFile{{Path: path}}
		if _, err := Of(c, pack(), Options{}); err == nil || !strings.Contains(err.Error(), "replaces as a whole") {
			t.Errorf("%s: %v", path, err)
		}
	}
	c := component()
	c.Files = []model.ExtraFile{{Path: "kernel/x.json"}, {Path: "bronnen/kern/x.json"}}
	if _, err := Of(c, pack(), Options{}); err != nil {
		t.Error(err)
	}
}

// TestVersionOfKern: one line, also of a program that knows no version.
func TestVersionOfKern(t *testing.T) {
	for version, want := range map[string]string{"1.2.3": "fieldlab 1.2.3\n", "": "fieldlab\n"} {
		p, err := Of(component(), fstest.MapFS{}, Options{Version: version})
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(p, func(f File) bool { return f.Path == "kern/VERSIE" })
		if at < 0 || string(p[at].Body) != want || p[at].Owner != Kern {
			t.Errorf("version %q: %d, %+v", version, at, p)
		}
	}
}

// TestShipped: of kern everything but its tests; elsewhere everything.
func TestShipped(t *testing.T) {
	for name, want := range map[string]bool{
		"kern": true, "kern/rest/server.go": true, "kern/README.md": true, "kern/proef": true, "kern/proef/proef.go": true, "kern/rest/testdata.go": true, "kern/rest/a_test.txt": true,
		"kern/rest/server_test.go": false, "kern/proef/proef_test.go": false, "kern/rest/testdata": false, "kern/rest/testdata/openapi.yaml": false, "kern/testdata/fuzz/x": false,
		"2-diensten/routes_test.go.tmpl": true, "tests/zaken_test.go.tmpl": true, "kernel/a_test.go": true, "testdata/x": true,
	} {
		if got := shipped(name); got != want {
			t.Errorf("%s goes along: %t", name, got)
		}
	}
	kept := 0
	err := fs.WalkDir(os.DirFS("../../templates/component/kern"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !shipped(KernFolder+"/"+name) {
			kept++
		}
		return err
	})
	if err != nil || kept == 0 {
		t.Errorf("%d files of kern stay here, %v; the rule is about nothing", kept, err)
	}
}
