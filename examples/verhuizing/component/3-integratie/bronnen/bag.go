package bronnen

import (
	"context"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/internal/activiteiten"
)

// BAGBron asks Basisregistratie Adressen en Gebouwen (BAG), of Kadaster.
type BAGBron struct {
	outway *integratie.Outway
	bron   integratie.Bron
}

// NewBAGBron makes the client.
func NewBAGBron(outway *integratie.Outway) *BAGBron {
	return &BAGBron{outway, integratie.Bron{
		Naam:       "bag",
		Titel:      "Basisregistratie Adressen en Gebouwen (BAG)",
		Dienst:     "bag-bevragen",
		Activiteit: activiteiten.AangifteVerhuizing,
		// The only fields of an answer that are kept, for the moment of use.
		Velden: []string{
			"nummeraanduidingIdentificatie",
			"openbareRuimteNaam",
			"huisnummer",
			"postcode",
			"woonplaatsNaam",
		},
		// Under which the source knows itself, for the URLs in its answers. It is
		// never called there: every question goes through the outway.
		Adressen: []string{
			"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2",
			"https://api.bag.acceptatie.kadaster.nl/lvbag/individuelebevragingen/v2",
		},
		Headers: map[string]string{
			"Accept-Crs": "epsg:28992",
		},
		// Names of settings, in the environment of the component.
		Toegang: integratie.Toegang{
			Soort:   integratie.ToegangSleutel,
			Header:  "X-Api-Key",
			Sleutel: "BAG_API_KEY",
		},
	}}
}

// BAGBevraagAdressenVraag is what bevraagAdressen is asked with. A parameter that is "" is left out.
type BAGBevraagAdressenVraag struct {
	Postcode             string // required
	Huisnummer           string // required
	Huisletter           string
	Huisnummertoevoeging string
}

// BAGBevraagAdressen is the answer twice: as the process takes it and, in Inhoud,
// with a type. Both hold only what the purpose keeps. Inhoud is empty when the
// answer does not fit the type; the log then says why.
type BAGBevraagAdressen struct {
	integratie.Antwoord
	Inhoud BAGBevraagAdressenAntwoord
}

// BAGBevraagAdressenAntwoord is what is kept of an answer. What the source left out is "" or nil.
type BAGBevraagAdressenAntwoord struct {
	Embedded BAGBevraagAdressenEmbedded `json:"_embedded"`
}

// BAGBevraagAdressenEmbedded is part of an answer. What the source left out is "" or nil.
type BAGBevraagAdressenEmbedded struct {
	Adressen []BAGBevraagAdressenAdressen `json:"adressen"`
}

// BAGBevraagAdressenAdressen is part of an answer. What the source left out is "" or nil.
type BAGBevraagAdressenAdressen struct {
	Huisnummer  *int64                        `json:"huisnummer"`
	Inonderzoek BAGBevraagAdressenInonderzoek `json:"inonderzoek"`
	// Sleutel van het adres, 16 cijfers met voorloopnullen.
	NummeraanduidingIdentificatie string `json:"nummeraanduidingIdentificatie"`
	// Naam van de straat.
	OpenbareRuimteNaam string `json:"openbareRuimteNaam"`
	Postcode           string `json:"postcode"`
	WoonplaatsNaam     string `json:"woonplaatsNaam"`
}

// BAGBevraagAdressenInonderzoek is part of an answer. What the source left out is "" or nil.
type BAGBevraagAdressenInonderzoek struct {
	Huisnummer         *bool `json:"huisnummer"`
	OpenbareRuimteNaam *bool `json:"openbareRuimteNaam"`
	Postcode           *bool `json:"postcode"`
	WoonplaatsNaam     *bool `json:"woonplaatsNaam"`
}

// BevraagAdressen puts the question: Adressen zoeken met postcode en huisnummer, of met een identificatie.
func (b *BAGBron) BevraagAdressen(ctx context.Context, v BAGBevraagAdressenVraag) (BAGBevraagAdressen, error) {
	if integratie.Ontbreekt(v.Postcode, v.Huisnummer) {
		return BAGBevraagAdressen{Antwoord: b.bron.NietGevraagd()}, nil
	}
	q := b.bron.NieuweVraag("bevraagAdressen", "GET", "/adressen")
	q.Titel = "Adressen zoeken met postcode en huisnummer, of met een identificatie"
	q.InQuery("postcode", v.Postcode)
	q.InQuery("huisnummer", v.Huisnummer)
	q.InQuery("huisletter", v.Huisletter)
	q.InQuery("huisnummertoevoeging", v.Huisnummertoevoeging)
	a, err := b.outway.Bevraag(ctx, b.bron, q)
	return BAGBevraagAdressen{Antwoord: a, Inhoud: integratie.Inhoud[BAGBevraagAdressenAntwoord](b.outway, q, a)}, err
}
