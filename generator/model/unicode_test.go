package model

import (
	"os"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// TestChoicesAreInTheFormOfTheComponent: what comes in there is composed, so a
// choice with an accent that is a character of its own would fit nothing.
func TestChoicesAreInTheFormOfTheComponent(t *testing.T) {
	a := parse(t, "testdata/right/vindbaar.yaml").Answers
	a.Register[0].Fields = append(a.Register[0].Fields, answers.Field{
		Name: "soort", Type: "enum", Title: "Soort cafe\u0301", Values: []string{"cafe\u0301", "cafe"}, Default: "cafe\u0301",
	})
	c, problems := New(a, os.DirFS("testdata/right"), Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	fields := c.Entities[0].Fields
	if f := fields[len(fields)-1]; f.Values[0].Raw != "café" || f.Values[1].Raw != "cafe" || f.Default != "café" || f.Title != "Soort café" {
		t.Errorf("%+v", f)
	}
	a.Register[0].Fields[len(fields)-1].Values = []string{"cafe\u0301", "café"}
	if _, problems := New(a, os.DirFS("testdata/right"), Env{}); len(problems) == 0 {
		t.Error("two choices that look the same are taken")
	}
}
