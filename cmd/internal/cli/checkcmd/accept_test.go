package checkcmd

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// TestAcceptMany: what is accepted is all that fails, also when that is more than is kept
// of a rule.
func TestAcceptMany(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	conflict := "package a\n" + strings.Repeat("<", 7) + " HEAD\nvar x = 1\n=======\nvar x = 2\n" + strings.Repeat(">", 7) + " b\n"
	for i := range 250 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d.go", i)), []byte(conflict), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	d := evolve.Deps{
		IO: &terminal.IO{In: strings.NewReader(""), Out: &out, Err: &out}, Text: text.Load(text.Dutch), Version: "1.2.3",
		Env: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) },
	}
	for _, args := range [][]string{{dir, "--rule", "repo-merge-marker", "--accept", "oud werk", "--until", "2026-12-31"}, {dir, "--rule", "repo-merge-marker"}} {
		cmd := New(d, nil)
		cmd.SetArgs(args)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.ExecuteContext(t.Context()); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
	if !strings.Contains(out.String(), "250 uitzonderingen") {
		t.Error(out.String())
	}
}
