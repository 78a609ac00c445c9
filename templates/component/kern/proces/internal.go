package proces

import (
	"context"
	"net/http"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// KeepService is what layer 2 does with what is kept for a short time.
type KeepService interface {
	Keep(ctx context.Context, kind, id string, k outway.Kept) error
	Kept(ctx context.Context, kind, id string) (outway.Kept, error)
	Forget(ctx context.Context, kind, id string) error
	// Rename gives the zaken of a person to the later of two user ids.
	Rename(ctx context.Context, from, to string) error
}

// internal are the operations for the pages that no specification has: this
// layer passes on what they keep for a short time.
func (p *Process) internal() []rest.Route {
	return slices.Concat(p.keepRoutes(), p.fileRoutes(), p.markRoutes(), p.archiveRoutes(), p.inzageRoutes(), p.processRoutes())
}

func (p *Process) keepRoutes() []rest.Route {
	if p.Temporary == nil {
		return nil
	}
	const one = "/tijdelijk/{soort}/{id}"
	return []rest.Route{
		{Method: http.MethodPut, Pattern: one, Handler: rest.HandlerFunc(p.keep)},
		{Method: http.MethodGet, Pattern: one, Handler: rest.HandlerFunc(p.kept)},
		{Method: http.MethodDelete, Pattern: one, Handler: rest.HandlerFunc(p.forget)},
		{Method: http.MethodPost, Pattern: "/personen", Handler: rest.HandlerFunc(p.rename)},
	}
}

const maxKept = 2 << 20 // bytes of JSON

func (p *Process) keep(w http.ResponseWriter, r *http.Request) error {
	var k outway.Kept
	if err := rest.DecodeInternal(w, r, maxKept, &k); err != nil {
		return err
	}
	if err := p.Temporary.Keep(r.Context(), r.PathValue("soort"), r.PathValue("id"), k); err != nil {
		return storeFault(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (p *Process) kept(w http.ResponseWriter, r *http.Request) error {
	k, err := p.Temporary.Kept(r.Context(), r.PathValue("soort"), r.PathValue("id"))
	if err != nil {
		return storeFault(err)
	}
	return rest.Write(w, http.StatusOK, k)
}

func (p *Process) forget(w http.ResponseWriter, r *http.Request) error {
	if err := p.Temporary.Forget(r.Context(), r.PathValue("soort"), r.PathValue("id")); err != nil {
		return storeFault(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// rename passes on that a person has another user id than before.
func (p *Process) rename(w http.ResponseWriter, r *http.Request) error {
	var ids struct {
		From string `json:"van"`
		To   string `json:"naar"`
	}
	if err := rest.DecodeInternal(w, r, maxMark, &ids); err != nil {
		return err
	}
	if err := p.Temporary.Rename(r.Context(), ids.From, ids.To); err != nil {
		return storeFault(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
