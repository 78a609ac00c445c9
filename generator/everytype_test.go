package generator_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// everyType is the answers file in which each type occurs.
const everyType = "../examples/testdata/alle-veldtypen.yaml"

// TestEveryFieldType: there is one component with each type, required and not,
// stored and asked in a form, and it can be made. With -update what is lacking
// is added to its answers.
func TestEveryFieldType(t *testing.T) {
	body := read(t, everyType)
	if *update {
		for _, name := range fieldtype.Names() {
			body = withType(parsed(t, body), body, name)
		}
		write(t, everyType, body)
	}
	document := parsed(t, body)
	form := document.Answers.Register[len(document.Answers.Register)-1]
	asked := document.Answers.Process.Steps[0].Fields
	for _, name := range fieldtype.Names() {
		for _, required := range []bool{true, false} {
			i := slices.IndexFunc(form.Fields, func(f answers.Field) bool { return f.Type == name && f.Required == required })
			if i < 0 {
				t.Errorf("type %s does not occur in %s with required: %v; run: make update", name, everyType, required)
			} else if !slices.ContainsFunc(asked, func(f answers.StepField) bool { return f.Name == form.Fields[i].Name }) {
				t.Errorf("%s asks for no field of type %s with required: %v", everyType, name, required)
			}
		}
	}
	files, _, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range fieldtype.Names() {
		if !slices.ContainsFunc(files, func(f plan.File) bool {
			return strings.HasPrefix(f.Path, "5-interactie/") && bytes.Contains(f.Body, []byte(`"`+name+`"`))
		}) {
			t.Errorf("no page of the component asks for type %s", name)
		}
	}
}

// withType adds a type that does not occur to the last entity and the first
// step.
func withType(document *answers.Document, body, name string) string {
	form := document.Answers.Register[len(document.Answers.Register)-1]
	if slices.ContainsFunc(form.Fields, func(f answers.Field) bool { return f.Type == name }) {
		return body
	}
	fields := "      - {name: " + name + ", type: " + name + ", required: true}\n" +
		"      - {name: " + name + " niet verplicht, type: " + name + "}\n"
	body = strings.Replace(body, "process:\n", fields+"process:\n", 1)
	return strings.Replace(body, "]\n      next: ", ", "+name+", "+name+" niet verplicht]\n      next: ", 1)
}

func parsed(t *testing.T, body string) *answers.Document {
	t.Helper()
	document, problems := answers.Parse(everyType, []byte(body))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return document
}
