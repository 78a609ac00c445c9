package generator_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator"
)

// The places of the two CI systems in a component.
const (
	workflows = ".github/workflows/"
	pipeline  = ".gitlab-ci.yml"
)

// onlyHere are the jobs of kern/bouw that CI has no use for: what alles does, CI does in
// jobs of their own; what notities prints, uitgave uses.
var onlyHere = []string{"alles", "notities"}

// onTag are the jobs that only a tag sets off; the others are done at every change.
var onTag = []string{"tag", "publiceer", "onderteken", "chart-publiceer", "uitgave"}

// wholeHistory are the jobs that look at what was committed before: a secret that was
// taken out is still there, and a tag is to be on main.
var wholeHistory = []string{"geheimen", "tag"}

// mayWrite are the rights to write of a job that no tag sets off: findings, and nothing
// of the repository.
var mayWrite = map[string]string{"controle": "security-events"}

// bouwLine is all that a job of CI may run.
var bouwLine = regexp.MustCompile(`^go run \./kern/bouw( (--)?[a-z-]+)+$`)

// workflow is what there is to check in a workflow of GitHub.
type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Concurrency map[string]any
	Jobs        map[string]struct {
		Uses, If    string
		Needs       yaml.Node
		Permissions map[string]string
		Timeout     int    `yaml:"timeout-minutes"`
		RunsOn      string `yaml:"runs-on"`
		Steps       []struct {
			Uses string
			With map[string]any
			Run  string
			Env  map[string]string
		}
	}
}

// componentFiles are those of the example, by path.
func componentFiles(t *testing.T) map[string]string {
	t.Helper()
	planned, _, err := generator.Plan(request(t, "../examples/verhuizing"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, file := range planned {
		bodies[file.Path] = string(file.Body)
	}
	return bodies
}

// bouwJobs asks kern/bouw which jobs it has.
func bouwJobs(t *testing.T) []string {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), "go", "run", "../templates/component/kern/bouw").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(said), "Taken:\n")
	var names []string
	for _, line := range regexp.MustCompile(`(?m)^  ([a-z-]+) `).FindAllStringSubmatch(list, -1) {
		names = append(names, line[1])
	}
	if len(names) < 10 {
		t.Fatalf("kern/bouw names %d jobs:\n%s", len(names), said)
	}
	return names
}

// jobsOfGitHub gives per job the one line that it runs. It checks what zizmor and
// actionlint would, and what they leave to taste.
func jobsOfGitHub(t *testing.T, bodies map[string]string) map[string]string {
	t.Helper()
	lines := map[string]string{}
	for name, body := range bodies {
		if !strings.HasPrefix(name, workflows) {
			continue
		}
		var w workflow
		if err := yaml.Unmarshal([]byte(body), &w); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(w.Permissions) != 0 || !strings.Contains(body, "\npermissions: {}\n") || len(w.Concurrency) == 0 {
			t.Errorf("%s gives every job a right, or has no concurrency", name)
		}
		for _, trigger := range []string{"pull_request_target", "workflow_run", "issue_comment"} {
			if _, there := w.On[trigger]; there {
				t.Errorf("%s: what strangers write would run with rights, by %s", name, trigger)
			}
		}
		for job, j := range w.Jobs {
			at := name + ": " + job
			if j.Permissions == nil || j.Uses == "" && (j.Timeout == 0 || j.RunsOn == "") {
				t.Errorf("%s has no permissions of its own, no timeout or no runner", at)
			}
			tagged := slices.Contains(onTag, job)
			for right, value := range j.Permissions {
				if value != "read" && !tagged && mayWrite[job] != right {
					t.Errorf("%s may %s %s", at, value, right)
				}
			}
			if tagged != (j.If == "github.ref_type == 'tag'") {
				t.Errorf("%s is for a tag, or it is not: %q", at, j.If)
			}
			if job == "publiceer" && len(j.Needs.Content) != len(w.Jobs)-2 {
				t.Errorf("%s does not wait for all that is checked", at)
			}
			for _, step := range j.Steps {
				checkStep(t, at, !tagged, step.Uses, step.Run, step.With)
				if strings.HasPrefix(step.Uses, "actions/checkout@") && slices.Contains(wholeHistory, job) && step.With["fetch-depth"] != 0 {
					t.Errorf("%s sees the last commit alone", at)
				}
				if step.Run != "" {
					if lines[job] != "" {
						t.Errorf("%s runs two lines, or there are two of that name", at)
					}
					lines[job] = step.Run
				}
			}
		}
	}
	return lines
}

