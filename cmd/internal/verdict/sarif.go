package verdict

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	home        = "https://github.com/commonground-fieldlab/fieldlab"
	root        = "SRCROOT" // what paths are relative to

	maxResults = 25_000 // GitHub refuses a run with more
	maxField   = 1000   // and shortens descriptions that are longer than 1024 characters
)

// writeSARIF writes one run for each repository. GitHub takes at most twenty of them in
// a file; whoever uploads uploads one.
func writeSARIF(w io.Writer, t *text.Catalogue, about About, results []*check.Result) error {
	log := sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{}}
	for i, r := range results {
		s := &sarifWriter{t: t, about: about, r: r, names: newPrints(r, len(results) > 1), index: map[string]int{}}
		run := s.run(about.checkout(i))
		if len(results) > 1 {
			run.AutomationDetails.ID += address(r.Name) + "/"
		}
		log.Runs = append(log.Runs, run)
	}
	return writeJSON(w, log)
}

type sarifWriter struct {
	t     *text.Catalogue
	about About
	r     *check.Result
	names *prints
	index map[string]int // of the rules
}

func (s *sarifWriter) run(checkout Checkout) sarifRun {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "fieldlab check", Version: s.about.Version, InformationURI: home, Rules: []sarifRule{},
		}},
		AutomationDetails: sarifAutomation{ID: "fieldlab-check/"},
		BaseIDs:           map[string]sarifRootPlace{root: {sarifMessage{s.t.T("check.report.sarif.root")}}},
		ColumnKind:        "unicodeCodePoints", Language: string(s.t.Language()),
	}
	for i, v := range s.r.Verdicts {
		s.index[v.Rule.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, s.rule(v.Rule))
	}
	results, dropped := s.results()
	run.Results = results
	notes := s.notifications()
	if dropped > 0 {
		notes = append(notes, sarifNotification{Level: "warning", Message: sarifMessage{s.t.T("check.report.sarif.dropped", dropped)}})
	}
	if checkout.Commit != "" {
		notes = append(notes, sarifNotification{Level: "note", Message: sarifMessage{s.t.T("check.report.commit", oneLine(checkout.Commit))}})
	}
	if y := checkout.Yardstick; y != nil {
		notes = append(notes, sarifNotification{Level: "note", Message: sarifMessage{s.t.T("check.report.yardstick", y.Met, y.Of, y.Score)}})
	}
	run.Invocations = []sarifInvocation{{Successful: true, End: s.about.Now.UTC().Format(time.RFC3339), Notifications: notes}}
	return run
}

func (s *sarifWriter) rule(r check.Rule) sarifRule {
	e := Explain(s.t, r)
	rule := sarifRule{
		ID: r.ID, Name: pascal(r.ID), Short: sarifMessage{clip(oneLine(e.Name), maxField)}, Full: sarifMessage{clip(oneLine(e.Why), maxField)},
		Help: s.help(r, e), HelpURI: r.URL, Configuration: sarifConfiguration{sarifLevel(r.Severity)},
		Properties: sarifProperties{
			Tags: []string{string(r.Group)}, Severity: sarifPriority(r.Severity), Official: r.Official, Source: r.Source,
		},
	}
	if r.URL == "" {
		rule.HelpURI = home
	}
	return rule
}

// help says what to do, once as text and once as Markdown.
func (s *sarifWriter) help(r check.Rule, e Explanation) sarifMarkdown {
	parts := []struct{ title, words string }{
		{"", e.Why}, {s.t.T("check.report.label.mend"), e.Mend}, {s.t.T("check.report.label.source"), saySource(s.t, r)},
		{s.t.T("check.report.label.differs"), e.Differs},
	}
	var plain, marked []string
	for _, p := range parts {
		words := oneLine(p.words)
		switch {
		case words == "":
		case p.title == "":
			plain, marked = append(plain, words), append(marked, mdWords(words))
		default:
			plain, marked = append(plain, p.title+": "+words), append(marked, "**"+p.title+"**: "+mdWords(words))
		}
	}
	more := "fieldlab check --explain " + r.ID
	return sarifMarkdown{
		Text:     strings.Join(append(plain, more), "\n\n"),
		Markdown: strings.Join(append(marked, "`"+more+"`"), "\n\n"),
	}
}

// results lists the findings; when there are more than GitHub takes, the worst ones.
func (s *sarifWriter) results() (kept []sarifResult, dropped int) {
	kept = []sarifResult{}
	for _, v := range s.r.Verdicts {
		for _, f := range v.Findings {
			kept = append(kept, s.result(v.Rule, f))
		}
	}
	if len(kept) > maxResults {
		slices.SortStableFunc(kept, func(a, b sarifResult) int { return cmp.Compare(levelOrder(a.Level), levelOrder(b.Level)) })
		dropped = len(kept) - maxResults
		kept = kept[:maxResults]
	}
	return kept, dropped
}

func (s *sarifWriter) result(r check.Rule, f check.Finding) sarifResult {
	result := sarifResult{
		RuleID: r.ID, RuleIndex: s.index[r.ID], Level: sarifLevel(r.Severity), Message: sarifMessage{said(s.t, f)},
		Locations: []sarifLocation{location(f.Path, &sarifRegion{max(f.Line, 1), 0})},
		Prints:    map[string]string{"fieldlab/v1": s.names.next(f)}, Suppressions: []sarifSuppression{},
	}
	if f.Line > 0 {
		result.Locations[0].Physical.Region.StartColumn = f.Column
	}
	if f.Accepted != "" {
		result.Suppressions = append(result.Suppressions, sarifSuppression{
			Kind: "external", Status: "accepted", Justification: sayAccepted(s.t, f),
		})
	}
	return result
}

func location(path string, region *sarifRegion) sarifLocation {
	return sarifLocation{sarifPhysical{sarifArtifact{address(path), root}, region}}
}

// notifications say what was not checked, and what was found and is not here.
func (s *sarifWriter) notifications() []sarifNotification {
	all := []sarifNotification{}
	for _, v := range s.r.Verdicts {
		rule := &sarifReference{v.Rule.ID, s.index[v.Rule.ID]}
		for _, m := range v.Missed {
			n := sarifNotification{Level: "warning", Message: sarifMessage{s.t.T("check.report.sarif.missed", v.Rule.ID, oneLine(SayMissed(s.t, m)))}, Associated: rule}
			if m.Path != "" {
				n.Locations = []sarifLocation{location(m.Path, nil)}
			}
			all = append(all, n)
		}
		if v.Outcome == check.NotChecked && len(v.Missed) == 0 {
			all = append(all, sarifNotification{Level: "note", Message: sarifMessage{s.t.T("check.report.sarif.missed", v.Rule.ID, sayUnjudged(s.t, v.Rule))}, Associated: rule})
		}
		if v.More > 0 {
			all = append(all, sarifNotification{Level: "warning", Message: sarifMessage{s.t.T("check.report.sarif.more", v.Rule.ID, v.More)}, Associated: rule})
		}
	}
	return all
}

func sarifLevel(s check.Severity) string {
	switch s {
	case check.Error:
		return "error"
	case check.Warning:
		return "warning"
	}
	return "note"
}

// sarifPriority is the property by which GitHub sorts.
func sarifPriority(s check.Severity) string {
	if s == check.Note {
		return "recommendation"
	}
	return sarifLevel(s)
}

func levelOrder(level string) int { return slices.Index([]string{"error", "warning", "note"}, level) }

// pascal writes an ID as the standard wants names of rules.
func pascal(id string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(id, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}
