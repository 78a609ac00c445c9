package proef

import (
	"slices"
	"testing"

	proces "github.com/commonground-fieldlab/fieldlab/templates/component/4-proces"
	interactie "github.com/commonground-fieldlab/fieldlab/templates/component/5-interactie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/internal/bpmn"
)

// Schermen holds the pages, the process and the paths of these tests against
// each other: they are written down apart, for layers do not import each other.
func Schermen(t *testing.T, o Opzet, p Proces, schermen []interactie.Screen, onderwerp []interactie.Field, verloop proces.Verloop) {
	t.Helper()
	model, err := bpmn.Parse(o.BPMN)
	if err != nil {
		t.Fatal(err)
	}
	screens := map[string]interactie.Screen{}
	for _, s := range schermen {
		for _, f := range s.Velden {
			if f.Bewaard && !slices.ContainsFunc(onderwerp, func(g interactie.Field) bool { return g.Naam == f.Naam }) {
				t.Errorf("5-interactie/schermen: stap %s bewaart %s; dat veld ontbreekt in Onderwerp, zodat niemand het terugziet", s.Stap, f.Naam)
			}
		}
		if s.Soort == "" { // a begin that is only a button
			continue
		}
		screens[s.Stap] = s
		if n := model.Step(s.Stap); n == nil || !n.Human() {
			t.Errorf("5-interactie/schermen heeft een scherm voor %s; 4-proces/proces.bpmn heeft geen stap van een mens die zo heet", s.Stap)
		}
	}
	for _, n := range model.Steps() {
		steps := p.stappen(n.Step)
		if len(steps) == 0 {
			t.Errorf("tests/zaken_test.go: er is geen pad langs stap %s van 4-proces/proces.bpmn", n.Step)
		}
		if !n.Human() {
			continue
		}
		s, ok := screens[n.Step]
		if !ok {
			t.Errorf("5-interactie/schermen heeft geen scherm voor stap %s van 4-proces/proces.bpmn", n.Step)
			continue
		}
		compareStep(t, s, n)
		compareForm(t, s, verloop.Formulieren[n.Step], steps)
	}
}

// stappen are all times that a step stands on a path.
func (p Proces) stappen(name string) (all []Stap) {
	for _, path := range p.Paden {
		for _, s := range path {
			if s.Naam == name {
				all = append(all, s)
			}
		}
	}
	return all
}

func compareStep(t *testing.T, s interactie.Screen, n *bpmn.Node) {
	t.Helper()
	var shown, known []string
	for _, o := range s.Uitkomsten {
		shown = append(shown, o.Naam)
	}
	for _, o := range n.Outcomes {
		known = append(known, o.Name)
	}
	if s.Soort != n.Soort || s.Rol != n.Role {
		t.Errorf("stap %s: het scherm is een %s voor %s; in 4-proces/proces.bpmn is het een %s voor %s", n.Step, s.Soort, s.Rol, n.Soort, n.Role)
	}
	if !same(shown, known) {
		t.Errorf("stap %s: het scherm heeft de uitkomsten %v; 4-proces/proces.bpmn heeft %v", n.Step, shown, known)
	}
}

// compareForm looks at the names of the fields.
func compareForm(t *testing.T, s interactie.Screen, form proces.Formulier, steps []Stap) {
	t.Helper()
	var stored, asked []string
	for _, f := range s.Velden {
		if f.Bewaard {
			stored = append(stored, f.Naam)
		} else {
			asked = append(asked, f.Naam)
		}
	}
	if !same(stored, form.Bewaard) || !same(asked, form.Invoer) {
		t.Errorf("stap %s: het scherm bewaart %v en vraagt daarnaast %v; 4-proces/verloop zegt %v en %v", s.Stap, stored, asked, form.Bewaard, form.Invoer)
	}
	for _, step := range steps {
		var filled []string
		for _, f := range step.Velden {
			filled = append(filled, f.Naam)
		}
		if !same(filled, append(stored, asked...)) {
			t.Errorf("stap %s: tests/zaken_test.go vult %v in; het scherm vraagt %v en %v", s.Stap, filled, stored, asked)
			return
		}
	}
}

// same says whether two lists hold the same names, in whatever order.
func same(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
