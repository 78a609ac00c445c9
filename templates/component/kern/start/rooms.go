package start

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Rooms is what the five rooms of a component hand over: all that differs from
// one component to the next.
type Rooms struct {
	Files   fs.FS                                             // the rooms themselves
	API     func(*opslag.Database, register.Log) register.API // layer 2, with layer 1 in it
	Process func(*outway.Outway) proces.Course                // layer 4, with its questions to layer 3
	Pages   paginas.Site                                      // layer 5
	Port    int                                               // of the first layer on a laptop, unless PORT says otherwise; 0 is the usual one
}

// Parts is what the files in the rooms say, read and checked.
type Parts struct {
	Rooms
	FSC     fsc.File
	Model   *bpmn.Process
	Course  proces.Course // with questions that cannot be put: it has no outway
	Sources []outway.Bron
	Own     string // FSC service of our own layer 2

	ServicesSpec, ProcessSpec, BPMN []byte

	// What the specifications of layers 2 and 4 say. Reading one takes some hundredths of
	// a second of a start, so it is done once, and only when somebody asks.
	servicesAPI, processAPI spec

	organisation organisatie.Organisation // what it says of itself; nothing when the component is as it was made
	made         *Parts                   // as the component was made, when this is for an organisation of its own

	// Transitions is 4-proces/overgang.yaml, and Moves what it says; nil when there
	// is none.
	Transitions []byte
	Moves       proces.Transitions
}

