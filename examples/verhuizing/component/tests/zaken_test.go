package tests

import (
	"os"
	"testing"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/5-interactie/schermen"
	"git.duinstad.test/burgerzaken/verhuizing/internal/component"
	"git.duinstad.test/burgerzaken/verhuizing/internal/identity"
	"git.duinstad.test/burgerzaken/verhuizing/tests/proef"
)

// proces holds every path through the process, loops taken once at most, with
// what people fill in and what the sources answer on the way.
func proces() proef.Proces {
	return proef.Proces{Rollen: schermen.Rollen(), Paden: []proef.Pad{
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "afwijzen"},
			{Naam: "afgewezen", Titel: "Afgewezen", Soort: "end", Resultaat: "afgewezen"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "afwijzen"},
			{Naam: "afgewezen", Titel: "Afgewezen", Soort: "end", Resultaat: "afgewezen"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "akkoord"},
			{Naam: "verwerken", Titel: "Verwerken in de BRP", Soort: "task", Rol: "burgerzaken"},
			{Naam: "verwerkt", Titel: "Verwerkt", Soort: "end", Resultaat: "toegekend"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "akkoord"},
			{Naam: "verwerken", Titel: "Verwerken in de BRP", Soort: "task", Rol: "burgerzaken"},
			{Naam: "verwerkt", Titel: "Verwerkt", Soort: "end", Resultaat: "toegekend"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "afwijzen"},
			{Naam: "afgewezen", Titel: "Afgewezen", Soort: "end", Resultaat: "afgewezen"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "afwijzen"},
			{Naam: "afgewezen", Titel: "Afgewezen", Soort: "end", Resultaat: "afgewezen"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "afwijzen"},
			{Naam: "afgewezen", Titel: "Afgewezen", Soort: "end", Resultaat: "afgewezen"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "afwijzen"},
			{Naam: "afgewezen", Titel: "Afgewezen", Soort: "end", Resultaat: "afgewezen"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "akkoord"},
			{Naam: "verwerken", Titel: "Verwerken in de BRP", Soort: "task", Rol: "burgerzaken"},
			{Naam: "verwerkt", Titel: "Verwerkt", Soort: "end", Resultaat: "toegekend"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "akkoord"},
			{Naam: "verwerken", Titel: "Verwerken in de BRP", Soort: "task", Rol: "burgerzaken"},
			{Naam: "verwerkt", Titel: "Verwerkt", Soort: "end", Resultaat: "toegekend"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: true, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "akkoord"},
			{Naam: "verwerken", Titel: "Verwerken in de BRP", Soort: "task", Rol: "burgerzaken"},
			{Naam: "verwerkt", Titel: "Verwerkt", Soort: "end", Resultaat: "toegekend"},
		},
		{
			{Naam: "aangifte", Titel: "Aangifte doen", Soort: "form", Rol: "inwoner", Velden: veldenAangifte()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "aanvullen"},
			{Naam: "aanvullen", Titel: "Aangifte aanvullen", Soort: "form", Rol: "inwoner", Velden: veldenAanvullen()},
			{Naam: "adres-controleren", Titel: "Adres controleren in de BAG", Soort: "lookup", Uitkomst: "niet-gevonden", Bron: proef.Uitslag{Dienst: "bag-bevragen", Methode: "GET", Pad: "/adressen", Gevonden: false, Voorbeeld: "3-integratie/voorbeelden/bag-bevraag-adressen.json"}},
			{Naam: "beoordelen", Titel: "Aangifte beoordelen", Soort: "decide", Rol: "burgerzaken", Uitkomst: "akkoord"},
			{Naam: "verwerken", Titel: "Verwerken in de BRP", Soort: "task", Rol: "burgerzaken"},
			{Naam: "verwerkt", Titel: "Verwerkt", Soort: "end", Resultaat: "toegekend"},
		},
	}}
}

func veldenAangifte() []proef.Veld {
	return []proef.Veld{
		{Naam: "bsn", Soort: "bsn", Form: "999993653", JSON: "\"999993653\""},
		{Naam: "verhuisdatum", Soort: "date", Form: "2026-01-12", JSON: "\"2026-01-12\""},
		{Naam: "nieuwAdres", Soort: "adres", Form: "Dorpsstraat 34, 1028 BC Holysloot", JSON: "{\"straat\":\"Dorpsstraat\",\"huisnummer\":34,\"postcode\":\"1028 BC\",\"woonplaats\":\"Holysloot\"}"},
		{Naam: "aantalPersonen", Soort: "integer", Form: "1", JSON: "1"},
		{Naam: "inwoning", Soort: "enum", Form: "ja", JSON: "\"ja\""},
		{Naam: "email", Soort: "email", Form: "testpersoon1@voorbeeld.test", JSON: "\"testpersoon1@voorbeeld.test\""},
		{Naam: "toelichting", Soort: "longtext", Form: "Toelichting 1", JSON: "\"Toelichting 1\""},
	}
}

func veldenAanvullen() []proef.Veld {
	return []proef.Veld{
		{Naam: "nieuwAdres", Soort: "adres", Form: "Dorpsstraat 34, 1028 BC Holysloot", JSON: "{\"straat\":\"Dorpsstraat\",\"huisnummer\":34,\"postcode\":\"1028 BC\",\"woonplaats\":\"Holysloot\"}"},
		{Naam: "toelichting", Soort: "longtext", Form: "Toelichting 1", JSON: "\"Toelichting 1\""},
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
	fsc, err := integratie.ReadFSC(read("3-integratie/fsc.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := component.New(files)
	if err != nil {
		t.Fatal(err)
	}
	o := proef.Opzet{
		Component:    c,
		DienstenSpec: read("2-diensten/openapi.yaml"),
		ProcesSpec:   read("4-proces/openapi.yaml"),
		Grants:       fsc.Grants(func(string) string { return "" }, false),
		Eigen:        component.Dienst,
	}
	for _, persona := range identity.Personas(schermen.Rollen()) {
		o.Geheim = append(o.Geheim, persona.BSN)
	}
	for _, path := range proces().Paden {
		for _, step := range path {
			for _, field := range step.Velden {
				if field.Soort == "bsn" {
					o.Geheim = append(o.Geheim, field.Form)
				}
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

func TestSpecificatiesZijnOpenbaar(t *testing.T) {
	t.Parallel()
	proef.Openbaar(t, opzet(t))
}
