// Package source holds source code of any language against the five layers: who may
// reach whom, what is kept of a source, and which data of persons lies about. It reads
// with a light reader that knows comments and strings, and no grammar: what cannot be
// told from that is not judged.
package source

import (
	"bytes"
	"context"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

func (checker) Rules() []check.Rule { return allRules() }

func (checker) Start(r *check.Repo, to *check.Report) check.Look {
	l := &look{to: to, copies: map[string]bool{}, layers: newLayers(r), component: r.IsComponent(), facts: newFacts(r)}
	if l.component {
		l.manifest, _ = r.Read(".fieldlab/manifest.json", 4<<20) // another rule says when it cannot be read
	}
	return l
}

// look is the checker at work in one repository.
type look struct {
	to        *check.Report
	layers    layers
	component bool
	manifest  []byte          // of the component
	copies    map[string]bool // tables of a component that were said: a migration is there for each database
	facts     facts
	here      map[string]bool // what was found in this file, for rules that say a thing once per file
}

// Wants takes what is source, configuration, a page, data or documentation, and leaves
// what a tool wrote.
func (l *look) Wants(f check.File) bool { return !f.Kern && kindOf(f) != other }

// judge is a rule, or a few that look for the same.
type judge func(*look, context.Context, *text)

// judges are all of them, by the kinds of files that they are for.
var judges = []struct {
	kinds kinds
	judge judge
}{
	{code | page, (*look).addresses},
	{code, (*look).layering},
	{code | page, (*look).screens},
	{code | page, (*look).databases},
	{code | page | sql | settings | data | document, (*look).numbers},
	{code | page, (*look).addressesOfCitizens},
	{code, (*look).logs},
	{script | page, (*look).browserStorage},
	{code | page | style, (*look).pages},
	{code | sql, (*look).tables},
	{code | settings, (*look).certificates},
	{code, (*look).questions},
	{code | settings, (*look).environments},
	{code | sql | settings | document | data, (*look).notes},
	{code | sql | data | settings, (*look).persons},
	{settings, (*look).own},
}

func (l *look) File(ctx context.Context, f check.File, body []byte) {
	f.Test = f.Test || isTest(f)
	t := &text{file: f, kind: kindOf(f), body: body, layer: l.layers.of(f)}
	if t.kind&(code|page|style) != 0 && written(f, body) {
		return
	}
	l.here = map[string]bool{}
	for _, j := range judges {
		if j.kinds&t.kind != 0 && ctx.Err() == nil {
			j.judge(l, ctx, t)
		}
	}
}

func (l *look) End(context.Context) { l.conclude() }

// add reports a place in a file.
func (l *look) add(rule, which string, t *text, offset int, args ...string) {
	line, column := t.at(offset)
	l.to.Add(check.Finding{Rule: rule, Case: which, Path: t.file.Path, Line: line, Column: column, Args: args})
}

// once says whether this is the first time in this file.
func (l *look) once(what string) bool {
	if l.here[what] {
		return false
	}
	l.here[what] = true
	return true
}

// containsAny says whether one of the words is in the text.
func containsAny(body []byte, words ...string) bool {
	for _, w := range words {
		if bytes.Contains(body, []byte(w)) {
			return true
		}
	}
	return false
}
