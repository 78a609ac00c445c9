package proces

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// sight is how much of a zaak somebody may see.
type sight int

const (
	nothing   sight = iota
	following       // where it is; not what it is about
	everything
)

// user is who makes the request. A role that the process does not have is
// refused; no user at all is up to the operation.
func (p *Process) user(r *http.Request) (identity.User, error) {
	u := identity.FromContext(r.Context())
	if u.Known() {
		role, ok := p.roles[u.Role]
		if !ok {
			return u, forbidden("Deze rol doet niet mee aan dit proces.")
		}
		if !role.Outside() { // a medewerker acts for the organisation
			u.Represents = identity.Person{}
		}
	}
	return u, nil
}

// known is user for an operation that needs one.
func (p *Process) known(r *http.Request) (identity.User, error) {
	u, err := p.user(r)
	if err == nil && !u.Known() {
		err = unauthorized()
	}
	return u, err
}

func unauthorized() error {
	return rest.NewProblem(http.StatusUnauthorized, "Meld u aan om dit te kunnen doen.")
}

func forbidden(detail string) error { return rest.NewProblem(http.StatusForbidden, detail) }

// startRole is the role that starts a zaak; the zero Role when no person does.
func (p *Process) startRole() identity.Role { return p.roles[p.model.First().Role] }

// mine says whether a zaak is of the user: begun for this person, by whoever it
// was. Somebody who acts for that person sees only what they began themselves.
func mine(u identity.User, z outway.Zaak) bool {
	return z.Initiator != "" && z.Initiator == u.Applicant().ID && (!u.Represents.Known() || z.Representative == u.ID)
}

// own narrows a list to the zaken of somebody from outside.
func (p *Process) own(f *outway.Filter, u identity.User) {
	if !p.roles[u.Role].Outside() {
		return
	}
	f.Initiator = u.Applicant().ID
	if u.Represents.Known() {
		f.Representative = u.ID
	}
}

// sees decides what somebody may see of a zaak. An employee sees every zaak, a
// citizen or a company its own. Another citizen, such as a landlord who must
// agree, sees it while it waits for his role and he was given its address. What
// anybody may start without logging in, anybody with the address may follow: the
// address cannot be guessed, and following shows no data.
func (p *Process) sees(u identity.User, z outway.Zaak, at *bpmn.Node) sight {
	role := p.roles[u.Role]
	switch {
	case u.Known() && !role.Outside():
		return everything
	case u.Known() && mine(u, z):
		return everything
	case u.Known() && at.Role == u.Role && u.Role != p.startRole().Name:
		return everything
	case p.startRole().Anonymous:
		return following
	}
	return nothing
}

// onlyGuest keeps a zaak to one guest: once somebody from outside has done a step
// of a role in the zaak of another, nobody else with that role sees what that
// person filled in, also not when the zaak comes back to that role. Whose number
// stands in the record is that person too, whoever acted. The statuses are read when
// they are nil.
func (p *Process) onlyGuest(ctx context.Context, u identity.User, z outway.Zaak, statuses []outway.StatusRecord) error {
	role := p.roles[u.Role]
	if !role.Outside() || role.Anonymous || u.Role == p.startRole().Name || mine(u, z) {
		return nil
	}
	if statuses == nil {
		var err error
		if statuses, err = p.Zaken.Statuses(ctx, z.ID); err != nil {
			return storeFault(err)
		}
	}
	var guest string
	for i := 1; i < len(statuses); i++ {
		if n := p.step(ctx, z, statuses[i-1].Statustype); n != nil && n.Role == u.Role && statuses[i].SetBy != "" {
			guest = statuses[i].SetBy
		}
	}
	if guest == "" || guest == u.ID || z.Subject == "" {
		return nil
	}
	o, err := p.Subjects.Subject(ctx, z.Subject)
	if err != nil {
		return storeFault(err)
	}
	for _, number := range newData(o.Data, nil).subject {
		if text, ok := number.(string); ok && slices.Contains([]string{p.Key.PersonID(logboek.BSN, text), p.Key.PersonID(logboek.KVK, text)}, u.Applicant().ID) {
			return nil
		}
	}
	return rest.NotFound()
}

// may says whether somebody can do the step at which the zaak is.
func (p *Process) may(u identity.User, seen sight, at *bpmn.Node) error {
	// Whoever started without logging in is known by the address of the zaak.
	anonymous := p.roles[at.Role].Anonymous && seen >= following
	switch {
	case u.Known() && at.Role == u.Role && (seen == everything || anonymous), !u.Known() && anonymous:
		return nil
	case !u.Known():
		return unauthorized()
	}
	return forbidden("Deze stap is voor een andere rol: " + at.RoleTitle + ".")
}

// acted answers whoever just did a step. Somebody from outside who takes part in
// the zaak of another sees it for that step only: the step is done, so the answer
// says where the zaak is now and nothing of what it is about.
func (p *Process) acted(w http.ResponseWriter, r *http.Request, u identity.User, before state, d outway.Done, answers []asked) error {
	s, err := p.after(r.Context(), u, before, d)
	if err == nil {
		return p.show(r.Context(), w, http.StatusOK, u, s, answers)
	}
	if gone, ok := errors.AsType[*rest.Problem](err); !ok || gone.Status != http.StatusNotFound {
		return err
	}
	z := d.Zaak
	v := zaakDetail{zaakView: p.showZaak(z, p.at(r.Context(), z)), History: []event{}}
	v.parties = parties{}
	w.Header().Set("ETag", state{zaak: z}.etag())
	return rest.Write(w, http.StatusOK, v)
}
