// Package api is the part of layer 2 that belongs to this component alone: what
// openapi.yaml promises, tied to the tables of the register.
package api

import (
	"slices"

	"git.duinstad.test/burgerzaken/verhuizing/1-gegevens/register"
	diensten "git.duinstad.test/burgerzaken/verhuizing/2-diensten"
	"git.duinstad.test/burgerzaken/verhuizing/internal/activiteiten"
	"git.duinstad.test/burgerzaken/verhuizing/internal/logboek"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rest"
)

// Routes are the handlers of all operations in openapi.yaml. With the key the
// pseudonyms in the log of processing are made.
func Routes(r *register.Register, sleutel logboek.Sleutel) []rest.Route {
	return slices.Concat(
		diensten.Zaken(r.Zaken),
		diensten.Verwerkingen(r.Logboek),
		diensten.Register("verhuizingen", r.Verhuizingen, &diensten.Persoonsgegevens[register.Verhuizing]{
			Logboek: r.Logboek, Sleutel: sleutel, Activiteit: activiteiten.Hoofdactiviteit, Titel: "Verhuizing",
			Velden: []string{"bsn", "nieuwAdres", "email", "toelichting"},
			BSNs: func(rij *register.Verhuizing) []string {
				return []string{rij.BSN}
			},
		}),
	)
}
