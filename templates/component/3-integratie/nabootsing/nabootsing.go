// Package nabootsing stands in, on a laptop, for the FSC outway and for what is
// behind it. It is no implementation of FSC and refuses to run outside
// development.
package nabootsing

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/3-integratie/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/3-integratie/nabootsing/bron"
)

// EersteRegel is what the stand-in says of itself, in its log and on its page.
const EersteRegel = "Dit is een nabootsing van een FSC-outway en van de bronnen, alleen voor ontwikkeling: er zijn geen contracten, tokens of certificaten."

// Nabootsing stands in for the outway and everything behind it. It does what a
// client of an OpenFSC outway sees: it chooses the service by Fsc-Grant-Hash,
// leaves method, path, query and body alone, gives each call a transaction id,
// and refuses in the form of FSC. It has no Manager, no Inway, no tokens and no
// mTLS, and its transaction log is the log of the component.
type Nabootsing struct {
	services map[string]service // by grant hash
	log      *slog.Logger

	mu     sync.Mutex
	recent []Aanroep
	gedrag map[string]Gedrag // by service name
}

// service is what answers behind a grant hash.
type service struct {
	name    string
	handler http.Handler
}

// Aanroep is one call that came by. It holds no parameter and no answer.
type Aanroep struct {
	Tijd       time.Time `json:"tijd"`
	Dienst     string    `json:"dienst"`
	Methode    string    `json:"methode"`
	Status     int       `json:"status"`
	Transactie string    `json:"transactie"`
}

// maxRecent is how many calls are remembered.
const maxRecent = 50

// Gedrag makes a service misbehave, for a test or a demonstration.
type Gedrag int

// What a service can be made to do.
const (
	Gewoon       Gedrag = iota
	NietGevonden        // it finds nothing, whatever is asked
	Onbereikbaar        // the outway does not reach it
	GeenContract        // the outway refuses the grant
)

// Opties is what the stand-in needs.
type Opties struct {
	Productie   bool
	FSC         fsc.File
	Grants      map[string]string       // grant hash per service
	Eigen       string                  // name of the service that is our own layer 2
	DienstenURL string                  // where that is
	Bronnen     map[string]http.Handler // stand-in source per service name
	Log         *slog.Logger
}

// New makes the stand-in. It refuses to stand in where real data is.
func New(o Opties) (*Nabootsing, error) {
	if o.Productie {
		return nil, errors.New("de nabootsing van de outway start niet met OMGEVING=productie; zet OUTWAY_URL op de echte FSC-outway")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	n := &Nabootsing{services: map[string]service{}, log: o.Log, gedrag: map[string]Gedrag{}}
	n.log.Info(EersteRegel)
	for _, s := range o.FSC.Afgenomen {
		var handler http.Handler
		if s.Naam == o.Eigen {
			target, err := url.Parse(o.DienstenURL)
			if err != nil || target.Host == "" {
				return nil, fmt.Errorf("DIENSTEN_URL %q is geen adres", o.DienstenURL)
			}
			handler = proxy(target)
		} else {
			handler = o.Bronnen[s.Naam]
		}
		if handler == nil {
			return nil, fmt.Errorf("dienst %s uit fsc.yaml heeft geen antwoordenbestand in 3-integratie/nabootsing/antwoorden", s.Naam)
		}
		n.services[o.Grants[s.Naam]] = service{s.Naam, handler}
	}
	return n, nil
}

// Stel makes a service behave differently from now on.
func (n *Nabootsing) Stel(dienst string, g Gedrag) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.gedrag[dienst] = g
}

// Recent gives the last calls, newest first.
func (n *Nabootsing) Recent() []Aanroep {
	n.mu.Lock()
	defer n.mu.Unlock()
	calls := slices.Clone(n.recent)
	slices.Reverse(calls)
	return calls
}

