package paginas

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// zaak fetches the zaak of the page. Somebody who did not log in may look with
// nothing but its id, which nobody can guess.
func (v *visit) zaak() (zaak, string, error) {
	id, err := v.zaakID()
	if err != nil {
		return zaak{}, "", err
	}
	z, etag, err := v.site.process.zaak(v.r.Context(), v.user(), id)
	v.data = z.Data
	if err == nil && v.forAnother(z) {
		return zaak{}, "", notFound()
	}
	return z, etag, err
}

// guest says whether the user is of a role whose number stands in the record, and
// that takes part in the zaken of others.
func (v *visit) guest() bool {
	role := v.site.role(v.user().Role)
	return role.Outside() && !v.anonymous() && role.Name != v.site.start().Role &&
		slices.ContainsFunc(v.site.Subject, func(f Field) bool { return f.Person == role.Name })
}

// forAnother says whether the record names somebody else as the guest: the address
// of a zaak may be passed on, but then it shows and does nothing.
func (v *visit) forAnother(z zaak) bool {
	return v.guest() && slices.ContainsFunc(v.site.Subject, func(f Field) bool {
		stored, _ := z.Data[f.Name].(string)
		return f.Person == v.user().Role && (f.Kind == "bsn" || f.Kind == "kvk") && stored != "" && stored != v.user().Applicant().Number(f.Kind)
	})
}

// ofGuest refuses what somebody does in a zaak in which another is the guest.
func (v *visit) ofGuest() error {
	if !v.guest() {
		return nil
	}
	_, _, err := v.zaak()
	return err
}

// zaakID is the zaak in the address of the page, for somebody who is known.
func (v *visit) zaakID() (string, error) {
	id := v.r.PathValue("zaak")
	if !value.IsUUID(id) {
		return "", notFound()
	}
	return id, v.known()
}

// known makes somebody who did not log in a visitor with a pseudonym, where
// the process is open to visitors.
func (v *visit) known() error {
	if v.user().Known() {
		return nil
	}
	if !v.site.anonymousStart() {
		return errLogin
	}
	v.session.User = newAnonymous(v.site.start().Role)
	return nil
}

// myTurn says whether the zaak waits for the person who looks at it.
func (v *visit) myTurn(z zaak) bool {
	if z.Closed() || z.Marks.Stopped() || z.Step.Role == "" || z.Step.Role != v.user().Role {
		return false
	}
	_, known := v.site.screenOf(z)
	return known
}

type caseBody struct {
	Zaak     zaak
	Data     []row
	WaitsFor string // who has to do something now
	Taak     bool
	AskNow   bool // the user may have the question put at which the zaak waits
	Drawing  template.HTML
	Progress []progress
	Rights   bool // the user handles what a person asks about the zaak
	Archief  bool // the user may hold the zaak
	Remedies *organisatie.Remedies
}

// progress is one step on the list: done, or where the zaak is now.
type progress struct {
	event
	Now, End bool
	Due      string
}

func (s *site) casePage(v *visit) error {
	z, _, err := v.zaak()
	if err != nil {
		return err
	}
	body := caseBody{Zaak: z, Data: append(v.between(z.parties), record(s.Subject, z)...), Taak: v.myTurn(z), Progress: progressOf(z),
		Rights: v.may(identity.RightInzage), Archief: v.may(identity.RightArchief), Remedies: s.Remedies.Under(z.Resultaat),
		AskNow: z.Step.Once && v.user().Known() && !s.role(v.user().Role).Outside()}
	if !z.Closed() && !z.Marks.Stopped() && z.Step.Role != "" {
		body.WaitsFor = s.role(z.Step.Role).Title
	}
	if body.Drawing, _, err = s.picture(v.r.Context(), v.user(), &z); err != nil {
		s.Log.WarnContext(v.r.Context(), "procesplaat ontbreekt", "fout", err.Error())
	}
	return v.render(http.StatusOK, "zaak", "Zaak "+z.Identificatie, body)
}

// askNow has the question put at which a zaak waits and that is not put again by
// itself, because it may change something.
func (s *site) askNow(v *visit) error {
	at := "/zaken/" + url.PathEscape(v.r.PathValue("zaak"))
	if _, err := s.process.do(v.r.Context(), call{method: http.MethodPost, path: at + "/bevragingen", user: v.user(), body: map[string]any{}}, nil); err != nil {
		return err
	}
	return v.redirect(at)
}

func progressOf(z zaak) []progress {
	var all []progress
	for _, e := range z.History {
		all = append(all, progress{event: e})
	}
	now := progress{event: event{Step: z.Step.Name, Title: z.Step.Title}, Now: true, End: z.Closed(), Due: z.Step.DueDate}
	if n := len(all); n > 0 && z.Closed() && all[n-1].Step == z.Step.Name {
		all[n-1].Now, all[n-1].End = true, true
		return all
	}
	return append(all, now)
}

// followPage lets somebody who did not log in find a zaak again.
func (s *site) followPage(v *visit) error {
	if !s.anonymousStart() {
		return notFound()
	}
	return v.showFollow(http.StatusOK, url.Values{}, nil)
}

var followField = Field{Name: "kenmerk", Label: "Kenmerk van uw zaak", Kind: "uuid", Required: true,
	Help: "Het kenmerk kreeg u toen uw zaak gestart was."}

func (v *visit) showFollow(status int, typed url.Values, mistakes []mistake) error {
	f, err := v.newForm([]Field{followField}, typed, mistakes)
	if err != nil {
		return err
	}
	f.Target, f.Button = "/volgen", "Zaak bekijken"
	return v.render(status, "volgen", "Zaak volgen", startBody{Form: f})
}

func (s *site) followSubmit(v *visit) error {
	if !s.anonymousStart() {
		return notFound()
	}
	if err := v.parse(nil); err != nil {
		return err
	}
	data, mistakes := v.readForm([]Field{followField})
	if len(mistakes) > 0 {
		return v.showFollow(http.StatusUnprocessableEntity, v.r.PostForm, mistakes)
	}
	id, _ := data["kenmerk"].(string)
	if err := v.known(); err != nil {
		return err
	}
	_, _, err := s.process.zaak(v.r.Context(), v.user(), id)
	if status := statusOf(err); status == http.StatusNotFound || status == http.StatusForbidden {
		return v.showFollow(http.StatusUnprocessableEntity, v.r.PostForm,
			[]mistake{{Field: "kenmerk", Text: followField.sentence("Dit kenmerk kennen we niet")}})
	}
	if err != nil {
		return err
	}
	return v.redirect("/zaken/" + url.PathEscape(id))
}

type processBody struct {
	Drawing template.HTML
	Words   []string
}

// processPage shows the process as a picture and in words.
func (s *site) processPage(v *visit) error {
	var p process
	if _, err := s.process.do(v.r.Context(), call{method: http.MethodGet, path: "/proces", user: v.user()}, &p); err != nil {
		return err
	}
	var body processBody
	var err error
	if body.Drawing, body.Words, err = s.picture(v.r.Context(), v.user(), nil); err != nil {
		return err
	}
	return v.render(http.StatusOK, "proces", "Proces: "+strings.TrimSpace(p.Title), body)
}
