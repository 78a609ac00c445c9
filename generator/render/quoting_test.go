package render

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestQuoted fails when a template prints what a team wrote without a quoter,
// or with the quoter of another language.
func TestQuoted(t *testing.T) {
	pack := templates.Component()
	renderer, err := New(pack)
	if err != nil {
		t.Fatal(err)
	}
	each(t, pack, func(name string) {
		if !strings.HasSuffix(name, Suffix) {
			return
		}
		parsed, err := renderer.template(name)
		if err != nil {
			t.Error(err)
			return
		}
		for _, fault := range quoting(parsed, false) {
			t.Error(fault)
		}
	})
}

// TestUnquoted proves that the walk sees what it must see.
func TestUnquoted(t *testing.T) {
	for source, want := range map[string]string{
		`{{ .Title }}`:                                               "model.Component.Title",
		`{{ .Title | lower }}`:                                       "model.Component.Title",
		`{{ .Name.Raw }}`:                                            "naming.Names.Raw",
		`{{ .Name.SQL }} {{ .Module }}`:                              "",
		`{{ .Name.SQL | upper | printf "%s_x" }}`:                    "",
		`{{ .Title | goString }}`:                                    "",
		`{{ .Title | md }}`:                                          "md does not fit",
		`{{ range .Entities }}{{ .Title }}{{ end }}`:                 "model.Entity.Title",
		`{{ range $e := .Entities }}{{ $e.Name.Go }}{{ end }}`:       "",
		`{{ range $i, $e := .Entities }}{{ $i }}{{ end }}`:           "",
		`{{ range $i, $e := .Entities }}{{ $e.Title }}{{ end }}`:     "model.Entity.Title",
		`{{ with .Process.Start }}{{ .Help }}{{ end }}`:              "model.Step.Help",
		`{{ with $x := .Process.Start }}{{ $x.Help }}{{ end }}`:      "model.Step.Help",
		`{{ $t := .Title }}{{ $t }}`:                                 "model.Component.Title",
		`{{ $t := "a" }}{{ $t = .Title }}{{ $t }}`:                   "model.Component.Title",
		`{{ $t := "a" }}{{ if .Title }}{{ $t }}{{ end }}`:            "",
		`{{ range .Sources }}{{ range .Fields }}{{.}}{{end}}{{end}}`: "model.Source.Fields",
		`{{ range .Entities }}{{ range .Fields }}{{ .MaxLength }}{{ .Pointer }}{{ end }}{{ end }}`: "",
		`{{ range .Entities }}{{ range .Fields }}{{ index .Values 0 }}{{ end }}{{ end }}`:          "model.Field.Values",
		`{{ define "x" }}{{ .Title }}{{ end }}{{ range .Entities }}{{ template "x" . }}{{ end }}`:  "model.Entity.Title",
		`{{ printf "%s" .Summary }}`:                       "model.Component.Summary",
		`{{ if .Title }}{{ else }}{{ .Summary }}{{ end }}`: "model.Component.Summary",
		`{{ join "," (list .Title) }}`:                     "model.Component.Title",
		`{{ join "," (list "a" .Name.Go) }}`:               "",
		`{{ len .Title }}`:                                 "",
		`{{ .Title | default "x" | goString }}`:            "",
		`{{ ternary .Title "x" true }}`:                    "model.Component.Title",
		`{{ (index .Entities 0).Title }}`:                  "model.Entity.Title",
		`{{ .Nowhere }}`:                                   "no field or method Nowhere",
		`{{ and .Title .Name.Go }}`:                        "model.Component.Title",
		`{{ eq .Title "x" }}`:                              "",
		`{{ first .Entities }}`:                            "model.Component.Entities",
		`{{ html .Title }}`:                                "html does not fit",
		`{{ define "x" }}{{ .a }}{{ .b.Go }}{{ end }}{{ template "x" dict "a" .Title "b" .Name }}`:              "model.Component.Title",
		`{{ define "x" }}{{ .a | goString }}{{ .b.Go }}{{ end }}{{ template "x" (dict "a" .Title "b" .Name) }}`: "",
		`{{ slice .Title 1 }}`: "model.Component.Title",
		`{{ js .Title }}`:      "js",
	} {
		renderer, err := New(fstest.MapFS{"a.go.tmpl": {Data: []byte(source)}})
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := renderer.template("a.go.tmpl")
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		got := said(quoting(parsed, false))
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s gives %q, not %q", source, got, want)
		}
	}
}

func said(faults []*Error) string {
	lines := make([]string, len(faults))
	for i, fault := range faults {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}
