package course

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/examples"
)

func builtin(t *testing.T) *Course {
	t.Helper()
	files, ok := examples.Course("verhuizing")
	if !ok {
		t.Fatal("there is no course")
	}
	c, err := Read(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBuiltIn(t *testing.T) {
	c := builtin(t)
	if len(c.Steps) != 10 {
		t.Errorf("there are %d steps", len(c.Steps))
	}
}
