package rest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// Problem is an error in the form of RFC 9457, as the API Design Rules want it.
// It is an error, so that a handler can return one.
type Problem struct {
	Type     string  `json:"type,omitempty"`
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Detail   string  `json:"detail"`
	Instance string  `json:"instance,omitempty"`
	Errors   []Fault `json:"errors,omitempty"`
	Zaak     string  `json:"zaak,omitempty"` // id of the zaak that is there already

	// Header goes along with the answer: Allow, Retry-After, WWW-Authenticate.
	Header http.Header `json:"-"`
}

// Fault is one thing that is wrong with a request. It says where, never what
// the value was.
type Fault struct {
	In       string   `json:"in"` // body, query, path or header
	Location Location `json:"location"`
	Detail   string   `json:"detail"`
	Code     string   `json:"code"`
}

// Location is a JSON pointer into the body or the name of a parameter.
type Location struct {
	Pointer string `json:"pointer,omitempty"`
	Name    string `json:"name,omitempty"`
}

func (p *Problem) Error() string { return strconv.Itoa(p.Status) + " " + p.Title + ": " + p.Detail }

var titles = map[int]string{
	http.StatusBadRequest:            "Ongeldig verzoek",
	http.StatusUnauthorized:          "Niet aangemeld",
	http.StatusForbidden:             "Geen toegang",
	http.StatusNotFound:              "Niet gevonden",
	http.StatusMethodNotAllowed:      "Methode niet toegestaan",
	http.StatusNotAcceptable:         "Gevraagd formaat niet beschikbaar",
	http.StatusConflict:              "Kan nu niet",
	http.StatusPreconditionFailed:    "Intussen gewijzigd",
	http.StatusRequestEntityTooLarge: "Te groot",
	http.StatusUnsupportedMediaType:  "Formaat niet ondersteund",
	http.StatusUnprocessableEntity:   "Niet aangenomen",
	http.StatusTooManyRequests:       "Te veel verzoeken",
	http.StatusPreconditionRequired:  "If-Match ontbreekt",
	http.StatusInternalServerError:   "Interne fout",
	http.StatusBadGateway:            "Fout bij een bron",
	http.StatusServiceUnavailable:    "Tijdelijk niet beschikbaar",
}

// NewProblem makes a problem. Detail is a Dutch sentence for the caller and
// holds no personal data.
func NewProblem(status int, detail string) *Problem {
	title := titles[status]
	if title == "" {
		title = http.StatusText(status)
	}
	return &Problem{Title: title, Status: status, Detail: detail}
}

// With adds a header to the answer.
func (p *Problem) With(name, value string) *Problem {
	if p.Header == nil {
		p.Header = http.Header{}
	}
	p.Header.Set(name, value)
	return p
}

// Invalid is a 400 that lists everything that is wrong.
func Invalid(faults ...Fault) *Problem {
	p := NewProblem(http.StatusBadRequest, "Het verzoek klopt niet. In errors staat per onderdeel wat er mis is.")
	p.Errors = faults
	return p
}

// InBody is a fault at a JSON pointer in the body.
func InBody(pointer, code, detail string) Fault {
	return Fault{In: "body", Location: Location{Pointer: pointer}, Detail: detail, Code: code}
}

// InQuery is a fault in a query parameter.
func InQuery(name, code, detail string) Fault {
	return Fault{In: "query", Location: Location{Name: name}, Detail: detail, Code: code}
}

// CodeReused is the code of the fault of a key that was used before.
const CodeReused = "reused"

// Reused is the 409 of a key that came with something else before. Location is
// the address of what came of that; "" when it is not known.
func Reused(location string) *Problem {
	p := NewProblem(http.StatusConflict, "Met deze sleutel is eerder iets anders gestuurd. Dat is gedaan; wat nu gestuurd is niet. Neem een nieuwe sleutel om dit ook te sturen, of wijzig wat er eerder van kwam.")
	p.Errors = []Fault{{In: "header", Location: Location{Name: "Idempotency-Key"}, Code: CodeReused, Detail: "Deze sleutel is al gebruikt bij een andere inhoud."}}
	if location != "" {
		p = p.With("Location", location)
	}
	return p
}

