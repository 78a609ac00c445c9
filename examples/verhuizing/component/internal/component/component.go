// Package component puts the five layers of this component together. It is the
// only place that knows all of them; they themselves speak over HTTP.
package component

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	gegevens "git.duinstad.test/burgerzaken/verhuizing/1-gegevens"
	"git.duinstad.test/burgerzaken/verhuizing/1-gegevens/register"
	"git.duinstad.test/burgerzaken/verhuizing/2-diensten/api"
	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/3-integratie/fsc"
	"git.duinstad.test/burgerzaken/verhuizing/3-integratie/nabootsing"
	"git.duinstad.test/burgerzaken/verhuizing/3-integratie/nabootsing/bron"
	proces "git.duinstad.test/burgerzaken/verhuizing/4-proces"
	"git.duinstad.test/burgerzaken/verhuizing/4-proces/verloop"
	interactie "git.duinstad.test/burgerzaken/verhuizing/5-interactie"
	"git.duinstad.test/burgerzaken/verhuizing/5-interactie/schermen"
	"git.duinstad.test/burgerzaken/verhuizing/internal/activiteiten"
	"git.duinstad.test/burgerzaken/verhuizing/internal/logboek"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rest"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rollen"
	"git.duinstad.test/burgerzaken/verhuizing/internal/start"
)

// Dienst is the name under which our own layer 2 is an FSC service.
const Dienst = "verhuizing-diensten"

// component is what the layers need and the program carries along.
type component struct {
	files                    fs.FS
	fsc                      fsc.File
	dienstenSpec, procesSpec []byte
	bpmn                     []byte
}

// New reads the files of the component, from the program itself or, in the
// tests, from disk.
func New(files fs.FS) (start.Component, error) {
	c := &component{files: files}
	agreed, err := fs.ReadFile(files, "3-integratie/fsc.yaml")
	if err != nil {
		return start.Component{}, err
	}
	if c.fsc, err = fsc.Read(agreed); err != nil {
		return start.Component{}, err
	}
	if c.dienstenSpec, err = fs.ReadFile(files, "2-diensten/openapi.yaml"); err != nil {
		return start.Component{}, err
	}
	if c.procesSpec, err = fs.ReadFile(files, "4-proces/openapi.yaml"); err != nil {
		return start.Component{}, err
	}
	if c.bpmn, err = fs.ReadFile(files, "4-proces/proces.bpmn"); err != nil {
		return start.Component{}, err
	}
	return start.Component{
		Naam: "verhuizing", Titel: "Verhuizing doorgeven",
		Interactie: c.interactie, Proces: c.proces, Integratie: c.integratie, Diensten: c.diensten,
		Reset: c.reset, Grants: c.fsc.GrantNames(), Bronnen: []string{"BAG_API_KEY"},
		Nabootsingen: nabootsingen,
	}, nil
}

// diensten is layer 2, with layer 1 in it.
func (c *component) diensten(ctx context.Context, s start.Settings) (start.Layer, error) {
	sleutel, err := logboek.LeesSleutel(s.Env, s.Productie)
	if err != nil {
		return start.Layer{}, err
	}
	db, err := c.open(ctx, s)
	if err != nil {
		return start.Layer{}, err
	}
	store := register.New(db)
	if !s.Productie {
		if err := store.Seed(ctx); err != nil {
			_ = db.Close()
			return start.Layer{}, fmt.Errorf("begingegevens: %w", err)
		}
	}
	bezorger, err := logboek.NewBezorger(s.Env, store.Logboek, toepassing(s), logboekbestand(s), s.Log)
	if err != nil {
		_ = db.Close()
		return start.Layer{}, err
	}
	handler, err := rest.NewServer(rest.Options{Spec: c.dienstenSpec, Routes: api.Routes(store, sleutel), Ready: db.Ready, Token: s.Token, Log: s.Log})
	return start.Layer{Handler: handler, Run: bezorger.Run, Close: db.Close}, err
}

// toepassing is who writes in the logbook.
func toepassing(s start.Settings) logboek.Toepassing {
	omgeving := "ontwikkeling"
	if s.Productie {
		omgeving = "productie"
	}
	return logboek.Toepassing{Naam: "verhuizing", Organisatie: "Gemeente Duinstad", Omgeving: omgeving}
}

// logboekbestand is where the log of processing goes when there is no logbook,
// beside the database: development only.
func logboekbestand(s start.Settings) string {
	return filepath.Join(filepath.Dir(s.Data), "verhuizing-logboek.jsonl")
}

// open opens layer 1 and brings its tables up to date.
func (c *component) open(ctx context.Context, s start.Settings) (*gegevens.Database, error) {
	migraties, err := fs.Sub(c.files, "1-gegevens/migraties")
	if err != nil {
		return nil, err
	}
	db, err := gegevens.Open(ctx, s.DatabaseURL, s.Data)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, migraties); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// reset empties layer 1 and puts the invented data back.
