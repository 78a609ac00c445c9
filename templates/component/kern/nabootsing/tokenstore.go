package nabootsing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	// tokenMargin is how long before its end a token is renewed: longer than a
	// call is under way before the inway looks at it.
	tokenMargin  = 30 * time.Second
	tokenTimeout = 5 * time.Second
	maxToken     = 64 << 10
)

// token is an access token and what the outway needs of it.
type token struct {
	bearer []string     // the header to the inway
	way    http.Handler // to the inway that it names
	until  time.Time
}

// tokenStore keeps the token of one grant.
type tokenStore struct {
	mu sync.Mutex // also held while a token is fetched: one caller fetches, the others wait
	t  *token
}

func (b *tokenStore) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.t = nil
}

// token gives the token that the outway has, or gets one from the manager.
func (n *StandIn) token(ctx context.Context, d *service) (*token, error) {
	d.token.mu.Lock()
	defer d.token.mu.Unlock()
	if t := d.token.t; t != nil && n.now().Before(t.until) {
		return t, nil
	}
	t, err := n.fetchToken(ctx, d)
	if err != nil {
		return nil, err
	}
	d.token.t = t
	return t, nil
}

// fetchToken asks the manager for a token (RFC 6749 section 4.4, with mutual
// TLS: RFC 8705 section 2.1).
func (n *StandIn) fetchToken(ctx context.Context, d *service) (*token, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {d.grant}, "client_id": {n.ownID}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.tokenURL, strings.NewReader(form.Encode())) // #nosec G704 -- The address is a setting of who runs the component.
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	resp, err := d.transport.RoundTrip(req) // follows no redirect
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxToken))
	if err != nil {
		return nil, err
	}
	if resp.TLS == nil || peerID(resp.TLS.PeerCertificates) != d.peer.PeerID() {
		return nil, tokenUnusable("the certificate of the manager is not of the peer that offers the service")
	}
	if resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		var fault oauthFault
		_ = json.Unmarshal(body, &fault)
		return nil, tokenRefused(short(fault.Error()))
	}
	var answer tokenAnswer
	if err := json.Unmarshal(body, &answer); err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d from the token endpoint", resp.StatusCode)
	}
	if !strings.EqualFold(answer.TokenType, "bearer") {
		return nil, tokenUnusable("its type is not bearer")
	}
	return n.judgeToken(d, answer.AccessToken)
}

// judgeToken checks what the outway must check (FSC Core 2, "Routing"). The
// signature is for the inway: this token came straight from the manager, over a
// connection of which the certificate is of the right peer.
func (n *StandIn) judgeToken(d *service, text string) (*token, error) {
	parsed, err := jwt.ParseSigned(text, signatureAlgorithms)
	if err != nil {
		return nil, tokenUnusable("it is not a signed JWT")
	}
	var c claims
	if err := parsed.UnsafeClaimsWithoutVerification(&c); err != nil {
		return nil, tokenUnusable("its claims cannot be read")
	}
	inway, err := inwayOf(c.Audience)
	switch {
	case c.GroupID != n.group:
		return nil, tokenUnusable("it is of another group")
	case c.Issuer != d.peer.PeerID():
		return nil, tokenUnusable("it is of another peer")
	case c.Service != d.name:
		return nil, tokenUnusable("it is for another service")
	case err != nil:
		return nil, tokenUnusable(err.Error())
	}
	return &token{[]string{"Bearer " + text}, n.wayTo(d, inway), time.Unix(c.Expires, 0).Add(-tokenMargin)}, nil
}

// inwayOf reads the address of an inway: a URL with scheme and port.
func inwayOf(aud string) (*url.URL, error) {
	u, err := url.Parse(aud)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.Port() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return nil, errors.New("aud is not the address of an inway, https with a port")
	}
	return u, nil
}

// short keeps what somebody else wrote to what fits in a message.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), 200)]
}
