// Package adr holds descriptions of REST APIs against the NL API Design Rules.
package adr

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

func (checker) Rules() []check.Rule {
	var all []check.Rule
	for _, r := range rules() {
		all = append(all, r.Rule)
	}
	for _, w := range wholes() {
		all = append(all, w.Rule)
	}
	return all
}

func (checker) Start(r *check.Repo, to *check.Report) check.Look {
	return &look{repo: r, to: to, rules: rules(), wholes: wholes()}
}

// whole is a rule that looks at a repository with all its descriptions at the end.
type whole struct {
	check.Rule
	// run says what it finds. docs are the descriptions of the repository's own APIs, in
	// the order of their paths; at may be nil.
	run func(ctx context.Context, r *check.Repo, docs []*Document, found func(path string, at *node, kase string, args ...string)) (looked bool)
}

// look is the checker at work in a repository.
type look struct {
	repo   *check.Repo
	to     *check.Report
	rules  []rule
	wholes []whole
	docs   []*Document // those that are the repository's own
	kept   int         // nodes in docs
	others []string    // descriptions that seem to be of an API of somebody else
}

// Wants takes what may be a description of an API of the repository itself.
func (l *look) Wants(f check.File) bool { return candidate(l.repo, f) }

// File judges one file when it is such a description.
func (l *look) File(ctx context.Context, f check.File, body []byte) {
	if !looksLikeOne(body) && !(isNamed(f.Path) && bytes.Contains(body, []byte("paths"))) {
		return
	}
	d, err := read(f.Path, body)
	if err != nil {
		l.unreadable(f, body, err)
		return
	}
	if d == nil {
		return
	}
	if !ours(l.repo, f, d) {
		if !isPart(d) {
			l.others = append(l.others, f.Path)
		}
		return
	}
	if !l.copied(d) {
		for _, j := range l.judge(ctx, d) {
			line, column := j.about()
			l.to.Add(check.Finding{Rule: j.rule.ID, Case: j.kase, Path: d.Path, Line: line, Column: column, Args: j.args})
		}
	}
	if l.kept += d.size; l.kept <= maxNodes {
		l.docs = append(l.docs, d)
	}
}

// copied says whether the same description was there before, such as in YAML beside JSON:
// what is wrong in it is said once.
func (l *look) copied(d *Document) bool {
	return slices.ContainsFunc(l.docs, func(other *Document) bool { return other.size == d.size && same(other.root, d.root) })
}

func (l *look) judge(ctx context.Context, d *Document) []judged {
	d.has = l.repo.Has
	found := judge(ctx, d, l.rules)
	for _, m := range d.left {
		l.to.Miss(m.rule, d.Path, m.why)
	}
	elsewhere := d.pathsElsewhere()
	for _, r := range l.rules {
		switch {
		case r.By != check.Files:
		case elsewhere && r.ID != "adr-readable":
			l.to.Miss(r.ID, d.Path, "adr-elsewhere")
		case ctx.Err() != nil:
			l.to.Miss(r.ID, d.Path, "slow")
		case !d.swagger() || r.swagger:
			l.to.Looked(r.ID)
		}
	}
	return found
}

// unreadable says of a file that seems to be a description that it could not be read, and
// that the other rules did not judge it. A template that still has to be filled in is none.
func (l *look) unreadable(f check.File, body []byte, err error) {
	if bytes.Contains(body, []byte("{{")) || bytes.Contains(body, []byte("{%")) || bytes.Contains(body, []byte("<%")) {
		return
	}
	why := "adr-unreadable"
	var syntax *syntaxError
	switch {
	case errors.As(err, &syntax):
		kase := "yaml"
		if isJSONName(f.Path) {
			kase = "json"
		}
		l.to.Add(check.Finding{Rule: "adr-readable", Case: kase, Path: f.Path, Line: syntax.line, Column: syntax.column})
	case errors.Is(err, errSeveral):
		l.to.Add(check.Finding{Rule: "adr-readable", Case: "several", Path: f.Path})
	case errors.Is(err, errTooLarge):
		why = "adr-too-large"
	default:
		why = "adr-too-deep"
	}
	for _, r := range l.rules {
		if r.By == check.Files && (why != "adr-unreadable" || r.ID != "adr-readable") {
			l.to.Miss(r.ID, f.Path, why)
		}
	}
}

// manyOthers is how many descriptions of others are named at most.
const manyOthers = 5

// End judges the repository as a whole. That no rule looked at any description has to be
// said: whoever serves a national API has one that looks like a copy.
func (l *look) End(ctx context.Context) {
	if len(l.docs) == 0 {
		for _, name := range l.others[:min(len(l.others), manyOthers)] {
			l.to.Miss("adr-openapi-valid", name, "adr-others")
		}
	}
	for _, w := range l.wholes {
		if w.run == nil || ctx.Err() != nil {
			continue
		}
		looked := w.run(ctx, l.repo, l.docs, func(path string, at *node, kase string, args ...string) {
			line, column := judged{at: at}.about()
			l.to.Add(check.Finding{Rule: w.ID, Case: kase, Path: path, Line: line, Column: column, Args: args})
		})
		if looked {
			l.to.Looked(w.ID)
		}
	}
}
