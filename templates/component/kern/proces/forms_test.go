package proces

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestADecisionErasesNothing: a record may have a field that is called like the
// note with a decision, and that note is not about the record.
func TestADecisionErasesNothing(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	h.store.mu.Lock()
	record := h.store.records[h.store.zaken[z.ID].Subject]
	record.Data = merged(record.Data, json.RawMessage(`{"toelichting":"van de aanvrager"}`))
	h.store.mu.Unlock()
	for _, note := range []string{"", `,"toelichting":"van de behandelaar"`} {
		tag := h.want(200, employee, "GET", "/zaken/"+z.ID, "").header.Get("ETag")
		h.want(200, employee, "POST", "/zaken/"+z.ID+"/beoordelen", `{"uitkomst":"aanvullen"`+note+`}`, "If-Match", tag)
		if got := string(h.store.records[h.store.zaken[z.ID].Subject].Data); !strings.Contains(got, `"toelichting":"van de aanvrager"`) {
			t.Errorf("with note %q the record is %s", note, got)
		}
		tag = h.want(200, citizen, "GET", "/zaken/"+z.ID, "").header.Get("ETag")
		h.want(200, citizen, "POST", "/zaken/"+z.ID+"/aanvullen", `{"adres":{"straat":"Kade","huisnummer":3,"postcode":"1234 AB","woonplaats":"Stad"}}`, "If-Match", tag)
	}
}
