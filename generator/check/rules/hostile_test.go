package rules_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// given runs every checker over a file, and says which rules lost their say to it.
func given(t *testing.T, name string, body []byte) (lost []string) {
	t.Helper()
	repo, err := check.OpenFS(fstest.MapFS{name: {Data: body}}, check.Options{Knows: rules.Knows, Today: "2026-11-30"})
	if err != nil {
		t.Fatal(err)
	}
	result, err := check.Run(context.Background(), repo, rules.All(""))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range result.Verdicts {
		for _, m := range v.Missed {
			if m.Why == "slow" || m.Why == "crashed" {
				lost = append(lost, v.Rule.ID+" "+m.Why)
			}
		}
		for _, f := range v.Findings {
			if f.Path != "" && f.Line > 2+strings.Count(string(body), "\n") {
				t.Errorf("%s stands at %s:%d", f.Rule, f.Path, f.Line)
			}
		}
	}
	return lost
}

// TestWorstCases: files that are written to keep a rule busy take no rule its say. Each of
// these did, or could.
func TestWorstCases(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds of work")
	}
	rows := func(n int, row func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(row(i))
		}
		return b.String()
	}
	for name, c := range map[string]struct{ file, body string }{
		"names of secrets in one line of quotes": {"a.toml", strings.Repeat("secret-private-key'", 200_000)},
		"names of secrets on lines of their own": {"a.properties", strings.Repeat(strings.Repeat("secret-private-key'", 20)+"\n", 10_000)},
		"a key in quotes that do not end":        {"a.env", strings.Repeat("key' => \\$\t", 100_000)},
		"the same token on every line":           {"a.ts", strings.Repeat("x = \"ghp_"+strings.Repeat("aB3dE5", 6)+"\"; password = \"Zomer2026!duin\"\n", 30_000)},
		"many dependencies of any version":       {"package.json", `{"dependencies":{` + rows(100_000, func(i int) string { return fmt.Sprintf("\"a%d\":\"*\",\n", i) }) + `"z":"*"}}`},
		"a row of references":                    {"openapi.yaml", "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths:\n" + rows(20_000, func(i int) string { return fmt.Sprintf("  /a%d:\n    $ref: \"#/paths/~1a%d\"\n", i, i+1) })},
		"arrays in arrays":                       {"openapi.json", `{"openapi":"3.0.3","a":` + strings.Repeat("[", 100_000)},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			if lost := given(t, c.file, []byte(c.body)); len(lost) > 0 {
				t.Errorf("after %s: %d rules have no say: %s", time.Since(began), len(lost), lost[0])
			}
		})
	}
}

// FuzzEverything looks for a file that makes a checker panic or hang.
func FuzzEverything(f *testing.F) {
	for name, body := range map[string]string{
		"openapi.yaml": "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths:\n  /a:\n    $ref: '#/paths/~1a'\n", "package.json": `{"dependencies":{"a":"*"}}`,
		"Dockerfile": "FROM a AS a\nRUN curl x \\\n", "charts/a/templates/a.yaml": "{{ range .a }}{{ if (b }}\nkind: Secret\n", "publiccode.yml": "name: a\n",
		"a.go": "package a\n// password = \"x\"\n", "a.py": "\"\"\" ''' \nif a:\n", ".gitlab-ci.yml": "a: {script: [b]}\n", ".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{uses: a/b@main}]}}\n",
		"README.md": "# a\n[a](b)<!--", "a.sql": "CREATE TABLE a (bsn text);", "a.html": "<input name=bsn>", ".env": "TOKEN='a\\", "fieldlab-check.yaml": "ignore: ['*']\n", ".fieldlab/manifest.json": "{}", "go.mod": "module a\nreplace (\n", "docker-compose.yml": "services: {a: {image: 'b:latest'}}\n",
	} {
		f.Add(name, []byte(body))
	}
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		if !fs.ValidPath(name) || name == "." || len(body) > 64<<10 {
			t.Skip()
		}
		began := time.Now()
		if lost := given(t, name, body); len(lost) > 0 || time.Since(began) > 3*time.Second {
			t.Errorf("after %s: %v", time.Since(began), lost)
		}
	})
}
