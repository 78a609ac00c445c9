package check

import (
	"cmp"
	"slices"
)

// Score is how much of what could be judged is met, from 0 to 100, by the weight of the
// severities. known is false when nothing in it could be judged.
func (r *Result) Score(g Group) (score int, known bool) {
	met, all := 0, 0
	for _, v := range r.Verdicts {
		if v.Rule.Group != g && g != "" {
			continue
		}
		weight := v.Rule.Severity.weight()
		switch v.Outcome {
		case Met, Excepted:
			met += weight
			all += weight
		case Broken:
			all += weight
		}
	}
	if all == 0 {
		return 0, false
	}
	return met * 100 / all, true
}

// FailsFrom is the severity from which a finding fails the check: what somebody asked, or
// else what the team chose, or else Error.
func (r *Result) FailsFrom(asked Severity) Severity { return cmp.Or(asked, r.Config.FailOn, Error) }

// Fails says whether there is a finding of at least this severity that nobody accepted.
func (r *Result) Fails(from Severity) bool {
	if from == Never {
		return false
	}
	for _, v := range r.Verdicts {
		if v.Outcome == Broken && v.Rule.Severity.AtLeast(from) {
			return true
		}
	}
	return false
}

// Only leaves the verdicts on some rules; all of them when none is named.
func (r *Result) Only(rules []string) {
	if len(rules) > 0 {
		r.Verdicts = slices.DeleteFunc(r.Verdicts, func(v Verdict) bool { return !slices.Contains(rules, v.Rule.ID) })
	}
}

// With takes verdicts over those on the same rules: what a running API showed goes with
// what the files of its repository show. What the team accepted, counts today for these too.
func (r *Result) With(verdicts []Verdict, today string) {
	for _, v := range verdicts {
		for i, f := range v.Findings {
			f.Args = masked(f.Args)
			v.Findings[i] = r.Config.accept(f, today)
		}
		if v.Outcome == Broken {
			v.Outcome = v.outcome(true)
		}
		i := slices.IndexFunc(r.Verdicts, func(mine Verdict) bool { return mine.Rule.ID == v.Rule.ID })
		if i >= 0 {
			r.Verdicts[i] = v
		} else {
			r.Verdicts = append(r.Verdicts, v)
		}
	}
}
