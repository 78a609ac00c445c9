package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoArgumentSteersTheTerminal: a name can come from elsewhere, by a
// pattern that the shell fills in.
func TestNoArgumentSteersTheTerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	const evil = "a\x1b]0;x\x07\u009b2J\u202eb"
	if err := os.WriteFile(evil+".yaml", []byte("version: 1\ncomponent: {title: x}\n"), 0o600); err != nil {
		t.Skip("no such names on this system")
	}
	if err := os.WriteFile(evil, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{evil}, {"--" + evil}, {"--lang", evil}, {"new", "x", evil}, {"new", evil, "--defaults"}, {"new", evil + "2", "--defaults", "--dry-run"},
		{"new", filepath.Join("map", evil), "--defaults", "--no-git"}, {"new", "x", "--answers", evil + ".yaml"}, {"new", "x", "--answers", evil + ".none"},
		{"new", "x", "--defaults", "--set", evil}, {"new", "x", "--defaults", "--set", evil + "=1"}, {"new", "x", "--defaults", "--set", "component.name=" + evil},
		{"answers", "validate", evil + ".yaml"}, {"answers", "validate", evil + ".none"}, {"answers", "example", evil}, {"answers", evil},
		{"explain", evil}, {"help", evil}, {"completion", evil}, {"version", evil},
	} {
		sys, out, words := testSystem()
		Main(sys, args)
		if said := out.String() + words.String(); strings.ContainsAny(said, "\x1b\x07\u009b\u202e") {
			t.Errorf("fieldlab %q says %q", args, said)
		}
	}
}
