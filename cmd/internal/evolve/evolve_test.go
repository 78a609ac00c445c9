package evolve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// bench is an engine that finds what a test says, and what came of it.
type bench struct {
	Deps
	out, words bytes.Buffer
	found      update.Update
	asked      []update.Request
	applied    int
	err        error // of Find
	fails      error // of Apply
	refuses    error // of CanCommit
	unable     error // of Commit
	messages   []string
}

func newBench(language text.Language, found update.Update) *bench {
	b := &bench{found: found}
	b.Deps = Deps{
		IO: &terminal.IO{In: strings.NewReader(""), Out: &b.out, Err: &b.words}, Text: text.Load(language),
		Engine: &Engine{
			Recover: func(string) (bool, error) { return false, nil },
			Find: func(_ context.Context, r update.Request) (*update.Update, error) {
				b.asked = append(b.asked, r)
				return &b.found, b.err
			},
			Apply:     func(context.Context, *update.Update) error { b.applied++; return b.fails },
			CanCommit: func(*update.Update, string) error { return b.refuses },
			Commit: func(_ *update.Update, branch, message string) (update.Committed, error) {
				b.messages = append(b.messages, branch+" "+message)
				return update.Committed{Hash: "abc", Branch: "main"}, b.unable
			},
		},
	}
	return b
}

// run runs an update of the component in a folder.
func (b *bench) run(o Options) error {
	o.Command = "fieldlab update"
	return Run(context.Background(), b.Deps, o, update.Request{Dir: "werk/verhuizing"})
}

// change is one file for which the test gives only what matters.
func change(action update.Action, path string) update.Change {
	return update.Change{Action: action, Path: path, Before: []byte("was\n"), After: []byte("is\n")}
}

// TestOlder: an older fieldlab leaves a component alone.
func TestOlder(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"1.2.0", "1.3.0", true}, {"v1.2.9", "1.10.0", true}, {"0.9.9", "1.0.0", true}, {"1.3.0-rc.1", "1.4.0", true},
		{"1.3.0", "1.2.0", false}, {"1.2.0", "1.2.0", false}, {"dev", "1.2.0", false}, {"1.2.0", "dev", false}, {"", "1.2.0", false}, {"1.2", "1.3.0", false}, {"1.-2.0", "1.3.0", false},
	} {
		if got := older(c.a, c.b); got != c.want {
			t.Errorf("%q before %q: %v", c.a, c.b, got)
		}
	}
	b := newBench(text.Dutch, update.Update{From: "1.3.0", To: "1.2.0", Changes: []update.Change{change(update.Add, "x")}})
	var shortfall failure.Shortfall
	if err := b.run(Options{DryRun: true}); !errors.As(err, &shortfall) || !strings.Contains(shortfall.Text, "ouder: 1.2.0") || b.applied > 0 {
		t.Error(err)
	}
}

// TestRun: options and what is found → whether it is done, how it ends, what is said.
func TestRun(t *testing.T) {
	clean := update.Update{Changes: []update.Change{change(update.Replace, "main.go")}, Gone: []string{"bekijken"}}
	dirty := clean
	dirty.Dirty = []string{"main.go"}
	clash := everything()
	var shortfall failure.Shortfall
	for name, c := range map[string]struct {
		o       Options
		found   update.Update
		applied int
		err     any
		words   []string
	}{
		"done":              {Options{}, clean, 1, nil, []string{"Bijgewerkt: verhuizing, 1 bestand.", "cd werk/verhuizing && go test ./...", "git commit", `"bekijken: blijft"`}},
		"committed":         {Options{Commit: true}, clean, 1, nil, []string{"Het komt in een eigen commit.", "Vastgelegd op branch main.", "Kijk of alles nog werkt:\n"}},
		"on a branch":       {Options{Branch: "nieuw"}, clean, 1, nil, []string{"op de nieuwe branch nieuw"}},
		"commit, conflicts": {Options{Commit: true}, clash, 1, &shortfall, []string{"Er is nog niets vastgelegd in Git"}},
		"nothing":           {Options{}, update.Update{}, 0, nil, []string{"verhuizing is bij: er is niets te doen."}},
		"dry run":           {Options{DryRun: true}, clean, 0, nil, []string{"main.go", "Er is niets veranderd: dit is wat er zou gebeuren."}},
		"check":             {Options{Check: true}, clean, 0, &shortfall, []string{"main.go"}},
		"check, nothing":    {Options{Check: true}, update.Update{}, 0, nil, []string{"is bij"}},
		"check, conflicts":  {Options{Check: true}, clash, 0, &shortfall, nil},
		"dirty":             {Options{}, dirty, 0, &shortfall, nil},
		"dirty, never mind": {Options{Uncommitted: true}, dirty, 1, nil, nil},
		"dirty, dry run":    {Options{DryRun: true}, dirty, 0, nil, nil},
		"conflicts":         {Options{}, clash, 1, &shortfall, []string{"Hier moet u kiezen", "schermen.go: 2 plekken", "proces.bpmn.nieuw", "<<<<<<<", "fieldlab update werk/verhuizing --abort"}},
	} {
		b := newBench(text.Dutch, c.found)
		err := b.run(c.o)
		if (c.err == nil) != (err == nil) || err != nil && !errors.As(err, c.err) {
			t.Errorf("%s: ended with %v", name, err)
		}
		if b.applied != c.applied {
			t.Errorf("%s: done %d times", name, b.applied)
		}
		for _, words := range c.words {
			if !strings.Contains(b.words.String(), words) {
				t.Errorf("%s: did not say %q:\n%s", name, words, b.words.String())
			}
		}
		if b.out.Len() > 0 {
			t.Errorf("%s: words on standard output: %s", name, b.out.String())
		}
	}
}

