package deliver_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/deliver"
)

// secret looks like one, and is in no file as it is.
var secret = "Zomer" + "2019" + "-Oss"

func TestRules(t *testing.T) {
	t.Parallel()
	checktest.Rules(t, deliver.Checker(), "testdata", "{{secret}}", secret, "{{secret64}}", base64.StdEncoding.EncodeToString([]byte(secret)))
}

// TestWords: every finding of the mutations has its words, which show its values.
func TestWords(t *testing.T) {
	t.Parallel()
	checktest.Words(t, "deliver", deliver.Checker().Rules(), nil)
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) < 40 {
		t.Fatalf("%d archives: %v", len(archives), err)
	}
	for _, name := range archives {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		trees := map[string]map[string]string{}
		for _, f := range txtar.Parse(body).Files {
			tree, path, _ := strings.Cut(f.Name, "/")
			if trees[tree] == nil {
				trees[tree] = map[string]string{}
			}
			trees[tree][path] = strings.NewReplacer("{{secret}}", secret).Replace(string(f.Data))
		}
		for _, files := range trees {
			checktest.Words(t, "deliver", nil, ours(checktest.Run(t, files, deliver.Checker())))
		}
	}
}

// ours are the findings of this package.
func ours(result *check.Result) []check.Finding {
	return slices.DeleteFunc(checktest.Findings(result), func(f check.Finding) bool { return !strings.HasPrefix(f.Rule, "deploy-") })
}

