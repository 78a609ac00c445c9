// Package own holds a component against what fieldlab remembers of it: kern, manifest and base.
package own

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// The rules.
const (
	ruleManifest  = "kern-manifest"
	ruleBase      = "kern-base"
	ruleChanged   = "kern-changed"
	ruleGone      = "kern-gone"
	ruleUpdate    = "kern-update"
	ruleMarkers   = "kern-markers"
	ruleAnswers   = "kern-answers"
	ruleApplied   = "kern-applied"
	ruleMigration = "kern-migration"
	ruleVersion   = "kern-version"
)

// source is where all of it is asked: the component says so itself.
const source = "fieldlab: kern/README.md, docs/groeien.md"

// For is its set of rules, for a fieldlab of a version: it says when a component is of an
// older one. "" is one that does not know its own.
func For(version string) check.Checker { return checker{version} }

type checker struct{ version string }

func (checker) Rules() []check.Rule {
	rule := func(id string, severity check.Severity) check.Rule {
		return check.Rule{ID: id, Group: check.Component, Severity: severity, Source: source}
	}
	yields := func(r check.Rule, rules ...string) check.Rule {
		r.Yields = rules
		return r
	}
	return []check.Rule{
		rule(ruleManifest, check.Error),
		rule(ruleBase, check.Error),
		rule(ruleUpdate, check.Error),
		yields(rule(ruleMarkers, check.Error), "repo-merge-marker"),
		rule(ruleAnswers, check.Error),
		rule(ruleApplied, check.Warning),
		rule(ruleMigration, check.Error),
		rule(ruleChanged, check.Warning),
		rule(ruleGone, check.Note),
		rule(ruleVersion, check.Note),
	}
}

func (c checker) Start(r *check.Repo, to *check.Report) check.Look {
	l := &look{r: r, to: to, sums: map[string]string{}, numbers: map[string]string{}}
	switch {
	case r.IsComponent():
	case r.Has(answers.FileName) && r.Has(plan.VersionPath):
		to.Add(check.Finding{Rule: ruleManifest, Case: "missing", Path: plan.ManifestPath})
	default:
		return nil
	}
	l.remembered()
	l.unfinished()
	l.answers()
	l.kern()
	l.gone()
	l.older(c.version)
	return l
}

// look is at work in one component.
type look struct {
	r        *check.Repo
	to       *check.Report
	manifest plan.Manifest // empty when it cannot be used
	base     *base.Base    // nil when it cannot be used
	sums     map[string]string
	numbers  map[string]string // migration with that folder and number
}

// remembered reads manifest and base.
func (l *look) remembered() {
	if !l.r.IsComponent() {
		return
	}
	l.to.Looked(ruleManifest)
	manifest, err := base.ReadManifest(l.r.FS())
	if err != nil {
		l.fault(ruleManifest, plan.ManifestPath, err)
		return
	}
	l.manifest = manifest
	l.to.Looked(ruleBase)
	b, err := base.Read(l.r.FS())
	var fault base.Fault
	switch {
	case err == nil:
		l.base = b
	case errors.As(err, &fault) && fault.Path == plan.ManifestPath:
		l.fault(ruleManifest, plan.ManifestPath, err)
	default:
		l.fault(ruleBase, base.RoomsPath, err)
	}
}

// fault says why a file of fieldlab cannot be used.
func (l *look) fault(rule, path string, err error) {
	var fault base.Fault
	switch {
	case errors.As(err, &fault):
		f := check.Finding{Rule: rule, Case: string(fault.Code), Path: fault.Path}
		switch fault.Code {
		case base.BadPath, base.Newer, base.Foreign, base.TooOld: // their texts say it
			f.Args = []string{fault.Detail}
		}
		l.to.Add(f)
	case errors.Is(err, fs.ErrNotExist):
		if l.r.Has(path) { // it is the other file of the base
			path = base.KernPath
		}
		l.to.Add(check.Finding{Rule: rule, Case: "missing", Path: path})
	default:
		l.to.Miss(rule, path, "unreadable")
	}
}

// unfinished looks for what an update left behind.
func (l *look) unfinished() {
	l.to.Looked(ruleUpdate)
	for _, one := range []struct{ path, kind string }{
		{base.Folder + "/terug", "waiting"},
		{base.Folder + "/werk", "busy"},
	} {
		if _, err := fs.Stat(l.r.FS(), one.path); err == nil {
			l.to.Add(check.Finding{Rule: ruleUpdate, Case: one.kind, Path: one.path})
		}
	}
}

// Wants passes over what fieldlab wrote and nobody touched.
func (l *look) Wants(f check.File) bool {
	return !f.Kern && !strings.HasPrefix(f.Path, base.Folder+"/")
}

func (l *look) File(ctx context.Context, f check.File, body []byte) {
	l.markers(ctx, f, body)
	if strings.HasPrefix(f.Path, migrations) && f.Ext() == ".sql" {
		l.migration(f.Path, body)
	}
}

func (l *look) End(context.Context) { l.migrated() }

// markers looks for what Git and fieldlab put around two texts of which somebody has to
// choose one.
func (l *look) markers(ctx context.Context, f check.File, body []byte) {
	l.to.Looked(ruleMarkers)
	if !bytes.Contains(body, []byte("<<<<<<< ")) || !bytes.Contains(body, []byte("\n>>>>>>> ")) {
		return
	}
	number, from, middle, fenced := 0, 0, false, false
	prose := f.Ext() == ".md" || f.Ext() == ".rst" || f.Ext() == ".adoc"
	for line := range bytes.Lines(body) {
		number++
		switch {
		case number%10_000 == 0 && ctx.Err() != nil:
			return
		case prose && bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("```")):
			fenced = !fenced
		case fenced: // an example of how it looks
		case bytes.HasPrefix(line, []byte("<<<<<<< ")):
			from, middle = number, false
		case from > 0 && string(bytes.TrimRight(line, "\r\n")) == "=======":
			middle = true
		case middle && bytes.HasPrefix(line, []byte(">>>>>>> ")):
			l.to.Add(check.Finding{Rule: ruleMarkers, Path: f.Path, Line: from})
			from, middle = 0, false
		}
	}
}
