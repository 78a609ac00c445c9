package start

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink collects output that several goroutines write.
type sink struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// fake is a component whose layers only say their name.
func fake(closed *[]string) Component {
	layer := func(name string) func(context.Context, Settings) (Layer, error) {
		return func(_ context.Context, s Settings) (Layer, error) {
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprintf(w, "%s %s %s %s", name, s.ProcessURL, s.OutwayURL, s.ServicesURL)
			})
			return Layer{
				Handler: h,
				Run:     func(ctx context.Context) { <-ctx.Done() },
				Close:   func() error { *closed = append(*closed, name); return nil },
			}, nil
		}
	}
	return Component{
		Name: "proef", Title: "Proef",
		Interaction: layer(LayerInteraction), Process: layer(LayerProcess), Integration: layer(LayerIntegration), Services: layer(LayerServices),
		Reset:    func(context.Context, Settings) error { *closed = append(*closed, "reset"); return nil },
		Grants:   []string{"FSC_GRANT_HASH_BRON"},
		Bronnen:  []string{"BRON_CLIENT_SECRET", "BRON_TOKEN_URL"},
		StandIns: func(Settings) []string { return []string{"de bron"} },
	}
}

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestLayersRunFindEachOtherAndStop(t *testing.T) {
	var closed []string
	c := fake(&closed)
	s, err := ReadSettings(c, nil, environment("PORT", "0"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(r.URLs[LayerInteraction])
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	want := strings.Join([]string{LayerInteraction, r.URLs[LayerProcess], r.URLs[LayerIntegration], r.URLs[LayerServices]}, " ")
	if string(body) != want {
		t.Errorf("got %s\nwant %s", body, want)
	}
	req, _ := http.NewRequest(http.MethodGet, r.URLs[LayerInteraction], nil)
	req.Host = "kwaad.test"
	if resp, err = http.DefaultClient.Do(req); err != nil || resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("under the name of somebody else: %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	if err := r.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(closed, " "); got != "interactie proces integratie diensten" {
		t.Errorf("closed in the order %s", got)
	}
	if _, err := http.Get(r.URLs[LayerInteraction]); err == nil {
		t.Error("it still listens after Stop")
	}
}

// TestOnlyUnderNamesOfThisMachine: a website that points its own name at
// 127.0.0.1 must not become a part of this component.
func TestOnlyUnderNamesOfThisMachine(t *testing.T) {
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	ask := func(s Settings, host string) int {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		ownName(s, ok).ServeHTTP(w, r)
		return w.Code
	}
	here := Settings{Host: "127.0.0.1"}
	for host, want := range map[string]int{
		"localhost:8080": 200, "LOCALHOST": 200, "localhost.:8080": 200, "zaken.localhost:8080": 200, "127.0.0.1:8080": 200, "127.1.2.3": 200, "[::1]:8080": 200, "": 200,
		"kwaad.test": 421, "kwaad.test:8080": 421, "localhost.kwaad.test:8080": 421, "127.0.0.1.kwaad.test": 421, "notlocalhost": 421, "192.168.1.2:8080": 421, "0.0.0.0:8080": 421,
	} {
		if got := ask(here, host); got != want {
			t.Errorf("Host: %s gives %d, want %d", host, got, want)
		}
	}
	if got := ask(Settings{Production: true, Host: "127.0.0.1"}, "zaken.gemeente.test"); got != 200 {
		t.Errorf("production refuses its own name: %d", got)
	}
	// Who listens for others too has more names, and not every name.
	own, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, everywhere := range []Settings{{Host: "0.0.0.0"}, {Host: "::"}, {Host: "192.168.1.2"}, {Host: "Zaken.gemeente.test"}} {
		everywhere.Names = []string{"proef.gemeente.test", "proef"}
		for host, want := range map[string]int{
			"localhost:8080": 200, "192.168.1.2:8080": 200, "[2001:db8::1]:8080": 200, own + ":8080": 200, strings.ToUpper(own): 200,
			"proef.gemeente.test:8080": 200, "PROEF.": 200, "kwaad.test:8080": 421, "192.168.1.2.kwaad.test": 421, "x.proef.gemeente.test": 421,
			"zaken.gemeente.test": map[bool]int{true: 200, false: 421}[strings.HasPrefix(everywhere.Host, "Z")],
		} {
			if got := ask(everywhere, host); got != want {
				t.Errorf("HOST=%s, Host: %s gives %d, want %d", everywhere.Host, host, got, want)
			}
		}
	}
}

func TestNamesAreNames(t *testing.T) {
	names := func(text string) string {
		s, err := ReadSettings(fake(nil), nil, environment("NAMEN", text), io.Discard)
		return fmt.Sprint(s.Names, err)
	}
	if got := names(" Proef, laptop.gemeente.nl., 10.0.0.1,"); got != "[proef laptop.gemeente.nl 10.0.0.1] <nil>" {
		t.Error(got)
	}
	for _, wrong := range []string{"https://proef.test", "*", "a b", "proef/x", "proef..nl"} {
		if got := names(wrong); !strings.Contains(got, "NAMEN is") {
			t.Errorf("NAMEN=%s: %s", wrong, got)
		}
	}
}

// TestADatabaseWithoutTLS: in production nobody on the way reads along, unless
// somebody said that it does not matter.
func TestADatabaseWithoutTLS(t *testing.T) {
	faults := func(url, without string) string {
		_, err := ReadSettings(fake(nil), []string{LayerServices}, environment("OMGEVING", "productie", "DATABASE_URL", url, "DATABASE_ZONDER_TLS", without,
			"COMPONENT_TOKEN", strings.Repeat("y", 32), "LOGBOEK_URL", "https://logboek.test", "LOGBOEK_SLEUTEL", base64.StdEncoding.EncodeToString(make([]byte, 32))), io.Discard)
		return fmt.Sprint(err)
	}
	const base = "postgres://u:geheim@db.test:5432/x"
	for _, good := range []string{base + "?sslmode=require", base + "?sslmode=verify-full", base + "?sslmode=verify-ca", "postgres:///x?host=/var/run/postgresql", "postgres://u@%2Frun%2Fpostgresql/x"} {
		if got := faults(good, ""); got != "<nil>" {
			t.Errorf("%s is refused: %s", good, got)
		}
	}
	for _, open := range []string{base, base + "?sslmode=prefer", base + "?sslmode=allow", base + "?sslmode=disable", "postgres://localhost/x?sslmode=disable",
		"postgres://u@/x?host=/run/postgresql,db.test&sslmode=prefer"} {
		if got := faults(open, ""); !strings.Contains(got, "DATABASE_ZONDER_TLS=ja") || strings.Contains(got, "geheim") {
			t.Errorf("%s: %s", open, got)
		}
		if got := faults(open, "ja"); got != "<nil>" {
			t.Errorf("%s is refused although it was said: %s", open, got)
		}
		if got := faults(open, "true"); !strings.Contains(got, "kies ja") {
			t.Errorf("DATABASE_ZONDER_TLS=true: %s", got)
		}
	}
	if got := faults("postgres://u:geheim@db.test:x/y", ""); !strings.Contains(got, "DATABASE_URL is geen adres") || strings.Contains(got, "geheim") {
		t.Error(got)
	}
}

func TestConnectionWithoutARequestDoesNotHoldUpTheStop(t *testing.T) {
	c := fake(new([]string))
	s, err := ReadSettings(c, nil, environment("PORT", "0"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.Replace(strings.TrimPrefix(r.URLs[LayerInteraction], "http://"), "localhost", "127.0.0.1", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	time.Sleep(20 * time.Millisecond) // until the server has seen it
	begin := time.Now()
	if err := r.Stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

func TestAnnouncementAndCtrlC(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var out, errOut sink
	done := make(chan int)
	go func() { done <- run(ctx, nil, environment("PORT", "0"), &out, &errOut, fake(new([]string))) }()
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(out.String(), "Open http://localhost:"); {
		if time.Now().After(deadline) {
			t.Fatalf("no announcement: %s%s", out.String(), errOut.String())
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	if code := <-done; code != exitDone {
		t.Errorf("code %d: %s", code, errOut.String())
	}
	for _, want := range []string{"5 interactie", "4 proces", "3 integratie", "2 diensten", "1 gegevens", "Nabootsing: de bron", "Gestopt."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestProductionListsAllThatIsMissingAtOnce(t *testing.T) {
	_, err := ReadSettings(fake(nil), nil, environment("OMGEVING", "productie"), io.Discard)
	if err == nil {
		t.Fatal("production starts without settings")
	}
	for _, want := range []string{"COMPONENT_TOKEN", "DATABASE_URL", "OUTWAY_URL", "FSC_GRANT_HASH_BRON", "BRON_CLIENT_SECRET", "BRON_TOKEN_URL",
		"OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_REDIRECT_URL", "SESSION_KEY", "LOGBOEK_URL", "LOGBOEK_SLEUTEL"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named in: %v", want, err)
		}
	}
	key := base64.StdEncoding.EncodeToString(make([]byte, 32))
	if _, err := ReadSettings(fake(nil), []string{LayerServices}, environment("OMGEVING", "productie", "DATABASE_URL", "postgres://db.test/x?sslmode=verify-full", "COMPONENT_TOKEN", strings.Repeat("y", 32),
		"LOGBOEK_URL", "https://logboek.test", "LOGBOEK_SLEUTEL", key), io.Discard); err != nil {
		t.Errorf("one layer only needs its own settings: %v", err)
	}
	if _, err := ReadSettings(fake(nil), []string{LayerIntegration}, environment("OMGEVING", "productie"), io.Discard); err == nil || !strings.Contains(err.Error(), "nabootsing") {
		t.Errorf("the stand-in starts in production: %v", err)
	}
}

func TestSettingsThatCannotBeAreNamedTogether(t *testing.T) {
	_, err := ReadSettings(fake(nil), nil, environment("OMGEVING", "prod", "PORT", "x", "LOG_LEVEL", "veel", "OUTWAY_TIMEOUT", "1h"), io.Discard)
	for _, want := range []string{`OUTWAY_TIMEOUT is "1h"`, `OMGEVING is "prod"`, `PORT is "x"`, `LOG_LEVEL is "veel"`} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s is not refused in: %v", want, err)
		}
	}
}

func TestSettingsThatProtectNobodyAreRefused(t *testing.T) {
	good := map[string]string{"OMGEVING": "productie", "COMPONENT_TOKEN": strings.Repeat("t", 32), "DATABASE_URL": "postgres://db.test/x?sslmode=verify-full", "OUTWAY_URL": "http://outway.test", "FSC_GRANT_HASH_BRON": "$1$3$x",
		"BRON_CLIENT_SECRET": "x", "BRON_TOKEN_URL": "https://tokens.test", "OUTWAY_TIMEOUT": "15s",
		"OIDC_ISSUER": "https://inloggen.test", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "x", "OIDC_REDIRECT_URL": "https://zaken.test/inloggen/terug",
		"SESSION_KEY": base64.StdEncoding.EncodeToString(make([]byte, 32)), "LOGBOEK_SLEUTEL": base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"LOGBOEK_URL": "https://logboek.test"}
	faults := func(name, value string) string {
		env := maps.Clone(good)
		env[name] = value
		_, err := ReadSettings(fake(nil), nil, func(name string) string { return env[name] }, io.Discard)
		return fmt.Sprint(err)
	}
	if got := faults("OMGEVING", "productie"); got != "<nil>" {
		t.Errorf("good settings are refused: %s", got)
	}
	for name, value := range map[string]string{"COMPONENT_TOKEN": "kort", "SESSION_KEY": "AAAA", "OIDC_ISSUER": "http://inloggen.test",
		"OIDC_REDIRECT_URL": "http://zaken.test/inloggen/terug", "LOGBOEK_URL": "http://logboek.test", "LOGBOEK_SLEUTEL": "AAAA", "LOGBOEK_DAGEN": "0",
		"BRON_CLIENT_SECRET": "", "BRON_TOKEN_URL": "http://tokens.test", "OUTWAY_TIMEOUT": "10"} {
		if got := faults(name, value); !strings.Contains(got, name) {
			t.Errorf("%s=%s is accepted: %s", name, value, got)
		}
	}
	for _, hash := range []string{"$3$x", "x", "$1$1$contract"} {
		if got := faults("FSC_GRANT_HASH_BRON", hash); !strings.Contains(got, "FSC_GRANT_HASH_BRON") {
			t.Errorf("%s passes for a grant hash: %s", hash, got)
		}
	}
	// The development login must not stand where the real one was meant to be.
	if got := faults("OMGEVING", ""); !strings.Contains(got, "OMGEVING=productie") {
		t.Errorf("a forgotten OMGEVING opens the development login: %s", got)
	}
}

func TestWrongUse(t *testing.T) {
	cases := map[string][]string{
		"onbekende opdracht":       {"wissen"},
		"onverwacht":               {"reset", "nu"},
		"de lagen zijn":            {"--layers", "kelder"},
		"kies diensten,gegevens":   {"--layers", "gegevens"},
		"flag provided but not de": {"--lagen", "x"},
	}
	for want, args := range cases {
		var errOut sink
		if code := run(t.Context(), args, environment(), io.Discard, &errOut, fake(nil)); code != exitUsage || !strings.Contains(errOut.String(), want) {
			t.Errorf("%v: code %d, %s", args, code, errOut.String())
		}
	}
}

func TestResetRefusesInProduction(t *testing.T) {
	s := Settings{Production: true}
	if err := reset(t.Context(), s, fake(nil), io.Discard); err == nil {
		t.Error("reset works in production")
	}
}

func TestHealth(t *testing.T) {
	var closed []string
	c := fake(&closed)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := port(l)
	srv := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: time.Second}
	go func() { _ = srv.Serve(l) }()
	env := environment("PORT", fmt.Sprint(base))
	if code := run(t.Context(), []string{"health", "--layers", "interactie"}, env, io.Discard, io.Discard, c); code != exitDone {
		t.Errorf("a layer that answers is not healthy: %d", code)
	}
	_ = srv.Close()
	if code := run(t.Context(), []string{"health", "--layers", "interactie"}, env, io.Discard, io.Discard, c); code != exitFails {
		t.Errorf("a layer that is gone is healthy: %d", code)
	}
}
