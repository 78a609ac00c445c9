package check_test

import (
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// verdict makes a verdict with a finding when that is what the outcome is about.
func verdict(id string, severity check.Severity, outcome check.Outcome) check.Verdict {
	v := check.Verdict{Rule: check.Rule{ID: id, Group: check.API, Severity: severity}, Outcome: outcome}
	switch outcome {
	case check.Broken:
		v.Findings = []check.Finding{{Rule: id, Path: "a"}}
	case check.Excepted:
		v.Findings = []check.Finding{{Rule: id, Path: "a", Accepted: "mag", Until: "2027-01-01"}}
	}
	return v
}

// TestScore: an error weighs as three warnings, a note as nothing; what nobody judged
// counts neither way, and nothing that is broken is rounded away.
func TestScore(t *testing.T) {
	t.Parallel()
	var nearly []check.Verdict
	for range 400 {
		nearly = append(nearly, verdict("m", check.Error, check.Met))
	}
	for name, c := range map[string]struct {
		verdicts []check.Verdict
		score    int
		known    bool
	}{
		"nothing":              {nil, 0, false},
		"notes only":           {[]check.Verdict{verdict("n", check.Note, check.Broken)}, 0, false},
		"an error of two":      {[]check.Verdict{verdict("e", check.Error, check.Broken), verdict("w", check.Warning, check.Met)}, 25, true},
		"a warning of two":     {[]check.Verdict{verdict("e", check.Error, check.Met), verdict("w", check.Warning, check.Broken)}, 75, true},
		"accepted counts":      {[]check.Verdict{verdict("e", check.Error, check.Excepted)}, 100, true},
		"idle counts not":      {[]check.Verdict{verdict("e", check.Error, check.Met), verdict("i", check.Error, check.Idle), verdict("u", check.Error, check.NotChecked)}, 100, true},
		"one of many is not 0": {append(nearly, verdict("w", check.Warning, check.Broken)), 99, true},
	} {
		r := &check.Result{Verdicts: c.verdicts}
		for _, group := range []check.Group{check.API, ""} {
			if score, known := r.Score(group); score != c.score || known != c.known {
				t.Errorf("%s, group %q: %d, %t", name, group, score, known)
			}
		}
		if _, known := r.Score(check.Secrets); known {
			t.Errorf("%s: another group has a score", name)
		}
	}
}

func TestFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		severity check.Severity
		outcome  check.Outcome
		from     check.Severity
		want     bool
	}{
		{check.Error, check.Broken, check.Error, true},
		{check.Warning, check.Broken, check.Error, false},
		{check.Warning, check.Broken, check.Warning, true},
		{check.Note, check.Broken, check.Warning, false},
		{check.Note, check.Broken, check.Note, true},
		{check.Error, check.Excepted, check.Note, false},
		{check.Error, check.NotChecked, check.Note, false},
		{check.Error, check.Broken, check.Never, false},
	} {
		r := &check.Result{Verdicts: []check.Verdict{verdict("r", c.severity, c.outcome)}}
		if got := r.Fails(c.from); got != c.want {
			t.Errorf("%s that is %s, from %s on: %t", c.severity, c.outcome, c.from, got)
		}
	}
}

// TestWith: what a running API showed takes the place of "not checked", and exceptions
// hold for it.
func TestWith(t *testing.T) {
	t.Parallel()
	exceptions := []check.Exception{{Rule: "live", Reason: "mag", Until: "2027-01-31"}}
	for today, want := range map[string]check.Outcome{"2027-01-31": check.Excepted, "2027-02-01": check.Broken} {
		r := &check.Result{Config: check.Config{Exceptions: exceptions}, Verdicts: []check.Verdict{verdict("live", check.Error, check.NotChecked), verdict("files", check.Error, check.Met)}}
		r.With([]check.Verdict{verdict("live", check.Error, check.Broken), verdict("more", check.Error, check.Met)}, today)
		if len(r.Verdicts) != 3 || r.Verdicts[0].Outcome != want || r.Verdicts[1].Outcome != check.Met || r.Verdicts[2].Rule.ID != "more" {
			t.Errorf("on %s: %+v", today, r.Verdicts)
		}
	}
}

func TestOnly(t *testing.T) {
	t.Parallel()
	for want, rules := range map[int][]string{2: nil, 1: {"a", "unknown"}, 0: {"unknown"}} {
		r := &check.Result{Verdicts: slices.Clone([]check.Verdict{verdict("a", check.Error, check.Met), verdict("b", check.Error, check.Met)})}
		if r.Only(rules); len(r.Verdicts) != want {
			t.Errorf("%q leaves %d", rules, len(r.Verdicts))
		}
	}
}
