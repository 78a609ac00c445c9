package rules_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// TestLookAlikes runs every checker over small repositories with the mistakes of real ones.
// In verwacht.txt stands what a reviewer flags; that has to be found, and nothing else.
// Notes do not count: they say what is worth knowing.
func TestLookAlikes(t *testing.T) {
	trees, err := filepath.Glob("testdata/lookalikes/*/boom.txtar")
	if err != nil || len(trees) < 4 {
		t.Fatalf("%d trees: %v", len(trees), err)
	}
	known, groups := map[string]bool{}, map[check.Group]bool{}
	for _, checker := range rules.All("") {
		for _, rule := range checker.Rules() {
			known[rule.ID], groups[rule.Group] = true, true
		}
	}
	whole := len(groups) == len(check.Groups())
	for _, tree := range trees {
		dir := filepath.Dir(tree)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			flagged, unknown := reviewer(t, filepath.Join(dir, "verwacht.txt"), known)
			if len(unknown) > 0 && !whole {
				t.Logf("not every group has its rules yet; without %s", strings.Join(unknown, ", "))
			} else if len(unknown) > 0 {
				t.Errorf("no rule is called %s", strings.Join(unknown, ", "))
			}
			found := places(t, checktest.Run(t, files(t, tree), rules.All("")...))
			for _, place := range flagged {
				if !slices.Contains(found, place) {
					t.Errorf("not found:      %s", place)
				}
			}
			for _, place := range found {
				if !slices.Contains(flagged, place) {
					t.Errorf("nobody flagged: %s", place)
				}
			}
		})
	}
}

// files gives a tree with what looks like a secret made at this moment.
func files(t *testing.T, name string) map[string]string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	licence, err := os.ReadFile("../../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	key, certificate := pem("PRIVATE"+" KEY"), pem("CERTIFICATE")
	text := strings.NewReplacer(
		"{{UUID}}", digest("uuid")[:8]+"-"+digest("u1")[:4]+"-4"+digest("u2")[:3]+"-8"+digest("u3")[:3]+"-"+digest("u4")[:12],
		"{{ZGW}}", row("zgw", 50),
		"{{OIDC}}", row("oidc", 34),
		"{{PEM}}", key,
		"{{PEM BASE64}}", base64.StdEncoding.EncodeToString([]byte(key)),
		"{{CERTIFICATE}}", certificate,
		"{{CERTIFICATE BASE64}}", base64.StdEncoding.EncodeToString([]byte(certificate)),
		"{{SHA A}}", digest("a"),
		"{{SHA B}}", digest("b"),
		"{{EUPL}}", strings.TrimSuffix(string(licence), "\n"),
	).Replace(string(body))
	tree := map[string]string{}
	for _, file := range txtar.Parse([]byte(text)).Files {
		tree[file.Name] = string(file.Data)
	}
	return tree
}

func digest(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])
}

// row is n letters and digits in no order.
func row(seed string, n int) string {
	text := ""
	for i := 0; len(text) < n; i++ {
		sum := sha256.Sum256(fmt.Append(nil, seed, i))
		text += strings.NewReplacer("+", "", "/", "", "=", "").Replace(base64.StdEncoding.EncodeToString(sum[:]))
	}
	return text[:n]
}

func pem(kind string) string {
	var text strings.Builder
	text.WriteString("-----BEGIN " + kind + "-----\n")
	for i := range 6 {
		text.WriteString(row(fmt.Sprint(kind, i), 64) + "\n")
	}
	return text.String() + "-----END " + kind + "-----"
}

// places are the rules that are not met and where, without notes.
func places(t *testing.T, result *check.Result) []string {
	t.Helper()
	var all []string
	for _, v := range result.Verdicts {
		if len(v.Missed) > 0 && v.Rule.By == check.Files && v.Rule.Severity != check.Note {
			t.Errorf("%s could not be judged: %v", v.Rule.ID, v.Missed)
		}
		if v.Rule.Severity == check.Note {
			continue
		}
		for _, f := range v.Findings {
			place := f.Rule
			if f.Path != "" {
				place += " " + f.Path
			}
			if f.Line > 0 {
				place += fmt.Sprintf(":%d", f.Line)
			}
			if !slices.Contains(all, place) {
				all = append(all, place)
			}
		}
	}
	return all
}

// reviewer reads what a reviewer flagged: a line "RULE PATH:LINE" each.
func reviewer(t *testing.T, name string, known map[string]bool) (flagged, unknown []string) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if rule, _, _ := strings.Cut(line, " "); !known[rule] {
			unknown = append(unknown, rule)
			continue
		}
		flagged = append(flagged, line)
	}
	return flagged, unknown
}
