package nabootsing

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

const (
	nameOutway = "FSC-outway"
	maxIdle    = 32 // connections that are kept per address
)

// ServeHTTP is the outway (FSC Core 2, "Outway"). A request without a grant
// hash for one of its own addresses gets the page of the stand-in.
func (n *StandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		refuse(w, methodUnsupported)
		return
	}
	grant := r.Header.Get(fsc.HeaderGrant)
	if grant == "" && ownAddress(r.URL.Path) {
		n.page.ServeHTTP(w, r)
		return
	}
	d := n.perGrant[grant]
	if d == nil || grant == "" {
		refuse(w, unknownGrant)
		return
	}
	seen := &viewer{ResponseWriter: w, status: http.StatusOK}
	id := n.forward(seen, r, d)
	n.recent.remember(Call{n.now(), d.name, r.Method, seen.status, seen.code(), id})
}

// forward sends a request on to the inway; nothing is sent without a token
// and a record in the transaction log. It gives the id of the transaction.
func (n *StandIn) forward(w http.ResponseWriter, r *http.Request, d *service) string {
	id := r.Header.Get(fsc.HeaderTransaction)
	if id == "" {
		fresh, err := uuid.NewV7()
		if err != nil {
			refuse(w, outwayLogError)
			return ""
		}
		id = fresh.String()
	} else if err := checkTransactionID(id); err != nil {
		refuse(w, idInvalid(domainOutway, err.Error()))
		return ""
	}
	w.Header().Set(fsc.HeaderTransaction, id)
	token, err := n.token(r.Context(), d)
	if err != nil {
		var fault *fscFault
		if !errors.As(err, &fault) {
			fault = managerUnreachable
			n.log.Warn("de manager geeft geen token", "dienst", d.name, "fout", err)
		}
		refuse(w, fault)
		return id
	}
	err = n.transactions.write(d.behaviour.is(), Transaction{
		Peer: n.ownID, ID: id, Direction: directionOutgoing, GrantHash: d.grant, ServiceName: d.name, CreatedAt: n.now(),
		Source: Source{sourceType, n.ownID}, Destination: Destination{destinationType, d.peer.PeerID()},
	})
	if err != nil {
		refuse(w, outwayLogError)
		return id
	}
	n.send(w, r, d, token, id)
	return id
}

// send proxies a request to the inway that the token names.
func (n *StandIn) send(w http.ResponseWriter, r *http.Request, d *service, t *token, id string) {
	if d.behaviour.is() == Unreachable {
		refuse(w, inwayUnreachable)
		return
	}
	r.Header.Del(fsc.HeaderGrant)
	r.Header[fsc.HeaderAuthorization] = t.bearer
	r.Header[fsc.HeaderTransaction] = []string{id}
	t.way.ServeHTTP(w, r)
}

// wayTo makes the proxy to an inway: one for each token, and not for each call.
func (n *StandIn) wayTo(d *service, inway *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) { unchanged(p, inway) },
		ModifyResponse: func(resp *http.Response) error {
			// Ours is on the answer already; twice the same header confuses.
			resp.Header.Del(fsc.HeaderTransaction)
			if resp.Header.Get(bron.HeaderStandIn) == "" {
				resp.Header.Set(bron.HeaderStandIn, nameOutway)
			}
			if resp.StatusCode == http.StatusUnauthorized && resp.Header.Get(fsc.HeaderErrorCode) != "" {
				d.token.forget() // the inway knows it no longer; the next call asks for another
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			n.log.Debug("de inway is niet bereikt", "dienst", d.name, "fout", err)
			refuse(w, inwayUnreachable)
		},
		BufferPool: &buffers,
		Transport:  d.transport,
		ErrorLog:   slog.NewLogLogger(n.log.Handler(), slog.LevelDebug),
	}
}

// unchanged aims a request at another host and leaves path and query as they
// came, also a query that httputil would tidy up.
func unchanged(p *httputil.ProxyRequest, target *url.URL) {
	p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = target.Scheme, target.Host, target.Host
	p.Out.URL.RawQuery, p.Out.URL.ForceQuery = p.In.URL.RawQuery, p.In.URL.ForceQuery
}

// newTransport makes connections with a certificate of ours, to servers with a
// certificate of the group.
func (n *StandIn) newTransport(own tls.Certificate, group *x509.CertPool) *http.Transport {
	t := &http.Transport{
		TLSClientConfig: &tls.Config{
			MinVersion: tls.VersionTLS12, RootCAs: group,
			// Always this one, also when the server does not name our authority.
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil },
		},
		TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: maxIdle, IdleConnTimeout: time.Minute,
	}
	n.transports = append(n.transports, t)
	return t
}

// viewer remembers how a call ended.
type viewer struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (k *viewer) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

// Unwrap lets net/http reach what it needs of the writer underneath.
func (k *viewer) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k *viewer) code() string { return k.Header().Get(fsc.HeaderErrorCode) }

// buffers lends the memory through which answers are copied.
var buffers bufferPool

type bufferPool struct{ pool sync.Pool }

// Get implements httputil.BufferPool.
func (p *bufferPool) Get() []byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return *b
	}
	return make([]byte, 16<<10)
}

// Put implements httputil.BufferPool.
func (p *bufferPool) Put(b []byte) { p.pool.Put(&b) }
