package check

import "slices"

// yield leaves one mistake one finding: what a rule found on a line on which a rule that
// it yields to speaks, goes. A rule that has nothing left was not met all the same, so it
// is not judged.
func yield(all []Verdict) {
	type line struct {
		rule, path string
		line       int
	}
	yielded := map[string]bool{}
	for _, v := range all {
		for _, rule := range v.Rule.Yields {
			yielded[rule] = true
		}
	}
	spoken := map[line]bool{}
	for _, v := range all {
		if !yielded[v.Rule.ID] {
			continue
		}
		for _, f := range v.Findings {
			spoken[line{f.Rule, f.Path, f.Line}] = true
		}
	}
	for i := range all {
		v := &all[i]
		kept := slices.DeleteFunc(slices.Clone(v.Findings), func(f Finding) bool {
			return f.Line > 0 && slices.ContainsFunc(v.Rule.Yields, func(rule string) bool { return spoken[line{rule, f.Path, f.Line}] })
		})
		if len(kept) < len(v.Findings) {
			v.Missed = append(v.Missed, Missed{Rule: v.Rule.ID, Why: "said"})
			v.Findings = kept
			v.Outcome = v.outcome(true)
		}
	}
}
