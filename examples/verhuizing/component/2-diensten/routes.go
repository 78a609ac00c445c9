// Package diensten is layer 2: what openapi.yaml promises, tied to the tables of
// layer 1. The operations on zaken and on the log of processing are those of kern.
package diensten

import (
	gegevens "git.duinstad.test/burgerzaken/verhuizing/1-gegevens"
	"git.duinstad.test/burgerzaken/verhuizing/kern/opslag"
	"git.duinstad.test/burgerzaken/verhuizing/kern/register"
)

// New offers the tables in a database. What is done with personal data is
// written in the log.
func New(db *opslag.Database, log register.Log) register.API {
	r := gegevens.New(db)
	return register.API{
		Collections: []register.Collection{
			register.NewCollection("verhuizingen", "Verhuizing", r.Verhuizingen, log),
		},
		Seed: r.Seed,
	}
}
