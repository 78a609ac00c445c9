package tests

import (
	"os"
	"testing"

	"git.duinstad.test/burgerzaken/verhuizing/3-integratie/fsc"
	"git.duinstad.test/burgerzaken/verhuizing/4-proces/verloop"
	"git.duinstad.test/burgerzaken/verhuizing/5-interactie/schermen"
	"git.duinstad.test/burgerzaken/verhuizing/internal/activiteiten"
	"git.duinstad.test/burgerzaken/verhuizing/internal/component"
	"git.duinstad.test/burgerzaken/verhuizing/internal/identity"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rollen"
	"git.duinstad.test/burgerzaken/verhuizing/tests/proef"
)

// stappen are the steps of the process, with what people fill in and where the
// sources are asked.
func stappen() map[string]proef.Stap {
	return map[string]proef.Stap{
		"aangifte": {
			Titel: "Aangifte doen", Soort: "form", Rol: "inwoner",
			Velden: []proef.Veld{
				{Naam: "bsn", Soort: "bsn", Form: "999993653", JSON: `"999993653"`},
				{Naam: "verhuisdatum", Soort: "date", Form: "2026-01-12", JSON: `"2026-01-12"`},
				{Naam: "nieuwAdres", Soort: "adres", Form: "Dorpsstraat 34, 1028 BC Holysloot", JSON: `{"straat":"Dorpsstraat","huisnummer":34,"postcode":"1028 BC","woonplaats":"Holysloot"}`},
				{Naam: "aantalPersonen", Soort: "integer", Form: "1", JSON: "1"},
				{Naam: "inwoning", Soort: "enum", Form: "ja", JSON: `"ja"`},
				{Naam: "email", Soort: "email", Form: "testpersoon1@voorbeeld.test", JSON: `"testpersoon1@voorbeeld.test"`},
				{Naam: "toelichting", Soort: "longtext", Form: "Toelichting 1", JSON: `"Toelichting 1"`},
			},
		},
		"adres-controleren": {
			Titel: "Adres controleren in de BAG", Soort: "lookup",
			Bron: proef.Uitslag{
				Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen",
				Operatie: "bevraagAdressen", Antwoorden: "3-integratie/nabootsing/antwoorden/bag.json",
			},
		},
		"beoordelen": {
			Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken",
		},
		"aanvullen": {
			Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner",
			Velden: []proef.Veld{
				{Naam: "nieuwAdres", Soort: "adres", Form: "Dorpsstraat 34, 1028 BC Holysloot", JSON: `{"straat":"Dorpsstraat","huisnummer":34,"postcode":"1028 BC","woonplaats":"Holysloot"}`},
				{Naam: "toelichting", Soort: "longtext", Form: "Toelichting 1", JSON: `"Toelichting 1"`},
			},
		},
		"verwerken": {
			Titel: "Verwerken in de BRP", Soort: "task", Rol: "burgerzaken",
		},
		"verwerkt": {
			Titel: "Verwerkt", Soort: "end", Resultaat: "toegekend",
		},
		"afgewezen": {
			Titel: "Afgewezen", Soort: "end", Resultaat: "afgewezen",
		},
	}
}

