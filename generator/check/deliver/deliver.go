// Package deliver holds what brings a component into production against Haven and the practice of Kubernetes: image, compose, chart, manifests, CI and SBOM.
package deliver

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Checker is its set of rules. Nothing is rendered, built or run: charts are read as text.
func Checker() check.Checker { return checker{} }

type checker struct{}

func (checker) Rules() []check.Rule { return list() }

func (checker) Start(r *check.Repo, to *check.Report) check.Look {
	l := &look{r: r, to: to, said: map[string]bool{}, charts: map[string]*folder{}, locks: map[string]modules{}, owner: ownerOf(r)}
	for _, f := range r.Files() {
		if f.Name() == "Chart.yaml" && !isAside(f) {
			l.charts[path.Dir(f.Path)] = &folder{}
		}
		l.billed = l.billed || isSBOM(f.Name())
	}
	for at := range l.charts {
		if l.isVendored(at) {
			delete(l.charts, at)
		}
	}
	return l
}

// maxHeld is how much of charts and manifests is kept until all of them are there.
const maxHeld = 16 << 20

// look is at work in one repository.
type look struct {
	r    *check.Repo
	to   *check.Report
	said map[string]bool // findings that were added

	charts    map[string]*folder // by folder
	manifests []held
	size      int
	full      bool

	images    bool   // a Dockerfile that is no tool of a desk
	serves    bool   // an image or service has a port, so that it is no command for a laptop
	metrics   bool   // something says where to fetch figures
	helmed    bool   // a chart or manifests
	code      bool   // source of a program
	tests     bool   // and of its tests
	owner     string // on GitHub, as publiccode.yml has it; "" when it does not
	billed    bool   // there is a bill of materials
	pipelines []pipeline
	sboms     []sbom
	locks     map[string]modules // versions by the folder of go.mod or package-lock.json
}

// held is a file that is judged when all of them are there.
type held struct {
	path string
	body []byte
}

// folder is a chart as it was found.
type folder struct {
	file, values *held
	templates    []held
}

// isVendored says whether a chart is a copy of somebody else's, in the charts/ of another.
func (l *look) isVendored(at string) bool {
	for up := path.Dir(at); up != "."; up = path.Dir(up) {
		if path.Base(up) == "charts" {
			if _, within := l.charts[path.Dir(up)]; within {
				return true
			}
		}
	}
	return false
}

// add takes a finding once: four workloads with one value give one.
func (l *look) add(f check.Finding) {
	args := f.Args
	if f.Rule == ruleKubeSecurity || f.Rule == ruleKubeResources || f.Rule == ruleKubeImage {
		args = args[1:]
	}
	line := f.Line
	if f.Rule == ruleRuntime {
		line = 0 // three stages of one image
	}
	id := strings.Join(append([]string{f.Rule, f.Case, f.Path, strconv.Itoa(line)}, args...), "\x00")
	if !l.said[id] && len(l.said) < 10_000 {
		l.said[id] = true
		l.to.Add(f)
	}
}

// aside are folders with what is not this project's way into production.
var aside = []string{".devcontainer", "docs", "doc", "example", "examples", "sample", "samples", "demo", "demos", "dev", "development", "local", "minikube", "kind", "k3d", "playground", "third_party", "templates", "skeleton"}

func isAside(f check.File) bool {
	if f.Test {
		return true
	}
	for part := range strings.SplitSeq(path.Dir(strings.ToLower(f.Path)), "/") {
		if slices.Contains(aside, part) {
			return true
		}
	}
	return false
}

// isHelper says whether a file for Docker describes something beside the application: in a
// folder docker, while the one of the application is in the root.
func (l *look) isHelper(name string) bool {
	folder, _, inside := strings.Cut(name, "/")
	if !inside || folder != "docker" && folder != "docker-compose" && folder != ".docker" {
		return false
	}
	for _, root := range []string{"Dockerfile", "Containerfile"} {
		if l.r.Has(root) {
			return true
		}
	}
	return false
}

// chartOf is the folder of the chart in which a file lies.
func (l *look) chartOf(name string) (string, bool) {
	if len(l.charts) == 0 {
		return "", false
	}
	for at := path.Dir(name); ; at = path.Dir(at) {
		if _, found := l.charts[at]; found {
			return at, true
		}
		if at == "." {
			return "", false
		}
	}
}

// Wants takes what it knows by name, and YAML.
func (l *look) Wants(f check.File) bool {
	if f.Kern {
		return false
	}
	switch f.Ext() {
	case ".yaml", ".yml", ".tpl", ".dockerfile", ".containerfile":
		return true
	case ".json":
		lock := l.billed && f.Name() == "package-lock.json" && f.Size <= 1<<20
		return lock || f.Name() == "package.json" || f.Name() == "composer.json" || isSBOM(f.Name())
	}
	if isDockerfile(f.Name()) || isPipeline(f.Path) {
		return true
	}
	switch f.Name() {
	case "go.mod", "pom.xml", ".nvmrc", ".node-version", ".python-version", ".php-version", "runtime.txt", ".tool-versions":
		return true
	}
	return isRequirements(f.Name())
}

func (l *look) File(ctx context.Context, f check.File, body []byte) {
	name := f.Name()
	switch {
	case isSBOM(name):
		l.sbom(f, body)
	case isPipeline(f.Path):
		l.pipeline(f, body)
	case isDockerfile(name):
		if !isAside(f) && !l.isHelper(f.Path) {
			l.dockerfile(f.Path, body)
		}
	case isCompose(name):
		l.compose(f, body)
	case f.Ext() == ".yaml" || f.Ext() == ".yml" || f.Ext() == ".tpl":
		l.keep(f, body)
	default:
		l.dependencies(f, body)
	}
}

// keep holds a file of a chart, or a manifest, until the others are there.
func (l *look) keep(f check.File, body []byte) {
	at, inChart := l.chartOf(f.Path)
	if !inChart {
		if f.Ext() == ".tpl" || isAside(f) || !hasLine(body, "apiVersion:") || !hasLine(body, "kind:") {
			return
		}
		if l.hold(f, body) {
			l.manifests = append(l.manifests, held{f.Path, body})
		}
		return
	}
	c := l.charts[at]
	rest := strings.TrimPrefix(strings.TrimPrefix(f.Path, at), "/")
	file := held{f.Path, body}
	switch {
	case rest == "Chart.yaml":
		c.file = &file
	case rest == "values.yaml":
		c.values = &file
	case strings.HasPrefix(rest, "templates/") && !strings.HasPrefix(rest, "templates/tests/"):
		if l.hold(f, body) {
			c.templates = append(c.templates, file)
		}
	}
}

// hold says whether there is room for one more.
func (l *look) hold(f check.File, body []byte) bool {
	if l.size += len(body); l.size <= maxHeld {
		return true
	}
	if !l.full {
		l.full = true
		l.to.Miss(ruleKubeSecurity, f.Path, "too-much")
	}
	return false
}

// hasLine says whether a line begins with a text.
func hasLine(body []byte, text string) bool {
	body = body[:min(len(body), 1<<16)]
	return bytes.HasPrefix(body, []byte(text)) || bytes.Contains(body, []byte("\n"+text))
}

func (l *look) End(ctx context.Context) {
	l.plain(ctx)
	folders := make([]string, 0, len(l.charts))
	for at := range l.charts {
		folders = append(folders, at)
	}
	slices.Sort(folders)
	for _, at := range folders {
		if ctx.Err() != nil {
			return
		}
		l.chart(at, l.charts[at])
	}
	l.survey()
	l.continuous()
	l.haven()
	l.outdated()
}
