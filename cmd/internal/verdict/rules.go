package verdict

import (
	"io"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// RuleInfo is a rule as --list gives it to programs, and a Document too.
type RuleInfo struct {
	ID       string   `json:"id"`
	Group    string   `json:"group"`
	Severity string   `json:"severity"`
	By       string   `json:"by"` // who can judge it: files, running or person
	Name     string   `json:"name"`
	Source   string   `json:"source"`
	URL      string   `json:"url,omitempty"`
	Official []string `json:"official,omitempty"`
}

// ListJSON lists rules for programs.
func ListJSON(w io.Writer, t *text.Catalogue, rules []check.Rule) error {
	all := []RuleInfo{}
	for _, r := range rules {
		all = append(all, ruleInfo(t, r))
	}
	return writeJSON(w, all)
}

func ruleInfo(t *text.Catalogue, r check.Rule) RuleInfo {
	return RuleInfo{
		ID: r.ID, Group: string(r.Group), Severity: string(r.Severity), By: by(r), Name: Explain(t, r).Name,
		Source: r.Source, URL: r.URL, Official: r.Official,
	}
}

// List lists rules for people, by group.
func List(s *terminal.IO, t *text.Catalogue, rules []check.Rule) error {
	p := newPaper(s, t)
	widest, begun := 0, false
	for _, r := range rules {
		widest = max(widest, len(r.ID))
	}
	for _, g := range check.Groups() {
		first := true
		for _, r := range rules {
			if r.Group != g {
				continue
			}
			if first {
				if begun {
					p.gap()
				}
				begun = true
				p.line(p.io.Bold(sayGroup(t, g)))
				first = false
			}
			p.rule(r, widest)
		}
	}
	p.gap()
	p.wrap(counted(t, len(rules), "check.report.list.one", "check.report.list.more"), "")
	p.wrap(t.T("check.report.list.explain"), "")
	return p.err
}

// rule is a line of the list: what is too long for it goes on below its name.
func (p *paper) rule(r check.Rule, widest int) {
	severity := saySeverity(p.t, r.Severity)
	switch r.By {
	case check.Running:
		severity += ", " + p.t.T("check.report.list.running")
	case check.Person:
		severity = p.t.T("check.report.list.person")
	}
	head := "  " + r.ID + strings.Repeat(" ", max(0, widest-len(r.ID))) + "  "
	words := oneLine(Explain(p.t, r).Name) + " (" + severity + ")"
	if p.io.Width()-terminal.Cells(head) < 30 {
		p.line("  " + r.ID)
		p.wrap(words, "    ")
		return
	}
	indent := strings.Repeat(" ", terminal.Cells(head))
	p.line(head + strings.TrimPrefix(p.io.Wrap(words, indent), indent))
}

// ExplainRule says everything of one rule.
func ExplainRule(s *terminal.IO, t *text.Catalogue, r check.Rule) error {
	p := newPaper(s, t)
	e := Explain(t, r)
	p.wrap(p.io.Bold(oneLine(e.Name)), "")
	p.wrap(t.T("check.report.explain.head", r.ID, sayGroup(t, r.Group), saySeverity(t, r.Severity)), "")
	part := func(label, words string) {
		if words = strings.TrimSpace(words); words != "" {
			p.gap()
			p.line(p.io.Bold(label))
			p.wrap(terminal.SafeLines(words), "  ")
		}
	}
	part(t.T("check.report.label.why"), e.Why)
	part(t.T("check.report.label.mend"), e.Mend)
	part(t.T("check.report.label.source"), r.Source)
	if r.URL != "" {
		p.line("  " + r.URL) // never broken: it is copied
	}
	part(t.T("check.report.label.official"), strings.Join(r.Official, ", "))
	part(t.T("check.report.label.differs"), e.Differs)
	switch r.By {
	case check.Running:
		part(t.T("check.report.label.by"), t.T("check.report.why.running"))
	case check.Person:
		part(t.T("check.report.label.by"), t.T("check.report.why.person"))
	}
	if r.By != check.Person {
		p.gap()
		p.wrap(t.T("check.report.explain.accept", check.ConfigName), "")
		p.line("  " + t.T("check.report.explain.accept-line", r.ID)) // never broken: it is copied
	}
	return p.err
}

// FindRule finds a rule by its ID or by a name under which an official checker knows it.
// Without one, nearest is the ID that looks most like it; "" when none does.
func FindRule(rules []check.Rule, id string) (r check.Rule, nearest string, found bool) {
	id = strings.TrimSpace(id)
	ids := make([]string, 0, len(rules))
	for _, r := range rules {
		if strings.EqualFold(r.ID, id) {
			return r, "", true
		}
		ids = append(ids, r.ID)
	}
	for _, r := range rules {
		if slices.ContainsFunc(r.Official, func(name string) bool { return strings.EqualFold(name, id) }) {
			return r, "", true
		}
	}
	if nearest = arguments.Nearest(id, ids); nearest == "" && len(id) >= 3 {
		for _, candidate := range ids {
			if strings.Contains(candidate, strings.ToLower(id)) {
				return check.Rule{}, candidate, false
			}
		}
	}
	return check.Rule{}, nearest, false
}
