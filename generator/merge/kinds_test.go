package merge

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates"
)

// byLines are the kinds of file that are merged by lines, with markers where the
// two sides clash: a person can solve them, and they do not hide.
var byLines = strings.Fields(".css .mjs .html .gohtml .voorbeeld .editorconfig .txt LICENSE Dockerfile VERSIE templates/")

// TestEveryKindOfFile: how a file of a component is merged was thought about.
func TestEveryKindOfFile(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(templates.Component(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(name, "testdata/") {
			return err
		}
		name = strings.TrimSuffix(name, ".tmpl")
		form, kind := formOf(name), path.Ext(name)
		switch {
		case strings.Contains(name, "/templates/"):
			kind = "templates/" // of Helm, which refuses a marker
		case kind == "":
			kind = path.Base(name)
		}
		known := form.opaque || form.whole || form.merge != nil
		if known == slices.Contains(byLines, kind) {
			t.Errorf("%s: decide how %s is merged: give it a form in generator/merge/kinds.go, or, when markers in it do no harm, a place in byLines here", name, kind)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestChartTemplate: a template of Helm is no YAML, and is merged by lines all the same.
func TestChartTemplate(t *testing.T) {
	t.Parallel()
	const name, base = "deploy/helm/templates/pdb.yaml", "{{- range $x := .Values.x }}\n---\nspec:\n  a: 1\n  b: 2\n  c: 3\n{{- end }}\n"
	theirs := strings.Replace(base, "a: 1", "a: 9", 1)
	if got := Files(name, []byte(base), []byte(strings.Replace(base, "c: 3", "c: 4", 1)), []byte(theirs), Labels{}); got.Conflicts > 0 || got.Beside ||
		!strings.Contains(string(got.Body), "a: 9") || !strings.Contains(string(got.Body), "c: 4") {
		t.Errorf("%d clashes:\n%s", got.Conflicts, got.Body)
	}
	if got := Files(name, []byte(base), []byte(strings.Replace(base, "a: 1", "a: 5", 1)), []byte(theirs), Labels{}); got.Conflicts != 1 || got.Beside {
		t.Errorf("%d clashes, beside %v:\n%s", got.Conflicts, got.Beside, got.Body)
	}
}
