package proef

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The files that say what a form asks.
const (
	screensFile  = "5-interactie/schermen.go"
	specFile     = "4-proces/openapi.yaml"
	modelFile    = "4-proces/proces.bpmn"
	registerFile = "2-diensten/openapi.yaml"
)

// forms holds the pages against the specification and the process: they are
// written down apart, for layers do not import each other. Each message names
// what was forgotten and where.
func (o *Setup) forms(t *testing.T) {
	t.Helper()
	o.stored(t)
	kept := o.process.AnswerFields(http.MethodGet, "/zaken/{zaakId}", "gegevens")
	for _, n := range o.Model.Steps() {
		if n.StepKind == "form" {
			o.form(t, n)
		} else if len(o.Pages.Forms[n.Step]) > 0 {
			t.Errorf("%s heeft vragen bij stap %s; die is in %s geen formulier", screensFile, n.Step, modelFile)
		}
	}
	for step := range o.Pages.Forms {
		if o.Model.Step(step) == nil && !o.Moves.Stays(step) {
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
func (o *Setup) form(t *testing.T, n *bpmn.Node) {
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
		taken := o.process.BodyFields(http.MethodPost, pattern)
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
		described, there := o.process.Field(http.MethodPost, o.pattern(n), f.Name)
		if !there {
			continue // that was said
		}
		for _, what := range differing(f, described) {
			t.Errorf("veld %s van stap %s: %s", f.Name, n.Step, what)
		}
	}
}

// differing says in which ways a question of the pages is another than what the
// specification of the process takes: somebody would get a message about an
// answer that the page offered.
func differing(f paginas.Field, described rest.Field) (all []string) {
	kind, known := value.Of(f.Kind)
	if !known {
		return []string{fmt.Sprintf("soort (Kind) %q in %s bestaat niet; kies uit %s", f.Kind, screensFile, strings.Join(value.Names(), ", "))}
	}
	if f.Label == "" {
		all = append(all, "er is geen vraag (Label) in "+screensFile)
	}
	// What a page has no word for is as the specification says.
	page := described
	page.Required = f.Required
	if kind.Format != "" && described.Format != "" {
		page.Format = kind.Format
	}
	if kind.Control == value.Choice {
		page.Choices = f.Choices
	}
	if described.Type == "integer" || described.Type == "number" {
		page.Min, page.Max = f.Min, f.Max
	}
	if f.MaxLength > 0 && described.MaxLength > 0 {
		page.MaxLength = f.MaxLength
	}
	return append(all, page.Differing(screensFile, described, specFile)...)
}

// stored compares what a zaak keeps with what the register takes: the same field
// stands in both specifications.
func (o *Setup) stored(t *testing.T) {
	t.Helper()
	for _, n := range o.Model.Steps() {
		for _, f := range o.Pages.Forms[n.Step] {
			here, ok := o.process.Field(http.MethodPost, o.pattern(n), f.Name)
			there, kept := o.services.Field(http.MethodPost, "/"+o.Course.Subject, f.Name)
			if !ok || !kept {
				continue
			}
			for _, what := range here.Differing(specFile, there, registerFile) {
				t.Errorf("veld %s van stap %s: %s", f.Name, n.Step, what)
			}
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
