package nabootsing

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

const nameInway = "FSC-inway"

// inwayHandler is the inway. The TLS server has seen to it that the certificate
// on the other side is of the group.
func (a *provider) inwayHandler(w http.ResponseWriter, r *http.Request) {
	d, c, fault := a.authorise(r)
	if fault != nil {
		refuse(w, fault)
		return
	}
	id := r.Header.Get(fsc.HeaderTransaction)
	if id == "" {
		refuse(w, idMissing)
		return
	}
	if err := checkTransactionID(id); err != nil {
		refuse(w, idInvalid(domainInway, err.Error()))
		return
	}
	behaviour := d.behaviour.is()
	err := a.n.transactions.write(behaviour, Transaction{
		Peer: a.id, ID: id, Direction: directionIncoming, GrantHash: c.GrantHash, ServiceName: c.Service, CreatedAt: a.n.now(),
		Source: Source{sourceType, c.Subject}, Destination: Destination{destinationType, c.Issuer},
	})
	if err != nil {
		refuse(w, inwayLogError)
		return
	}
	switch behaviour {
	case ServiceAway:
		refuse(w, serviceUnreachable)
		return
	case Slow:
		if !wait(r.Context(), a.n.delay) {
			return // nobody waits any more
		}
	}
	if status := behaviours[behaviour].status; status != 0 {
		r = r.WithContext(bron.WithStatus(r.Context(), status))
	}
	d.handler.ServeHTTP(w, r)
}

// authorise checks the token of a request in the order of FSC Core 2,
// "Authorization": present, signed by this peer, in time, bound to the
// certificate of this connection, of this group, for a service of this inway.
func (a *provider) authorise(r *http.Request) (*service, *readToken, *fscFault) {
	given := r.Header[fsc.HeaderAuthorization]
	if len(given) == 0 || given[0] == "" {
		return nil, nil, tokenMissing
	}
	token, bearer := strings.CutPrefix(given[0], "Bearer ")
	if !bearer || len(given) > 1 {
		return nil, nil, tokenInvalid
	}
	key, err := a.key()
	if err != nil {
		return nil, nil, tokenInvalid
	}
	c, err := key.check(token)
	if err != nil {
		return nil, nil, tokenInvalid
	}
	now := a.n.now().Unix()
	switch {
	case c.NotBefore > now:
		return nil, nil, tokenInvalid
	case c.Expires <= now:
		return nil, nil, tokenExpired
	case !c.boundTo(r.TLS.PeerCertificates[0]):
		return nil, nil, tokenInvalid
	case c.GroupID != a.n.group:
		return nil, nil, wrongGroup
	case a.services[c.Service] == nil:
		return nil, nil, serviceNotFound
	}
	return a.services[c.Service], c, nil
}

// ownService is our own layer 2 as a service behind the inway.
func (n *StandIn) ownService(target *url.URL, transport *http.Transport) http.Handler {
	if transport == nil {
		transport = &http.Transport{MaxIdleConnsPerHost: maxIdle, IdleConnTimeout: time.Minute}
	}
	n.transports = append(n.transports, transport)
	proxy := &httputil.ReverseProxy{
		Rewrite:      func(p *httputil.ProxyRequest) { unchanged(p, target) },
		BufferPool:   &buffers,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { refuse(w, serviceUnreachable) },
		Transport:    transport,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := bron.ForcedStatus(r.Context()); status != 0 {
			problem(w, status)
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

// problem is what a service answers that fails because it was told to.
func problem(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "title": http.StatusText(status), "detail": "De nabootsing doet dit omdat het zo is ingesteld."})
}

// wait waits, unless the caller goes away first.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
