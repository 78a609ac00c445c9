package nabootsing

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// requestToken asks the manager of a service for a token, past the outway.
func requestToken(p *rig, service string, certificate tls.Certificate, form url.Values) (status int, answer map[string]any) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), "POST", p.service(service).tokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.client(certificate).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		p.t.Fatal(err)
	}
	if resp.Header.Get("Cache-Control") != "no-store" {
		p.t.Error("a token may be kept by a cache")
	}
	return resp.StatusCode, answer
}

func tokenForm(p *rig, service string) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "scope": {p.grants[service]}, "client_id": {p.ownID}}
}

// noToken checks a refusal (RFC 6749 section 5.2).
func noToken(p *rig, certificate tls.Certificate, form url.Values, code string) {
	p.t.Helper()
	status, answer := requestToken(p, "adressen", certificate, form)
	if status != 400 || answer["error"] != code || answer["error_description"] == "" || answer["access_token"] != nil {
		p.t.Errorf("%v is answered with %d %v, want 400 %s", form, status, answer, code)
	}
}

func managerGetToken1(t *testing.T) {
	p := newRig(t)
	status, answer := requestToken(p, "adressen", p.own(), tokenForm(p, "adressen"))
	text, _ := answer["access_token"].(string)
	if status != 200 || answer["token_type"] != "bearer" || text == "" {
		t.Fatalf("%d %v", status, answer)
	}
	parsed, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := parsed.UnsafeClaimsWithoutVerification(&got); err != nil {
		t.Fatal(err)
	}
	a := p.service("adressen").provider
	bound := sha256.Sum256(p.own().Certificate[0])
	want := map[string]any{
		"gth": p.grants["adressen"], "gid": "proef", "sub": "00000099000000001000", "iss": "00000099000000002000", "svc": "adressen", "aud": a.inway,
		"exp": float64(p.now().Add(tokenValid).Unix()), "nbf": float64(p.now().Add(-tokenSkew).Unix()),
		"cnf": map[string]any{"x5t#S256": base64.RawURLEncoding.EncodeToString(bound[:])},
	}
	gotJSON, _ := json.Marshal(got)
	wantJSON, _ := json.Marshal(want)
	if !bytes.Equal(gotJSON, wantJSON) {
		t.Errorf("the token says\n%s, want\n%s", gotJSON, wantJSON)
	}
	if u, err := url.Parse(a.inway); err != nil || u.Scheme != "https" || u.Port() == "" {
		t.Errorf("aud is %s", a.inway)
	}
}

func managerGetToken2(t *testing.T) {
	p := newRig(t)
	form := tokenForm(p, "adressen")
	form.Set("scope", form.Get("scope")[:len(form.Get("scope"))-4]+"AAAA")
	noToken(p, p.own(), form, "invalid_scope")
	// A contract with another peer is none with this one.
	noToken(p, p.own(), tokenForm(p, "eigen-diensten"), "invalid_scope")
	// A contract that is over.
	p.later(100 * 365 * 24 * time.Hour)
	noToken(p, p.own(), tokenForm(p, "adressen"), "invalid_scope")
	if got := p.service("adressen").state(p.now()); got != contractExpired {
		t.Errorf("the state is %s", got)
	}
}

func managerGetToken3(t *testing.T) {
	p := newRig(t)
	p.Set("adressen", ContractRevoked)
	noToken(p, p.own(), tokenForm(p, "adressen"), "invalid_scope")
	p.Set("adressen", Normal)
	if status, answer := requestToken(p, "adressen", p.own(), tokenForm(p, "adressen")); status != 200 {
		t.Errorf("%d %v", status, answer)
	}
}

func managerGetToken4(t *testing.T) {
	p := newRig(t)
	hash := p.grants["adressen"]
	for _, wrong := range []string{"x", "$1$1$" + hash[5:], "$2$3$" + hash[5:], hash + "=", hash[:90], strings.ToLower(hash) + " "} {
		form := tokenForm(p, "adressen")
		form.Set("scope", wrong)
		noToken(p, p.own(), form, "invalid_scope")
		// A contract hash where a grant hash is needed is an easy mistake to make.
		if _, answer := requestToken(p, "adressen", p.own(), form); answer["error_description"] != "the scope is not a grant hash" {
			t.Errorf("%s: %v", wrong, answer)
		}
	}
	for _, wrong := range [][]string{nil, {""}, {hash, hash}} {
		form := tokenForm(p, "adressen")
		form["scope"] = wrong
		noToken(p, p.own(), form, "invalid_request")
	}
}

