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
var byLines = strings.Fields(".css .html .gohtml .voorbeeld .editorconfig .txt LICENSE Dockerfile VERSIE templates/")

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
