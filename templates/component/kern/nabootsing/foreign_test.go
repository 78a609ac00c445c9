package nabootsing_test

import (
	"crypto/rand"
	"crypto/rsa"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing"
)

// env are the settings of our stand-in for this peer.
func (v *foreignPeer) env() map[string]string {
	return map[string]string{
		"NABOOTSING_TOKEN_URL_VREEMDE_DIENST": v.manager.URL + "/v1/token", "FSC_GRANT_HASH_VREEMD": grant,
		"NABOOTSING_CA": v.caPEM, "NABOOTSING_CERTIFICAAT": v.outwayPEM, "NABOOTSING_SLEUTEL": v.outwayKeyPEM,
	}
}

const foreignPeers = `
groep: "` + group + `"
eigen: {oin: "` + oinOurs + `", naam: Onze gemeente}
afgenomen:
  - {naam: vreemde-dienst, aanbieder: {oin: "` + oinForeign + `", naam: Vreemd}, grant: FSC_GRANT_HASH_VREEMD}
`

func outwayTo(peers string, env map[string]string) (*nabootsing.StandIn, error) {
	agreed, err := fsc.Read([]byte(peers))
	if err != nil {
		return nil, err
	}
	get := func(name string) string { return env[name] }
	return nabootsing.New(nabootsing.Options{FSC: agreed, Grants: agreed.Grants(get, false), Env: get, Log: slog.New(slog.DiscardHandler)})
}

func (v *foreignPeer) outway() *nabootsing.StandIn {
	v.t.Helper()
	n, err := outwayTo(foreignPeers, v.env())
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { _ = n.Close() })
	return n
}

func askThrough(t *testing.T, h http.Handler) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest("POST", "/v1/a%2Fb?x=1&y=%20", strings.NewReader("vraag"))
	r.Header.Set("Fsc-Grant-Hash", grant)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	resp := w.Result()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestTheOutwayWorksWithSomebodyElsesManagerAndInway(t *testing.T) {
	v := newForeignPeer(t)
	n := v.outway()
	resp, body := askThrough(t, n)
	if resp.StatusCode != 200 || resp.Header.Get("X-Dienst") != "vreemd" || body != `{"antwoord":"van een ander"}` {
		t.Fatalf("answered with %d %v %s", resp.StatusCode, resp.Header, body)
	}
	got := v.atService[0]
	if got.Method != "POST" || got.RequestURI != "/v1/a%2Fb?x=1&y=%20" || v.bodies[0] != "vraag" || !strings.HasPrefix(got.Header.Get("Fsc-Authorization"), "Bearer ey") {
		t.Errorf("the service got %s %s %s %v", got.Method, got.RequestURI, v.bodies[0], got.Header)
	}
	id := resp.Header.Get("Fsc-Transaction-Id")
	if len(v.log) != 1 || v.log[0]["transaction_id"] != id || v.log[0]["grant_hash"] != grant || v.log[0]["service_name"] != "vreemde-dienst" || v.log[0]["outway_peer_id"] != oinOurs {
		t.Errorf("their log is %v, the id is %s", v.log, id)
	}
	own := n.Transactions()
	if len(own) != 1 || own[0].ID != id || own[0].Peer != oinOurs || own[0].Destination.ServicePeerID != oinForeign || own[0].GrantHash != grant {
		t.Errorf("our log is %+v", own)
	}
	// What the service says goes through as it is, and the token is kept.
	v.status = http.StatusTeapot
	if resp, _ := askThrough(t, n); resp.StatusCode != http.StatusTeapot || resp.Header.Get("Fsc-Error-Code") != "" {
		t.Errorf("answered with %d", resp.StatusCode)
	}
	if v.tokens != 1 {
		t.Errorf("%d tokens were asked for", v.tokens)
	}
	v.logDown = true
	if resp, body := askThrough(t, n); resp.StatusCode != 500 || resp.Header.Get("Fsc-Error-Code") != "TRANSACTION_LOG_WRITE_ERROR" || !strings.Contains(body, "vreemd") {
		t.Errorf("their refusal arrives as %d %v %s", resp.StatusCode, resp.Header, body)
	}
	if len(v.atService) != 2 {
		t.Errorf("the service was called %d times", len(v.atService))
	}
}

func TestCallersThatComeTogetherShareOneToken(t *testing.T) {
	v := newForeignPeer(t)
	n := v.outway()
	var together sync.WaitGroup
	for range 20 {
		together.Go(func() {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Fsc-Grant-Hash", grant)
			w := httptest.NewRecorder()
			n.ServeHTTP(w, r)
			if w.Code != 200 {
				t.Errorf("answered with %d %s", w.Code, w.Body)
			}
		})
	}
	together.Wait()
	if v.tokens != 1 || len(v.log) != 20 {
		t.Errorf("%d tokens for %d calls", v.tokens, len(v.log))
	}
}

