package paginas

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

type homeBody struct {
	Start        Screen
	MagStarten   bool
	StartRol     identity.Role
	Rollen       []identity.Role
	Afhandelaars []identity.Role // who do not begin a zaak but do steps in it
	Nabootsingen []string
}

func (s *site) home(v *visit) error {
	body := homeBody{Start: s.start(), StartRol: s.role(s.start().Rol), Rollen: s.Rollen, Nabootsingen: s.Nabootsingen}
	for _, role := range s.Rollen {
		if !s.mayStart(role.Naam) {
			body.Afhandelaars = append(body.Afhandelaars, role)
		}
	}
	body.MagStarten = s.anonymousStart() && v.anonymous() || !v.anonymous() && s.mayStart(v.user().Rol)
	return v.render(http.StatusOK, "home", s.Titel, body)
}

// startBody is the page with which a zaak begins.
type startBody struct {
	Scherm Screen
	Form   form
}

// starter is who begins a zaak. Where the process allows it that is a visitor
// who did not log in and gets a pseudonym for this browser.
func (v *visit) starter() (identity.User, error) {
	if v.site.anonymousStart() && v.anonymous() {
		if v.user().Known() {
			return v.user(), nil
		}
		return newAnonymous(v.site.start().Rol), nil
	}
	if err := v.loggedIn(); err != nil {
		return identity.User{}, err
	}
	if !v.site.mayStart(v.user().Rol) {
		return identity.User{}, &fault{status: http.StatusForbidden, detail: "Met uw rol kunt u geen zaak beginnen."}
	}
	return v.user(), nil
}

func (s *site) startPage(v *visit) error {
	user, err := v.starter()
	if err != nil {
		return err
	}
	v.session.User = user
	return v.showStart(http.StatusOK, v.initial(s.start().Velden, nil), nil)
}

func (v *visit) showStart(status int, typed url.Values, mistakes []mistake) error {
	screen := v.site.start()
	f, err := v.newForm(screen.Velden, typed, mistakes)
	if err != nil {
		return err
	}
	f.Actie, f.Knop = "/starten", "Versturen"
	if len(screen.Velden) == 0 {
		f.Knop = "Starten"
	}
	return v.render(status, "starten", screen.Titel, startBody{screen, f})
}

func (s *site) startSubmit(v *visit) error {
	user, err := v.starter()
	if err != nil {
		return err
	}
	fields := s.start().Velden
	if err := v.parse(fields); err != nil {
		return err
	}
	if fresh := user != v.user(); fresh {
		v.session = session{User: user}
		if err := s.sessions.write(v.w, v.session); err != nil {
			return err
		}
	}
	data, mistakes := readForm(fields, v.r)
	if len(mistakes) > 0 {
		return v.showStart(http.StatusUnprocessableEntity, v.r.PostForm, mistakes)
	}
	var made zaak
	_, err = s.proces.do(v.r.Context(), call{method: http.MethodPost, path: "/zaken", user: user, body: data, key: v.key()}, &made)
	if mistakes := v.refused(err, fields); mistakes != nil {
		return v.showStart(http.StatusUnprocessableEntity, v.r.PostForm, mistakes)
	}
	if err != nil {
		return err
	}
	// What a source answered is nowhere afterwards. When the zaak keeps nothing,
	// the answer is all there is to see, so this page shows it.
	if len(s.Onderwerp) == 0 && len(made.Antwoorden) > 0 {
		return v.showConfirmation(made)
	}
	return v.redirect("/zaken/" + url.PathEscape(made.ID) + "/bevestiging")
}

// refused gives the mistakes that layer 4 found, nil for any other outcome.
func (v *visit) refused(err error, fields []Field) []mistake {
	var f *fault
	if !errors.As(err, &f) || f.status != http.StatusBadRequest {
		return nil
	}
	return fromProblem(fields, f)
}

type confirmationBody struct {
	Zaak       zaak
	Antwoorden []answer
	Volgen     bool // somebody without a login needs the reference to come back
	Taak       bool // the next step is for the same person
	Burger     bool
}

func (s *site) confirmation(v *visit) error {
	z, _, err := v.zaak()
	if err != nil {
		return err
	}
	return v.showConfirmation(z)
}

func (v *visit) showConfirmation(z zaak) error {
	return v.render(http.StatusOK, "bevestiging", "Gelukt", confirmationBody{
		Zaak: z, Antwoorden: z.Antwoorden, Volgen: v.anonymous(), Taak: v.myTurn(z),
		Burger: v.site.role(v.user().Rol).Burger,
	})
}

// accessibility says honestly how far accessibility was looked at.
func (s *site) accessibility(v *visit) error {
	return v.render(http.StatusOK, "toegankelijkheid", "Toegankelijkheid", nil)
}
