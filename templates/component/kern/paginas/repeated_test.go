package paginas

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// usedBefore answers as layer 4 does when a key came with something else before.
func usedBefore(zaak string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusConflict)
		_ = json.NewEncoder(w).Encode(map[string]any{"status": 409, "title": "Kan nu niet", "detail": "Met deze sleutel …", "zaak": zaak,
			"errors": []map[string]any{{"in": "header", "location": map[string]string{"name": "Idempotency-Key"}, "detail": "x", "code": codeReused}}})
	}
}

// TestAFormThatWasSentBefore: who goes back, changes something and sends it again
// reads what was sent first and how to change it, and never that it was done.
func TestAFormThatWasSentBefore(t *testing.T) {
	for _, c := range []struct {
		name, zaak string
		wanted     []string
	}{
		{"known", testZaak, []string{"ZAAK-1", "van de aanvrager", "31 december 2026", `href="/zaken/` + testZaak + `"`, "wacht nu op: Medewerker balie", "ZAAK-1."}},
		{"under way", "", []string{"Geef uw verandering door"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBrowser(t, nil)
			b.login("aanvrager")
			_, page := b.get("/starten")
			form := goodForm()
			form.Set("_sleutel", hidden(page, "_sleutel"))
			if status, _ := b.post("/starten", form); status != http.StatusOK {
				t.Fatal(status)
			}
			b.layer4.respond["POST /v1/zaken"] = usedBefore(c.zaak)
			form.Set("toelichting", "Verbeterd")
			status, body := b.post("/starten", form)
			if status != http.StatusConflict {
				t.Errorf("status %d", status)
			}
			wants(t, body, append(c.wanted, "<h1>U hebt dit formulier al verstuurd</h1>", "<strong>niet</strong> verwerkt", `href="/starten"`)...)
			if strings.Contains(body, "Gelukt") || strings.Contains(body, "U hoeft niets meer te doen") {
				t.Errorf("the page says that it was done:\n%s", body)
			}
		})
	}
}

// TestADecisionThatWasSentBefore names the outcome of the first time.
func TestADecisionThatWasSentBefore(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	_, page := b.get("/zaken/" + testZaak + "/taak")
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Startdatum: "2026-01-02", Step: step{Name: "klaar", Title: "Klaar", Kind: "end"}, Einddatum: "2026-01-03",
		History: []event{
			{Step: "beoordelen", Title: "Beoordelen", By: "Medewerker balie", Outcome: "Nee", Explanation: "van eerder"},
			{Step: "beoordelen", Title: "Beoordelen", By: "Medewerker balie", Outcome: "Ja, goed", Explanation: "Ziet er <goed> uit", Time: time.Date(2026, 1, 3, 9, 0, 0, 0, time.UTC)},
			{Step: "klaar", Title: "Klaar"}}}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/beoordelen"] = usedBefore(testZaak)
	status, body := b.post("/zaken/"+testZaak+"/taak", url.Values{"_stap": {"beoordelen"}, "uitkomst": {"nee"}, "_sleutel": {hidden(page, "_sleutel")}})
	if status != http.StatusConflict {
		t.Errorf("status %d", status)
	}
	wants(t, body, "Ja, goed", "Ziet er &lt;goed&gt; uit", "3 januari 2026", "<strong>niet</strong> verwerkt", "De zaak is klaar en verandert niet meer")
	if strings.Contains(body, "van eerder") || strings.Contains(body, `href="/starten"`) || strings.Contains(body, "<h1>Deze stap is al gedaan</h1>") {
		t.Error(body)
	}
}

// TestSentBeforeToWhoMayGoOn points at the step where it can be changed.
func TestSentBeforeToWhoMayGoOn(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/beoordelen"] = usedBefore(testZaak)
	_, body := b.post("/zaken/"+testZaak+"/taak", url.Values{"_stap": {"beoordelen"}, "uitkomst": {"nee"}})
	wants(t, body, `href="/zaken/`+testZaak+`/taak"`)
	// When the zaak cannot be shown, it is still no success.
	_, page := b.get("/zaken/" + testZaak + "/taak")
	b.layer4.respond["GET /v1/zaken/"+testZaak] = func(w http.ResponseWriter, _ *http.Request) { problem(w, 503, "weg") }
	status, body := b.post("/zaken/"+testZaak+"/taak", url.Values{"_stap": {"beoordelen"}, "uitkomst": {"nee"}, "_sleutel": {hidden(page, "_sleutel")}})
	wants(t, body, "<strong>niet</strong> verwerkt")
	if status != http.StatusConflict || strings.Contains(body, "Gelukt") {
		t.Error(status, body)
	}
}
