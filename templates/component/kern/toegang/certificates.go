package toegang

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"
)

// Certificates are what the layers of a component show each other: the files of
// TLS_CERT, TLS_KEY and TLS_CA. They are read again when they change.
type Certificates struct{ files *watched[pair] }

// pair is what the files say at one moment.
type pair struct {
	own     tls.Certificate
	roots   *x509.CertPool // who may come in, and whom we call; nil without TLS_CA
	named   *x509.CertPool // roots or, without them, our own certificate
	server  *tls.Config    // for who shows no certificate
	mutual  *tls.Config    // for layers; server without TLS_CA
	client  *tls.Config    // to another layer
	myself  *tls.Config    // to this process
	expires time.Time
}

// Paths are the files; CA may be "".
type Paths struct{ Certificate, Key, CA string }

// ReadCertificates reads the files. The error is Faults, in which each begins with
// the setting of the file that is wrong.
func ReadCertificates(p Paths, log *slog.Logger) (*Certificates, error) {
	files := []settingFile{{"TLS_CERT", p.Certificate}, {"TLS_KEY", p.Key}}
	if p.CA != "" {
		files = append(files, settingFile{"TLS_CA", p.CA})
	}
	w, err := watch(files, log, func(content [][]byte) (*pair, error) {
		var ca []byte
		if p.CA != "" {
			ca = content[2]
		}
		return newPair(p, content[0], content[1], ca, time.Now())
	})
	if err != nil {
		return nil, err
	}
	return &Certificates{w}, nil
}

// policy is what every connection keeps to. The guideline of the NCSC for TLS calls
// these suites, curves and TLS 1.3 good, and TLS 1.2 sufficient.
func policy() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		},
		CurvePreferences: []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384},
	}
}

// configure makes the four ways in which a pair is used.
func (p *pair) configure() {
	show := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &p.own, nil }
	p.server = policy()
	p.server.Certificates, p.server.NextProtos = []tls.Certificate{p.own}, []string{"h2", "http/1.1"}
	p.mutual = p.server
	if p.roots != nil {
		p.mutual = p.server.Clone()
		p.mutual.ClientAuth, p.mutual.ClientCAs = tls.RequireAndVerifyClientCert, p.roots
	}
	p.client = policy()
	p.client.GetClientCertificate, p.client.RootCAs = show, p.roots
	p.myself = p.client.Clone()
	p.myself.RootCAs, p.myself.ServerName = p.named, p.name()
}

// name is one under which our own certificate answers.
func (p *pair) name() string {
	if names := p.own.Leaf.DNSNames; len(names) > 0 {
		return names[0]
	}
	return p.own.Leaf.IPAddresses[0].String()
}

// Server is how a layer answers. With mutual, and a TLS_CA, it takes only callers
// with a certificate of that authority.
func (c *Certificates) Server(mutual bool) *tls.Config {
	config := policy()
	config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		now := c.files.get()
		if mutual {
			return now.mutual, nil
		}
		return now.server, nil
	}
	return config
}

// Transport is how a layer calls another one. Myself says that it is in this very
// process, which the certificate needs not name localhost for.
func (c *Certificates) Transport(myself bool) *http.Transport {
	return &http.Transport{ // nothing in between: no proxy
		MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute,
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			config := c.files.get().client
			if myself {
				config = c.files.get().myself
			}
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			return (&tls.Dialer{Config: config}).DialContext(ctx, network, address)
		},
	}
}

// Show gives our certificate to a server that asks for one that it can use, and no
// other: who we are is nobody else's business.
func (c *Certificates) Show(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
	if own := &c.files.get().own; asked.SupportsCertificate(own) == nil {
		return own, nil
	}
	return &tls.Certificate{}, nil
}

// Look reads the files again at once, when they changed.
func (c *Certificates) Look() { c.files.again() }

// Expires is when our certificate ends.
func (c *Certificates) Expires() time.Time { return c.files.get().expires }

// EndsSoon says that our certificate ends within a week, or within a fifth of the
// time that it is for: one that is renewed by itself is so long before.
func (c *Certificates) EndsSoon(now time.Time) []string {
	if c == nil {
		return nil
	}
	own := c.files.get().own.Leaf
	left := c.Expires().Sub(now)
	switch {
	case left <= 0:
		return []string{"het certificaat in TLS_CERT is verlopen op " + day(c.Expires())}
	case left < min(7*24*time.Hour, own.NotAfter.Sub(own.NotBefore)/5):
		return []string{"het certificaat in TLS_CERT loopt af op " + day(c.Expires()) + "; zet er op tijd een nieuw neer, een herstart is niet nodig"}
	}
	return nil
}

func day(t time.Time) string { return t.Format("2006-01-02 15:04 MST") }

// newPair reads and checks the three files together.
func newPair(paths Paths, certificate, key, ca []byte, now time.Time) (*pair, error) {
	var faults Faults
	chain, wrong := readChain(certificate, now)
	faults = append(faults, about("TLS_CERT", paths.Certificate, wrong)...)
	private, wrong := readKey(key)
	faults = append(faults, about("TLS_KEY", paths.Key, wrong)...)
	if chain != nil && private != nil && !fits(private, chain[0]) {
		faults = append(faults, fmt.Sprintf("TLS_KEY: %s hoort niet bij het certificaat in %s", paths.Key, paths.Certificate))
	}
	p := &pair{}
	if paths.CA != "" {
		p.roots, wrong = readRoots(ca, now)
		faults = append(faults, about("TLS_CA", paths.CA, wrong)...)
		if p.roots != nil && chain != nil && faults == nil {
			faults = append(faults, about("TLS_CERT", paths.Certificate, issued(chain, p.roots, paths.CA, now))...)
		}
	}
	if faults != nil {
		return nil, faults
	}
	p.own = tls.Certificate{PrivateKey: private, Leaf: chain[0]}
	for _, c := range chain {
		p.own.Certificate = append(p.own.Certificate, c.Raw)
	}
	if p.named = p.roots; p.named == nil {
		p.named = x509.NewCertPool()
		p.named.AddCert(chain[0])
	}
	p.expires = slices.MinFunc(chain, func(a, b *x509.Certificate) int { return a.NotAfter.Compare(b.NotAfter) }).NotAfter
	p.configure()
	return p, nil
}

func about(setting, path string, wrong []string) (all []string) {
	for _, text := range wrong {
		all = append(all, setting+": "+path+" "+text)
	}
	return all
}
