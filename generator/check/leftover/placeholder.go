package leftover

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

var (
	// unfilled are marks of templates that nobody filled in.
	unfilled = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\{\{\s*-?\s*(?:cookiecutter|copier)\.\w+[^}]*\}\}|\{\{\s*(?:project_name|project_slug|app_name)\s*(?:\|[^}]*)?\}\}|<%=\s*(?:appName|projectName)\s*%>`)
	})
	// yours are words for what the team should have put there.
	yours = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:github|gitlab)\.com[/:](?:your[-_]?(?:org|organi[sz]ation|company|repo)|<your[^>]*>|my-?org|org-name)/[\w.<>-]+|github_username/repo_name|[<\[{]\s*(?:your|uw|jouw)[ _-](?:organi[sz]atie|organi[sz]ation|org|project|component|gemeente|name|naam|api[ _-]?key)(?:[ _-]\w+){0,2}\s*[>\]}]`)
	})
	value = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:[:=]>?\s*|[(,]\s*)["'` + "`" + `]?([^"'` + "`" + `\s]*\b!?(?:change[-_]?me|replace[-_]?me|fill[-_]?me[-_]?in|todo[-_]?fill[-_]?in|your[-_](?:api[-_]?key|secret|password|token)(?:[-_]here)?)\b!?[^"'` + "`" + `\s]*)["'` + "`" + `]?\s*[,;)}\]]*\s*$`)
	})
	todo = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:\bTODO|\bFIXME|\[TODO\])[:\s]+(?:fill in|vul(?:len)? .*in\b|invullen|nog invullen|add (?:a )?description|beschrijving|write (?:a )?description|description here|replace this)|["']?\b(?:description|shortDescription|longDescription|title|summary)["']?\s*:\s*["']?(?:TODO|TBD|FIXME|\.\.\.|Lorem ipsum)\b`)
	})
)

// placeholders looks for what was to be filled in, and was not.
func (p *page) placeholders(ctx context.Context, lower string) {
	if p.f.Test || p.sham || scan.Within(p.f.Path, "templates", "template", "skeleton", "boilerplate") && p.kind != scan.Document && !scan.Within(p.f.Path, "helm", "charts", "chart") ||
		strings.Contains(p.f.Path, "{{") || p.kind == scan.Other {
		return
	}
	p.to.Looked(placeholder)
	p.text.Lines(ctx, templateWords, func(line scan.Line) bool {
		if p.kind == scan.Page || p.f.Ext() == ".py" {
			return true // a page gets such a value when it is shown
		}
		if at := unfilled().FindStringIndex(line.Text); at != nil && !p.comment(line, at[0]) && !strings.Contains(line.Text, "`{{") {
			p.tell(placeholder, "", line, at[0], cut(line.Text[at[0]:at[1]]))
		}
		return true
	})
	p.yours(ctx, lower)
	if p.kind == scan.Document && !strings.HasPrefix(lower, "readme") && !strings.HasPrefix(lower, "security") {
		return
	}
	p.text.Lines(ctx, todoWords, func(line scan.Line) bool {
		at := todo().FindStringIndex(line.Text)
		visible := p.kind == scan.Document || p.api && p.ownAPI(lower) || strings.HasPrefix(lower, "publiccode") || lower == "chart.yaml"
		if at != nil && visible {
			p.tell(placeholder, "todo", line, at[0], cut(line.Text[at[0]:at[1]]))
		}
		return true
	})
}

// yours looks for "your organisation" and for CHANGEME.
func (p *page) yours(ctx context.Context, lower string) {
	p.text.Lines(ctx, yourWords, func(line scan.Line) bool {
		at := yours().FindStringIndex(line.Text)
		if at == nil || p.kind == scan.Code && p.comment(line, at[0]) {
			return true
		}
		// A manual may say "your project" in a command; the first page, the chart and
		// the description of the code may not.
		found := line.Text[at[0]:at[1]]
		firstPage := strings.HasPrefix(lower, "readme") && !strings.Contains(p.f.Path, "/")
		address := strings.Contains(found, ".com")
		if p.kind == scan.Document && !(firstPage && address) || strings.Contains(line.Lower, "fork") || p.kind == scan.Code && !address {
			return true
		}
		p.tell(placeholder, "", line, at[0], cut(found))
		return true
	})
	if p.aside || p.api || p.kind != scan.Config && p.kind != scan.Code {
		return
	}
	p.to.Looked(changeMe)
	p.text.Lines(ctx, changeWords, func(line scan.Line) bool {
		at := value().FindStringSubmatchIndex(line.Text)
		if at == nil || p.comment(line, at[2]) || explaining(line.Lower[:at[2]]) || guarded(line.Lower[:at[2]]) || p.kind == scan.Code && !p.written(line, at[2], at[3]) {
			return true
		}
		p.tell(changeMe, "", line, at[2], cut(line.Text[at[2]:at[3]]))
		return true
	})
}

// written says whether a value in code is a text that says no more than that, and not a
// name with the word in it.
func (p *page) written(line scan.Line, from, to int) bool {
	if from == 0 || !strings.ContainsAny(line.Text[from-1:from], "\"'`") {
		return false
	}
	text := strings.Trim(line.Lower[from:to], "!<>[]{} ")
	return strings.HasPrefix(text, "change") || strings.HasPrefix(text, "replace") || strings.HasPrefix(text, "fill") || strings.HasPrefix(text, "your") || strings.Contains(text, "://")
}
