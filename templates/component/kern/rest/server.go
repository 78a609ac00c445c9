// Package rest is the outside of an API, the same for every layer that has one:
// it serves what the OpenAPI specification promises and nothing else. It judges
// requests before a handler sees them, answers errors as the API Design Rules
// want them, publishes the specification and shows it as a page.
package rest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// Route is the handler of one operation. Pattern is the path as in the
// specification, without the base: /zaken/{id}.
type Route struct {
	Method, Pattern string
	Handler         http.Handler
	// Fields are the names that the handler knows in the body of a request or,
	// when there is none, of the answer. The specification must have the same
	// ones. nil: not compared.
	Fields []string
	From   string // the file where that stands, for messages; "" is the code
}

// Options is what a server needs.
type Options struct {
	Spec     []byte                      // openapi.yaml
	File     string                      // where the specification stands, for messages
	Contract *Contract                   // the same, when it was read already; nil: read from Spec
	Routes   []Route                     // one for each operation of the specification
	Ready    func(context.Context) error // nil: always ready
	Warnings func() []string             // what goes along with the answer that all is well; may be nil
	Token    string                      // tokens of the layers, with a comma in between; "": none (development)
	Access   toegang.Gate                // who else comes in, and how often
	// Origins are the websites whose scripts may call the API. Normally none:
	// the pages of a component are made on the server.
	Origins []string
	// Wrap goes around every handler, after the checks; may be nil.
	Wrap func(http.Handler) http.Handler
	// Internal are operations between the layers of this component, below
	// InternalBase. The specification does not have them.
	Internal []Route
	// Published is what the specification says of who publishes it.
	Published Published
	// SecurityTxt says how somebody reports a weakness; nil when nobody can be
	// reached.
	SecurityTxt http.Handler
	Log         *slog.Logger // nil: slog.Default
}

type server struct {
	Options
	contract *Contract
	spec     []byte // as it is published
	mux      *http.ServeMux
	version  []string
	page     []byte
	pageCSP  []string
	tokens   identity.Tokens
	brake    brake
}

// resource is one path with its methods.
type resource struct {
	server  *server
	methods map[string]endpoint
	allow   string
}

type endpoint struct {
	*operation
	handler http.Handler
	direct  bool // nothing to judge: no parameters, no body
}

// NewServer makes the handler of an API. It fails when the specification
// promises an operation that has no route, and the other way round.
func NewServer(o Options) (http.Handler, error) {
	contract, err := o.Contract, error(nil)
	if contract == nil {
		contract, err = NewContract(o.Spec)
	}
	if err != nil {
		return nil, err
	}
	s := &server{Options: o, contract: contract, mux: http.NewServeMux(), version: []string{contract.Version}, tokens: identity.NewTokens(o.Token)}
	if s.spec, err = o.Published.Over(contract.JSON); err != nil {
		return nil, err
	}
	if s.page, s.pageCSP, err = renderPage(s.spec, strings.TrimPrefix(contract.Base, "/")); err != nil {
		return nil, err
	}
	resources, err := s.match(o.Routes)
	if err != nil {
		return nil, err
	}
	for pattern, res := range resources {
		s.mux.Handle(contract.Base+pattern, res)
	}
	for _, route := range o.Internal {
		s.internal(route)
	}
	s.mux.HandleFunc(contract.Base+"/openapi.json", s.openapi)
	if o.SecurityTxt != nil {
		s.mux.Handle("/.well-known/security.txt", o.SecurityTxt)
	}
	s.mux.HandleFunc("/{$}", s.home)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, NotFound()) })
	s.mux.HandleFunc("/healthz/live", s.live)
	s.mux.HandleFunc("/healthz/ready", s.ready)
	return s, nil
}

// match joins routes and operations, and names every one that stands alone.
func (s *server) match(routes []Route) (map[string]*resource, error) {
	all := map[string]*resource{}
	var faults []error
	alone := differences{}
	for _, route := range routes {
		op := s.contract.paths[route.Pattern][route.Method]
		if op == nil {
			faults = append(faults, fmt.Errorf("%s %s: staat in %s en ontbreekt in %s", route.Method, route.Pattern, cmp.Or(route.From, "de code"), s.file()))
			continue
		}
		alone.add(op, route)
		res := all[route.Pattern]
		if res == nil {
			res = &resource{server: s, methods: map[string]endpoint{}}
			all[route.Pattern] = res
		}
		handler := route.Handler
		if s.Wrap != nil {
			handler = s.Wrap(handler)
		}
		res.methods[route.Method] = endpoint{op, handler, len(op.params)+len(op.body) == 0}
		res.allow = res.methodsAllowed()
	}
	faults = append(faults, alone.errors(s.file())...)
	for _, pattern := range keys(s.contract.paths) {
		for _, method := range keys(s.contract.paths[pattern]) {
			if pattern == "/openapi.json" {
				continue
			}
			if res := all[pattern]; res == nil || res.methods[method].operation == nil {
				faults = append(faults, fmt.Errorf("%s %s: staat in %s en ontbreekt in de code", method, pattern, s.file()))
			}
		}
	}
	return all, errors.Join(faults...)
}

