package check

import (
	"slices"
	"strconv"
)

// The rules of the check about itself: what it did not look at, and exceptions that no
// longer are of use.
const (
	configRule = "check-config"
	unreadRule = "check-unread"
	overRule   = "check-exception-over"
	idleRule   = "check-exception-idle"
)

// LeftOutRule says what the team left out of the check: who reads a proof has to see
// that, however short it is shown.
const LeftOutRule = "check-left-out"

// ItselfRules are the rules of the engine.
func ItselfRules() []Rule {
	const source = "fieldlab"
	return []Rule{
		{ID: configRule, Group: Repository, Severity: Error, Source: source},
		{ID: unreadRule, Group: Repository, Severity: Note, Source: source},
		{ID: LeftOutRule, Group: Repository, Severity: Note, Source: source},
		{ID: overRule, Group: Repository, Severity: Warning, Source: source},
		{ID: idleRule, Group: Repository, Severity: Note, Source: source},
	}
}

// aboutItself makes the verdicts of the engine's own rules.
func aboutItself(r *Repo, workers []*worker) []Verdict {
	report := newReport(r.Config, r.Today)
	report.Looked(unreadRule)
	for _, u := range slices.Concat(r.unread, r.late) {
		report.Add(Finding{Rule: unreadRule, Case: u.Why, Path: u.Path})
	}
	if r.Has(ConfigName) {
		report.Looked(configRule)
	}
	for _, f := range r.faults {
		report.Add(Finding{Rule: configRule, Case: f.Code, Path: ConfigName, Line: f.Line, Column: f.Column, Args: f.Args})
	}
	for i, pattern := range r.Config.Ignore {
		report.Looked(LeftOutRule)
		if r.left != nil && r.left[i] != (left{}) {
			report.Add(Finding{Rule: LeftOutRule, Path: ConfigName, Args: []string{pattern, strconv.Itoa(r.left[i].folders), strconv.Itoa(r.left[i].files)}})
		}
	}
	for i, e := range r.Config.Exceptions {
		report.Looked(overRule, idleRule)
		found := report.used[i] || slices.ContainsFunc(workers, func(w *worker) bool { return w.covers(i, e.Rule) })
		switch at := (Finding{Path: ConfigName, Line: e.Line, Args: []string{e.Rule, e.Until}}); {
		case !found:
			at.Rule = idleRule
			report.Add(at)
		case r.Today > e.Until:
			at.Rule = overRule
			report.Add(at)
		}
	}
	order := map[string]int{}
	for i, rule := range ItselfRules() {
		order[rule.ID] = i
	}
	return verdictsOf(report, ItselfRules(), order)
}

// covers says whether an exception is about something that was found, or may be: what
// only a running API shows, was not asked yet.
func (w *worker) covers(exception int, rule string) bool {
	w.report.mutex.Lock()
	defer w.report.mutex.Unlock()
	return w.report.used[exception] || slices.ContainsFunc(w.checker.Rules(), func(r Rule) bool { return r.ID == rule && r.By == Running })
}
