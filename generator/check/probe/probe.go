// Package probe asks a running API what no file of it shows: whether it answers as the
// NL API Design Rules want, errors included.
//
// It never changes data. It sends GET requests; requests that have to be refused, because
// of their method, their media type or JSON that is cut off; and nothing that an API could
// take for something to store. It follows no redirect, keeps no cookie, repeats nothing of
// what it reads in answers, and sends the token to the given server alone, never without
// TLS to another machine.
//
// The server is not trusted: answers are read up to a limit, each request and all of them
// together have a time, and there is a number of requests.
package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// The limits of a look.
const (
	maxRequests    = 40
	requestTime    = 10 * time.Second
	lookTime       = time.Minute
	maxBody        = 1 << 20  // of an answer
	maxDocument    = 4 << 20  // of the description of the API
	maxHeaderBytes = 64 << 10 // of the header of an answer
)

// The addresses that are no base of an API.
var (
	ErrAddress = errors.New("not the address of an API: http(s)://host/v1, without a user and a query") // wrong form
	ErrClear   = errors.New("a token is not sent without TLS to another machine")                       // http with a token
)

// UnreachableError says that nothing answers at the address.
type UnreachableError struct {
	Address string
	Err     error
}

func (e *UnreachableError) Error() string { return e.Address + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *UnreachableError) Unwrap() error { return e.Err }

// Client makes the client for a look, with limits on what the server may send.
func Client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: requestTime}).DialContext,
		TLSHandshakeTimeout:    requestTime,
		ResponseHeaderTimeout:  requestTime,
		MaxResponseHeaderBytes: maxHeaderBytes,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		DisableCompression:     true, // what is packed may be endless when unpacked
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        2,
	}}
}

// Base reads the address that people give: of the API, with or without a slash at the
// end, or of its description.
func Base(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, ErrAddress
	}
	for _, name := range []string{"openapi.json", "openapi.yaml"} {
		if path.Base(u.Path) == name {
			u.Path = path.Dir(u.Path)
		}
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

// Look asks the API at base what Rules want to know. client may be nil. token is a bearer
// token for what asks one; without it that is not checked. now is for what ends one day. An error says that there was
// nothing to look at; what one rule could not see is in its verdict.
func Look(ctx context.Context, client *http.Client, base *url.URL, token string, now time.Time) ([]check.Verdict, error) {
	base, err := Base(base.String())
	if err != nil {
		return nil, err
	}
	var clear *url.URL
	if base.Scheme == "https" && (base.Port() == "" || base.Port() == "443") {
		clear = &url.URL{Scheme: "http", Host: base.Hostname(), Path: base.Path + "/openapi.json"}
		if strings.Contains(clear.Host, ":") {
			clear.Host = "[" + clear.Host + "]"
		}
	}
	return look(ctx, client, base, token, clear, now)
}

// look is Look; clear is the same without TLS, or nil.
func look(ctx context.Context, client *http.Client, base *url.URL, token string, clear *url.URL, now time.Time) ([]check.Verdict, error) {
	if token != "" && base.Scheme != "https" && !loopback(base.Hostname()) {
		return nil, ErrClear
	}
	ctx, stop := context.WithTimeout(ctx, lookTime)
	defer stop()
	p := newProber(ctx, client, base, token)
	first := p.document()
	if first.err != nil {
		if why := certificate(first.err); why != "" {
			p.add(ruleTLS, "certificate", why)
			return p.verdicts(), nil
		}
		return nil, &UnreachableError{base.String(), first.err}
	}
	p.transport(clear)
	p.paths()
	p.reading()
	p.refusing()
	p.securityTxt(now)
	p.everyAnswer()
	return p.verdicts(), nil
}

// certificate says in a code why a certificate is not trusted; "" when that is not what
// went wrong.
func certificate(err error) string {
	switch {
	case errors.As(err, new(x509.HostnameError)):
		return "name"
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "authority"
	case errors.As(err, new(x509.CertificateInvalidError)):
		return "invalid"
	case errors.As(err, new(*tls.CertificateVerificationError)):
		return "other"
	}
	return ""
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// found is what was found about one rule.
type found struct {
	looked   bool
	findings []check.Finding
	missed   []check.Missed
}

func (p *prober) of(rule string) *found {
	if p.found[rule] == nil {
		p.found[rule] = &found{}
	}
	return p.found[rule]
}

func (p *prober) looked(rule string) { p.of(rule).looked = true }

// maxPerRule is how many findings of one rule are kept: a server that answers everything
// wrongly says that often enough.
const maxPerRule = 20

func (p *prober) add(rule, which string, args ...string) {
	f := p.of(rule)
	if f.looked = true; len(f.findings) < maxPerRule {
		for i := range args {
			args[i] = tame(args[i])
		}
		f.findings = append(f.findings, check.Finding{Rule: rule, Case: which, Args: args})
	}
}

// miss says that something could not be judged, and why: check.missed.WHY.
func (p *prober) miss(rule, what, why string) {
	f := p.of(rule)
	m := check.Missed{Rule: rule, Path: tame(what), Why: why}
	if len(f.missed) < maxPerRule && !slices.Contains(f.missed, m) {
		f.missed = append(f.missed, m)
	}
}

// verdicts makes a verdict of every rule.
func (p *prober) verdicts() []check.Verdict {
	var all []check.Verdict
	for _, rule := range Rules() {
		f := p.of(rule.ID)
		v := check.Verdict{Rule: rule, Findings: f.findings, Missed: f.missed}
		switch {
		case len(f.findings) > 0:
			v.Outcome = check.Broken
		case f.looked && len(f.missed) == 0:
			v.Outcome = check.Met
		case rule.By == check.Person || len(f.missed) > 0:
			v.Outcome = check.NotChecked
		default:
			v.Outcome = check.Idle
		}
		all = append(all, v)
	}
	return all
}

// Words says in a code which error of Look or Base it is, and what goes in the text that
// tells people: check.probe.CODE; "" for another error.
func Words(err error) (code string, values []string) {
	var away *UnreachableError
	switch {
	case errors.Is(err, ErrAddress):
		return "address", nil
	case errors.Is(err, ErrClear):
		return "clear", nil
	case errors.As(err, &away):
		return "unreachable", []string{away.Address, tame(away.Err.Error())}
	}
	return "", nil
}
