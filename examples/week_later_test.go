package examples_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// later is how a file of the pack is in a fieldlab of later: text before a line
// that begins with before; at the end when that is "".
type later struct{ before, text string }

var laterFiles = map[string]later{
	"kern/value/kind.go":            {"", "\n// A remark of a later kern, in value.\n"},
	"kern/start/main.go":            {"", "\n// A remark of a later kern, in start.\n"},
	"kern/paginas/stijl.css":        {"", "\n/* A later style. */\n"},
	"kern/value/text.go":            {"import", "// A remark of a later kern, above an edit of the team.\n"},
	"README.md.tmpl":                {"## Naar productie", "Een regel van een latere fieldlab.\n\n"},
	"docs/architectuur.md.tmpl":     {"", "\nEen slotzin van een latere fieldlab.\n"},
	"docs/testgegevens.md.tmpl":     {"## ", "Een regel van een latere fieldlab, over testgegevens.\n\n"},
	"main.go.tmpl":                  {"//go:embed", "// A remark of a later fieldlab.\n//\n"},
	"5-interactie/schermen.go.tmpl": {"var Pages", "// A remark of a later fieldlab, on pages.\n"},
	"2-diensten/openapi.yaml.tmpl":  {"security:", "# A remark of a later fieldlab, on the API.\n"},
}

// laterFieldlab builds a fieldlab with another pack, by an overlay of go build.
var laterFieldlab = sync.OnceValues(func() (string, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return "", err
	}
	folder := filepath.Join(built, "later")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, change := range laterFiles {
		file := filepath.Join(root, "templates", "component", filepath.FromSlash(name))
		body, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		changed := filepath.Join(folder, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(changed, change.in(body), 0o644); err != nil {
			return "", err
		}
		overlay.Replace[file] = changed
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, list, 0o644); err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "fieldlab.exe") // a name that every system can run
	build := exec.Command("go", "build", "-trimpath", "-overlay", file, "-ldflags=-X main.version=2.0.0-test", "-o", binary, "./cmd/fieldlab")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building a later fieldlab: %w\n%s", err, out)
	}
	return binary, nil
})

// in makes the later file out of the present one.
func (l later) in(body []byte) []byte {
	text := string(body)
	if l.before == "" {
		return []byte(text + l.text)
	}
	at := strings.Index("\n"+text, "\n"+l.before)
	if at < 0 {
		panic("no line begins with " + l.before)
	}
	return []byte(text[:at] + l.text + text[at:])
}
