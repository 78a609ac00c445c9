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
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// root is the component, seen from the folder of its tests.
const root = ".."

// Setup is the component at hand, with what the tests derive from it: the paths
// through its process, with what people fill in on the way and what the sources
// answer.
type Setup struct {
	*start.Parts
	component start.Component
	process   *rest.Contract // 4-proces/openapi.yaml
	services  *rest.Contract // 2-diensten/openapi.yaml
	paths     []Route
	personal  bool     // the record that a zaak is about holds personal data
	bsn       bool     // and a burgerservicenummer, so that the log can say whose
	secrets   []string // values that must not appear in an address, a header or a log
}

// New reads the component. What is wrong with it is said once.
func New(t *testing.T, rooms start.Rooms) *Setup {
	t.Helper()
	parts, err := rooms.Read()
	if err != nil {
		t.Fatal(err)
	}
	o := &Setup{Parts: parts, component: parts.Component(),
		process: contractOf(t, specFile, parts.ProcessSpec), services: contractOf(t, registerFile, parts.ServicesSpec)}
	steps := map[*bpmn.Node]Step{}
	for _, n := range parts.Model.Steps() {
		steps[n] = o.step(t, n)
	}
	for _, path := range paths(parts.Model) {
		o.paths = append(o.paths, walk(steps, path))
	}
	for _, persona := range personas(t, parts.Course.Roles, parts.Course.Variant) {
		o.secrets = append(o.secrets, persona.BSN)
	}
	for _, s := range steps {
		for _, f := range s.Fields {
			if bsn, ok := f.Value.(string); ok && f.Kind == "bsn" {
				o.secrets = append(o.secrets, bsn)
			}
		}
	}
	o.personal = o.keepsPersons(t)
	o.bsn = slices.ContainsFunc(parts.Pages.Subject, func(f paginas.Field) bool { return f.Kind == "bsn" })
	return o
}

func contractOf(t *testing.T, file string, spec []byte) *rest.Contract {
	t.Helper()
	contract, err := rest.NewContract(spec)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return contract
}

// pattern is the path of the operation that does a step: the first one makes the
// zaak.
func (o *Setup) pattern(n *bpmn.Node) string {
	if n == o.Model.First() {
		return "/zaken"
	}
	return "/zaken/{zaakId}/" + n.Step
}

// keepsPersons asks layer 2 whether what a zaak is about is personal data.
func (o *Setup) keepsPersons(t *testing.T) bool {
	t.Helper()
	db, err := opslag.Open(t.Context(), "", filepath.Join(t.TempDir(), "leeg.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	return o.API(db, register.Log{}).Personal(o.Course.Subject)
}

// Routes are ways through the process from its beginning to an end, short ones
// first; every outcome of every step is on one of them.
func (o *Setup) Routes() []Route { return o.paths }

// Route finds the shortest route along all of these steps.
func (o *Setup) Route(t *testing.T, steps ...string) Route {
	t.Helper()
	for _, r := range o.paths {
		along := func(step string) bool { return slices.ContainsFunc(r, func(s Step) bool { return s.Name == step }) }
		if !slices.ContainsFunc(steps, func(step string) bool { return !along(step) }) {
			return r
		}
	}
	t.Fatalf("geen weg door 4-proces/proces.bpmn komt langs %s", strings.Join(steps, ", "))
	return nil
}

// step is a step of the process, with what people fill in: per field the
// example of the specification, or a value that its schema takes.
func (o *Setup) step(t *testing.T, n *bpmn.Node) Step {
	t.Helper()
	s := Step{Name: n.Step, Title: n.Title, Kind: n.StepKind, Role: n.Role, Resultaat: n.Result}
	for _, r := range o.Course.Roles {
		if r.Name == n.Role {
			s.Anonymous = r.Anonymous
		}
	}
	for _, f := range o.Pages.Forms[n.Step] {
		described, _ := o.process.Field(http.MethodPost, o.pattern(n), f.Name)
		if number := o.numberOf(t, f); number != "" {
			described.Example = number
		}
		s.Fields = append(s.Fields, Field{Field: f, Value: described.Example})
	}
	if n.Kind == bpmn.Service {
		s.Bron = o.lookup(t, n)
	}
	return s
}

// numberOf is the number of the persona whose number a field is: a medewerker who
// fills it in names who does the steps of that role. "" when it is nobody's.
func (o *Setup) numberOf(t *testing.T, f paginas.Field) string {
	t.Helper()
	for _, persona := range personas(t, o.Course.Roles, o.Course.Variant) {
		if f.Person != "" && persona.Role == f.Person {
			return persona.Applicant().Number(f.Kind)
		}
	}
	return ""
}

// lookup is what the stand-in of a source answers to the question of a step. The
// topic of the step is source.operation.
func (o *Setup) lookup(t *testing.T, n *bpmn.Node) Reply {
	t.Helper()
	source, operation, _ := strings.Cut(n.Topic, ".")
	i := slices.IndexFunc(o.Sources, func(b outway.Bron) bool { return b.Name == source })
	if i < 0 {
		t.Fatalf("stap %s van 4-proces/proces.bpmn stelt een vraag aan bron %s; die staat niet in 4-proces/verloop.go", n.Step, source)
	}
	reply, err := readReply(os.DirFS(root), o.Sources[i].Service, operation)
	if err != nil {
		t.Fatalf("stap %s van 4-proces/proces.bpmn stelt vraag %s aan bron %s: %v", n.Step, operation, source, err)
	}
	reply.Stored = o.Sources[i].Stored
	return reply
}

// ownWords are the words of the component itself: what stands in its model and
// in the texts of its code. A source that says the same says nothing new.
func (o *Setup) ownWords() string {
	var all strings.Builder
	all.Write(o.BPMN)
	walkCode(os.DirFS(root), []string{"1-gegevens", "2-diensten", "3-integratie", "4-proces", "5-interactie"}, func(_ string, file *ast.File, _ string) {
		each(file, func(literal *ast.BasicLit) { all.WriteString("\n" + literal.Value) })
	})
	return all.String() + "\n"
}
