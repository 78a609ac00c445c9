// Package verdict says what package check found: in words, and in the forms that
// people and machines read.
package verdict

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Explanation is a rule in words.
type Explanation struct {
	Name    string // what has to hold: a sentence without its full stop, that can be a heading
	Why     string // why it matters
	Mend    string // what to do when it does not hold
	Differs string // where it judges otherwise than the official checker; "" when nowhere
}

// Explain puts a rule in words.
func Explain(t *text.Catalogue, r check.Rule) Explanation {
	e := Explanation{Name: strings.TrimSuffix(t.T("check.name."+r.ID), "."), Why: t.T("check.why." + r.ID), Mend: t.T("check.mend." + r.ID)}
	if key := "check.differs." + r.ID; t.Has(key) {
		e.Differs = t.T(key)
	}
	return e
}

// Say puts a finding in words. Its values are hostile: who shows them quotes them for
// where they are shown.
func Say(t *text.Catalogue, f check.Finding) string {
	key := "check.found." + f.Rule
	if f.Case != "" {
		key += "." + f.Case
	}
	if !t.Has(key) || !strings.Contains(t.T(key), "%[") {
		return t.T(key)
	}
	values := make([]any, len(f.Args))
	for i, arg := range f.Args {
		values[i] = arg
	}
	return t.T(key, values...)
}

// SayMissed says why a rule could not be judged somewhere.
func SayMissed(t *text.Catalogue, m check.Missed) string { return t.T("check.missed." + m.Why) }

// sayGroup is the name of a group.
func sayGroup(t *text.Catalogue, g check.Group) string { return t.T("check.group." + string(g)) }

// maxWords is how long a text of a finding may be; a value in it may be a whole line
// of a file.
const maxWords = 800

// said is Say on one line, harmless on a screen and not endless.
func said(t *text.Catalogue, f check.Finding) string { return clip(oneLine(Say(t, f)), maxWords) }

// oneLine makes every run of white space one space and leaves out what a screen or a
// reader would take for more than text.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	return strings.Join(strings.Fields(terminal.Safe(s)), " ")
}

// clip cuts a text off after a number of characters.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// titleOf is what a repository is called for who does not know its folder.
func titleOf(r *check.Result) string { return oneLine(cmp.Or(r.Title, r.Name)) }

// severities lists them, the worst first.
func severities() []check.Severity {
	return []check.Severity{check.Error, check.Warning, check.Note}
}

// saySeverity is the name of a severity.
func saySeverity(t *text.Catalogue, s check.Severity) string {
	switch s {
	case check.Error:
		return t.T("check.report.severity.error")
	case check.Warning:
		return t.T("check.report.severity.warning")
	}
	return t.T("check.report.severity.note")
}

// sayAccepted is why somebody accepted a finding, and up to when.
func sayAccepted(t *text.Catalogue, f check.Finding) string {
	if f.Until == "" {
		return t.T("check.report.accepted-open", oneLine(f.Accepted))
	}
	return t.T("check.report.accepted-until", oneLine(f.Accepted), oneLine(f.Until))
}

// counted says how many there are of something that has two keys, for one and for more.
func counted(t *text.Catalogue, n int, one, more string) string {
	if n == 1 {
		return t.T(one)
	}
	return t.T(more, n)
}

// countFindings says how many findings of a severity there are.
func countFindings(t *text.Catalogue, s check.Severity, n int) string {
	switch s {
	case check.Error:
		return counted(t, n, "check.report.error.one", "check.report.error.more")
	case check.Warning:
		return counted(t, n, "check.report.warning.one", "check.report.warning.more")
	}
	return counted(t, n, "check.report.note.one", "check.report.note.more")
}

// sayCounts lists the numbers of findings that are not zero; "" when all are.
func sayCounts(t *text.Catalogue, c tally) string {
	var parts []string
	for _, s := range severities() {
		if n := c.open(s); n > 0 {
			parts = append(parts, countFindings(t, s, n))
		}
	}
	return strings.Join(parts, ", ")
}

// sayScore is a score, or a dash when there is none.
func sayScore(t *text.Catalogue, c tally) string {
	if !c.Known {
		return t.T("check.report.no-score")
	}
	return t.T("check.report.score", c.Score)
}

// saySource is the standard behind a rule, with the names that others know it by.
func saySource(t *text.Catalogue, r check.Rule) string {
	if len(r.Official) == 0 {
		return r.Source
	}
	return t.T("check.report.source-official", r.Source, strings.Join(r.Official, ", "))
}

// capital makes the first letter of a sentence a capital.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