// TestCommit: what Git says, before and after.
func TestCommit(t *testing.T) {
	found := update.Update{Changes: []update.Change{change(update.Replace, "main.go")}}
	for _, c := range []struct {
		refuses, unable error
		applied         int
		want            string
	}{
		{repository.ErrNone, nil, 0, "ligt in geen Git-repository"},
		{repository.Obstacle{Why: repository.BranchExists, Names: []string{"nieuw"}}, nil, 0, "De branch nieuw is er al. Kies een andere naam. Er is niets veranderd."},
		{repository.Obstacle{Why: repository.BadBranch, Names: []string{"a b"}}, nil, 0, `"a b" kan geen naam`},
		{repository.Obstacle{Why: repository.NoCommits}, nil, 0, "nog geen commit"},
		{repository.Obstacle{Why: repository.Detached}, nil, 0, "geen branch gekozen"},
		{repository.Obstacle{Why: repository.Unusable, Names: []string{"index"}}, nil, 0, "geen repository die fieldlab kan gebruiken"},
		{repository.Obstacle{Why: repository.Busy}, nil, 0, "Git is zelf nog bezig. Rond"},
		{nil, repository.Obstacle{Why: repository.Busy, Names: []string{"MERGE_HEAD"}}, 1, "De update is gedaan, maar niet vastgelegd."},
	} {
		b := newBench(text.Dutch, found)
		b.refuses, b.unable = c.refuses, c.unable
		var shortfall failure.Shortfall
		if err := b.run(Options{Branch: "nieuw"}); !errors.As(err, &shortfall) || !strings.Contains(shortfall.Text, c.want) || strings.ContainsAny(shortfall.Text, "[%") || b.applied != c.applied {
			t.Errorf("%v, %v: done %d times, %v", c.refuses, c.unable, b.applied, err)
		}
	}
	b := newBench(text.English, found)
	if err := b.run(Options{Commit: true, JSON: true}); err != nil || !strings.Contains(b.out.String(), `"commit": "abc"`) || b.messages[0] != " Component bijgewerkt met fieldlab" {
		t.Errorf("%v %v\n%s", err, b.messages, b.out.String())
	}
}

// TestJSON holds the shape that programs rely on.
func TestJSON(t *testing.T) {
	b := newBench(text.Dutch, everything())
	if err := b.run(Options{JSON: true, DryRun: true, Diff: true}); err != nil || b.words.Len() > 0 {
		t.Fatalf("%v %s", err, b.words.String())
	}
	var got map[string]any
	if err := json.Unmarshal(b.out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"waiting", "applied", "from", "to", "changes", "kern", "migration", "questions", "conflicts", "notes"} {
		if _, there := got[key]; !there {
			t.Errorf("no %s", key)
		}
		for _, language := range text.Languages() {
			if !strings.Contains(text.Load(language).T("update.long"), key) {
				t.Errorf("%s: help does not describe %s", language, key)
			}
		}
	}
	first := got["changes"].([]any)[0].(map[string]any)
	if got["applied"] != false || first["action"] != "replace" || first["diff"] != "--- a/docs/00.md\n+++ b/docs/00.md\n@@ -1 +1 @@\n-was\n+is\n" {
		t.Errorf("got %v, %v", got["applied"], first)
	}
	b = newBench(text.Dutch, update.Update{})
	if err := b.run(Options{JSON: true}); err != nil || !strings.Contains(b.out.String(), `"changes": []`) {
		t.Errorf("%v %s", err, b.out.String())
	}
}

