package start

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Rooms is what the five rooms of a component hand over: all that differs from
// one component to the next.
type Rooms struct {
	Files    fs.FS                                             // the rooms themselves
	Diensten func(*opslag.Database, register.Log) register.API // layer 2, with layer 1 in it
	Proces   func(*outway.Outway) proces.Verloop               // layer 4, with its questions to layer 3
	Pages    paginas.Site                                      // layer 5
}

// Parts is what the files in the rooms say, read and checked.
type Parts struct {
	Rooms
	FSC     fsc.File
	Process *bpmn.Process
	Verloop proces.Verloop // with questions that cannot be put: it has no outway
	Sources []outway.Bron
	Own     string // FSC service of our own layer 2

	DienstenSpec, ProcesSpec, BPMN []byte
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
	read("2-diensten/openapi.yaml", &p.DienstenSpec)
	read("4-proces/openapi.yaml", &p.ProcesSpec)
	read("4-proces/proces.bpmn", &p.BPMN)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	var err error
	p.FSC, err = fsc.Read(agreed)
	faults = append(faults, err)
	if err == nil && len(p.FSC.Aangeboden) == 0 {
		faults = append(faults, errors.New("3-integratie/fsc.yaml: bij aangeboden staat geen dienst; daar hoort de eigen laag 2"))
	}
	p.Process, err = bpmn.Parse(p.BPMN)
	faults = append(faults, err)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	p.Own = p.FSC.Aangeboden[0].Naam
	unused := &outway.Outway{}
	p.Verloop = r.Proces(unused)
	p.Sources = unused.Sources()
	return p, nil
}

// Component puts the layers together. They speak with each other over HTTP only.
func (r Rooms) Component() (Component, error) {
	p, err := r.Read()
	if err != nil {
		return Component{}, err
	}
	var settings []string
	for _, b := range p.Sources {
		settings = append(settings, b.Toegang.Settings()...)
	}
	return Component{
		Naam: r.Pages.Name, Titel: r.Pages.Title,
		Interactie: p.interactie, Proces: p.proces, Integratie: p.integratie, Diensten: p.diensten,
		Reset: p.reset, Grants: p.FSC.GrantNames(), Bronnen: settings, Nabootsingen: p.nabootsingen,
	}, nil
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
		return nil, err
	}
	if err := update(db, ctx, migrations); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// diensten is layer 2, with layer 1 in it.
func (p *Parts) diensten(ctx context.Context, s Settings) (Layer, error) {
	key, err := logboek.LeesSleutel(s.Env, s.Productie)
	if err != nil {
		return Layer{}, err
	}
	db, err := p.open(ctx, s, (*opslag.Database).Migrate)
	if err != nil {
		return Layer{}, err
	}
	layer, err := p.onDatabase(ctx, s, db, key)
	if err != nil {
		_ = db.Close()
	}
	return layer, err
}

func (p *Parts) onDatabase(ctx context.Context, s Settings, db *opslag.Database, key logboek.Sleutel) (Layer, error) {
	book := opslag.NewLogboek(db)
	api := p.Diensten(db, register.Log{Logboek: book, Sleutel: key, Activiteit: p.Verloop.Activiteit})
	zaken := opslag.NewZaken(db, p.FSC.Eigen.OIN)
	if !s.Productie {
		if err := p.seed(ctx, zaken, api); err != nil {
			return Layer{}, fmt.Errorf("begingegevens: %w", err)
		}
	}
	deliverer, err := logboek.NewBezorger(s.Env, book, p.application(s), p.logFile(s), s.Log)
	if err != nil {
		return Layer{}, err
	}
	handler, err := rest.NewServer(rest.Options{
		Spec: p.DienstenSpec, Routes: api.Routes(zaken, book), Ready: db.Ready, Token: s.Token, Log: s.Log,
	})
	if err != nil {
		return Layer{}, fmt.Errorf("2-diensten/openapi.yaml en de code passen niet bij elkaar: %w", err)
	}
	return Layer{Handler: handler, Run: deliverer.Run, Close: db.Close}, nil
}

