// Package register is the part of layer 1 that belongs to this component alone:
// its tables, a file for each, and invented records to begin with.
package register

import (
	"context"

	gegevens "git.duinstad.test/burgerzaken/verhuizing/1-gegevens"
	"git.duinstad.test/burgerzaken/verhuizing/internal/identity"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rollen"
)

// Register gives access to all that this component stores.
type Register struct {
	Zaken        *gegevens.Zaken
	Logboek      *gegevens.Logboek
	Verhuizingen *gegevens.Tabel[Verhuizing]
}

// New makes the access to a database whose tables are up to date.
func New(db *gegevens.Database) *Register {
	return &Register{
		Zaken:        gegevens.NewZaken(db, "00000099000000001000"),
		Logboek:      gegevens.NewLogboek(db),
		Verhuizingen: gegevens.NewTabel(db, verhuizingSchema),
	}
}

// Seed puts invented records in an empty register, for development. When there
// is anything in it already, it does nothing.
func (r *Register) Seed(ctx context.Context) error {
	leeg, err := gegevens.Empty(ctx, r.Zaken, r.Verhuizingen)
	if err != nil || !leeg {
		return err
	}
	for i, rij := range verhuizingVoorbeelden() {
		if _, err := r.Verhuizingen.Create(ctx, rij, ""); err != nil {
			return err
		}
		if err := r.seedZaak(ctx, i, rij.ID); err != nil {
			return err
		}
	}
	return nil
}

// seedZaak opens a zaak about a record and brings it to the first step after
// the start. It belongs to one of the invented persons that one can log in as.
func (r *Register) seedZaak(ctx context.Context, i int, onderwerp string) error {
	var personen []string
	for _, persoon := range identity.Personas(rollen.Rollen()) {
		if persoon.Rol == "inwoner" {
			personen = append(personen, persoon.ID)
		}
	}
	wie := personen[i%len(personen)]
	zaak, _, err := r.Zaken.Create(ctx, gegevens.NieuweZaak{
		Omschrijving: "Verhuizing doorgeven",
		Zaaktype:     "verhuizing-doorgeven",
		HuidigeStap:  "aangifte",
		Onderwerp:    onderwerp,
		Initiator:    wie,
		GezetDoor:    wie,
	}, "")
	if err != nil {
		return err
	}
	_, _, _, err = r.Zaken.Move(ctx, zaak.ID, zaak.Versie, gegevens.NieuweStatus{
		Statustype: "adres-controleren",
		GezetDoor:  wie,
	}, "")
	return err
}
