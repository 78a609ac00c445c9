package outway

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// soon is how long before its end something is said of it.
const soon = 30 * 24 * time.Hour

// seen is until when the certificate that the outway last showed is valid.
type seen struct{ until atomic.Pointer[time.Time] }

// connected looks at the certificate of a connection that was found good.
func (s *seen) connected(state tls.ConnectionState) error {
	if len(state.PeerCertificates) > 0 {
		s.until.Store(&state.PeerCertificates[0].NotAfter)
	}
	return nil
}

// Look connects with the outway and asks nothing, to see its certificate.
// Without TLS there is nothing to see, and an outway that is away is found out
// by the first question.
func (o *Outway) Look(ctx context.Context) {
	u, err := url.Parse(o.base)
	if err != nil || u.Scheme != "https" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout())
	defer cancel()
	dialer := tls.Dialer{Config: o.tls}
	if conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "443"))); err == nil {
		_ = conn.Close()
	}
}

// End is a day on which something ends without which the way out is closed: a
// contract of FSC, of a service, or a certificate.
type End struct {
	Contract bool
	Name     string // of the service; or of the setting with the certificate, and outway for that of the outway
	Until    time.Time

	what, advice string
}

// Ends are all that we can see. The contracts are by the name of the setting with
// their grant hash, with the service.
func (o *Outway) Ends(contracts map[string]string) []End {
	var all []End
	if until := o.seen.until.Load(); until != nil {
		all = append(all, End{Name: "outway", Until: *until, what: "het certificaat van de outway", advice: "vraag de platformbeheerder om een nieuw"})
	}
	for _, b := range o.sources {
		cert, key := o.setting(b.Access.TokenCert), o.setting(b.Access.TokenKey)
		if pair, err := pki.Read(cert, key); err == nil && pair.Leaf != nil {
			all = append(all, End{Name: b.Access.TokenCert, Until: pair.Leaf.NotAfter, what: "het certificaat in " + b.Access.TokenCert, advice: "zet een nieuw op dezelfde plek, met zijn sleutel"})
		}
	}
	for name, service := range contracts {
		if until, err := time.Parse(time.DateOnly, o.setting(name+fsc.UntilSuffix)); err == nil {
			all = append(all, End{Contract: true, Name: service, Until: until, what: "het FSC-contract voor " + service,
				advice: "vraag de opvolger met go run ./kern/beheer verbind " + service + ", en zet de nieuwe grant hash met zijn datum"})
		}
	}
	return all
}

// EndsSoon says which of the ends are within a month, or were before, and what to
// do about it.
func (o *Outway) EndsSoon(now time.Time, contracts map[string]string) []string {
	var all []string
	for _, end := range o.Ends(contracts) {
		day := end.Until.UTC().Format(time.DateOnly)
		switch {
		case end.Until.IsZero() || end.Until.Sub(now) > soon:
		case end.Until.After(now):
			all = append(all, end.what+" loopt af op "+day+": "+end.advice)
		default:
			all = append(all, end.what+" is afgelopen op "+day+": "+end.advice)
		}
	}
	slices.Sort(all)
	return all
}

// setting is what a setting says; "" when there is none.
func (o *Outway) setting(name string) string {
	if o.Env == nil || name == "" {
		return ""
	}
	return o.Env(name)
}
