package addcmd

import (
	"os"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// TestEveryKind names the places that a new kind still lacks: who adds one to
// package grow is led from there.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../../../../examples/verhuizing/" + answers.FileName)
	if err != nil {
		t.Fatal(err)
	}
	document, problems := answers.Parse(answers.FileName, body)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var added []string
	for _, sub := range New(growcmd.Deps{IO: &terminal.IO{}, Text: text.Load(text.Dutch)}).Commands() {
		added = append(added, sub.Name())
	}
	for _, kind := range grow.Kinds() {
		if !slices.Contains(added, string(kind)) {
			t.Errorf("kind %s cannot be added: give it a file in cmd/internal/cli/addcmd and a place in New", kind)
		}
		if len(growcmd.Things(document.Answers, kind, document.Answers.Register[0].Name)) == 0 {
			t.Errorf("kind %s cannot be found by its name: add it to Things in cmd/internal/cli/growcmd/find.go", kind)
		}
		for _, language := range text.Languages() {
			for _, prefix := range []string{"grow.kind.", "grow.unknown.", "update.kind.", "add.did.", "rename.did.", "remove.did."} {
				if key := prefix + string(kind); !text.Load(language).Has(key) {
					t.Errorf("kind %s has no text %s in %s: add it to the texts in cmd/internal/text/%s", kind, key, language, language)
				}
			}
		}
	}
	if len(added) != len(grow.Kinds()) {
		t.Errorf("added can be %v, and the kinds are %v: Kinds in generator/grow/grow.go lacks one", added, grow.Kinds())
	}
}
