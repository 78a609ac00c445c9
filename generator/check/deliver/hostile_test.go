package deliver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/deliver"
)

// places are where each kind of file is read.
var places = []string{
	"Dockerfile", "docker-compose.yml", "k8s/x.yaml", "c/Chart.yaml", "c/values.yaml", "c/templates/x.yaml", "c/templates/_x.tpl",
	".github/workflows/x.yml", ".gitlab-ci.yml", "sbom.cdx.json", "go.mod", "package.json", "package-lock.json", "composer.json", "requirements.txt", "pom.xml", ".nvmrc",
}

// look looks at a text in every place.
func look(t testing.TB, text string) {
	t.Helper()
	files := map[string]string{}
	for _, place := range places {
		files[place] = text
	}
	if files["c/Chart.yaml"] == "" {
		files["c/Chart.yaml"] = "\n"
	}
	result := checktest.Run(t, files, deliver.Checker())
	for _, v := range result.Verdicts {
		for _, m := range v.Missed {
			if m.Why == "crashed" || m.Why == "slow" {
				t.Fatalf("%s: %s of %.80q", v.Rule.ID, m.Why, text)
			}
		}
	}
}

// TestHostile: nothing hangs, and nothing crashes.
func TestHostile(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 20; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	kube := "apiVersion: v1\nkind: Pod\n"
	for name, text := range map[string]string{
		"nothing":            "",
		"a bomb":             bomb + kube,
		"an alias of itself": kube + "spec: &a\n  containers: [*a]\n",
		"deep lists":         kube + "x: " + strings.Repeat("[", 9000),
		"deep maps":          kube + strings.Repeat("{a: ", 5000),
		"deep JSON":          strings.Repeat(`{"components":[`, 9000),
		"one line":           strings.Repeat("a", 1<<20),
		"one line of dashes": strings.Repeat("- ", 1<<18),
		"many lines":         strings.Repeat("- a: b\n", 30_000),
		"going in":           stairs(2000),
		"no end":             strings.Repeat("{{ if .Values.x }}\n", 20_000),
		"open for ever":      "{{ " + strings.Repeat("x\n", 30_000),
		"includes":           "{{- define \"a\" }}\n" + strings.Repeat("{{ include \"a\" . | nindent 2 }}\n", 50) + "{{- end }}\n" + kube + "spec:\n  {{ include \"a\" . | nindent 2 }}\n",
		"the whole of it":    "x: {{ toYaml .Values | nindent 2 }}\n" + strings.Repeat("y:\n  {{- toYaml .Values.x | nindent 2 }}\n", 20_000),
		"backslashes":        "RUN " + strings.Repeat("a \\\n", 20_000),
		"here documents":     strings.Repeat("RUN <<A\n", 30_000),
		"many arguments":     "FROM a\n" + strings.Repeat("ARG A=${A}${A}\n", 50_000) + "FROM ${A}\n",
		"stages in a circle": "FROM b AS a\nFROM a AS b\nFROM b AS b\nFROM b\n",
		"no UTF-8":           "FROM \xff\xfe\nENV \xffPASSWORD=\xff\n" + kube + "\xff: \xff\n",
		"numbers":            strings.Repeat("9", 400) + ": " + strings.Repeat("9", 400) + "\n",
		"indented far":       kube + "spec:\n  {{ toYaml .Values.x | nindent 999999999999 }}\n  {{ toYaml . | indent -4 }}\n",
	} {
		began := time.Now()
		look(t, text)
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// stairs go one step deeper on each line.
func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// FuzzAll: no bytes in any of the files make it crash.
func FuzzAll(f *testing.F) {
	f.Add("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: {{ .Values.a }}\n      image: \"{{ .Values.b | default .Chart.AppVersion }}\"\n")
	f.Add("{{- with .Values.x }}\nsecurityContext:\n  {{- toYaml . | nindent 4 }}\n{{- end }}\n")
	f.Add("FROM a AS b\nRUN <<E\nx\nE\nUSER ${X:-0}\nCOPY . .\n")
	f.Add("on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ secrets.X }}\n")
	f.Add("module a\n\nreplace (\n\tb => ../c\n)\n")
	f.Add(`{"bomFormat":"CycloneDX","components":[{"purl":"pkg:golang/a@v1"}],"dependencies":{"a":"git+x"}}`)
	f.Fuzz(func(t *testing.T, text string) { look(t, text) })
}
