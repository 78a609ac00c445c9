package render

import (
	"errors"
	"go/format"
	"go/scanner"
	"go/token"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// modules are module paths that sort before, between and after the imports of
// the component, with and without a dot.
var modules = []string{"a", "zz/z", "github.com/gemeente-denbosch/verhuizing", "gitlab.example-gemeente.nl/team/a-b_c/v2", "fmt/x"}

func component() *model.Component {
	return &model.Component{Title: `Ge"evalueerd`, Module: modules[2]}
}

func file(t *testing.T, name, content string, data Data) (string, error) {
	t.Helper()
	renderer, err := New(fstest.MapFS{name: {Data: []byte(content)}})
	if err != nil {
		t.Fatal(err)
	}
	body, err := renderer.File(name, data)
	return string(body), err
}

func TestFile(t *testing.T) {
	data := Data{Component: component(), Entity: &model.Entity{Title: "Zaak"}}
	for _, test := range []struct{ name, file, content, want string }{
		{"static", "a.txt", "{{ .Title }}", "{{ .Title }}"},
		{"template", "a.txt.tmpl", "{{ .Title }} {{ .Entity.Title }}", `Ge"evalueerd Zaak`},
		{"quoted", "a.txt.tmpl", "{{ .Title | goString }}", "`Ge\"evalueerd`"},
		{"sprig", "a.txt.tmpl", `{{ list "a" "b" | join ", " | upper }}`, "A, B"},
		{"until", "a.txt.tmpl", `{{ range until 3 }}{{ . }}{{ end }}`, "012"},
		{
			"imports", "a.go", "package a\n\nimport \"" + Prefix + "/kern/value\"\n\nconst kept = \"" + Prefix + "/kept\"\n",
			"package a\n\nimport \"" + modules[2] + "/kern/value\"\n\nconst kept = \"" + Prefix + "/kept\"\n",
		},
		{"root import", "a.go", "package a\n\nimport _ \"" + Prefix + "\"\n", "package a\n\nimport _ \"" + modules[2] + "\"\n"},
		{"other import", "a.go", "package a\n\nimport _ \"" + Prefix + "x\"\n", "package a\n\nimport _ \"" + Prefix + "x\"\n"},
		{
			"templated imports", "a.go.tmpl", "package a\nimport (\n b \"" + Prefix + "/b\"\n\"" + Prefix + "/a\"\n)\nvar   x = 1",
			"package a\n\nimport (\n\t\"" + modules[2] + "/a\"\n\tb \"" + modules[2] + "/b\"\n)\n\nvar x = 1\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := file(t, test.file, test.content, data)
			if err != nil || got != test.want {
				t.Errorf("got %q, %v\nwant %q", got, err, test.want)
			}
		})
	}
}

// TestErrors: an error names the file and line of the template and what is
// wrong, in words of the template.
func TestErrors(t *testing.T) {
	for _, test := range []struct{ file, content, want string }{
		{"a.md.tmpl", "one\n{{ .Titel }}", "a.md.tmpl:2: .Titel: can't evaluate field Titel"},
		{"a.md.tmpl", "{{ .Entity.Title }}", "a.md.tmpl:1: .Entity.Title: nil pointer evaluating *model.Entity.Title"},
		{"a.md.tmpl", "one\n\n{{ if }}", "a.md.tmpl:3: missing value for if"},
		{"a.md.tmpl", "{{ env \"HOME\" }}", `a.md.tmpl:1: function "env" not defined`},
		{"a.md.tmpl", "{{ (dict).x }}", `a.md.tmpl:1: dict: map has no entry for key "x"`},
		{"a.md.tmpl", "{{ until -1 }}", "a.md.tmpl:1: until -1: error calling until: until -1: not between 0 and 10000"},
		{"a.go.tmpl", "package a\nfunc {", `a.go.tmpl (line 2 of its output: "func {"): not valid Go: expected 'IDENT', found '{'`},
		{"a.md.tmpl", `{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}`, "exceeded maximum template depth"},
		{"a.md.tmpl", "{{ range until 10000 }}{{ range until 1000 }}x{{ end }}{{ end }}", "the output is larger than 4194304 bytes"},
	} {
		_, err := file(t, test.file, test.content, Data{Component: component()})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\n gives %v\n not %s", test.content, err, test.want)
		}
		var own *Error
		if !errors.As(err, &own) || own.Name != test.file {
			t.Errorf("%v is not an Error of %s", err, test.file)
		}
		for _, noise := range []string{"template:", "executing", "in type", "0x"} {
			if err != nil && strings.Contains(err.Error(), noise) {
				t.Errorf("%v holds %q", err, noise)
			}
		}
	}
}

// TestFunctionsAreOffered: each name on the list exists, and nothing that
// reads the machine or the clock is there.
func TestFunctionsAreOffered(t *testing.T) {
	funcs := functions()
	for name, function := range funcs {
		if function == nil {
			t.Errorf("%s is no function", name)
		}
	}
	for _, name := range []string{"env", "expandenv", "now", "date", "uuidv4", "randAlpha", "shuffle", "genPrivateKey", "fail", "repeat", "getHostByName", "set"} {
		if _, found := funcs[name]; found {
			t.Errorf("templates can call %s", name)
		}
	}
}

// TestStaticGo: the real Go of the pack stays formatted under any module path,
// holds no template, and names this repository nowhere but in its imports.
func TestStaticGo(t *testing.T) {
	pack := templates.Component()
	renderer, err := New(pack)
	if err != nil {
		t.Fatal(err)
	}
	each(t, pack, func(name string) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		for _, module := range modules {
			body, err := renderer.File(name, Data{Component: &model.Component{Module: module}})
			if err != nil {
				t.Fatal(err)
			}
			if formatted, err := format.Source(body); err != nil || string(formatted) != string(body) {
				t.Errorf("%s is not gofmt'ed when the module is %s (own imports go last, in a group of their own): %v", name, module, err)
			}
			if strings.Contains(string(body), Prefix) {
				t.Errorf("%s names %s outside its imports", name, Prefix)
			}
			if text := templateText(body); text != "" {
				t.Errorf("%s holds %s: what is templated ends in %s", name, text, Suffix)
			}
		}
	})
}

// templateText returns the text or comment in which Go source holds {{; in the
// code itself two braces are an ordinary literal.
func templateText(source []byte) string {
	var scan scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	scan.Init(file, source, nil, scanner.ScanComments)
	for {
		_, kind, text := scan.Scan()
		if kind == token.EOF {
			return ""
		}
		if (kind == token.STRING || kind == token.COMMENT) && strings.Contains(text, "{{") {
			return text
		}
	}
}

// TestTemplatesParse parses every template of the pack.
func TestTemplatesParse(t *testing.T) {
	pack := templates.Component()
	renderer, err := New(pack)
	if err != nil {
		t.Fatal(err)
	}
	each(t, pack, func(name string) {
		if strings.HasSuffix(name, Suffix) {
			if _, err := renderer.template(name); err != nil {
				t.Error(err)
			}
		}
	})
}

// each calls do with every file of the pack.
func each(t *testing.T, pack fs.FS, do func(name string)) {
	t.Helper()
	err := fs.WalkDir(pack, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			do(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
