package bronnen

import (
	"context"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
)

// BAGBron asks Basisregistratie Adressen en Gebouwen (BAG), of Kadaster.
type BAGBron struct {
	outway *integratie.Outway
	bron   integratie.Bron
}

// NewBAGBron makes the client.
func NewBAGBron(outway *integratie.Outway) *BAGBron {
	return &BAGBron{outway, integratie.Bron{
		Naam:   "bag",
		Titel:  "Basisregistratie Adressen en Gebouwen (BAG)",
		Dienst: "bag-bevragen",
		Activiteit: integratie.Activiteit{
			Naam:  "aangifte-verhuizing",
			Titel: "Behandelen van aangiften van verhuizing",
			URI:   "urn:uuid:9ed8fbe8-2a4b-5f13-9dd6-96467d222542",
		},
		// The only fields of an answer that are kept, for the moment of use.
		Velden: []string{
			"nummeraanduidingIdentificatie",
			"openbareRuimteNaam",
			"huisnummer",
			"postcode",
			"woonplaatsNaam",
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

// BevraagAdressen puts the question: Adressen bevragen.
func (b *BAGBron) BevraagAdressen(ctx context.Context, v BAGBevraagAdressenVraag) (integratie.Antwoord, error) {
	if integratie.Ontbreekt(v.Postcode, v.Huisnummer) {
		return b.bron.NietGevraagd(), nil
	}
	q := integratie.NieuweVraag("bevraagAdressen", "GET", "/adressen")
	q.InQuery("postcode", v.Postcode)
	q.InQuery("huisnummer", v.Huisnummer)
	q.InQuery("huisletter", v.Huisletter)
	q.InQuery("huisnummertoevoeging", v.Huisnummertoevoeging)
	return b.outway.Bevraag(ctx, b.bron, q)
}