func checkStep(t *testing.T, at string, cached bool, uses, run string, with map[string]any) {
	t.Helper()
	if run != "" && !bouwLine.MatchString(run) {
		t.Errorf("%s runs %q; a line is: go run ./kern/bouw JOB...", at, run)
	}
	if uses != "" && !regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40}$`).MatchString(uses) {
		t.Errorf("%s uses %s, not by its full hash", at, uses)
	}
	action, _, _ := strings.Cut(uses, "@")
	switch action {
	case "actions/checkout":
		if with["persist-credentials"] != false {
			t.Errorf("%s leaves the token behind in the clone", at)
		}
	case "actions/setup-go":
		if with["check-latest"] != true || with["go-version"] != "1.26" {
			t.Errorf("%s does not ask for the newest patch of Go", at)
		}
		// What another branch put in a cache may not come into what is delivered.
		if !cached && with["cache"] != false {
			t.Errorf("%s builds with a cache", at)
		}
	}
}

// gitlabJob is what there is to check in a job of GitLab, with what it extends.
type gitlabJob struct {
	Extends       string
	Script        []string
	Rules         []struct{ If string }
	Interruptible *bool
	Cache         *[]any
	Variables     map[string]string
}

// check holds a job against what checkStep and jobsOfGitHub ask of those of GitHub.
func (j gitlabJob) check(t *testing.T, at, name string) {
	t.Helper()
	if slices.Contains(wholeHistory, name) && j.Variables["GIT_DEPTH"] != "0" {
		t.Errorf("%s sees the last commits alone", at)
	}
	if !slices.Contains(onTag, name) {
		if len(j.Rules) > 0 {
			t.Errorf("%s is not done at every change", at)
		}
		return
	}
	if len(j.Rules) != 1 || !strings.Contains(j.Rules[0].If, "$CI_COMMIT_TAG =~ /^v/") {
		t.Errorf("%s is for a tag that is a version: %v", at, j.Rules)
	}
	if j.Interruptible == nil || *j.Interruptible {
		t.Errorf("%s can be broken off halfway", at)
	}
	if j.Cache == nil || len(*j.Cache) > 0 {
		t.Errorf("%s builds with a cache", at)
	}
}

// jobsOfGitLab gives per job the one line that it runs.
func jobsOfGitLab(t *testing.T, body string) map[string]string {
	t.Helper()
	var all map[string]yaml.Node
	if err := yaml.Unmarshal([]byte(body), &all); err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{}
	for name, node := range all {
		var job gitlabJob
		// GitLab takes these for a setting of all jobs, as it did before there was default.
		if slices.Contains([]string{"image", "services", "cache", "before_script", "after_script", "types", "pages", "include"}, name) {
			t.Errorf("%s: a job cannot be called %s", pipeline, name)
			continue
		}
		if strings.HasPrefix(name, ".") || slices.Contains([]string{"stages", "default", "variables", "workflow"}, name) {
			continue
		}
		if err := node.Decode(&job); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		parent := all[job.Extends]
		job = gitlabJob{}
		if err := errors.Join(parent.Decode(&job), node.Decode(&job)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		job.check(t, pipeline+": "+name, name)
		if len(job.Script) != 1 || !bouwLine.MatchString(job.Script[0]) {
			t.Errorf("%s: %s runs %q; it is one line: go run ./kern/bouw JOB...", pipeline, name, job.Script)
			continue
		}
		lines[name] = job.Script[0]
	}
	return lines
}

// differences says what keeps the two systems from doing the same, and all that kern/bouw
// does for CI.
func differences(github, gitlab map[string]string, jobs []string) []string {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(github)) {
		if github[name] != gitlab[name] {
			wrong = append(wrong, fmt.Sprintf("%s is %q at GitHub and %q at GitLab", name, github[name], gitlab[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(gitlab)) {
		if _, there := github[name]; !there {
			wrong = append(wrong, fmt.Sprintf("%s is %q at GitLab and not at GitHub", name, gitlab[name]))
		}
	}
	var done []string
	for name, line := range github {
		for _, word := range strings.Fields(line)[3:] {
			// The image that is published is made again: that is not the check of every change.
			if !strings.HasPrefix(word, "--") && slices.Contains(onTag, name) == slices.Contains(onTag, word) {
				done = append(done, word)
			}
		}
	}
	for _, job := range jobs {
		if !slices.Contains(done, job) && !slices.Contains(onlyHere, job) {
			wrong = append(wrong, job+" is a job of kern/bouw that CI does not do")
		}
	}
	for _, job := range done {
		if !slices.Contains(jobs, job) {
			wrong = append(wrong, job+" is no job of kern/bouw")
		}
	}
	slices.Sort(wrong)
	return slices.Compact(wrong)
}

// TestBothSystems: GitHub and GitLab do the same with the same lines, and all that
// kern/bouw can do for CI.
func TestBothSystems(t *testing.T) {
	bodies := componentFiles(t)
	jobs := bouwJobs(t)
	github, gitlab := jobsOfGitHub(t, bodies), jobsOfGitLab(t, bodies[pipeline])
	for _, wrong := range differences(github, gitlab, jobs) {
		t.Error(wrong)
	}
	// A check that cannot fail proves nothing: each job away, on either side and on both.
	for name := range github {
		less, lessLab := maps.Clone(github), maps.Clone(gitlab)
		delete(less, name)
		delete(lessLab, name)
		if len(differences(less, gitlab, jobs)) == 0 || len(differences(github, lessLab, jobs)) == 0 || len(differences(less, lessLab, jobs)) == 0 {
			t.Errorf("nobody notices that %s is gone", name)
		}
	}
}

// TestRenovateKnowsTheTools: each program of deploy/gereedschap.txt is found, as a module
// that can be looked up.
func TestRenovateKnowsTheTools(t *testing.T) {
	bodies := componentFiles(t)
	var settings struct {
		CustomManagers []struct {
			MatchStrings        []string
			ManagerFilePatterns []string
			DatasourceTemplate  string
		}
	}
	if err := json.Unmarshal([]byte(bodies["renovate.json"]), &settings); err != nil {
		t.Fatal(err)
	}
	const tools = "deploy/gereedschap.txt"
	found := map[string]string{}
	for _, manager := range settings.CustomManagers {
		if !regexp.MustCompile(strings.Trim(manager.ManagerFilePatterns[0], "/")).MatchString(tools) {
			continue
		}
		pattern := regexp.MustCompile(manager.MatchStrings[0])
		for _, match := range pattern.FindAllStringSubmatch(bodies[tools], -1) {
			name := match[pattern.SubexpIndex("depName")]
			found[name+"@"+match[pattern.SubexpIndex("currentValue")]] = manager.DatasourceTemplate
			if manager.DatasourceTemplate == "go" && strings.Contains(name, "/cmd") {
				t.Errorf("%s is a package, not a module", name)
			}
		}
	}
	lines := 0
	for _, line := range strings.Split(bodies[tools], "\n") {
		words := strings.Fields(line)
		if len(words) != 2 || words[0] == "#" {
			continue
		}
		lines++
		source := "go"
		if words[0] == "npm" {
			source = "npm"
		}
		known := false
		for name, of := range found {
			module, version, _ := strings.Cut(strings.TrimPrefix(name, "@"), "@")
			known = known || of == source && strings.HasPrefix(strings.TrimPrefix(words[1], "@"), module) && strings.HasSuffix(words[1], "@"+version)
		}
		if !known {
			t.Errorf("renovate.json does not find %q", line)
		}
	}
	if lines == 0 || lines != len(found) {
		t.Errorf("%s has %d lines and renovate.json finds %d", path.Base(tools), lines, len(found))
	}
}
