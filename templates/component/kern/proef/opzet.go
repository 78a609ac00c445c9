package proef

import (
	"go/ast"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// root is the component, seen from the folder of its tests.
const root = ".."

// Opzet is the component at hand, with what the tests derive from it: the paths
// through its process, with what people fill in on the way and what the sources
// answer.
type Opzet struct {
	*start.Parts
	component start.Component
	paths     []Pad
	personal  bool     // the record that a zaak is about holds personal data
	bsn       bool     // and a burgerservicenummer, so that the log can say whose
	geheim    []string // values that must not appear in an address, a header or a log
}

// newOpzet reads the component. What is wrong with it is said once.
func newOpzet(t *testing.T, rooms start.Rooms) *Opzet {
	t.Helper()
	parts, err := rooms.Read()
	if err != nil {
		t.Fatal(err)
	}
	o := &Opzet{Parts: parts}
	if o.component, err = rooms.Component(); err != nil {
		t.Fatal(err)
	}
	contract, err := rest.NewContract(parts.ProcesSpec)
	if err != nil {
		t.Fatalf("4-proces/openapi.yaml: %v", err)
	}
	steps := map[*bpmn.Node]Stap{}
	for _, n := range parts.Process.Steps() {
		steps[n] = o.step(t, contract, n)
	}
	for _, path := range paths(parts.Process) {
		o.paths = append(o.paths, walk(steps, path))
	}
	for _, persona := range identity.Personas(parts.Verloop.Rollen) {
		o.geheim = append(o.geheim, persona.BSN)
	}
	for _, s := range steps {
		for _, f := range s.Velden {
			if bsn, ok := f.Waarde.(string); ok && f.Soort == "bsn" {
				o.geheim = append(o.geheim, bsn)
			}
		}
	}
	o.personal = o.keepsPersons(t)
	o.bsn = slices.ContainsFunc(parts.Pages.Subject, func(f paginas.Field) bool { return f.Soort == "bsn" })
	return o
}

// keepsPersons asks layer 2 whether what a zaak is about is personal data.
func (o *Opzet) keepsPersons(t *testing.T) bool {
	t.Helper()
	db, err := opslag.Open(t.Context(), "", filepath.Join(t.TempDir(), "leeg.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	return o.Diensten(db, register.Log{}).Personal(o.Verloop.Onderwerp)
}

// step is a step of the process, with what people fill in: per field the
// example of the specification, or a value that its schema takes.
func (o *Opzet) step(t *testing.T, contract *rest.Contract, n *bpmn.Node) Stap {
	t.Helper()
	s := Stap{Naam: n.Step, Titel: n.Title, Soort: n.Soort, Rol: n.Role, Resultaat: n.Result}
	for _, r := range o.Verloop.Rollen {
		if r.Naam == n.Role {
			s.Anoniem = r.Anoniem
		}
	}
	pattern := "/zaken/{zaakId}/" + n.Step
	if n == o.Process.First() {
		pattern = "/zaken"
	}
	for _, f := range o.Pages.Forms[n.Step] {
		s.Velden = append(s.Velden, Veld{Field: f, Waarde: contract.Example(http.MethodPost, pattern, f.Naam)})
	}
	if n.Kind == bpmn.Service {
		s.Bron = o.lookup(t, n)
	}
	return s
}

// lookup is what the stand-in of a source answers to the question of a step. The
// topic of the step is source.operation.
func (o *Opzet) lookup(t *testing.T, n *bpmn.Node) Uitslag {
	t.Helper()
	source, operation, _ := strings.Cut(n.Topic, ".")
	name := "3-integratie/" + strings.ReplaceAll(source, "-", "_") + ".antwoorden.json"
	u, err := readUitslag(name, operation)
	if err != nil {
		t.Fatalf("stap %s van 4-proces/proces.bpmn stelt vraag %s aan bron %s: %v", n.Step, operation, source, err)
	}
	for _, b := range o.Sources {
		if b.Naam == source {
			u.Bewaard = b.Bewaard
		}
	}
	return u
}

// ownWords are the words of the component itself: what stands in its model and
// in the texts of its code. A source that says the same says nothing new.
func (o *Opzet) ownWords() string {
	var all strings.Builder
	all.Write(o.BPMN)
	walkCode(os.DirFS(root), []string{"1-gegevens", "2-diensten", "3-integratie", "4-proces", "5-interactie"}, func(_ string, file *ast.File, _ string) {
		each(file, func(literal *ast.BasicLit) { all.WriteString("\n" + literal.Value) })
	})
	return all.String() + "\n"
}
