package generator_test

import (
	"context"
	"flag"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

var update = flag.Bool("update", false, "write anew what follows from other files of this repository")

const (
	componentMod = "../templates/component/go.mod.tmpl"
	componentSum = "../templates/component/go.sum"
	componentBOM = "../templates/component/deploy/sbom.cdx.json.tmpl"
)

// TestDependencies: a component depends on what this repository tests it with,
// module by module and version by version. With -update the files are written
// anew: a component is generated and go mod tidy says what it needs, given the
// versions of this repository, and its own program lists them. That the list is that
// of every component, TestSBOM in examples sees.
func TestDependencies(t *testing.T) {
	if *update {
		tidy(t)
	}
	mod := read(t, componentMod)
	if !strings.HasPrefix(mod, "module {{ .Module }}\n") {
		t.Errorf("%s does not begin with the module of the component", componentMod)
	}
	root := read(t, "../go.mod")
	if got, want := goVersion(mod), goVersion(root); got != want {
		t.Errorf("a component asks for go %s, this repository for go %s", got, want)
	}
	ours, theirs, needed := requirements(root), requirements(mod), componentModules(t)
	for name, version := range theirs {
		if tested := ours[name]; tested != version && (tested != "" || slices.Contains(needed, name)) {
			t.Errorf("a component requires %s %s, this repository tests it with %q; run: make update", name, version, tested)
		}
	}
	sums, list, onLinux := read(t, componentSum), read(t, componentBOM), componentModules(t, "GOOS=linux", "CGO_ENABLED=0")
	for _, name := range needed {
		switch version := theirs[name]; {
		case version == "":
			t.Errorf("the packages of a component need %s, which go.mod.tmpl lacks; run: make update", name)
		case !strings.Contains(sums, name+" "+version+" h1:"):
			t.Errorf("go.sum of a component lacks %s %s; run: make update", name, version)
		case !strings.Contains(list, `"pkg:golang/`+name+"@"+url.QueryEscape(version)+`"`):
			if slices.Contains(onLinux, name) { // of what the image runs on
				t.Errorf("%s lacks %s %s; run: make update", componentBOM, name, version)
			}
		}
	}
}

// TestSchema: the schema that editors of a component find is that of this
// version of the answers file.
func TestSchema(t *testing.T) {
	const name = "../templates/component/" + answers.SchemaFile
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, name, string(answers.Schema()))
	}
	if read(t, name) != string(answers.Schema()) {
		t.Errorf("%s is not the schema of the answers file; run: make update", name)
	}
}

// componentModules lists the modules that kern needs, its harness for the tests
// of a team included. Its own tests stay here, so what they need does too.
func componentModules(t *testing.T, env ...string) []string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./templates/component/kern/...")
	list.Dir, list.Env = "..", append(os.Environ(), env...)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	names := strings.Fields(string(out))
	slices.Sort(names)
	return slices.Compact(names)
}

// tidy writes go.mod.tmpl and go.sum of the component anew.
func tidy(t *testing.T) {
	t.Helper()
	r := request(t, benchExample)
	r.Dir, r.NoGit = filepath.Join(t.TempDir(), "component"), true
	if _, err := generator.Generate(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	// With what the packages of a component need as a start, in the versions
	// of this repository, tidy keeps those and adds what their own tests need.
	own := moduleLine.FindString(read(t, filepath.Join(r.Dir, "go.mod")))
	root := read(t, "../go.mod")
	versions := requirements(root)
	start := own + "\n\ngo " + goVersion(root) + "\n\nrequire (\n"
	for _, name := range componentModules(t) {
		start += "\t" + name + " " + versions[name] + "\n"
	}
	start += ")\n"
	write(t, filepath.Join(r.Dir, "go.mod"), start)
	write(t, filepath.Join(r.Dir, "go.sum"), read(t, "../go.sum"))
	command := exec.Command("go", "mod", "tidy")
	command.Dir = r.Dir
	command.Env = append(os.Environ(), "GOWORK=off")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go mod tidy: %v\n%s", err, out)
	}
	mod := read(t, filepath.Join(r.Dir, "go.mod"))
	write(t, componentMod, moduleLine.ReplaceAllLiteralString(mod, "module {{ .Module }}"))
	write(t, componentSum, read(t, filepath.Join(r.Dir, "go.sum")))
	listModules(t, r.Dir, strings.TrimPrefix(own, "module "))
}

// listModules makes of the list of modules of the component in dir the template for
// all: they differ in the name of their own module alone.
func listModules(t *testing.T, dir, own string) {
	t.Helper()
	command := exec.Command("go", "run", "./kern/bouw", "sbom")
	command.Dir = dir
	command.Env = append(os.Environ(), "GOWORK=off")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go run ./kern/bouw sbom: %v\n%s", err, out)
	}
	list := read(t, filepath.Join(dir, "deploy", "sbom.cdx.json"))
	// The licence of the component stands before those of its modules.
	list = strings.Replace(list, `"id": "EUPL-1.2"`, `"id": {{ json .Licence }}`, 1)
	list = strings.ReplaceAll(list, `"`+own+`"`, `{{ json .Module }}`)
	list = strings.ReplaceAll(list, `"pkg:golang/`+own+`@0.0.0"`, `{{ json (printf "pkg:golang/%s@0.0.0" .Module) }}`)
	if strings.Contains(list, own) {
		t.Fatalf("the list of modules names %s in another way:\n%s", own, list)
	}
	write(t, componentBOM, list)
}

var (
	moduleLine  = regexp.MustCompile(`(?m)^module .*$`)
	goLine      = regexp.MustCompile(`(?m)^go (\S+)$`)
	requireLine = regexp.MustCompile(`(?m)^(?:require )?\s*([a-z0-9.]+\.[a-z]+/\S+|[a-z0-9.]+\.[a-z]+) (v\S+)`)
)

func goVersion(mod string) string {
	if match := goLine.FindStringSubmatch(mod); match != nil {
		return match[1]
	}
	return ""
}

func requirements(mod string) map[string]string {
	found := map[string]string{}
	for _, match := range requireLine.FindAllStringSubmatch(mod, -1) {
		found[match[1]] = match[2]
	}
	return found
}

func read(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func write(t *testing.T, name, body string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}