func managerGetToken5(t *testing.T) {
	p := newRig(t)
	for _, other := range []string{"authorization_code", "password", "Client_Credentials"} {
		form := tokenForm(p, "adressen")
		form.Set("grant_type", other)
		noToken(p, p.own(), form, "unsupported_grant_type")
	}
}

func managerGetToken8(t *testing.T) {
	p := newRig(t)
	form := tokenForm(p, "adressen")
	form.Del("client_id")
	noToken(p, p.own(), form, "invalid_request")
}

func managerGetToken9(t *testing.T) {
	p := newRig(t)
	form := tokenForm(p, "adressen")
	form.Set("client_id", "00000099000000002000")
	noToken(p, p.own(), form, "invalid_client")
}

func managerJSONWebKeySet1(t *testing.T) {
	p := newRig(t)
	a := p.service("adressen").provider
	for _, path := range []string{"/v1/.well-known/jwks.json", "/.well-known/jwks.json"} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", a.manager+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := p.client(p.own()).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var set jose.JSONWebKeySet
		if err := json.NewDecoder(resp.Body).Decode(&set); err != nil || len(set.Keys) != 1 || !set.Keys[0].IsPublic() {
			t.Fatalf("%v %+v", err, set)
		}
		_ = resp.Body.Close()
		// A token can be checked with it, and the header names its certificate.
		_, answer := requestToken(p, "adressen", p.own(), tokenForm(p, "adressen"))
		text, _ := answer["access_token"].(string)
		parsed, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.RS256})
		if err != nil {
			t.Fatal(err)
		}
		var c claims
		if err := parsed.Claims(set.Keys[0].Key, &c); err != nil {
			t.Error(err)
		}
		leaf := set.Keys[0].Certificates[0]
		sum := sha256.Sum256(leaf.Raw)
		if got := parsed.Headers[0].ExtraHeaders["x5t#S256"]; got != base64.RawURLEncoding.EncodeToString(sum[:]) {
			t.Errorf("x5t#S256 is %v", got)
		}
		if leaf.Subject.SerialNumber != "00000099000000002000" || !slices.Equal(leaf.Subject.Organization, []string{"Ander"}) {
			t.Errorf("the certificate is of %s", leaf.Subject)
		}
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: p.transports[0].TLSClientConfig.RootCAs, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			t.Error(err)
		}
	}
}

// The grant names the key of the outway, so another certificate of the same
// peer does not get a token.
func TestATokenIsForTheOutwayOfTheGrant(t *testing.T) {
	p := newRig(t)
	own := p.service("eigen-diensten").provider.servers[0].TLSConfig.Certificates[0]
	if pki.PeerID(own.Leaf) != p.ownID {
		t.Fatal("not a certificate of the same peer")
	}
	noToken(p, own, tokenForm(p, "adressen"), "unauthorized_client")
}

func TestATokenIsAskedWithAForm(t *testing.T) {
	p := newRig(t)
	for name, c := range map[string]struct{ media, body string }{
		"json": {"application/json", `{"grant_type":"client_credentials"}`},
		"huge": {"application/x-www-form-urlencoded", "scope=" + strings.Repeat("x", maxTokenRequest)},
		"bad":  {"application/x-www-form-urlencoded", "scope=%zz"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", p.service("adressen").tokenURL, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", c.media)
		resp, err := p.client(p.own()).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var fault oauthFault
		if err := json.NewDecoder(resp.Body).Decode(&fault); err != nil || resp.StatusCode != 400 || fault.Code != "invalid_request" {
			t.Errorf("%s: %d %+v %v", name, resp.StatusCode, fault, err)
		}
		_ = resp.Body.Close()
	}
}
