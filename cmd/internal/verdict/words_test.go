package verdict_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	real "github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// realWords are the catalogues of the command.
var realWords = sync.OnceValue(func() []*text.Catalogue {
	return []*text.Catalogue{text.Load(text.Dutch), text.Load(text.English)}
})

func TestEveryRuleHasWords(t *testing.T) {
	t.Parallel()
	if n := len(real.List()); n < 100 {
		t.Errorf("only %d rules", n)
	}
	seen := map[string]bool{}
	for _, r := range real.List() {
		if seen[r.ID] {
			t.Errorf("%s is there twice", r.ID)
		}
		seen[r.ID] = true
		if strings.TrimSpace(r.Source) == "" {
			t.Errorf("%s does not say which standard asks it", r.ID)
		}
		if !slices.Contains(check.Groups(), r.Group) || !slices.Contains([]check.Severity{check.Error, check.Warning, check.Note}, r.Severity) {
			t.Errorf("%s is of the group %q and the severity %q", r.ID, r.Group, r.Severity)
		}
		if r.URL != "" && !strings.HasPrefix(r.URL, "https://") {
			t.Errorf("%s is to be read at %q", r.ID, r.URL)
		}
		for _, words := range realWords() {
			e := verdict.Explain(words, r)
			language := words.Language()
			for part, words := range map[string]string{"name": e.Name, "why": e.Why, "mend": e.Mend} {
				if unsaid(words) {
					t.Errorf("%s has no %s in %s", r.ID, part, language)
				}
			}
			if strings.Contains(e.Name, "\n") || len([]rune(e.Name)) > 200 {
				t.Errorf("the name of %s is no short sentence in %s", r.ID, language)
			}
		}
	}
}

// unsaid says whether words are not there, or went wrong.
func unsaid(words string) bool {
	words = strings.TrimSpace(words)
	return words == "" || words == "TODO" || strings.HasPrefix(words, "[check.") || strings.Contains(words, "%!") || strings.Contains(words, "%[")
}

// TestEveryWordHasARule: words of a rule that is gone would be translated for ever.
func TestEveryWordHasARule(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range real.List() {
		known[r.ID] = true
	}
	for _, key := range text.Load(text.Dutch).Keys() {
		for _, prefix := range []string{"check.name.", "check.why.", "check.mend.", "check.found.", "check.differs."} {
			if rest, ok := strings.CutPrefix(key, prefix); ok {
				if id, _, _ := strings.Cut(rest, "."); !known[id] {
					t.Errorf("%s is of no rule", key)
				}
			}
		}
	}
}

// TestEveryFindingHasWords looks at everything that proves a rule, and says what is
// found there: no key is missing and no value is left over.
func TestEveryFindingHasWords(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../../generator/check/*/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	said, wrong := map[string]bool{}, map[string]string{}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for tree, files := range trees(txtar.Parse(body)) {
			r := checktest.Run(t, files, real.All("")...)
			for _, words := range realWords() {
				language := words.Language()
				for _, v := range r.Verdicts {
					for _, f := range v.Findings {
						said[f.Rule+"."+f.Case] = true
						if got := verdict.Say(words, f); unsaid(got) {
							wrong[string(language)+": "+f.Rule+"."+f.Case] = filepath.Base(path) + ", " + tree + ": " + got
						}
					}
					for _, m := range v.Missed {
						if got := verdict.SayMissed(words, m); unsaid(got) {
							wrong[string(language)+": "+m.Why] = filepath.Base(path) + ", " + tree + ": " + m.Rule + " was missed: " + got
						}
					}
				}
			}
		}
	}
	for what, where := range wrong {
		t.Errorf("%s has no words (%s)", what, where)
	}
	if len(paths) < 50 || len(said) < 50 {
		t.Errorf("only %d archives and %d kinds of findings: are they there?", len(paths), len(said))
	}
}

// trees are what meets a rule, and each mutation of it.
func trees(archive *txtar.Archive) map[string]map[string]string {
	parts := map[string]map[string]string{"good": {}}
	for _, f := range archive.Files {
		tree, name, _ := strings.Cut(f.Name, "/")
		if parts[tree] == nil {
			parts[tree] = map[string]string{}
		}
		parts[tree][name] = string(f.Data)
	}
	all := map[string]map[string]string{}
	for tree, changes := range parts {
		files := maps.Clone(parts["good"])
		for name, body := range changes {
			if files[name] = body; body == checktest.Gone {
				delete(files, name)
			}
		}
		all[tree] = files
	}
	return all
}

// TestEveryGroupHasWords: also a short name, for a table.
func TestEveryGroupHasWords(t *testing.T) {
	t.Parallel()
	var results []*check.Result
	for range 6 {
		r := &check.Result{Name: "x"}
		for _, g := range check.Groups() {
			r.Verdicts = append(r.Verdicts, check.Verdict{Rule: check.Rule{ID: "x", Group: g, Severity: check.Error}, Outcome: check.Met})
		}
		results = append(results, r)
	}
	for _, language := range text.Languages() {
		if out := screen(t, language, 80, verdict.Options{}, results...); strings.Contains(out, "[check.") || !strings.Contains(strings.SplitN(out, "\n", 2)[0], "kern") {
			t.Errorf("the table of ten groups does not fit 80 columns, or lacks words:\n%s", out)
		}
	}
}

func TestFindRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ id, found, nearest string }{
		{"adr-versie", "adr-versie", ""},
		{" ADR-Versie", "adr-versie", ""},
		{"nlgov:semver", "adr-versie", ""},
		{"adr-versei", "", "adr-versie"},
		{"adr-vers", "", "adr-versie"},
		{"sleutel", "", "secret-sleutel"},
		{"zoiets-is-er-niet", "", ""},
		{"", "", ""},
	} {
		r, nearest, found := verdict.FindRule(rules(), c.id)
		if r.ID != c.found || nearest != c.nearest || found != (c.found != "") {
			t.Errorf("%q finds %q, else %q", c.id, r.ID, nearest)
		}
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, f := range verdict.Formats() {
		if got, ok := verdict.ParseFormat(string(f)); !ok || got != f {
			t.Errorf("%s is no format", f)
		}
	}
	if _, ok := verdict.ParseFormat("xml"); ok {
		t.Error("xml is a format")
	}
	if err := verdict.Write(nil, "xml", catalogue(text.Dutch), about(), nil); err == nil {
		t.Error("an unknown format is written")
	}
}
