package paginas

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// backPath is where the provider of the login sends a browser back to.
const backPath = "/inloggen/terug"

// login is how somebody says who they are: by picking an invented person in
// development, at the identity provider in production.
type login interface {
	begin(v *visit) error  // GET /inloggen
	choose(v *visit) error // POST /inloggen
	finish(v *visit) error // GET /inloggen/terug

	end(v *visit, old session) error // POST /uitloggen, after the session ended here
}

func (s *site) loginPage(v *visit) error   { return s.login.begin(v) }
func (s *site) loginChoose(v *visit) error { return s.login.choose(v) }
func (s *site) loginReturn(v *visit) error { return s.login.finish(v) }

func (s *site) logout(v *visit) error {
	old := v.session
	if err := v.leave(v.r.Context()); err != nil {
		return err
	}
	return s.login.end(v, old)
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
	if slices.Contains(v.session.Roles, wanted) {
		value := v.session
		value.User.Role = wanted
		if value.Login.Way != "" {
			value.User = inRole(value.Login.Self, s.role(wanted), s.Key)
			v.knownAs(value.Login.Self.ID, value.User)
		}
		if err := v.enter(value); err != nil {
			return err
		}
		return v.redirect("/")
	}
	return &fault{status: http.StatusForbidden, detail: "Deze rol hebt u niet."}
}

// knownAs finds back what somebody began under the user id of before ids followed
// from a number: an update must not take away somebody's zaken. Without it
// logging in goes on: it is tried again the next time. Who acts for another waits
// until then too: the provider may name either of the two persons as the one who
// logs in.
func (v *visit) knownAs(before string, u identity.User) {
	if before == u.ID || u.Represents.Known() || !v.site.role(u.Role).Outside() {
		return
	}
	if err := v.site.process.rename(v.r.Context(), before, u.ID); err != nil {
		v.site.Log.WarnContext(v.r.Context(), "eerdere zaken zijn niet gezocht", "fout", err.Error())
	}
}

// personaLogin is the login of development: a list of invented persons.
type personaLogin struct {
	roles    []identity.Role
	personas []identity.User
}

func newPersonaLogin(roles []identity.Role, variant int, key logboek.Key) *personaLogin {
	return &personaLogin{roles, identity.Personas(roles, variant, key.PersonID)}
}

type loginBody struct {
	Roles  []loginRole
	Others []loginRole // who act for another, or have no number
}

type loginRole struct {
	identity.Role
	Persons  []identity.User
	ReturnTo string
}

func (l *personaLogin) begin(v *visit) error {
	body, to := loginBody{}, local(v.r.URL.Query().Get("naar"))
	for _, role := range l.roles {
		with, other := loginRole{Role: role, ReturnTo: to}, loginRole{Role: role, ReturnTo: to}
		for _, p := range l.personas {
			switch {
			case p.Role != role.Name:
			case p.Represents.Known() || p.EU != "":
				other.Persons = append(other.Persons, p)
			default:
				with.Persons = append(with.Persons, p)
			}
		}
		body.Roles = append(body.Roles, with)
		if len(other.Persons) > 0 {
			body.Others = append(body.Others, other)
		}
	}
	return v.render(http.StatusOK, "inloggen", "Inloggen", body)
}

func (l *personaLogin) choose(v *visit) error {
	if err := v.parse(nil); err != nil {
		return err
	}
	for _, p := range l.personas {
		if p.Choice() == v.r.PostFormValue("persoon") {
			v.knownAs(identity.Pseudonym("nabootsing", p.Role+"/"+p.Name), p)
			if err := v.enter(session{User: p, Roles: []string{p.Role}}); err != nil {
				return err
			}
			return v.redirect(local(v.r.PostFormValue("naar")))
		}
	}
	return v.redirect("/inloggen?naar=" + url.QueryEscape(local(v.r.PostFormValue("naar"))))
}

func (l *personaLogin) finish(*visit) error { return notFound() }

func (l *personaLogin) end(v *visit, _ session) error { return v.redirect("/") }
