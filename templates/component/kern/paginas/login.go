package paginas

import (
	"net/http"
	"net/url"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// login is how somebody says who they are: by picking an invented person in
// development, at the identity provider in production.
type login interface {
	begin(v *visit) error  // GET /inloggen
	choose(v *visit) error // POST /inloggen
	finish(v *visit) error // GET /inloggen/terug
}

func (s *site) loginPage(v *visit) error   { return s.login.begin(v) }
func (s *site) loginChoose(v *visit) error { return s.login.choose(v) }
func (s *site) loginReturn(v *visit) error { return s.login.finish(v) }

func (s *site) logout(v *visit) error {
	s.sessions.clear(v.w)
	return v.redirect("/")
}

// chooseRole changes to another role of the same user.
func (s *site) chooseRole(v *visit) error {
	if err := v.loggedIn(); err != nil {
		return err
	}
	if err := v.parse(nil); err != nil {
		return err
	}
	wanted := v.r.PostFormValue("rol")
	for _, role := range v.session.Roles {
		if role == wanted {
			v.session.User.Role = role
			if err := s.sessions.write(v.w, v.session); err != nil {
				return err
			}
			return v.redirect("/")
		}
	}
	return &fault{status: http.StatusForbidden, detail: "Deze rol hebt u niet."}
}

// personaLogin is the login of development: a list of invented persons.
type personaLogin struct {
	roles    []identity.Role
	personas []identity.User
}

func newPersonaLogin(roles []identity.Role) *personaLogin {
	return &personaLogin{roles, identity.Personas(roles)}
}

type loginBody struct {
	Roles    []loginRole
	ReturnTo string
}

type loginRole struct {
	identity.Role
	Persons []identity.User
}

func (l *personaLogin) begin(v *visit) error {
	body := loginBody{ReturnTo: local(v.r.URL.Query().Get("naar"))}
	for _, role := range l.roles {
		with := loginRole{Role: role}
		for _, p := range l.personas {
			if p.Role == role.Name {
				with.Persons = append(with.Persons, p)
			}
		}
		body.Roles = append(body.Roles, with)
	}
	return v.render(http.StatusOK, "inloggen", "Inloggen", body)
}

func (l *personaLogin) choose(v *visit) error {
	if err := v.parse(nil); err != nil {
		return err
	}
	for _, p := range l.personas {
		if p.ID == v.r.PostFormValue("persoon") {
			if err := v.site.sessions.write(v.w, session{User: p, Roles: []string{p.Role}}); err != nil {
				return err
			}
			return v.redirect(local(v.r.PostFormValue("naar")))
		}
	}
	return v.redirect("/inloggen?naar=" + url.QueryEscape(local(v.r.PostFormValue("naar"))))
}

func (l *personaLogin) finish(*visit) error { return notFound() }
