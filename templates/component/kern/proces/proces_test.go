package proces

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

func TestAZaakRunsFromFormToEnd(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	if z.Step.Name != "beoordelen" || z.header.Get("Location") != "/v1/zaken/"+z.ID || z.Step.DueDate == "" {
		t.Fatalf("the zaak is %s", z.body)
	}
	path := "/zaken/" + z.ID
	z = h.want(200, employee, "GET", path, "")
	z = h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen","toelichting":"Welk huis?"}`, "If-Match", z.header.Get("ETag"))
	h.source.set(false, nil)
	z = h.want(200, citizen, "POST", path+"/aanvullen", `{"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`, "If-Match", z.header.Get("ETag"))
	z = h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", z.header.Get("ETag"))
	z = h.want(200, employee, "POST", path+"/uitvoeren", `{}`, "If-Match", z.header.Get("ETag"))
	if z.Resultaat != "toegekend" || z.Einddatum == "" {
		t.Errorf("the zaak ended as %s", z.body)
	}
	var way []string
	for _, e := range z.History {
		way = append(way, strings.Trim(e.Step+":"+e.Outcome, ":"))
	}
	want := "aanvragen opzoeken:Gevonden beoordelen:Aanvullen aanvullen opzoeken:Niet gevonden beoordelen:Akkoord uitvoeren toegekend"
	if got := strings.Join(way, " "); got != want {
		t.Errorf("the history is\n%s, want\n%s", got, want)
	}
	if !slices.Equal(h.source.asked, []string{"1234 AB3", "1234 AB4"}) {
		t.Errorf("the source was asked %q", h.source.asked)
	}
	h.want(409, employee, "POST", path+"/uitvoeren", `{}`, "If-Match", z.header.Get("ETag"))
}

