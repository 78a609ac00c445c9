package outway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// secret is what must never be seen outside a request to the source.
const secret = "zeer-geheim-en-lang-genoeg"

// asking makes an Outway with settings and gives what arrived at the source.
func asking(t *testing.T, b Bron, env map[string]string) (got http.Header, log string, err error) {
	t.Helper()
	o, buffer := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.WriteHeader(http.StatusForbidden)
	}))
	o.Env = func(name string) string { return env[name] }
	b.Service, b.Activity = "bron", activity
	ctx := identity.NewContext(t.Context(), identity.User{ID: "pseudoniem-1", Role: "balie", Name: "Jansen", BSN: "999993653"})
	_, err = o.Ask(ctx, b, NewQuestion("zoek", http.MethodGet, "/"))
	if err == nil || strings.Contains(err.Error()+buffer.String(), secret) {
		t.Errorf("the error is %v, or the secret is in the log\n%s", err, buffer)
	}
	return got, buffer.String(), err
}

func TestHeadersOfASource(t *testing.T) {
	got, _, err := asking(t, Bron{Headers: map[string]string{"Accept-Crs": "epsg:28992", "Accept": "application/hal+json"}}, nil)
	if got.Get("Accept-Crs") != "epsg:28992" || got.Get("Accept") != "application/hal+json" || CauseOf(err) != CauseAccess {
		t.Errorf("arrived %v, %v", got, err)
	}
}

func TestAKeyInAHeader(t *testing.T) {
	b := Bron{Access: Access{Kind: AccessKey, Header: "X-Api-Key", Key: "BAG_API_KEY"}}
	if got, _, _ := asking(t, b, map[string]string{"BAG_API_KEY": secret}); got.Get("X-Api-Key") != secret {
		t.Errorf("arrived %v", got)
	}
	if got, _, _ := asking(t, b, nil); got.Values("X-Api-Key") != nil {
		t.Errorf("without a key arrived %v", got)
	}
}

func TestATokenForZGW(t *testing.T) {
	b := Bron{Access: Access{Kind: AccessZGW, ClientID: "ZAKEN_CLIENT_ID", Secret: "ZAKEN_CLIENT_SECRET"}}
	for _, key := range []string{secret, "kort"} { // a short one is not ours to refuse
		got, _, err := asking(t, b, map[string]string{"ZAKEN_CLIENT_ID": "verhuizing", "ZAKEN_CLIENT_SECRET": key})
		raw, _ := strings.CutPrefix(got.Get("Authorization"), "Bearer ")
		parts := strings.Split(raw, ".")
		if len(parts) != 3 {
			t.Fatalf("the token is %q (%v)", raw, err)
		}
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(parts[0] + "." + parts[1]))
		if parts[2] != base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) {
			t.Error("the token is not signed with the shared secret")
		}
		var head, claims map[string]any
		for part, to := range map[string]*map[string]any{parts[0]: &head, parts[1]: &claims} {
			plain, err := base64.RawURLEncoding.DecodeString(part)
			if err := errors.Join(err, json.Unmarshal(plain, to)); err != nil {
				t.Fatal(err)
			}
		}
		iat, _ := claims["iat"].(float64)
		if claims["iss"] != "verhuizing" || claims["client_id"] != "verhuizing" || claims["user_id"] != "pseudoniem-1" || claims["user_representation"] != "balie" ||
			time.Since(time.Unix(int64(iat), 0)) > time.Minute || head["typ"] != "JWT" || head["alg"] != "HS256" || len(claims) != 5 {
			t.Errorf("the token says %v", claims)
		}
	}
	if got, _, _ := asking(t, b, nil); got.Values("Authorization") != nil {
		t.Errorf("without a secret arrived %v", got)
	}
}

