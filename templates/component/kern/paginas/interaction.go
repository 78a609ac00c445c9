// Package paginas is layer 5: the pages for inwoners and medewerkers. It
// renders HTML on the server, works without JavaScript, keeps nothing itself
// and reaches the rest of the component only through the API of layer 4.
package paginas

import (
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
)

// Options is what the pages need to know.
type Options struct {
	Name         string // short name; names the cookie
	Title        string
	Summary      string
	Organisation string
	Website      string
	Contact      Contact
	Colour       string // #rrggbb, readable on white
	Roles        []identity.Role
	Screens      []Screen           // one per step that a person does; the first step has Start
	Earlier      map[string][]Field // questions of forms that are steps of an earlier process only
	Subject      []Field            // fields of the record that a zaak is about, for showing them
	Processing   []Processing       // the register of processing activities, as far as this component goes
	Room         fs.FS              // 5-interactie: its sjablonen and stijl.css come in the place of ours; nil for none

	ProcessURL string            // address of layer 4, without /v1
	Transport  http.RoundTripper // the way to it; nil is the usual one
	API        string            // the specification of layer 4 that these pages were made for, as identity.SumOf gives it
	Token      string            // the layers recognise each other by it
	// Wait says how long a visitor has to wait who asks too much, 0 when that is not
	// so; nil lets everybody ask as much as they like.
	Wait                   func(*http.Request) time.Duration
	StandIns               []string // what is imitated; empty in production
	Production             bool
	Variant                int         // which of the invented persons log in in development
	SessionKey             []byte      // 32 bytes
	Key                    logboek.Key // makes the ids of who logs in with a number
	OIDC                   []OIDC      // the logins of production
	MaxUpload              int64       // bytes of one file
	AccessibilityStatement string      // address of the published accessibility statement; may be ""
	Logo                   *organisatie.Logo
	Remedies               *organisatie.Remedies
	Notes                  map[string]string   // what the organisation says on a page, by name of the page
	SecurityTxt            http.Handler        // nil: nobody to reach
	Rename                 func(*bpmn.Process) // gives steps the titles that the organisation has for them; may be nil
	Log                    *slog.Logger
}

// Contact is who answers questions about the component.
type Contact struct{ Name, Email, URL string }

// Screen is what a person sees of one step.
type Screen struct {
	Step     string // name of the step
	Kind     string // form, decide or task; "" for a first step that nobody does
	Role     string
	Title    string
	Help     string
	Start    bool // a zaak begins here
	Fields   []Field
	Outcomes []Outcome
}

// Outcome is one outcome of a step.
type Outcome struct{ Name, Title string }

type site struct {
	Options
	process  *client
	sessions *sessions
	login    login
	pages    map[string]*template.Template
	styles   stylesheet
}

// New makes the pages.
func New(o Options) (http.Handler, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &site{Options: o, process: newClient(o)}
	var err error
	if s.sessions, err = newSessions(o, s.process); err != nil {
		return nil, err
	}
	if s.pages, err = templates(o.Room); err != nil {
		return nil, err
	}
	if s.styles, err = newStylesheet(o.Colour, o.Room); err != nil {
		return nil, err
	}
	if o.Production {
		if s.login, err = newOIDCLogin(o.OIDC, o.Roles); err != nil {
			return nil, err
		}
	} else {
		s.login = newPersonaLogin(o.Roles, o.Variant, o.Key)
	}
	if len(o.Screens) == 0 || !o.Screens[0].Start {
		return nil, errors.New("interactie: de eerste van Screens moet het begin zijn")
	}
	return s.routes(), nil
}

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	page := func(pattern string, h func(*visit) error) { mux.Handle(pattern, s.handle(h)) }

	page("GET /{$}", s.home)
	page("GET /inloggen", s.loginPage)
	page("POST /inloggen", s.loginChoose)
	page("GET "+backPath, s.loginReturn)
	page("POST /uitloggen", s.logout)
	page("POST /rol", s.chooseRole)
	page("GET /starten", s.startPage)
	page("POST /starten", s.startSubmit)
	page("GET /zaken", s.cases)
	page("GET /zaken/{zaak}", s.casePage)
	page("GET /zaken/{zaak}/gebruik", s.usagePage)
	page("GET /zaken/{zaak}/bestanden/{veld}", s.attachment)
	page("GET /zaken/{zaak}/bevestiging", s.confirmation)
	page("GET /zaken/{zaak}/taak", s.taskPage)
	page("POST /zaken/{zaak}/taak", s.taskSubmit)
	page("POST /zaken/{zaak}/bevraging", s.askAgain)
	page("POST /zaken/{zaak}/vraag", s.askNow)
	page("POST /opnieuw", s.restart)
	page("GET /zaken/{zaak}/bewaren", s.holdPage)
	page("POST /zaken/{zaak}/bewaren", s.holdSubmit)
	page("POST /zaken/{zaak}/bewaren/opheffen", s.letGoSubmit)
	page("GET /archief", s.archivePage)
	page("POST /archief", s.approveSubmit)
	page("GET /archief/verklaringen/{verklaring}", s.declarationPage)
	page("GET /archief/verklaringen/{verklaring}/bestand", s.declarationFile)
	page("GET /taken", s.tasks)
	page("GET /volgen", s.followPage)
	page("POST /volgen", s.followSubmit)
	s.inzagePages(page)
	page("GET /proces", s.processPage)
	page("GET /proces.bpmn", s.processFile)
	page("GET /toegankelijkheid", s.accessibility)
	page("GET /verwerkingsactiviteiten", s.processingPage)
	page("GET /verwerkingsactiviteiten.json", s.processingFile)
	page("/", func(*visit) error { return notFound() })

	mux.HandleFunc("GET /stijl.css", s.styles.serve)
	if s.Logo != nil {
		mux.Handle("GET "+s.Logo.Address, s.Logo)
	}
	if s.SecurityTxt != nil {
		mux.Handle("GET "+organisatie.SecurityPath, s.SecurityTxt)
	}
	mux.HandleFunc("GET /healthz/live", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /healthz/ready", s.ready)

	protect := http.NewCrossOriginProtection()
	protect.SetDenyHandler(s.handle(func(*visit) error {
		return &fault{status: http.StatusForbidden, detail: "Dit formulier kwam van een andere website. Open de pagina opnieuw en probeer het nog eens."}
	}))
	return traced(secure(s.Production, s.limited(protect, mux)))
}

