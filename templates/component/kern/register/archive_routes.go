package register

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Internal makes the internal routes of the archive.
func (a *Archive) Internal() []rest.Route {
	return []rest.Route{
		{Method: http.MethodGet, Pattern: "/archief", Handler: ownOnly(a.proposal)},
		{Method: http.MethodGet, Pattern: "/archief/vernietigingen", Handler: ownOnly(a.declarations)},
		{Method: http.MethodPost, Pattern: "/archief/vernietigingen", Handler: ownOnly(a.approve)},
		{Method: http.MethodGet, Pattern: "/archief/vernietigingen/{id}", Handler: ownOnly(a.declaration)},
	}
}

// zaken are the operations of the specification on zaken that are due.
func (a *Archive) zaken() []rest.Route {
	return []rest.Route{{Method: http.MethodDelete, Pattern: "/zaken/{id}", Handler: ownOnly(a.removeZaak)}}
}

const (
	maxApproved = 1 << 20 // bytes of JSON
	maxShown    = 200     // things that are due, in one answer
	maxName     = 200

	// wipeWithin is how long a request waits for the space that came free.
	wipeWithin = 3 * time.Second
)

// page is a proposal of which not all may be shown.
type page struct {
	*opslag.Proposal
	Count int `json:"aantal"`
}

func (a *Archive) proposal(w http.ResponseWriter, r *http.Request) error {
	p, err := a.Proposal(r.Context())
	if err != nil {
		return problem(err)
	}
	answer := page{p, len(p.Items)}
	p.Items = p.Items[:min(len(p.Items), maxShown)]
	p.Held = p.Held[:min(len(p.Held), maxShown)]
	return rest.Write(w, http.StatusOK, answer)
}

func (a *Archive) declarations(w http.ResponseWriter, r *http.Request) error {
	all, err := a.store.Declarations(r.Context())
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, all)
}

func (a *Archive) declaration(w http.ResponseWriter, r *http.Request) error {
	d, err := a.store.Declaration(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, d)
}

func (a *Archive) approve(w http.ResponseWriter, r *http.Request) error {
	var given struct {
		Items    []Named `json:"teVernietigen"`
		By       string  `json:"door"`
		Approval string  `json:"goedkeuring"`
	}
	if err := rest.DecodeInternal(w, r, maxApproved, &given); err != nil {
		return err
	}
	var faults []rest.Fault
	if given.By = strings.TrimSpace(given.By); given.By == "" || len(given.By) > maxName {
		faults = append(faults, rest.InBody("/door", "required", "Zeg wie dit goedkeurt."))
	}
	if given.Approval = strings.TrimSpace(given.Approval); given.Approval == "" || len(given.Approval) > maxName {
		faults = append(faults, rest.InBody("/goedkeuring", "required", "Zeg wat er is goedgekeurd."))
	}
	if len(given.Items) == 0 {
		faults = append(faults, rest.InBody("/teVernietigen", "required", "Zeg wat er vernietigd wordt."))
	}
	if faults != nil {
		return rest.Invalid(faults...)
	}
	o, err := a.Destroy(r.Context(), given.Items, opslag.Decision{By: given.By, Approval: given.Approval}, wipeWithin)
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, o)
}

// removeZaak removes one zaak of which the term has passed. Before that day
// nobody removes a zaak, whatever the API is asked.
func (a *Archive) removeZaak(w http.ResponseWriter, r *http.Request) error {
	seen, err := rest.IfMatch(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	_, now, err := a.store.Zaak(r.Context(), id)
	not, waits := errors.AsType[*opslag.NotDue](err)
	if err != nil && !waits {
		return problem(err)
	}
	if err := seen.MeetsVersion(now); err != nil {
		return err
	}
	if waits {
		return rest.NewProblem(http.StatusConflict, "Deze zaak kan niet worden vernietigd. "+not.Why)
	}
	o, err := a.Destroy(r.Context(), []Named{{opslag.KindZaak, id}}, opslag.Decision{By: "dit component", Approval: "een verzoek aan de API, zaak op versie " + strconv.FormatInt(now, 10)}, wipeWithin)
	if err != nil {
		return problem(err)
	}
	if len(o.Skipped) > 0 {
		return rest.NewProblem(http.StatusConflict, "Deze zaak kan niet worden vernietigd. "+o.Skipped[0].Why)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
