package render

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// strangers is a component with something in each list that a template loops over.
func strangers() Data {
	c := component()
	name, _ := naming.Of("boom")
	c.Entities = []*model.Entity{{Name: name, Title: "Boom", Fields: []*model.Field{{Name: name, Title: "Soort"}}}}
	c.Process = &model.Process{Name: name, Title: "Kappen"}
	return Data{Component: c}
}

// strange renders one template as one of somebody else.
func strange(name, source string) (string, error) {
	renderer, err := NewOver(fstest.MapFS{name: {Data: []byte(source)}}, func(string) bool { return true })
	if err != nil {
		return "", err
	}
	body, err := renderer.File(name, strangers())
	return string(body), err
}

// TestStrangeIsTheSame: a count in a template changes nothing of what it makes.
func TestStrangeIsTheSame(t *testing.T) {
	for _, source := range []string{
		"a\n\n  {{- range .Entities}} {{.Title | md}}{{else}}none{{end -}}\n b",
		`{{define "x"}}{{. | md}}{{end}}{{with .Title}}{{template "x" .}}{{end}}{{if false}}a{{else if true}}b{{end}}`,
		"{{range until 5}}{{if eq . 3}}{{break}}{{end}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{end}}",
		`{{printf "%-5s|%05d|%.2s" "a" 7 "abc"}}{{print 1 "a"}}{{println "x"}}{{len .Entities}}{{index (list 1 2) 1}}`,
		`{{join ", " (list "a" "b")}}{{default "x" ""}}{{ternary 1 2 false}}{{"a b" | replace " " "-" | upper | indent 2}}`,
		"{{/* a comment */}}{{$x := 1}}{{$x = add $x 1}}{{$x}}", "", "{{range .Entities}}{{end}}",
	} {
		plain, err := file(t, "a.md.tmpl", source, strangers())
		if err != nil {
			t.Fatal(err)
		}
		counted, err := strange("a.md.tmpl", source)
		if err != nil || counted != plain {
			t.Errorf("%s\n gives %q, %v\n not   %q", source, counted, err, plain)
		}
	}
}

// TestLines: each line of the output is known to come from its line of the
// template, also behind a loop and when gofmt moved it.
func TestLines(t *testing.T) {
	const name = "a.go.tmpl"
	source := "package a\n{{range until 2}}\nvar   a{{.}} = 1\n{{end}}\n{{/* a\ncomment */}}\nfunc f() {\nx := 1\n}\n"
	renderer, err := NewOver(fstest.MapFS{name: {Data: []byte(source)}, "b.go": {Data: []byte("package b\n\nvar x int\n")}}, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	body, err := renderer.File(name, strangers())
	if err != nil {
		t.Fatal(err)
	}
	lines := renderer.Lines(name, strangers(), body)
	for words, want := range map[string]int{"package a": 1, "var a0 = 1": 3, "var a1 = 1": 3, "func f() {": 7, "\tx := 1": 8} {
		for i, line := range strings.Split(string(body), "\n") {
			if line == words && lines[i+1] != want {
				t.Errorf("%q comes from line %d, not %d", words, lines[i+1], want)
			}
		}
	}
	if static := renderer.Lines("b.go", strangers(), []byte("package b\n\nvar x int\n")); static[3] != 3 {
		t.Errorf("the lines of a static file are %v", static)
	}
}

// FuzzStrange: any template of somebody else ends, without a panic, and makes no
// more than the limit.
func FuzzStrange(f *testing.F) {
	for _, seed := range []string{
		"{{.Title | md}}", "{{range .Entities}}{{.Name.Path}}{{range .Fields}}{{.Title | mdCell}}{{end}}{{end}}", "{{range 1000000000}}{{end}}",
		`{{define "x"}}{{template "x" .}}{{end}}{{template "x" .}}`, `{{define "x"}}{{template "x" dict "a" .}}{{end}}{{template "x" .}}`,
		`{{$x := "a"}}{{range until 100}}{{$x = print $x $x}}{{end}}{{$x}}`, `{{$l := list 1}}{{range until 40}}{{$l = list $l $l}}{{end}}{{$l}}`,
		`{{printf "%999d%v" 1 nil}}`, "{{index}}", "{{ternary 1 2}}", `{{(dict "a" .).a.Title | md}}`, "{{.Process.Title | len | add 1 | printf \"%d\"}}",
		"{{slice .Title 1 | md}}", "{{html . }}", "{{json .}}", "{{and}}", "{{$x := .}}{{range $i, $e := $x.Entities}}{{$i}}{{$x = $e}}{{end}}",
		"{{(((1)))}}", "{{nil}}", "{{.}}", "{{1 | 2}}", "{{\"a\".b}}", "{{list.a}}", "{{break}}", "{{block \"a\" .}}{{end}}",
	} {
		f.Add(uint8(0), seed)
	}
	f.Add(uint8(1), "package x\n")
	f.Add(uint8(2), "a {}")
	f.Fuzz(func(t *testing.T, kind uint8, source string) {
		if len(source) > 4000 {
			return
		}
		kinds := []string{".md", ".go", ".css", ".yaml", ".html", ""}
		body, err := strange("x"+kinds[int(kind)%len(kinds)]+Suffix, source)
		if len(body) > Limit {
			t.Fatalf("%d bytes", len(body))
		}
		var own *Error
		if err != nil && !errors.As(err, &own) {
			t.Fatalf("%v is no Error", err)
		}
	})
}
