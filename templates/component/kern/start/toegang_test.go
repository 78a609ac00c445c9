package start

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// good are settings of production with nothing wrong.
func good(change ...string) func(string) string {
	env := map[string]string{"OMGEVING": "productie", "COMPONENT_TOKEN": strings.Repeat("t", 32), "DATABASE_URL": "postgres://db.test/x?sslmode=verify-full", "OUTWAY_URL": "http://outway.test", "FSC_GRANT_HASH_BRON": "$1$3$x",
		"BRON_CLIENT_SECRET": "x", "BRON_TOKEN_URL": "https://tokens.test",
		"OIDC_ISSUER": "https://inloggen.test", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "x", "OIDC_REDIRECT_URL": "https://zaken.test/inloggen/terug",
		"SESSION_KEY": base64.StdEncoding.EncodeToString(make([]byte, 32)), "LOGBOEK_SLEUTEL": base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"LOGBOEK_URL": "https://logboek.test"}
	for i := 0; i < len(change); i += 2 {
		env[change[i]] = change[i+1]
	}
	return func(name string) string { return env[name] }
}

func TestTokensThatProtectNobodyAreRefused(t *testing.T) {
	a, b := strings.Repeat("a", 32), strings.Repeat("b", 32)
	for text, want := range map[string][]string{
		a: nil, a + "," + b: nil,
		"kort":                      {"is te raden"},
		a + ",kort":                 {"is te raden (token 2)"},
		a + "," + a:                 {"twee keer hetzelfde token"},
		a + "," + b + "," + a + "c": {"heeft 3 tokens"},
		a + ", " + b:                {"bevat een spatie of een teken dat niet in een header kan (token 2)"},
		a + "\n":                    {"bevat een spatie"},
		a + ",":                     {"komma zonder token ervoor of erna (token 2)"},
		"," + a:                     {"komma zonder token ervoor of erna (token 1)"},
		"é, x,x,x":                  {"heeft 4 tokens", "kan (token 1)", "kan (token 2)", "is te raden (token 1)", "is te raden (token 3)", "twee keer hetzelfde"},
		strings.Repeat("é", 20) + a: {"bevat een spatie of een teken"},
	} {
		_, err := ReadSettings(fake(nil), nil, good("COMPONENT_TOKEN", text), io.Discard)
		if (err == nil) != (want == nil) {
			t.Errorf("%q: %v", text, err)
		}
		for _, one := range want {
			if !strings.Contains(fmt.Sprint(err), "COMPONENT_TOKEN "+one) && !strings.Contains(fmt.Sprint(err), one) {
				t.Errorf("%q: %q is missing in %v", text, one, err)
			}
		}
		if strings.Contains(fmt.Sprint(err), a) {
			t.Errorf("a token is repeated: %v", err)
		}
	}
	// On a laptop a short one does no harm, but three are three.
	if _, err := ReadSettings(fake(nil), nil, environment("COMPONENT_TOKEN", "kort"), io.Discard); err != nil {
		t.Error(err)
	}
	if _, err := ReadSettings(fake(nil), nil, environment("COMPONENT_TOKEN", "a,b,c"), io.Discard); err == nil {
		t.Error("three tokens on a laptop")
	}
}