// methodsAllowed is what Allow says: who has GET has HEAD.
func (res *resource) methodsAllowed() string {
	all := slices.Collect(maps.Keys(res.methods))
	if slices.Contains(all, http.MethodGet) {
		all = append(all, http.MethodHead)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func (s *server) file() string { return cmp.Or(s.File, "de specificatie") }

// difference is a field that the code or the specification has alone.
type difference struct {
	field, from string
	inCode      bool
}

// differences says for each at which operations.
type differences map[difference][]string

func (all differences) add(op *operation, route Route) {
	if route.Fields == nil {
		return
	}
	note := func(field string, inCode bool) {
		d := difference{field, cmp.Or(route.From, "de code"), inCode}
		all[d] = append(all[d], route.Method+" "+route.Pattern)
	}
	for _, name := range route.Fields {
		if _, there := op.fields[name]; !there {
			note(name, true)
		}
	}
	for _, name := range keys(op.fields) {
		if !slices.Contains(route.Fields, name) {
			note(name, false)
		}
	}
}

func (all differences) errors(file string) (faults []error) {
	sorted := slices.SortedFunc(maps.Keys(all), func(a, b difference) int { return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.from, b.from)) })
	for _, d := range sorted {
		in, out := d.from, file
		if !d.inCode {
			in, out = file, d.from
		}
		faults = append(faults, fmt.Errorf("veld %s: staat in %s en ontbreekt in %s (%s)", d.field, in, out, strings.Join(all[d], ", ")))
	}
	return faults
}

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := &recorder{ResponseWriter: w, log: s.Log, head: r.Method == http.MethodHead}
	s.secure(rec.Header())
	from := r
	defer func() {
		from.Pattern = r.Pattern // who writes the line of the request reads the route there
		if v := recover(); v != nil {
			s.recovered(rec, r, v)
		}
	}()
	// ServeMux sends a path that is not clean elsewhere; the API Design Rules
	// want 404 (/core/no-trailing-slash).
	if !clean(r.URL.Path) {
		Error(rec, r, NotFound())
		return
	}
	var ok bool
	if r, ok = s.enter(rec, r); ok {
		s.mux.ServeHTTP(rec, r)
	}
}

func clean(p string) bool { return p == "/" || path.Clean(p) == p }

// recovered answers a panic with a 500 and logs where it was. The value of a
// panic can hold anything, so only the text of a run-time error is logged.
func (s *server) recovered(rec *recorder, r *http.Request, v any) {
	if v == http.ErrAbortHandler { //nolint:errorlint // compared as net/http does
		panic(v)
	}
	what := fmt.Sprintf("%T", v)
	if err, ok := v.(interface{ RuntimeError() }); ok {
		what = fmt.Sprint(err)
	}
	logger(rec).Error("paniek", "route", r.Pattern, "transactie", Transaction(r), "fout", what, "stapel", string(debug.Stack()))
	if rec.status == 0 {
		Error(rec, r, NewProblem(http.StatusInternalServerError, "Er ging iets mis in dit component. Probeer het later opnieuw."))
	}
}

// ServeHTTP implements http.Handler.
func (res *resource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := res.server
	if done := s.crossOrigin(w, r, res.allow); done {
		return
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	e, ok := res.methods[method]
	if !ok {
		s.refuse(w, r, NewProblem(http.StatusMethodNotAllowed, "Dit adres kent deze methode niet.").With("Allow", res.allow))
		return
	}
	if !e.open {
		if err := s.permit(w, r, e.id); err != nil {
			Error(w, r, err)
			return
		}
	}
	if !acceptable(r.Header["Accept"], e.produces) {
		Error(w, r, NewProblem(http.StatusNotAcceptable, "Dit adres antwoordt met "+strings.Join(e.produces, " of ")+"."))
		return
	}
	if !e.direct || r.URL.RawQuery != "" {
		if err := e.judge(w, r); err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	e.handler.ServeHTTP(w, r)
}

// openapi publishes the specification to everybody (/core/publish-openapi).
func (s *server) openapi(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if only(w, r, http.MethodGet) && s.accepts(w, r, "application/json") {
		send(w, http.StatusOK, "application/json", s.spec)
	}
}

func (s *server) home(w http.ResponseWriter, r *http.Request) {
	if only(w, r, http.MethodGet) && s.accepts(w, r, "text/html") {
		h := w.Header()
		h["Content-Security-Policy"] = s.pageCSP
		// Only where HTML comes back (/core/transport/security-headers).
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Feature-Policy", "'none'")
		send(w, http.StatusOK, "text/html; charset=utf-8", s.page)
	}
}

func (s *server) live(w http.ResponseWriter, r *http.Request) {
	if only(w, r, http.MethodGet) {
		send(w, http.StatusOK, "application/json", []byte(`{"status":"ok"}`))
	}
}

func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	if !only(w, r, http.MethodGet) {
		return
	}
	if s.Ready != nil {
		if err := s.Ready(r.Context()); err != nil {
			logger(w).Warn("nog niet klaar", "fout", err)
			p := NewProblem(http.StatusServiceUnavailable, "Dit component is nog niet klaar voor verzoeken.").With("Retry-After", "5")
			if away, ok := errors.AsType[outage](err); ok {
				p = unavailable(away)
			}
			Error(w, r, p)
			return
		}
	}
	if s.Warnings != nil {
		// Something that ends soon is no reason to take the component away.
		if all := s.Warnings(); len(all) > 0 {
			_ = Write(w, http.StatusOK, map[string]any{"status": "ok", "waarschuwingen": all})
			return
		}
	}
	s.live(w, r)
}

func (s *server) accepts(w http.ResponseWriter, r *http.Request, mediatype string) bool {
	if acceptable(r.Header["Accept"], []string{mediatype}) {
		return true
	}
	Error(w, r, NewProblem(http.StatusNotAcceptable, "Dit adres antwoordt met "+mediatype+"."))
	return false
}

func only(w http.ResponseWriter, r *http.Request, method string) bool {
	if r.Method == method || r.Method == http.MethodHead && method == http.MethodGet {
		return true
	}
	allow := method
	if method == http.MethodGet {
		allow += ", " + http.MethodHead
	}
	Error(w, r, NewProblem(http.StatusMethodNotAllowed, "Dit adres kent deze methode niet.").With("Allow", allow))
	return false
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
