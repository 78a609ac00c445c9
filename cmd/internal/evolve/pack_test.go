package evolve_test

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// TestPackFailed: each reason has its words, and names of a pack cannot steer a
// terminal.
func TestPackFailed(t *testing.T) {
	for _, language := range text.Languages() {
		catalogue := text.Load(language)
		for _, why := range []pack.Why{pack.NotGiven, pack.Missing, pack.Edited, pack.Other} {
			err := evolve.PackFailed(catalogue, "", "map", pack.Refused{Why: why, Declared: pack.Mark{Name: "hu\x1bis", Version: "1.0"}, Given: pack.Mark{Name: "ander", Version: "2.0"}})
			if said := err.Error(); !strings.Contains(said, "1.0") || strings.Contains(said, "\x1b") || strings.HasPrefix(said, "pack.refused") {
				t.Errorf("%s: %q", why, said)
			}
		}
		err := evolve.PackFailed(catalogue, "huis", "", pack.Faulty{Problems: problem.List{problem.New(problem.PackTooDeep, "", 10).At("files/a\x1b[2J", 3, 0)}})
		if said := err.Error(); !strings.Contains(said, ":3: ") || strings.Contains(said, "\x1b") {
			t.Errorf("%q", said)
		}
	}
	if err := evolve.PackFailed(text.Load(text.Dutch), "", "", problem.List{}); err != nil {
		t.Errorf("what is not of a pack gives %v", err)
	}
}
