package pack_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/pack"
)

// wrong gives what is said of a template, by reading it or by making a component.
func wrong(t *testing.T, name, template string) string {
	t.Helper()
	began := time.Now()
	own, err := pack.Read(folder(map[string]string{name: template}))
	if err != nil {
		return refusal(t, folder(map[string]string{name: template}))
	}
	_, err = made(t, "verhuizing", own)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	var faulty pack.Faulty
	if !errors.As(err, &faulty) {
		t.Fatalf("%.100q was not refused as a pack: %v", template, err)
	}
	var said []string
	for _, p := range faulty.Problems {
		said = append(said, fmt.Sprintf("%s:%d %s %s", p.File, p.Line, p.Code, p.Text("en")))
	}
	return strings.Join(said, "\n")
}

// TestTemplatesThatSpin: loops without an end, and much out of little. Each is
// refused within seconds, and takes no memory to speak of.
func TestTemplatesThatSpin(t *testing.T) {
	const loop = "{{range until 10000}}{{range until 10000}}{{range until 10000}}"
	const ends = "{{end}}{{end}}{{end}}"
	for name, test := range map[string]struct{ template, want string }{
		"nested ranges":         {"a\nb\n" + loop + ends, "x.md.tmpl:3 pack-too-much"},
		"over a number":         {"{{range 1000000000000}}{{end}}", "pack-too-much"},
		"with if":               {loop + "{{if eq 1 2}}x{{end}}" + ends, "pack-too-much"},
		"continue":              {loop + "{{continue}}" + ends, "pack-too-much"},
		"much text":             {"{{range until 10000}}{{range until 1000}}" + strings.Repeat("x", 1000) + "{{end}}{{end}}", "pack-makes-much"},
		"a template in itself":  {`{{define "x"}}{{template "x" .}}{{end}}` + "\n" + `{{template "x" .}}`, "pack-recursion"},
		"two templates":         {`{{define "x"}}{{template "y" .}}{{end}}{{define "y"}}{{template "x" .}}{{end}}{{template "x" .}}`, "pack-recursion"},
		"templates doubling":    {doubling(40), "pack-too-much"},
		"text doubling":         {`{{$x := "aaaaaaaaaa"}}{{range until 100}}{{$x = printf "%s%s" $x $x}}{{end}}`, "pack-makes-much"},
		"print doubling":        {`{{$x := "aaaaaaaaaa"}}{{range until 100}}{{$x = print $x $x}}{{end}}`, "pack-makes-much"},
		"replace":               {`{{$x := "aaaaaaaaaa"}}{{range until 100}}{{$x = replace "a" "aaaaaaaaaa" $x}}{{end}}`, "pack-makes-much"},
		"replace nothing":       {`{{$x := "aaaaaaaaaa"}}{{range until 100}}{{$x = replace "" "aaaaaaaaaa" $x}}{{end}}`, "pack-makes-much"},
		"indent":                {`{{indent 1000000000 "x"}}`, "pack-makes-much"},
		"nindent":               {`{{nindent 1000000000 "x"}}`, "pack-makes-much"},
		"indent below nothing":  {`{{indent -1 "x"}}`, "pack-makes-much"},
		"a wide number":         {`{{printf "%1000000d" 1}}`, "so large a width"},
		"a width from a value":  {`{{printf "%*d" 1000000 1}}`, "a width or place"},
		"one value many times":  {`{{printf "%[1]s%[1]s" "x"}}`, "a width or place"},
		"lists in lists":        {`{{$l := list 1}}{{range until 60}}{{$l = list $l $l}}{{end}}{{$l}}`, "pack-makes-much"},
		"lists with themselves": {`{{$l := list 1}}{{range until 1000}}{{$l = list $l}}{{end}}{{$l}}`, "pack-makes-much"},
		"dicts in dicts":        {`{{$d := dict "a" "b"}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{end}}`, "pack-makes-much"},
		"join":                  {`{{$s := print "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" "yyyyyyyyyyyyyyyyyyyyyyyyyyy"}}{{join $s (until 10000)}}`, "pack-makes-much"},
		"until":                 {`{{until 100000000}}`, "not between 0 and"},
		"an address in memory":  {`{{print .Entities | md}}`, "is no text"},
		"the whole component":   {`{{range until 10000}}{{. | json}}{{range until 1000}}{{$.Summary | json}}{{end}}{{end}}`, "pack-makes-much"},
		"deep":                  {strings.Repeat("{{if true}}", 10_000) + strings.Repeat("{{end}}", 10_000), "pack-nested"},
		"deep brackets":         {"{{" + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000) + "}}", "pack-nested"},
		"very deep brackets":    {"{{" + strings.Repeat("(", 20_000) + "1" + strings.Repeat(")", 20_000) + "}}", "pack-template"},
		"a large template":      {strings.Repeat("x", 300<<10), "pack-makes-much"},
		"no text":               {"a\n\xff", "x.md.tmpl:2 pack-not-text"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			said := wrong(t, "x.md.tmpl", test.template)
			runtime.ReadMemStats(&after)
			if !strings.Contains(said, test.want) {
				t.Errorf("said %s, not %s", said, test.want)
			}
			if grown := (after.Sys - before.Sys) >> 20; after.Sys > before.Sys && grown > 256 {
				t.Errorf("it took %d MiB", grown)
			}
		})
	}
}