// TestUnanswered: every question at once, each with the flags that answer it.
func TestUnanswered(t *testing.T) {
	e := &model.Entity{Name: model.Names{Raw: "verhuizing"}, Title: "Verhuizing"}
	f := &model.Field{Name: model.Names{Raw: "telefoon"}, Title: "Telefoon\x1b[31m?"}
	ask := func(code, key string, empty bool, options ...string) migration.Question {
		return migration.Question{Code: code, Key: key, Entity: e, Field: f, Options: options, Empty: empty}
	}
	found := update.Update{
		Changes: []update.Change{change(update.Replace, "main.go")},
		Guesses: []update.Guess{{Kind: grow.Step, Old: "beoordelen", New: []string{"toetsen", "wegen"}}},
		Questions: []migration.Question{
			ask(migration.AskDefault, "verhuizing.telefoon", false), ask(migration.AskFilled, "verhuizing.telefoon", true), ask(migration.AskValue, "verhuizing.telefoon.it's", false, "ja", "nee"),
			ask(migration.AskBounds, "verhuizing.telefoon", false), ask(migration.AskType, "verhuizing.telefoon", true), ask(migration.AskRename, "verhuizing.telefoon", false, "mobiel"),
			ask(migration.AskKept, "verhuizing.telefoon", false), ask(migration.AskNoValue, "verhuizing.telefoon", false),
			{Code: migration.AskRename, Key: "verhuizing", Entity: e, Options: []string{"adres"}}, {Code: migration.AskKept, Key: "verhuizing", Entity: e},
		},
	}
	for _, language := range text.Languages() {
		b := newBench(language, found)
		var usage failure.Usage
		if err := b.run(Options{Given: []string{"--empty x"}}); !errors.As(err, &usage) || b.applied > 0 || usage.Hint != "" {
			t.Fatalf("%s: %v, done %d times", language, err, b.applied)
		}
		for _, want := range []string{
			"--rename step:beoordelen=toetsen\n", "--rename step:beoordelen=wegen\n", "--new step:toetsen --new step:wegen\n", "--set-default verhuizing.telefoon=", "--empty verhuizing.telefoon\n",
			`--replace 'verhuizing.telefoon.it'\''s=ja'`, "--rename field:verhuizing.mobiel=telefoon\n", "--new field:verhuizing.telefoon\n", "--drop verhuizing.telefoon\n",
			"--rename entity:adres=verhuizing\n", "--new entity:verhuizing\n", "--drop verhuizing\n",
		} {
			if !strings.Contains(usage.Text, want) {
				t.Errorf("%s: %q is not in\n%s", language, want, usage.Text)
			}
		}
		for _, wrong := range []string{"[migration.", "[update.", "%!", "\x1b"} {
			if strings.Contains(usage.Text, wrong) {
				t.Errorf("%s: %q is in\n%s", language, wrong, usage.Text)
			}
		}
	}
	b := newBench(text.Dutch, update.Update{Questions: found.Questions[:1]})
	var usage failure.Usage
	if err := b.run(Options{Given: []string{"--empty x"}}); !errors.As(err, &usage) || usage.Hint != "fieldlab update werk/verhuizing --empty x --set-default verhuizing.telefoon=WAARDE" {
		t.Errorf("the hint is %q (%v)", usage.Hint, err)
	}
}

// TestEveryCodeHasWords: what other packages say by a code, people read in words.
func TestEveryCodeHasWords(t *testing.T) {
	var keys []string
	for _, code := range []string{update.WhyDeleted, update.WhyGone, update.WhyInTheWay, update.WhyCase, update.WhyBoth, update.WhyForm, update.WhyMoved, update.WhyTaken, update.WhyNames} {
		keys = append(keys, "update.why."+code)
	}
	for _, code := range []string{migration.AskDefault, migration.AskFilled, migration.AskNoValue, migration.AskValue, migration.AskBounds, migration.AskType, migration.AskRename, migration.AskKept} {
		keys = append(keys, "migration.ask."+code)
	}
	for _, why := range []repository.Why{repository.NoCommits, repository.Detached, repository.Busy, repository.Unusable, repository.BranchExists, repository.BadBranch} {
		keys = append(keys, "update.git."+string(why))
	}
	for _, why := range []update.NoBaseWhy{update.NoRepository, update.NoCommit, update.Unreadable} {
		keys = append(keys, "update.no-base."+string(why))
	}
	for _, language := range text.Languages() {
		for _, key := range keys {
			if !text.Load(language).Has(key) {
				t.Errorf("%s lacks %s", language, key)
			}
		}
	}
}