// proces holds every path through the process, loops taken once at most: the
// steps, each with its outcome behind it.
func proces() proef.Proces {
	return proef.Proces{
		Naam: "verhuizing-doorgeven", Titel: "Verhuizing doorgeven", Rollen: rollen.Rollen(),
		Paden: proef.Paden(stappen(),
			"aangifte, adres-controleren gevonden, beoordelen afwijzen, afgewezen",
			"aangifte, adres-controleren niet-gevonden, beoordelen afwijzen, afgewezen",
			"aangifte, adres-controleren gevonden, beoordelen akkoord, verwerken, verwerkt",
			"aangifte, adres-controleren niet-gevonden, beoordelen akkoord, verwerken, verwerkt",
			"aangifte, adres-controleren gevonden, beoordelen aanvullen, aanvullen, adres-controleren gevonden, beoordelen afwijzen, afgewezen",
			"aangifte, adres-controleren gevonden, beoordelen aanvullen, aanvullen, adres-controleren niet-gevonden, beoordelen afwijzen, afgewezen",
			"aangifte, adres-controleren niet-gevonden, beoordelen aanvullen, aanvullen, adres-controleren gevonden, beoordelen afwijzen, afgewezen",
			"aangifte, adres-controleren niet-gevonden, beoordelen aanvullen, aanvullen, adres-controleren niet-gevonden, beoordelen afwijzen, afgewezen",
			"aangifte, adres-controleren gevonden, beoordelen aanvullen, aanvullen, adres-controleren gevonden, beoordelen akkoord, verwerken, verwerkt",
			"aangifte, adres-controleren gevonden, beoordelen aanvullen, aanvullen, adres-controleren niet-gevonden, beoordelen akkoord, verwerken, verwerkt",
			"aangifte, adres-controleren niet-gevonden, beoordelen aanvullen, aanvullen, adres-controleren gevonden, beoordelen akkoord, verwerken, verwerkt",
			"aangifte, adres-controleren niet-gevonden, beoordelen aanvullen, aanvullen, adres-controleren niet-gevonden, beoordelen akkoord, verwerken, verwerkt",
		),
		Woorden: []string{
			"inwoner", "Inwoner",
			"burgerzaken", "Medewerker burgerzaken",
			"Behandelen van aangiften van verhuizing",
			"Basisregistratie Adressen en Gebouwen (BAG)", "nummeraanduidingIdentificatie", "openbareRuimteNaam", "huisnummer", "postcode", "woonplaatsNaam", "Adressen zoeken met postcode en huisnummer, of met een identificatie",
		},
	}
}

// opzet is this component, with what the tests need to know of it.
func opzet(t *testing.T) proef.Opzet {
	t.Helper()
	files := os.DirFS("..")
	read := func(name string) []byte {
		raw, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	agreed, err := fsc.Read(read("3-integratie/fsc.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := component.New(files)
	if err != nil {
		t.Fatal(err)
	}
	o := proef.Opzet{
		Component:    c,
		BPMN:         read("4-proces/proces.bpmn"),
		DienstenSpec: read("2-diensten/openapi.yaml"),
		ProcesSpec:   read("4-proces/openapi.yaml"),
		Grants:       agreed.Grants(func(string) string { return "" }, false),
		Eigen:        component.Dienst,
		Activiteiten: activiteiten.Alle(),
		Personen:     true,
		BSN:          true,
	}
	for _, persona := range identity.Personas(rollen.Rollen()) {
		o.Geheim = append(o.Geheim, persona.BSN)
	}
	for _, step := range stappen() {
		for _, field := range step.Velden {
			if field.Soort == "bsn" {
				o.Geheim = append(o.Geheim, field.Form)
			}
		}
	}
	return o
}

// TestEenZaakLangsElkPad goes through all five layers: the pages are used as a
// browser does, and every answer of the APIs is held against its specification.
func TestEenZaakLangsElkPad(t *testing.T) {
	t.Parallel()
	proef.AllePaden(t, opzet(t), proces())
}

func TestHerstartMiddenInEenZaak(t *testing.T) {
	t.Parallel()
	proef.Herstarten(t, opzet(t), proces())
}

func TestTweeKeerVersturenMaaktEenZaak(t *testing.T) {
	t.Parallel()
	proef.TweeKeerVersturen(t, opzet(t), proces())
}

func TestBrongegevensWordenNietBewaard(t *testing.T) {
	t.Parallel()
	proef.NietBewaard(t, opzet(t), proces())
}

func TestZaakWachtOpBronDieWegIs(t *testing.T) {
	t.Parallel()
	proef.BronWeg(t, opzet(t), proces())
}

func TestZonderLogboekGebeurtNiets(t *testing.T) {
	t.Parallel()
	proef.GeenLogboek(t, opzet(t), proces())
}

func TestSpecificatiesZijnOpenbaar(t *testing.T) {
	t.Parallel()
	proef.Openbaar(t, opzet(t))
}

// TestSchermenEnProcesPassen names what a change to the one forgot in the other.
func TestSchermenEnProcesPassen(t *testing.T) {
	proef.Schermen(t, opzet(t), proces(), schermen.Schermen(), schermen.Onderwerp(), verloop.New(nil))
}
