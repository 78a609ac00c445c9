package outway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// tokenHolder holds one token for as long as it is valid, and the client that
// gets it. One caller at a time asks for a new one and the others wait for it.
type tokenHolder struct {
	mu     sync.Mutex
	client *http.Client
	token  *oauth2.Token
}

func (h *tokenHolder) give(ctx context.Context, t Access, env func(string) string, c *clientcredentials.Config) (string, *Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.token.Valid() {
		return h.token.AccessToken, nil
	}
	if h.client == nil {
		config, err := t.tokenTLS(env)
		if err != nil {
			return "", &Fault{Kind: FaultSettings, reason: err.Error()}
		}
		h.client = tokenClient(config)
	}
	token, err := c.Token(context.WithValue(ctx, oauth2.HTTPClient, h.client))
	if err != nil {
		// The text of err may quote the answer, and with it what was sent.
		if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError {
			return "", &Fault{Kind: FaultAccess, reason: fmt.Sprintf("de uitgever van tokens weigert met status %d", refused.Response.StatusCode)}
		}
		return "", &Fault{Kind: FaultConnection, reason: "de uitgever van tokens geeft geen antwoord: " + inTransit(err).Error()}
	}
	h.token = token
	return token.AccessToken, nil
}

// drop forgets a token that the source no longer takes.
func (h *tokenHolder) drop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.token = nil
}

// tokenClient is used only to get tokens: those are not got through the outway.
func tokenClient(config *tls.Config) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: config, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// tokenTLS is how we show ourselves to who gives tokens, and whom we trust
// there. The certificate is read at each connection, so that a new one is used
// without a new start.
func (t Access) tokenTLS(env func(string) string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if file := env(t.TokenCA); file != "" {
		pool, err := pki.SystemPool(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.TokenCA, err)
		}
		config.RootCAs = pool
	}
	if cert, key := env(t.TokenCert), env(t.TokenKey); cert != "" && key != "" {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := pki.Read(cert, key)
			return &pair, err
		}
	}
	return config, nil
}

// Files judges the files that the settings name, before the first question:
// faults keep the component from starting, warnings do not.
func (t Access) Files(env func(string) string) (faults, warnings []string) {
	if _, err := t.tokenTLS(env); err != nil {
		faults = append(faults, err.Error())
	}
	cert, key := env(t.TokenCert), env(t.TokenKey)
	switch {
	case cert == "" && key == "":
		return faults, nil
	case cert == "":
		return append(faults, t.TokenCert+" ontbreekt: "+t.TokenKey+" is gezet, en een sleutel hoort bij een certificaat"), nil
	case key == "":
		return append(faults, t.TokenKey+" ontbreekt: "+t.TokenCert+" is gezet, en een certificaat hoort bij een sleutel"), nil
	}
	if _, err := pki.Read(cert, key); err != nil {
		faults = append(faults, t.TokenCert+" en "+t.TokenKey+": "+err.Error())
	}
	if pki.ReadableByAll(key) {
		warnings = append(warnings, t.TokenKey+": iedereen op deze machine kan "+key+" lezen; geef het bestand modus 0600")
	}
	return faults, warnings
}
