package secret_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/secret"
)

// inputs are files with a secret in them, one form each.
func inputs(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{
		"a/settings.yaml":       "client_secret: {{RANDOM}}\n",
		"a/quoted.yaml":         "api_key: \"{{OTHER}}\"\n",
		"a/list.yaml":           "env:\n  - CLIENT_SECRET={{RANDOM}}\n",
		"a/settings.json":       "{\n  \"apiKey\": \"{{HEX}}\",\n  \"name\": \"x\"\n}\n",
		"a/settings.toml":       "access_token = \"{{OTHER}}\"\n",
		"a/app.properties":      "spring.security.oauth2.client.registration.x.client-secret={{RANDOM}}\n",
		"a/settings.ini":        "secret_key = {{RANDOM}}\n",
		"a/main.tf":             "resource \"x\" \"y\" {\n  client_secret = \"{{RANDOM}}\"\n}\n",
		"a/deploy.sh":           "export API_TOKEN={{OTHER}}\n",
		"a/Dockerfile":          "FROM scratch\nENV API_TOKEN={{OTHER}}\n",
		"a/config.go":           "package a\n\nvar apiKey = \"{{OTHER}}\"\n",
		"a/config.ts":           "export const clientSecret: string = '{{RANDOM}}';\n",
		"a/config.py":           "API_TOKEN = '{{HEX}}'\n",
		"a/config.php":          "<?php\n$apiKey = '{{OTHER}}';\ndefine('API_SECRET', '{{RANDOM}}');\n",
		"a/Config.java":         "private static final String API_KEY = \"{{OTHER}}\";\n",
		"a/Config.cs":           "var apiKey = \"{{OTHER}}\";\n",
		"a/config.rb":           "api_key = '{{OTHER}}'\n",
		"a/aws.txt":             "{{AWS}}\n",
		"a/github.md":           "token {{GITHUB}}\n",
		"a/gitlab.yml":          "x: {{GITLAB}}\n",
		"a/npm.txt":             "{{NPM}}\n",
		"a/jwt.ts":              "const a = '{{JWT}}';\n",
		"a/key.txt":             "{{PEM RSA}}\n",
		"a/curl.sh":             "curl -H 'Authorization: Bearer {{OTHER}}' https://api.duinstad.nl/\n",
		"a/secret.yaml":         "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  token: {{BASE64}}\n",
		"a/uuid.yaml":           "apikey: {{UUID}}\n",
		"a/header.js":           "const h = { 'X-Api-Key': '{{OTHER}}' };\n",
		"a/azure.yaml":          "x: AccountKey=" + made("azure", 86, alphabet) + "==\n",
		"a/slack.txt":           "https://hooks.slack.com/services/T" + made("t", 8, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") + "/B" + made("b", 8, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") + "/" + made("hook", 24, alphabet) + "\n",
		"a/google.js":           "const key = 'AI" + "za" + made("google", 35, alphabet) + "';\n",
		"a/pypi.txt":            "py" + "pi-AgEIcHlwaS5vcmc" + made("pypi", 60, alphabet) + "\n",
		"a/huggingface.txt":     "h" + "f_" + made("hf", 34, alphabet[:52]) + "\n",
		"a/stripe.txt":          "sk" + "_live_" + made("stripe", 24, alphabet) + "\n",
		"a/grafana.txt":         "gl" + "sa_" + made("grafana", 32, alphabet) + "_" + hexed("g", 8) + "\n",
		"a/digitalocean.txt":    "do" + "p_v1_" + hexed("do", 64) + "\n",
		"a/sonar.yaml":          "sonar.login: sq" + "p_" + hexed("sonar", 40) + "\n",
		"a/nested/.env":         "CLIENT_SECRET={{RANDOM}}\n",
		"a/credentials.json":    "{\"installed\": {\"client_secret\": \"{{RANDOM}}\"}}\n",
		"a/values.yaml":         "oidc:\n  clientSecret: {{RANDOM}}\n",
		"a/docker-compose.yaml": "services:\n  a:\n    environment:\n      JWT_SECRET: {{RANDOM}}\n",
	}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(body).Files {
			if strings.HasPrefix(f.Name, "bad") {
				// A folder with "test" in its name would be one of tests.
				folder := strings.NewReplacer(".txtar", "", "test", "proof").Replace(filepath.Base(name))
				all[folder+"/"+f.Name] = string(f.Data)
			}
		}
	}
	replacer := strings.NewReplacer(words()...)
	for name, body := range all {
		all[name] = replacer.Replace(body)
	}
	return all
}

// TestGitleaks: what gitleaks finds in these files, we find, at the same line. There is no
// exception here. In whole repositories there are: gitleaks tells of the ids of records under
// "key", of tokens in the examples of an API and in recorded answers of tests, and of a value
// once for every line it stands on.
func TestGitleaks(t *testing.T) {
	program, err := exec.LookPath("gitleaks")
	if err != nil {
		if os.Getenv("FIELDLAB_E2E") == "all" {
			t.Fatal(err)
		}
		t.Skip("gitleaks is not here: ", err)
	}
	files := inputs(t)
	dir := t.TempDir()
	for name, body := range files {
		path := filepath.Join(dir, "tree", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	report := filepath.Join(dir, "report.json")
	run := exec.CommandContext(t.Context(), program, "dir", "--no-banner", "--log-level=error", "--exit-code=0", "--report-format=json", "--report-path="+report, ".")
	run.Dir = filepath.Join(dir, "tree")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	body, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var theirs []struct {
		RuleID, File string
		StartLine    int
	}
	if err := json.Unmarshal(body, &theirs); err != nil || len(theirs) < 30 {
		t.Fatalf("%d findings: %v", len(theirs), err)
	}
	ours := map[string][]int{}
	for _, v := range checktest.Run(t, files, secret.Checker()).Verdicts {
		for _, f := range v.Findings {
			if v.Rule.Severity != check.Note {
				ours[f.Path] = append(ours[f.Path], f.Line)
			}
		}
	}
	for _, their := range theirs {
		name := filepath.ToSlash(their.File)
		reach := 1
		if their.RuleID == "kubernetes-secret-yaml" {
			reach = 10 // it tells of the kind; we of the value
		}
		near := func(line int) bool { return line >= their.StartLine-1 && line <= their.StartLine+reach }
		if !slices.ContainsFunc(ours[name], near) {
			t.Errorf("gitleaks finds %s at %s:%d, we find %v", their.RuleID, name, their.StartLine, ours[name])
		}
	}
	missed := 0
	for name := range ours {
		if !slices.ContainsFunc(theirs, func(their struct {
			RuleID, File string
			StartLine    int
		}) bool {
			return filepath.ToSlash(their.File) == name
		}) {
			missed++
			t.Log("only we find", name)
		}
	}
	if missed == 0 {
		t.Error("gitleaks finds a password in an address now: is a set of our own still needed?")
	}
}

// TestEveryInput: each of the files has something to tell.
func TestEveryInput(t *testing.T) {
	files := inputs(t)
	found := map[string]bool{}
	for _, v := range checktest.Run(t, files, secret.Checker()).Verdicts {
		for _, f := range v.Findings {
			found[f.Path] = true
		}
	}
	for name := range files {
		if !found[name] {
			t.Errorf("nothing in %s:\n%s", name, files[name])
		}
	}
}
