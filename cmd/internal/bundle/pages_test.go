package bundle

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFirstPage: what a participant reads names what is there, and what is not.
func TestFirstPage(t *testing.T) {
	r := aRequest(t, filepath.Join(t.TempDir(), "stick"))
	r.Systems = []System{{"windows", "amd64"}, {"darwin", "arm64"}}
	r.Release = aRelease(t, "1.2.3", r.Systems...)
	_, err := Make(t.Context(), r)
	fatal(t, err)
	body, err := os.ReadFile(filepath.Join(r.Dir, ReadMe))
	fatal(t, err)
	page := string(body)
	for _, want := range []string{"start-windows.cmd", "start-macos.command", "Go 1.26.8", `macOS met Apple-chip: <a href="https://go.dev/dl/go1.26.8.darwin-arm64.tar.gz"`, `href="documenten/uitleg-bron.html"`, `href="voorbeelden/verhuizing.html"`, "Niet gecontroleerd", "go1.26.8.windows-amd64.zip"} {
		if !strings.Contains(page, want) {
			t.Errorf("the first page does not have %s", want)
		}
	}
	for _, wrong := range []string{"start-linux.sh", "teams/", "<no value>", "{{", "<script", "http://fonts", `src="http`} {
		if strings.Contains(page, wrong) {
			t.Errorf("the first page has %s", wrong)
		}
	}
	example, err := os.ReadFile(filepath.Join(r.Dir, "voorbeelden", "adresonderzoek.html"))
	if err != nil || !strings.Contains(string(example), "Holysloot") || !strings.Contains(string(example), "version: 1") || !strings.Contains(string(example), `href="../LEES-MIJ.html"`) {
		t.Errorf("%v\n%s", err, example)
	}
	for _, i := range Systems() {
		if spoken(i.String()) == "" {
			t.Errorf("%s has no name", i)
		}
	}
}

// TestLinks: a link leads to a page that is there, or is none.
func TestLinks(t *testing.T) {
	all := []Document{
		{Name: "x-readme", Title: "X", Group: "X", From: "README.md", Body: []byte("# X\n\n[plan](docs/fieldlab.md#dag-1) [code](main.go) [web](https://example.nl) ![beeld](docs/x.png) [zelf](#hier)")},
		{Name: "x-fieldlab", Title: "Plan", Group: "X", From: "docs/fieldlab.md", Body: []byte("[terug](../README.md) [kwaad](javascript:alert(1))")},
		{Name: "y-readme", Title: "Y", Group: "Y", From: "README.md", Body: []byte("[plan](docs/fieldlab.md)")},
	}
	items, groups, err := documents(all)
	fatal(t, err)
	if len(items) != 3 || len(groups) != 2 {
		t.Errorf("%d pages in %d groups", len(items), len(groups))
	}
	for at, wants := range [][]string{{`href="x-fieldlab.html#dag-1"`, "code", `href="https://example.nl"`, `href="#hier"`}, {`href="x-readme.html"`}, {"plan"}} {
		from, err := items[at].open()
		fatal(t, err)
		body, err := io.ReadAll(from)
		fatal(t, err)
		for _, want := range wants {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s has no %s", items[at].name, want)
			}
		}
		for _, wrong := range []string{"main.go", "javascript:", "x.png", `href="docs/`} {
			if strings.Contains(string(body), wrong) {
				t.Errorf("%s has %s", items[at].name, wrong)
			}
		}
	}
}
