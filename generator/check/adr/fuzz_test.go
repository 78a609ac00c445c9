package adr

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzChecker reads what it is given as the engine does and holds it against all rules:
// whatever it is, nothing falls over, and nothing takes long.
func FuzzChecker(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		f.Fatal("no seeds")
	}
	for _, name := range archives {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(body).Files[1:] {
			f.Add(file.Data, filepath.Ext(file.Name) == ".json")
		}
	}
	f.Add([]byte(`{"openapi":"3.1.0","info":{},"paths":{"/{a}/":{"get":{"parameters":[{"$ref":"#/components/parameters/a"}]}}},"components":{"schemas":{"A":{"$ref":"#/components/schemas/A"},"B":{"type":["a",null],"example":{"x":[1e9]},"unevaluatedProperties":false}}}}`), true)
	f.Add([]byte("swagger: '2.0'\nx: &a [*a]\n<<: {b: *a}\n"), false)
	f.Fuzz(func(t *testing.T, body []byte, json bool) {
		if len(body) > 1<<16 {
			t.Skip()
		}
		name := "openapi.yaml"
		if json {
			name = "openapi.json"
		}
		if codes := missedCodes(lookAt(t, name, body)); codes["crashed"] || codes["slow"] {
			t.Errorf("missed: %v", codes)
		}
	})
}