func (c *component) reset(ctx context.Context, s start.Settings) error {
	migraties, err := fs.Sub(c.files, "1-gegevens/migraties")
	if err != nil {
		return err
	}
	db, err := gegevens.Open(ctx, s.DatabaseURL, s.Data)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.Reset(ctx, migraties); err != nil {
		return err
	}
	if err := os.Remove(logboekbestand(s)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return register.New(db).Seed(ctx)
}

// integratie is layer 3 in development: the stand-in of the outway and of what
// is behind it. In production the FSC outway itself stands there.
func (c *component) integratie(_ context.Context, s start.Settings) (start.Layer, error) {
	sources, err := c.bronnen(s.Log)
	if err != nil {
		return start.Layer{}, err
	}
	outway, err := nabootsing.New(nabootsing.Opties{
		Productie: s.Productie, FSC: c.fsc, Grants: c.fsc.Grants(s.Env, s.Productie), Eigen: Dienst,
		DienstenURL: s.DienstenURL, Bronnen: sources, Env: s.Env, Log: s.Log,
	})
	if err != nil {
		return start.Layer{}, err
	}
	return start.Layer{Handler: outway, Close: outway.Close}, nil
}

// bronnen are the stand-ins of the sources, by the FSC name of their service.
func (c *component) bronnen(log *slog.Logger) (map[string]http.Handler, error) {
	return bron.Alle(c.files, log,
		bron.Bestanden{Antwoorden: "3-integratie/nabootsing/antwoorden/bag.json", Specificatie: "3-integratie/bronnen/bag.openapi.yaml"},
	)
}

// proces is layer 4.
func (c *component) proces(_ context.Context, s start.Settings) (start.Layer, error) {
	outway, err := integratie.NewOutway(s.OutwayURL, c.fsc.Grants(s.Env, s.Productie), nil, s.Log)
	if err != nil {
		return start.Layer{}, err
	}
	outway.Env, outway.Tijd = s.Env, s.OutwayTijd
	if outway.Sleutel, err = logboek.LeesSleutel(s.Env, s.Productie); err != nil {
		return start.Layer{}, err
	}
	diensten := integratie.NewDiensten(outway, Dienst, "/v1/verhuizingen", activiteiten.Hoofdactiviteit, s.Token)
	outway.Boek = integratie.NewLogboek(diensten)
	p, err := proces.New(proces.Opties{
		BPMN: c.bpmn, Spec: c.procesSpec, Verloop: verloop.New(outway),
		Zaken: diensten, Onderwerpen: diensten, Keuzes: diensten, Boek: outway.Boek, Token: s.Token, Log: s.Log,
	})
	if err != nil {
		return start.Layer{}, err
	}
	return start.Layer{Handler: p.Handler(), Run: p.Run}, nil
}

// interactie is layer 5.
func (c *component) interactie(_ context.Context, s start.Settings) (start.Layer, error) {
	key, err := base64.StdEncoding.DecodeString(s.Env("SESSION_KEY"))
	if err != nil {
		return start.Layer{}, fmt.Errorf("SESSION_KEY is geen base64: %w", err)
	}
	o := interactie.Options{
		Naam: "verhuizing", Titel: "Verhuizing doorgeven", Samenvatting: "Inwoners geven hun verhuizing binnen de gemeente door; burgerzaken controleert het adres in de BAG en verwerkt de aangifte in de BRP.",
		Organisatie: "Gemeente Duinstad", Website: "https://www.duinstad.test",
		Contact: interactie.Contact{Naam: "Team Burgerzaken", Email: "burgerzaken@duinstad.test", URL: "https://www.duinstad.test/contact"},
		Kleur:   "#154273", Rollen: rollen.Rollen(), Schermen: schermen.Schermen(), Onderwerp: schermen.Onderwerp(),
		ProcesURL: s.ProcesURL, Token: s.Token, Productie: s.Productie, SessionKey: key,
		OIDC: interactie.ReadOIDC(s.Env), Verklaring: s.Env("TOEGANKELIJKHEIDSVERKLARING"), Log: s.Log,
	}
	if !s.Productie {
		o.Nabootsingen = nabootsingen(s)
	}
	handler, err := interactie.New(o)
	return start.Layer{Handler: handler}, err
}

// nabootsingen says what stands in for something else in this process.
func nabootsingen(s start.Settings) []string {
	var all []string
	if s.Has(start.Interactie) {
		all = append(all, "de inlogvoorziening: u kiest zelf wie u bent, en die persoon bestaat niet")
	}
	if s.Has(start.Integratie) {
		all = append(all, "FSC: de outway, en een manager en inway per aanbieder; certificaten en tokens zijn net gemaakt, over contracten is niet onderhandeld")
		all = append(all, "de bron Basisregistratie Adressen en Gebouwen (BAG): de antwoorden zijn verzonnen en staan in 3-integratie/nabootsing/antwoorden")
	}
	if s.Has(start.Diensten) {
		if s.Env(logboek.URLEnv) == "" {
			all = append(all, "het logboek dataverwerkingen: de regels komen in "+logboekbestand(s))
		}
		all = append(all, "de begingegevens: alle personen, nummers en zaken zijn verzonnen")
	}
	return all
}
