package render

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates"
)

// plain are fields of the model that hold no words of the team: the generator
// chose them, or the model checked them against a closed list or a pattern
// without special characters. So does naming.Names, but for Raw.
var plain = map[string]bool{
	"model.Component.Module": true, "model.Entity.Schema": true, "model.Component.Licence": true,
	"model.Interaction.Colour": true, "model.Interaction.Theme": true,
	"model.Field.Type": true, "model.Field.GoType": true, "model.Field.BaseType": true,
	"model.Retention.From": true, "model.Field.SQLite": true, "model.Field.Postgres": true, "model.Field.OpenAPI": true, "model.Field.Change": true,
	"model.Example.JSON": true, "model.Example.Go": true, "model.Value.Go": true,
	"render.Data.EmbeddedElsewhere": true, "render.Data.OwnService": true, "render.Data.OwnGrantEnv": true, "model.Source.StandInEnv": true,
	"model.Auth.Wants": true, "model.Auth.Gives": true, "model.Operation.Nothing": true, "model.Find.Status": true,
	"model.Source.GrantEnv": true, "model.Source.AnswersFile": true, // made by encoding/json
	"model.Operation.Method":    true,
	"model.Operation.InputType": true, "model.Operation.AnswerType": true, "model.Operation.RequiredFields": true,
	"model.Process.Schema":      true,                                      // a schema of ours, or a reference to one
	"render.Data.SharedSchemas": true, "model.Process.SharedSchemas": true, // constants of package fieldtype
	"model.Parameter.Field": true, "model.Parameter.In": true, "model.Constant.In": true,
	"model.Auth.KeyEnv": true, "model.Auth.ClientIDEnv": true, "model.Auth.SecretEnv": true, "model.Auth.TokenURLEnv": true, "model.Auth.ScopeEnv": true, "model.Auth.ResourceEnv": true,
	"model.Auth.TokenCertEnv": true, "model.Auth.TokenKeyEnv": true, "model.Auth.TokenCAEnv": true,
	"openapi.Shape.Kind": true, "openapi.ShapeField.Go": true,
	"model.Input.From": true, "model.Input.Part": true, "model.Step.Kind": true,
	"model.Node.ID": true, "model.Node.Kind": true, "model.Node.Default": true, "model.Node.In": true, "model.Node.Out": true,
	"model.FSC.Group": true, "model.FSC.DirectoryOIN": true, "model.FSC.DirectoryManager": true, "model.FSC.ManagerAddress": true,
	"model.FSC.Manager": true, "model.FSC.ManagerForInway": true, "model.FSC.Controller": true, "model.FSC.ControllerAdmin": true,
	"model.FSC.TransactionLog": true, "model.FSC.InwayAddress": true, "model.FSC.OutwayAddress": true,
	"model.FSC.InwayHost": true, "model.FSC.OutwayHost": true,
	"model.FSC.Core": true, "model.FSC.Charts": true, "model.FSC.Images": true,
	"model.Fieldlab.Date": true, "model.Fieldlab.Year": true,
	"model.Growth.Entity": true, "model.Growth.NewField": true, "model.Growth.Field": true, "model.Growth.After": true, "model.Growth.NewStep": true,
	"model.Growth.Role": true, "model.Growth.Step": true, "model.Growth.NewName": true, "model.Growth.Source": true, "model.Growth.Activity": true,
	"model.Flow.ID": true, "model.Flow.From": true, "model.Flow.To": true, "model.Flow.Condition": true,
}

// quotersFor says which quoters fit in which kind of file. Kinds that are not
// here hold several languages or none.
var quotersFor = map[string][]string{
	".go":   {"goString", "goComment"},
	".sql":  {"sqlString", "createTable", "goComment"},
	".yaml": {"yaml", "json", "goComment"},
	".yml":  {"yaml", "json", "goComment"},
	".json": {"json"},
	".html": {"html"},
	".bpmn": {"xml"},
	".xml":  {"xml"},
	".svg":  {"xml"},
	".sh":   {"shell", "goComment"},
	".md":   {"md", "mdCell", "mdCode", "html", "shell", "json", "yaml"},
}

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
		for _, fault := range unquoted(parsed) {
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
		got := strings.Join(unquoted(parsed), "\n")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s gives %q, not %q", source, got, want)
		}
	}
}
