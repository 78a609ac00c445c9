package proces

import (
	"context"
	"net/http"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// ChoicesService is what layer 2 does for the fields of a form that refer to a
// record.
type ChoicesService interface {
	Choices(ctx context.Context, collection, label string) ([]outway.Choice, error)
}

// Collection is a collection that a form refers to.
type Collection struct {
	Label    string   // the field that people know a record by; "" for none
	Roles    []string // whose forms refer to it: nobody else needs to see what is in it
	Personal bool     // its records are about people, so that reading them is logged
}

// choices lists what a field that refers to a collection can be filled in with.
// Only collections that a form of the user's role refers to are open, and all of
// them to who puts the data of a zaak right.
func (p *Process) choices(w http.ResponseWriter, r *http.Request) error {
	u, err := p.known(r)
	if err != nil {
		return err
	}
	of, ok := p.Course.Choices[r.PathValue("verzameling")]
	if !ok || !slices.Contains(of.Roles, u.Role) && !p.roles[u.Role].May(identity.RightInzage) {
		return rest.NotFound()
	}
	var found []outway.Choice
	fetch := func(ctx context.Context) error {
		var err error
		if found, err = p.Choices.Choices(ctx, r.PathValue("verzameling"), of.Label); err != nil {
			return storeFault(err)
		}
		return nil
	}
	if of.Personal { // layer 2 logs about whom; it is not about the user
		h := p.newAction("Keuzes voor een formulier bekijken", r.Header)
		h.line.Role = u.Role
		err = p.withLogboek(r.Context(), h, reads, fetch)
	} else {
		err = fetch(r.Context())
	}
	if err != nil {
		return err
	}
	return rest.Write(w, http.StatusOK, struct {
		Results []outway.Choice `json:"results"`
	}{found})
}
