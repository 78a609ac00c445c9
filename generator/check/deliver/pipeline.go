package deliver

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// pipeline is a description of what runs at every change.
type pipeline struct {
	path  string
	tests bool // it runs tests, or what it runs stands elsewhere
}

// others are files of platforms of which only is looked whether they run tests.
var others = []string{
	"Jenkinsfile", ".travis.yml", ".drone.yml", ".woodpecker.yml", ".woodpecker.yaml", "azure-pipelines.yml", "azure-pipelines.yaml",
	"bitbucket-pipelines.yml", "appveyor.yml", ".appveyor.yml", ".circleci/config.yml", "cloudbuild.yaml", "buildspec.yml", ".cirrus.yml", "wercker.yml",
}

// folders of pipelines.
var pipelineFolders = []string{".github/workflows", ".forgejo/workflows", ".gitea/workflows", ".woodpecker", ".azuredevops", ".azure-pipelines", ".tekton", ".buildkite"}

// isPipeline says by its path whether a file describes what runs at every change.
func isPipeline(name string) bool {
	switch ext := path.Ext(name); {
	case name == ".gitlab-ci.yml", slices.Contains(others, name):
		return true
	case ext == ".yml" || ext == ".yaml":
		return slices.Contains(pipelineFolders, path.Dir(name))
	}
	return false
}

func (l *look) pipeline(f check.File, body []byte) {
	p := pipeline{path: f.Path, tests: l.runsTests(string(body))}
	workflow := strings.HasSuffix(path.Dir(f.Path), "/workflows")
	if workflow || f.Path == ".gitlab-ci.yml" {
		if all, ok := l.read(f.Path, body); ok && len(all) > 0 && all[0] != nil {
			if workflow {
				w := &workflowLook{look: l, path: f.Path, root: all[0], seen: map[string]bool{}}
				w.judge()
				p.tests = p.tests || w.elsewhere
			} else {
				l.gitlab(f.Path, all[0])
				p.tests = p.tests || all[0].at("include") != nil
			}
		}
	}
	l.pipelines = append(l.pipelines, p)
}

// testing are words of a command that runs tests, and of tools that decide what runs.
var testing = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq("test tests testen testing pytest phpunit vitest jest karma mocha tox nox rspec behave behat cypress playwright verify coverage ctest mvn mvnw gradle gradlew sbt make just mage task bazel earthly dagger") {
		words[word] = true
	}
	return words
})

// runsTests says whether a line runs tests, or a script of the repository, in which
// nobody looks here.
func (l *look) runsTests(text string) bool {
	words := testing()
	for line := range strings.Lines(text[:min(len(text), 1<<18)]) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//") || len(trimmed) > 2000 {
			continue
		}
		for word := range strings.FieldsFuncSeq(trimmed, notLetter) {
			if len(word) <= 10 && words[strings.ToLower(word)] {
				return true
			}
		}
		if !strings.Contains(trimmed, "/") {
			continue
		}
		first := strings.Fields(strings.TrimPrefix(trimmed, "- "))
		for _, word := range first[:min(3, len(first))] {
			if word = strings.Trim(word, `"'`); strings.Contains(word, "/") && l.r.Has(path.Clean(word)) {
				return true
			}
		}
	}
	return false
}

func notLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }

// continuous looks whether what runs at every change runs the tests.
func (l *look) continuous() {
	if !l.code || !l.tests || len(l.pipelines) == 0 {
		return // that there are none is for rules of package governance
	}
	l.to.Looked(ruleCITests)
	if !slices.ContainsFunc(l.pipelines, func(p pipeline) bool { return p.tests }) {
		l.add(check.Finding{Rule: ruleCITests, Path: l.pipelines[0].path})
	}
}

// notJobs are keys of .gitlab-ci.yml that are no job.
var notJobs = []string{"stages", "variables", "workflow", "include", "cache", "pages", "spec"}

// gitlab looks at images, and at secrets that are shown.
func (l *look) gitlab(name string, root *node) {
	l.gitlabImage(name, root.at("image"))
	for _, k := range root.keys {
		if slices.Contains(notJobs, k.name) {
			continue
		}
		l.gitlabImage(name, k.value.at("image"))
		for _, part := range []string{"before_script", "script", "after_script"} {
			for _, line := range slices.Concat(k.value.at(part).list(), []*node{k.value.at(part)}) {
				l.shown(name, line)
			}
		}
	}
}

func (l *look) gitlabImage(name string, at *node) {
	if at != nil && at.isMap {
		at = at.at("name")
	}
	if at.word() == "" {
		return
	}
	l.to.Looked(ruleCIImage)
	if strings.Contains(at.text, "$") {
		return
	}
	if ref := parseImage(at.text); ref.floats() {
		l.add(check.Finding{Rule: ruleCIImage, Case: ref.how(), Path: name, Line: at.line, Args: []string{at.text}})
	} else {
		l.runtimeImage(name, at.line, ref)
	}
}

// variable is one that a shell fills in.
var variable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`) })

// shown looks for a secret that goes to the log: an echo of it that goes nowhere else.
func (l *look) shown(name string, script *node) {
	if script.word() == "" {
		return
	}
	l.to.Looked(ruleCISecret)
	if !strings.Contains(script.text, "echo") && !strings.Contains(script.text, "printf") {
		return
	}
	for i, line := range lines(script) {
		trimmed := strings.TrimSpace(line)
		if !strings.HasPrefix(trimmed, "echo ") && !strings.HasPrefix(trimmed, "printf ") || strings.ContainsAny(trimmed, ">|;&") {
			continue
		}
		secret := ""
		if at := strings.Index(trimmed, "secrets."); at >= 0 && strings.Contains(trimmed[:at], "${{") {
			secret, _, _ = strings.Cut(trimmed[at+len("secrets."):], " ")
			secret = strings.TrimRight(secret, `}"'`)
		}
		for _, m := range variable().FindAllStringSubmatch(trimmed, -1) {
			if isSecretName(m[1]) {
				secret = m[1]
			}
		}
		if secret != "" {
			l.add(check.Finding{Rule: ruleCISecret, Path: name, Line: lineIn(script, i), Args: []string{secret}})
		}
	}
}

// lines are the lines of a text; lineIn is where in the file one of them stands.
func lines(n *node) []string { return strings.Split(n.text, "\n") }

func lineIn(n *node, i int) int {
	if strings.Contains(n.text, "\n") {
		return n.line + 1 + i // below the | or >
	}
	return n.line
}
