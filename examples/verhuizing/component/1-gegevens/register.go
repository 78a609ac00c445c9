// Package gegevens is layer 1: what this component itself stores. Each table has
// a file of its own; the zaken and the log of processing are those of kern.
package gegevens

import (
	"context"

	"git.duinstad.test/burgerzaken/verhuizing/kern/opslag"
)

// Register gives access to the tables.
type Register struct {
	Verhuizingen *opslag.Table[Verhuizing]
}

// New makes the access to a database whose tables are up to date.
func New(db *opslag.Database) *Register {
	return &Register{
		Verhuizingen: opslag.NewTable(db, verhuizingSchema),
	}
}

// Seed puts invented records in an empty register, for development, and gives
// the ids of those that a zaak is about.
func (r *Register) Seed(ctx context.Context) ([]string, error) {
	empty, err := opslag.Empty(ctx, r.Verhuizingen)
	if err != nil || !empty {
		return nil, err
	}
	return opslag.Fill(ctx, r.Verhuizingen, verhuizingExamples())
}