// doubling are templates of which each calls the next one twice.
func doubling(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{{define "t%d"}}{{template "t%d"}}{{template "t%d"}}{{end}}`, i, i+1, i+1)
	}
	fmt.Fprintf(&b, `{{define "t%d"}}{{end}}{{template "t0"}}`, n)
	return b.String()
}

// TestTemplatesThatReach: a template sees plain data, and no function reads or
// writes anything (copier CVE-2025-55201, Backstage CVE-2022-36067).
func TestTemplatesThatReach(t *testing.T) {
	for _, name := range []string{"env", "expandenv", "getHostByName", "now", "date", "readFile", "include", "tpl", "exec", "fail", "genPrivateKey", "randAlpha", "uuidv4", "shuffle", "repeat", "set", "osBase", "fieldlabCount"} {
		if said := wrong(t, "x.md.tmpl", "\n{{"+name+" \"x\"}}"); !strings.Contains(said, "x.md.tmpl:2 pack-") {
			t.Errorf("%s: said %s", name, said)
		}
	}
	for template, want := range map[string]string{
		`{{call .Title}}`:                          "pack-not-offered",
		`{{js .Title}}`:                            "pack-not-offered",
		`{{urlquery .Title}}`:                      "pack-not-offered",
		`{{template "nergens"}}`:                   "pack-template",
		`{{(dict).x}}`:                             "pack-unquoted",
		`{{index}}`:                                "pack-not-offered",
		`{{ternary}}`:                              "pack-not-offered",
		`{{.Entity.Title | md}}`:                   "pack-template", // there is none here
		"een\ntwee {{.Titel}}":                     "x.md.tmpl:2 pack-no-field",
		"{{range .Entities}}\n{{.Nergens}}{{end}}": "x.md.tmpl:2 pack-no-field",
		"\n\n{{if}}":                               "x.md.tmpl:3 pack-template",
	} {
		if said := wrong(t, "x.md.tmpl", template); !strings.Contains(said, want) {
			t.Errorf("%s: said %s, not %s", template, said, want)
		}
	}
}

// TestQuotingOfAPack: each value goes through the quoter of its file, and what has
// no quoter holds no words of a team.
func TestQuotingOfAPack(t *testing.T) {
	for _, test := range []struct{ name, template, want string }{
		{"docs/x.md.tmpl", "a\n{{.Title}}", "docs/x.md.tmpl:2 pack-unquoted"},
		{"x.go.tmpl", "package x\n\n// {{.Title}}\n", "x.go.tmpl:3 pack-unquoted"},
		{"x.go.tmpl", "package x\n\nconst a = {{.Title | json}}\n", "x.go.tmpl:3 pack-wrong-quoter"},
		{"x.yml.tmpl", "a: {{.Title | md}}", "x.yml.tmpl:1 pack-wrong-quoter"},
		{"x.json.tmpl", "{\"a\":\n {{.Title | yaml}}}", "x.json.tmpl:2 pack-wrong-quoter"},
		{"x.html.tmpl", "{{.Title}}", "pack-unquoted"},
		{"x.bpmn.tmpl", "{{.Title | html}}", "pack-wrong-quoter"},
		{"x.css.tmpl", "{{.Title | html}}", "pack-no-quoter"},
		{"x.css.tmpl", "{{.Title}}", "pack-unquoted"},
		{"x.toml.tmpl", "a = {{.Title | json}}", "pack-no-quoter"},
		{"Makefile.tmpl", "a: {{.Title | shell}}", "pack-no-quoter"},
		{"x.md.tmpl", `{{$a := "x"}}{{range .Entities}}{{$a}}{{$a = .Title}}{{end}}`, "pack-unquoted"}, // of the round before
		{"x.md.tmpl", `{{define "x"}}{{.a}}{{end}}{{template "x" dict "a" .Title}}`, "pack-unquoted"},
	} {
		if said := wrong(t, test.name, test.template); !strings.Contains(said, test.want) {
			t.Errorf("%s %s: said %s, not %s", test.name, test.template, said, test.want)
		}
	}
	own := readPack(t, map[string]string{
		"x.css.tmpl": "/* {{.Name.Path}} */\n:root { --huis: {{.Interaction.Colour}}; }\n", "x.sh.tmpl": "echo {{.Title | shell}}\n",
	})
	files, err := made(t, "verhuizing", own)
	if err != nil {
		t.Fatal(err)
	}
	if body := string(files.Find("x.css").Body); !strings.Contains(body, "--huis: #154273") {
		t.Errorf("x.css is %s", body)
	}
	if file := files.Find("x.sh"); string(file.Body) != "echo 'Verhuizing doorgeven'\n" || file.Mode != 0o755 {
		t.Errorf("x.sh is %v %s", file.Mode, file.Body)
	}
}

// TestForm: what comes out is valid, or the file and line of the pack are named.
func TestForm(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"x/x.go", "package x\n\nfunc {\n", "files/x/x.go:3 pack-malformed"},
		{"x/x.go", "package x\nvar a   = 1\n", "files/x/x.go:2 pack-not-formatted"},
		{"x/x.go", "package x\n\nimport \"C\"\n", "files/x/x.go:3 pack-cgo"},
		{"x/x.go.tmpl", "{{/* a */ -}}\npackage x\n{{range .Entities}}\nvar {{.Name.Go}} = = 1\n{{end}}\n", "files/x/x.go.tmpl:4 pack-"},
		{"x/x.go.tmpl", "package x\n\n{{if true}}\nimport \"C\"\n{{end}}\n", "files/x/x.go.tmpl:4 pack-cgo"},
		{"x.yaml", "a: b\nc: [\n", "files/x.yaml:"},
		{"x.yaml.tmpl", "a: b\n{{range .Entities}}\n  c: d\n e: f\n{{end}}\n", "files/x.yaml.tmpl:"},
		{"x.json", "{\"a\": 1,\n}", "files/x.json:2 pack-malformed"},
		{"x.json.tmpl", "{\n{{range .Entities}}\n\"a\": {{.Title | json}},\n{{end}}\n}", "files/x.json.tmpl:"},
		{"x.json", "{} {}", "pack-malformed"},
		{"x.bpmn", "<a>\n<b></a>", "files/x.bpmn:2 pack-malformed"},
		{"x.svg", "<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]>\n<a>&b;</a>", "pack-malformed"},
		{"x.xml", "", "pack-malformed"},
		{"5-interactie/sjablonen/x.html", "<p>\n{{if}}</p>", "files/5-interactie/sjablonen/x.html:2 pack-malformed"},
		{"x.css", "a {\x00}", "pack-malformed"},
		{"x.md", "\xff", "pack-malformed"},
	} {
		if said := wrong(t, test.name, test.body); !strings.Contains(said, test.want) {
			t.Errorf("%s %q: said %s, not %s", test.name, test.body, said, test.want)
		}
	}
	readPack(t, map[string]string{
		"deploy/chart/templates/x.yaml": "{{- if .Values.x }}\na: {{ .Values.y | quote }}\n{{- end }}\n",
		"x.yml":                         "a: 1\n---\nb: 2\n", "x.png": "\x89PNG\x00\xff", "x/x.go": "package x\n",
		"5-interactie/sjablonen/zaak.html": "{{define \"inhoud\"}}{{datum .When}}{{end}}",
	})
}

// TestNamesThatReach: the name of an entity makes a path that the pack itself could
// not have.
func TestNamesThatReach(t *testing.T) {
	own := readPack(t, map[string]string{"[entity]/x.md.tmpl": "x\n"})
	d := document(t, "verhuizing")
	text := strings.Replace(string(d.Source), "- name: verhuizing\n", "- name: kern\n", 1)
	text = strings.ReplaceAll(text, "subject: verhuizing", "subject: kern")
	if _, err := made(t, "verhuizing", readPack(t, map[string]string{"docs/[source].md.tmpl": "x", "docs/[entity].md.tmpl": "x", "docs/bag.md": "x"})); !strings.Contains(fmt.Sprint(err), "docs/bag.md") || !errors.As(err, new(pack.Faulty)) {
		t.Errorf("two files of one path give %v", err)
	}
	_, err := madeOf(t, text, own)
	var faulty pack.Faulty
	if !errors.As(err, &faulty) || faulty.Problems[0].Code != "pack-forbidden" {
		t.Errorf("an entity named kern gives %v", err)
	}
}
