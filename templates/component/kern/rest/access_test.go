package rest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// afnemers are two consumers: zaaksysteem reads the list, and buur, of another
// organisation, comes through the inway.
func afnemers(t *testing.T) *toegang.Afnemers {
	t.Helper()
	sum := func(token string) string {
		raw := sha256.Sum256([]byte(token))
		return hex.EncodeToString(raw[:])
	}
	path := filepath.Join(t.TempDir(), "afnemers.yaml")
	text := `afnemers:
  - {naam: zaaksysteem, tokens: [` + sum("zaak") + `, ` + sum("zaak nieuw") + `], operaties: [lijstDingen]}
  - {naam: buur, oin: "00000001001299757000", tokens: [` + sum("buur") + `], operaties: [lijstDingen]}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := toegang.ReadAfnemers(path, toegang.Operations{Offered: []string{"lijstDingen", "maakDing"}}, nil, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTwoTokensAtOnce(t *testing.T) {
	h, _ := newServer(t, func(o *Options) { o.Token = "oud,nieuw" })
	for token, want := range map[string]int{"oud": 200, "nieuw": 200, "oud,nieuw": 401, "": 401, "ander": 401} {
		if got := call(h, "GET", "/v1/dingen", "", "Authorization: Bearer "+token).Code; got != want {
			t.Errorf("token %q: %d", token, got)
		}
	}
}

// TestAnAfnemerReachesItsOperationsAlone, and what refuses it tells neither the
// token nor what it may do.
func TestAnAfnemerReachesItsOperationsAlone(t *testing.T) {
	var seen http.Header
	var who *toegang.Afnemer
	look := HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		seen, who = r.Header.Clone(), toegang.FromContext(r.Context())
		return WriteList(w, ReadPage(r), Found{}, []string{})
	})
	h, log := newServer(t, func(o *Options) {
		o.Token, o.Access.Afnemers = "eigen", afnemers(t)
		o.Routes[0].Handler = look
		o.Internal = []Route{{Method: "GET", Pattern: "/tijdelijk/{id}", Handler: look}}
	})
	peer := "Fsc-Authorization: Bearer x.eyJzdWIiOiIwMDAwMDAwMTAwMTI5OTc1NzAwMCIsImlzcyI6IjAwMDAwMDk5MDAwMDAwMDAxMDAwIn0.x" // sub 00000001001299757000
	for _, c := range []struct {
		name, method, target, token string
		headers                     []string
		want                        int
	}{
		{"its operation", "GET", "/v1/dingen", "zaak", nil, 200},
		{"with the new token", "HEAD", "/v1/dingen", "zaak nieuw", nil, 200},
		{"another operation on the same path", "POST", "/v1/dingen", "zaak", []string{jsonType}, 403},
		{"another operation", "GET", "/v1/dingen/" + id, "zaak", nil, 403},
		{"between the layers", "GET", "/intern/tijdelijk/1", "zaak", nil, 403},
		{"for everybody", "GET", "/v1/openapi.json", "zaak", nil, 200},
		{"no such path", "GET", "/v1/anders", "zaak", nil, 404},
		{"no method", "PUT", "/v1/dingen", "zaak", nil, 405},
		{"through the inway", "GET", "/v1/dingen", "buur", []string{peer}, 200},
		{"not through the inway", "GET", "/v1/dingen", "buur", nil, 403},
		{"no token of anybody", "GET", "/v1/dingen", "x", nil, 401},
		{"ourselves", "GET", "/intern/tijdelijk/1", "eigen", nil, 200},
	} {
		w := call(h, c.method, c.target, "", append(c.headers, "Authorization: Bearer "+c.token)...)
		if w.Code != c.want {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
		if w.Code == 403 {
			for _, telling := range []string{"zaak", "buur", "lijstDingen", "maakDing", "leesDing"} {
				if strings.Contains(w.Body.String(), telling) || w.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s tells %s: %s", c.name, telling, w.Body)
				}
			}
		}
	}
	if text := log.String(); strings.Contains(text, "zaak nieuw") || strings.Contains(text, "Bearer") {
		t.Error(text)
	}
	// What only our own layers may say is not believed; what anybody may say stays.
	headers := []string{"Gebruiker-Id: p-een", "Gebruiker-Rol: burgerzaken", "Gebruiker-Namens: p-twee", "Gebruiker-Naam: Kim", "Idempotency-Fingerprint: x", "Verwerking-Spoor: x",
		"Bestand-Eigenaar: p-een", "Bestand-Anoniem: ja", peer}
	const trace = "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	call(h, "GET", "/v1/dingen", "", append(headers, trace, "Authorization: Bearer zaak")...)
	for _, header := range headers {
		if name, _, _ := strings.Cut(header, ": "); seen.Get(name) != "" {
			t.Errorf("%s of a consumer is believed", name)
		}
	}
	if who == nil || who.Name != "zaaksysteem" || seen.Get("Traceparent") == "" {
		t.Errorf("%+v %v", who, seen)
	}
	call(h, "GET", "/v1/dingen", "", append(headers, "Authorization: Bearer eigen")...)
	if who != nil || seen.Get("Gebruiker-Id") != "p-een" || seen.Get("Fsc-Authorization") == "" {
		t.Errorf("a layer is not believed: %+v %v", who, seen)
	}
}

// TestAfnemersOnALaptop: without a token of the component everybody is a layer, but
// for who has a token of a consumer.
func TestAfnemersOnALaptop(t *testing.T) {
	h, _ := newServer(t, func(o *Options) { o.Access.Afnemers = afnemers(t) })
	for token, want := range map[string]int{"": 200, "zaak": 403, "x": 200} {
		if got := call(h, "GET", "/v1/tekening", "", "Authorization: Bearer "+token).Code; got != want {
			t.Errorf("token %q: %d", token, got)
		}
	}
}

// TestGuessingGetsSlowerBesideALimit: being refused for asking too much is no way to
// hear sooner that a token is wrong.
func TestGuessingGetsSlowerBesideALimit(t *testing.T) {
	h, _ := newServer(t, func(o *Options) {
		o.Token, o.Access = "eigen", toegang.Gate{Afnemers: afnemers(t), Limit: toegang.NewLimit(1)}
	})
	waits := 0
	h.(*server).brake.sleep = func(context.Context, time.Duration) { waits++ }
	for range 10 {
		call(h, "GET", "/v1/dingen", "", "Authorization: Bearer fout")
	}
	if waits != 10-freeGuesses {
		t.Errorf("%d of ten guesses wait", waits)
	}
}

func TestWhoAsksTooMuchIsRefused(t *testing.T) {
	h, _ := newServer(t, func(o *Options) {
		o.Token, o.Access = "eigen", toegang.Gate{Afnemers: afnemers(t), Limit: toegang.NewLimit(3), Proxies: toegang.Proxies{netip.MustParsePrefix("10.0.0.0/8")}}
	})
	ask := func(from, token, path string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = from
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		for _, header := range headers {
			name, v, _ := strings.Cut(header, ": ")
			r.Header.Set(name, v)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	const list, public = "/v1/dingen", "/v1/openapi.json"
	for range 3 {
		if a, b := ask("192.0.2.1:1", "zaak", list), ask("192.0.2.1:1", "", public); a.Code != 200 || b.Code != 200 {
			t.Fatal(a.Code, b.Code)
		}
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"a consumer": ask("192.0.2.1:1", "zaak", list), "a consumer from elsewhere, with its other token": ask("192.0.2.77:1", "zaak nieuw", public),
		"a stranger": ask("192.0.2.1:1", "", public), "a stranger with a wrong token": ask("192.0.2.1:1", "fout", list),
	} {
		if w.Code != 429 || w.Header().Get("Retry-After") != "20" || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), `"status":429`) || w.Header().Get("Api-Version") == "" {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
	for range 20 { // never ourselves, nor who watches over us
		if a, b, c := ask("192.0.2.1:1", "eigen", list), ask("192.0.2.1:1", "", "/healthz/live"), ask("192.0.2.1:1", "", "/healthz/ready"); a.Code+b.Code+c.Code != 600 {
			t.Fatal(a.Code, b.Code, c.Code)
		}
	}
	// Behind a proxy everybody has an address of his own; who is no proxy has not.
	for range 4 {
		ask("10.0.0.1:1", "", public, "X-Forwarded-For: 203.0.113.1")
	}
	if one, two := ask("10.0.0.1:1", "", public, "X-Forwarded-For: 203.0.113.1"), ask("10.0.0.1:1", "", public, "X-Forwarded-For: 203.0.113.2"); one.Code != 429 || two.Code != 200 {
		t.Errorf("behind a proxy: %d and %d", one.Code, two.Code)
	}
	if w := ask("192.0.2.1:1", "", public, "X-Forwarded-For: 203.0.113.3"); w.Code != 429 {
		t.Errorf("a stranger chooses an address: %d", w.Code)
	}
}

// BenchmarkAdmission is a request whose handler does nothing, by who makes it.
func BenchmarkAdmission(b *testing.B) {
	nothing := HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(http.StatusOK); return nil })
	h, err := NewServer(Options{Spec: specification(b), Token: strings.Repeat("e", 40), Log: slog.New(slog.DiscardHandler),
		Routes: append([]Route{{Method: "GET", Pattern: "/dingen", Handler: nothing}}, routes()[1:]...)})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/v1/dingen", nil)
	r.Header.Set("Authorization", "Bearer "+strings.Repeat("e", 40))
	r.Header.Set("Fsc-Transaction-Id", id)
	w := &quiet{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
	if w.status != http.StatusOK {
		b.Error(w.status)
	}
}

type quiet struct {
	h      http.Header
	status int
}

func (q *quiet) Header() http.Header         { return q.h }
func (q *quiet) Write(b []byte) (int, error) { return len(b), nil }
func (q *quiet) WriteHeader(status int)      { q.status = status }
