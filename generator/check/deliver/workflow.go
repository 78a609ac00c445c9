package deliver

import (
	"regexp"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// workflowLook looks at a workflow of GitHub.
type workflowLook struct {
	*look
	path      string
	root      *node
	seen      map[string]bool // actions that were named
	elsewhere bool            // a job stands in another file or repository
	target    bool            // runs with the rights of the project for a change of a stranger
}

func (w *workflowLook) judge() {
	jobs := w.root.at("jobs")
	if jobs == nil {
		return
	}
	w.target = w.runsOn("pull_request_target")
	limited := w.root.at("permissions") != nil
	for _, job := range jobs.pairs() {
		w.uses(job.value.at("uses"), true)
		if !limited && job.value.at("permissions") == nil {
			limited = true
			w.add(check.Finding{Rule: ruleCIPermissions, Path: w.path, Line: job.value.line})
		}
		for _, step := range job.value.at("steps").list() {
			w.step(step)
		}
	}
	w.to.Looked(ruleCIPermissions, ruleCITarget)
}

// runsOn says whether an event is among those that start the workflow.
func (w *workflowLook) runsOn(event string) bool {
	on := w.root.at("on")
	if on == nil {
		on = w.root.at("true") // as YAML 1.1 reads it
	}
	if on.word() == event || on.at(event) != nil {
		return true
	}
	for _, one := range on.list() {
		if one.word() == event {
			return true
		}
	}
	return false
}

func (w *workflowLook) step(step *node) {
	uses := step.at("uses")
	w.uses(uses, false)
	script := step.at("run")
	if strings.HasPrefix(uses.word(), "actions/github-script@") {
		script = step.at("with", "script")
	}
	w.injected(script)
	w.shown(w.path, step.at("run"))
	if w.target {
		w.checkedOut(step)
	}
	for _, k := range step.at("with").pairs() {
		if product, found := strings.CutSuffix(k.name, "-version"); found && !k.value.isMap && !k.value.isSeq {
			w.runtime(w.path, k.value.line, product, k.value.text)
		}
	}
}

var hash = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`) })

// uses looks at what runs of somebody else.
func (w *workflowLook) uses(at *node, whole bool) {
	text := at.word()
	if text == "" {
		return
	}
	w.elsewhere = w.elsewhere || whole
	if strings.HasPrefix(text, "./") || strings.HasPrefix(text, "docker://") || strings.Contains(text, "${{") {
		return
	}
	name, ref, _ := strings.Cut(text, "@")
	owner, _, _ := strings.Cut(name, "/")
	rule := ruleCIPinned
	if w.owner != "" && strings.EqualFold(owner, w.owner) {
		return // their own
	}
	if owner == "actions" || owner == "github" {
		rule = ruleCIHash
	}
	w.to.Looked(rule)
	if hash().MatchString(ref) || w.seen[text] {
		return
	}
	w.seen[text] = true
	f := check.Finding{Rule: rule, Path: w.path, Line: at.line, Args: []string{text}}
	if rule == ruleCIPinned {
		switch ref {
		case "", "main", "master", "develop", "HEAD":
			f.Case = "branch"
		default:
			f.Case = "tag"
		}
	}
	w.add(f)
}

var onGitHub = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^url:\s*["']?https://github\.com/([A-Za-z0-9-]+)/`)
})

var fetchedFrom = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^\s*url\s*=\s*(?:https://|ssh://)?(?:[\w.-]+@)?github\.com[:/]([A-Za-z0-9-]+)/`)
})

// ownerOf is whose repository it is, as publiccode.yml says, or where Git fetches from.
func ownerOf(r *check.Repo) string {
	for _, name := range []string{"publiccode.yml", "publiccode.yaml"} {
		if !r.Has(name) {
			continue
		}
		body, err := r.Read(name, 1<<20)
		if m := onGitHub().FindSubmatch(body); err == nil && m != nil {
			return string(m[1])
		}
	}
	body, err := r.Read(".git/config", 1<<20)
	if m := fetchedFrom().FindSubmatch(body); err == nil && m != nil {
		return string(m[1])
	}
	return ""
}

// strangers are values that whoever opens an issue or a pull request chooses.
var strangers = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\{\{[^}]*\b(github\.head_ref|github\.event\.(issue\.(title|body)|pull_request\.(title|body|head\.(ref|label|repo\.default_branch))|comment\.body|review\.body|review_comment\.body|discussion\.(title|body)|head_commit\.(message|author\.(email|name))|commits\S*\.(message|author\.(email|name))|workflow_run\.(head_branch|head_commit\.message)|pages\S*\.page_name))\b[^}]*\}\}`)
})

// injected looks for the words of a stranger in a script: they are part of the command.
func (w *workflowLook) injected(script *node) {
	if script.word() == "" {
		return
	}
	w.to.Looked(ruleCIInjection)
	if !strings.Contains(script.text, "github.event.") && !strings.Contains(script.text, "github.head_ref") {
		return
	}
	for i, line := range lines(script) {
		if m := strangers().FindStringSubmatch(line); m != nil {
			w.add(check.Finding{Rule: ruleCIInjection, Path: w.path, Line: lineIn(script, i), Args: []string{m[1]}})
		}
	}
}

// checkedOut looks for the code of a stranger in a workflow that has secrets.
func (w *workflowLook) checkedOut(step *node) {
	for _, k := range step.at("with").pairs() {
		if (k.name == "ref" || k.name == "repository") && (strings.Contains(k.value.text, "pull_request.head") || strings.Contains(k.value.text, "github.head_ref")) &&
			strings.HasPrefix(step.at("uses").word(), "actions/checkout@") {
			w.add(check.Finding{Rule: ruleCITarget, Path: w.path, Line: k.value.line})
		}
	}
	run := step.at("run")
	for i, line := range lines(&node{text: run.word()}) {
		if strings.Contains(line, "gh pr checkout") {
			w.add(check.Finding{Rule: ruleCITarget, Path: w.path, Line: lineIn(run, i)})
		}
	}
}
