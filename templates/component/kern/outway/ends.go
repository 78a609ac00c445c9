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

// EndsSoon says which certificates and contracts that we can see end within a
// month, or have ended, and what to do about it. The contracts are by the name
// of the setting with their grant hash, with the service.
func (o *Outway) EndsSoon(now time.Time, contracts map[string]string) []string {
	var all []string
	say := func(what string, until time.Time, advice string) {
		switch {
		case until.IsZero() || until.Sub(now) > soon:
		case until.After(now):
			all = append(all, what+" loopt af op "+until.UTC().Format(time.DateOnly)+": "+advice)
		default:
			all = append(all, what+" is afgelopen op "+until.UTC().Format(time.DateOnly)+": "+advice)
		}
	}
	if until := o.seen.until.Load(); until != nil {
		say("het certificaat van de outway", *until, "vraag de platformbeheerder om een nieuw")
	}
	for _, b := range o.sources {
		cert, key := o.setting(b.Access.TokenCert), o.setting(b.Access.TokenKey)
		if pair, err := pki.Read(cert, key); err == nil && pair.Leaf != nil {
			say("het certificaat in "+b.Access.TokenCert, pair.Leaf.NotAfter, "zet een nieuw op dezelfde plek, met zijn sleutel")
		}
	}
	for name, service := range contracts {
		if until, err := time.Parse(time.DateOnly, o.setting(name+fsc.UntilSuffix)); err == nil {
			say("het FSC-contract voor "+service, until, "vraag de opvolger met go run ./kern/beheer verbind "+service+", en zet de nieuwe grant hash met zijn datum")
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