// issuer gives out tokens, or refuses.
func issuer(t *testing.T, status int, asked *atomic.Int32) map[string]string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_ = r.ParseForm()
		id, key, _ := r.BasicAuth()
		if status != http.StatusOK || id != "verhuizing" || key != secret || r.Form.Get("grant_type") != "client_credentials" || r.Form.Get("scope") != "afnemer-1" || r.Form.Get("resourceServer") != "ResourceServer02" {
			w.WriteHeader(max(status, http.StatusBadRequest))
			_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"`+secret+`"}`)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"het-token","token_type":"bearer","expires_in":600}`)
	}))
	t.Cleanup(server.Close)
	return map[string]string{"BRP_CLIENT_ID": "verhuizing", "BRP_CLIENT_SECRET": secret, "BRP_TOKEN_URL": server.URL + "/token", "BRP_SCOPE": "afnemer-1", "BRP_RESOURCE_SERVER": "ResourceServer02"}
}

var brp = Bron{Access: Access{Kind: AccessOAuth2, ClientID: "BRP_CLIENT_ID", Secret: "BRP_CLIENT_SECRET", TokenURL: "BRP_TOKEN_URL", Scope: "BRP_SCOPE", ResourceServer: "BRP_RESOURCE_SERVER"}}

func TestATokenOfAnAuthorizationServer(t *testing.T) {
	var asked atomic.Int32
	if got, _, err := asking(t, brp, issuer(t, http.StatusOK, &asked)); got.Get("Authorization") != "Bearer het-token" {
		t.Errorf("arrived %v, %v", got, err)
	}
	if got, _, _ := asking(t, brp, nil); got.Values("Authorization") != nil {
		t.Errorf("without settings arrived %v", got)
	}
}

func TestNoTokenNoQuestion(t *testing.T) {
	var asked atomic.Int32
	env := issuer(t, http.StatusUnauthorized, &asked)
	for name, c := range map[string]struct {
		url       string
		cause     Cause
		temporary bool
	}{
		"refused":      {env["BRP_TOKEN_URL"], CauseAccess, false},
		"out of reach": {"http://127.0.0.1:1/" + secret, CauseAway, true},
		"no address":   {"onzin", CauseAway, true},
	} {
		env["BRP_TOKEN_URL"] = c.url
		got, _, err := asking(t, brp, env)
		f, ok := errors.AsType[*Fault](err)
		if got != nil || !ok || CauseOf(err) != c.cause || f.Temporary() != c.temporary || f.Service != "bron" || f.Operation != "zoek" {
			t.Errorf("%s: %v, arrived %v", name, err, got)
		}
	}
}

// A token is used until it has run out, or until the source no longer takes it.
func TestATokenIsKept(t *testing.T) {
	var asked atomic.Int32
	env := issuer(t, http.StatusOK, &asked)
	status := http.StatusOK
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	o.Env = func(name string) string { return env[name] }
	b := brp
	b.Service, b.Activity = "bron", activity
	for _, step := range []struct {
		status int
		asked  int32
	}{{200, 1}, {200, 1}, {401, 1}, {200, 2}, {200, 2}} {
		status = step.status
		_, _ = o.Ask(t.Context(), b, NewQuestion("zoek", http.MethodGet, "/"))
		if asked.Load() != step.asked {
			t.Errorf("after status %d the issuer was asked %d times, want %d", step.status, asked.Load(), step.asked)
		}
	}
}

// Two sources that ask one service are let in each by their own name.
func TestATokenIsOfOneSource(t *testing.T) {
	var asked atomic.Int32
	env := issuer(t, http.StatusOK, &asked)
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	o.Env = func(name string) string { return env[name] }
	for i, name := range []string{"aanvrager", "ouder", "aanvrager"} {
		b := brp
		b.Name, b.Service, b.Activity = name, "bron", activity
		_, _ = o.Ask(t.Context(), b, NewQuestion("zoek", http.MethodGet, "/zoek"))
		if want := int32(min(i+1, 2)); asked.Load() != want {
			t.Errorf("%s: asked for %d tokens, want %d", name, asked.Load(), want)
		}
	}
}

func TestASourceIsRememberedOnce(t *testing.T) {
	o := &Outway{}
	for _, name := range []string{"bag", "brp", "bag"} { // two steps may ask one source
		o.Client(Bron{Name: name})
	}
	if all := o.Sources(); len(all) != 2 || all[0].Name != "bag" || all[1].Name != "brp" {
		t.Errorf("remembered are %v", all)
	}
}
