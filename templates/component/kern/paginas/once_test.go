package paginas

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A question that may change something is put again by whoever says so, and the
// page does not promise that it goes by itself.
func TestAMedewerkerHasAQuestionPutAgain(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Title: "Proef", Startdatum: "2026-01-02", Step: step{Name: "melden", Title: "Melden", Kind: "lookup", Once: true}}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	_, page := b.get("/zaken/" + testZaak)
	wants(t, page, "wacht op een antwoord van een bron: Melden", `action="/zaken/`+testZaak+`/vraag"`, "Vraag opnieuw stellen")
	if strings.Contains(page, "vanzelf verder") {
		t.Error("the page promises that it goes by itself")
	}
	asked := 0
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"antwoorden":[]}`))
	}
	if status, _ := b.post("/zaken/"+testZaak+"/vraag", url.Values{}); status != http.StatusOK || asked != 1 {
		t.Errorf("status %d, asked %d times", status, asked)
	}
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = func(w http.ResponseWriter, _ *http.Request) {
		problem(w, 503, "De bron is nu niet bereikbaar.")
	}
	if status, page := b.post("/zaken/"+testZaak+"/vraag", url.Values{}); status != 503 || !strings.Contains(page, "De bron is nu niet bereikbaar.") {
		t.Errorf("status %d: %s", status, page)
	}
}

// A task page that is looked at puts no such question; its button does.
func TestATaskOffersToPutAQuestionThatMayChangeSomething(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	asked := "POST /v1/zaken/" + testZaak + "/bevragingen"
	var queries []string
	b.layer4.respond[asked] = func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Query().Get("eenmalig") == "true" {
			_, _ = w.Write([]byte(`{"antwoorden":[{"stap":"Melden","titel":"Meldpunt","activiteit":"Proef","gevonden":true,"gegevens":{"nummer":"M-7"}}]}`))
			return
		}
		_, _ = w.Write([]byte(`{"antwoorden":[],"eenmaligeVragen":["Melden"]}`))
	}
	_, page := b.get("/zaken/" + testZaak + "/taak")
	wants(t, page, "kan daar iets veranderen", "Melden", `action="/zaken/`+testZaak+`/bevraging"`)
	if status, page := b.post("/zaken/"+testZaak+"/bevraging", url.Values{}); status != http.StatusOK || !strings.Contains(page, "M-7") {
		t.Errorf("status %d: %s", status, page)
	}
	if all := strings.Join(queries, " "); strings.TrimSpace(all) != "eenmalig=true" || queries[0] != "" { // looking at the page comes before
		t.Errorf("layer 4 was asked with %q", queries)
	}
}
