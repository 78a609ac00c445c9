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

// eersteRegel is what the stand-in says of itself, in its log and on its page.
const eersteRegel = "Dit is een nabootsing van FSC en van de bronnen, alleen voor ontwikkeling. De certificaten, contracten en tokens zijn in dit programma gemaakt en gelden nergens anders."

const (
	// certificatesValid is how long the certificates of one start last.
	certificatesValid = 30 * 24 * time.Hour
	// slowness is how long a slow service waits, longer than a client does.
	slowness = 20 * time.Second
)

// Opties is what the stand-in needs.
type Opties struct {
	Productie   bool                    // true: New refuses
	FSC         fsc.File                // peers and services
	Grants      map[string]string       // grant hash per service
	Eigen       string                  // name of the service that is our own layer 2
	DienstenURL string                  // where that is
	Bronnen     map[string]http.Handler // stand-in of the source per service
	Env         func(string) string     // settings of the stand-in; nil for none
	Log         *slog.Logger

	nu          func() time.Time                   // clock; for tests
	maakSleutel func(int) (*rsa.PrivateKey, error) // for tests
	vertraging  time.Duration                      // of Traag; for tests
}

// Nabootsing is the stand-in. It is itself the outway, as an http.Handler.
type Nabootsing struct {
	groep        string
	eigen        string // PeerID of our own peer
	laag2        string // name of the service that is our own layer 2
	diensten     []*dienst
	perGrant     map[string]*dienst
	aanbieders   []*aanbieder
	transacties  transacties
	recent       recent
	pagina       http.Handler
	nu           func() time.Time
	vertraging   time.Duration
	log          *slog.Logger
	stop         context.CancelFunc
	achtergrond  sync.WaitGroup
	verbindingen []*http.Transport
}

// dienst is a service that we use, with all that stands in between.
type dienst struct {
	naam      string
	grant     string
	peer      fsc.Peer // that offers it
	contract  fsc.Contract
	hash      string       // of the contract
	handler   http.Handler // the service itself; nil when it is somebody else's
	aanbieder *aanbieder   // nil when the manager and the inway are somebody else's
	tokenURL  string
	verkeer   *http.Transport // with our certificate; to the manager and to the inway
	gedrag    schakelaar
	token     tokenBak
}

// New makes the stand-in: it listens on the loopback for a manager and an inway
// per peer. It refuses to stand in where real data is.
func New(o Opties) (*Nabootsing, error) {
	if o.Productie {
		return nil, errors.New("de nabootsing van FSC start niet met OMGEVING=productie; zet OUTWAY_URL op de echte FSC-outway")
	}
	o = aangevuld(o)
	ctx, stop := context.WithCancel(context.Background())
	n := &Nabootsing{
		groep: o.FSC.GroupID(), eigen: o.FSC.Eigen.PeerID(), laag2: o.Eigen, perGrant: map[string]*dienst{},
		nu: o.nu, vertraging: o.vertraging, log: o.Log, stop: stop,
	}
	n.log.Info(eersteRegel)
	n.pagina = n.maakPagina()
	if err := n.bouw(ctx, o); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	n.achtergrond.Go(func() {
		for _, a := range n.aanbieders {
			if ctx.Err() == nil {
				_, _ = a.sleutel() // whoever needs it first hears of the error
			}
		}
	})
	return n, nil
}

func aangevuld(o Opties) Opties {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Env == nil {
		o.Env = func(string) string { return "" }
	}
	if o.nu == nil {
		o.nu = time.Now
	}
	if o.maakSleutel == nil {
		o.maakSleutel = maakTokenSleutel
	}
	if o.vertraging == 0 {
		o.vertraging = slowness
	}
	return o
}

// bouw makes the group: its authority, our own certificate, and per service the
// peer that offers it.
func (n *Nabootsing) bouw(ctx context.Context, o Opties) error {
	ca, err := pki.NewAuthority("Nabootsing van een FSC-groep", certificatesValid)
	if err != nil {
		return err
	}
	key, err := o.FSC.OutwayKey()
	if err != nil {
		return err
	}
	own, err := ca.Issue(pki.Request{Name: "outway.nabootsing", Organisation: o.FSC.Eigen.Naam, OIN: n.eigen}, key)
	if err != nil {
		return err
	}
	internal := n.nieuwVerkeer(own, ca.Pool())
	elsewhere, err := n.elders(o)
	if err != nil {
		return err
	}
	for _, s := range o.FSC.Afgenomen {
		d := &dienst{naam: s.Naam, grant: o.Grants[s.Naam], peer: s.Aanbieder, verkeer: internal}
		if known := n.perGrant[d.grant]; known != nil {
			return fmt.Errorf("de diensten %s en %s hebben dezelfde grant hash", known.naam, d.naam)
		}
		n.diensten = append(n.diensten, d)
		n.perGrant[d.grant] = d
		if elsewhere.has(s) {
			if err := elsewhere.stel(d, s, o); err != nil {
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
		if d.handler, err = n.handlerVan(s.Naam, o); err != nil {
			return err
		}
		if d.aanbieder, err = n.aanbiederVan(ctx, s.Aanbieder, ca, o); err != nil {
			return err
		}
		d.aanbieder.diensten[d.naam] = d
		d.tokenURL = d.aanbieder.manager + "/v1/token"
	}
	return nil
}

// handlerVan is what answers as a service.
func (n *Nabootsing) handlerVan(service string, o Opties) (http.Handler, error) {
	if service == o.Eigen {
		target, err := url.Parse(o.DienstenURL)
		if err != nil || target.Host == "" {
			return nil, fmt.Errorf("DIENSTEN_URL %q is geen adres", o.DienstenURL)
		}
		return n.eigenDienst(target), nil
	}
	if h := o.Bronnen[service]; h != nil {
		return h, nil
	}
	return nil, fmt.Errorf("dienst %s uit fsc.yaml heeft geen antwoordenbestand in 3-integratie", service)
}

// aanbiederVan gives the peer, and starts its manager and inway when it is the
// first service of that peer.
func (n *Nabootsing) aanbiederVan(ctx context.Context, p fsc.Peer, ca *pki.Authority, o Opties) (*aanbieder, error) {
	i := slices.IndexFunc(n.aanbieders, func(a *aanbieder) bool { return a.id == p.PeerID() })
	if i >= 0 {
		return n.aanbieders[i], nil
	}
	a, err := n.startAanbieder(ctx, p, ca, o.maakSleutel)
	if err != nil {
		return nil, fmt.Errorf("nabootsing van %s: %w", p.Naam, err)
	}
	n.aanbieders = append(n.aanbieders, a)
	return a, nil
}

// Close stops the managers and the inways.
func (n *Nabootsing) Close() error {
	n.stop()
	var errs []error
	for _, a := range n.aanbieders {
		errs = append(errs, a.Close())
	}
	for _, t := range n.verbindingen {
		t.CloseIdleConnections()
	}
	n.achtergrond.Wait()
	return errors.Join(errs...)
}

// dienst gives a service by its name; nil when there is none.
func (n *Nabootsing) dienst(naam string) *dienst {
	i := slices.IndexFunc(n.diensten, func(d *dienst) bool { return d.naam == naam })
	if i < 0 {
		return nil
	}
	return n.diensten[i]
}

// peerID is the OIN in the certificate on the other side of a connection.
func peerID(chain []*x509.Certificate) string {
	if len(chain) == 0 {
		return ""
	}
	return pki.PeerID(chain[0])
}
