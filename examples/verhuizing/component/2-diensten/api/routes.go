// Package api is the part of layer 2 that belongs to this component alone: what
// openapi.yaml promises, tied to the tables of the register.
package api

import (
	"slices"

	"git.duinstad.test/burgerzaken/verhuizing/1-gegevens/register"
	diensten "git.duinstad.test/burgerzaken/verhuizing/2-diensten"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rest"
)

// Routes are the handlers of all operations in openapi.yaml.
func Routes(r *register.Register) []rest.Route {
	return slices.Concat(
		diensten.Zaken(r.Zaken),
		diensten.Register("verhuizingen", r.Verhuizingen),
	)
}