func TestWhatTheOutwayDoesNotTakeFromSomebodyElse(t *testing.T) {
	set := func(name string, value any) func(*foreignPeer) {
		return func(v *foreignPeer) { v.change = func(claims map[string]any) { claims[name] = value } }
	}
	for name, c := range map[string]struct {
		change func(*foreignPeer)
		status int
		code   string
		inway  bool // the refusal is that of the inway
	}{
		"token of another group":   {set("gid", "ander"), 502, "ACCESS_TOKEN_UNUSABLE", false},
		"token of another peer":    {set("iss", oinOurs), 502, "ACCESS_TOKEN_UNUSABLE", false},
		"token for another thing":  {set("svc", "iets-anders"), 502, "ACCESS_TOKEN_UNUSABLE", false},
		"aud without a port":       {set("aud", "https://127.0.0.1"), 502, "ACCESS_TOKEN_UNUSABLE", false},
		"aud without TLS":          {set("aud", "http://127.0.0.1:80"), 502, "ACCESS_TOKEN_UNUSABLE", false},
		"aud with a path":          {set("aud", "https://127.0.0.1:443/ergens"), 502, "ACCESS_TOKEN_UNUSABLE", false},
		"token of another kind":    {func(v *foreignPeer) { v.tokenType = "mac" }, 502, "ACCESS_TOKEN_UNUSABLE", false},
		"manager refuses":          {func(v *foreignPeer) { v.refuse = "invalid_scope" }, 403, "ACCESS_TOKEN_REFUSED", false},
		"contract for another key": {func(v *foreignPeer) { v.thumbprint = strings.Repeat("0", 64) }, 403, "ACCESS_TOKEN_REFUSED", false},
		"manager is another peer":  {func(v *foreignPeer) { v.manager = v.serve(v.token, "00000099000000008000") }, 502, "ACCESS_TOKEN_UNUSABLE", false},
		"manager is away":          {func(v *foreignPeer) { v.manager.Close() }, 502, "MANAGER_UNREACHABLE", false},
		"inway is away":            {func(v *foreignPeer) { v.inway.Close() }, 502, "INWAY_UNREACHABLE", false},
		"manager of another group": {func(v *foreignPeer) { v.manager = newForeignPeer(v.t).manager }, 502, "MANAGER_UNREACHABLE", false},
		"inway of another group":   {func(v *foreignPeer) { v.inway = newForeignPeer(v.t).inway }, 502, "INWAY_UNREACHABLE", false},
		"expired beyond leeway":    {set("exp", time.Now().Unix()-121), 401, "ERROR_CODE_ACCESS_DENIED", true},
		"bound to another":         {set("cnf", map[string]string{"x5t#S256": "AAAA"}), 401, "ERROR_CODE_ACCESS_DENIED", true},
		"signed by another": {func(v *foreignPeer) {
			other, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				v.t.Fatal(err)
			}
			real := v.signer
			v.change = func(map[string]any) { v.signer = other }
			v.inway = v.serve(func(w http.ResponseWriter, r *http.Request) {
				v.mu.Lock()
				v.signer = real
				v.mu.Unlock()
				v.proxy(w, r)
			}, oinForeign)
		}, 401, "ERROR_CODE_ACCESS_DENIED", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newForeignPeer(t)
			c.change(v)
			n := v.outway()
			resp, body := askThrough(t, n)
			if resp.StatusCode != c.status || resp.Header.Get("Fsc-Error-Code") != c.code {
				t.Errorf("answered with %d %s %s, want %d %s", resp.StatusCode, resp.Header.Get("Fsc-Error-Code"), body, c.status, c.code)
			}
			if domain := map[bool]string{false: "ERROR_DOMAIN_OUTWAY", true: "ERROR_DOMAIN_INWAY"}[c.inway]; !strings.Contains(body, domain) {
				t.Errorf("the refusal is %s", body)
			}
			if len(v.atService) > 0 || len(v.log) > 0 {
				t.Error("the call went through")
			}
		})
	}
}

func TestSettingsForSomebodyElsesPeer(t *testing.T) {
	v := newForeignPeer(t)
	other := newForeignPeer(t)
	for name, c := range map[string]struct {
		peers  func(string) string
		change func(env map[string]string)
		want   string
	}{
		"no TLS":           {nil, func(e map[string]string) { e["NABOOTSING_TOKEN_URL_VREEMDE_DIENST"] = "http://manager:8443/v1/token" }, "NABOOTSING_TOKEN_URL_VREEMDE_DIENST"},
		"no CA":            {nil, func(e map[string]string) { delete(e, "NABOOTSING_CA") }, "NABOOTSING_CA"},
		"no certificate":   {nil, func(e map[string]string) { delete(e, "NABOOTSING_CERTIFICAAT") }, "NABOOTSING_CERTIFICAAT"},
		"no key":           {nil, func(e map[string]string) { delete(e, "NABOOTSING_SLEUTEL") }, "NABOOTSING_SLEUTEL"},
		"no such file":     {nil, func(e map[string]string) { e["NABOOTSING_CA"] = "bestaat-niet.pem" }, "NABOOTSING_CA"},
		"key as CA":        {nil, func(e map[string]string) { e["NABOOTSING_CA"] = v.outwayKeyPEM }, "NABOOTSING_CA"},
		"key of another":   {nil, func(e map[string]string) { e["NABOOTSING_SLEUTEL"] = other.outwayKeyPEM }, "sleutel"},
		"no grant hash":    {nil, func(e map[string]string) { delete(e, "FSC_GRANT_HASH_VREEMD") }, "FSC_GRANT_HASH_VREEMD"},
		"no group":         {func(p string) string { return strings.Replace(p, group, "", 1) }, nil, "groep"},
		"no OIN of theirs": {func(p string) string { return strings.Replace(p, oinForeign, "", 1) }, nil, "OIN van de aanbieder"},
		"OIN of another":   {func(p string) string { return strings.Replace(p, oinOurs, "00000099000000008000", 1) }, nil, "NABOOTSING_CERTIFICAAT"},
	} {
		env, peers := v.env(), foreignPeers
		if c.change != nil {
			c.change(env)
		}
		if c.peers != nil {
			peers = c.peers(peers)
		}
		if n, err := outwayTo(peers, env); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
			if n != nil {
				_ = n.Close()
			}
		}
	}
	if n, err := outwayTo(foreignPeers, v.env()); err != nil {
		t.Error(err)
	} else {
		_ = n.Close()
	}
}
