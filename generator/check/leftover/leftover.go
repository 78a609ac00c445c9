// Package leftover finds what a skeleton left behind: its name, its texts, the people and
// addresses of its samples, and what was still to be filled in.
package leftover

import (
	"context"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// The rules.
const (
	readme      = "leftover-readme"
	document    = "leftover-document"
	publicName  = "leftover-name"
	packageName = "leftover-package"
	address     = "leftover-address"
	localhost   = "leftover-localhost"
	sampleData  = "leftover-sample-data"
	sampleCode  = "leftover-sample-code"
	fixedDate   = "leftover-date"
	placeholder = "leftover-placeholder"
	changeMe    = "leftover-changeme"
	contact     = "leftover-contact"
	apiExample  = "leftover-api-example"
	standIn     = "leftover-stand-in"
	openPoints  = "leftover-open-points"
)

// words is what skeletons are recognised by. It is text, not code, so that this package
// does not find itself.
//
//go:embed words.txt
var words string

// sections are the answers of words.txt by the name of their section.
var sections = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	name := ""
	for line := range strings.Lines(words) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "["); ok && strings.Contains(rest, "] ") && !strings.HasPrefix(rest, "insert") {
			name, _, _ = strings.Cut(rest, "]")
		} else if line != "" && name != "" {
			all[name] = append(all[name], line)
		}
	}
	return all
})

// What the rules look for, before they look closer at the line.
var (
	contactWords  = []string{"@", "[insert "}
	entityWords   = []string{" foo", " bar", " baz", "class pet", "interface pet", "struct pet"}
	dateWords     = []string{"datum"}
	standInWords  = []string{".test", ".invalid"}
	templateWords = []string{"cookiecutter.", "copier.", "project_name", "project_slug", "app_name", "appname", "projectname"}
	todoWords     = []string{"todo", "fixme", "tbd", `: "..."`, ": lorem"}
	yourWords     = []string{"your", "<uw", "[uw", "<jouw", "[jouw", "repo_name", "my-org", "myorg", "org-name"}
	changeWords   = []string{"changeme", "change-me", "change_me", "replaceme", "replace-me", "replace_me", "fill_me_in", "fill-me-in", "your_", "your-"}
	titleWords    = []string{"title"}
)

// allWords are the words that any of the rules looks for.
var allWords = sync.OnceValue(func() *scan.Words {
	all := sections()
	return scan.NewWords(all["document"], all["sample"], all["code"], exampleWords, contactWords, entityWords, all["route"], dateWords,
		standInWords, templateWords, todoWords, yourWords, changeWords, titleWords, []string{"logos", "61dafb"})
})

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

// Source of the rules: no standard says "remove the samples"; these say what they stand in
// the way of.
const (
	portable     = "Standard for Public Code 0.8.0, Make the codebase reusable and portable"
	portableURL  = "https://standard.publiccode.net/criteria/make-the-codebase-reusable-and-portable.html"
	describe     = "Standard for Public Code 0.8.0, Document the code"
	describeURL  = "https://standard.publiccode.net/criteria/document-the-code.html"
	findable     = "Standard for Public Code 0.8.0, Make the codebase findable"
	findableURL  = "https://standard.publiccode.net/criteria/make-the-codebase-findable.html"
	welcoming    = "Standard for Public Code 0.8.0, Make contributing easy"
	welcomingURL = "https://standard.publiccode.net/criteria/make-contributing-easy.html"
)

func (checker) Rules() []check.Rule {
	rule := func(id string, s check.Severity, source, url string) check.Rule {
		return check.Rule{ID: id, Group: check.Leftovers, Severity: s, Source: source, URL: url}
	}
	return []check.Rule{
		rule(readme, check.Error, describe, describeURL),
		rule(document, check.Warning, describe, describeURL),
		rule(publicName, check.Error, findable, findableURL),
		rule(packageName, check.Warning, findable, findableURL),
		rule(address, check.Error, portable, portableURL),
		rule(localhost, check.Warning, portable, portableURL),
		rule(sampleData, check.Error, portable, portableURL),
		rule(sampleCode, check.Warning, portable, portableURL),
		rule(fixedDate, check.Warning, portable, portableURL),
		rule(placeholder, check.Error, describe, describeURL),
		rule(changeMe, check.Warning, portable, portableURL),
		rule(contact, check.Error, welcoming, welcomingURL),
		rule(apiExample, check.Note, describe, describeURL),
		rule(standIn, check.Note, portable, portableURL),
		rule(openPoints, check.Note, describe, describeURL),
	}
}

