// Package proces is layer 4: the process of proces.bpmn, with what that file
// cannot say: who takes part, for which processing activities, and with which
// values a step puts its question to a source.
package proces

import (
	"context"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/kern/outway"
	"git.duinstad.test/burgerzaken/verhuizing/kern/proces"
)

// New gives the course of the process. Sources are asked through the outway.
func New(o *outway.Outway) proces.Verloop {
	return proces.Verloop{
		Rollen:       roles,
		Activiteit:   activities[0],
		Activiteiten: activities,
		Onderwerp:    "verhuizingen", // what a zaak is about
		Vragen: map[string]proces.Vraag{
			"adres-controleren": askAdresControleren(integratie.NewBAG(o, activityAangifteVerhuizing)),
		},
	}
}

// askAdresControleren is the question of the step: Adres controleren in de BAG.
func askAdresControleren(source integratie.BAG) proces.Vraag {
	return proces.Vraag{
		Stel: func(ctx context.Context, g proces.Gegevens) (outway.Antwoord, error) {
			answer, err := source.BevraagAdressen(ctx, integratie.BevraagAdressenInput{
				Postcode:             proces.Aaneen(g.Veld("nieuwAdres", "postcode")),
				Huisnummer:           g.Veld("nieuwAdres", "huisnummer"),
				Huisletter:           g.Veld("nieuwAdres", "huisletter"),
				Huisnummertoevoeging: g.Veld("nieuwAdres", "huisnummertoevoeging"),
			})
			return answer.Antwoord, err
		},
	}
}
