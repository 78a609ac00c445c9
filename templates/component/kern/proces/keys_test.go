package proces

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// reused makes a call that must be refused because its key came with something
// else before, naming the zaak of that.
func (h *harness) reused(u identity.User, zaak, path, body string, headers ...string) {
	h.t.Helper()
	a := h.want(http.StatusConflict, u, "POST", path, body, headers...)
	if a.problem.Zaak != zaak || a.header.Get("Location") != "/v1/zaken/"+zaak || len(a.problem.Errors) != 1 || a.problem.Errors[0].Code != rest.CodeReused {
		h.t.Errorf("%s: Location %s, %s", path, a.header.Get("Location"), a.body)
	}
}

// TestAKeyWithSomethingElse never gets the answer of the first time, and changes
// nothing: for a start and for each kind of step.
func TestAKeyWithSomethingElse(t *testing.T) {
	h := newHarness(t, "aanvraag")
	key := uuid.NewString()
	z := h.want(201, citizen, "POST", "/zaken", application, "Idempotency-Key", key)
	h.want(201, citizen, "POST", "/zaken", strings.Replace(application, `{"naam"`, ` { "naam"`, 1), "Idempotency-Key", key)
	h.reused(citizen, z.ID, "/zaken", strings.Replace(application, "A. Aanvrager", "B. Beter", 1), "Idempotency-Key", key)
	h.reused(citizen, z.ID, "/zaken", strings.Replace(application, `"huisnummer":3`, `"huisnummer":4`, 1), "Idempotency-Key", strings.ToUpper(key))
	if strings.Contains(h.only().ID, "B. Beter") || len(h.store.records) != 1 {
		t.Errorf("%d records", len(h.store.records))
	}

	path, tag := "/zaken/"+z.ID, z.header.Get("ETag")
	h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen","toelichting":"Welk huis?"}`, "If-Match", tag, "Idempotency-Key", key)
	now := h.want(200, employee, "POST", path+"/beoordelen", `{"toelichting":"Welk huis?","uitkomst":"aanvullen"}`, "If-Match", tag, "Idempotency-Key", key)
	for _, match := range []string{tag, now.header.Get("ETag"), "*"} { // back and again, or with the newest version
		h.reused(employee, z.ID, path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", match, "Idempotency-Key", key)
		h.reused(employee, z.ID, path+"/beoordelen", `{"uitkomst":"aanvullen","toelichting":"Anders"}`, "If-Match", match, "Idempotency-Key", key)
	}
	if at := h.only(); at.CurrentStep != "aanvullen" {
		t.Errorf("the zaak is at %s", at.CurrentStep)
	}

	const first, second = `{"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`, `{"adres":{"straat":"Weg","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`
	h.want(200, citizen, "POST", path+"/aanvullen", first, "If-Match", now.header.Get("ETag"), "Idempotency-Key", key)
	sent := len(h.store.sent)
	h.reused(citizen, z.ID, path+"/aanvullen", second, "If-Match", "*", "Idempotency-Key", key)
	if strings.Contains(strings.Join(h.store.sent[sent:], ""), "Weg") {
		t.Error("what was refused is stored")
	}
}

// TestAKeyWithAnotherQuestion: of a form that is not stored all of it counts too,
// and no source is asked for what is refused.
func TestAKeyWithAnotherQuestion(t *testing.T) {
	h := newHarness(t, "vraag")
	key := uuid.NewString()
	const first, second = `{"postcode":"1234 AB","dag":"2026-11-23"}`, `{"postcode":"1234 AC","dag":"2026-11-23"}`
	z := h.want(201, searcher, "POST", "/zaken", first, "Idempotency-Key", key)
	h.source.set(false, nil) // a source that has another answer by now does not make it another question
	h.want(201, searcher, "POST", "/zaken", first, "Idempotency-Key", key)
	h.source.set(true, errDown)
	h.reused(searcher, z.ID, "/zaken", second, "Idempotency-Key", key) // 503 would say that it was asked
}

// TestWhoClicksTwice gets the same answer twice, also when the second comes while
// the first is under way; of two that differ one is done and the other refused.
func TestWhoClicksTwice(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.store.slow = 5 * time.Millisecond
	together := func(u identity.User, path, tag, key string, bodies ...string) map[int]int {
		statuses := make(chan int, len(bodies))
		for _, body := range bodies {
			go func() {
				statuses <- h.call(u, "POST", path, body, "Idempotency-Key", key, "If-Match", tag).status
			}()
		}
		got := map[int]int{}
		for range bodies {
			got[<-statuses]++
		}
		return got
	}
	other := strings.Replace(application, "A. Aanvrager", "B. Beter", 1)
	if got := together(citizen, "/zaken", "", uuid.NewString(), application, other, application, other); got[201] != 2 || got[409] != 2 || len(h.store.records) != 1 {
		t.Errorf("starts: %v, %d records", got, len(h.store.records))
	}
	z := h.only()
	path, tag := "/zaken/"+z.ID, h.want(200, employee, "GET", "/zaken/"+z.ID, "").header.Get("ETag")
	const more = `{"uitkomst":"aanvullen"}`
	if got := together(employee, path+"/beoordelen", tag, uuid.NewString(), more, more, more, more); got[200] != 4 {
		t.Errorf("decisions: %v", got)
	}
	tag = h.want(200, citizen, "GET", path, "").header.Get("ETag")
	const form = `{"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`
	if got := together(citizen, path+"/aanvullen", tag, uuid.NewString(), form, form, form, form); got[200] != 4 {
		t.Errorf("forms: %v", got)
	}
	if n := len(h.process.turns.waiting); n != 0 {
		t.Errorf("%d keys are still remembered", n)
	}
}

// TestWhatBrokeOffMayBeCorrected: a start of which nothing came but a record does
// not stand in the way of the corrected form.
func TestWhatBrokeOffMayBeCorrected(t *testing.T) {
	h := newHarness(t, "aanvraag")
	key := uuid.NewString()
	a := attempt{user: citizen, key: key}
	if err := json.Unmarshal([]byte(application), &a.fields); err != nil {
		t.Fatal(err)
	}
	a.sign()
	// A version of before stored the record in a call of its own.
	if _, err := h.store.createSubject(a.fields, a.derive("onderwerp")); err != nil {
		t.Fatal(err)
	}
	better := strings.Replace(application, "A. Aanvrager", "B. Beter", 1)
	z := h.want(201, citizen, "POST", "/zaken", better, "Idempotency-Key", key)
	if !strings.Contains(string(z.Data), "B. Beter") {
		t.Errorf("the zaak is about %s", z.Data)
	}
	h.want(201, citizen, "POST", "/zaken", better, "Idempotency-Key", key)
	h.reused(citizen, z.ID, "/zaken", application, "Idempotency-Key", key)
	h.only()
}

// TestIfMatchOfAStep: any version, one of more, and a weak tag (RFC 9110, section
// 13.1.1), on an address with capitals (RFC 9562, section 4).
func TestIfMatchOfAStep(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path, tag := "/zaken/"+strings.ToUpper(z.ID), z.header.Get("ETag")
	h.want(412, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", "W/"+tag)
	h.want(412, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", `"8.1", "9.1"`)
	h.want(400, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", strings.Trim(tag, `"`))
	h.want(428, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`)
	h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen"}`, "If-Match", `"9.1", `+tag)
	z = h.want(200, citizen, "POST", path+"/aanvullen", `{"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`, "If-Match", "*")
	key := uuid.NewString()
	h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", "*", "Idempotency-Key", key)
	n := len(h.store.statuses[z.ID])
	h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", "*", "Idempotency-Key", key)
	if again := len(h.store.statuses[z.ID]); again != n {
		t.Errorf("the same attempt twice on any version: %d statussen, want %d", again, n)
	}
}