func (checker) Start(r *check.Repo, to *check.Report) check.Look {
	l := &look{repo: r, to: to, template: isTemplate(r)}
	return l
}

// isTemplate says whether the repository is a skeleton itself: then its samples are meant.
func isTemplate(r *check.Repo) bool {
	name := strings.ToLower(r.Name)
	for _, mark := range []string{"skeleton", "template", "boilerplate", "starter", "proto-component"} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	return r.Has("cookiecutter.json") || r.Has("copier.yml") || r.Has("copier.yaml")
}

type look struct {
	repo     *check.Repo
	to       *check.Report
	template bool

	held []check.Finding // stand-ins
	open bool            // the component says itself that points are open
}

var unread = []string{".svg", ".csv", ".css", ".scss", ".less", ".geojson", ".gml", ".po", ".sql", ".bpmn", ".dmn", ".xsd", ".wsdl", ".drawio"}

func (l *look) Wants(f check.File) bool {
	if f.Kern || slices.Contains(unread, f.Ext()) && !sampleFile(f) {
		return false
	}
	if forms[strings.ToLower(f.Name())] != nil {
		return true
	}
	kind := scan.Of(f.Path)
	return kind != scan.Generated && (kind != scan.Other || sampleFile(f) || strings.HasPrefix(strings.ToLower(f.Name()), "license"))
}

func (l *look) File(ctx context.Context, f check.File, body []byte) {
	p := &page{look: l, f: f, kind: scan.Of(f.Path), text: scan.New(body, f.Ext(), allWords()), told: map[string]bool{}}
	p.sham = scan.Sham(f.Path)
	p.aside = f.Test || p.sham || scan.Aside(f.Path)
	p.api = scan.Description(f.Path, body)
	lower := strings.ToLower(f.Name())
	if !l.template {
		p.documents(body, lower)
		p.names(ctx, body, lower)
		p.scaffold(ctx, lower)
		p.placeholders(ctx, lower)
	}
	p.contacts(ctx, lower)
	p.standIns(ctx, lower)
	p.overdracht(body)
	switch {
	case p.aside:
	case p.api:
		p.examples(ctx)
	case p.kind == scan.Code || p.kind == scan.Page || p.kind == scan.Config:
		p.samples(ctx)
		p.addresses(ctx)
		p.dates(ctx)
	}
}

// End tells of the stand-ins, unless the list of open points in the repository does.
func (l *look) End(context.Context) {
	for _, f := range l.held {
		if l.open { // one of those points is this
			l.to.Miss(standIn, f.Path, "said")
			continue
		}
		l.to.Add(f)
	}
}

// page is one file being looked at.
type page struct {
	*look
	f     check.File
	kind  scan.Kind
	text  *scan.Text
	sham  bool // holds no real values by its own name
	aside bool // a test, an example, a set-up for development
	api   bool // describes an API or a form of data
	told  map[string]bool
}

// tell reports something once a file.
func (p *page) tell(rule, kase string, line scan.Line, at int, args ...string) {
	key := rule + kase + strings.Join(args, "\x00")
	if p.told[key] {
		return
	}
	p.told[key] = true
	f := check.Finding{Rule: rule, Case: kase, Path: p.f.Path, Line: line.Number, Args: args}
	if at >= 0 && at <= len(line.Text) {
		f.Column = utf8.RuneCountInString(line.Text[:at]) + 1
	}
	p.to.Add(f)
}

// comment says whether what stands there is not what runs.
func (p *page) comment(line scan.Line, at int) bool { return p.text.Comment(line, line.Start+at) }

// cut makes a value that is told short enough to read.
func cut(value string) string {
	value = strings.ToValidUTF8(strings.Join(strings.Fields(value), " "), "?")
	if runes := []rune(value); len(runes) > 80 {
		return string(runes[:79]) + "…"
	}
	return value
}
