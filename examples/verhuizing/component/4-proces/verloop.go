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
func New(o *outway.Outway) proces.Course {
	return proces.Course{
		Roles:      roles,
		Activity:   activities[0],
		Activities: activities,
		Subject:    "verhuizingen", // what a zaak is about
		Questions: map[string]proces.Question{
			"adres-controleren": askAdresControleren(integratie.NewBAG(o, activityAangifteVerhuizing)),
		},
	}
}

// askAdresControleren is what the step asks its source: Adres controleren in de BAG.
func askAdresControleren(source integratie.BAG) proces.Question {
	return proces.Question{
		Ask: func(ctx context.Context, d proces.Data) (outway.Answer, error) {
			answer, err := source.BevraagAdressen(ctx, integratie.BevraagAdressenInput{
				Postcode:             proces.Compact(d.Field("nieuwAdres", "postcode")),
				Huisnummer:           d.Field("nieuwAdres", "huisnummer"),
				Huisletter:           d.Field("nieuwAdres", "huisletter"),
				Huisnummertoevoeging: d.Field("nieuwAdres", "huisnummertoevoeging"),
			})
			return answer.Answer, err
		},
	}
}
