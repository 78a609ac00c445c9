// Package nabootsing stands in, on a laptop, for an FSC group: the outway of
// this component and, per peer whose services it uses, a manager and an inway,
// with mutual TLS, certificate-bound tokens and a transaction log on both sides.
// It is for development only and refuses to run in production. What it covers
// of FSC, and what not, is in docs/nabootsing.md.
package nabootsing

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// firstLine is what the stand-in says of itself, in its log and on its page.
const firstLine = "Dit is een nabootsing van FSC en van de bronnen, alleen voor ontwikkeling. De certificaten, contracten en tokens zijn in dit programma gemaakt en gelden nergens anders."

const (
	// certificatesValid is how long the certificates of one start last.
	certificatesValid = 30 * 24 * time.Hour
	// slowness is how long a slow service waits, longer than a client does.
	slowness = 20 * time.Second
)

// Options is what the stand-in needs.
type Options struct {
	Production  bool                    // true: New refuses
	FSC         fsc.File                // peers and services
	Grants      map[string]string       // grant hash per service
	Own         string                  // name of the service that is our own layer 2
	ServicesURL string                  // where that is
	Services    *http.Transport         // the way to it; nil is the usual one
	Bronnen     map[string]http.Handler // stand-in of the source per service
	Env         func(string) string     // settings of the stand-in; nil for none
	Log         *slog.Logger

	now     func() time.Time                   // clock; for tests
	makeKey func(int) (*rsa.PrivateKey, error) // for tests
	delay   time.Duration                      // of Slow; for tests
}

// StandIn is the stand-in. It is itself the outway, as an http.Handler.
type StandIn struct {
	group        string
	ownID        string // PeerID of our own peer
	layer2       string // name of the service that is our own layer 2
	services     []*service
	perGrant     map[string]*service
	providers    []*provider
	transactions transactionLog
	recent       recent
	page         http.Handler
	now          func() time.Time
	delay        time.Duration
	log          *slog.Logger
	stop         context.CancelFunc
	background   sync.WaitGroup
	transports   []*http.Transport
}

// service is a service that we use, with all that stands in between.
type service struct {
	name      string
	grant     string
	peer      fsc.Peer // that offers it
	contract  fsc.Contract
	hash      string       // of the contract
	handler   http.Handler // the service itself; nil when it is somebody else's
	provider  *provider    // nil when the manager and the inway are somebody else's
	tokenURL  string
	transport *http.Transport // with our certificate; to the manager and to the inway
	behaviour toggle
	token     tokenStore
}

// New makes the stand-in: it listens on the loopback for a manager and an inway
// per peer. It refuses to stand in where real data is.
func New(o Options) (*StandIn, error) {
	if o.Production {
		return nil, errors.New("de nabootsing van FSC start niet met OMGEVING=productie; zet OUTWAY_URL op de echte FSC-outway")
	}
	o = withDefaults(o)
	ctx, stop := context.WithCancel(context.Background())
	n := &StandIn{
		group: o.FSC.GroupID(), ownID: o.FSC.Own.PeerID(), layer2: o.Own, perGrant: map[string]*service{},
		now: o.now, delay: o.delay, log: o.Log, stop: stop,
	}
	n.log.Info(firstLine)
	n.page = n.newPage()
	if err := n.build(ctx, o); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	n.background.Go(func() {
		for _, a := range n.providers {
			if ctx.Err() == nil {
				_, _ = a.key() // whoever needs it first hears of the error
			}
		}
	})
	return n, nil
}

func withDefaults(o Options) Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Env == nil {
		o.Env = func(string) string { return "" }
	}
	if o.now == nil {
		o.now = time.Now
	}
	if o.delay == 0 {
		o.delay = slowness
	}
	return o
}

// build makes the group: its authority, our own certificate, and per service the
// peer that offers it.
func (n *StandIn) build(ctx context.Context, o Options) error {
	ca, err := pki.NewAuthority("Nabootsing van een FSC-groep", certificatesValid)
	if err != nil {
		return err
	}
	key, err := o.FSC.OutwayKey()
	if err != nil {
		return err
	}
	own, err := ca.Issue(pki.Request{Name: "outway.nabootsing", Organisation: o.FSC.Own.Name, OIN: n.ownID}, key)
	if err != nil {
		return err
	}
	internal := n.newTransport(own, ca.Pool())
	elsewhere, err := n.elsewhere(o)
	if err != nil {
		return err
	}
	for _, s := range o.FSC.Consumed {
		d := &service{name: s.Name, grant: o.Grants[s.Name], peer: s.Provider, transport: internal}
		if known := n.perGrant[d.grant]; known != nil {
			return fmt.Errorf("de diensten %s en %s hebben dezelfde grant hash", known.name, d.name)
		}
		n.services = append(n.services, d)
		n.perGrant[d.grant] = d
		if elsewhere.has(s) {
			if err := elsewhere.aim(d, s, o); err != nil {
				return err
			}
			continue
		}
		if d.contract, err = o.FSC.Contract(s); err != nil {
			return err
		}
		if d.hash, err = d.contract.Hash(); err != nil {
			return err
		}
		if d.handler, err = n.handlerOf(s.Name, o); err != nil {
			return err
		}
		if d.provider, err = n.providerOf(ctx, s.Provider, ca, o); err != nil {
			return err
		}
		d.provider.services[d.name] = d
		d.tokenURL = d.provider.manager + "/v1/token"
	}
	return nil
}

// handlerOf is what answers as a service.
func (n *StandIn) handlerOf(service string, o Options) (http.Handler, error) {
	if service == o.Own {
		target, err := url.Parse(o.ServicesURL)
		if err != nil || target.Host == "" {
			return nil, fmt.Errorf("DIENSTEN_URL %q is geen adres", o.ServicesURL)
		}
		return n.ownService(target, o.Services), nil
	}
	if h := o.Bronnen[service]; h != nil {
		return h, nil
	}
	return nil, fmt.Errorf("dienst %s uit fsc.yaml heeft geen antwoordenbestand in 3-integratie", service)
}

// providerOf gives the peer, and starts its manager and inway when it is the
// first service of that peer.
func (n *StandIn) providerOf(ctx context.Context, p fsc.Peer, ca *pki.Authority, o Options) (*provider, error) {
	i := slices.IndexFunc(n.providers, func(a *provider) bool { return a.id == p.PeerID() })
	if i >= 0 {
		return n.providers[i], nil
	}
	makeKey := o.makeKey
	if makeKey == nil {
		makeKey = keyOf(p.PeerID())
	}
	a, err := n.startProvider(ctx, p, ca, makeKey)
	if err != nil {
		return nil, fmt.Errorf("nabootsing van %s: %w", p.Name, err)
	}
	n.providers = append(n.providers, a)
	return a, nil
}

// Close stops the managers and the inways.
func (n *StandIn) Close() error {
	n.stop()
	var errs []error
	for _, a := range n.providers {
		errs = append(errs, a.Close())
	}
	for _, t := range n.transports {
		t.CloseIdleConnections()
	}
	n.background.Wait()
	return errors.Join(errs...)
}

// service gives a service by its name; nil when there is none.
func (n *StandIn) service(name string) *service {
	i := slices.IndexFunc(n.services, func(d *service) bool { return d.name == name })
	if i < 0 {
		return nil
	}
	return n.services[i]
}

// peerID is the OIN in the certificate on the other side of a connection.
func peerID(chain []*x509.Certificate) string {
	if len(chain) == 0 {
		return ""
	}
	return pki.PeerID(chain[0])
}
