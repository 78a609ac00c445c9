package proces

import (
	"context"
	"net/http"

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rest"
)

// KeuzesDienst is what layer 2 does for the fields of a form that refer to a
// record.
type KeuzesDienst interface {
	Keuzes(ctx context.Context, collection, label string) ([]integratie.Keuze, error)
}

// choices lists what a field that refers to a collection can be filled in with.
// Only collections that a form of the process refers to are open.
func (p *Proces) choices(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.known(r); err != nil {
		return err
	}
	label, ok := p.Verloop.Keuzes[r.PathValue("verzameling")]
	if !ok {
		return rest.NotFound()
	}
	found, err := p.Keuzes.Keuzes(r.Context(), r.PathValue("verzameling"), label)
	if err != nil {
		return storeFault(err)
	}
	return rest.Write(w, http.StatusOK, struct {
		Results []integratie.Keuze `json:"results"`
	}{found})
}
