package paginas

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// paging is the links under a list.
type paging struct {
	Pagina, Aantal        int
	Vorige, Volgende, Hoe string
}

func newPaging[T any](v *visit, number int, l list[T]) paging {
	p := paging{Pagina: number, Aantal: l.Count}
	link := func(n int) string { return v.r.URL.Path + "?pagina=" + strconv.Itoa(n) }
	if l.Previous != nil {
		p.Vorige = link(number - 1)
	}
	if l.Next != nil {
		p.Volgende = link(number + 1)
	}
	return p
}

// number is the page that is asked for, counted from one.
func (v *visit) number() int {
	n, err := strconv.Atoi(v.r.URL.Query().Get("pagina"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

type casesBody struct {
	Zaken   []zaak
	Burger  bool
	Bladeer paging
}

func (s *site) cases(v *visit) error {
	if err := v.loggedIn(); err != nil {
		return err
	}
	l, err := page[zaak](v.r.Context(), s.proces, v.user(), "/zaken", nil, v.number())
	if err != nil {
		return err
	}
	body := casesBody{Zaken: l.Results, Burger: s.role(v.user().Rol).Burger, Bladeer: newPaging(v, v.number(), l)}
	title := "Zaken"
	if body.Burger {
		title = "Mijn zaken"
	}
	return v.render(http.StatusOK, "zaken", title, body)
}

type tasksBody struct {
	Taken   []task
	Bladeer paging
}

func (s *site) tasks(v *visit) error {
	if err := v.loggedIn(); err != nil {
		return err
	}
	l, err := page[task](v.r.Context(), s.proces, v.user(), "/taken", url.Values{"rol": {v.user().Rol}}, v.number())
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "taken", "Taken", tasksBody{l.Results, newPaging(v, v.number(), l)})
}

// zaak fetches the zaak of the page. Somebody who did not log in may look with
// nothing but its id, which nobody can guess.
func (v *visit) zaak() (zaak, string, error) {
	id, err := v.zaakID()
	if err != nil {
		return zaak{}, "", err
	}
	return v.site.proces.zaak(v.r.Context(), v.user(), id)
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
	v.session.User = newAnonymous(v.site.start().Rol)
	return nil
}

// myTurn says whether the zaak waits for the person who looks at it.
func (v *visit) myTurn(z zaak) bool {
	if z.Closed() || z.Stap.Rol == "" || z.Stap.Rol != v.user().Rol {
		return false
	}
	_, known := v.site.screen(z.Stap.Naam)
	return known
}

type caseBody struct {
	Zaak      zaak
	Gegevens  []row
	Wacht     string // who has to do something now
	Taak      bool
	Tekening  template.HTML
	Voortgang []progress
}

// progress is one step on the list: done, or where the zaak is now.
type progress struct {
	event
	Nu, Einde bool
	Uiterlijk string
}

func (s *site) casePage(v *visit) error {
	z, _, err := v.zaak()
	if err != nil {
		return err
	}
	body := caseBody{Zaak: z, Gegevens: record(s.Onderwerp, z), Taak: v.myTurn(z), Voortgang: progressOf(z)}
	if !z.Closed() && z.Stap.Rol != "" {
		body.Wacht = s.role(z.Stap.Rol).Titel
	}
	if body.Tekening, _, err = s.picture(v.r.Context(), v.user(), &z); err != nil {
		s.Log.WarnContext(v.r.Context(), "procesplaat ontbreekt", "fout", err.Error())
	}
	return v.render(http.StatusOK, "zaak", "Zaak "+z.Identificatie, body)
}

func progressOf(z zaak) []progress {
	var all []progress
	for _, e := range z.Historie {
		all = append(all, progress{event: e})
	}
	now := progress{event: event{Stap: z.Stap.Naam, Titel: z.Stap.Titel}, Nu: true, Einde: z.Closed(), Uiterlijk: z.Stap.UiterlijkeDatum}
	if n := len(all); n > 0 && z.Closed() && all[n-1].Stap == z.Stap.Naam {
		all[n-1].Nu, all[n-1].Einde = true, true
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

var followField = Field{Naam: "kenmerk", Label: "Kenmerk van uw zaak", Soort: "uuid", Verplicht: true,
	Uitleg: "Het kenmerk kreeg u toen uw zaak gestart was."}

func (v *visit) showFollow(status int, typed url.Values, mistakes []mistake) error {
	f, err := v.newForm([]Field{followField}, typed, mistakes)
	if err != nil {
		return err
	}
	f.Actie, f.Knop = "/volgen", "Zaak bekijken"
	return v.render(status, "volgen", "Zaak volgen", startBody{Form: f})
}

func (s *site) followSubmit(v *visit) error {
	if !s.anonymousStart() {
		return notFound()
	}
	if err := v.parse(nil); err != nil {
		return err
	}
	data, mistakes := readForm([]Field{followField}, v.r)
	if len(mistakes) > 0 {
		return v.showFollow(http.StatusUnprocessableEntity, v.r.PostForm, mistakes)
	}
	id, _ := data["kenmerk"].(string)
	if err := v.known(); err != nil {
		return err
	}
	_, _, err := s.proces.zaak(v.r.Context(), v.user(), id)
	if status := statusOf(err); status == http.StatusNotFound || status == http.StatusForbidden {
		return v.showFollow(http.StatusUnprocessableEntity, v.r.PostForm,
			[]mistake{{Veld: "kenmerk", Tekst: followField.sentence("Dit kenmerk kennen we niet")}})
	}
	if err != nil {
		return err
	}
	return v.redirect("/zaken/" + url.PathEscape(id))
}

type processBody struct {
	Tekening template.HTML
	Woorden  []string
}

// processPage shows the process as a picture and in words.
func (s *site) processPage(v *visit) error {
	var p process
	if _, err := s.proces.do(v.r.Context(), call{method: http.MethodGet, path: "/proces", user: v.user()}, &p); err != nil {
		return err
	}
	var body processBody
	var err error
	if body.Tekening, body.Woorden, err = s.picture(v.r.Context(), v.user(), nil); err != nil {
		return err
	}
	return v.render(http.StatusOK, "proces", "Proces: "+strings.TrimSpace(p.Titel), body)
}