// application is who writes in the logbook.
func (p *Parts) application(s Settings) logboek.Toepassing {
	environment := "ontwikkeling"
	if s.Productie {
		environment = "productie"
	}
	return logboek.Toepassing{Naam: p.Pages.Name, Organisatie: p.Pages.Organisation, Omgeving: environment}
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
	if err := os.Remove(p.logFile(s)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return p.seed(ctx, opslag.NewZaken(db, p.FSC.Eigen.OIN), p.Diensten(db, register.Log{}))
}

// integratie is layer 3 in development: the stand-in of the outway and of what
// is behind it. In production the FSC outway itself stands there.
func (p *Parts) integratie(_ context.Context, s Settings) (Layer, error) {
	found, err := bron.Zoek(p.Files)
	if err != nil {
		return Layer{}, err
	}
	sources, err := bron.Alle(p.Files, s.Log, found...)
	if err != nil {
		return Layer{}, err
	}
	standIn, err := nabootsing.New(nabootsing.Opties{
		Productie: s.Productie, FSC: p.FSC, Grants: p.FSC.Grants(s.Env, s.Productie), Eigen: p.Own,
		DienstenURL: s.DienstenURL, Bronnen: sources, Env: s.Env, Log: s.Log,
	})
	if err != nil {
		return Layer{}, err
	}
	return Layer{Handler: standIn, Close: standIn.Close}, nil
}

// proces is layer 4.
func (p *Parts) proces(_ context.Context, s Settings) (Layer, error) {
	out, err := outway.NewOutway(s.OutwayURL, p.FSC.Grants(s.Env, s.Productie), nil, s.Log)
	if err != nil {
		return Layer{}, err
	}
	out.Env, out.Tijd = s.Env, s.OutwayTijd
	if out.Sleutel, err = logboek.LeesSleutel(s.Env, s.Productie); err != nil {
		return Layer{}, err
	}
	subject := p.Verloop.Onderwerp
	if subject != "" {
		subject = "/v1/" + subject
	}
	diensten := outway.NewDiensten(out, p.Own, subject, p.Verloop.Activiteit, s.Token)
	out.Boek = outway.NewLogboek(diensten)
	layer, err := proces.New(proces.Opties{
		BPMN: p.BPMN, Spec: p.ProcesSpec, Verloop: p.Proces(out),
		Zaken: diensten, Onderwerpen: diensten, Keuzes: diensten, Boek: out.Boek, Token: s.Token, Log: s.Log,
	})
	if err != nil {
		return Layer{}, err
	}
	return Layer{Handler: layer.Handler(), Run: layer.Run}, nil
}

// interactie is layer 5.
func (p *Parts) interactie(_ context.Context, s Settings) (Layer, error) {
	key, err := base64.StdEncoding.DecodeString(s.Env("SESSION_KEY"))
	if err != nil {
		return Layer{}, fmt.Errorf("SESSION_KEY is geen base64: %w", err)
	}
	room, err := fs.Sub(p.Files, "5-interactie")
	if err != nil {
		return Layer{}, err
	}
	o := paginas.Options{
		Naam: p.Pages.Name, Titel: p.Pages.Title, Samenvatting: p.Pages.Summary,
		Organisatie: p.Pages.Organisation, Website: p.Pages.Website, Contact: p.Pages.Contact, Kleur: p.Pages.Colour,
		Rollen: p.Verloop.Rollen, Schermen: p.Pages.Screens(p.Process), Onderwerp: p.Pages.Subject, Room: room,
		ProcesURL: s.ProcesURL, Token: s.Token, Productie: s.Productie, SessionKey: key,
		OIDC: paginas.ReadOIDC(s.Env), Verklaring: s.Env("TOEGANKELIJKHEIDSVERKLARING"), Log: s.Log,
	}
	if !s.Productie {
		o.Nabootsingen = p.nabootsingen(s)
	}
	var handler http.Handler
	handler, err = paginas.New(o)
	return Layer{Handler: handler}, err
}

// nabootsingen says what stands in for something else in this process.
func (p *Parts) nabootsingen(s Settings) []string {
	var all []string
	if s.Has(Interactie) {
		all = append(all, "de inlogvoorziening: u kiest zelf wie u bent, en die persoon bestaat niet")
	}
	if s.Has(Integratie) {
		all = append(all, "FSC: de outway, en een manager en inway per aanbieder; certificaten en tokens zijn net gemaakt, over contracten is niet onderhandeld")
		for _, b := range p.Sources {
			all = append(all, "de bron "+b.Titel+": de antwoorden zijn verzonnen en staan in 3-integratie")
		}
	}
	if s.Has(Diensten) {
		if s.Env(logboek.URLEnv) == "" {
			all = append(all, "het logboek dataverwerkingen: de regels komen in "+p.logFile(s))
		}
		all = append(all, "de begingegevens: alle personen, nummers en zaken zijn verzonnen")
	}
	return all
}
