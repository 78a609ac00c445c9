package leftover

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// head is how much of a document is its beginning.
const head = 1500

var heading = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:#\s+(.+?)\s*#*|<h1[^>]*>\s*([^<]+?)\s*</h1>.*|([^\n#<\[!*-][^\n]{2,80})\n=====*)\s*$`)
})

// documents looks at texts for people that are still the ones of a skeleton.
func (p *page) documents(body []byte, lower string) {
	isReadme := strings.HasPrefix(lower, "readme") && (p.kind == scan.Document || p.f.Ext() == "")
	root := path.Dir(p.f.Path) == "."
	switch {
	case p.aside || scan.Within(p.f.Path, "templates", "template", "skeleton"):
		return
	case isReadme && root:
		p.to.Looked(readme)
	case isReadme, root && (p.kind == scan.Document || strings.HasPrefix(lower, "license")), lower == "security.md", lower == "help.md":
		p.to.Looked(document)
	default:
		return
	}
	if isReadme {
		rule := document
		if root {
			rule = readme
		}
		if line, what := p.opening(body); what != "" {
			p.tell(rule, "", scan.Line{Number: line}, -1, cut(what))
			return
		}
	}
	if strings.HasPrefix(lower, "code_of_conduct") {
		return // contacts tells of it
	}
	p.text.Lines(context.Background(), sections()["document"], func(line scan.Line) bool {
		p.tell(document, "form", line, line.At, cut(line.Text))
		return false
	})
}

// opening gives what a README begins with when a skeleton wrote that.
func (p *page) opening(body []byte) (line int, what string) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	beginning := body[:min(len(body), head)]
	if at := heading().FindSubmatchIndex(beginning); at != nil {
		for i := 2; i < len(at); i += 2 {
			if at[i] < 0 {
				continue
			}
			title := strings.Trim(string(beginning[at[i]:at[i+1]]), "*_` ")
			if slices.Contains(sections()["title"], strings.ToLower(title)) && slug(title) != slug(p.repo.Name) {
				return check.LineAt(beginning, at[i]), title
			}
		}
	}
	lower := bytes.ToLower(beginning)
	for _, sentence := range sections()["opening"] {
		if i := bytes.Index(lower, []byte(sentence)); i >= 0 {
			from := bytes.LastIndexByte(lower[:i], '\n') + 1
			end := bytes.IndexByte(beginning[min(from, len(beginning)):], '\n')
			if end < 0 {
				end = len(beginning) - from
			}
			return check.LineAt(lower, i), strings.TrimSpace(string(beginning[from : from+end]))
		}
	}
	return 0, ""
}

// slug makes names that are written in two ways the same.
func slug(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, strings.ToLower(name))
}

// overdracht counts what a component of fieldlab says is still to be filled in.
func (p *page) overdracht(body []byte) {
	if p.f.Path != "docs/overdracht.md" || !p.repo.IsComponent() {
		return
	}
	p.to.Looked(openPoints)
	number, first, rows := 0, 0, 0
	for raw := range bytes.Lines(body) {
		number++
		text := strings.TrimSpace(string(raw[:min(len(raw), 400)]))
		switch {
		case strings.HasPrefix(text, "## ") && first > 0:
			first = -first
		case text == "## Nog in te vullen" && first == 0:
			first = number
		case first > 0 && strings.HasPrefix(text, "|"):
			rows++
		}
	}
	if first < 0 {
		first = -first
	}
	if rows -= 2; rows > 0 {
		p.open = true
		p.tell(openPoints, "", scan.Line{Number: first}, -1, strconv.Itoa(rows))
	}
}

var (
	exampleMail = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)[\w.+-]+@(?:[\w-]+\.)*(?:example\.(?:com|org|net|nl|edu)|example|voorbeeld\.nl|yourdomain\.\w+|your-domain\.\w+|mydomain\.\w+|domain\.(?:com|tld|nl)|company\.com|email\.com|mail\.com)\b`)
	})
	contactKey = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)["']?(?:email|mail|e-mail|contact|author|authors|maintainer|maintainers|homepage|landingurl|url|support)["']?\s*[:=]`)
	})
)

// contacts looks whether people who want to reach the team can.
func (p *page) contacts(ctx context.Context, lower string) {
	stem := strings.TrimSuffix(lower, path.Ext(lower))
	community := slices.Contains([]string{"security", "code_of_conduct", "contributing", "governance", "support", "maintainers", "authors"}, stem) && !p.f.Test && !p.sham
	form := stem == "publiccode" || lower == "package.json" || lower == "composer.json" || lower == "chart.yaml" || lower == "pyproject.toml" || lower == "security.txt"
	if p.f.Test || p.sham || !community && !form && !(p.api && p.ownAPI(lower)) {
		return
	}
	p.to.Looked(contact)
	p.text.Lines(ctx, contactWords, func(line scan.Line) bool {
		if at := strings.Index(line.Lower, "[insert "); at >= 0 && community {
			p.tell(contact, "", line, at, cut(line.Text[at:min(at+40, len(line.Text))]))
			return true
		}
		at := exampleMail().FindStringIndex(line.Text)
		if at == nil || p.api && !(contactKey().MatchString(line.Text) && p.inContact(line)) || form && !contactKey().MatchString(line.Text) && !strings.Contains(p.text.Around(line.Number, 3), "author") {
			return true
		}
		p.tell(contact, "", line, at[0], line.Text[at[0]:at[1]])
		return true
	})
}

// inContact says whether a line of a description of an API stands below "contact".
func (p *page) inContact(line scan.Line) bool {
	return strings.Contains(p.text.Around(line.Number, 3), "contact") && line.Number < 60
}

// ownAPI says whether a description is of the API of this repository, by what the team
// said, or else by its name.
func (p *page) ownAPI(lower string) bool {
	if len(p.repo.Config.API) > 0 {
		return slices.Contains(p.repo.Config.API, p.f.Path)
	}
	stem := strings.TrimSuffix(lower, path.Ext(lower))
	return !p.aside && slices.Contains([]string{"openapi", "swagger", "oas", "api"}, stem)
}