// limited refuses who asks too much, with a page that costs little: it looks up no
// session. Whoever watches over the component may always ask how it is.
func (s *site) limited(protect *http.CrossOriginProtection, mux http.Handler) http.Handler {
	next := protect.Handler(mux)
	if s.Wait == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz/live" && r.URL.Path != "/healthz/ready" { // and no other below it
			if wait := s.Wait(r); wait > 0 {
				v := &visit{site: s, w: w, r: r, foreign: protect.Check(r) != nil}
				defer v.recovered()
				v.showError(&fault{status: http.StatusTooManyRequests, retryAfter: strconv.Itoa(int((wait + time.Second - 1) / time.Second))})
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// mayPostTo lets the pages of who logged in send a form to the provider that
// logs them out again.
func mayPostTo(h http.Header, address string) {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		h.Set("Content-Security-Policy", strings.Replace(policy, "form-action 'self'", "form-action 'self' "+u.Scheme+"://"+u.Host, 1))
	}
}

// policy allows nothing but our own stylesheet, forms and pictures: a page has
// no script, and nothing from elsewhere.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func secure(production bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if production {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// ready says whether layer 4 answers: without it there is nothing to show.
func (s *site) ready(w http.ResponseWriter, r *http.Request) {
	if err := s.process.live(r.Context()); err != nil {
		http.Error(w, "De laag proces geeft nog geen antwoord.", http.StatusServiceUnavailable)
	}
}

// screen finds the screen of a step.
func (s *site) screen(step string) (Screen, bool) {
	for _, screen := range s.Screens {
		if screen.Step == step && screen.Kind != "" {
			return screen, true
		}
	}
	return Screen{}, false
}

// screenOf is the screen of the step at which a zaak is: as the process has it that
// the zaak follows, which may be an earlier one than that of today.
func (s *site) screenOf(z zaak) (Screen, bool) {
	screen, known := s.screen(z.Step.Name)
	if z.Drawing == 0 {
		return screen, known
	}
	if !known {
		screen.Step, screen.Fields = z.Step.Name, s.Earlier[z.Step.Name]
	}
	screen.Kind, screen.Role, screen.Title, screen.Help, screen.Outcomes = z.Step.Kind, z.Step.Role, z.Step.Title, z.Step.Help, nil
	for _, o := range z.Step.Outcomes {
		screen.Outcomes = append(screen.Outcomes, Outcome(o))
	}
	return screen, screen.Role != "" && (screen.Kind != "form" || len(screen.Fields) > 0)
}

// start is the screen with which a zaak begins.
func (s *site) start() Screen { return s.Screens[0] }

func (s *site) role(name string) identity.Role {
	for _, role := range s.Roles {
		if role.Name == name {
			return role
		}
	}
	return identity.Role{Name: name, Title: name}
}

// mayStart says whether a role begins zaken.
func (s *site) mayStart(role string) bool { return s.start().Role == "" || s.start().Role == role }

// anonymousStart says whether a visitor may begin without logging in.
func (s *site) anonymousStart() bool { return s.role(s.start().Role).Anonymous }

// inputs are the fields that forms ask and nobody keeps: a question to a
// source may need them again.
func (s *site) inputs() []Field {
	var all []Field
	seen := map[string]bool{}
	for _, screen := range s.Screens {
		for _, f := range screen.Fields {
			if !f.Stored && !seen[f.Name] {
				seen[f.Name] = true
				all = append(all, f)
			}
		}
	}
	return all
}

// ucfirst makes a sentence of a title.
func ucfirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