// TestLookAlikes: what a reviewer lets pass is no finding. The notes about what a
// repository might have besides are left out.
func TestLookAlikes(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"an image that is made by hand elsewhere": {"Dockerfile": "# FROM node:latest\n# curl https://x.test | sh\nARG BASE\nFROM ${BASE}\nCMD [\"x\"]\n"},
		"an image that never runs":                {"Dockerfile": "FROM scratch\nCOPY bin/x /x\n"},
		"a user of an earlier stage":              {"Dockerfile": "FROM node:24 AS base\nUSER node\nFROM base\nCMD [\"node\"]\n"},
		"a user by a number that is given":        {"Dockerfile": "FROM python:3.13\nARG UID=1000\nUSER ${UID}\n"},
		"an image that drops root itself":         {"Dockerfile": "FROM debian:13\nRUN apt-get install -y gosu && gosu nobody true\n"},
		"an image of which the name says so":      {"Dockerfile": "FROM nginxinc/nginx-unprivileged:1.29\nEXPOSE 8080\n"},
		"a secret that is mounted":                {"Dockerfile": "FROM node:24\nARG NODE_ENV=production\nENV PASSWORD_FILE=/run/secrets/x TOKEN_URL=https://x.test SECRET_KEY=\nRUN --mount=type=secret,id=npm npm ci\nUSER node\n"},
		"a secret for the build only":             {"Dockerfile": "FROM node:24 AS build\nARG NPM_TOKEN\nFROM node:24\nARG SECRET_KEY=dummy-for-collectstatic\nUSER node\n"},
		"a download that is looked at":            {"Dockerfile": "FROM debian:13\nRUN curl -fsSL https://x.test/x.sh -o x.sh && sha256sum -c x.sum && sh x.sh\nADD --checksum=sha256:0 https://x.test/y /y\nUSER 1\n"},
		"curl to something else":                  {"Dockerfile": "FROM debian:13\nRUN curl -s https://x.test | tar xz && curl -s https://x.test/k | gpg --dearmor\nUSER 1\n"},
		"a copy of one folder":                    {"Dockerfile": "FROM node:24\nCOPY src/ ./\nCOPY --from=node:24 . .\nUSER 1\n"},
		"an ignore file of its own":               {"api/Dockerfile": "FROM node:24\nCOPY . .\nUSER 1\n", "api/Dockerfile.dockerignore": ".git\n"},
		"an image for a desk":                     {"Dockerfile.dev": "FROM node\n", ".devcontainer/Dockerfile": "FROM node\n", "tests/Dockerfile": "FROM node\n", "Dockerfile.md": "FROM node\n"},
		"a here document":                         {"Dockerfile": "FROM node:24\nRUN <<EOF\nUSER root\nFROM node\nEOF\nUSER 1\n"},
		"compose with values of elsewhere":        {"docker-compose.yml": "services:\n  a:\n    image: ${IMAGE}\n  b:\n    image: x@sha256:0\n  c:\n    build: .\n    image: c:latest\n    volumes: [./docker.socks:/x]\n"},
		"compose for a desk":                      {".devcontainer/docker-compose.yml": "services:\n  a:\n    image: x\n    privileged: true\n"},
		"a patch for kustomize":                   {"k8s/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n  - name: web\n    newTag: 1.2.3\n", "k8s/patch.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          env: []\n"},
		"a secret that is sealed":                 {"k8s/s.yaml": "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: AgBy3\n", "k8s/t.yaml": "apiVersion: v1\nkind: Secret\nstringData:\n  password: ENC[AES256,data:x]\nsops: {}\n", "k8s/u.yaml": "apiVersion: v1\nkind: Secret\nstringData:\n  password: ${PASSWORD}\n  token: CHANGE_ME\n"},
		"an ingress on a laptop":                  {"k8s/i.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  rules:\n    - host: app.localhost\n"},
		"an ingress with a certificate elsewhere": {"k8s/i.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations:\n    alb.ingress.kubernetes.io/certificate-arn: x\nspec: {}\n"},
		"manifests as an example":                 {"docs/k8s/d.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n  containers: [{name: a, image: b}]\n", "examples/p.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: a, image: b}]\n"},
		"YAML that is no manifest":                {"openapi.yaml": "openapi: 3.0.3\ninfo: {}\nx: |\n  apiVersion: v1\n  kind: Pod\n", "broken.yaml": "a: [\n", "i18n/nl.yaml": "kind: x\n"},
		"a chart with what nobody can follow":     {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: '1'\n", "c/templates/d.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  template:\n    spec:\n      {{- include \"lib.pod\" . | nindent 6 }}\n      containers:\n        - name: x\n          image: {{ include \"lib.image\" . }}\n          {{- include \"lib.container\" . | nindent 10 }}\n"},
		"a chart of somebody else":                {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/charts/redis/Chart.yaml": "name: other\n", "c/charts/redis/templates/d.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: a, image: b}]\n"},
		"where a secret is":                       {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/values.schema.json": "{}", "c/values.yaml": "existingSecret: web\nexistingSecretPasswordKey: password\ntlsSecret: web-tls\nsecretKey: secret-key\npassword: \"\"\ntoken: \"{{ .Values.x }}\"\nenablePassword: true\npasswordLength: 12\n# password: Abc123xyz\n"},
		"actions of the project itself":           {".github/workflows/x.yml": "on: push\npermissions: {}\njobs:\n  a:\n    uses: ./.github/workflows/y.yml\n  b:\n    steps:\n      - uses: ./actions/z\n      - uses: docker://alpine:3.20\n      - run: echo ${{ github.event.pull_request.number }} ${{ github.sha }}\n      - run: echo \"${{ secrets.X }}\" > key.pem\n      - run: echo $GITHUB_TOKEN | gh auth login --with-token\n"},
		"pull_request_target without code":        {".github/workflows/x.yml": "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    steps:\n      - run: gh pr edit --add-label x\n"},
		"a matrix of versions":                    {".github/workflows/x.yml": "on: push\npermissions: {}\njobs:\n  a:\n    strategy:\n      matrix: {v: ['3.9', '3.13']}\n    steps:\n      - uses: ./x\n        with: {python-version: '${{ matrix.v }}'}\n"},
		"a version that is the least":             {"go.mod": "module x\n\ngo 1.18\n", "composer.json": "{\"require\": {\"php\": \">=7.4\"}}", "package.json": "{\"engines\": {\"node\": \">=12\"}}", ".nvmrc": "lts/*\n", "Dockerfile": "FROM node:24-alpine3.9 AS x\nUSER node\n"},
		"dependencies with a version":             {"package.json": "{\"dependencies\": {\"a\": \"workspace:*\", \"b\": \"file:packages/b\", \"c\": \"npm:d@1\", \"e\": \"x/e#0123abc\"}, \"peerDependencies\": {\"a\": \"*\"}}", "composer.json": "{\"require\": {\"ext-intl\": \"*\", \"a/b\": \"~1.2\"}}", "requirements.txt": "-c constraints.txt\nrequests\n", "requirements-dev.txt": "black\n"},
		"dependencies that a lock file holds":     {"package.json": "{\"dependencies\": {\"a\": \"latest\", \"b\": \"github:x/y\"}}", "yarn.lock": "", "web/package.json": "{\"dependencies\": {\"a\": \"*\"}}", "api/composer.json": "{\"require\": {\"a/b\": \"*\", \"c/d\": \"dev-main\"}}", "api/composer.lock": "{}"},
		"a module in the repository":              {"go.mod": "module x\n\nreplace a => ./a // ../b\n\nreplace c v1.0.0 => d v1.2.0\n", "a/go.mod": "module a\n"},
		"actions of the same owner":               {"publiccode.yml": "url: \"https://github.com/Gemeente-Oss/web\"\n", ".github/workflows/x.yml": "on: push\npermissions: {}\njobs:\n  a:\n    uses: gemeente-oss/workflows/.github/workflows/y.yml@v1\n"},
		"actions of where Git fetches from":       {".git/config": "[remote \"origin\"]\n\turl = git@github.com:gemeente-oss/web.git\n", ".github/workflows/x.yml": "on: push\npermissions: {}\njobs:\n  a:\n    uses: gemeente-oss/workflows/.github/workflows/y.yml@main\n"},
		"images of helpers":                       {"Dockerfile": "FROM node:24\nUSER node\n", "docker/mock/Dockerfile": "FROM nginx\n", "docker/docker-compose.x.yml": "services:\n  a: {image: x, privileged: true}\n"},
		"an image that is built beside":           {"compose.yml": "services:\n  a:\n    build: .\n    image: x/y:latest\n  b:\n    image: x/y:latest\n"},
		"a chart that is an example":              {"main.go": "package main\n", ".gitlab-ci.yml": "a: {script: [go test]}\n", "examples/c/Chart.yaml": "name: x\n", "examples/c/templates/d.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: a, image: b}]\n"},
		"compose for who develops":                {"docker-compose.keycloak.dev.yml": "services:\n  a: {image: x, network_mode: host}\n"},
		"an ingress with tls for who wants it":    {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/values.yaml": "ingress:\n  tls: []\n", "c/values.schema.json": "{}", "c/templates/i.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x}\nspec:\n  {{- if .Values.ingress.tls }}\n  tls:\n    {{- toYaml .Values.ingress.tls | nindent 4 }}\n  {{- end }}\n  rules: []\n"},
		"JSON with that name":                     {"data/bom.json": "{\"weather\": 1}"},
	} {
		for _, f := range ours(checktest.Run(t, files, deliver.Checker())) {
			if !strings.HasPrefix(f.Rule, "deploy-haven-") && f.Rule != "deploy-chart-describe" {
				t.Errorf("%s: %s %s:%d %s %q", name, f.Rule, f.Path, f.Line, f.Case, f.Args)
			}
		}
	}
}