func TestWhoMaySeeAndDoWhat(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.want(401, nobody, "POST", "/zaken", application)
	h.want(403, employee, "POST", "/zaken", application)
	h.want(403, identity.User{ID: "iemand", Role: "koning"}, "GET", "/zaken", "")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path, tag := "/zaken/"+z.ID, z.header.Get("ETag")
	h.want(200, citizen, "GET", path, "")
	h.want(404, stranger, "GET", path, "")
	h.want(401, nobody, "GET", path, "")
	h.want(404, employee, "GET", "/zaken/"+uuid.NewString(), "")
	h.want(403, citizen, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", tag)
	h.want(404, stranger, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", tag)
	h.want(401, nobody, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", tag)
	h.want(428, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`)
	h.want(412, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", `"9.9"`)
	h.want(409, employee, "POST", path+"/uitvoeren", `{}`, "If-Match", tag)
	h.want(400, employee, "POST", path+"/beoordelen", `{"uitkomst":"misschien"}`, "If-Match", tag)
	h.want(403, citizen, "POST", path+"/bevragingen", `{}`)
	if a := h.want(200, stranger, "GET", "/zaken", ""); !strings.Contains(a.body, `"count":0`) {
		t.Errorf("a stranger sees %s", a.body)
	}
	if a := h.want(200, citizen, "GET", "/zaken", ""); !strings.Contains(a.body, `"count":1`) {
		t.Errorf("the citizen sees %s", a.body)
	}
	h.want(403, citizen, "GET", "/taken?rol=behandelaar", "")
	if a := h.want(200, employee, "GET", "/taken?rol=behandelaar", ""); !strings.Contains(a.body, z.ID) || !strings.Contains(a.body, "uiterlijkeDatum") {
		t.Errorf("the tasks are %s", a.body)
	}
}

func TestWithoutLoggingIn(t *testing.T) {
	h := newHarness(t, "melding")
	z := h.want(201, nobody, "POST", "/zaken", `{"tekst":"Losse tegel"}`)
	if z.Resultaat != "ontvangen" || z.Data != nil {
		t.Errorf("the zaak is %s", z.body)
	}
	if z = h.want(200, nobody, "GET", "/zaken/"+z.ID, ""); strings.Contains(z.body, "tegel") {
		t.Errorf("whoever follows a zaak sees what it is about: %s", z.body)
	}
	visitor := identity.User{ID: "sessie-1", Role: "melder"}
	z = h.want(201, visitor, "POST", "/zaken", `{"tekst":"Kapotte lamp"}`)
	if !strings.Contains(string(z.Data), "lamp") {
		t.Errorf("whoever started the zaak does not see it: %s", z.body)
	}
	h.want(401, nobody, "GET", "/zaken", "")
}

func TestOneOfTwoPeopleWins(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path, tag := "/zaken/"+z.ID, z.header.Get("ETag")
	race := func(u identity.User, step, body, tag string) (won int) {
		var wg sync.WaitGroup
		codes := make(chan int, 8)
		for i := range cap(codes) {
			wg.Go(func() {
				codes <- h.call(u, "POST", path+step, fmt.Sprintf(body, i), "If-Match", tag).status
			})
		}
		wg.Wait()
		close(codes)
		for code := range codes {
			switch code {
			case http.StatusOK:
				won++
			case http.StatusConflict, http.StatusPreconditionFailed:
			default:
				t.Errorf("somebody who lost got %d", code)
			}
		}
		return won
	}
	if won := race(employee, "/beoordelen", `{"uitkomst":"aanvullen","toelichting":"%d"}`, tag); won != 1 {
		t.Fatalf("%d people completed the same task", won)
	}
	tag = h.want(200, citizen, "GET", path, "").header.Get("ETag")
	if won := race(citizen, "/aanvullen", `{"adres":{"straat":"Kade","huisnummer":1%d,"postcode":"1234 AB","woonplaats":"Stad"}}`, tag); won != 1 {
		t.Fatalf("%d people completed the same form", won)
	}
}

// Somebody who fills in a form must have seen the latest of what it changes.
func TestAFormOverChangedDataIsRefused(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID
	z = h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen"}`, "If-Match", z.header.Get("ETag"))
	old := z.header.Get("ETag")
	if _, err := h.store.UpdateSubject(t.Context(), h.only().Subject, `"1"`, map[string]any{"opmerking": "van een ander"}); err != nil {
		t.Fatal(err)
	}
	form := `{"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`
	h.want(412, citizen, "POST", path+"/aanvullen", form, "If-Match", old)
	z = h.want(200, citizen, "GET", path, "")
	h.want(200, citizen, "POST", path+"/aanvullen", form, "If-Match", z.header.Get("ETag"))
	if z = h.want(200, citizen, "GET", path, ""); strings.Contains(z.body, "van een ander") {
		t.Error("a field that was left empty is not cleared")
	}
}

func TestARepeatedRequestHasOneEffect(t *testing.T) {
	h := newHarness(t, "aanvraag")
	key := uuid.NewString()
	first := h.want(201, citizen, "POST", "/zaken", application, "Idempotency-Key", key)
	again := h.want(201, citizen, "POST", "/zaken", application, "Idempotency-Key", key)
	if first.ID != again.ID || len(h.store.zaken) != 1 || len(h.store.records) != 1 {
		t.Errorf("the same key made %d zaken and %d records", len(h.store.zaken), len(h.store.records))
	}
	other := h.want(201, stranger, "POST", "/zaken", application, "Idempotency-Key", key)
	if other.ID == first.ID {
		t.Error("somebody else's key gives their zaak")
	}
	path, tag := "/zaken/"+first.ID+"/beoordelen", first.header.Get("ETag")
	h.want(200, employee, "POST", path, `{"uitkomst":"akkoord"}`, "If-Match", tag, "Idempotency-Key", key)
	h.want(200, employee, "POST", path, `{"uitkomst":"akkoord"}`, "If-Match", tag, "Idempotency-Key", key)
	if n := len(h.store.statuses[first.ID]); n != 3 {
		t.Errorf("there are %d statussen, want 3", n)
	}
	h.want(409, employee, "POST", path, `{"uitkomst":"akkoord"}`, "If-Match", tag, "Idempotency-Key", uuid.NewString())
}

func TestASourceThatIsDown(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.set(true, errDown)
	z := h.want(201, citizen, "POST", "/zaken", application)
	if z.Step.Name != "opzoeken" {
		t.Fatalf("the zaak is at %s", z.Step.Name)
	}
	h.resume(1)
	if at := h.only().CurrentStep; at != "opzoeken" {
		t.Fatalf("the zaak went on to %s", at)
	}
	h.source.set(true, nil)
	h.restart()
	h.resume(1)
	if at := h.only().CurrentStep; at != "beoordelen" {
		t.Fatalf("the zaak is still at %s", at)
	}
	h.source.set(true, errDown)
	if a := h.want(503, employee, "POST", "/zaken/"+z.ID+"/bevragingen", `{}`); a.header.Get("Retry-After") == "" {
		t.Error("Retry-After is missing")
	}
}

func TestASourceThatIsDownAndInputThatIsNotStored(t *testing.T) {
	h := newHarness(t, "vraag")
	h.source.set(true, errDown)
	body := `{"postcode":"1234 AB","dag":"2026-11-23"}`
	if a := h.want(503, searcher, "POST", "/zaken", body); a.header.Get("Retry-After") == "" {
		t.Error("Retry-After is missing")
	}
	if len(h.store.sent) > 0 {
		t.Errorf("something was saved: %q", h.store.sent)
	}
	h.source.set(true, nil)
	z := h.want(201, searcher, "POST", "/zaken", body)
	if z.Step.Name != "beoordelen" || len(z.Answers) != 2 || !strings.Contains(z.body, secret) {
		t.Errorf("the zaak is %s", z.body)
	}
	if got := h.source.asked[len(h.source.asked)-1]; got != "0363 2026-11-23" {
		t.Errorf("the second source was asked %q", got)
	}
	if len(z.History) != 3 || z.History[1].Step != "adres-zoeken" || z.History[2].Step != "bewoners-zoeken" {
		t.Errorf("the history is %+v", z.History)
	}
	path := "/zaken/" + z.ID
	a := h.want(400, searcher, "POST", path+"/bevragingen", `{}`)
	if e := a.problem.Errors; len(e) != 3 || e[2].Code != "optional" || e[2].Location.Pointer != "/letter" {
		t.Errorf("the faults are %+v", a.problem.Errors)
	}
	if a = h.want(200, searcher, "POST", path+"/bevragingen", body); len(a.Answers) != 2 {
		t.Errorf("the answers are %s", a.body)
	}
	h.theSecondSourceFails(searcher, path, body)
	z = h.want(200, searcher, "POST", path+"/beoordelen", `{"uitkomst":"opnieuw"}`, "If-Match", z.header.Get("ETag"))
	h.source.set(false, nil)
	z = h.want(200, searcher, "POST", path+"/vraag", body, "If-Match", z.header.Get("ETag"))
	if e := z.History[len(z.History)-1]; z.Step.Name != "beoordelen" || e.Step != "adres-zoeken" || e.Outcome != "Niet gevonden" {
		t.Errorf("the zaak is %s", z.body)
	}
	// Only what this zaak passed since then is asked again, and only what it needs.
	if a = h.want(400, searcher, "POST", path+"/bevragingen", `{}`); strings.Contains(a.body, "/dag") || !strings.Contains(a.body, "/postcode") {
		t.Errorf("the faults are %+v", a.problem.Errors)
	}
	if a = h.want(200, searcher, "POST", path+"/bevragingen", `{"postcode":"1028 BC"}`); len(a.Answers) != 1 {
		t.Errorf("the answers are %s", a.body)
	}
}

// What a source said reaches whom it is for, and never layer 2.
func TestSourceDataIsNeverStored(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	if strings.Contains(z.body, secret) {
		t.Error("the citizen sees what was found for the employee")
	}
	path := "/zaken/" + z.ID
	if a := h.want(200, employee, "POST", path+"/bevragingen", `{}`); !strings.Contains(a.body, secret) {
		t.Error("the employee does not see what was found")
	}
	if a := h.want(200, employee, "GET", path, ""); strings.Contains(a.body, secret) {
		t.Error("what was found was kept")
	}
	h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"afwijzen"}`, "If-Match", z.header.Get("ETag"))
	other := newHarness(t, "vraag")
	other.want(201, searcher, "POST", "/zaken", `{"postcode":"1234 AB","dag":"2026-11-23"}`)
	for _, sent := range slices.Concat(h.store.sent, other.store.sent) {
		if strings.Contains(sent, secret) || strings.Contains(sent, "0363") {
			t.Errorf("layer 2 got %s", sent)
		}
	}
	for _, sent := range other.store.sent {
		if strings.Contains(sent, "1234") || strings.Contains(sent, "2026-11-23") {
			t.Errorf("layer 2 got input that is not stored: %s", sent)
		}
	}
}

// The component stops at any call to layer 2, before or after that call has
// done its work. Started again, with the citizen repeating what got no answer,
// every zaak comes to its end, once.
func TestAZaakSurvivesACrashAtAnyPoint(t *testing.T) {
	for _, name := range []string{"aanvraag", "vraag", "melding"} {
		h := newHarness(t, name)
		for _, after := range []bool{false, true} {
			survived := 0
			for n := 1; survived < 3; n++ {
				h.empty()
				h.store.failAt, h.store.after = n, after
				start := uuid.NewString()
				a := attemptStart(h, start)
				crashed := h.store.calls >= n
				h.store.failAt = 0
				h.restart()
				h.resume(1)
				if a.status != http.StatusCreated {
					if a = attemptStart(h, start); a.status != http.StatusCreated {
						t.Fatalf("%s, crash at %d: starting again gives %d %s", name, n, a.status, a.body)
					}
				}
				finish(t, h, n, after)
				if !crashed {
					survived++
				}
			}
		}
	}
}

func attemptStart(h *harness, key string) answer {
	u, body := citizen, application
	switch h.name {
	case "vraag":
		u, body = searcher, `{"postcode":"1234 AB","dag":"2026-11-23"}`
	case "melding":
		u, body = nobody, `{"tekst":"Losse tegel"}`
	}
	return h.call(u, "POST", "/zaken", body, "Idempotency-Key", key)
}

// finish completes a zaak with a crash of its own at the decision.
func finish(t *testing.T, h *harness, n int, after bool) {
	t.Helper()
	z := h.only()
	if h.name != "melding" {
		u, outcome := employee, "afwijzen"
		if h.name == "vraag" {
			u, outcome = searcher, "afgerond"
		}
		path, key := "/zaken/"+z.ID, uuid.NewString()
		tag := h.want(200, u, "GET", path, "").header.Get("ETag")
		h.store.calls, h.store.failAt, h.store.after = 0, n, after
		a := h.call(u, "POST", path+"/beoordelen", `{"uitkomst":"`+outcome+`"}`, "If-Match", tag, "Idempotency-Key", key)
		h.store.failAt = 0
		h.restart()
		if a.status != http.StatusOK {
			h.want(200, u, "POST", path+"/beoordelen", `{"uitkomst":"`+outcome+`"}`, "If-Match", tag, "Idempotency-Key", key)
		}
	}
	if z = h.only(); z.Open() {
		t.Errorf("%s, crash at call %d (after: %v): the zaak is left at %s", h.name, n, after, z.CurrentStep)
	}
	if len(h.store.records) > 1 {
		t.Errorf("%s, crash at call %d: %d records", h.name, n, len(h.store.records))
	}
}

// When nobody repeats the request, what was saved still comes to its end or to
// a person.
func TestAZaakGoesOnByItself(t *testing.T) {
	for _, name := range []string{"aanvraag", "melding"} {
		h := newHarness(t, name)
		for n := 1; n < 12; n++ {
			h.empty()
			h.store.failAt = n
			attemptStart(h, uuid.NewString())
			h.store.failAt = 0
			h.restart()
			h.resume(1)
			for _, z := range h.store.zaken {
				if at := h.process.model.Step(z.CurrentStep); z.Open() && at.Step != "beoordelen" {
					t.Errorf("%s, crash at call %d: the zaak is left at %s", name, n, at.Step)
				}
			}
		}
	}
}

func TestResumeBacksOff(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.set(true, errDown)
	h.want(201, citizen, "POST", "/zaken", application)
	before := len(h.source.asked)
	h.resume(50)
	if n := len(h.source.asked) - before; n != 1 {
		t.Errorf("a source that is down was asked %d times at once", n)
	}
}

func TestTheModelAndTheCodeBelongTogether(t *testing.T) {
	h := newHarness(t, "aanvraag")
	good := h.process.Options
	for name, change := range map[string]func(*Options){
		"a role":   func(o *Options) { o.Course.Roles = o.Course.Roles[:1] },
		"a lookup": func(o *Options) { o.Course.Questions = nil },
		"a circle": func(o *Options) {
			o.Course.Questions = map[string]Question{"opzoeken": {Answers: []string{"opzoeken"}, Ask: o.Course.Questions["opzoeken"].Ask}}
		},
		"an operation": func(o *Options) { o.Spec = []byte(strings.ReplaceAll(string(o.Spec), "/beoordelen:", "/iets-anders:")) },
		"the log":      func(o *Options) { o.Logboek = nil },
		"the model":    func(o *Options) { o.BPMN = []byte("<x/>") },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s that is not right goes unnoticed", name)
		}
	}
}

func TestTheProcessIsThereToRead(t *testing.T) {
	h := newHarness(t, "aanvraag")
	a := h.want(200, nobody, "GET", "/proces", "")
	for _, want := range []string{`"naam":"aanvraag-behandelen"`, `"termijn":"P5D"`, `"publiek":"inwoner"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s is not in %s", want, a.body)
		}
	}
	if a = h.want(200, nobody, "GET", "/proces/bpmn", ""); a.header.Get("Content-Type") != "application/xml" {
		t.Errorf("the model comes as %s", a.header.Get("Content-Type"))
	}
}
