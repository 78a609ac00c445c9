package main

import (
	"context"
	"maps"
	"path/filepath"
	"runtime"
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
	put(t, p, toolsFile, "helm helm.sh/helm@latest\nhelm\n\nx y@v1 z\nx y\nx -e@v1\nnpm @scope/name\nk example.org/k@v1.0.0\r\nk example.org/l@v1.0.0\n")
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

// TestToolsAreNothingElse: a line names a program of others at one version, and no
// folder or address.
func TestToolsAreNothingElse(t *testing.T) {
	for _, line := range []string{
		"crane example.org/crane@v1", "crane example.org/crane@HEAD", "crane example.org/crane@develop", "crane example.org/crane@upgrade", "crane example.org/crane@>v1.0.0",
		"crane ./eigen@v1.0.0", "crane ../crane@v1.0.0", "crane /tmp/crane@v1.0.0", "crane example.org/../crane@v1.0.0", "crane -exec=sh@v1.0.0", "crane cmd/go@v1.0.0",
		"npm axe-core@^4.0.0", "npm axe-core@4", "npm axe-core@next", "npm ./eigen@1.0.0", "npm git+https://example.org/x@1.0.0", "npm axe-core@npm:anders@1.0.0", "npm https://example.org/x.tgz@1.0.0",
		"npm --call=sh@1.0.0", "npm wie/wat@1.0.0",
	} {
		if got, err := readTool(line); err == nil {
			t.Errorf("%s is taken: %+v", line, got)
		}
	}
	for _, line := range []string{"x example.org/x@v0.0.0-20261130110000-0123456789ab", "x example.org/X/v2/cmd/x_y@v2.0.0-rc.1+incompatible", "npm @a/b.c@1.0.0-beta.1"} {
		if _, err := readTool(line); err != nil {
			t.Error(err)
		}
	}
}

// TestSecretsOfCI: a program gets no secret that is for another one.
func TestSecretsOfCI(t *testing.T) {
	ctx := context.Background()
	p, _ := here(t)
	for name := range secretsOfCI {
		t.Setenv(name, "waarde-van-"+name)
	}
	t.Setenv("GOOS", "plan9")
	dir := t.TempDir()
	program := filepath.Join(dir, "toon")
	put(t, p, "toon/go.mod", "module example.org/toon\n\ngo 1.26.0\n")
	put(t, p, "toon/main.go", "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() { fmt.Println(os.Environ()) }\n")
	made := p
	made.dir = p.path("toon")
	if err := made.with("GOOS="+runtime.GOOS).run(ctx, "go", "build", "-o", program, "."); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"crane", "cosign", "go"} {
		said, err := p.start(ctx, true, who, []string{program})
		if err != nil || !strings.Contains(said, "GOOS=plan9") {
			t.Fatalf("%s: %v", said, err)
		}
		for name, readers := range secretsOfCI {
			if got := strings.Contains(said, "waarde-van-"+name); got != slices.Contains(readers, who) {
				t.Errorf("%s gets %s: %v", who, name, got)
			}
		}
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
