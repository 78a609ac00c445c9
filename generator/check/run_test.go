package check_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
)

// made is a checker of functions.
type made struct {
	rules []check.Rule
	start func(*check.Repo, *check.Report) check.Look
}

func (m made) Rules() []check.Rule { return m.rules }

func (m made) Start(r *check.Repo, to *check.Report) check.Look {
	if m.start == nil {
		return nil
	}
	return m.start(r, to)
}

type look struct {
	wants func(check.File) bool
	file  func(ctx context.Context, f check.File, body []byte)
	end   func(ctx context.Context)
}

func (l look) Wants(f check.File) bool { return l.wants == nil || l.wants(f) }

func (l look) File(ctx context.Context, f check.File, body []byte) {
	if l.file != nil {
		l.file(ctx, f, body)
	}
}

func (l look) End(ctx context.Context) {
	if l.end != nil {
		l.end(ctx)
	}
}

// worded finds the word "wrong" in files.
func worded(id string) check.Checker {
	return made{rules: []check.Rule{{ID: id, Group: check.Layers, Severity: check.Error}}, start: func(_ *check.Repo, to *check.Report) check.Look {
		return look{file: func(_ context.Context, f check.File, body []byte) {
			to.Looked(id)
			for i, line := range strings.Split(string(body), "\n") {
				if at := strings.Index(line, "wrong"); at >= 0 {
					to.Add(check.Finding{Rule: id, Path: f.Path, Line: i + 1, Column: at + 1})
				}
			}
		}}
	}}
}

func outcome(t *testing.T, r *check.Result, rule string) check.Verdict {
	t.Helper()
	i := slices.IndexFunc(r.Verdicts, func(v check.Verdict) bool { return v.Rule.ID == rule })
	if i < 0 {
		t.Fatalf("no verdict on %s", rule)
	}
	return r.Verdicts[i]
}

func TestOutcomes(t *testing.T) {
	files := map[string]string{"a.txt": "all is well\n", "b.txt": "this is wrong\nand this is wrong\n"}
	idle := made{rules: []check.Rule{{ID: "idle", Group: check.API}, {ID: "live", Group: check.API, By: check.Running}}}
	missed := made{rules: []check.Rule{{ID: "missed", Group: check.API}}, start: func(_ *check.Repo, to *check.Report) check.Look {
		to.Looked("missed")
		to.Miss("missed", "b.txt", "slow")
		return look{}
	}}
	r := checktest.Run(t, files, idle, worded("found"), missed)
	for rule, want := range map[string]check.Outcome{"idle": check.Idle, "live": check.NotChecked, "found": check.Broken, "missed": check.NotChecked, "check-unread": check.Met} {
		if got := outcome(t, r, rule).Outcome; got != want {
			t.Errorf("%s is %s, want %s", rule, got, want)
		}
	}
	if got := checktest.Lines(r, ""); !slices.Equal(got, []string{"found b.txt:1", "found b.txt:2"}) {
		t.Errorf("found %q", got)
	}
	if score, known := r.Score(check.Layers); score != 0 || !known {
		t.Errorf("score of layers is %d, %t", score, known)
	}
	if _, known := r.Score(check.API); known {
		t.Error("there is a score where nothing was judged")
	}
	if !r.Fails(check.Error) || !r.Fails(check.Note) || r.Fails(check.Never) {
		t.Error("an error fails from error and note on, and never with never")
	}
	if group := r.Verdicts[0].Rule.Group; group != check.API {
		t.Errorf("the first verdict is of %s", group)
	}
}

