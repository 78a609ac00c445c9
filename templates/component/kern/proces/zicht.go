package proces

import (
	"net/http"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// zicht is how much of a zaak somebody may see.
type zicht int

const (
	niets  zicht = iota
	volgen       // where it is; not what it is about
	alles
)

// user is who makes the request. A role that the process does not have is
// refused; no user at all is up to the operation.
func (p *Proces) user(r *http.Request) (identity.User, error) {
	u := identity.FromContext(r.Context())
	if u.Known() {
		if _, ok := p.rollen[u.Rol]; !ok {
			return u, forbidden("Deze rol doet niet mee aan dit proces.")
		}
	}
	return u, nil
}

// known is user for an operation that needs one.
func (p *Proces) known(r *http.Request) (identity.User, error) {
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
func (p *Proces) startRole() identity.Role { return p.rollen[p.model.First().Role] }

// sees decides what somebody may see of a zaak. An employee sees every zaak, a
// citizen her own. Another citizen, such as a landlord who must agree, sees it
// while it waits for his role and he was given its address. What anybody may
// start without logging in, anybody with the address may follow: the address
// cannot be guessed, and following shows no data.
func (p *Proces) sees(u identity.User, z outway.Zaak, at *bpmn.Node) zicht {
	role := p.rollen[u.Rol]
	switch {
	case u.Known() && !role.Burger:
		return alles
	case u.Known() && z.Initiator != "" && z.Initiator == u.ID:
		return alles
	case u.Known() && at.Role == u.Rol && u.Rol != p.startRole().Naam:
		return alles
	case p.startRole().Anoniem:
		return volgen
	}
	return niets
}

// may says whether somebody can do the step at which the zaak is.
func (p *Proces) may(u identity.User, seen zicht, at *bpmn.Node) error {
	// Whoever started without logging in is known by the address of the zaak.
	anonymous := p.rollen[at.Role].Anoniem && seen >= volgen
	switch {
	case u.Known() && at.Role == u.Rol && (seen == alles || anonymous), !u.Known() && anonymous:
		return nil
	case !u.Known():
		return unauthorized()
	}
	return forbidden("Deze stap is voor een andere rol: " + at.RoleTitle + ".")
}
