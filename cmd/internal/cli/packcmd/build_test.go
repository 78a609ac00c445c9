package packcmd

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestPlaced: what go says of a component is said of the line of the pack.
func TestPlaced(t *testing.T) {
	own, err := pack.Read(fstest.MapFS{
		"pack.yaml":                      {Data: []byte("name: proef\nversion: 1.0\nheader: |\n  Een.\n  Twee.\n")},
		"files/2-diensten/eigen.go.tmpl": {Data: []byte("package diensten\n\n{{- range .Process.Steps}}\n{{- end}}\n\n// Eigen is of the pack.\nfunc Eigen() int {\nreturn   {{.Title | goString}}\n}\n")},
		"files/2-diensten/eigen_test.go": {Data: []byte("package diensten\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	traced, trace := own.Traced()
	body, _ := examples.Answers("verhuizing")
	document, _ := answers.Parse("", body)
	files, _, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Own: traced, Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	line := 0
	for i, text := range strings.Split(string(files.Find("2-diensten/eigen.go").Body), "\n") {
		if strings.Contains(text, "return") {
			line = i + 1
		}
	}
	if line != 8 {
		t.Fatalf("return is on line %d of the component", line)
	}
	for output, want := range map[string]string{
		"# x/2-diensten\n2-diensten/eigen.go:8:9: cannot use": "files/2-diensten/eigen.go.tmpl:8 cannot use",
		"# x/2-diensten\nvet: 2-diensten/eigen.go:8:9: no":    "files/2-diensten/eigen.go.tmpl:8 no",
		"./2-diensten/eigen.go:8: no":                         "files/2-diensten/eigen.go.tmpl:8 no",
		"--- FAIL: TestX\n    eigen_test.go:4: fout\nFAIL":    "files/2-diensten/eigen_test.go:1 fout",
		"ok   x 1s\nmain.go:3:1: elders\n":                    "files:0 go test ./...: main.go:3:1: elders",
		"signal: killed":                                      "files:0 go test ./...: signal: killed",
	} {
		found := placed([]byte(output), []string{"test", "./..."}, trace)
		if got := placeAnd(found[0].File, found[0].Line, found[0].Text("en")); len(found) != 1 || got != strings.Replace(want, " ", " the component does not build or pass with it: ", 1) {
			t.Errorf("%q gives %s", output, got)
		}
	}
}

func placeAnd(file string, line int, text string) string {
	return file + ":" + string(rune('0'+line)) + " " + text
}

// TestNameFor: a pack is named after its folder, where that can be.
func TestNameFor(t *testing.T) {
	for dir, want := range map[string]string{"huis": "huis", "Mijn Huisstijl": "mijn-huisstijl", "日本": "u65e5-u672c", "1e": "n1e", "…": exampleName} {
		if got := nameFor(t.TempDir() + string(os.PathSeparator) + dir); got != want {
			t.Errorf("%s is named %s, not %s", dir, got, want)
		}
	}
}
