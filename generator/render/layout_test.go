package render

import (
	"bytes"
	"go/format"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// made is the Go source that our templates make of each example, before it is
// formatted, by its name.
func made(t testing.TB) map[string][]byte {
	t.Helper()
	sheets, err := filepath.Glob("../../examples/testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../examples/*/" + answers.FileName)
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := New(templates.Component())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, sheet := range append(sheets, more...) {
		data, err := os.ReadFile(sheet)
		if err != nil {
			t.Fatal(err)
		}
		document, _ := answers.Parse(answers.FileName, data)
		component, found := model.New(document.Answers, os.DirFS(filepath.Dir(sheet)), model.Env{Version: "test"})
		if len(found) > 0 {
			continue // not an example by itself
		}
		err = fs.WalkDir(templates.Component(), ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go"+Suffix) {
				return err
			}
			for _, data := range dataFor(component, name) {
				out := &limited{limit: Limit}
				if err := renderer.execute(name, data, out); err != nil {
					return err
				}
				body, err := moveImports(name, out.buffer.Bytes(), component.Module)
				if err != nil {
					return err
				}
				key := sheet + " " + name
				for all[key] != nil {
					key += "'"
				}
				all[key] = body
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 100 {
		t.Fatalf("only %d sources were made", len(all))
	}
	return all
}

// dataFor is what a template is executed with.
func dataFor(c *model.Component, name string) (all []Data) {
	switch {
	case strings.Contains(name, "[entity]"):
		for _, entity := range c.Entities {
			all = append(all, Data{Component: c, Entity: entity})
		}
	case strings.Contains(name, "[source]"):
		for _, source := range c.Sources {
			all = append(all, Data{Component: c, Source: source})
		}
	default:
		all = []Data{{Component: c}}
	}
	return all
}

// TestLayout: what our templates make of the examples is laid out, all of it, and to the
// byte as gofmt does.
func TestLayout(t *testing.T) {
	for name, source := range made(t) {
		want, err := format.Source(source)
		if err != nil {
			t.Fatal(name, err)
		}
		if got, known := layoutGo(source); !known || !bytes.Equal(got, want) {
			t.Errorf("%s: known %v: %s", name, known, firstDifference(got, want))
		}
	}
}

// TestLayoutOfOthers: of whatever looks like it, changed at random, the layout is that
// of gofmt or none.
func TestLayoutOfOthers(t *testing.T) {
	sources := made(t)
	random := rand.New(rand.NewPCG(14, 11))
	tried, known := 0, 0
	for range 15 {
		for _, name := range slices.Sorted(maps.Keys(sources)) {
			changed := changedAtRandom(random, sources[name])
			want, err := format.Source(changed)
			if err != nil {
				continue
			}
			tried++
			got, laid := layoutGo(changed)
			if !laid {
				continue
			}
			if known++; !bytes.Equal(got, want) {
				t.Fatalf("%s, changed: %s\n%s", name, firstDifference(got, want), changed)
			}
		}
	}
	t.Logf("%d of %d are known", known, tried)
	if known < tried/4 {
		t.Errorf("only %d of %d are known", known, tried)
	}
}

// changedAtRandom is a source with lines left out, repeated, or with longer words.
func changedAtRandom(random *rand.Rand, source []byte) []byte {
	lines := bytes.Split(source, []byte("\n"))
	var out [][]byte
	for _, line := range lines {
		text := string(line)
		switch n := random.IntN(60); {
		case n == 0 && !strings.ContainsAny(text, "{}()"):
			continue
		case n == 1 && !strings.ContainsAny(text, "{}()"):
			out = append(out, line)
		case n == 2:
			out = append(out, nil)
		case n == 3:
			out = append(out, []byte("// note that stands here: {"))
		case n == 4:
			text = strings.Replace(text, "a", strings.Repeat("aé", random.IntN(40)), 1)
		case n == 5:
			text = strings.Replace(text, `"`, `"`+strings.Repeat("{[/", random.IntN(30)), 1)
		case n == 6 && strings.HasSuffix(text, ","):
			text += " // why"
		case n == 7:
			text = "\t " + text + "  "
		}
		out = append(out, []byte(text))
	}
	return bytes.Join(out, []byte("\n"))
}

// firstDifference is where two sources first differ, with a few lines before.
func firstDifference(got, want []byte) string {
	a, b := strings.SplitAfter(string(got), "\n"), strings.SplitAfter(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			from := max(0, i-4)
			return strings.Join(a[from:min(i+3, len(a))], "") + "instead of\n" + strings.Join(b[from:min(i+3, len(b))], "")
		}
	}
	return "the length"
}
