// Package outway is layer 3: the only way out. Every question to somebody
// else, and every call to our own layer 2, goes through an FSC outway. The code
// knows three things of it: a base URL, a grant hash per service, and a path
// that arrives at the service unchanged.
//
// No call can be made without the processing activity for which it is made,
// and no answer of a source leaves this package with more than the fields that
// the purpose needs.
package outway

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

const (
	// DefaultTimeout is how long one call may last, all attempts together, when
	// OUTWAY_TIMEOUT does not say otherwise.
	DefaultTimeout = 10 * time.Second

	maxAnswer  = 4 << 20 // bytes; a register answers with far less
	attempts   = 3
	firstPause = 100 * time.Millisecond
)

// Question is one call to a service.
type Question struct {
	Service   string // FSC service name
	Operation string // what is asked, for the log; never a value
	Method    string
	Path      string // as the service expects it, escaped
	Query     url.Values
	Header    http.Header
	Body      []byte // JSON; nil for none
	// Repeatable says that asking twice does no harm: the call only reads, or
	// it carries an Idempotency-Key. Only such a call is tried again.
	Repeatable bool

	Title        string   // of a question to a source: what is asked, as people read it
	DataSubjects []string // burgerservicenummers of whom it is about: for the log, as pseudonyms, and to know an answer about another

	object   map[string]any // of a question to a source, until it becomes Body
	bron     Bron
	template string // the path before it was filled
	asked    []asked
	contract Contract
	fault    error // why the question cannot be put
}

// Reply is what came back with a status below 300.
type Reply struct {
	Status      int
	Header      http.Header
	Body        []byte
	Transaction string
}

// Outway is the client of an FSC outway. It may be used by many goroutines. The
// exported fields are set before its first use.
type Outway struct {
	// Logboek is where each question to a source is written down, with pseudonyms
	// that are made with Key. Without it nothing is: only for tests.
	Logboek logboek.Recorder
	Key     logboek.Key
	Env     func(string) string // the keys that sources ask; see Access
	Timeout time.Duration       // for one call, all attempts together; 0 is DefaultTimeout
	// Development says that sources may be stand-ins, of which a hint is for people.
	Development bool
	// Activity is how the organisation records a processing activity; nil: as it stands
	// in the code.
	Activity func(logboek.Activity) logboek.Activity

	base     string
	tls      *tls.Config       // towards the outway
	seen     seen              // its certificate
	grants   map[string]string // grant hash per service
	client   *http.Client
	log      *slog.Logger
	pause    func(context.Context, time.Duration) error
	breakers perService[breaker]
	tokens   perService[tokenHolder] // per source that gives tokens out
	sources  []Bron
}

func (o *Outway) timeout() time.Duration { return cmp.Or(o.Timeout, DefaultTimeout) }

// NewOutway makes a client. The grants are the grant hashes per service name.
// Without an http.Client it makes one with a pool of its own.
func NewOutway(baseURL string, grants map[string]string, client *http.Client, log *slog.Logger) (*Outway, error) {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("OUTWAY_URL is geen adres als https://outway.intern:8080")
	}
	o := &Outway{base: strings.TrimRight(baseURL, "/"), grants: grants, log: log, pause: wait}
	o.tls = &tls.Config{MinVersion: tls.VersionTLS12, VerifyConnection: o.seen.connected}
	if client == nil {
		client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute, TLSClientConfig: o.tls}}
	}
	own := *client
	// The path must arrive unchanged, so a redirect is an answer, not a way on.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if o.client = &own; log == nil {
		o.log = slog.Default()
	}
	return o, nil
}

// Trust sets whose certificate the outway may show, before its first use. Without
// it that is what this machine trusts.
func (o *Outway) Trust(roots *x509.CertPool) { o.tls.RootCAs = roots }

// Identify sets what we show the outway when it asks for a certificate, before its
// first use. Without it we show none.
func (o *Outway) Identify(show func(*tls.CertificateRequestInfo) (*tls.Certificate, error)) {
	o.tls.GetClientCertificate = show
}

// Do makes the call for the activity. What does not end with a status below
// 300 is a *Fault. All attempts together take no longer than Timeout, and a service
// that failed too often in a row is not called at all for a while.
func (o *Outway) Do(ctx context.Context, a logboek.Activity, q Question) (*Reply, error) {
	if a.Name == "" {
		return nil, &Fault{Kind: FaultSettings, Service: q.Service, Operation: q.Operation, reason: "er is geen verwerkingsactiviteit genoemd"}
	}
	grant := o.grants[q.Service]
	if grant == "" {
		return nil, &Fault{Kind: FaultSettings, Service: q.Service, Operation: q.Operation, reason: "de grant hash van deze dienst ontbreekt; zie 3-integratie/fsc.yaml"}
	}
	within, cancel := context.WithTimeout(ctx, o.timeout())
	defer cancel()
	breaker := o.breakers.of(q.Service)
	pause := firstPause
	for attempt := 1; ; attempt++ {
		if wait, ok := breaker.allow(time.Now()); !ok {
			return nil, &Fault{Kind: FaultResting, Service: q.Service, Operation: q.Operation, Wait: wait}
		}
		reply, fault := o.once(within, a, q, grant)
		again := false
		if errors.Is(ctx.Err(), context.Canceled) { // the caller has gone: that says nothing of the service
			breaker.release()
		} else {
			again = breaker.after(time.Now(), fault)
		}
		if fault == nil {
			return reply, nil
		}
		if !again || !q.Repeatable || !fault.mayRetry() || attempt == attempts || within.Err() != nil {
			return nil, fault
		}
		// Jitter: callers that failed together do not come back together.
		if o.pause(within, fault.Wait+pause/2+rand.N(pause)) != nil { // #nosec G404 -- Spreads attempts in time; it is no secret.
			return nil, fault
		}
		pause *= 2
	}
}

