package leftover

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// form is where a file says what the thing is called.
type form struct {
	rule    string
	pattern string // the last group is the name
	list    string // the section with names to look for
}

// forms by the name of the file.
var forms = map[string][]form{
	"chart.yaml":     {{publicName, `(?m)^name:\s*["']?([^\s"'#]+)`, "name"}},
	"publiccode.yml": {{publicName, `(?m)^name:\s*["']?([^"'#\n]+?)["']?\s*$`, "name"}, {publicName, `(?m)^(?:url|landingURL):\s*["']?https?://\S*?/([^\s/"'#]+?)(?:\.git)?/?["']?\s*$`, "name"}},
	"values.yaml":    {{publicName, `(?m)^\s*(?:image|repository|phpImage|pwaImage):\s*["']?[^\s"'#]*/([^\s"'#/:@]+)`, "name"}},
	"package.json":   {{packageName, `(?m)^(?:\{\s*|\t| {1,4})?"name"\s*:\s*"([^"]+)"`, "name"}},
	"composer.json":  {{packageName, `(?m)^(?:\{\s*|\t| {1,4})?"name"\s*:\s*"([^"]+)"`, "name"}},
	"go.mod":         {{packageName, `(?m)^module\s+(\S+)`, "name"}},
	"pyproject.toml": {{packageName, `(?m)^name\s*=\s*["']([^"']+)`, "name"}},
	"cargo.toml":     {{packageName, `(?m)^name\s*=\s*"([^"]+)`, "name"}},
	"setup.cfg":      {{packageName, `(?m)^name\s*=\s*(\S+)`, "name"}},
	"pom.xml":        {{packageName, `<groupId>\s*(com\.example)\s*</groupId>`, "name"}},
	"build.gradle":   {{packageName, `(?m)^group\s*=?\s*["'](com\.example)["']`, "name"}},
	"manifest.json":  {{publicName, `"(?:short_)?name"\s*:\s*"([^"]+)"`, "pagetitle"}},
}

// settings are files with variables in which a skeleton writes its own name.
var settings = form{packageName, `(?m)^(?:APP_NAME|APP_SUBDOMAIN|APP_TITLE|APP_REPRO|APP_REPO|APP_CHART|CONTAINER_PROJECT_NAME|PROJECT_NAME|COMPOSE_PROJECT_NAME)\s*=\s*["']?(?:[^\s"'#]*/)?([^\s"'#/]+)`, "name"}

// composed are the images of a composition.
var composed = form{packageName, `(?m)^\s*image:\s*["']?(?:[^\s"'#]*/)([^\s"'#/:@]+)`, "name"}

var compiled sync.Map // of patterns, at first use

func compile(pattern string) *regexp.Regexp {
	if re, ok := compiled.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(pattern)
	compiled.Store(pattern, re)
	return re
}

// names looks whether the thing still has the name of a skeleton.
func (p *page) names(ctx context.Context, body []byte, lower string) {
	if p.f.Test || p.sham || scan.Within(p.f.Path, "template", "skeleton", "boilerplate", "scripts", "tools") || len(body) > 1<<20 {
		return
	}
	if lower == "publiccode.yaml" {
		lower = "publiccode.yml"
	}
	all := forms[lower]
	switch {
	case strings.HasPrefix(lower, "values") && p.f.Ext() == ".yaml":
		all = forms["values.yaml"]
	case lower == ".env":
		all = []form{settings}
	case strings.Contains(lower, "compose") && (p.f.Ext() == ".yml" || p.f.Ext() == ".yaml"):
		all = []form{composed}
	}
	for _, one := range all {
		p.to.Looked(one.rule)
		p.named(one, body)
	}
	if p.kind == scan.Code || p.kind == scan.Page {
		p.titles(ctx)
	}
	if p.api && p.ownAPI(lower) {
		p.to.Looked(publicName, sampleCode)
		p.named(form{publicName, `(?m)^\s*"?title"?\s*:\s*["']?([^"'#\n]+?)["']?\s*,?\s*$`, "pagetitle"}, body)
	}
}

// named looks for the first place where a name is one of the list; once a file.
func (p *page) named(one form, body []byte) {
	for _, at := range compile(one.pattern).FindAllSubmatchIndex(body[:min(len(body), 64<<10)], 40) {
		value := string(body[at[2]:at[3]])
		if !skeletonName(value, one.list) || slug(value) == slug(p.repo.Name) {
			continue
		}
		start := bytes.LastIndexByte(body[:at[2]], '\n') + 1
		line := scan.Line{Number: check.LineAt(body, at[2]), Text: string(body[start:at[3]]), Start: start}
		p.tell(one.rule, caseOf(p.f.Path), line, at[2]-start, cut(value))
		return
	}
}

// caseOf says what sort of thing has the name.
func caseOf(name string) string {
	switch base := strings.ToLower(path.Base(name)); {
	case base == "chart.yaml":
		return "chart"
	case strings.HasPrefix(base, "values") || strings.Contains(base, "compose.") || strings.Contains(base, "compose-"):
		return "image"
	case base == ".env":
		return "setting"
	}
	return ""
}

// skeletonName says whether a name is in a list, as a whole or after its owner.
func skeletonName(value, list string) bool {
	value = strings.ToLower(strings.TrimSpace(value))
	if slices.Contains(sections()[list], value) {
		return true
	}
	owner, name, ok := strings.Cut(value, "/")
	if !ok || list != "name" {
		return false
	}
	for _, mark := range []string{"your-", "your_", "yourname", "username", "user-name", "example.com", "myorg", "my-org"} {
		if strings.HasPrefix(strings.TrimPrefix(owner, "@"), mark) {
			return true
		}
	}
	return strings.HasPrefix(owner, "@") && slices.Contains(sections()[list], name)
}

var title = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<title[^>]*>\s*([^<{]{3,60}?)\s*</title>|^\s*(?:title|defaultTitle)\s*[:=]\s*["'` + "`" + `]([^"'` + "`" + `]{3,60})["'` + "`" + `],?\s*$`)
})

// titles looks at what pages are called.
func (p *page) titles(ctx context.Context) {
	if p.aside && !strings.HasPrefix(strings.ToLower(p.f.Name()), "gatsby-config") {
		return
	}
	p.text.Lines(ctx, titleWords, func(line scan.Line) bool {
		at := title().FindStringSubmatchIndex(line.Text)
		if at == nil {
			return true
		}
		from, to := at[2], at[3]
		if from < 0 {
			from, to = at[4], at[5]
		} else {
			p.to.Looked(publicName)
		}
		if value := line.Text[from:to]; skeletonName(value, "pagetitle") && !p.comment(line, from) && slug(value) != slug(p.repo.Name) {
			p.tell(publicName, "page", line, from, cut(value))
		}
		return true
	})
}
