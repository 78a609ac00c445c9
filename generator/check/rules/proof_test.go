package rules_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/own"
	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// TestEveryRuleIsProven: of every rule that files show there is an input that meets it and a
// mutation of that input that breaks it. Each part proves its own rules alone, to the word;
// here all checkers look together, as they do for a user. Rules of a component that
// fieldlab made are proven in package own, on one, and what only a running API shows in
// package probe: both hold their list against their mutations.
func TestEveryRuleIsProven(t *testing.T) {
	t.Parallel()
	proofs := archives(t)
	elsewhere := map[string]bool{}
	for _, rule := range own.For("").Rules() {
		elsewhere[rule.ID] = true
	}
	for _, rule := range rules.List() {
		body, has := proofs[rule.ID]
		delete(proofs, rule.ID)
		switch {
		case rule.By != check.Files || elsewhere[rule.ID]:
			if has {
				t.Errorf("%s is proven elsewhere, and has an archive too", rule.ID)
			}
		case itself[rule.ID].bad != nil:
			prove(t, rule.ID, itself[rule.ID].good, itself[rule.ID].bad)
		case !has:
			t.Errorf("nothing proves %s", rule.ID)
		default:
			good, bad := trees(t, rule.ID, body)
			if !strings.Contains(body, "{{") { // the others have words that only their part knows
				prove(t, rule.ID, good, bad)
			}
		}
	}
	for id := range proofs {
		t.Errorf("%s.txtar proves a rule that does not exist", id)
	}
}

// itself are the inputs of the rules of the engine.
var itself = map[string]struct{ good, bad map[string]string }{
	"check-config": {
		map[string]string{check.ConfigName: "version: 1\nfailOn: warning\n"},
		map[string]string{check.ConfigName: "version: 1\nfailOn: sometimes\n"},
	},
	"check-unread": {
		map[string]string{"a.txt": "a\n"},
		map[string]string{"a.txt": strings.Repeat("a\n", 3<<20)},
	},
	check.LeftOutRule: {
		map[string]string{check.ConfigName: "version: 1\nignore: [\"*.gen\"]\n", "a.txt": "a\n"},
		map[string]string{check.ConfigName: "version: 1\nignore: [\"*.gen\"]\n", "a.gen": "a\n"},
	},
	"check-exception-over": {
		map[string]string{check.ConfigName: exception("2099-01-01")},
		map[string]string{check.ConfigName: exception("2026-11-29")},
	},
	"check-exception-idle": {
		map[string]string{check.ConfigName: exception("2099-01-01")},
		map[string]string{check.ConfigName: exception("2099-01-01"), "README.md": "# Verhuizing\n\nEen bewoner geeft een verhuizing door, en de gemeente verwerkt die.\n"},
	},
}

// exception is what a team without a README decided, until a day.
func exception(until string) string {
	return "version: 1\nexceptions:\n  - rule: repo-readme\n    reason: die komt nog\n    until: " + until + "\n"
}

// archives reads the proofs of all parts, by rule.
func archives(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("../*/testdata/*.txtar")
	if err != nil || len(names) < 100 {
		t.Fatalf("%d proofs: %v", len(names), err)
	}
	all := map[string]string{}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		id := strings.TrimSuffix(filepath.Base(name), ".txtar")
		if all[id] != "" {
			t.Errorf("%s is proven twice", id)
		}
		all[id] = string(body)
	}
	return all
}

// trees gives the input that meets a rule and the first mutation that is expected to be
// found.
func trees(t *testing.T, id, body string) (good, bad map[string]string) {
	t.Helper()
	archive := txtar.Parse([]byte(body))
	mutation, good := "bad", map[string]string{}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutSuffix(line, ":"); ok && strings.HasPrefix(name, "bad") {
			mutation = name
		} else if strings.HasPrefix(line, id+" ") || line == id {
			break
		}
	}
	changed := map[string]string{}
	for _, f := range archive.Files {
		switch tree, name, _ := strings.Cut(f.Name, "/"); tree {
		case "good":
			good[name] = string(f.Data)
		case mutation:
			changed[name] = string(f.Data)
		}
	}
	if len(good) == 0 || len(changed) == 0 {
		t.Errorf("the proof of %s has %d files that meet it and %d that are mutated", id, len(good), len(changed))
	}
	bad = maps.Clone(good)
	for name, data := range changed {
		if bad[name] = data; data == checktest.Gone {
			delete(bad, name)
		}
	}
	return good, bad
}

// prove looks with every checker.
func prove(t *testing.T, id string, good, bad map[string]string) {
	t.Helper()
	for want, files := range map[check.Outcome]map[string]string{check.Met: good, check.Broken: bad} {
		result := checktest.Run(t, files, rules.All("")...)
		at := slices.IndexFunc(result.Verdicts, func(v check.Verdict) bool { return v.Rule.ID == id })
		said := at >= 0 && want == check.Broken && slices.ContainsFunc(result.Verdicts[at].Missed, func(m check.Missed) bool {
			return m.Why == "said" // of that line, by the rule that it yields to
		})
		if at < 0 || result.Verdicts[at].Outcome != want && !said {
			t.Errorf("%s is not %s: %v", id, want, checktest.Lines(result, id))
		}
	}
}
