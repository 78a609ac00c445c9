package own_test

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/own"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// component is a component as fieldlab makes it.
func component(t testing.TB, example string) fstest.MapFS {
	t.Helper()
	dir := "../../../examples/" + example
	data, err := os.ReadFile(dir + "/" + answers.FileName)
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse(answers.FileName, data)
	p, _, err := generator.Plan(generator.Request{Document: document, Files: os.DirFS(dir), Pack: templates.Component(), Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, file := range p {
		files[file.Path] = &fstest.MapFile{Data: file.Body, Mode: file.Mode}
	}
	return files
}

func open(t testing.TB, files fstest.MapFS) *check.Repo {
	t.Helper()
	r, err := check.OpenFS(files, check.Options{Name: "component"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPristine: only what is byte for byte fieldlab's is passed over.
func TestPristine(t *testing.T) {
	t.Parallel()
	files := component(t, "verhuizing")
	all := own.Pristine(open(t, files))
	kern := 0
	for name := range files {
		if len(name) > 5 && name[:5] == "kern/" {
			if kern++; !all[name] {
				t.Errorf("%s is not pristine", name)
			}
		}
	}
	if len(all) != kern || kern < 100 {
		t.Errorf("%d of %d files are pristine", len(all), kern)
	}

	touched := "kern/start/addresses.go"
	files[touched] = &fstest.MapFile{Data: append([]byte("// x\n"), files[touched].Data...)}
	files["kern/start/nieuw.go"] = &fstest.MapFile{Data: []byte("package start\n")}
	some := own.Pristine(open(t, files))
	if len(some) != kern-1 || some[touched] || some["kern/start/nieuw.go"] {
		t.Errorf("after a change %d of %d files are pristine", len(some), kern)
	}

	for name, body := range map[string]string{
		plan.ManifestPath: `{"version":3,"files":[{"path":"../../etc/passwd"}]}`, plan.KernLinesPath: "fieldlab-kern 99\n", plan.BasisPath: "x",
	} {
		hostile := component(t, "verhuizing")
		hostile[name] = &fstest.MapFile{Data: []byte(body)}
		if got := own.Pristine(open(t, hostile)); len(got) != 0 {
			t.Errorf("with a hostile %s %d files are passed over", name, len(got))
		}
	}
	if got := own.Pristine(open(t, fstest.MapFS{"main.go": {Data: []byte("package main\n")}})); got != nil {
		t.Errorf("no component: %v", got)
	}
}

// BenchmarkPristine is what it costs before the first rule: bench of the engine counts it.
func BenchmarkPristine(b *testing.B) {
	r := open(b, component(b, "verhuizing"))
	for b.Loop() {
		own.Pristine(r)
	}
}
