package check

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// How long a checker may take with one repository; a test shortens it.
var (
	filePatience = 5 * time.Second  // with one file
	endPatience  = 15 * time.Second // before the first and after the last file
)

// maxLate is how many files a checker may run out of time with: a thousand of them would
// hold somebody up for an hour.
const maxLate = 12

// Verdict is what a rule came to.
type Verdict struct {
	Rule     Rule
	Outcome  Outcome
	Findings []Finding
	More     int // findings that were not kept
	Missed   []Missed
}

// Result is what was found in one repository.
type Result struct {
	Name      string // of its folder
	Title     string // that publiccode.yml gives it; "" without one
	Commit    string // that is checked out; "" without Git
	Component bool
	Files     int
	Config    Config
	Verdicts  []Verdict // of every rule, in the order of the groups and of the checkers
}

// Run looks at a repository with the checkers. It ends early with the error of the
// context only: a checker that panics or hangs loses its say and the rest goes on.
func Run(ctx context.Context, r *Repo, checkers []Checker) (*Result, error) {
	workers := make([]*worker, 0, len(checkers))
	for _, c := range checkers {
		w := newWorker(c, newReport(r.Config, r.Today))
		workers = append(workers, w)
		w.start(r)
	}
	for _, f := range r.files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		feed(ctx, r, f, workers)
	}
	for _, w := range workers {
		w.end(ctx)
	}
	for _, w := range workers {
		w.wait()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return conclude(r, workers), nil
}

// feed reads a file once, if anybody wants it, and hands it to who does.
func feed(ctx context.Context, r *Repo, f File, workers []*worker) {
	var body []byte
	read := false
	for _, w := range workers {
		if !w.wants(f) {
			continue
		}
		if !read {
			read = true
			var err error
			if body, err = r.Read(f.Path, MaxText); err != nil {
				why := "unreadable"
				if f.Size > MaxText {
					why = "too-large"
				}
				r.late = append(r.late, Unread{f.Path, why})
				return
			}
			if !IsText(body) {
				return
			}
		}
		w.give(ctx, f, body)
	}
}

// conclude makes the verdicts of what the checkers reported.
func conclude(r *Repo, workers []*worker) *Result {
	result := &Result{Name: r.Name, Component: r.IsComponent(), Files: len(r.files), Config: r.Config}
	order := map[string]int{}
	for _, w := range workers {
		rules := w.checker.Rules()
		for _, rule := range rules {
			order[rule.ID] = len(order)
		}
		result.Verdicts = append(result.Verdicts, verdictsOf(w.report, rules, order)...)
	}
	yield(result.Verdicts)
	result.Verdicts = append(result.Verdicts, aboutItself(r, workers)...)
	groups := Groups()
	slices.SortStableFunc(result.Verdicts, func(a, b Verdict) int {
		return cmp.Compare(slices.Index(groups, a.Rule.Group), slices.Index(groups, b.Rule.Group))
	})
	return result
}

// verdictsOf makes the verdicts of what one checker reported.
func verdictsOf(to *Report, rules []Rule, order map[string]int) []Verdict {
	to.mutex.Lock()
	defer to.mutex.Unlock()
	sortFindings(to.findings, order)
	all := make([]Verdict, 0, len(rules))
	for _, rule := range rules {
		v := Verdict{Rule: rule, More: max(0, to.count[rule.ID]-maxFindings)}
		for _, f := range to.findings {
			if f.Rule == rule.ID {
				v.Findings = append(v.Findings, f)
			}
		}
		for _, m := range to.missed {
			if m.Rule == rule.ID {
				v.Missed = append(v.Missed, m)
			}
		}
		if to.lost != "" {
			v.Missed = append(v.Missed, Missed{Rule: rule.ID, Why: to.lost})
		}
		v.Outcome = v.outcome(to.looked[rule.ID])
		all = append(all, v)
	}
	return all
}

func (v Verdict) outcome(looked bool) Outcome {
	switch {
	case slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Accepted == "" }) || v.More > 0:
		return Broken
	case len(v.Missed) > 0:
		return NotChecked
	case len(v.Findings) > 0:
		return Excepted
	case looked:
		return Met
	case v.Rule.By != Files:
		return NotChecked
	default:
		return Idle
	}
}
