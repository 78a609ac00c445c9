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
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// Course is what the BPMN file cannot say: who the roles are, and how a lookup
// step puts its question. The fields of a form stand in the specification.
type Course struct {
	Roles      []identity.Role
	Activity   logboek.Activity      // for which zaken and their data are kept
	Activities []logboek.Activity    // whose purpose is known
	Subject    string                // collection of layer 2 with what zaken are about: verhuizingen; "" for none
	Questions  map[string]Question   // per lookup step
	Choices    map[string]Collection // per collection that a form refers to
	Variant    int                   // which of the invented persons log in in development; the records of layer 1 are theirs
}

// activity is what is known of the activity with this URI; nothing when it is
// none of ours.
func (c Course) activity(uri string) (found logboek.Activity) {
	if uri == inzage.Activity.URI {
		return inzage.Activity
	}
	for _, a := range c.Activities {
		if a.URI == uri {
			return a
		}
	}
	return found
}

// Question is the question of a lookup step.
type Question struct {
	Input    []string // form fields that it uses and that are not stored
	Required []string // those without which there is nothing to ask
	Unproven bool     // it is about a person by a number that somebody typed
	Answers  []string // earlier lookup steps whose answer is needed
	Once     bool     // asking may change something: only a person has it put again
	Ask      func(context.Context, Data) (outway.Answer, error)
}

// ZakenService is what layer 2 does with zaken.
type ZakenService interface {
	Zaak(ctx context.Context, id string) (outway.Zaak, error)
	Zaken(ctx context.Context, f outway.Filter, lines ...logboek.Verwerking) (outway.ZakenPage, error)
	Statuses(ctx context.Context, zaak string) ([]outway.StatusRecord, error)
	Opened(ctx context.Context, key outway.Key, lines ...logboek.Verwerking) (zaak string, err error)
	// Look reads a zaak with what belongs to it, and Do does all of a step, in one
	// call each.
	Look(ctx context.Context, k outway.Look) (outway.Found, error)
	Do(ctx context.Context, w outway.Work) (outway.Done, error)
	Verwerkingen(ctx context.Context, zaak string, page, size int) (outway.VerwerkingenPage, error)
}

// SubjectService is what layer 2 does with the record that a zaak is about.
type SubjectService interface {
	Subject(ctx context.Context, id string) (outway.Subject, error)
}

// Options is what the layer needs.
type Options struct {
	BPMN, Spec  []byte
	Transitions []byte         // overgang.yaml; nil when there is none
	Contract    *rest.Contract // Spec, when it was read already; nil: read from Spec
	Course      Course
	Processes   ProcessService  // nil keeps no record of processes: every zaak is of the one that there is
	Forms       map[string]bool // steps of which the pages know the questions; nil when nobody knows
	Development bool            // somebody at a laptop reads what is wrong
	Sources     []outway.Bron   // that the log of processing names
	Zaken       ZakenService
	Subjects    SubjectService
	Choices     ChoicesService   // nil when no form refers to a record
	Temporary   KeepService      // what the pages keep for a short time; nil keeps nothing
	Files       FileService      // nil when nothing has files
	Marks       MarkService      // nil when nobody can mark a zaak
	Archive     ArchiveService   // what is due to be destroyed
	Inzage      InzageService    // nil when nobody can search a person
	Logboek     logboek.Recorder // the log of processing: nothing is done that it cannot hold
	Key         logboek.Key      // with which a number is the id of a person
	Token       string
	Access      toegang.Gate        // how often somebody may ask
	Warnings    func() []string     // what the health answer says besides; may be nil
	Rename      func(*bpmn.Process) // gives steps the titles and texts that the organisation has for them; may be nil
	Published   rest.Published
	SecurityTxt http.Handler
	Log         *slog.Logger
}

// Process runs zaken.
type Process struct {
	Options
	model    *bpmn.Process
	versions versions // the processes under which zaken began
	moves    Transitions
	checker  checker
	contract *rest.Contract
	roles    map[string]identity.Role
	handler  http.Handler
	now      func() time.Time

	mu         sync.Mutex
	busy       map[string]int       // zaken that a request is moving right now
	turns      turns                // of requests with the same key
	unfinished []logboek.Verwerking // lines whose end could not be written yet
}

// New checks that the model and the code belong together and makes the layer.
func New(o Options) (*Process, error) {
	if o.Logboek == nil {
		return nil, errors.New("4-proces: het logboek van verwerkingen ontbreekt; zonder logboek doet dit component niets")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	contract, err := o.Contract, error(nil)
	if contract == nil {
		contract, err = rest.NewContract(o.Spec)
	}
	if err != nil {
		return nil, fmt.Errorf("4-proces/openapi.yaml: %w", err)
	}
	model, moves, err := Room{BPMN: o.BPMN, Transitions: o.Transitions, Contract: contract, Course: o.Course}.Read()
	if err != nil {
		return nil, err
	}
	if o.Rename != nil {
		o.Rename(model)
	}
	p := &Process{Options: o, model: model, moves: moves, contract: contract, roles: map[string]identity.Role{}, now: time.Now, busy: map[string]int{}}
	for _, r := range o.Course.Roles {
		p.roles[r.Name] = r
	}
	p.checker = checker{model: model, contract: contract, course: o.Course, transitions: moves, roles: p.roles, whole: true}
	p.handler, err = rest.NewServer(rest.Options{
		File: "4-proces/openapi.yaml", Contract: contract, Routes: p.routes(), Token: o.Token, Access: o.Access.WithoutAfnemers(), Log: o.Log, Wrap: identity.ReadHeaders,
		Internal: p.internal(), Warnings: p.warnings, Published: o.Published, SecurityTxt: o.SecurityTxt,
	})
	return p, err
}

// Handler is the API.
func (p *Process) Handler() http.Handler { return p.handler }

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

// before lists the lookup steps after which a zaak can be at this step without
// a person in between, in the order of the model.
func before(model *bpmn.Process, n *bpmn.Node) []*bpmn.Node {
	var steps []*bpmn.Node
	for _, l := range model.Steps() {
		if l.Kind == bpmn.Service && (slices.Contains(l.Nexts(), n) || slices.ContainsFunc(chain(l), func(c *bpmn.Node) bool { return slices.Contains(c.Nexts(), n) })) {
			steps = append(steps, l)
		}
	}
	return steps
}
