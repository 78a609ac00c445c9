package paginas

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// provider is an identity provider in a few lines: discovery, keys,
// authorization with PKCE, token.
type provider struct {
	*httptest.Server
	key       *rsa.PrivateKey
	challenge string         // of the login that is under way
	nonce     string         // of the login that is under way
	claims    map[string]any // of the person who logs in
	subject   string
	discovery map[string]any    // what it says of itself besides
	back      map[string]string // what it sends back besides code and state
	asked     url.Values        // how the browser came
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key, subject: "iemand", claims: map[string]any{"name": "Iemand Anders", "realm_access": map[string]any{"roles": []string{"groep-balie"}}}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		said := map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}
		maps.Copy(said, p.discovery)
		_ = json.NewEncoder(w).Encode(said)
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /auth", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		p.asked, p.challenge, p.nonce = q, q.Get("code_challenge"), q.Get("nonce")
		answer := url.Values{"code": {"eenmalig"}, "state": {q.Get("state")}}
		for name, value := range p.back {
			answer.Set(name, value)
		}
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if base64.RawURLEncoding.EncodeToString(sum[:]) != p.challenge || r.PostFormValue("code") != "eenmalig" {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: p.key}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	now := time.Now()
	raw, err := jwt.Signed(signer).Claims(jwt.Claims{Issuer: p.URL, Subject: p.subject, Audience: jwt.Audience{"client"},
		Expiry: jwt.NewNumericDate(now.Add(time.Minute)), IssuedAt: jwt.NewNumericDate(now)}).
		Claims(map[string]any{"nonce": p.nonce}).Claims(p.claims).Serialize()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": raw, "expires_in": 60})
}

// oidcBrowser is a browser with the login of production, over plain HTTP: the
// cookie has no Secure here, which TestProductionCookieAndHeaders looks at.
func oidcBrowser(t *testing.T, p *provider, more ...string) *browser {
	t.Helper()
	var h http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	l := newLayer4()
	below := httptest.NewServer(l)
	t.Cleanup(below.Close)
	env := map[string]string{"OIDC_ISSUER": p.URL, "OIDC_CLIENT_ID": "client", "OIDC_CLIENT_SECRET": "geheim",
		"OIDC_REDIRECT_URL": server.URL + "/inloggen/terug", "OIDC_ROLE_CLAIM": "realm_access.roles",
		"OIDC_ROLE_MAP": "groep-balie=balie,groep-burger=aanvrager", "OIDC_BSN_CLAIM": "bsn"}
	for _, pair := range more {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = strings.ReplaceAll(value, "ISSUER", p.URL)
	}
	settings := ReadOIDC(func(name string) string { return env[name] })
	o := Options{Name: "proef", Title: "Proef", Roles: testRoles, OIDC: settings, Log: slog.New(slog.DiscardHandler), Key: testKey, ProcessURL: below.URL,
		Screens: []Screen{{Step: "aanvragen", Kind: "form", Role: "aanvrager", Title: "Aanvragen", Start: true, Fields: testFields}}}
	s := &site{Options: o, process: newClient(o)}
	var err error
	if s.sessions, err = newSessions(o, s.process); err != nil {
		t.Fatal(err)
	}
	if s.login, err = newOIDCLogin(settings, testRoles); err != nil {
		t.Fatal(err)
	}
	if s.pages, err = templates(nil); err != nil {
		t.Fatal(err)
	}
	h = s.routes()
	jar, _ := cookiejar.New(nil)
	return &browser{t: t, base: server.URL, client: &http.Client{Jar: jar}, layer4: l}
}

func TestOIDCLogin(t *testing.T) {
	p := newProvider(t)
	b := oidcBrowser(t, p)
	status, body := b.get("/inloggen?naar=/toegankelijkheid")
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}
	wants(t, body, "<h1>Toegankelijkheid</h1>", "Iemand Anders", "Medewerker balie", "Uitloggen")
	_, body = b.post("/uitloggen", nil)
	wants(t, body, "Inloggen")
}

