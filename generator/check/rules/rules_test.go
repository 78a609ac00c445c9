package rules_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// TestYieldsToARule: a rule gives way to rules that are there.
func TestYieldsToARule(t *testing.T) {
	for _, r := range rules.List() {
		for _, other := range r.Yields {
			if !rules.Knows(other) || other == r.ID {
				t.Errorf("%s yields to %s", r.ID, other)
			}
		}
	}
}

// TestTitle: a proof is called after the project and not after the folder it lies in.
func TestTitle(t *testing.T) {
	for body, want := range map[string]string{
		"publiccodeYmlVersion: \"0\"\nname: \"Verhuizing doorgeven\"\n": "Verhuizing doorgeven",
		"description:\n  name: x\nname: Kaart\r\n":                      "Kaart",
		"name: >-\n  Kaart\n":                                           "",
		"name: 'x' # y\n":                                               "",
		"":                                                              "",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "publiccode.yml"), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := rules.Look(t.Context(), dir, "", time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC))
		if err != nil || r.Title != want {
			t.Errorf("%q is called %q (%v), want %q", body, r.Title, err, want)
		}
	}
}
