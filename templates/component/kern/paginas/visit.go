package paginas

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// visit is one request to a page, with who makes it.
type visit struct {
	site    *site
	w       http.ResponseWriter
	r       *http.Request
	session session
	data    map[string]any // the record of the zaak of the page, once it is read

	sent    *sent                       // the form that came in
	foreign bool                        // the form came from another website
	form    string                      // where that form is, for keeping it when something goes wrong
	kept    bool                        // what was typed is kept
	drafted bool                        // the form on the page comes from what was kept
	files   map[string]value.Attachment // what is known of files, by id
}

func (v *visit) user() identity.User { return v.session.User }

// anonymous says whether the visitor did not log in.
func (v *visit) anonymous() bool {
	return !v.user().Known() || anonymousID(v.user().ID)
}

func anonymousID(id string) bool { return strings.HasPrefix(id, anonymousPrefix) }

// anonymousPrefix marks the pseudonym of a visitor who did not log in.
const anonymousPrefix = "anoniem-"

// newAnonymous is a visitor of one browser session.
func newAnonymous(role string) identity.User {
	return identity.User{ID: anonymousPrefix + uuid.NewString(), Role: role}
}

// errLogin says that the page is for people who are logged in.
var errLogin = errors.New("inloggen is nodig")

// handle makes an http.Handler of a page and shows what went wrong.
func (s *site) handle(h func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{site: s, w: w, r: r}
		defer v.recovered()
		for _, name := range []string{"zaak", "vraag", "verklaring"} { // an id in capitals is the same one
			if id := r.PathValue(name); value.IsUUID(id) {
				r.SetPathValue(name, strings.ToLower(id))
			}
		}
		var err error
		if v.session, err = s.sessions.read(r); err != nil {
			v.showError(err)
			return
		}
		if _, known := s.findRole(v.user().Role); v.user().Known() && !known {
			v.session = session{} // from before a change of the process
		}
		if v.session.Login.EndedAt != "" {
			mayPostTo(w.Header(), v.session.Login.EndedAt)
		}
		if err := h(v); err != nil {
			v.showError(err)
		}
	})
}

// recovered answers a panic with a page. Its value can hold anything, so only
// the text of a run-time error is logged, and where it was.
func (v *visit) recovered() {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // compared as net/http does
		panic(cause)
	}
	what := fmt.Sprintf("%T", cause)
	if err, ok := cause.(runtime.Error); ok {
		what = err.Error()
	}
	v.site.Log.ErrorContext(v.r.Context(), "paniek", "route", v.r.Pattern, "transactie", v.transaction(), "fout", what, "stapel", string(debug.Stack()))
	v.showError(&fault{status: http.StatusInternalServerError})
}

// transaction is the id that the line of this request in the log has too; "" when
// no such line is written.
func (v *visit) transaction() string {
	id := v.r.Header.Get("Fsc-Transaction-Id")
	if uuid.Validate(id) != nil { // from a browser, and it can be anything
		return ""
	}
	return id
}

func (s *site) findRole(name string) (identity.Role, bool) {
	for _, role := range s.Roles {
		if role.Name == name {
			return role, true
		}
	}
	return identity.Role{}, false
}

// loggedIn lets only somebody with a role go on.
func (v *visit) loggedIn() error {
	if v.anonymous() {
		return errLogin
	}
	return nil
}

// redirect answers 303: the browser fetches the next page, and a reload of
// that page submits nothing again.
func (v *visit) redirect(to string) error {
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// maxLocal is longer than any address of ours, and fits in the cookie.
const maxLocal = 500

// local keeps a redirect within this site. A browser reads \ as / and drops
// tabs and line ends, so that more than // leads elsewhere.
func local(path string) string {
	odd := func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, odd) || len(path) > maxLocal {
		return "/"
	}
	if u, err := url.Parse(path); err != nil || u.Scheme != "" || u.Host != "" {
		return "/"
	}
	return path
}

// showError turns an error into a page.
func (v *visit) showError(err error) {
	if errors.Is(v.r.Context().Err(), context.Canceled) {
		return // nobody is looking any more, and what broke off because of that is no outage
	}
	if errors.Is(err, errLogin) || statusOf(err) == http.StatusUnauthorized {
		if v.r.Method == http.MethodGet {
			_ = v.redirect("/inloggen?naar=" + url.QueryEscape(v.r.URL.Path))
			return
		}
		err = &fault{status: http.StatusUnauthorized, cause: err}
	}
	var f *fault
	if !errors.As(err, &f) {
		f = &fault{status: http.StatusInternalServerError, cause: err}
	}
	if f.reused() && v.showSent(f) == nil {
		return
	}
	if f.status >= 500 {
		v.site.Log.ErrorContext(v.r.Context(), "pagina mislukt", "route", v.r.Pattern, "transactie", v.transaction(), "status", f.status, "fout", f.Error())
	}
	if f.status == statusNoLogin { // who sets up the login must be able to find out why
		v.site.Log.WarnContext(v.r.Context(), "inloggen geweigerd", "fout", f.Error())
	}
	if f.retryAfter != "" {
		v.w.Header().Set("Retry-After", f.retryAfter)
	}
	page := errorPages[f.status]
	if page.Title == "" {
		page = errorPages[http.StatusInternalServerError]
	}
	body := errorBody{errorPage: page, Detail: f.detail, Zaak: v.r.PathValue("zaak")}
	if v.form != "" {
		v.keepDraft(v.form)
		body.Form = v.formAt()
	}
	if body.Kept = v.kept; !body.Kept {
		body.Form = ""
	}
	if f.status == http.StatusServiceUnavailable || f.status == http.StatusTooManyRequests && v.mayRepeat() {
		body.Once = v.again()
	}
	if f.status == http.StatusUnauthorized {
		body.ReturnTo = v.formAt()
		if lost, ok := errors.AsType[*lostForm](err); ok {
			body.Typed = lost.rows
		}
	}
	if err := v.render(page.status(f.status), "fout", page.Title, body); err != nil {
		v.site.Log.LogAttrs(v.r.Context(), slog.LevelError, "foutpagina mislukt", slog.String("fout", err.Error()))
	}
}

