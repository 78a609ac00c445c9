// Package tests looks at the component as a whole: the rules between the
// layers, and zaken that go through all five of them.
package tests

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which other layers a layer may import. Between layers is
// HTTP; what stands here is the client of the outway and the store under the API.
var mayImport = map[string][]string{
	"1-gegevens":   nil,
	"2-diensten":   {"1-gegevens"},
	"3-integratie": nil,
	"4-proces":     {"3-integratie"},
	"5-interactie": nil,
	"internal":     nil,
}

// wiring puts the layers together, so it imports all of them.
const wiring = "internal/component/"

var layerInPath = regexp.MustCompile(`/([1-5]-[a-z]+)(?:/|$)`)

func TestNoLayerReachesPastItsNeighbour(t *testing.T) {
	seen := map[string]bool{}
	root := os.DirFS("..")
	for layer, allowed := range mayImport {
		err := fs.WalkDir(root, layer, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasPrefix(path, wiring) {
				return err
			}
			seen[layer] = true
			for _, imported := range imports(t, root, path) {
				other := layerOf(imported)
				if other != "" && other != layer && !slices.Contains(allowed, other) {
					t.Errorf("%s importeert %s; laag %s spreekt die laag alleen aan via HTTP", path, other, layer)
				}
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if !seen["5-interactie"] || !seen["internal"] {
		t.Errorf("these layers have code: %v; the test looks in the wrong place", seen)
	}
}

func TestLayerOf(t *testing.T) {
	cases := map[string]string{
		"example.test/a/4-proces":             "4-proces",
		"example.test/a/4-proces/verloop":     "4-proces",
		"example.test/a/internal/rest":        "",
		"net/http":                            "",
		"example.test/5-interactie-ding/iets": "",
	}
	for path, want := range cases {
		if got := layerOf(path); got != want {
			t.Errorf("layerOf(%q) = %q, want %q", path, got, want)
		}
	}
}

func layerOf(path string) string {
	if m := layerInPath.FindStringSubmatch(path); m != nil {
		return m[1]
	}
	return ""
}

func imports(t *testing.T, root fs.FS, path string) []string {
	t.Helper()
	source, err := fs.ReadFile(root, path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	return all
}
