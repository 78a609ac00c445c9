// Package verloop says of the process what proces.bpmn cannot say: which fields
// a form has, and with which values a lookup step puts its question.
package verloop

import (
	"context"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/3-integratie/bronnen"
	proces "git.duinstad.test/burgerzaken/verhuizing/4-proces"
	"git.duinstad.test/burgerzaken/verhuizing/internal/activiteiten"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rollen"
)

// New gives the course of the process. Sources are asked through the outway.
func New(outway *integratie.Outway) proces.Verloop {
	return proces.Verloop{
		Onderwerp:    true,
		Rollen:       rollen.Rollen(),
		Activiteit:   activiteiten.Hoofdactiviteit,
		Activiteiten: activiteiten.Alle(),
		Formulieren: map[string]proces.Formulier{
			"aangifte": {
				Bewaard: []string{"bsn", "verhuisdatum", "nieuwAdres", "aantalPersonen", "inwoning", "email", "toelichting"},
			},
			"aanvullen": {
				Bewaard: []string{"nieuwAdres", "toelichting"},
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