// smallForm is how much is read, in bytes, of a form that is refused because there are
// too many.
const smallForm = 64 << 10

// mayRepeat says whether a request that came too soon is offered once more, so that
// what somebody typed is not lost: not a large one, and not one of another website,
// which would come back as one of ours.
func (v *visit) mayRepeat() bool {
	return !v.foreign && v.r.ContentLength >= 0 && v.r.ContentLength <= smallForm
}

// errorPage is the text of a page that says what went wrong and what to do.
type errorPage struct {
	Title, Help string
	Again       bool // point to the zaak again
}

func (p errorPage) status(s int) int {
	switch s {
	case http.StatusPreconditionRequired:
		return http.StatusPreconditionFailed
	case http.StatusLocked: // says on a page what layer 4 says with 409
		return http.StatusConflict
	case http.StatusUnauthorized, statusNoLogin: // 401 and 407 ask the browser itself for a password
		return http.StatusForbidden
	case 0:
		return http.StatusInternalServerError
	}
	return s
}

type errorBody struct {
	errorPage
	Detail, Zaak string
	ReturnTo     string // where to go after logging in
	Form         string // the form that is filled in again when it is opened; "" for none
	Kept         bool   // what was typed is kept
	Typed        []row  // what was typed, when there is no form to show it in
	Once         *again // the request can be made once more
}

// formAt is the page with the form that this request submitted.
func (v *visit) formAt() string {
	switch path := v.r.URL.Path; {
	case strings.HasSuffix(path, "/correctie"), strings.HasSuffix(path, "/rechten"), strings.HasSuffix(path, "/bewaren"):
		return local(path)
	case v.r.PathValue("zaak") != "":
		return "/zaken/" + url.PathEscape(v.r.PathValue("zaak")) + "/taak"
	case path == "/starten":
		return path
	}
	return "/"
}

var errorPages = map[int]errorPage{
	http.StatusBadRequest:            {Title: "Dit verzoek klopt niet", Help: "Ga terug en probeer het opnieuw."},
	http.StatusUnauthorized:          {Title: "U bent niet meer ingelogd", Help: "Wat u invulde is niet verstuurd. Log opnieuw in om verder te gaan."},
	http.StatusForbidden:             {Title: "Dit mag u niet bekijken of doen", Help: "Bent u met een andere rol ingelogd dan u dacht? Log dan uit en opnieuw in."},
	statusNoLogin:                    {Title: "Inloggen is niet gelukt", Help: "Begin opnieuw bij Inloggen. Lukt het dan ook niet, meld het dan aan ons."},
	http.StatusNotFound:              {Title: "Deze pagina is er niet", Help: "Controleer het adres. Ging het om een zaak? Dan bestaat die niet, of is die niet van u."},
	http.StatusConflict:              {Title: "Deze stap is al gedaan", Help: "De zaak is intussen verder. U hoeft niets meer te doen.", Again: true},
	http.StatusLocked:                {Title: "Deze zaak staat stil", Help: "De verwerking van de gegevens in deze zaak is beperkt, of er is bezwaar tegen gemaakt. Niemand kan nu een stap doen. Bekijk de zaak om te zien waarom.", Again: true},
	http.StatusPreconditionFailed:    {Title: "Iemand anders was u voor", Help: "Terwijl u bezig was, is deze zaak gewijzigd. Wat u invulde is niet verstuurd. Bekijk de zaak opnieuw en kijk of uw stap nog nodig is.", Again: true},
	http.StatusRequestEntityTooLarge: {Title: "Dit is te groot", Help: "Wat u verstuurde is meer dan we kunnen lezen. Ga terug en stuur minder."},
	http.StatusTooManyRequests:       {Title: "Even wachten", Help: "Vanaf uw adres komen te veel verzoeken in korte tijd. Wacht even en probeer het dan opnieuw."},
	http.StatusInternalServerError:   {Title: "Er ging iets mis", Help: "Dat ligt aan ons. Probeer het later opnieuw."},
	http.StatusBadGateway:            {Title: "De vraag aan een bron is niet gelukt", Help: "Het gaat om een bron van een andere organisatie, of om onze verbinding daarmee."},
	http.StatusServiceUnavailable:    {Title: "Dit is even niet bereikbaar", Help: "Dat ligt niet aan u. Probeer het over een paar minuten opnieuw.", Again: true},
}
