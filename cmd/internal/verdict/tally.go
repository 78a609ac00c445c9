package verdict

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// tally is what a part of a result comes to.
type tally struct {
	Score int
	Known bool // there is a score

	Errors, Warnings, Notes int // findings that nobody accepted
	Accepted                int // findings that somebody did

	Met, Broken, Excepted, Idle int // rules
	NotChecked                  int // rules that could not be judged, or not everywhere
	Person                      int // rules that only a person can judge
}

func (c tally) open(s check.Severity) int {
	switch s {
	case check.Error:
		return c.Errors
	case check.Warning:
		return c.Warnings
	}
	return c.Notes
}

func (c tally) findings() int { return c.Errors + c.Warnings + c.Notes }

// judged is how many rules could be judged.
func (c tally) judged() int { return c.Met + c.Broken + c.Excepted }

// tallyOf counts a group, or everything for "".
func tallyOf(r *check.Result, g check.Group) tally {
	var c tally
	c.Score, c.Known = r.Score(g)
	for _, v := range r.Verdicts {
		if g != "" && v.Rule.Group != g {
			continue
		}
		c.rule(v)
		for _, f := range v.Findings {
			if f.Accepted != "" {
				c.Accepted++
			} else {
				c.count(v.Rule.Severity, 1)
			}
		}
		c.count(v.Rule.Severity, v.More)
	}
	return c
}

func (c *tally) rule(v check.Verdict) {
	switch {
	case v.Rule.By == check.Person:
		c.Person++
		return
	case v.Outcome == check.Met:
		c.Met++
	case v.Outcome == check.Broken:
		c.Broken++
	case v.Outcome == check.Excepted:
		c.Excepted++
	case v.Outcome == check.Idle:
		c.Idle++
	}
	if v.Outcome == check.NotChecked || len(v.Missed) > 0 {
		c.NotChecked++
	}
}

func (c *tally) count(s check.Severity, n int) {
	switch s {
	case check.Error:
		c.Errors += n
	case check.Warning:
		c.Warnings += n
	default:
		c.Notes += n
	}
}

// groupsOf lists the groups that a result has rules of.
func groupsOf(results ...*check.Result) []check.Group {
	var groups []check.Group
	for _, g := range check.Groups() {
		if slices.ContainsFunc(results, func(r *check.Result) bool { return has(r, g) }) {
			groups = append(groups, g)
		}
	}
	return groups
}

func has(r *check.Result, g check.Group) bool {
	return slices.ContainsFunc(r.Verdicts, func(v check.Verdict) bool { return v.Rule.Group == g })
}

// open lists the findings that nobody accepted.
func open(v check.Verdict) []check.Finding {
	return slices.DeleteFunc(slices.Clone(v.Findings), func(f check.Finding) bool { return f.Accepted != "" })
}

// accepted lists those that somebody did.
func accepted(v check.Verdict) []check.Finding {
	return slices.DeleteFunc(slices.Clone(v.Findings), func(f check.Finding) bool { return f.Accepted == "" })
}

// broken lists the rules that are not met, the worst first.
func broken(r *check.Result) []check.Verdict {
	var all []check.Verdict
	for _, s := range severities() {
		for _, v := range r.Verdicts {
			if v.Outcome == check.Broken && v.Rule.Severity == s {
				all = append(all, v)
			}
		}
	}
	return all
}

// fixable counts the findings that fieldlab can mend itself.
func fixable(r *check.Result) int {
	n := 0
	for _, v := range r.Verdicts {
		for _, f := range open(v) {
			if f.Fix != nil {
				n++
			}
		}
	}
	return n
}

// gap is what could not be judged for one reason.
type gap struct {
	Reason string
	Rules  []check.Rule
	Paths  []string // where; empty is nowhere in particular
}

// gaps lists what could not be judged, by reason. What only a person can say is not
// among it: see persons.
func gaps(t *text.Catalogue, r *check.Result) []gap {
	var all []gap
	add := func(reason string, rule check.Rule, path string) {
		i := slices.IndexFunc(all, func(g gap) bool { return g.Reason == reason })
		if i < 0 {
			i = len(all)
			all = append(all, gap{Reason: reason})
		}
		if !slices.ContainsFunc(all[i].Rules, func(known check.Rule) bool { return known.ID == rule.ID }) {
			all[i].Rules = append(all[i].Rules, rule)
		}
		if path != "" && !slices.Contains(all[i].Paths, path) {
			all[i].Paths = append(all[i].Paths, path)
		}
	}
	for _, v := range r.Verdicts {
		if v.Rule.By == check.Person {
			continue
		}
		for _, m := range v.Missed {
			add(oneLine(SayMissed(t, m)), v.Rule, m.Path)
		}
		if v.Outcome == check.NotChecked && len(v.Missed) == 0 {
			add(sayUnjudged(t, v.Rule), v.Rule, "")
		}
	}
	return all
}

// sayUnjudged says why a rule was not judged of which nobody says why.
func sayUnjudged(t *text.Catalogue, r check.Rule) string {
	switch r.By {
	case check.Running:
		return t.T("check.report.why.running")
	case check.Person:
		return t.T("check.report.why.person")
	}
	return t.T("check.report.why.unknown")
}

// persons lists the rules that only a person can judge.
func persons(r *check.Result) []check.Rule {
	var all []check.Rule
	for _, v := range r.Verdicts {
		if v.Rule.By == check.Person {
			all = append(all, v.Rule)
		}
	}
	return all
}