// TestOneBadCheckerTakesNothingWithIt: a checker that panics at any moment, or hangs,
// loses its say and nothing else.
func TestOneBadCheckerTakesNothingWithIt(t *testing.T) {
	rules := []check.Rule{{ID: "bad", Group: check.API}}
	panics := func(context.Context) { panic("at the end") }
	for name, start := range map[string]func(*check.Repo, *check.Report) check.Look{
		"start": func(*check.Repo, *check.Report) check.Look { panic("at the start") },
		"file": func(*check.Repo, *check.Report) check.Look {
			return look{file: func(context.Context, check.File, []byte) { panic("at a file") }}
		},
		"wants": func(*check.Repo, *check.Report) check.Look {
			return look{wants: func(f check.File) bool { panic("at " + f.Path) }}
		},
		"end": func(*check.Repo, *check.Report) check.Look { return look{end: panics} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{}
			for i := range 40 {
				files[fmt.Sprintf("%02d.txt", i)] = "wrong\n"
			}
			r := checktest.Run(t, files, made{rules: rules, start: start}, worded("found"))
			if v := outcome(t, r, "bad"); v.Outcome != check.NotChecked || len(v.Missed) != 1 || v.Missed[0].Why != "crashed" {
				t.Errorf("bad is %s %v", v.Outcome, v.Missed)
			}
			if got := len(checktest.Lines(r, "found")); got != 40 {
				t.Errorf("the other one found %d of 40", got)
			}
		})
	}
}

// TestAHangIsCut: what does not come back is left behind, with its reason.
func TestAHangIsCut(t *testing.T) {
	check.ShortPatience(t)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for name, l := range map[string]look{
		"file": {file: func(context.Context, check.File, []byte) { <-hang }},
		"end":  {end: func(context.Context) { <-hang }},
	} {
		files := map[string]string{}
		for i := range 40 {
			files[fmt.Sprintf("%02d.txt", i)] = "wrong\n"
		}
		stuck := made{rules: []check.Rule{{ID: "stuck", Group: check.API}}, start: func(*check.Repo, *check.Report) check.Look { return l }}
		r := checktest.Run(t, files, stuck, worded("found"))
		if v := outcome(t, r, "stuck"); v.Outcome != check.NotChecked || len(v.Missed) != 1 || v.Missed[0].Why != "slow" {
			t.Errorf("%s: stuck is %s %v", name, v.Outcome, v.Missed)
		}
		if got := len(checktest.Lines(r, "found")); got != 40 {
			t.Errorf("%s: the other one found %d of 40", name, got)
		}
	}
}

// TestManyFindings keeps some and counts the rest.
func TestManyFindings(t *testing.T) {
	r := checktest.Run(t, map[string]string{"a.txt": strings.Repeat("wrong\n", 1000)}, worded("found"))
	if v := outcome(t, r, "found"); len(v.Findings) != 100 || v.More != 900 {
		t.Errorf("%d and %d more", len(v.Findings), v.More)
	}
}

