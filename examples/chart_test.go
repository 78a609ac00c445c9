package examples_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const chartFolder = "deploy/helm/"

// chartValues are the values with which every chart is tried: its own, those with
// every optional part, and those with everything elsewhere.
var chartValues = map[string][]string{
	"own values": nil, "everything": {"-f", "../templates/component/deploy/helm/ci/alles.yaml"}, "elsewhere": {"-f", "testdata/chart/elders.yaml"},
	"outway here": {"--set", "outway.enabled=true,outway.url=", "--set-json", `openfsc.peer=[{"namespace": "fsc", "ports": [9443, 9444]}]`},
	"inway here":  {"--set", "inway.enabled=true", "--set-json", `openfsc.peer=[{"namespace": "fsc", "ports": [9443, 9444]}]`},
}

// chartOf writes the chart of a component and returns its folder.
func chartOf(t *testing.T, bodies map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range bodies {
		rest, ok := strings.CutPrefix(name, chartFolder)
		if !ok {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(rest))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// ask runs a program of the path and returns what it says. Whether it succeeded
// is for the caller.
func ask(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		missing(t, "there is no "+name+" in the path")
	}
	var out, errs bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String() + errs.String(), err
	}
	return out.String(), nil
}

// helm renders the chart as a release in a namespace of its own.
func helm(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := ask(t, "helm", append([]string{"template", "proef", dir, "--namespace", "component"}, args...)...)
	if err != nil {
		t.Fatalf("helm template %v: %s", args, out)
	}
	return out
}

// withValues are the arguments with which helm takes what an operator fills in.
func withValues(t *testing.T, values string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "values.yaml")
	if err := os.WriteFile(file, []byte(values), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-f", file}
}

// resource is what a chart asks Kubernetes for.
type resource map[string]any

func resources(t *testing.T, text string) (all []resource) {
	t.Helper()
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var one map[string]any
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if one != nil {
			all = append(all, one)
		}
	}
}