func TestSettingsOfAccessAreNamedTogether(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "afnemers.yaml")
	if err := os.WriteFile(file, []byte("afnemers: [{naam: X}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log sink
	_, err := ReadSettings(fake(nil), nil, good("TLS_CERT", filepath.Join(dir, "weg.crt"), "TLS_KEY", file, "PROCES_URL", "http://proces:8081", "AFNEMERS", file,
		"VERZOEKEN_PER_MINUUT", "veel", "PROXIES", "ingress,0.0.0.0/0", "COMPONENT_TOKEN", "x"), &log)
	for _, want := range []string{"TLS_CERT: " + filepath.Join(dir, "weg.crt") + " is er niet", "PROCES_URL begint met http://", "AFNEMERS: " + file + " regel 1: een naam bestaat uit",
		"AFNEMERS: " + file + " regel 1: een afnemer: tokens is een lijst", `VERZOEKEN_PER_MINUUT is "veel"`, "COMPONENT_TOKEN is te raden"} {
		if strings.Count(fmt.Sprint(err), want) != 1 {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	for _, c := range [][]string{{"TLS_CERT", "x"}, {"TLS_KEY", "x"}, {"TLS_CA", "x"}, {"TLS_CERT", "x", "TLS_CA", "x"}} {
		if _, err := ReadSettings(fake(nil), nil, good(c...), io.Discard); err == nil || !strings.Contains(err.Error(), "horen bij elkaar") {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, err := ReadSettings(fake(nil), nil, good("PROXIES", "ingress,0.0.0.0/0"), io.Discard); err == nil || !strings.Contains(err.Error(), `PROXIES: "ingress" is geen netwerk of adres; "0.0.0.0/0" is iedereen`) {
		t.Error(err)
	}
	// A layer does not read what is not for it.
	if _, err := ReadSettings(fake(nil), []string{LayerProcess}, good("AFNEMERS", file), io.Discard); err != nil {
		t.Error(err)
	}
}

// TestTheLimitOfVisitors: in production when it is known who they are, on a laptop
// when somebody asks for it.
func TestTheLimitOfVisitors(t *testing.T) {
	for name, c := range map[string]struct {
		env     func(string) string
		limit   bool
		warning string
	}{
		"a laptop":                   {environment(), false, ""},
		"a laptop that asks":         {environment("VERZOEKEN_PER_MINUUT", "5"), true, ""},
		"production":                 {good(), false, "geldt geen grens aan het aantal verzoeken per bezoeker"},
		"production behind a proxy":  {good("PROXIES", "10.0.0.0/8"), true, ""},
		"production without a proxy": {good("PROXIES", "geen"), true, ""},
		"no limit":                   {good("VERZOEKEN_PER_MINUUT", "0"), false, ""},
		"a limit and no proxies":     {good("VERZOEKEN_PER_MINUUT", "5"), true, "achter één ingress samen"},
	} {
		var log sink
		s, err := ReadSettings(fake(nil), nil, c.env, &log)
		if err != nil || (s.wait() != nil) != c.limit {
			t.Errorf("%s: %v", name, err)
		}
		if text := log.String(); !strings.Contains(text, c.warning) || c.warning == "" && text != "" {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// front stands before a layer of which the instances come and go.
type front struct {
	*httptest.Server
	to atomic.Pointer[url.URL]
}

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{}
	f.Server = httptest.NewServer(&httputil.ReverseProxy{ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(f.to.Load())
		p.Out.Host = p.In.Host // a browser sees one address, and names its cookie after it
	}})
	t.Cleanup(f.Close)
	return f
}

// apart is the example with its layers in three processes, as in production: each
// behind an address that stays when it starts anew.
type apart struct {
	*changing
	fronts  map[string]*front
	running map[string]*Running
}

// groups are the processes, from the bottom up, by the layer that is called.
var groups = map[string][]string{LayerServices: {LayerServices, LayerData}, LayerProcess: {LayerIntegration, LayerProcess}, LayerInteraction: {LayerInteraction}}

func newApart(t *testing.T) *apart {
	t.Helper()
	a := &apart{newChanging(t), map[string]*front{}, map[string]*Running{}}
	a.run(nil)
	a.add("beoordelen", 3)
	for at := range groups {
		a.fronts[at] = newFront(t)
	}
	t.Cleanup(func() {
		for _, r := range a.running {
			if err := r.Stop(); err != nil {
				t.Error(err)
			}
		}
	})
	return a
}

// renew starts a process with other settings in the place of the one that is there.
func (a *apart) renew(at string, env ...string) {
	a.t.Helper()
	component := a.parts().Component()
	env = append([]string{"PORT", "0", "DATA", a.data, "DIENSTEN_URL", a.fronts[LayerServices].URL, "PROCES_URL", a.fronts[LayerProcess].URL,
		"SESSION_KEY", base64.StdEncoding.EncodeToString(make([]byte, 32))}, env...)
	s, err := ReadSettings(component, groups[at], environment(env...), io.Discard)
	if err != nil {
		a.t.Fatal(err)
	}
	r, err := Run(a.t.Context(), s, component)
	if err != nil {
		a.t.Fatal(err)
	}
	to, err := url.Parse(r.URLs[at])
	if err != nil {
		a.t.Fatal(err)
	}
	a.fronts[at].to.Store(to)
	if earlier := a.running[at]; earlier != nil {
		time.Sleep(20 * time.Millisecond) // what was sent to it is on its way
		if err := earlier.Stop(); err != nil {
			a.t.Error(err)
		}
	}
	a.running[at] = r
}

// employee logs in on the pages.
func employee(t *testing.T, site string, way http.RoundTripper) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: way, Jar: jar, Timeout: 20 * time.Second}
	key, err := logboek.ReadKey(environment(), false)
	if err != nil {
		t.Fatal(err)
	}
	all := identity.Personas(moving(t).Process(&outway.Outway{}).Roles, 0, key.PersonID)
	i := slices.IndexFunc(all, func(u identity.User) bool { return u.Role == "burgerzaken" })
	resp, err := client.PostForm(site+"/inloggen", url.Values{"persoon": {all[i].Choice()}, "naar": {"/zaken"}})
	if err != nil {
		t.Fatal(err)
	}
	if text := read(resp); resp.StatusCode != http.StatusOK || !strings.Contains(text, all[i].Name) {
		t.Fatalf("logging in: %d %s", resp.StatusCode, text)
	}
	return client
}

func read(resp *http.Response) string {
	defer func() { _ = resp.Body.Close() }()
	raw, _ := io.ReadAll(resp.Body)
	return string(raw)
}

// visits opens the list of zaken again and again until it is stopped. It says how
// often, and every page that is not that list is an error.
func visits(t *testing.T, site string, way http.RoundTripper) (stop func() int64) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	var seen atomic.Int64
	for range 4 {
		client := employee(t, site, way)
		work.Go(func() {
			for ctx.Err() == nil {
				req, _ := http.NewRequestWithContext(ctx, http.MethodGet, site+"/zaken", nil)
				resp, err := client.Do(req)
				if ctx.Err() != nil {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				text := read(resp)
				if ctx.Err() == nil && (resp.StatusCode != http.StatusOK || strings.Count(text, "/zaken/") < 3) {
					t.Errorf("a page is answered with %d: %s", resp.StatusCode, text)
					return
				}
				seen.Add(1)
			}
		})
	}
	return func() int64 {
		cancel()
		work.Wait()
		return seen.Load()
	}
}

// TestTokensChangeWithoutAStop: the layers run apart, and one after another starts
// anew with the next setting while people look at pages. None is refused.
func TestTokensChangeWithoutAStop(t *testing.T) {
	t.Parallel()
	a := newApart(t)
	order := []string{LayerServices, LayerProcess, LayerInteraction}
	old, next := strings.Repeat("o", 40), strings.Repeat("n", 40)
	for _, at := range order {
		a.renew(at, "COMPONENT_TOKEN", old)
	}
	stop := visits(t, a.fronts[LayerInteraction].URL, nil)
	for _, token := range []string{old + "," + next, next + "," + old, next} {
		for _, at := range order {
			a.renew(at, "COMPONENT_TOKEN", token)
			time.Sleep(30 * time.Millisecond)
		}
		slices.Reverse(order) // no order is needed
	}
	if n := stop(); n < 20 {
		t.Errorf("only %d pages were opened", n)
	}
	for token, want := range map[string]int{old: http.StatusUnauthorized, next: http.StatusOK} {
		for _, address := range []string{a.fronts[LayerProcess].URL + "/v1/zaken", a.fronts[LayerServices].URL + "/v1/zaken", a.fronts[LayerServices].URL + "/intern/archief"} {
			if status := askedWith(t, http.DefaultClient, address, token, "Gebruiker-Id", "medewerker-1", "Gebruiker-Rol", "burgerzaken"); status != want {
				t.Errorf("%s with token %.1s…: %d, want %d", address, token, status, want)
			}
		}
	}
}

// asked is the status of a request with a token.
func askedWith(t *testing.T, client *http.Client, address, token string, header ...string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Error(err)
		return 0
	}
	_ = read(resp)
	return resp.StatusCode
}
