package generator_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// BenchmarkUpdate measures the promises of the design for growing, with the built
// command, by turns and on the same disk, children included:
//
//   - update: taking a newer fieldlab in, untouched and with 30 edited files, next to
//     git's own plumbing on the same three trees (write them, merge them, check out);
//   - add: adding a field next to generating the component.
func BenchmarkUpdate(b *testing.B) {
	if runtime.GOOS == "windows" {
		b.Skip("there is no sh here")
	}
	g := growing{b: b, parent: b.TempDir()}
	g.now, g.later = g.build("now", nil), g.build("later", laterPack)
	sheet, err := filepath.Abs(filepath.Join(benchExample, answers.FileName))
	if err != nil {
		b.Fatal(err)
	}
	g.sheet = sheet
	measure(b, g.now, "new", g.at("base"), "--answers", sheet, "--no-git")
	measure(b, g.later, "new", g.at("theirs"), "--answers", sheet, "--no-git")
	for _, edited := range []int{0, 30} {
		b.Run(fmt.Sprintf("update/%d-edited", edited), func(b *testing.B) { g.update(b, edited) })
	}
	b.Run("add-field", g.add)
}

// growPairs is how often both sides are measured.
const growPairs = 7

// laterPack is what a newer fieldlab has changed: text at the end of a file.
var laterPack = map[string]string{
	"kern/value/kind.go": "\n// Later.\n", "kern/start/main.go": "\n// Later.\n", "kern/paginas/stijl.css": "\n/* Later. */\n",
	"kern/outway/outway.go": "\n// Later.\n", "docs/architectuur.md.tmpl": "\nLater.\n", "docs/privacy.md.tmpl": "\nLater.\n",
	"main.go.tmpl": "\n// Later.\n", "5-interactie/schermen.go.tmpl": "\n// Later.\n", "1-gegevens/register.go.tmpl": "\n// Later.\n",
}

type growing struct {
	b                  *testing.B
	parent, now, later string
	sheet              string
}

func (g *growing) at(name string) string { return filepath.Join(g.parent, name) }

// build makes the command, with files of the pack that end in something more.
func (g *growing) build(name string, more map[string]string) string {
	g.b.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		g.b.Fatal(err)
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for file, text := range more {
		source := filepath.Join(root, "templates", "component", filepath.FromSlash(file))
		body, err := os.ReadFile(source)
		if err != nil {
			g.b.Fatal(err)
		}
		overlay.Replace[source] = g.at(name + "_" + strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(overlay.Replace[source], append(body, text...), 0o644); err != nil {
			g.b.Fatal(err)
		}
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		g.b.Fatal(err)
	}
	if err := os.WriteFile(g.at(name+".json"), list, 0o644); err != nil {
		g.b.Fatal(err)
	}
	binary := g.at("fieldlab-" + name)
	build := exec.Command("go", "build", "-trimpath", "-overlay", g.at(name+".json"), "-ldflags=-s -w -X main.version=1.0.0-"+name, "-o", binary, "./cmd/fieldlab")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		g.b.Fatalf("cmd/fieldlab does not build: %s", out)
	}
	return binary
}

// plumbing writes three trees with git, merges them, and checks the result out.
const plumbing = `set -e
export GIT_DIR="$1" GIT_AUTHOR_DATE=1700000000Z GIT_COMMITTER_DATE=1700000000Z
git init -q --bare "$GIT_DIR"
tree() { GIT_INDEX_FILE="$GIT_DIR/index.$2" git --work-tree="$1" add -A -f && GIT_INDEX_FILE="$GIT_DIR/index.$2" git write-tree; }
base=$(git commit-tree -m base "$(tree "$0/base" base)")
ours=$(git commit-tree -m ours -p "$base" "$(tree "$2" ours)")
theirs=$(git commit-tree -m theirs -p "$base" "$(tree "$0/theirs" theirs)")
merged=$(git merge-tree --write-tree "$ours" "$theirs" | head -n 1)
mkdir "$1.out" && git archive "$merged" | tar -x -C "$1.out"
`

func (g *growing) update(b *testing.B, edited int) {
	ours := g.copied(b, g.at("base"), fmt.Sprint("ours", edited))
	editFiles(b, ours, edited)
	sideBySide(b, growPairs, 1, "git", func(i int) []string {
		return []string{g.later, "update", g.copied(b, ours, fmt.Sprintf("update-%d-%d", edited, i))}
	}, func(i int) []string {
		return []string{"sh", "-c", plumbing, g.parent, g.at(fmt.Sprintf("git-%d-%d", edited, i)), ours}
	})
}

// copied makes a copy of a component, to work in.
func (g *growing) copied(b *testing.B, from, name string) string {
	b.Helper()
	if err := os.CopyFS(g.at(name), os.DirFS(from)); err != nil {
		b.Fatal(err)
	}
	return g.at(name)
}

// editFiles puts a line in the first files with text that are not of kern.
func editFiles(b *testing.B, dir string, n int) {
	b.Helper()
	remarks := map[string]string{".go": "// Van het team.\n", ".md": "\nVan het team.\n", ".yaml": "# Van het team.\n", ".yml": "# Van het team.\n", ".css": "/* Van het team. */\n"}
	var files []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		room, _, _ := strings.Cut(name, "/")
		if err == nil && !entry.IsDir() && room != "kern" && room != ".fieldlab" && name != answers.FileName && remarks[filepath.Ext(name)] != "" {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) < n {
		b.Fatalf("%d files to edit (%v)", len(files), err)
	}
	slices.Sort(files)
	for _, name := range files[:n] {
		file := filepath.Join(dir, filepath.FromSlash(name))
		body, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		// After the first line: at the end the newer fieldlab writes.
		first, rest, _ := strings.Cut(string(body), "\n")
		if err := os.WriteFile(file, []byte(first+"\n"+remarks[filepath.Ext(name)]+rest), 0o644); err != nil {
			b.Fatal(err)
		}
	}
}

func (g *growing) add(b *testing.B) {
	sideBySide(b, growPairs, 2, "new", func(i int) []string {
		return []string{g.now, "add", "field", "verhuizing", "telefoon", "--type", "phone", "--dir", g.copied(b, g.at("base"), fmt.Sprint("add-", i))}
	}, func(i int) []string {
		return []string{g.now, "new", g.at(fmt.Sprint("new-", i)), "--answers", g.sheet}
	})
}