func TestExceptions(t *testing.T) {
	config := func(until string) string {
		return "version: 1\nexceptions:\n  - {rule: found, path: sub, reason: oud, until: " + until + "}\n  - {rule: found, path: gone.txt, reason: oud, until: 2099-01-01}\n  - {rule: other, reason: niet van deze, until: 2099-01-01}\n"
	}
	for _, c := range []struct {
		until string
		want  check.Outcome
		lines []string
	}{
		{"2026-11-30", check.Excepted, []string{"found sub/a.txt:1", "check-exception-idle fieldlab-check.yaml:4 found 2099-01-01", "check-exception-idle fieldlab-check.yaml:5 other 2099-01-01"}},
		{"2026-11-29", check.Broken, []string{"found sub/a.txt:1", "check-exception-over fieldlab-check.yaml:3 found 2026-11-29", "check-exception-idle fieldlab-check.yaml:4 found 2099-01-01", "check-exception-idle fieldlab-check.yaml:5 other 2099-01-01"}},
	} {
		tree := fstest.MapFS{"sub/a.txt": {Data: []byte("wrong")}, check.ConfigName: {Data: []byte(config(c.until))}}
		repo, err := check.OpenFS(tree, check.Options{Today: "2026-11-30"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := check.Run(context.Background(), repo, []check.Checker{worded("found")})
		if err != nil {
			t.Fatal(err)
		}
		got := checktest.Lines(r, "")
		slices.Sort(got)
		slices.Sort(c.lines)
		if v := outcome(t, r, "found"); v.Outcome != c.want || !slices.Equal(got, c.lines) {
			t.Errorf("until %s: %s, %q, want %q", c.until, v.Outcome, got, c.lines)
		}
	}
}

// TestIndex: what is not a file of this repository is not looked at, and what could not
// be looked at is said.
func TestIndex(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, body string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.txt", "wrong")
	write("node_modules/x/b.txt", "wrong")
	write(".git/config", "wrong")
	write("ignored/c.txt", "wrong")
	write("own/d.gen", "wrong")
	write("binary.bin", "wrong\x00")
	write("big.txt", strings.Repeat("wrong\n", check.MaxText/6+10))
	write(check.ConfigName, "ignore: ['*.gen']\n")
	for link, to := range map[string]string{"out.txt": filepath.Join(dir, "..", "secret"), "in.txt": "a.txt", "loop": "loop", "round": "."} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	repo, err := check.Open(dir, check.Options{Ignored: func(name string, folder bool) bool { return name == "ignored" && folder }})
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	r, err := check.Run(context.Background(), repo, []check.Checker{worded("found")})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"found a.txt:1", "check-left-out fieldlab-check.yaml *.gen 0 1", "check-unread big.txt too-large", "check-unread loop link", "check-unread out.txt link"}
	got := checktest.Lines(r, "")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found\n%q, want\n%q", got, want)
	}
	if passed := repo.PassedOver(); !slices.Equal(passed, []string{"node_modules"}) {
		t.Errorf("passed over %q", passed)
	}
}

// TestReadsNothingOutside: a file that turns into a link after the index was made leads
// nowhere.
func TestReadsNothingOutside(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "repo")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join(above, "secret"), filepath.Join(dir, "a.txt")} {
		if err := os.WriteFile(name, []byte("wrong"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	repo, err := check.Open(dir, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	if err := os.Remove(filepath.Join(dir, "a.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../secret", filepath.Join(dir, "a.txt")); err != nil {
		t.Skip("no links here: ", err)
	}
	r, err := check.Run(context.Background(), repo, []check.Checker{worded("found")})
	if err != nil {
		t.Fatal(err)
	}
	if got := checktest.Lines(r, ""); !slices.Equal(got, []string{"check-unread a.txt unreadable"}) {
		t.Errorf("found %q", got)
	}
	if _, err := fs.ReadFile(repo.FS(), "../secret"); err == nil {
		t.Error("the files lead out of the repository")
	}
}

// TestOneMistakeIsOneFinding: where a rule that says more speaks, the other is silent, and
// is not called met for that.
func TestOneMistakeIsOneFinding(t *testing.T) {
	quiet := worded("quiet").(made)
	quiet.rules[0].Yields = []string{"loud"}
	loud := made{rules: []check.Rule{{ID: "loud", Group: check.Secrets, Severity: check.Error}}, start: func(_ *check.Repo, to *check.Report) check.Look {
		return look{end: func(context.Context) { to.Add(check.Finding{Rule: "loud", Path: "a.txt", Line: 1}) }}
	}}
	for _, checkers := range [][]check.Checker{{quiet, loud}, {loud, quiet}} {
		r := checktest.Run(t, map[string]string{"a.txt": "wrong\nwrong\n"}, checkers...)
		if got := checktest.Lines(r, "quiet"); !slices.Equal(got, []string{"quiet a.txt:2"}) {
			t.Errorf("found %q", got)
		}
		r = checktest.Run(t, map[string]string{"a.txt": "wrong\n"}, checkers...)
		if v := outcome(t, r, "quiet"); v.Outcome != check.NotChecked || len(v.Findings) > 0 || len(v.Missed) != 1 {
			t.Errorf("%s %v %v", v.Outcome, v.Findings, v.Missed)
		}
		if outcome(t, r, "loud").Outcome != check.Broken {
			t.Error("the other rule is silent too")
		}
	}
}
