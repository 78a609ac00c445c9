package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	nl, en := text.Load(text.Dutch), text.Load(text.English)
	if len(nl.Keys()) < 100 {
		t.Fatalf("only %d keys: are the catalogues embedded?", len(nl.Keys()))
	}
	for _, key := range nl.Keys() {
		if !en.Has(key) {
			t.Errorf("English lacks %s", key)
		}
		if strings.TrimSpace(nl.T(key)) == "" || strings.TrimSpace(en.T(key)) == "" {
			t.Errorf("%s is empty", key)
		}
	}
	for _, key := range en.Keys() {
		if !nl.Has(key) {
			t.Errorf("Dutch lacks %s", key)
		}
	}
}

func TestLanguagesShowTheSameValues(t *testing.T) {
	nl, en := text.Load(text.Dutch), text.Load(text.English)
	verb := regexp.MustCompile(`%(\[\d+\])?[a-z]`)
	for _, key := range nl.Keys() {
		a, b := verb.FindAllString(nl.T(key), -1), verb.FindAllString(en.T(key), -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s shows %v in Dutch and %v in English", key, a, b)
		}
		for _, v := range a {
			if !strings.HasPrefix(v, "%[") {
				t.Errorf("%s: %s has no number; translations change the order", key, v)
			}
		}
	}
}

// TestKeysAndCode compares the catalogues with the source of the commands: no
// key without a use, no use without a key. A key may be put together, in which
// case both halves are in the source.
func TestKeysAndCode(t *testing.T) {
	asked, literals := source(t)
	nl := text.Load(text.Dutch)
	for key, where := range asked {
		if !nl.Has(key) {
			t.Errorf("%s asks for %s, which is in no catalogue", where, key)
		}
	}
	for _, key := range nl.Keys() {
		if asked[key] == "" && !literals[key] && !composed(key, literals) {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// composed says whether a key is made of a prefix and an ending that the
// source has: T("wizard.type." + name), T("wizard.q." + id + ".help").
func composed(key string, literals map[string]bool) bool {
	if rest, ok := strings.CutPrefix(key, "wizard.q."); ok {
		at := strings.LastIndexByte(rest, '.')
		return slices.Contains([]string{"ask", "help", "short", "example"}, rest[at+1:]) && literals[rest[:at]]
	}
	for _, prefix := range foreign {
		if strings.HasPrefix(key, prefix) {
			return literals[prefix]
		}
	}
	for prefix := range literals {
		rest, ok := strings.CutPrefix(key, prefix)
		if ok && strings.HasSuffix(prefix, ".") && strings.HasPrefix(prefix, "wizard.") {
			rest = strings.TrimSuffix(rest, "-about")
			return literals[rest] || literals[strings.ReplaceAll(rest, "-", " ")] || isFieldType(prefix)
		}
	}
	// One per shell that cobra knows, and one per note of package grow, of which a
	// test there compares them.
	return strings.HasPrefix(key, "completion.") || strings.HasPrefix(key, "grow.note.")
}

// foreign are prefixes of keys of which the rest is a code of another package;
// tests of packages evolve, addcmd, bundlecmd and doctor compare them.
var foreign = []string{"update.action.", "update.about.", "update.why.", "update.kern.", "update.kind.", "grow.kind.", "grow.unknown.", "update.no-base.", "update.form.", "update.git.", "migration.ask.", "migration.help.", "migration.mistake.", "grow.note.",
	"doctor.head.", "doctor.mark.", "doctor.step.", "doctor.name.", "doctor.ok.", "doctor.what.", "doctor.why.", "doctor.do.", "doctor.unseen.",
	"check.name.", "check.why.", "check.mend.", "check.found.", "check.missed.", "check.group.", "check.differs.",
	"board.refusal.", "pack.refused.", "bundle.step.", "bundle.fault.", "rename.did.", "remove.did.", "add.field.", "add.entity.", "add.step.", "add.role.", "add.source.", "add.activity."}

// isFieldType: the names of types and of problems are in other packages, those
// of colours and units are codes; tests of the wizard compare them.
func isFieldType(prefix string) bool {
	return slices.Contains([]string{"wizard.type.", "wizard.find.", "wizard.problem.", "wizard.missing.", "wizard.colour.", "wizard.unit."}, prefix)
}

// source reads all Go files of the commands. It returns the keys that T is
// called with, and all texts.
func source(t *testing.T) (asked map[string]string, literals map[string]bool) {
	t.Helper()
	asked, literals = map[string]string{}, map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if value, ok := unquote(n); ok {
					literals[value] = true
				}
			case *ast.CallExpr:
				f, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || f.Sel.Name != "T" || len(n.Args) == 0 {
					return true
				}
				if value, ok := unquote(n.Args[0]); ok {
					asked[value] = path
				}
			}
			return true
		})
		return nil
	})
	if err != nil || len(asked) == 0 {
		t.Fatalf("read no source: %v", err)
	}
	return asked, literals
}

func unquote(n ast.Expr) (string, bool) {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}

func TestFromLocale(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want text.Language
	}{
		{nil, text.Dutch},
		{map[string]string{"LANG": "nl_NL.UTF-8"}, text.Dutch},
		{map[string]string{"LANG": "C.UTF-8"}, text.Dutch},
		{map[string]string{"LANG": "de_DE.UTF-8"}, text.Dutch},
		{map[string]string{"LANG": "en_GB.UTF-8"}, text.English},
		{map[string]string{"LANG": "en"}, text.English},
		{map[string]string{"LANG": "enm_XX"}, text.Dutch},
		{map[string]string{"LANG": "nl_NL", "LC_MESSAGES": "en_US"}, text.English},
		{map[string]string{"LANG": "en_US", "LC_ALL": "nl_NL"}, text.Dutch},
		{map[string]string{"LANG": "en_US", "LC_ALL": ""}, text.English},
	} {
		if got := text.FromLocale(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v gives %s, want %s", c.env, got, c.want)
		}
	}
}

// TestNoKeyComesTwice: of two texts one would never be seen.
func TestNoKeyComesTwice(t *testing.T) {
	header := regexp.MustCompile(`(?m)^\[([a-z0-9.-]+)\]$`)
	for _, language := range text.Languages() {
		paths, err := filepath.Glob(filepath.Join(string(language), "*.txt"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %v", language, paths, err)
		}
		in := map[string]string{}
		for _, path := range paths {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range header.FindAllStringSubmatch(string(body), -1) {
				if before := in[m[1]]; before != "" {
					t.Errorf("%s is in %s and in %s", m[1], before, path)
				}
				in[m[1]] = path
			}
		}
	}
}

func TestAMissingKeyShowsItself(t *testing.T) {
	if got := text.Load(text.Dutch).T("no.such.key", 1); got != "[no.such.key]" {
		t.Errorf("got %q", got)
	}
}
