package start

import (
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// services is layer 2, with layer 1 in it.
func (p *Parts) services(ctx context.Context, s Settings) (Layer, error) {
	db, log, err := p.logged(ctx, s)
	if err != nil {
		return Layer{}, err
	}
	layer, err := p.onDatabase(ctx, s, db, log)
	if err != nil {
		_ = db.Close()
	}
	return layer, err
}

func (p *Parts) onDatabase(ctx context.Context, s Settings, db *opslag.Database, log register.Log) (Layer, error) {
	api := p.API(db, log)
	archive, err := p.archive(ctx, db, api, log)
	if err != nil {
		return Layer{}, err
	}
	zaken := opslag.NewZaken(db, p.FSC.Own.OIN)
	if err := zaken.Arrange(ctx); err != nil {
		return Layer{}, err
	}
	if !s.Production {
		if err := p.seed(ctx, zaken, api, log.Key); err != nil {
			return Layer{}, fmt.Errorf("begingegevens: %w", err)
		}
	}
	deliverer, err := logboek.NewDeliverer(s.Env, s.Production, log.Logboek, p.application(s), p.logFile(s), s.Log)
	if err != nil {
		return Layer{}, err
	}
	temporary := opslag.NewTemporary(db)
	inzage := &register.Inzage{API: api, Zaken: zaken, Temporary: temporary, Log: log}
	series := &register.Series{API: api, Database: db, Logboek: log.Logboek}
	settings, _ := readFileSettings(s.Env) // what is wrong was said when they were read first
	files, routes := settings.files(db, log), api.Routes(zaken, log.Logboek, archive, log.Key)
	if api.Files() {
		routes = append(routes, files.Routes()...)
	}
	contract, err := p.servicesAPI()
	if err != nil {
		return Layer{}, err
	}
	handler, err := rest.NewServer(rest.Options{
		File: "2-diensten/openapi.yaml", Contract: contract, Routes: routes, Ready: db.Ready, Token: s.Token, Access: s.Access.Gate, Log: s.Log,
		Published: p.ofServices(), SecurityTxt: p.securityTxt(organisatie.CanonicalOf(p.organisation.Addresses.Services, contract.Base)),
		Internal: slices.Concat(register.Internal(temporary, zaken, log.Key), register.Marks(zaken), register.Processes(zaken, log, p.fromOutside()), archive.Internal(), inzage.Routes(), files.Internal(), series.Routes()),
	})
	if err != nil {
		return Layer{}, err
	}
	inzage.Through(handler)
	series.Through(handler)
	run := func(ctx context.Context) {
		var work sync.WaitGroup
		work.Go(func() { deliverer.Run(ctx) })
		work.Go(func() { files.Store.Run(ctx, s.Log) })
		work.Go(func() { temporary.Run(ctx, s.Log) })
		work.Go(func() { db.Run(ctx, s.Log) })
		work.Wait()
	}
	return Layer{Handler: handler, Run: run, Close: db.Close, Measures: p.measuresOfDatabase(db, zaken, log.Logboek)}, nil
}

// integration is layer 3 in development: the stand-in of the outway and of what
// is behind it. In production the FSC outway itself stands there.
func (p *Parts) integration(_ context.Context, s Settings) (Layer, error) {
	found, err := bron.Find(p.Files)
	if err != nil {
		return Layer{}, err
	}
	sources, err := bron.All(p.Files, s.Log, found...)
	if err != nil {
		return Layer{}, err
	}
	standIn, err := nabootsing.New(nabootsing.Options{
		Production: s.Production, FSC: p.FSC, Grants: p.FSC.Grants(s.Env, s.Production), Own: p.Own,
		ServicesURL: s.ServicesURL, Services: s.toLayer("DIENSTEN_URL"), Bronnen: sources, Env: s.Env, Log: s.Log,
	})
	if err != nil {
		return Layer{}, err
	}
	return Layer{Handler: standIn, Close: standIn.Close}, nil
}

// process is layer 4.
func (p *Parts) process(ctx context.Context, s Settings) (Layer, error) {
	out, err := outway.NewOutway(s.OutwayURL, p.FSC.Grants(s.Env, s.Production), nil, s.Log)
	if err != nil {
		return Layer{}, err
	}
	out.Env, out.Timeout, out.Development = s.Env, s.OutwayTimeout, !s.Production
	if s.OutwayRoots != nil {
		out.Trust(s.OutwayRoots)
	}
	if s.Access.Certificates != nil {
		out.Identify(s.Access.Certificates.Show)
	}
	if out.Key, err = logboek.ReadKey(s.Env, s.Production); err != nil {
		return Layer{}, err
	}
	subject := p.Course.Subject
	if subject != "" {
		subject = "/v1/" + subject
	}
	services := outway.NewServices(out, p.Own, subject, p.Course.Activity, s.Token)
	services.API = identity.SumOf(p.ServicesSpec)
	out.Logboek = outway.NewLogboek(services)
	endsSoon := p.endsSoon(out, s)
	var forms map[string]bool
	for step := range p.Pages.Forms {
		if forms == nil {
			forms = map[string]bool{}
		}
		forms[step] = true
	}
	contract, err := p.processAPI()
	if err != nil {
		return Layer{}, err
	}
	layer, err := proces.New(proces.Options{
		Warnings: endsSoon,
		BPMN:     p.BPMN, Contract: contract, Course: p.Process(out), Sources: p.Sources, Transitions: p.Transitions, Processes: services, Forms: forms, Development: !s.Production,
		Zaken: services, Subjects: services, Choices: services, Temporary: services, Files: services, Marks: services, Archive: services, Inzage: services,
		Logboek: out.Logboek, Key: out.Key, Token: s.Token, Access: s.Access.Gate, Log: s.Log,
		Rename: p.rename, Published: p.ofProcess(), SecurityTxt: p.securityTxt(organisatie.CanonicalOf(p.organisation.Addresses.Process, contract.Base)),
	})
	if err != nil {
		return Layer{}, err
	}
	made, err := settled(ctx, s, layer, endsSoon)
	if err != nil {
		return Layer{}, err
	}
	made.Measures = p.measuresOfOutway(out)
	run := made.Run
	made.Run = func(ctx context.Context) {
		var work sync.WaitGroup
		work.Go(func() { run(ctx) })
		work.Go(func() { sayEnds(ctx, out, endsSoon, s.Log) })
		work.Wait()
	}
	return made, nil
}

// interaction is layer 5.
func (p *Parts) interaction(_ context.Context, s Settings) (Layer, error) {
	key, err := base64.StdEncoding.DecodeString(s.Env("SESSION_KEY"))
	if err != nil {
		return Layer{}, fmt.Errorf("SESSION_KEY is geen base64: %w", err)
	}
	numbers, err := logboek.ReadKey(s.Env, s.Production)
	if err != nil {
		return Layer{}, err
	}
	room, err := fs.Sub(p.Files, "5-interactie")
	if err != nil {
		return Layer{}, err
	}
	settings, _ := readFileSettings(s.Env)
	o := paginas.Options{
		MaxUpload: settings.Most,
		Name:      p.Pages.Name, Title: p.Pages.Title, Summary: p.Pages.Summary,
		Organisation: p.Pages.Organisation, Website: p.Pages.Website, Contact: p.Pages.Contact, Colour: p.Pages.Colour,
		Roles: p.Course.Roles, Variant: p.Course.Variant, Screens: p.Pages.Screens(p.Model), Earlier: p.Pages.Earlier(p.Model), Subject: p.Pages.Subject, Processing: p.processing(), Room: room,
		ProcessURL: s.ProcessURL, API: identity.SumOf(p.ProcessSpec), Token: s.Token, Production: s.Production, SessionKey: key, Key: numbers,
		StandIns: p.standIns(s),
		Wait:     s.wait(),
		OIDC:     paginas.ReadOIDC(s.Env), AccessibilityStatement: s.Env("TOEGANKELIJKHEIDSVERKLARING"), Log: s.Log,
		Logo: p.organisation.Logo, Remedies: p.organisation.Remedies, Notes: p.organisation.Texts.Pages, Rename: p.rename, SecurityTxt: p.securityTxt(p.sitePath()),
	}
	if o.Transport = plainWay(); s.Access.Certificates != nil {
		o.Transport = s.toLayer("PROCES_URL")
	}
	var handler http.Handler
	handler, err = paginas.New(o)
	return Layer{Handler: handler}, err
}
