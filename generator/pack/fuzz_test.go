package pack_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// FuzzPackYAML: any bytes are a pack or a list of problems, and what is a pack has a
// name and a header that cannot leave a comment.
func FuzzPackYAML(f *testing.F) {
	for _, seed := range []string{describing, describing + "header: |\n  a\n  b\n", "name: a\nversion: 1.0\ntitle: \"\\u202e\"\n", "a: &a [*a]\n", "{name: a, version: 2.1.3-rc.1}", "\xff", "---\n---\n", "name: !!str a\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := pack.Read(folder(map[string]string{pack.FileName: string(text), "x.md": "x"}))
		var found problem.List
		switch {
		case err != nil && !errors.As(err, &found):
			t.Fatalf("%v is no list", err)
		case err != nil:
			_ = found.In("nl")
			return
		case p.Name == "" || p.Version == "" || strings.ContainsAny(p.Name+p.Version, "/\\ \n"):
			t.Fatalf("%+v", p)
		}
		file := plan.File{Path: "x.css", Template: "x.css", Body: []byte("a {}\n"), Owner: plan.Merged}
		body, err := p.Finish(file, nil)
		if err != nil || strings.Count(string(body), "*/") > 1 || !strings.HasSuffix(string(body), "a {}\n") {
			t.Fatalf("%q, %v", body, err)
		}
	})
}

// FuzzTemplate: any template ends, and makes a component or says what is wrong with
// the pack; never a file outside, never a fault of ours.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{
		"{{.Title | md}}", "{{range .Entities}}{{.Name.Path}}{{end}}", "{{range until 10000}}{{range until 10000}}{{end}}{{end}}",
		`{{define "x"}}{{template "x" .}}{{end}}{{template "x" .}}`, `{{$x := "a"}}{{range until 100}}{{$x = print $x $x}}{{end}}{{$x}}`,
		`{{$l := list 1}}{{range until 40}}{{$l = list $l $l}}{{end}}{{$l}}`, `{{printf "%999d" 1}}`, "{{with .Process}}{{.Title|md}}{{else}}{{break}}{{end}}",
		"{{index .Entities 3}}", "{{slice \"abc\" 1 2}}", "{{block \"a\" .}}{{.Title | mdCell}}{{end}}", "{{(index .Entities 0).Title | md}}", "{{ternary 1 2 true}}", "{{dict 1 2}}", "{{eq . .}}",
	} {
		f.Add("docs/x.md.tmpl", seed)
	}
	f.Add("x/[entity].go.tmpl", "package x\n\nvar {{.Entity.Name.Go}} = {{.Entity.Title | goString}}\n")
	f.Add("[source]/x.json.tmpl", "{{.Source.Title | json}}")
	f.Add("x.yaml.tmpl", "a: {{.Title | yaml}}\n")
	f.Fuzz(func(t *testing.T, name, template string) {
		files := folder(nil)
		if name == "" || strings.Contains(name, "\x00") {
			return
		}
		files["files/"+name] = file(template)
		own, err := pack.Read(files)
		if err != nil {
			return
		}
		made, err := made(t, "adresonderzoek", own)
		var faulty pack.Faulty
		if err != nil && !errors.As(err, &faulty) && !strings.Contains(err.Error(), "same") && !strings.Contains(err.Error(), "path ") && !strings.Contains(err.Error(), "is a file and") {
			t.Fatalf("%q %q: %v", name, template, err)
		}
		for _, one := range made {
			if plan.CheckPath(one.Path) != nil || one.Template == name && strings.HasPrefix(one.Path, "kern/") {
				t.Fatalf("%q makes %s", name, one.Path)
			}
		}
	})
}
