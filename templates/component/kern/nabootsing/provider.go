package nabootsing

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// loopback is where the managers and the inways listen. In a group they have
// names and the ports 443 and 8443; here nothing from outside may reach them.
const loopback = "127.0.0.1"

// provider stands in for a peer that offers services: its manager and its
// inway, with a certificate of the group.
type provider struct {
	n        *StandIn
	id       string // PeerID
	name     string
	services map[string]*service
	manager  string // addresses, with scheme and port
	inway    string
	servers  []*http.Server

	// key gives the key of the tokens. Making it takes a tenth of a second,
	// so it is made in the background, or by whoever needs it first.
	key func() (*tokenKey, error)
}

func (n *StandIn) startProvider(ctx context.Context, p fsc.Peer, ca *pki.Authority, makeKey func(int) (*rsa.PrivateKey, error)) (*provider, error) {
	a := &provider{n: n, id: p.PeerID(), name: p.Name, services: map[string]*service{}}
	a.key = sync.OnceValues(func() (*tokenKey, error) { return newTokenKey(a, ca, makeKey) })
	certificate, err := ca.Issue(pki.Request{Name: "peer.nabootsing", Organisation: a.name, OIN: a.id, Hosts: []string{loopback, "localhost"}}, nil)
	if err != nil {
		return nil, err
	}
	if a.manager, err = a.listen(ctx, a.managerHandler(), certificate, ca.Pool()); err == nil {
		a.inway, err = a.listen(ctx, http.HandlerFunc(a.inwayHandler), certificate, ca.Pool())
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// listen starts a server that only speaks with the peers of the group.
func (a *provider) listen(ctx context.Context, h http.Handler, certificate tls.Certificate, group *x509.CertPool) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "", errors.Join(err, l.Close())
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // PROTOCOL_TCP_HTTP_1.1
	s := &http.Server{
		Handler: h, Protocols: protocols, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate},
			ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: group},
		// A stranger at the door is no error of ours.
		ErrorLog: slog.NewLogLogger(a.n.log.Handler(), slog.LevelDebug),
	}
	a.servers = append(a.servers, s)
	a.n.background.Go(func() { _ = s.ServeTLS(l, "", "") }) // ends with Close
	return "https://" + net.JoinHostPort(loopback, port), nil
}

// Close stops the manager and the inway at once.
func (a *provider) Close() error {
	var errs []error
	for _, s := range a.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}
