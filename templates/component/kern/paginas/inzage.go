package paginas

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// inzagePages are the pages for the rights of persons: for employees with the
// right of inzage.
func (s *site) inzagePages(page func(string, func(*visit) error)) {
	page("GET /inzage", s.inzagePage)
	page("POST /inzage", s.inzageSubmit)
	page("GET /inzage/{vraag}", s.personPage)
	page("GET /inzage/{vraag}/gebruik", s.lookersPage)
	page("GET /inzage/{vraag}/overzicht.html", s.personFile)
	page("GET /inzage/{vraag}/gegevens.json", s.personFile)
	page("GET /zaken/{zaak}/rechten", s.rightsPage)
	page("POST /zaken/{zaak}/rechten", s.rightsSubmit)
	page("GET /zaken/{zaak}/correctie", s.correctionPage)
	page("POST /zaken/{zaak}/correctie", s.correctionSubmit)
}

// entitled lets only an employee with a right go on.
func (v *visit) entitled(right string) error {
	if err := v.loggedIn(); err != nil {
		return err
	}
	if !v.may(right) {
		return &fault{status: http.StatusForbidden, detail: "Hiervoor is een recht nodig dat uw rol niet heeft."}
	}
	return nil
}

// received reads a form of an employee with the right of inzage, and refuses it
// when somebody else opened it. What was typed when the session ended is kept for
// the form at a path; "" keeps nothing.
func (v *visit) received(path string, fields []Field) error {
	if err := v.parse(fields); err != nil {
		return err
	}
	if err := v.opened(path, fields); err != nil {
		return err
	}
	return v.entitled(identity.RightInzage)
}

// may says whether the user has a right.
func (v *visit) may(right string) bool {
	return !v.anonymous() && v.site.role(v.user().Role).May(right)
}

var (
	searchKind    = Field{Name: "soort", Label: "Waarmee zoekt u?", Kind: "enum", Required: true, Choices: []string{logboek.BSN, logboek.KVK}}
	searchNumber  = Field{Name: "nummer", Label: "Nummer", Kind: "text", Required: true, MaxLength: 40, Help: "Een burgerservicenummer heeft 9 cijfers, een KVK-nummer 8."}
	searchPurpose = Field{Name: "doel", Label: "Waarvoor zoekt u?", Kind: "enum", Required: true, Help: "Dit komt met uw naam in het logboek te staan.", Choices: func() (all []string) {
		for _, p := range inzage.Purposes {
			all = append(all, p.Name)
		}
		return all
	}()}
	searchFields = []Field{searchKind, searchNumber, searchPurpose}
)

func (s *site) inzagePage(v *visit) error {
	if err := v.entitled(identity.RightInzage); err != nil {
		return err
	}
	return v.showSearch(http.StatusOK, url.Values{"soort": {logboek.BSN}}, nil)
}

func (v *visit) showSearch(status int, typed url.Values, mistakes []mistake) error {
	f, err := v.newForm(searchFields, typed, mistakes)
	if err != nil {
		return err
	}
	for i, title := range []string{"Burgerservicenummer", "KVK-nummer"} {
		f.Fields[0].Options[i].Label = title
	}
	for i, p := range inzage.Purposes {
		f.Fields[2].Options[i].Label = p.Title
	}
	f.Target, f.Button = "/inzage", "Zoeken"
	return v.render(status, "inzage", "Inzage", startBody{Form: f})
}

// kindSearch is under which kind a search is kept in layer 1, and searchLasts how
// long.
const (
	kindSearch  = "inzage"
	searchLasts = time.Hour
)

// inzageSubmit keeps the search, sealed, and goes on to a page of which the
// address says nothing of the person.
func (s *site) inzageSubmit(v *visit) error {
	if err := v.received("", searchFields); err != nil {
		return err
	}
	_, mistakes := v.readForm(searchFields)
	search := inzage.Search{Kind: v.sent.Get("soort"), Purpose: v.sent.Get("doel")}
	if len(mistakes) == 0 {
		kind := map[string]string{logboek.BSN: "bsn", logboek.KVK: "kvk"}[search.Kind]
		number, err := value.FromForm(kind, v.sent.Get("nummer"))
		if err != nil {
			mistakes = append(mistakes, mistake{Field: "nummer", Text: searchNumber.sentence(err.Error())})
		}
		search.Number, _ = number.(string)
	}
	if len(mistakes) > 0 {
		return v.showSearch(v.badForm(), v.sent.Values, mistakes)
	}
	id := uuid.NewString()
	sealed, err := s.sessions.sealed(kindSearch+id, search)
	if err != nil {
		return err
	}
	if err := s.process.keep(v.r.Context(), kindSearch, id, kept{Owner: v.user().ID, Content: []byte(sealed), Expires: time.Now().Add(searchLasts)}); err != nil {
		return err
	}
	return v.redirect("/inzage/" + id)
}

