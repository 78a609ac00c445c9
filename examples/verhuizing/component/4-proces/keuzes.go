package proces

import (
	"context"
	"net/http"
	"slices"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rest"
)

// KeuzesDienst is what layer 2 does for the fields of a form that refer to a
// record.
type KeuzesDienst interface {
	Keuzes(ctx context.Context, collection, label string) ([]integratie.Keuze, error)
}

// Verzameling is a collection that a form refers to.
type Verzameling struct {
	Label  string   // the field that people know a record by; "" for none
	Rollen []string // whose forms refer to it: nobody else needs to see what is in it
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
	found, err := p.Keuzes.Keuzes(r.Context(), r.PathValue("verzameling"), of.Label)
	if err != nil {
		return storeFault(err)
	}
	return rest.Write(w, http.StatusOK, struct {
		Results []integratie.Keuze `json:"results"`
	}{found})
}
