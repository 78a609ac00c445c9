package check_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
)

// texts are as many files.
func texts(n int) map[string]string {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("%03d.txt", i)] = "wrong\n"
	}
	return files
}

func one(id string, l func(to *check.Report) check.Look) check.Checker {
	return made{rules: []check.Rule{{ID: id, Group: check.API}}, start: func(_ *check.Repo, to *check.Report) check.Look { return l(to) }}
}

// TestNobodyStaysBehind: with no say in a repository, or at the end, a checker leaves no
// goroutine; one is a failure of the bubble.
func TestNobodyStaysBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checktest.Run(t, texts(20), made{rules: []check.Rule{{ID: "none"}}}, worded("found"))
	})
}

// TestWhoListensIsNotCutOff: the context ends before the patience of the engine does. What
// was not read to its end is said, file by file.
func TestWhoListensIsNotCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := checktest.Run(t, texts(8), one("listens", func(to *check.Report) check.Look {
			to.Looked("listens")
			return look{file: func(ctx context.Context, _ check.File, _ []byte) { <-ctx.Done() }, end: func(ctx context.Context) { <-ctx.Done() }}
		}))
		v := outcome(t, r, "listens")
		if whole := slices.ContainsFunc(v.Missed, func(m check.Missed) bool { return m.Path == "" }); whole || len(v.Missed) != 8 {
			t.Errorf("listens is %s %v", v.Outcome, v.Missed)
		}
	})
}

// TestWhatComesTooLateIsDropped: a checker that was given up adds nothing and gets
// nothing more, while the rest still looks.
func TestWhatComesTooLateIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		given := 0
		late := one("late", func(to *check.Report) check.Look {
			return look{file: func(_ context.Context, f check.File, _ []byte) {
				given++
				time.Sleep(20 * time.Second)
				to.Add(check.Finding{Rule: "late", Path: f.Path})
			}}
		})
		steady := one("steady", func(to *check.Report) check.Look {
			to.Looked("steady")
			return look{file: func(context.Context, check.File, []byte) { time.Sleep(time.Second) }}
		})
		r := checktest.Run(t, texts(60), late, steady)
		if v := outcome(t, r, "late"); v.Outcome != check.NotChecked || len(v.Findings) > 0 {
			t.Errorf("late is %s %v", v.Outcome, v.Findings)
		}
		if v := outcome(t, r, "steady"); v.Outcome != check.Met {
			t.Errorf("steady is %s %v", v.Outcome, v.Missed)
		}
		if time.Sleep(time.Hour); given != 1 {
			t.Errorf("it was given %d files", given)
		}
	})
}

