package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadTools(t *testing.T) {
	p, _ := here(t)
	put(t, p, toolsFile, `
# comment
helm helm.sh/helm/v3/cmd/helm@v3.22.0
	npm  @stoplight/spectral-cli@6.16.3
`)
	spectral, err := p.tool("@stoplight/spectral-cli")
	if want := (tool{Name: "@stoplight/spectral-cli", Path: "@stoplight/spectral-cli@6.16.3", NPM: true}); err != nil || spectral != want {
		t.Errorf("%+v, %v", spectral, err)
	}
	helm, err := p.tool("helm")
	if want := (tool{Name: "helm", Path: "helm.sh/helm/v3/cmd/helm@v3.22.0"}); err != nil || helm != want {
		t.Errorf("%+v, %v", helm, err)
	}
	if _, err := p.tool("syft"); err == nil || !strings.Contains(err.Error(), "syft staat niet in deploy/gereedschap.txt") {
		t.Error(err)
	}
	put(t, p, toolsFile, "helm helm.sh/helm@latest\nhelm\n\nx y@v1 z\nx y\nx -e@v1\nnpm @scope/name\nk k@v1\r\nk l@v1\n")
	_, err = p.tool("helm")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{":1: ", ":2: ", ":4: ", ":5: ", ":6: ", ":7: ", ":9: k staat er twee keer"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
	if strings.Count(err.Error(), "\n") != 6 {
		t.Errorf("not seven lines:\n%v", err)
	}
}

// TestToolsOfComponent: the list that goes into every component.
func TestToolsOfComponent(t *testing.T) {
	tools, err := readTools(filepath.FromSlash("../../" + toolsFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"golangci-lint", "govulncheck", "gitleaks", "crane", "cosign", "helm", "kubeconform", "kube-score"} {
		if tools[name].Path == "" || tools[name].NPM {
			t.Errorf("%s is not among %v", name, slices.Sorted(maps.Keys(tools)))
		}
	}
}

func TestPrograms(t *testing.T) {
	ctx := context.Background()
	p, said := here(t)
	got, err := p.with("GOOS=plan9").output(ctx, "go", "env", "GOOS")
	if err != nil || strings.TrimSpace(got) != "plan9" {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.Mkdir(p.path("sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err = p.in("sub").output(ctx, "go", "env", "GOMOD"); err != nil || filepath.Base(strings.TrimSpace(got)) != "go.mod" {
		t.Errorf("%q, %v", got, err)
	}
	if err := p.run(ctx, "go", "env", "GOOS"); err != nil || said.Len() == 0 {
		t.Errorf("%q, %v", said, err)
	}
	if err := p.run(ctx, "go", "vet", "./nergens"); err == nil || !strings.Contains(err.Error(), "go meldt fouten (code 1)") {
		t.Error(err)
	}
	if err := p.run(ctx, "bestaat-niet-hier"); err == nil || !strings.Contains(err.Error(), "bestaat-niet-hier staat niet op deze computer: installeer het") {
		t.Error(err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := p.run(ctx, "npx"); err == nil || !strings.Contains(err.Error(), "installeer Node.js 20") {
		t.Error(err)
	}
}