// ServeHTTP is the outway.
func (n *Nabootsing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(bron.HeaderNabootsing, "FSC-outway")
	if r.Method == http.MethodConnect {
		refuse(w, http.StatusMethodNotAllowed, domainOutway, "ERROR_CODE_METHOD_UNSUPPORTED", "the outway does not support CONNECT")
		return
	}
	grant := r.Header.Get(fsc.HeaderGrant)
	if grant == "" && r.Method == http.MethodGet {
		switch r.URL.Path {
		case "/", "/healthz/live", "/healthz/ready":
			n.page(w)
			return
		}
	}
	n.mu.Lock()
	s, known := n.services[grant]
	gedrag := n.gedrag[s.name]
	n.mu.Unlock()
	if !known || gedrag == GeenContract {
		refuse(w, http.StatusBadRequest, domainOutway, "UNKNOWN_GRANT_HASH_IN_HEADER", "unknown grant hash in header "+fsc.HeaderGrant)
		return
	}
	id, err := transactionID(r.Header.Get(fsc.HeaderTransaction))
	if err != nil {
		refuse(w, http.StatusBadRequest, domainOutway, "INVALID_LOG_RECORD_ID", err.Error())
		return
	}
	w.Header().Set(fsc.HeaderTransaction, id)
	// Before sending, as FSC Logging wants it: what cannot be written down does
	// not happen.
	n.log.Info("transactie", "richting", "DIRECTION_OUTGOING", "transactie", id, "dienst", s.name, "methode", r.Method)
	out := r.Clone(r.Context())
	out.Header.Del(fsc.HeaderGrant)
	out.Header.Set(fsc.HeaderTransaction, id)
	rec := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
	switch gedrag {
	case Onbereikbaar:
		unreachable(rec)
	case NietGevonden:
		s.handler.ServeHTTP(rec, out.WithContext(bron.MetStatus(out.Context(), http.StatusNotFound)))
	default:
		s.handler.ServeHTTP(rec, out)
	}
	n.remember(Aanroep{time.Now(), s.name, r.Method, rec.status, id})
}

func (n *Nabootsing) remember(a Aanroep) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.recent = append(n.recent, a); len(n.recent) > maxRecent {
		n.recent = slices.Delete(n.recent, 0, len(n.recent)-maxRecent)
	}
}

// page tells a person with a browser what this is and what came by.
func (n *Nabootsing) page(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = fmt.Fprintln(w, EersteRegel)
	for _, a := range n.Recent() {
		_, _ = fmt.Fprintf(w, "%s  %-6s %d  %s  %s\n", a.Tijd.Format(time.TimeOnly), a.Methode, a.Status, a.Dienst, a.Transactie)
	}
}

// proxy sends a call on without touching the path.
func proxy(target *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = target.Scheme, target.Host, target.Host
		},
		ModifyResponse: func(resp *http.Response) error {
			// Ours is on the answer already; twice the same header confuses.
			resp.Header.Del(fsc.HeaderTransaction)
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { unreachable(w) },
	}
}

// Domains of FSC errors.
const (
	domainOutway = "ERROR_DOMAIN_OUTWAY"
	domainInway  = "ERROR_DOMAIN_INWAY"
)

// refuse answers in the form of FSC Core.
func refuse(w http.ResponseWriter, status int, domain, code, message string) {
	w.Header().Set(fsc.HeaderErrorCode, code)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message, "domain": domain, "code": code})
}

func unreachable(w http.ResponseWriter) {
	refuse(w, http.StatusBadGateway, domainInway, "ERROR_CODE_SERVICE_UNREACHABLE", "the service cannot be reached")
}

// transactionID makes a UUID v7, or checks the one that the client sent.
func transactionID(given string) (string, error) {
	if given == "" {
		id, err := uuid.NewV7()
		return id.String(), err
	}
	id, err := uuid.Parse(given)
	if err != nil || len(given) != 36 {
		return "", errors.New("invalid uuid in header " + fsc.HeaderTransaction)
	}
	if id.Version() != 7 {
		return "", errors.New("invalid uuid version in header " + fsc.HeaderTransaction + ", must be v7")
	}
	return id.String(), nil
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets net/http reach what it needs of the writer underneath.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