// TestExample: the component that is delivered with fieldlab is clean, and is looked at.
func TestExample(t *testing.T) {
	t.Parallel()
	r, err := check.Open("../../../examples/verhuizing/component", check.Options{Name: "verhuizing"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	result, err := check.Run(t.Context(), r, []check.Checker{deliver.Checker()})
	if err != nil {
		t.Fatal(err)
	}
	met := 0
	for _, v := range result.Verdicts {
		if v.Outcome == check.Met {
			met++
		}
	}
	if met < 30 {
		t.Errorf("only %d rules had something to look at", met)
	}
	for _, f := range ours(result) {
		t.Errorf("%s %s:%d %s %q", f.Rule, f.Path, f.Line, f.Case, f.Args)
	}
}

// TestCommand: a command in an image is no application, and Haven asks nothing of it.
func TestCommand(t *testing.T) {
	t.Parallel()
	files := map[string]string{"main.go": "package main\n", "Dockerfile": "FROM golang:1.27\nUSER 1\nENTRYPOINT [\"x\"]\n"}
	for _, v := range checktest.Run(t, files, deliver.Checker()).Verdicts {
		if strings.HasPrefix(v.Rule.ID, "deploy-haven-") && v.Outcome != check.Idle {
			t.Errorf("%s is %s", v.Rule.ID, v.Outcome)
		}
	}
}
