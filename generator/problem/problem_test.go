package problem

import (
	"encoding/json"
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
)

var placeholder = regexp.MustCompile(`\{\d\}`)

// declared returns the constants of the given type in this package.
func declared(t *testing.T, typeName string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, ok := spec.Type.(*ast.Ident)
			value, isLiteral := spec.Values[0].(*ast.BasicLit)
			if !ok || !isLiteral || kind.Name != typeName {
				return true
			}
			text, err := strconv.Unquote(value.Value)
			if err != nil {
				t.Fatal(err)
			}
			if other, twice := found[text]; twice {
				t.Errorf("%s and %s are both %q", other, spec.Names[0].Name, text)
			}
			found[text] = spec.Names[0].Name
			return true
		})
	}
	if len(found) == 0 {
		t.Fatalf("no constants of type %s found", typeName)
	}
	return found
}

func TestCataloguesAreComplete(t *testing.T) {
	codes := declared(t, "Code")
	for _, catalogue := range []struct {
		lang  string
		texts map[Code]string
	}{{"Dutch", nl}, {"English", en}} {
		for code, name := range codes {
			if strings.TrimSpace(catalogue.texts[Code(code)]) == "" {
				t.Errorf("%s has no %s text", name, catalogue.lang)
			}
		}
		for code := range catalogue.texts {
			if codes[string(code)] == "" {
				t.Errorf("there is a %s text for %q, which is no constant", catalogue.lang, code)
			}
		}
	}
	for term, name := range declared(t, "Term") {
		if nlTerms[Term(term)] == "" || enTerms[Term(term)] == "" {
			t.Errorf("%s has no text in both languages", name)
		}
	}
}

func TestLanguagesShowTheSameValues(t *testing.T) {
	for code, text := range nl {
		a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(en[code], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: nl shows %v, en shows %v", code, a, b)
		}
	}
}

// TestEveryCodeIsAConstant reads the generator and the commands: a code that
// is written as a text would have no line in the catalogues.
func TestEveryCodeIsAConstant(t *testing.T) {
	names := map[string]bool{}
	for _, name := range declared(t, "Code") {
		names[name] = true
	}
	used := map[string]bool{}
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			if err != nil || !strings.Contains(string(source), `generator/problem"`) {
				return err
			}
			checkUse(t, path, source, used)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range names {
		if !used[name] {
			t.Logf("%s is not used yet", name)
		}
	}
}

func checkUse(t *testing.T, path string, source []byte, used map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Logf("%s does not parse: %v", path, err)
		return
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "problem" {
				used[n.Sel.Name] = true
			}
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || len(n.Args) == 0 {
				return true
			}
			pkg, ok := f.X.(*ast.Ident)
			if !ok || pkg.Name != "problem" || f.Sel.Name != "New" && f.Sel.Name != "Code" {
				return true
			}
			if _, literal := n.Args[0].(*ast.BasicLit); literal {
				t.Errorf("%s: problem.%s with a text; add a constant to codes.go", path, f.Sel.Name)
			}
		}
		return true
	})
}

func TestFormat(t *testing.T) {
	list := List{
		New(KeyMissing, "component.title", "title"),
		New(KeyUnknown, "register[0].fieldz", "fieldz", []string{"name", "fields"}).Suggest("fields").At("fieldlab.yaml", 12, 5),
		New(WantText, "component.name", TermList).At("fieldlab.yaml", 3, 9),
	}
	for lang, want := range map[string]string{
		"nl": `component.title: "title" ontbreekt. Voeg het toe.
fieldlab.yaml:3:9: component.name: hier hoort tekst, niet een lijst. Zet er één waarde neer.
fieldlab.yaml:12:5: register[0].fieldz: "fieldz" bestaat hier niet. Kies uit name of fields. Bedoelde u "fields"?
3 problemen
`,
		"en": `component.title: "title" is missing. Add it.
fieldlab.yaml:3:9: component.name: text is expected here, not a list. Write one value.
fieldlab.yaml:12:5: register[0].fieldz: "fieldz" does not exist here. Choose from name or fields. Did you mean "fields"?
3 problems
`,
	} {
		var b strings.Builder
		if err := list.Format(&b, lang); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%s:\n got %s\nwant %s", lang, b.String(), want)
		}
	}
}

func TestValuesAreMadeSafe(t *testing.T) {
	text := New(KeyUnknown, "", "a\x1b[31m\nb\u202e{2}", []string{"x"}).Text("nl")
	if want := `"a [31m b {2}" bestaat hier niet. Kies uit x.`; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
	if long := New(KeyMissing, "", strings.Repeat("é", 5000)).Text("nl"); len([]rune(long)) > 200 {
		t.Errorf("a long value makes a text of %d characters", len([]rune(long)))
	}
}

func TestJSON(t *testing.T) {
	data, err := json.Marshal(List{New(KeyMissing, "component", "title").At("f.yaml", 2, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if want := `[{"code":"key-missing","key":"component","file":"f.yaml","line":2,"column":1,"text":"\"title\" ontbreekt. Voeg het toe."}]`; string(data) != want {
		t.Errorf("got %s\nwant %s", data, want)
	}
}

func TestErr(t *testing.T) {
	var list List
	if list.Err() != nil {
		t.Error("an empty list is an error")
	}
	list.Add(FileEmpty, "")
	if list.Err() == nil || !strings.Contains(list.Error(), "leeg") {
		t.Error("a list with a problem is no error")
	}
}

func FuzzText(f *testing.F) {
	f.Add("key-unknown", "a", "b")
	f.Fuzz(func(t *testing.T, code, key, value string) {
		p := New(Code(code), key, value, []string{value, value}).Suggest(value)
		for _, lang := range []string{"nl", "en", ""} {
			if line := (List{p}).In(lang)[0].Text; code != "" && nl[p.Code] != "" && strings.ContainsAny(line, "\n\x1b") {
				t.Errorf("%q breaks the line", line)
			}
		}
	})
}