// dig follows keys; nil when there is nothing.
func dig(v any, keys ...string) any {
	for _, key := range keys {
		if r, ok := v.(resource); ok {
			v = map[string]any(r)
		}
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// items is a list below keys; empty when there is none.
func items(v any, keys ...string) []any {
	list, _ := dig(v, keys...).([]any)
	return list
}

func (r resource) kind() string { return fmt.Sprint(r["kind"]) }
func (r resource) name() string { return fmt.Sprint(dig(r, "metadata", "name")) }

// pod is the pod of a Deployment or CronJob, with its labels; nil for others.
func (r resource) pod() map[string]any {
	var pod any
	switch r.kind() {
	case "Deployment":
		pod = dig(r, "spec", "template")
	case "CronJob":
		pod = dig(r, "spec", "jobTemplate", "spec", "template")
	}
	m, _ := pod.(map[string]any)
	return m
}

func (r resource) container() any {
	containers := items(r.pod(), "spec", "containers")
	if len(containers) != 1 {
		return nil
	}
	return containers[0]
}

// TestChart lints and renders the chart of every example and every difficult case,
// with every set of values, and lets two programs of others judge what comes of it.
// What they know of resources of others, such as a Certificate, they do not judge.
func TestChart(t *testing.T) {
	for _, file := range allAnswers(t) {
		dir := chartOf(t, planned(t, file))
		for name, args := range chartValues {
			if out, err := ask(t, "helm", append([]string{"lint", "--strict", dir}, args...)...); err != nil {
				t.Errorf("%s, %s: helm lint --strict: %s", file, name, out)
				continue
			}
			if wrong := verdict(t, helm(t, dir, args...)); wrong != "" {
				t.Errorf("%s, %s: %s", file, name, wrong)
			}
		}
	}
}

// TestChartJudges breaks what the judges look at: one that cannot fail proves nothing.
func TestChartJudges(t *testing.T) {
	text := helm(t, chartOf(t, planned(t, verhuizing)))
	for broken, pair := range map[string][2]string{
		"an unknown field": {"revisionHistoryLimit:", "revisionHistory:"},
		"a writable root":  {"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"},
	} {
		if verdict(t, strings.ReplaceAll(text, pair[0], pair[1])) == "" {
			t.Errorf("nobody sees %s", broken)
		}
	}
}

const verhuizing = "verhuizing/fieldlab.yaml"

// verdict is what kubeconform and kube-score have against what a chart makes; "" for
// nothing. CHART_SCHEMAS is where the first finds the schemas of Kubernetes.
func verdict(t *testing.T, text string) string {
	t.Helper()
	schemas, count := os.Getenv("CHART_SCHEMAS"), len(resources(t, text))
	if schemas == "" {
		missing(t, "CHART_SCHEMAS does not say where kubeconform finds the schemas of Kubernetes (.ci/run chart)")
	}
	rendered := filepath.Join(t.TempDir(), "rendered.yaml")
	if err := os.WriteFile(rendered, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := ask(t, "kubeconform", "-strict", "-summary", "-schema-location", schemas, "-skip", "Certificate,ServiceMonitor", rendered)
	// It takes a file of which it reads nothing for a good one.
	if err != nil || !strings.Contains(out, fmt.Sprintf("Summary: %d resources", count)) || count == 0 {
		return "kubeconform: " + out
	}
	out, err = ask(t, "kube-score", "score", "--enable-optional-test", "container-seccomp-profile", "--exit-one-on-warning", "--output-format", "ci", rendered)
	if err != nil || !strings.Contains(out, "[OK]") {
		return "kube-score: " + strings.Join(regexp.MustCompile(`(?m)^\[(CRITICAL|WARNING)\].*`).FindAllString(out, -1), "\n")
	}
	return ""
}

// TestChartHostile: what a team answers lands in the chart as text.
func TestChartHostile(t *testing.T) {
	for _, words := range []string{"'s-Hertogenbosch", `"{{ fail "x" }}" # {{`, "- x: &a *b !!int 🏛", "null", "1e3", `\"'%s: |`, "}}{{/*"} {
		bodies := map[string]string{}
		for _, file := range planOf(t, verhuizing, "component.title", words, "component.organisation.name", words, "component.contact.name", words) {
			bodies[file.Path] = string(file.Body)
		}
		dir := chartOf(t, bodies)
		if out, err := ask(t, "helm", "lint", "--strict", dir); err != nil {
			t.Errorf("%s: %s", words, out)
			continue
		}
		helm(t, dir)
		chart := decode(t, bodies[chartFolder+"Chart.yaml"])
		maintainers := items(chart, "maintainers")
		if chart["description"] != words || len(maintainers) != 1 || dig(maintainers[0], "name") != words {
			t.Errorf("%q is in Chart.yaml as\n%s", words, bodies[chartFolder+"Chart.yaml"])
		}
		if plain := planned(t, verhuizing); bodies[chartFolder+"values.yaml"] != plain[chartFolder+"values.yaml"] {
			t.Errorf("%q changes values.yaml", words)
		}
	}
}

// TestChartReleases: every name that a release may have makes names that Kubernetes takes.
func TestChartReleases(t *testing.T) {
	dir := chartOf(t, planned(t, verhuizing))
	label := regexp.MustCompile(`^[a-z]([-a-z0-9]*[a-z0-9])?$`)
	for _, release := range []string{"a", "true", "1e3", "70-procent", "acc.verhuizing", strings.Repeat("a", 53), strings.Repeat("a", 37) + "-b"} {
		out, err := ask(t, "helm", "template", release, dir, "--namespace", "123", "-f", "../templates/component/deploy/helm/ci/alles.yaml")
		if err != nil {
			t.Fatalf("%s: %s", release, out)
		}
		for _, r := range resources(t, out) {
			longest := 63
			if r.kind() == "CronJob" {
				longest = 52
			}
			if !label.MatchString(r.name()) || len(r.name()) > longest || dig(r, "metadata", "namespace") != "123" {
				t.Errorf("release %s: %s is called %v in %v", release, r.kind(), dig(r, "metadata", "name"), dig(r, "metadata", "namespace"))
			}
			if got := dig(r, "metadata", "labels", "app.kubernetes.io/instance"); got != release {
				t.Errorf("release %s: the label of %s is %v", release, r.name(), got)
			}
		}
	}
}

// TestChartUnderHeader: the header that a pack puts above a file swallows nothing of it.
func TestChartUnderHeader(t *testing.T) {
	bodies := planned(t, verhuizing)
	plain := resources(t, helm(t, chartOf(t, bodies), chartValues["everything"]...))
	for name, body := range bodies {
		if strings.HasPrefix(name, chartFolder+"templates/") && path.Ext(name) == ".yaml" {
			bodies[name] = "# Header\n\n" + body
		}
	}
	if under := resources(t, helm(t, chartOf(t, bodies), chartValues["everything"]...)); !reflect.DeepEqual(under, plain) {
		t.Error("a header changes what the chart makes")
	}
}

// TestChartIsTheSame: of a component is only what stands in these files.
func TestChartIsTheSame(t *testing.T) {
	own := []string{"Chart.yaml", "values.yaml", "README.md"}
	first := planned(t, verhuizing)
	for _, file := range allAnswers(t) {
		for name, body := range planned(t, file) {
			rest, ok := strings.CutPrefix(name, chartFolder)
			if ok && body != first[name] && !slices.Contains(own, rest) {
				t.Errorf("%s: %s differs from that of verhuizing", file, name)
			}
		}
	}
}

// TestChartIsFound: the CommonGroundChecker reads no more of a chart than the first
// three YAML files with one of these words in their path.
func TestChartIsFound(t *testing.T) {
	bodies := planned(t, verhuizing)
	word := regexp.MustCompile(`(?i)deployment|template|k8s|kubernetes`)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(bodies)) {
		if ext := path.Ext(name); (ext == ".yaml" || ext == ".yml") && word.MatchString(name) {
			names = append(names, name)
		}
	}
	var text strings.Builder
	for _, name := range names[:3] {
		text.WriteString(name + "\n" + bodies[name])
	}
	for _, want := range []string{`resources:\s+requests:(\s+\S.*)*\s+limits:`, "livenessProbe:", "readinessProbe:", "securityContext:", "(?i)networkpolic"} {
		if !regexp.MustCompile(want).MatchString(text.String()) {
			t.Errorf("%v do not show %s", names[:3], want)
		}
	}
}
