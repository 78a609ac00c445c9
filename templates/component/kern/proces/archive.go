package proces

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// ArchiveService is what layer 2 does with what is due to be destroyed.
type ArchiveService interface {
	Archive(ctx context.Context) (json.RawMessage, error)
	Declarations(ctx context.Context) (json.RawMessage, error)
	Declaration(ctx context.Context, id string) (json.RawMessage, error)
	Destroy(ctx context.Context, a outway.Approval) (outway.Destruction, error)
}

// archiveRoutes are the internal operations for whoever has the right archief.
func (p *Process) archiveRoutes() []rest.Route {
	if p.Archive == nil {
		return nil
	}
	const all = "/archief/vernietigingen"
	return []rest.Route{
		{Method: http.MethodGet, Pattern: "/archief", Handler: p.logged("Lijst van te vernietigen zaken bekijken", reads, p.passOn(p.due))},
		{Method: http.MethodGet, Pattern: all, Handler: p.logged("Verklaringen van vernietiging bekijken", reads, p.passOn(p.declarations))},
		{Method: http.MethodGet, Pattern: all + "/{id}", Handler: p.logged("Verklaring van vernietiging bekijken", reads, p.passOn(p.declaration))},
		{Method: http.MethodPost, Pattern: all, Handler: p.logged("Vernietiging goedkeuren", changes, p.approve)},
	}
}

// passOn gives what layer 2 says to whoever has the right archief.
func (p *Process) passOn(ask func(*http.Request) (json.RawMessage, error)) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := p.withRight(r, identity.RightArchief); err != nil {
			return err
		}
		raw, err := ask(r)
		if err != nil {
			return storeFault(err)
		}
		return rest.Write(w, http.StatusOK, raw)
	}
}

func (p *Process) due(r *http.Request) (json.RawMessage, error) {
	return p.Archive.Archive(r.Context())
}

func (p *Process) declarations(r *http.Request) (json.RawMessage, error) {
	return p.Archive.Declarations(r.Context())
}

func (p *Process) declaration(r *http.Request) (json.RawMessage, error) {
	return p.Archive.Declaration(r.Context(), r.PathValue("id"))
}

const maxApproved = 1 << 20 // bytes of JSON

// approve destroys what somebody chose from the list.
func (p *Process) approve(w http.ResponseWriter, r *http.Request) error {
	u, err := p.withRight(r, identity.RightArchief)
	if err != nil {
		return err
	}
	var a outway.Approval
	if err := rest.DecodeInternal(w, r, maxApproved, &a); err != nil {
		return err
	}
	a.By, a.Approval = p.who(u, a.By), "de lijst op de pagina Archief van "+value.DateOf(p.now()).String()
	d, err := p.Archive.Destroy(r.Context(), a)
	if outway.Status(err) == http.StatusBadRequest {
		return rest.Invalid(rest.InBody("/teVernietigen", "required", "Kies wat er vernietigd wordt."))
	}
	if err != nil {
		return storeFault(err)
	}
	return rest.Write(w, http.StatusOK, d)
}

// who is how a declaration names who decided: by name when the pages know it,
// and always with the role.
func (p *Process) who(u identity.User, name string) string {
	if name = strings.TrimSpace(name); name == "" {
		name = u.ID
	}
	return name + " (" + p.roles[u.Role].Title + ")"
}

// destroyZaak destroys one zaak of which the term has passed.
func (p *Process) destroyZaak(w http.ResponseWriter, r *http.Request) error {
	u, err := p.withRight(r, identity.RightArchief)
	if err != nil {
		return err
	}
	seen, err := rest.IfMatch(r)
	if err != nil {
		return err
	}
	s, err := p.find(r.Context(), u, r.PathValue("zaakId"))
	if err != nil {
		return err
	}
	if err := seen.Meets(s.etag()); err != nil {
		return err
	}
	d, err := p.Archive.Destroy(r.Context(), outway.Approval{Items: []outway.Named{{Kind: "zaak", ID: s.zaak.ID}}, By: p.who(u, ""), Approval: "een verzoek aan de API van het proces"})
	if err != nil {
		return storeFault(err)
	}
	if len(d.Skipped) > 0 {
		return rest.NewProblem(http.StatusConflict, "Deze zaak kan niet worden vernietigd. "+d.Skipped[0].Why)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
