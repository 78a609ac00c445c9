package governance_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
)

// mutation is a publiccode.yml and what the official parser said of it.
type mutation struct{ name, verdict, text string }

func mutations(t *testing.T) []mutation {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "facts", "publiccode.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	base := string(archive.Files[0].Data)
	lines := strings.SplitAfter(strings.TrimSuffix(base, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	all := []mutation{{"base", "accepted", base}}
	for _, f := range archive.Files[1:] {
		var m mutation
		var from, to int
		if _, err := fmt.Sscanf(f.Name, "%s %s %d,%d", &m.name, &m.verdict, &from, &to); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		m.text = strings.Join(lines[:from], "") + string(f.Data) + strings.Join(lines[to:], "")
		all = append(all, m)
	}
	return all
}

// verdict is what the official parser would say: refused when there is an error, warned
// when there is only something out of date.
func verdict(result *check.Result) string {
	said := "accepted"
	for _, v := range result.Verdicts {
		if v.Rule.Group != check.Publiccode || !slices.Contains(v.Rule.Official, "publiccode-parser") {
			continue
		}
		for range v.Findings {
			if v.Rule.Severity == check.Error {
				return "refused"
			}
			said = "warned"
		}
	}
	return said
}

func TestOfficialParserSaysTheSame(t *testing.T) {
	t.Parallel()
	all := mutations(t)
	if len(all) < 150 {
		t.Fatalf("only %d mutations", len(all))
	}
	for _, m := range all {
		// files that the text names are there: the official parser was not asked to look
		result := checktest.Run(t, map[string]string{"publiccode.yml": m.text, "logo.svg": "<svg/>", "AUTHORS": "a\n"}, governance.Checker())
		if got := verdict(result); got != m.verdict {
			t.Errorf("%s is %s, the official parser says %s: %q", m.name, got, m.verdict, checktest.Lines(result, ""))
		}
	}
}

// TestOfficialParserStillSaysSo asks the parser itself, where it is installed.
func TestOfficialParserStillSaysSo(t *testing.T) {
	parser := filepath.Join(os.Getenv(official), "publiccode-parser")
	if _, err := os.Stat(parser); os.Getenv(official) == "" || err != nil {
		t.Skip(official + " has no publiccode-parser: what it said stands in testdata/facts")
	}
	for _, m := range mutations(t) {
		file := filepath.Join(t.TempDir(), "publiccode.yml")
		if err := os.WriteFile(file, []byte(m.text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(parser, "-no-external-checks", file).CombinedOutput()
		said := "accepted"
		switch {
		case err != nil:
			said = "refused"
		case strings.Contains(string(out), "warning:"):
			said = "warned"
		}
		if said != m.verdict {
			t.Errorf("%s: it says %s now, and %s when it was asked", m.name, said, m.verdict)
		}
	}
}
