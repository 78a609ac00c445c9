package paginas

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
)

type homeBody struct {
	Start     Screen
	MayStart  bool
	StartRole identity.Role
	Roles     []identity.Role
	Handlers  []identity.Role // who do not begin a zaak but do steps in it
	StandIns  []string
	Inzage    bool // the user may search a person
	Archief   bool // the user may approve destruction
}

func (s *site) home(v *visit) error {
	body := homeBody{Start: s.start(), StartRole: s.role(s.start().Role), Roles: s.Roles, StandIns: s.StandIns}
	for _, role := range s.Roles {
		if !s.mayStart(role.Name) {
			body.Handlers = append(body.Handlers, role)
		}
	}
	body.Inzage, body.Archief = v.may(identity.RightInzage), v.may(identity.RightArchief)
	body.MayStart = s.anonymousStart() && v.anonymous() || !v.anonymous() && s.mayStart(v.user().Role)
	return v.render(http.StatusOK, "home", s.Title, body)
}

// startBody is the page with which a zaak begins.
type startBody struct {
	Screen Screen
	Form   form
}

// starter is who begins a zaak. Where the process allows it that is a visitor
// who did not log in and gets a pseudonym for this browser.
func (v *visit) starter() (identity.User, error) {
	if v.site.anonymousStart() && v.anonymous() {
		if v.user().Known() {
			return v.user(), nil
		}
		return newAnonymous(v.site.start().Role), nil
	}
	if err := v.loggedIn(); err != nil {
		return identity.User{}, err
	}
	if !v.site.mayStart(v.user().Role) {
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
	typed := v.draft(startPath)
	v.drafted = typed != nil
	if typed == nil {
		typed = v.initial(s.start().Fields, nil)
	}
	return v.showStart(http.StatusOK, typed, nil)
}

// startPath is the address of the form with which a zaak begins.
const startPath = "/starten"

func (v *visit) showStart(status int, typed url.Values, mistakes []mistake) error {
	screen := v.site.start()
	f, err := v.newForm(screen.Fields, typed, mistakes)
	if err != nil {
		return err
	}
	f.Target, f.Button, f.Path, f.Draft = startPath, "Versturen", startPath, v.drafted
	if len(screen.Fields) == 0 {
		f.Button = "Starten"
	}
	return v.render(status, "starten", screen.Title, startBody{screen, f})
}

func (s *site) startSubmit(v *visit) error {
	fields := s.start().Fields
	if err := v.parse(fields); err != nil {
		return err
	}
	if err := v.opened(startPath, fields); err != nil {
		return err
	}
	user, err := v.starter()
	if err != nil {
		return err
	}
	v.form = startPath
	data, mistakes := v.readForm(fields)
	if mistakes, err = v.own(fields, data, mistakes); err != nil {
		return err
	}
	if len(mistakes) > 0 {
		v.keepDraft(startPath)
		return v.showStart(v.badForm(), v.sent.Values, mistakes)
	}
	var made zaak
	_, err = s.process.do(v.r.Context(), call{method: http.MethodPost, path: "/zaken", user: user, body: data, key: v.key()}, &made)
	if mistakes := v.refused(err, fields); mistakes != nil {
		v.keepDraft(startPath)
		return v.showStart(v.badForm(), v.sent.Values, mistakes)
	}
	if err != nil {
		return err
	}
	v.forgetDraft(startPath)
	// What a source answered is nowhere afterwards. When the zaak keeps nothing,
	// the answer is all there is to see, so this page shows it.
	if len(s.Subject) == 0 && len(made.Answers) > 0 {
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
	Zaak     zaak
	Answers  []answer
	Follow   bool // somebody without a login needs the reference to come back
	Taak     bool // the next step is for the same person
	Citizen  bool
	Data     []row // what is stored now, for who gave it
	Remedies *organisatie.Remedies
}

func (s *site) confirmation(v *visit) error {
	z, _, err := v.zaak()
	if err != nil {
		return err
	}
	return v.showConfirmation(z)
}

func (v *visit) showConfirmation(z zaak) error {
	body := confirmationBody{
		Zaak: z, Answers: z.Answers, Follow: v.anonymous(), Taak: v.myTurn(z),
		Citizen: v.site.role(v.user().Role).Outside(), Remedies: v.site.Remedies.Under(z.Resultaat),
	}
	if body.Citizen {
		body.Data = record(v.site.Subject, z)
	}
	return v.render(http.StatusOK, "bevestiging", "Gelukt", body)
}

// accessibility says honestly how far accessibility was looked at.
func (s *site) accessibility(v *visit) error {
	return v.render(http.StatusOK, "toegankelijkheid", "Toegankelijkheid", nil)
}