// TestAnEndIsNoVerdict: who stops the check gets the reason, wherever it was.
func TestAnEndIsNoVerdict(t *testing.T) {
	t.Parallel()
	repo, err := check.OpenFS(fstest.MapFS{"a.txt": {}, "b.txt": {}}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for name, l := range map[string]func(stop func()) look{
		"at a file": func(stop func()) look {
			return look{wants: func(check.File) bool { seen++; stop(); return false }}
		},
		"at the end": func(stop func()) look { return look{end: func(context.Context) { stop() }} },
	} {
		ctx, stop := context.WithCancel(context.Background())
		r, err := check.Run(ctx, repo, []check.Checker{one("stops", func(*check.Report) check.Look { return l(stop) })})
		if r != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if seen != 1 {
		t.Errorf("%d files after the stop", seen)
	}
}

// TestManyMissed: what could not be judged is kept in part.
func TestManyMissed(t *testing.T) {
	t.Parallel()
	r := checktest.Run(t, texts(1200), one("misses", func(to *check.Report) check.Look {
		return look{file: func(_ context.Context, f check.File, _ []byte) { to.Miss("misses", f.Path, "slow") }}
	}))
	if v := outcome(t, r, "misses"); len(v.Missed) != 1000 {
		t.Errorf("%d are kept", len(v.Missed))
	}
}

// TestOrder: findings come in the order of the place, however they were found.
func TestOrder(t *testing.T) {
	t.Parallel()
	want := []check.Finding{{Path: "a", Line: 2, Column: 9}, {Path: "a", Line: 10, Column: 1}, {Path: "a", Line: 10, Column: 3}, {Path: "b", Line: 1, Case: "x"}, {Path: "b", Line: 1, Case: "y"}}
	r := checktest.Run(t, texts(1), one("found", func(to *check.Report) check.Look {
		return look{end: func(context.Context) {
			for _, i := range []int{4, 2, 0, 3, 1} {
				f := want[i]
				f.Rule = "found"
				to.Add(f)
			}
		}}
	}))
	for i, f := range outcome(t, r, "found").Findings {
		if want[i].Rule = "found"; f.Path != want[i].Path || f.Line != want[i].Line || f.Column != want[i].Column || f.Case != want[i].Case {
			t.Errorf("%d is %v", i, f)
		}
	}
}

// TestManyAccepted: an exception holds for all that it covers, kept or not, and takes no
// place of what still counts.
func TestManyAccepted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		exceptions string
		want       check.Outcome
		open, more int
		idle       []string
	}{
		{"- {rule: found, reason: oud, until: 2099-01-01}", check.Excepted, 0, 0, nil},
		{"- {rule: found, path: a, reason: oud, until: 2099-01-01}\n- {rule: found, path: b, reason: oud, until: 2099-01-01}", check.Excepted, 0, 0, nil},
		{"- {rule: found, path: a, reason: oud, until: 2099-01-01}", check.Broken, 100, 900, nil},
		{"- {rule: found, path: b, reason: oud, until: 2020-01-01}", check.Broken, 100, 1900, nil},
		{"- {rule: found, path: c, reason: oud, until: 2099-01-01}", check.Broken, 100, 1900, []string{"check-exception-idle fieldlab-check.yaml:2 found 2099-01-01"}},
	} {
		body := []byte(strings.Repeat("wrong\n", 1000))
		repo, err := check.OpenFS(fstest.MapFS{"a/x": {Data: body}, "b/x": {Data: body}, check.ConfigName: {Data: []byte("exceptions:\n" + c.exceptions)}}, check.Options{Today: "2026-11-30"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := check.Run(context.Background(), repo, []check.Checker{worded("found")})
		if err != nil {
			t.Fatal(err)
		}
		v := outcome(t, r, "found")
		open := 0
		for _, f := range v.Findings {
			if f.Accepted == "" {
				open++
			}
		}
		if v.Outcome != c.want || open != c.open || v.More != c.more {
			t.Errorf("%s: %s, %d and %d more", c.exceptions, v.Outcome, open, v.More)
		}
		if idle := checktest.Lines(r, "check-exception-idle"); !slices.Equal(idle, c.idle) {
			t.Errorf("%s: %q", c.exceptions, idle)
		}
	}
}

// TestExceptionOfWhatWasNotLookedAt: it is of use, as is one about what only a running
// API shows.
func TestExceptionOfWhatWasNotLookedAt(t *testing.T) {
	t.Parallel()
	config := "exceptions:\n- {rule: check-unread, path: a, reason: oud, until: 2099-01-01}\n- {rule: live, reason: oud, until: 2020-01-01}\n"
	live := made{rules: []check.Rule{{ID: "live", Group: check.API, By: check.Running}}}
	deep := strings.Repeat("a/", 200) + "x"
	repo, err := check.OpenFS(fstest.MapFS{deep: {}, check.ConfigName: {Data: []byte(config)}}, check.Options{Today: "2026-11-30"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := check.Run(context.Background(), repo, []check.Checker{live})
	if err != nil {
		t.Fatal(err)
	}
	if v := outcome(t, r, "check-unread"); v.Outcome != check.Excepted || len(v.Findings) != 1 || v.Findings[0].Case != "too-deep" {
		t.Errorf("check-unread is %s %v", v.Outcome, v.Findings)
	}
	if got := checktest.Lines(r, "check-exception"); len(got) > 0 {
		t.Errorf("found %q", got)
	}
	if v := outcome(t, r, "check-exception-over"); len(v.Findings) != 1 {
		t.Errorf("an exception that is over: %v", v.Findings)
	}
}