// NotFound is a 404.
func NotFound() *Problem {
	return NewProblem(http.StatusNotFound, "Er is niets op dit adres.")
}

// Error answers with a problem. An error that is no Problem is ours: the caller
// hears that something went wrong and nothing else.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	var p *Problem
	var away outage
	switch {
	case errors.As(err, &p) && p.Status < http.StatusInternalServerError:
	case errors.Is(r.Context().Err(), context.Canceled) && (p != nil || errors.Is(err, context.Canceled) || errors.As(err, &away)):
		return // nobody is listening any more, and what broke off because of that is no fault
	case p != nil:
	case errors.As(err, &away):
		logger(w).Error("nu niet te doen", "route", r.Pattern, "transactie", Transaction(r), "fout", err)
		p = unavailable(away)
	default:
		logger(w).Error("verzoek mislukt", "route", r.Pattern, "transactie", Transaction(r), "fout", err)
		p = NewProblem(http.StatusInternalServerError, "Er ging iets mis in dit component. Probeer het later opnieuw.")
	}
	answer := *p
	if answer.Instance == "" {
		answer.Instance = "urn:uuid:" + Transaction(r)
	}
	h := w.Header()
	h.Del("Etag")
	h.Del("Location")
	for name, values := range p.Header {
		h[name] = values
	}
	body, err := json.Marshal(answer)
	if err != nil { // text and numbers only: cannot happen
		panic(err)
	}
	send(w, answer.Status, "application/problem+json", body)
}

// outage is an error of something that we need and that cannot do it now, such as
// the database: nothing is wrong with the request.
type outage interface {
	error
	// Unavailable is what a caller hears, and how long that one had better wait.
	Unavailable() (detail string, wait time.Duration)
}

// unavailable is a 503 that says when to come back.
func unavailable(o outage) *Problem {
	detail, wait := o.Unavailable()
	return NewProblem(http.StatusServiceUnavailable, detail).With("Retry-After", toegang.RetryAfter(wait))
}

// Write answers with v as JSON.
func Write(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	send(w, status, "application/json", body)
	return nil
}

// smallAnswer is how many bytes net/http keeps to say itself how long an answer is.
const smallAnswer = 2048

// plainJSON is shared: nobody changes the values of a header.
var plainJSON = []string{"application/json"}

func send(w http.ResponseWriter, status int, mediatype string, body []byte) {
	h := w.Header() // with names as net/http writes them, which saves looking them up
	if h["Content-Type"] = plainJSON; mediatype != plainJSON[0] {
		h["Content-Type"] = []string{mediatype}
	}
	// A header that we need not write makes no ninth one: up to eight a map is small.
	if rec, ok := w.(*recorder); !ok || rec.head || len(body) > smallAnswer {
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // when the caller has gone there is nobody to tell
}

// HandlerFunc is a handler that may fail; its error becomes a problem.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP implements http.Handler.
func (f HandlerFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f(w, r); err != nil {
		Error(w, r, err)
	}
}

// transactionHeader carries the id that FSC gives to a call.
const transactionHeader = "Fsc-Transaction-Id"

// Transaction is the id that ties the answer to the log: that of FSC, or a new
// one when the call did not come through an outway. From then on the request has
// it, for whoever asks again.
func Transaction(r *http.Request) string {
	if id := r.Header.Get(transactionHeader); uuid.Validate(id) == nil && len(id) == 36 {
		return id
	}
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil.String()
	}
	r.Header.Set(transactionHeader, id.String())
	return id.String()
}

// logger is the log of the server that handles the request.
func logger(w http.ResponseWriter) *slog.Logger {
	if rec, ok := w.(*recorder); ok && rec.log != nil {
		return rec.log
	}
	return slog.Default()
}
