package model

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// exampleFiles are the answers files of this repository that must be right.
func exampleFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../../examples/*/fieldlab.yaml", "../../examples/testdata/*.yaml", "testdata/right/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 5 {
		t.Fatalf("only %d examples found", len(files))
	}
	return files
}

func parse(t testing.TB, file string) *answers.Document {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := answers.Parse(file, data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return doc
}

func TestNewAcceptsTheExamples(t *testing.T) {
	for _, file := range exampleFiles(t) {
		doc := parse(t, file)
		_, problems := New(doc.Answers, os.DirFS(filepath.Dir(file)), Env{Version: "1.2.3"})
		if len(problems) > 0 {
			t.Errorf("%s\n%v", file, problems)
		}
	}
}