// Read reads the files of the rooms. The error names each that is missing or
// wrong.
func (r Rooms) Read() (*Parts, error) {
	p := &Parts{Rooms: r}
	var faults []error
	read := func(name string, to *[]byte) {
		raw, err := fs.ReadFile(r.Files, name)
		faults = append(faults, err)
		*to = raw
	}
	var agreed []byte
	read("3-integratie/fsc.yaml", &agreed)
	read("2-diensten/openapi.yaml", &p.ServicesSpec)
	read("4-proces/openapi.yaml", &p.ProcessSpec)
	read("4-proces/proces.bpmn", &p.BPMN)
	var err error
	if p.Transitions, err = fs.ReadFile(r.Files, proces.TransitionsFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	p.specify()
	p.FSC, err = fsc.Read(agreed)
	faults = append(faults, err)
	agreedRead := err == nil
	if agreedRead && len(p.FSC.Offered) == 0 {
		faults = append(faults, errors.New("3-integratie/fsc.yaml: bij aangeboden staat geen dienst; daar hoort de eigen laag 2"))
	}
	unused := &outway.Outway{}
	p.Course = r.Process(unused)
	p.Sources = unused.Sources()
	faults = append(faults, p.readProcess())
	if len(p.FSC.Offered) > 0 {
		p.Own = p.FSC.Offered[0].Name
	}
	for _, b := range p.Sources {
		if agreedRead && !slices.ContainsFunc(p.FSC.Consumed, func(s fsc.Service) bool { return s.Name == b.Service }) {
			faults = append(faults, fmt.Errorf("bron %s: dienst %s staat niet bij afgenomen in 3-integratie/fsc.yaml", b.Name, b.Service))
		}
	}
	for _, a := range p.Course.Activities {
		if u, err := url.Parse(a.URI); err != nil || !u.IsAbs() {
			faults = append(faults, fmt.Errorf("4-proces/activiteiten.go: URI %q van verwerkingsactiviteit %s is geen URI, zoals urn:uuid:… of https://…", a.URI, a.Name))
		}
	}
	if !kebab.MatchString(r.Pages.Name) {
		faults = append(faults, fmt.Errorf("5-interactie/schermen.go: Name %q: alleen kleine letters, cijfers en streepjes, zoals melding-openbare-ruimte; zo heten ook de database en het logboek", r.Pages.Name))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return p, nil
}

// spec gives what a specification says, or what is wrong with it.
type spec func() (*rest.Contract, error)

// specify has the specifications of now read when somebody asks.
func (p *Parts) specify() {
	services, process := p.ServicesSpec, p.ProcessSpec
	p.servicesAPI = sync.OnceValues(func() (*rest.Contract, error) { return rest.NewContract(services) })
	p.processAPI = sync.OnceValues(func() (*rest.Contract, error) { return rest.NewContract(process) })
}

// base is the version in the address of an API: /v1.
func (read spec) base() string {
	api, err := read()
	if err != nil {
		return "/v1" // said when the layer starts
	}
	return api.Base
}

// readProcess reads the process with all that goes with it in rooms 4 and 5.
func (p *Parts) readProcess() error {
	contract, err := p.processAPI()
	if err != nil {
		_, parsed := bpmn.Parse(p.BPMN)
		return errors.Join(fmt.Errorf("4-proces/openapi.yaml: %w", err), parsed)
	}
	room := proces.Room{BPMN: p.BPMN, Transitions: p.Transitions, Contract: contract, Course: p.Course, Forms: slices.Sorted(maps.Keys(p.Pages.Forms))}
	p.Model, p.Moves, err = room.Read()
	return err
}

// kebab is how a component is named: its name becomes that of files.
var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Component puts the layers together. They speak with each other over HTTP only.
func (p *Parts) Component() Component {
	var settings []string
	var access []outway.Access
	for _, b := range p.Sources {
		settings = append(settings, b.Access.Settings()...)
		access = append(access, b.Access)
	}
	return Component{
		Name: p.Pages.Name, Title: p.Pages.Title, Port: p.Port, Organisation: p.Pages.Organisation, OIN: p.FSC.Own.OIN, Serve: p.Serve, Named: p.named,
		Interaction: p.layer((*Parts).interaction), Process: p.layer((*Parts).process), Integration: p.layer((*Parts).integration), Services: p.layer((*Parts).services),
		Operations: p.operations, Reset: func(ctx context.Context, s Settings) error { return p.of(s).reset(ctx, s) }, Roles: p.Course.Roles, Commands: p.commands(), Grants: p.FSC.GrantNames(), Bronnen: settings, Access: access, StandIns: p.standIns,
	}
}

// migrations are those of the team; a component that stores nothing of its own
// has none.
func (p *Parts) migrations() (fs.FS, error) { return fs.Sub(p.Files, "1-gegevens/migraties") }

// open opens layer 1 and brings its tables up to date with one of the ways of
// package opslag.
func (p *Parts) open(ctx context.Context, s Settings, update func(*opslag.Database, context.Context, fs.FS) error) (*opslag.Database, error) {
	migrations, err := p.migrations()
	if err != nil {
		return nil, err
	}
	db, err := opslag.Open(ctx, s.DatabaseURL, s.Data)
	if err != nil {
		return nil, fmt.Errorf("%w [%s]", err, s.store())
	}
	if err := update(db, ctx, migrations); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("%w [%s]", err, s.store())
	}
	return db, nil
}

// logged opens layer 1, with the log of what is done to personal data.
func (p *Parts) logged(ctx context.Context, s Settings) (*opslag.Database, register.Log, error) {
	key, err := logboek.ReadKey(s.Env, s.Production)
	if err != nil {
		return nil, register.Log{}, err
	}
	db, err := p.open(ctx, s, s.migrate)
	if err != nil {
		return nil, register.Log{}, err
	}
	return db, register.Log{Logboek: opslag.NewLogboek(db), Key: key, Activity: p.Course.Activity, OIN: p.FSC.Own.PeerID()}, nil
}

// application is who writes in the logbook.
func (p *Parts) application(s Settings) logboek.Application {
	environment := "ontwikkeling"
	if s.Production {
		environment = "productie"
	}
	return logboek.Application{Name: p.Pages.Name, Organisation: p.Pages.Organisation, Environment: environment}
}

// logFile is where the log of processing goes when there is no logbook, beside
// the database: development only.
func (p *Parts) logFile(s Settings) string {
	return filepath.Join(filepath.Dir(s.Data), p.Pages.Name+"-logboek.jsonl")
}

// reset empties layer 1 and puts the invented data back.
func (p *Parts) reset(ctx context.Context, s Settings) error {
	db, err := p.open(ctx, s, (*opslag.Database).Reset)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for _, file := range []string{p.logFile(s), logboek.Previous(p.logFile(s))} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	key, err := logboek.ReadKey(s.Env, s.Production)
	if err != nil {
		return err
	}
	return p.seed(ctx, opslag.NewZaken(db, p.FSC.Own.OIN), p.API(db, register.Log{}), key)
}

// standIns says what stands in for something else in this process: in production
// nothing does.
func (p *Parts) standIns(s Settings) []string {
	if s.Production {
		return nil
	}
	var all []string
	if s.Has(LayerInteraction) {
		all = append(all, "de inlogvoorziening: u kiest zelf wie u bent, en die persoon bestaat niet")
	}
	if s.Has(LayerIntegration) {
		all = append(all, "FSC: de outway, en een manager en inway per aanbieder; certificaten en tokens zijn net gemaakt, over contracten is niet onderhandeld")
		for _, b := range p.Sources {
			all = append(all, "de bron "+b.Title+": de antwoorden zijn verzonnen en staan in 3-integratie")
		}
	}
	if s.Has(LayerServices) {
		if s.Env(logboek.URLEnv) == "" {
			all = append(all, "het logboek dataverwerkingen: de regels komen in "+p.logFile(s))
		}
		all = append(all, "de begingegevens: alle personen, nummers en zaken zijn verzonnen")
	}
	return all
}
