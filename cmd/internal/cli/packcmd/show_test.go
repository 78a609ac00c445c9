package packcmd

import "testing"

// TestRuns: what runs, or tells a program what to run, is named to who reviews a pack.
func TestRuns(t *testing.T) {
	for name, body := range map[string]string{
		"tests/a_test.go": "", "5-interactie/start.html": "", ".github/workflows/ci.yml": "", ".gitlab-ci.yml": "", ".travis.yml": "", ".woodpecker/a.yml": "",
		"Taskfile.yml": "", "justfile": "", "MAKEFILE": "", "GNUmakefile": "", "sub/Makefile": "", "package.json": "", "docker-compose.yml": "", "compose.yaml": "",
		"sub/Dockerfile.dev": "", "Containerfile": "", ".goreleaser.yml": "", "goreleaser.yaml": "", "renovate.json": "", "Procfile": "", "Jenkinsfile": "",
		"docs/x.rb": "", "docs/x.PY": "", "docs/x.fish": "", "docs/run": "#!/bin/sh\n", "docs/leesmij.md": "#!/bin/sh\n", "deploy/helm/x.yaml": "",
		"azure-pipelines.yml": "", "bitbucket-pipelines.yml": "", "AGENTS.md": "", "docs/CLAUDE.md": "", ".golangci.yml": "", ".env": "",
	} {
		if !runs(name, []byte(body)) {
			t.Errorf("%s does not run", name)
		}
	}
	for _, name := range []string{"docs/huisstijl.md", "README.md", "5-interactie/stijl.css", "docs/logo.png", "docs/gegevens.json", "publiccode.yml"} {
		if runs(name, []byte("a\n")) {
			t.Errorf("%s runs", name)
		}
	}
}
