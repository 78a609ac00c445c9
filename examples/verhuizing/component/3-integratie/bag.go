// Package integratie is layer 3: per source its questions, and of the answers the
// fields that are kept. A question goes through the outway, for one processing
// activity.
package integratie

import (
	"context"

	"git.duinstad.test/burgerzaken/verhuizing/kern/logboek"
	"git.duinstad.test/burgerzaken/verhuizing/kern/outway"
)

// BAG puts questions to Basisregistratie Adressen en Gebouwen (BAG) (Kadaster).
type BAG struct{ client outway.Client }

// NewBAG makes the client, which asks for one processing activity.
func NewBAG(o *outway.Outway, activity logboek.Activity) BAG {
	return BAG{o.Client(outway.Bron{
		Name:     "bag",
		Title:    "Basisregistratie Adressen en Gebouwen (BAG)",
		Service:  "bag-bevragen",
		Activity: activity,
		// What is kept of an answer, while the process needs it. The rest is
		// dropped on arrival.
		Fields: []outway.Field{
			{Name: "nummeraanduidingIdentificatie", Title: "Sleutel van het adres"},
			{Name: "openbareRuimteNaam", Title: "Straat"},
			{Name: "huisnummer", Title: "Huisnummer"},
			{Name: "huisletter", Title: "Huisletter"},
			{Name: "huisnummertoevoeging", Title: "Toevoeging"},
			{Name: "postcode", Title: "Postcode"},
			{Name: "woonplaatsNaam", Title: "Woonplaats"},
		},
		// What the source sends along unasked and what changes the meaning of the
		// rest. It is always kept, and people see it first.
		Warnings: []outway.Warning{
			{Field: "inonderzoek", Title: "In onderzoek", Text: "Een of meer gegevens van dit adres zijn in onderzoek en kunnen onjuist zijn."},
			{Field: "geconstateerd", Title: "Waargenomen, zonder besluit", Text: "Dit adres is opgenomen op grond van een waarneming; een besluit van de gemeente is er niet."},
		},
		// The source's own addresses, to recognise the URLs in its answers. They
		// are never called: every question goes through the outway.
		Addresses: []string{
			"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2",
			"https://api.bag.acceptatie.kadaster.nl/lvbag/individuelebevragingen/v2",
		},
		Headers: map[string]string{
			"Accept-Crs": "epsg:28992",
		},
		// Names of settings, in the environment of the component.
		Access: outway.Access{
			Kind:   outway.AccessKey,
			Header: "X-Api-Key",
			Key:    "BAG_API_KEY",
		},
	})}
}

// BevraagAdressenInput is what bevraagAdressen is asked with. What is "" is left out.
type BevraagAdressenInput struct {
	Postcode             string // required
	Huisnummer           string // required
	Huisletter           string
	Huisnummertoevoeging string
}

// BevraagAdressenAnswer is the answer twice: as the process takes it and, in Content,
// with a type. Both hold only what is kept; what the source left out is "" or
// nil.
type BevraagAdressenAnswer struct {
	outway.Answer
	Content struct {
		Embedded struct {
			Adressen []struct {
				// Komt mee als een ambtenaar het opnam zonder besluit of bouwtekening.
				Geconstateerd        any    `json:"geconstateerd"`
				Huisletter           string `json:"huisletter"`
				Huisnummer           *int64 `json:"huisnummer"`
				Huisnummertoevoeging string `json:"huisnummertoevoeging"`
				// Komt mee als een gegeven misschien niet klopt.
				Inonderzoek any `json:"inonderzoek"`
				// Sleutel van het adres, 16 cijfers met voorloopnullen.
				NummeraanduidingIdentificatie string `json:"nummeraanduidingIdentificatie"`
				// Naam van de straat.
				OpenbareRuimteNaam string `json:"openbareRuimteNaam"`
				Postcode           string `json:"postcode"`
				WoonplaatsNaam     string `json:"woonplaatsNaam"`
			} `json:"adressen"`
		} `json:"_embedded"`
	}
}

// BevraagAdressen puts the question: Adressen zoeken met postcode en huisnummer, of met een identificatie.
func (s BAG) BevraagAdressen(ctx context.Context, in BevraagAdressenInput) (answer BevraagAdressenAnswer, err error) {
	if outway.Missing(in.Postcode, in.Huisnummer) {
		answer.Answer = s.client.NotAsked()
		return answer, nil
	}
	q := s.client.Question("bevraagAdressen", "GET", "/adressen", "Adressen zoeken met postcode en huisnummer, of met een identificatie", outway.Contract{
		List:  "_embedded.adressen",
		Holds: []string{"_embedded", "_links"},
	})
	q.InQuery("exacteMatch", "true")
	q.InQuery("postcode", in.Postcode)
	q.InQuery("huisnummer", in.Huisnummer)
	q.InQuery("huisletter", in.Huisletter)
	q.InQuery("huisnummertoevoeging", in.Huisnummertoevoeging)
	answer.Answer, err = s.client.Ask(ctx, q)
	s.client.Decode(q, answer.Answer, &answer.Content)
	return answer, err
}
