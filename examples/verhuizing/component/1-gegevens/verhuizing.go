package gegevens

import (
	"git.duinstad.test/burgerzaken/verhuizing/kern/opslag"
	"git.duinstad.test/burgerzaken/verhuizing/kern/value"
)

// Verhuizing is a row of the table verhuizingen, and what the API shows of it.
type Verhuizing struct {
	opslag.Meta
	BSN            string        `json:"bsn"`
	Verhuisdatum   value.Date    `json:"verhuisdatum"`
	NieuwAdres     value.Address `json:"nieuwAdres"`
	AantalPersonen int64         `json:"aantalPersonen"`
	Inwoning       string        `json:"inwoning,omitempty"`
	Email          string        `json:"email,omitempty"`
	Toelichting    string        `json:"toelichting,omitempty"`
}

var verhuizingSchema = opslag.Schema[Verhuizing]{
	Name: "verhuizingen",
	Columns: []opslag.Column{
		{SQL: "bsn", JSON: "bsn", Personal: true, BSN: true},
		{SQL: "verhuisdatum", JSON: "verhuisdatum", Filter: true, Sort: true},
		{SQL: "nieuw_adres", JSON: "nieuwAdres", Personal: true},
		{SQL: "aantal_personen", JSON: "aantalPersonen", Sort: true},
		{SQL: "inwoning", JSON: "inwoning", Filter: true},
		{SQL: "email", JSON: "email", Personal: true},
		{SQL: "toelichting", JSON: "toelichting", Personal: true},
	},
	// How long a row is kept.
	Retention: []opslag.Retention{
		{Period: "P5Y", From: opslag.FromClosing, Source: "Selectielijst gemeenten 2020, 7.7"},
	},
	Meta: func(row *Verhuizing) *opslag.Meta { return &row.Meta },
	Fields: func(row *Verhuizing) []any {
		return []any{
			&row.BSN,
			&row.Verhuisdatum,
			&row.NieuwAdres,
			&row.AantalPersonen,
			opslag.Text(&row.Inwoning),
			opslag.Text(&row.Email),
			opslag.Text(&row.Toelichting),
		}
	},
}

// verhuizingExamples are invented records for development. No number or
// address in it belongs to anybody.
func verhuizingExamples() []*Verhuizing {
	return []*Verhuizing{
		{
			Meta:           opslag.Meta{ID: "b9f506c1-62a4-57d1-a13c-c36017bee654"},
			BSN:            "999993653",
			Verhuisdatum:   "2026-01-12",
			NieuwAdres:     value.Address{Straat: "Dorpsstraat", Huisnummer: 34, Postcode: "1028 BC", Woonplaats: "Holysloot"},
			AantalPersonen: 1,
			Inwoning:       "ja",
			Email:          "testpersoon1@voorbeeld.test",
			Toelichting:    "Toelichting 1",
		},
		{
			Meta:           opslag.Meta{ID: "39556125-2bec-5ef1-8a3c-1136a4fbed1a"},
			BSN:            "999990408",
			Verhuisdatum:   "2026-02-02",
			NieuwAdres:     value.Address{Straat: "Amstel", Huisnummer: 1, Postcode: "1011 PN", Woonplaats: "Amsterdam"},
			AantalPersonen: 3,
			Inwoning:       "nee",
			Email:          "testpersoon2@voorbeeld.test",
			Toelichting:    "Toelichting 2",
		},
		{
			Meta:           opslag.Meta{ID: "5f11353c-b779-504c-98de-fda136ebda25"},
			BSN:            "999993653",
			Verhuisdatum:   "2026-02-23",
			NieuwAdres:     value.Address{Straat: "Stadsplateau", Huisnummer: 1, Postcode: "3521 AZ", Woonplaats: "Utrecht"},
			AantalPersonen: 6,
			Inwoning:       "ja",
			Email:          "testpersoon3@voorbeeld.test",
			Toelichting:    "Toelichting 3",
		},
		{
			Meta:           opslag.Meta{ID: "98faa8f4-e23d-507f-a138-6e20df778f3e"},
			BSN:            "999990408",
			Verhuisdatum:   "2026-03-16",
			NieuwAdres:     value.Address{Straat: "Wolvenhoek", Huisnummer: 1, Huisletter: "A", Postcode: "5211 HH", Woonplaats: "'s-Hertogenbosch"},
			AantalPersonen: 9,
			Inwoning:       "nee",
			Email:          "testpersoon4@voorbeeld.test",
			Toelichting:    "Toelichting 4",
		},
		{
			Meta:           opslag.Meta{ID: "704354ec-823f-54c4-99de-cd342bbc0b6a"},
			BSN:            "999993653",
			Verhuisdatum:   "2026-04-06",
			NieuwAdres:     value.Address{Straat: "Coolsingel", Huisnummer: 40, Huisnummertoevoeging: "bis", Postcode: "3011 AD", Woonplaats: "Rotterdam"},
			AantalPersonen: 11,
			Inwoning:       "ja",
			Email:          "testpersoon5@voorbeeld.test",
			Toelichting:    "Toelichting 5",
		},
	}
}
