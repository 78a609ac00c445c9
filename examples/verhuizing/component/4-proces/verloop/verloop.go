// Package verloop says of the process what proces.bpmn cannot say: which fields
// a form has, and with which values a lookup step puts its question.
package verloop

import (
	"context"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/3-integratie/bronnen"
	proces "git.duinstad.test/burgerzaken/verhuizing/4-proces"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rollen"
)

// Activiteit is the processing activity for which zaken and their data are kept.
var Activiteit = integratie.Activiteit{
	Naam:  "aangifte-verhuizing",
	Titel: "Behandelen van aangiften van verhuizing",
	URI:   "urn:uuid:9ed8fbe8-2a4b-5f13-9dd6-96467d222542",
}

// New gives the course of the process. Sources are asked through the outway.
func New(outway *integratie.Outway) proces.Verloop {
	return proces.Verloop{
		Onderwerp:  true,
		Rollen:     rollen.Rollen(),
		Activiteit: Activiteit,
		Doelen: map[string]proces.Doelbinding{
			"urn:uuid:9ed8fbe8-2a4b-5f13-9dd6-96467d222542": {
				Doel:        "Bijhouden van het adres in de BRP",
				Grondslag:   "publieke taak",
				Toelichting: "Wet BRP artikel 2.39",
			},
		},
		Formulieren: map[string]proces.Formulier{
			"aangifte": {
				Bewaard: []string{"bsn", "verhuisdatum", "nieuwAdres", "aantalPersonen", "inwoning", "email", "toelichting"},
				Invoer:  []string{},
			},
			"aanvullen": {
				Bewaard: []string{"nieuwAdres", "toelichting"},
				Invoer:  []string{},
			},
		},
		Vragen: map[string]proces.Vraag{
			"adres-controleren": vraagAdresControleren(bronnen.NewBAGBron(outway)),
		},
	}
}

// vraagAdresControleren is the question of the step: Adres controleren in de BAG.
func vraagAdresControleren(bron *bronnen.BAGBron) proces.Vraag {
	return proces.Vraag{
		Stel: func(ctx context.Context, g proces.Gegevens) (integratie.Antwoord, error) {
			a, err := bron.BevraagAdressen(ctx, bronnen.BAGBevraagAdressenVraag{
				Postcode:             proces.Aaneen(g.Veld("nieuwAdres", "postcode")),
				Huisnummer:           g.Veld("nieuwAdres", "huisnummer"),
				Huisletter:           g.Veld("nieuwAdres", "huisletter"),
				Huisnummertoevoeging: g.Veld("nieuwAdres", "huisnummertoevoeging"),
			})
			return a.Antwoord, err
		},
	}
}
