package examples_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSeedsAskNothing counts questions: in development, with a real provider
// behind the outway, the zaken of the starting data put none, neither after a
// start nor after reset. A zaak that somebody begins does.
func TestSeedsAskNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs a complete component")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "component.exe")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	command(t, dir, "go", "build", "-o", program, ".")
	base := freePorts(t, 4)
	outway := &foreignOutway{seen: map[string]int{}, services: map[string]http.Handler{
		"$1$3$own": httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", base+3)}),
		"$1$3$bag": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"_embedded":{"adressen":[]}}`)
		}),
	}}
	server := httptest.NewServer(outway)
	defer server.Close()
	args := []string{"--layers", "proces,diensten,gegevens"} // no stand-in
	env := []string{"OUTWAY_URL=" + server.URL, "FSC_GRANT_HASH_VERHUIZING_DIENSTEN=$1$3$own", "FSC_GRANT_HASH_BAG_BEVRAGEN=$1$3$bag"}
	counted := func(path string) int {
		outway.mu.Lock()
		defer outway.mu.Unlock()
		return outway.seen[path]
	}
	// Waiting zaken are looked at every few seconds: three rounds are enough.
	quiet := func() {
		t.Helper()
		for from, until := counted("/v1/zaken"), time.Now().Add(30*time.Second); counted("/v1/zaken") < from+3 && time.Now().Before(until); {
			time.Sleep(50 * time.Millisecond)
		}
		if counted("/v1/zaken") < 3 || counted("/adressen") > 0 {
			t.Errorf("%d questions of invented zaken", counted("/adressen"))
		}
	}
	work := t.TempDir()
	command(t, work, program, "reset")
	c := launch(t, work, program, base, []int{1, 3}, args, env...)
	resp, err := http.Get(c.url(3, "/v1/zaken"))
	if err != nil {
		t.Fatal(err)
	}
	zaken, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if !strings.Contains(string(zaken), `"huidigeStap":"beoordelen"`) {
		t.Errorf("there are no invented zaken: %s", zaken)
	}
	quiet()

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url(1, "/v1/zaken"), strings.NewReader(
		`{"bsn":"999993653","verhuisdatum":"2026-11-01","nieuwAdres":{"straat":"Dorpsstraat","huisnummer":34,"postcode":"1028 BC","woonplaats":"Holysloot"},"aantalPersonen":1,"inwoning":"nee"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Gebruiker-Id", "inwoner-7")
	req.Header.Set("Gebruiker-Rol", "inwoner")
	req.Header.Set("Gebruiker-BSN", "999993653")
	resp, err = http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	made, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if counted("/adressen") == 0 {
		t.Errorf("the test proves nothing: a new zaak asks nothing either: %s %s", resp.Status, made)
	}
}