// attempt makes the request of one attempt, and the fault that it is when it fails.
// To FSC each attempt is a transaction of its own, so each has an id of its own.
// Without a request the fault is complete.
func (o *Outway) attempt(ctx context.Context, q Question, grant string) (*http.Request, *Fault) {
	fault := &Fault{Service: q.Service, Operation: q.Operation}
	id, err := uuid.NewV7()
	if err != nil {
		fault.because(FaultConnection, err)
		return nil, fault
	}
	fault.Transaction = id.String()
	req, err := o.request(ctx, q)
	if err != nil {
		// The text of err holds the address, and with it what was asked.
		fault.because(FaultSettings, errors.New("het pad van de vraag klopt niet"))
		return nil, fault
	}
	req.Header.Set(fsc.HeaderGrant, grant)
	req.Header.Set(fsc.HeaderTransaction, fault.Transaction)
	return req, fault
}

// once makes one attempt.
func (o *Outway) once(ctx context.Context, a logboek.Activity, q Question, grant string) (*Reply, *Fault) {
	req, fault := o.attempt(ctx, q, grant)
	if req == nil {
		return nil, fault
	}
	begin := time.Now()
	resp, err := o.client.Do(req)
	if err != nil {
		fault.because(FaultConnection, inTransit(err))
		if errors.Is(err, context.DeadlineExceeded) {
			fault.reason = "er kwam geen antwoord binnen " + o.timeout().String()
		}
		o.record(ctx, a, q, fault.Transaction, begin, 0, fault)
		return nil, fault
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := readAnswer(resp)
	switch {
	case err != nil:
		fault.because(FaultConnection, inTransit(err))
	case len(body) > maxAnswer:
		fault.because(FaultService, fmt.Errorf("het antwoord is groter dan %d MiB", maxAnswer>>20))
	case resp.Header.Get(fsc.HeaderErrorCode) != "":
		fault.because(FaultFSC, nil)
		fault.Code = code(resp.Header.Get(fsc.HeaderErrorCode))
	case resp.StatusCode >= http.StatusMultipleChoices:
		fault.because(FaultService, nil)
		if fault.nothing = q.saysNothing(resp, body); fault.nothing {
			fault.hint = o.hint(resp.Header)
		}
		if q.bron.Name == "" {
			fault.reused(resp.StatusCode, resp.Header.Get("Location"))
		}
	default:
		o.record(ctx, a, q, fault.Transaction, begin, resp.StatusCode, nil)
		return &Reply{resp.StatusCode, resp.Header, body, fault.Transaction}, nil
	}
	fault.Status, fault.Wait = resp.StatusCode, retryAfter(resp, time.Now())
	o.record(ctx, a, q, fault.Transaction, begin, resp.StatusCode, fault)
	return nil, fault
}

// readAnswer reads an answer, and a little of one that is too large. When it says how
// large it is, which costs nothing to lie about, as much is asked of memory at once.
func readAnswer(resp *http.Response) ([]byte, error) {
	var all bytes.Buffer
	if n := resp.ContentLength; n > 0 && n <= 64<<10 {
		all.Grow(int(n) + bytes.MinRead) // what Buffer wants to be free to find the end
	}
	_, err := all.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1))
	return all.Bytes(), err
}

func (o *Outway) request(ctx context.Context, q Question) (*http.Request, error) {
	target := o.base + q.Path
	if len(q.Query) > 0 {
		target += "?" + q.Query.Encode()
	}
	var body io.Reader
	if q.Body != nil {
		body = bytes.NewReader(q.Body)
	}
	req, err := http.NewRequestWithContext(ctx, q.Method, target, body)
	if err != nil {
		return nil, err
	}
	for name, values := range q.Header {
		req.Header[name] = values // which nobody changes
	}
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json, application/hal+json, application/problem+json")
	}
	logboek.TraceFrom(ctx).SetHeader(req.Header)
	if q.Body != nil && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// record writes down who asked what, why and with what result; no path, no
// parameter, no answer.
func (o *Outway) record(ctx context.Context, a logboek.Activity, q Question, id string, begin time.Time, status int, fault *Fault) {
	level := slog.LevelInfo
	if fault != nil && fault.Temporary() {
		level = slog.LevelWarn
	}
	if !o.log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("activiteit", a.Name), slog.String("dpl.core.processing_activity_id", a.URI),
		slog.String("dienst", q.Service), slog.String("operatie", q.Operation), slog.String("transactie", id),
		slog.Int64("ms", time.Since(begin).Milliseconds()), slog.Int("status", status),
	}
	if u := identity.FromContext(ctx); u.Known() {
		attrs = append(attrs, slog.Any("gebruiker", u))
	}
	if level == slog.LevelWarn {
		attrs = append(attrs, slog.Any("fout", fault))
	}
	o.log.LogAttrs(ctx, level, "verwerking", attrs...)
}

// inTransit is what went wrong on the way. An error of net/http may quote the
// address, and with it what was asked, or a header of the answer: only an error
// that cannot is kept.
func inTransit(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, http.ErrSchemeMismatch} {
		if errors.Is(err, known) {
			return known
		}
	}
	if network, ok := errors.AsType[*net.OpError](err); ok {
		return network
	}
	if certificate, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return certificate
	}
	return errors.New("de verbinding brak af of het antwoord is geen HTTP")
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
