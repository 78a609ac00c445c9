package proef

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
)

func model(t *testing.T, file string) *bpmn.Process {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := bpmn.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// told writes a path in one line.
func told(path []move) string {
	var words []string
	for _, m := range path {
		words = append(words, strings.TrimSpace(m.step.Step+" "+m.outcome))
	}
	return strings.Join(words, ", ")
}

// TestPathsTakeEveryWay: of every model that is here, each outcome of
// each step is on a path from the beginning to an end, and no path twice.
func TestPathsTakeEveryWay(t *testing.T) {
	files, err := filepath.Glob("../*/testdata/*.bpmn")
	own, _ := filepath.Glob("../../4-proces/*.bpmn") // in a component
	if files = append(files, own...); err != nil || len(files) < 4 && len(own) == 0 {
		t.Fatalf("%d models, %v", len(files), err)
	}
	for _, file := range files {
		p := model(t, file)
		missing, seen := map[move]bool{}, map[string]bool{}
		for _, n := range p.Steps() {
			for _, outcome := range ways(n) {
				missing[move{n, outcome}] = true
			}
		}
		for _, path := range paths(p) {
			if path[0].step != p.First() || path[len(path)-1].step.Kind != bpmn.End {
				t.Errorf("%s: %s does not go from beginning to end", file, told(path))
			}
			for i, m := range path[:len(path)-1] {
				delete(missing, m)
				if m.step.Next(m.outcome) != path[i+1].step {
					t.Errorf("%s: %s makes a jump", file, told(path))
				}
			}
			if seen[told(path)] {
				t.Errorf("%s: %s comes twice", file, told(path))
			}
			seen[told(path)] = true
		}
		for m := range missing {
			t.Errorf("%s: no path takes %s %s", file, m.step.Step, m.outcome)
		}
	}
}

// TestPathsAnswerAQuestionInOneWay: of one question that is put twice in a row a
// test cannot decide twice what is found.
func TestPathsAnswerAQuestionInOneWay(t *testing.T) {
	const file = "../proces/testdata/vraag.bpmn"
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the model is with the tests of package proces, which the team did not take over")
	}
	p := model(t, file)
	var lookups []*bpmn.Node
	for _, n := range p.Steps() {
		if n.Kind == bpmn.Service {
			lookups = append(lookups, n)
		}
	}
	if len(lookups) < 2 {
		t.Fatal("the model has one lookup; choose another")
	}
	for _, n := range lookups {
		n.Topic = "bron.vraag" // now all ask the same
	}
	for _, path := range paths(p) {
		found := map[bool]bool{}
		for _, m := range path {
			if m.step.Kind == bpmn.Service {
				found[m.outcome != notFound] = true
			}
			if m.step.Human() {
				clear(found)
			}
			if len(found) > 1 {
				t.Errorf("%s answers one question in two ways", told(path))
			}
		}
	}
}