func TestOIDCRolesCanBeChanged(t *testing.T) {
	p := newProvider(t)
	p.claims["realm_access"] = map[string]any{"roles": []string{"groep-balie", "groep-burger"}}
	b := oidcBrowser(t, p)
	_, body := b.get("/inloggen")
	wants(t, body, `<span class="rol">Aanvrager</span>`, "Verder als Medewerker balie")
	_, body = b.post("/rol", url.Values{"rol": {"balie"}})
	wants(t, body, `<span class="rol">Medewerker balie</span>`)
	if status, _ := b.post("/rol", url.Values{"rol": {"directeur"}}); status != http.StatusForbidden {
		t.Errorf("a role that the user does not have: %d", status)
	}
}

func TestOIDCRefuses(t *testing.T) {
	cases := map[string]func(*provider){
		"no role":              func(p *provider) { p.claims = map[string]any{} },
		"subject is a BSN":     func(p *provider) { p.subject = "999993653" },
		"nonce of another":     func(p *provider) { p.claims["nonce"] = "anders" },
		"audience elsewhere":   func(p *provider) { p.claims["aud"] = "ander" },
		"expired":              func(p *provider) { p.claims["exp"] = 1 },
		"group without a role": func(p *provider) { p.claims["realm_access"] = map[string]any{"roles": []string{"groep-anders"}} },
		"no groups at all":     func(p *provider) { p.claims["realm_access"] = map[string]any{"roles": []string{}} },
		"groups of a number":   func(p *provider) { p.claims["realm_access"] = map[string]any{"roles": 7} },
		"azp of another":       func(p *provider) { p.claims["azp"] = "ander" },
		"azp is a list":        func(p *provider) { p.claims["azp"] = []string{"client"} },
		"two audiences":        func(p *provider) { p.claims["aud"] = []string{"client", "ander"} },
		"iss of another":       func(p *provider) { p.back = map[string]string{"iss": "https://ander.test"} },
		"iss is promised": func(p *provider) {
			p.discovery = map[string]any{"authorization_response_iss_parameter_supported": true}
		},
		"error of the provider":  func(p *provider) { p.back = map[string]string{"error": "access_denied"} },
		"bsn that is none":       func(p *provider) { p.claims["bsn"] = "999993650" },
		"bsn is a list":          func(p *provider) { p.claims["bsn"] = []string{"999993653"} },
		"discovery lies":         func(p *provider) { p.discovery = map[string]any{"issuer": "https://ander.test"} },
		"discovery of odd types": func(p *provider) { p.discovery = map[string]any{"end_session_endpoint": 7} },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			change(p)
			b := oidcBrowser(t, p)
			if status, body := b.get("/inloggen"); status < 400 || !strings.Contains(body, `href="/inloggen"`) {
				t.Errorf("status %d: %s", status, body)
			}
			_, body := b.get("/")
			if strings.Contains(body, "Uitloggen") {
				t.Error("the visitor is logged in after all")
			}
		})
	}
}

func TestOIDCReturnWithoutBegin(t *testing.T) {
	b := oidcBrowser(t, newProvider(t))
	if status, _ := b.get("/inloggen/terug?code=eenmalig&state=x"); status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
}

func TestOIDCProviderThatIsDownDoesNotStopThePages(t *testing.T) {
	p := newProvider(t)
	b := oidcBrowser(t, p)
	p.Close()
	if status, _ := b.get("/inloggen"); status != http.StatusServiceUnavailable {
		t.Errorf("status %d", status)
	}
	if status, _ := b.get("/"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
}

// Who wants to log in does not wait for everybody who tried before.
func TestOIDCProviderThatIsAwayIsNotAskedByEverybody(t *testing.T) {
	p := newProvider(t)
	var asked atomic.Int32
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		time.Sleep(50 * time.Millisecond)
		http.Error(w, "weg", http.StatusBadGateway)
	})
	b := oidcBrowser(t, p)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			resp, err := http.Get(b.base + "/inloggen")
			if err != nil {
				t.Error(err)
				return
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("status %d", resp.StatusCode)
			}
		})
	}
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestOIDCSettingsThatNameNoRole(t *testing.T) {
	for _, o := range []OIDC{{RoleMap: "groep=koning"}, {RoleMap: "groep"}, {DefaultRole: "koning"}, {Minimum: map[string]string{"EMPLOYEE": "hoog"}}, {Levels: []string{"a", "a"}}} {
		o.Prefix = "OIDC_"
		if _, err := newOIDCLogin([]OIDC{o}, []identity.Role{{Name: "balie"}}); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}
