package proces

import (
	"context"
	"net/http"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// MarkService is what layer 2 does with the marks on a zaak.
type MarkService interface {
	Marks(ctx context.Context, zaak string) ([]outway.Mark, error)
	SetMark(ctx context.Context, zaak string, n outway.NewMark) (outway.Mark, error)
	LiftMark(ctx context.Context, zaak, kind, by string) error
}

// rightTo is the right that it takes to set or lift a kind of mark.
var rightTo = map[string]string{
	outway.MarkHold: identity.RightArchief, "beperking": identity.RightInzage, "bezwaar": identity.RightInzage,
}

// markRoutes are the internal operations on the marks of a zaak.
func (p *Process) markRoutes() []rest.Route {
	if p.Marks == nil {
		return nil
	}
	const all = "/zaken/{zaakId}/markeringen"
	return []rest.Route{
		{Method: http.MethodGet, Pattern: all, Handler: p.logged("Markeringen van een zaak bekijken", reads, p.listMarks)},
		{Method: http.MethodPost, Pattern: all, Handler: p.logged("Markering op een zaak zetten", changes, p.setMark)},
		{Method: http.MethodPost, Pattern: all + "/{soort}/opheffen", Handler: p.logged("Markering van een zaak opheffen", changes, p.liftMark)},
	}
}

// withRight is the user when the role has one of the rights.
func (p *Process) withRight(r *http.Request, rights ...string) (identity.User, error) {
	u, err := p.known(r)
	if err == nil && !slices.ContainsFunc(rights, p.roles[u.Role].May) {
		err = forbidden("Uw rol heeft het recht daarvoor niet.")
	}
	return u, err
}

func (p *Process) listMarks(w http.ResponseWriter, r *http.Request) error {
	u, err := p.withRight(r, identity.RightArchief, identity.RightInzage)
	if err != nil {
		return err
	}
	s, err := p.look(r.Context(), u, r.PathValue("zaakId"))
	if err != nil {
		return err
	}
	all, err := p.Marks.Marks(r.Context(), s.zaak.ID)
	if err != nil {
		return storeFault(err)
	}
	return rest.Write(w, http.StatusOK, all)
}

const maxMark = 16 << 10 // bytes of JSON

func (p *Process) setMark(w http.ResponseWriter, r *http.Request) error {
	var n outway.NewMark
	if err := rest.DecodeInternal(w, r, maxMark, &n); err != nil {
		return err
	}
	s, u, err := p.toMark(r, n.Kind)
	if err != nil {
		return err
	}
	n.SetBy = u.ID
	m, err := p.Marks.SetMark(r.Context(), s.zaak.ID, n)
	switch outway.Status(err) {
	case http.StatusConflict:
		return rest.NewProblem(http.StatusConflict, "Deze markering staat al op de zaak.")
	case http.StatusBadRequest:
		return rest.Invalid(rest.InBody("/reden", "required", "Geef de reden, in hoogstens 1000 tekens."))
	}
	if err != nil {
		return storeFault(err)
	}
	return rest.Write(w, http.StatusCreated, m)
}

func (p *Process) liftMark(w http.ResponseWriter, r *http.Request) error {
	s, u, err := p.toMark(r, r.PathValue("soort"))
	if err != nil {
		return err
	}
	if err := p.Marks.LiftMark(r.Context(), s.zaak.ID, r.PathValue("soort"), u.ID); err != nil {
		return storeFault(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// toMark is the zaak that somebody with the right wants to mark.
func (p *Process) toMark(r *http.Request, kind string) (s state, u identity.User, err error) {
	right, known := rightTo[kind]
	if !known {
		return s, u, rest.Invalid(rest.InBody("/soort", "enum", "Kies bewaren, beperking of bezwaar."))
	}
	if u, err = p.withRight(r, right); err != nil {
		return s, u, err
	}
	s, err = p.look(r.Context(), u, r.PathValue("zaakId"))
	return s, u, err
}

// stopped is what a caller hears who wants to go on with a zaak that a mark stops.
func stopped() error {
	return rest.NewProblem(http.StatusConflict, "De verwerking van deze zaak staat stil: er is een beperking of een bezwaar. Dat moet eerst worden opgeheven.")
}

// marks are the marks of a zaak that somebody may know of. Why the zaak stands
// still is for all who see it; that it is kept for something else, such as a
// case in court, only for employees.
func (p *Process) marks(u identity.User, z outway.Zaak) []string {
	if u.Known() && !p.roles[u.Role].Outside() {
		return z.Marks
	}
	return slices.DeleteFunc(slices.Clone(z.Marks), func(kind string) bool { return kind == outway.MarkHold })
}
