package proces

import (
	"context"
	"net/http"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// KeuzesDienst is what layer 2 does for the fields of a form that refer to a
// record.
type KeuzesDienst interface {
	Keuzes(ctx context.Context, collection, label string) ([]outway.Keuze, error)
}

// Verzameling is a collection that a form refers to.
type Verzameling struct {
	Label       string   // the field that people know a record by; "" for none
	Rollen      []string // whose forms refer to it: nobody else needs to see what is in it
	Persoonlijk bool     // its records are about people, so that reading them is logged
}

// choices lists what a field that refers to a collection can be filled in with.
// Only collections that a form of the user's role refers to are open.
func (p *Proces) choices(w http.ResponseWriter, r *http.Request) error {
	u, err := p.known(r)
	if err != nil {
		return err
	}
	of, ok := p.Verloop.Keuzes[r.PathValue("verzameling")]
	if !ok || !slices.Contains(of.Rollen, u.Rol) {
		return rest.NotFound()
	}
	var found []outway.Keuze
	fetch := func(ctx context.Context) error {
		var err error
		if found, err = p.Keuzes.Keuzes(ctx, r.PathValue("verzameling"), of.Label); err != nil {
			return storeFault(err)
		}
		return nil
	}
	if of.Persoonlijk { // layer 2 logs about whom; it is not about the user
		h := p.nieuweHandeling("Keuzes voor een formulier bekijken", r.Header)
		h.line.Rol = u.Rol
		err = p.metLogboek(r.Context(), h, leest, fetch)
	} else {
		err = fetch(r.Context())
	}
	if err != nil {
		return err
	}
	return rest.Write(w, http.StatusOK, struct {
		Results []outway.Keuze `json:"results"`
	}{found})
}