// searched is the search of the page, and what is found: searching again each
// time, so that the log has every look. Only who searched sees it.
func (v *visit) searched(offset, limit int) (id string, r *inzage.Report, err error) {
	if err := v.entitled(identity.RightInzage); err != nil {
		return "", nil, err
	}
	id = v.r.PathValue("vraag")
	if !value.IsUUID(id) {
		return "", nil, notFound()
	}
	k, found, err := v.site.process.kept(v.r.Context(), kindSearch, id)
	if err != nil {
		return "", nil, err
	}
	var search inzage.Search
	if !found || k.Owner != v.user().ID || !v.site.sessions.open(kindSearch+id, string(k.Content), &search) {
		return "", nil, &fault{status: http.StatusNotFound, detail: "Deze zoekvraag is er niet meer, of is niet van u. Zoek opnieuw."}
	}
	search.Offset, search.Limit = offset, limit
	r = &inzage.Report{}
	_, err = v.site.process.do(v.r.Context(), call{method: http.MethodPost, path: "/inzage", internal: true, user: v.user(), body: search}, r)
	return id, r, err
}

// Look is how a report about a person is shown, in the words of the forms.
func (s Site) Look() inzage.Look {
	return inzage.Look{Organisation: s.Organisation, Service: s.Title, Label: func(name string) (string, string) {
		for _, f := range s.Subject {
			if f.Name == name {
				return f.Label, f.Kind
			}
		}
		return "", ""
	}}
}

func (s *site) look() inzage.Look {
	return Site{Organisation: s.Organisation, Title: s.Title, Subject: s.Subject}.Look()
}

type personBody struct {
	Search string // its id
	Report *inzage.Report
	Look   inzage.Look
	Paging paging
}

// fewLines is how many lines of the log the page about a person asks for: it only
// says how many there are.
const fewLines = 1

func (s *site) personPage(v *visit) error {
	id, r, err := v.searched(0, fewLines)
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "persoon", "Wat er bekend is over deze persoon", personBody{Search: id, Report: r, Look: s.look()})
}

// looksPerPage is how many lines stand on one page of who looked.
const looksPerPage = 100

// lookersPage tells who looked at the data of a person, when and why.
func (s *site) lookersPage(v *visit) error {
	at := v.spot()
	if at.cursor != "" {
		at = spot{number: 1} // these go by number
	}
	id, r, err := v.searched((at.number-1)*looksPerPage, looksPerPage)
	if err != nil {
		return err
	}
	l := list[struct{}]{Count: r.Lines}
	page := func(n int) *string { return new("?page=" + strconv.Itoa(n)) }
	if at.number > 1 {
		l.Previous = page(at.number - 1)
	}
	if at.number*looksPerPage < r.Lines {
		l.Next = page(at.number + 1)
	}
	return v.render(http.StatusOK, "keken", "Wie keek er", personBody{Search: id, Report: r, Look: s.look(), Paging: newPaging(v, l)})
}

// personFile gives what is known as a file: for people, or for programs.
func (s *site) personFile(v *visit) error {
	_, r, err := v.searched(0, inzage.MaxLines)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	mediatype, name := "text/html; charset=utf-8", "overzicht.html"
	if v.r.Pattern == "GET /inzage/{vraag}/gegevens.json" {
		mediatype, name = "application/json", "gegevens.json"
		err = json.NewEncoder(&b).Encode(r)
	} else {
		err = r.HTML(&b, s.look())
	}
	if err != nil {
		return errors.New("het overzicht is niet te maken") // the text of err may quote a value
	}
	h := v.w.Header()
	h.Set("Content-Type", mediatype)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Content-Disposition", disposition(name))
	_, _ = v.w.Write(b.Bytes()) // when the browser has gone there is nobody to tell
	return nil
}
