// Package proces is layer 4: it runs the process of proces.bpmn for each zaak
// and offers that run as an API to the pages.
//
// A zaak moves in one way only: by a status that layer 2 stores in one
// transaction. Between two moves nothing is kept here, so the process can stop
// at any moment and a zaak goes on from where it was. What sources answer is
// handed to whom it is for and never written anywhere.
package proces

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Verloop is what the BPMN file cannot say: who the roles are, and how a lookup
// step puts its question. The fields of a form stand in the specification.
type Verloop struct {
	Rollen       []identity.Role
	Activiteit   logboek.Activiteit     // for which zaken and their data are kept
	Activiteiten []logboek.Activiteit   // whose purpose is known
	Onderwerp    string                 // collection of layer 2 with what zaken are about: verhuizingen; "" for none
	Vragen       map[string]Vraag       // per lookup step
	Keuzes       map[string]Verzameling // per collection that a form refers to
}

// activiteit is what is known of the activity with this URI; nothing when it is
// none of ours.
func (v Verloop) activiteit(uri string) (found logboek.Activiteit) {
	for _, a := range v.Activiteiten {
		if a.URI == uri {
			return a
		}
	}
	return found
}

// Vraag is the question of a lookup step.
type Vraag struct {
	Invoer     []string // form fields that it uses and that are not stored
	Verplicht  []string // those without which there is nothing to ask
	Antwoorden []string // earlier lookup steps whose answer is needed
	Stel       func(context.Context, Gegevens) (outway.Antwoord, error)
}

// ZakenDienst is what layer 2 does with zaken.
type ZakenDienst interface {
	MaakZaak(ctx context.Context, n outway.NieuweZaak, key string) (outway.Zaak, error)
	Zaak(ctx context.Context, id string) (outway.Zaak, error)
	Zaken(ctx context.Context, f outway.Filter) (outway.ZakenPagina, error)
	Statussen(ctx context.Context, zaak string) ([]outway.StatusRegel, error)
	ZetStatus(ctx context.Context, zaak, versie string, n outway.NieuweStatus, key string) (outway.StatusRegel, error)
	Verwerkingen(ctx context.Context, zaak string, pagina, grootte int) (outway.VerwerkingenPagina, error)
}

// OnderwerpDienst is what layer 2 does with the record that a zaak is about.
type OnderwerpDienst interface {
	MaakOnderwerp(ctx context.Context, gegevens any, key string) (outway.Onderwerp, error)
	Onderwerp(ctx context.Context, id string) (outway.Onderwerp, error)
	WijzigOnderwerp(ctx context.Context, id, versie string, patch any) (outway.Onderwerp, error)
}

// Opties is what the layer needs.
type Opties struct {
	BPMN, Spec  []byte
	Verloop     Verloop
	Zaken       ZakenDienst
	Onderwerpen OnderwerpDienst
	Keuzes      KeuzesDienst // nil when no form refers to a record
	Boek        logboek.Boek // the log of processing: nothing is done that it cannot hold
	Token       string
	Log         *slog.Logger
}

// Proces runs zaken.
type Proces struct {
	Opties
	model    *bpmn.Process
	contract *rest.Contract
	rollen   map[string]identity.Role
	handler  http.Handler
	nu       func() time.Time

	mu    sync.Mutex
	bezig map[string]int       // zaken that a request is moving right now
	onaf  []logboek.Verwerking // lines whose end could not be written yet
}

// New checks that the model and the code belong together and makes the layer.
func New(o Opties) (*Proces, error) {
	model, err := bpmn.Parse(o.BPMN)
	if err != nil {
		return nil, err
	}
	if o.Boek == nil {
		return nil, errors.New("4-proces: het logboek van verwerkingen ontbreekt; zonder logboek doet dit component niets")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	contract, err := rest.NewContract(o.Spec)
	if err != nil {
		return nil, fmt.Errorf("4-proces/openapi.yaml: %w", err)
	}
	p := &Proces{Opties: o, model: model, contract: contract, rollen: map[string]identity.Role{}, nu: time.Now, bezig: map[string]int{}}
	for _, r := range o.Verloop.Rollen {
		p.rollen[r.Naam] = r
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	p.handler, err = rest.NewServer(rest.Options{
		Contract: contract, Routes: p.routes(), Token: o.Token, Log: o.Log, Wrap: identity.ReadHeaders,
	})
	return p, err
}

// Handler is the API.
func (p *Proces) Handler() http.Handler { return p.handler }

// check names every step that the model has and the code does not know.
func (p *Proces) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("4-proces: "+format, args...)) }
	for _, n := range p.model.Steps() {
		if n.Human() {
			if _, ok := p.rollen[n.Role]; !ok {
				fault("stap %s is voor rol %s; die staat niet in 4-proces/rollen.go", n.Step, n.Role)
			}
		}
		if v, ok := p.Verloop.Vragen[n.Step]; n.Kind == bpmn.Service && (!ok || v.Stel == nil) {
			fault("stap %s bevraagt een bron; de vraag staat niet in 4-proces/verloop.go", n.Step)
		}
	}
	for name := range p.Verloop.Vragen {
		if p.circular(name, nil) {
			fault("stap %s heeft een antwoord nodig dat van de stap zelf afhangt", name)
		}
	}
	return errors.Join(faults...)
}

func (p *Proces) circular(step string, above []string) bool {
	if slices.Contains(above, step) {
		return true
	}
	for _, earlier := range p.Verloop.Vragen[step].Antwoorden {
		if p.circular(earlier, append(slices.Clone(above), step)) {
			return true
		}
	}
	return false
}

// builtOn lists a lookup step and those whose answers it builds on.
func (p *Proces) builtOn(step string) []string {
	steps := []string{step}
	for _, earlier := range p.Verloop.Vragen[step].Antwoorden {
		steps = append(steps, p.builtOn(earlier)...)
	}
	return steps
}

// chain lists the lookup steps that follow from a node without a person in
// between, the node itself included.
func chain(n *bpmn.Node) []*bpmn.Node {
	var steps []*bpmn.Node
	for queue := []*bpmn.Node{n}; len(queue) > 0; queue = queue[1:] {
		if n := queue[0]; n.Kind == bpmn.Service && !slices.Contains(steps, n) {
			steps = append(steps, n)
			queue = append(queue, n.Nexts()...)
		}
	}
	return steps
}

// needsInput says whether a lookup from here on needs what is not stored.
func (p *Proces) needsInput(n *bpmn.Node) bool {
	for _, l := range chain(n) {
		for _, step := range p.builtOn(l.Step) {
			if len(p.Verloop.Vragen[step].Invoer) > 0 {
				return true
			}
		}
	}
	return false
}

// before lists the lookup steps after which a zaak can be at this step without
// a person in between, in the order of the model.
func (p *Proces) before(n *bpmn.Node) []*bpmn.Node {
	var steps []*bpmn.Node
	for _, l := range p.model.Steps() {
		if l.Kind == bpmn.Service && (slices.Contains(l.Nexts(), n) || slices.ContainsFunc(chain(l), func(c *bpmn.Node) bool { return slices.Contains(c.Nexts(), n) })) {
			steps = append(steps, l)
		}
	}
	return steps
}
