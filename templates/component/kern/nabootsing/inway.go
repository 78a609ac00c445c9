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
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

const naamInway = "FSC-inway"

// inwayHandler is the inway. The TLS server has seen to it that the certificate
// on the other side is of the group.
func (a *aanbieder) inwayHandler(w http.ResponseWriter, r *http.Request) {
	d, c, fault := a.bevoegd(r)
	if fault != nil {
		weiger(w, fault)
		return
	}
	id := r.Header.Get(fsc.HeaderTransaction)
	if id == "" {
		weiger(w, idMissing)
		return
	}
	if err := transactieID(id); err != nil {
		weiger(w, idInvalid(domainInway, err.Error()))
		return
	}
	gedrag := d.gedrag.is()
	err := a.n.transacties.schrijf(gedrag, Transactie{
		Peer: a.id, ID: id, Direction: directionIncoming, GrantHash: c.GrantHash, ServiceName: c.Service, CreatedAt: a.n.nu(),
		Source: Source{sourceType, c.Subject}, Destination: Destination{destinationType, c.Issuer},
	})
	if err != nil {
		weiger(w, inwayLogError)
		return
	}
	switch gedrag {
	case ServiceWeg:
		weiger(w, serviceUnreachable)
		return
	case Traag:
		if !wacht(r.Context(), a.n.vertraging) {
			return // nobody waits any more
		}
	}
	if status := gedragingen[gedrag].status; status != 0 {
		r = r.WithContext(bron.MetStatus(r.Context(), status))
	}
	d.handler.ServeHTTP(w, r)
}

// bevoegd checks the token of a request in the order of FSC Core 2,
// "Authorization": present, signed by this peer, in time, bound to the
// certificate of this connection, of this group, for a service of this inway.
func (a *aanbieder) bevoegd(r *http.Request) (*dienst, claims, *fscFout) {
	given := r.Header.Values(fsc.HeaderAuthorization)
	if len(given) == 0 || given[0] == "" {
		return nil, claims{}, tokenMissing
	}
	token, bearer := strings.CutPrefix(given[0], "Bearer ")
	if !bearer || len(given) > 1 {
		return nil, claims{}, tokenInvalid
	}
	key, err := a.sleutel()
	if err != nil {
		return nil, claims{}, tokenInvalid
	}
	c, err := key.lees(token)
	now := a.n.nu().Unix()
	switch {
	case err != nil, c.NotBefore > now:
		return nil, c, tokenInvalid
	case c.Expires <= now:
		return nil, c, tokenExpired
	case c.Confirm.Thumbprint != pki.CertificateThumbprint(r.TLS.PeerCertificates[0]):
		return nil, c, tokenInvalid
	case c.GroupID != a.n.groep:
		return nil, c, wrongGroup
	case a.diensten[c.Service] == nil:
		return nil, c, serviceNotFound
	}
	return a.diensten[c.Service], c, nil
}

// eigenDienst is our own layer 2 as a service behind the inway.
func (n *Nabootsing) eigenDienst(target *url.URL) http.Handler {
	transport := &http.Transport{MaxIdleConnsPerHost: maxIdle, IdleConnTimeout: time.Minute}
	n.verbindingen = append(n.verbindingen, transport)
	proxy := &httputil.ReverseProxy{
		Rewrite:      func(p *httputil.ProxyRequest) { ongewijzigd(p, target) },
		BufferPool:   &buffers,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { weiger(w, serviceUnreachable) },
		Transport:    transport,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := bron.Gedwongen(r.Context()); status != 0 {
			probleem(w, status)
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

// probleem is what a service answers that fails because it was told to.
func probleem(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "title": http.StatusText(status), "detail": "De nabootsing doet dit omdat het zo is ingesteld."})
}

// wacht waits, unless the caller goes away first.
func wacht(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
