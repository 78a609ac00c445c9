package base_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

// lasting is a pack that is remembered.
type lasting struct {
	fstest.MapFS
	memory *sync.Map
}

func (l lasting) Memory() *sync.Map { return l.memory }

// machinery is a kern in which lines that import it also stand where they do not
// move, and in which the same import comes twice.
func machinery() fstest.MapFS {
	own := func(name string) string { return `"` + render.Prefix + "/kern/" + name + `"` }
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"kern/README.md":     "# kern\n\n\t" + own("value") + "\n",
		"kern/value/a.go":    "package value\n\nvar A = `\n\t" + own("value") + "\n`\n",
		"kern/rest/b.go":     "package rest\n\nimport (\n\t\"fmt\"\n\n\t" + own("value") + "\n)\n\nvar B = fmt.Sprint(value.A, `\n\t" + own("value") + "\n`)\n",
		"kern/start/c.go":    "package start\n\nimport (\n\t" + own("rest") + "\n\t" + own("value") + "\n)\n\nvar C = rest.B + value.A\n",
		"kern/start/one.go":  "package start\n\nimport " + own("rest") + "\n\nvar D = rest.B",
		"kern/start/leeg.go": "package start\n",
		"kern/x.woff2":       "\x00\x01",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// component is what a component of that module has of a pack, and a VERSIE.
func component(t *testing.T, r *render.Renderer, names []string, module, version string) []plan.File {
	t.Helper()
	files := []plan.File{{Path: "kern/VERSIE", Body: []byte(version), Owner: plan.Kern}}
	for _, name := range names {
		static, err := r.Static(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, plan.File{Path: name, Body: static.For(module), SHA256: static.Sum(), Static: static, Owner: plan.Kern})
	}
	slices.SortFunc(files, func(a, b plan.File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// TestAgain: the base of a later component of a pack, of which the outline was kept, is
// the base that is written when nothing is kept; also with another list of files or
// another VERSIE, and with a module that makes two lines the same.
func TestAgain(t *testing.T) {
	for _, odd := range []string{"", "twee op een regel", "CRLF"} {
		pack := machinery()
		switch odd {
		case "twee op een regel":
			pack["kern/y.go"] = &fstest.MapFile{Data: []byte(`package y; import ("` + render.Prefix + `/kern/value"; "` + render.Prefix + `/kern/rest"); var E = value.A + rest.B` + "\n")}
		case "CRLF":
			for name, file := range pack {
				if strings.HasSuffix(name, ".go") {
					file.Data = bytes.ReplaceAll(file.Data, []byte("\n"), []byte("\r\n"))
				}
			}
		}
		var names []string
		for name := range pack {
			names = append(names, name)
		}
		slices.Sort(names)
		kept := lasting{pack, &sync.Map{}}
		for i, c := range []struct {
			module, version string
			names           []string
		}{
			{"git.test/een", "1\n", names}, {"git.test/een", "1\n", names}, {"git.test/een/veel/langer", "1\n", names}, {"x.test/y", "1\n", names},
			{render.Prefix, "1\n", names}, // what does not move is the same now
			{"x.test/z", "2\n", names}, {"x.test/z", "1\n", names[1:]}, {"x.test/z", "1\n", names[:len(names)-2]}, {"x.test/z", "1\n", names},
		} {
			with, err := render.New(kept)
			if err != nil {
				t.Fatal(err)
			}
			got, err := base.Of(component(t, with, c.names, c.module, c.version))
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := render.New(pack)
			if err != nil {
				t.Fatal(err)
			}
			want, err := base.Of(component(t, fresh, c.names, c.module, c.version))
			if err != nil {
				t.Fatal(err)
			}
			for j := range want {
				if !bytes.Equal(got[j].Body, want[j].Body) {
					t.Errorf("%s component %d, %s, %d files: %s differs", odd, i+1, c.module, len(c.names), want[j].Path)
				}
			}
		}
	}
}
