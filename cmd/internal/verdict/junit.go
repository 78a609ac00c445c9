package verdict

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// The form that Ant began and every system for continuous integration reads.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Skipped *junitOutcome `xml:"skipped"`
		Failure *junitOutcome `xml:"failure"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitOutcome struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a suite for each group and a case for each rule. A rule that is not
// met fails when it fails the check; else its case passes and says in its output what
// was found, so that tests and the exit code never disagree.
func writeJUnit(w io.Writer, t *text.Catalogue, about About, results []*check.Result) error {
	all := junitSuites{Name: "fieldlab check"}
	for _, r := range results {
		prefix, class := "", "fieldlab."
		if len(results) > 1 {
			prefix, class = oneLine(r.Name)+": ", "fieldlab."+oneLine(r.Name)+"."
		}
		for _, g := range groupsOf(r) {
			suite := junitSuite{Name: prefix + sayGroup(t, g), Timestamp: about.Now.UTC().Format("2006-01-02T15:04:05")}
			for _, v := range r.Verdicts {
				if v.Rule.Group == g {
					suite.add(junitCaseOf(t, about, r, v, class+string(g)))
				}
			}
			all.Tests += suite.Tests
			all.Failures += suite.Failures
			all.Suites = append(all.Suites, suite)
		}
	}
	body, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, body)
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func junitCaseOf(t *text.Catalogue, about About, r *check.Result, v check.Verdict, class string) junitCase {
	c := junitCase{Name: v.Rule.ID + ": " + oneLine(Explain(t, v.Rule).Name), Class: class}
	missed := junitMissed(t, v)
	switch {
	case v.Outcome == check.Broken:
		words := junitFindings(t, v) + missed
		if !about.fails(r, v.Rule.Severity) {
			c.Out = words
			break
		}
		c.Failure = &junitOutcome{Type: string(v.Rule.Severity), Message: junitSummary(t, v), Text: words}
	case v.Rule.By == check.Person:
		c.Skipped = &junitOutcome{Message: t.T("check.report.why.person")}
	case v.Outcome == check.NotChecked:
		c.Skipped = &junitOutcome{Message: t.T("check.report.outcome.not-checked"), Text: missed}
	case v.Outcome == check.Idle:
		c.Skipped = &junitOutcome{Message: t.T("check.report.outcome.idle")}
	case v.Outcome == check.Excepted:
		c.Out = junitFindings(t, v)
	}
	return c
}

// junitSummary is the first finding, and how many more there are.
func junitSummary(t *text.Catalogue, v check.Verdict) string {
	all := open(v)
	if len(all) == 0 {
		return countFindings(t, v.Rule.Severity, v.More)
	}
	first := place(t, all[0]) + ": " + said(t, all[0])
	if more := len(all) - 1 + v.More; more > 0 {
		first += " " + counted(t, more, "check.report.more.one", "check.report.more.more")
	}
	return first
}

func junitFindings(t *text.Catalogue, v check.Verdict) string {
	var b strings.Builder
	line := func(words string) { b.WriteString("\n" + words) }
	for _, f := range v.Findings {
		words := place(t, f) + ": " + said(t, f)
		if f.Accepted != "" {
			words += " (" + sayAccepted(t, f) + ")"
		}
		line(words)
	}
	if v.More > 0 {
		line(counted(t, v.More, "check.report.more.one", "check.report.more.more"))
	}
	line(t.T("check.report.label.mend") + ": " + oneLine(Explain(t, v.Rule).Mend))
	line(t.T("check.report.label.source") + ": " + saySource(t, v.Rule))
	line("fieldlab check --explain " + v.Rule.ID + "\n")
	return b.String()
}

func junitMissed(t *text.Catalogue, v check.Verdict) string {
	if v.Outcome == check.NotChecked && len(v.Missed) == 0 {
		return "\n" + sayUnjudged(t, v.Rule) + "\n"
	}
	var b strings.Builder
	for _, m := range v.Missed {
		b.WriteString("\n" + t.T("check.report.missed", where(t, m.Path), oneLine(SayMissed(t, m))))
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// where is a path of something that could not be judged.
func where(t *text.Catalogue, path string) string {
	return place(t, check.Finding{Path: path})
}
