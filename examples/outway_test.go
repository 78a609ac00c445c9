package examples_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
)

// foreignOutway is an outway that is not ours: all it shares with a component
// is what OpenFSC documents. A grant hash chooses the service, the path stays
// as it is, and a transaction id is a UUID v7.
type foreignOutway struct {
	services map[string]http.Handler // by grant hash

	mu   sync.Mutex
	seen map[string]int // calls per service path
	bad  []string
}

func (o *foreignOutway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service, known := o.services[r.Header.Get("Fsc-Grant-Hash")]
	id, err := uuid.Parse(r.Header.Get("Fsc-Transaction-Id"))
	o.mu.Lock()
	if err != nil || id.Version() != 7 {
		o.bad = append(o.bad, "transaction id "+r.Header.Get("Fsc-Transaction-Id"))
	}
	if !known {
		o.bad = append(o.bad, "grant "+r.Header.Get("Fsc-Grant-Hash")+" for "+r.URL.Path)
	}
	o.seen[r.URL.Path]++
	o.mu.Unlock()
	if !known {
		w.Header().Set("Fsc-Error-Code", "UNKNOWN_GRANT_HASH_IN_HEADER")
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	service.ServeHTTP(w, r)
}

// TestForeignOutway: the same program, with OUTWAY_URL and the grant hashes of
// somebody else's contracts, asks its sources and its own layer 2 through an
// outway that is not ours.
func TestForeignOutway(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs a complete component")
	}
	base := freePorts(t, 4)
	answer := func(body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		})
	}
	outway := &foreignOutway{seen: map[string]int{}, services: map[string]http.Handler{
		"$1$3$own": httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", base+3)}),
		"$1$3$bag": answer(`{"_embedded":{"adressen":[{"adresseerbaarObjectIdentificatie":"0599010370005001","postcode":"1028BC","huisnummer":34}]}}`),
		"$1$3$brp": answer(`{"bewoningen":[{"bewoners":[{"naam":{"volledigeNaam":"Iemand van Elders"}}],"mogelijkeBewoners":[]}]}`),
	}}
	server := httptest.NewServer(outway)
	defer server.Close()

	c := launch(t, t.TempDir(), adresonderzoek(t), base, []int{1}, []string{"--layers", "proces,diensten,gegevens"}, // no stand-in
		"OUTWAY_URL="+server.URL,
		"FSC_GRANT_HASH_ADRESONDERZOEK_DIENSTEN=$1$3$own", "FSC_GRANT_HASH_BAG_BEVRAGEN=$1$3$bag", "FSC_GRANT_HASH_BRP_BEWONING=$1$3$brp")

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url(1, "/v1/zaken"),
		strings.NewReader(`{"postcode":"1028 BC","huisnummer":34,"peildatum":"2026-11-01","reden":"Terugmelding van een andere overheid"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Gebruiker-Id", "medewerker-7")
	req.Header.Set("Gebruiker-Rol", "adresonderzoeker")
	outway.mu.Lock()
	before := maps.Clone(outway.seen)
	outway.mu.Unlock()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusCreated || !json.Valid(body) || !strings.Contains(string(body), "Iemand van Elders") {
		t.Errorf("the zaak: %s %v\n%s\n%s", resp.Status, err, body, c.log.String())
	}
	outway.mu.Lock()
	defer outway.mu.Unlock()
	if len(outway.bad) > 0 {
		t.Errorf("the outway got %q", outway.bad)
	}
	for _, path := range []string{"/adressen", "/bewoningen", "/intern/reeks", "/v1/verwerkingen"} {
		if outway.seen[path] == 0 {
			t.Errorf("nothing came by for %s; seen: %v", path, outway.seen)
		}
	}
	// That a start begins, that each of two questions is put, and all that came of it in
	// one go: each call to layer 2 costs as much as all that it does there.
	if lines, series := outway.seen["/v1/verwerkingen"]-before["/v1/verwerkingen"], outway.seen["/intern/reeks"]-before["/intern/reeks"]; lines != 3 || series != 1 {
		t.Errorf("a start with two questions takes %d calls for lines and %d for the rest, not 3 and 1", lines, series)
	}
}
