package proef

import (
	"net/http"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// The files that say what a form asks.
const (
	screensFile = "5-interactie/schermen.go"
	specFile    = "4-proces/openapi.yaml"
	modelFile   = "4-proces/proces.bpmn"
)

// forms holds the pages against the specification and the process: they are
// written down apart, for layers do not import each other. Each message names
// what was forgotten and where.
func (o *Setup) forms(t *testing.T) {
	t.Helper()
	contract, err := rest.NewContract(o.ProcessSpec)
	if err != nil {
		t.Fatalf("%s: %v", specFile, err)
	}
	kept := contract.AnswerFields(http.MethodGet, "/zaken/{zaakId}", "gegevens")
	for _, n := range o.Model.Steps() {
		if n.StepKind == "form" {
			o.form(t, contract, n)
		} else if len(o.Pages.Forms[n.Step]) > 0 {
			t.Errorf("%s heeft vragen bij stap %s; die is in %s geen formulier", screensFile, n.Step, modelFile)
		}
	}
	for step := range o.Pages.Forms {
		if o.Model.Step(step) == nil {
			t.Errorf("%s heeft vragen bij stap %s; die stap staat niet in %s", screensFile, step, modelFile)
		}
	}
	subject := names(o.Pages.Subject)
	for _, name := range subject {
		if !slices.Contains(kept, name) {
			t.Errorf("veld %s: staat bij Subject in %s en ontbreekt bij Gegevens in %s", name, screensFile, specFile)
		}
	}
	for _, name := range kept {
		if !slices.Contains([]string{"id", "aangemaaktOp", "gewijzigdOp"}, name) && !slices.Contains(subject, name) {
			t.Errorf("veld %s: staat bij Gegevens in %s en ontbreekt bij Subject in %s, zodat niemand het terugziet", name, specFile, screensFile)
		}
	}
}

// form compares the questions of one form with the body that the step takes.
func (o *Setup) form(t *testing.T, contract *rest.Contract, n *bpmn.Node) {
	t.Helper()
	patterns := []string{"/zaken/{zaakId}/" + n.Step}
	if n == o.Model.First() {
		patterns = append(patterns, "/zaken")
	}
	asked := names(o.Pages.Forms[n.Step])
	if len(asked) == 0 {
		t.Errorf("%s heeft geen vragen bij stap %s; die is in %s een formulier", screensFile, n.Step, modelFile)
	}
	for _, pattern := range patterns {
		taken := contract.BodyFields(http.MethodPost, pattern)
		if taken == nil && len(patterns) > 1 {
			continue // a form that only begins a zaak
		}
		for _, name := range asked {
			if !slices.Contains(taken, name) {
				t.Errorf("veld %s van stap %s: staat in %s en ontbreekt in %s bij POST %s", name, n.Step, screensFile, specFile, pattern)
			}
		}
		for _, name := range taken {
			if !slices.Contains(asked, name) {
				t.Errorf("veld %s van stap %s: staat in %s bij POST %s en ontbreekt in %s", name, n.Step, specFile, pattern, screensFile)
			}
		}
	}
	for _, f := range o.Pages.Forms[n.Step] {
		if f.Label == "" {
			t.Errorf("veld %s van stap %s heeft in %s geen vraag (Label)", f.Name, n.Step, screensFile)
		}
	}
}

func names(fields []paginas.Field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.Name
	}
	return all
}
