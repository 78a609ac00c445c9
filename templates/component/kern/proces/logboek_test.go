package proces

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

const (
	given   = "4bf92f3577b34da6a3ce929d0e0e4736"
	caller  = "00f067aa0ba902b7"
	inTrace = "00-" + given + "-" + caller + "-01"
)

// operations are all requests about zaken, each with who does it, in an order
// in which all succeed.
func operations(h *harness) []struct {
	name string
	user identity.User
	do   func(headers ...string) answer
} {
	var id, tag string
	type op = struct {
		name string
		user identity.User
		do   func(headers ...string) answer
	}
	ask := func(u identity.User, method, path, body string) func(...string) answer {
		return func(headers ...string) answer {
			if tag != "" && method == "POST" {
				headers = append(headers, "If-Match", tag)
			}
			a := h.call(u, method, strings.ReplaceAll(path, "ID", id), body, headers...)
			if a.status < 300 && a.ID != "" {
				id, tag = a.ID, a.header.Get("ETag")
			}
			return a
		}
	}
	return []op{
		{"Zaak starten", citizen, ask(citizen, "POST", "/zaken", application)},
		{"Zaak bekijken", citizen, ask(citizen, "GET", "/zaken/ID", "")},
		{"Zaak bekijken", employee, ask(employee, "GET", "/zaken/ID", "")},
		{"Lijst van zaken bekijken", citizen, ask(citizen, "GET", "/zaken", "")},
		{"Lijst van zaken bekijken", employee, ask(employee, "GET", "/zaken", "")},
		{"Lijst van taken bekijken", employee, ask(employee, "GET", "/taken?rol=behandelaar", "")},
		{"Bronnen opnieuw bevragen", employee, ask(employee, "POST", "/zaken/ID/bevragingen", "{}")},
		{"Gebruik van gegevens bekijken", citizen, ask(citizen, "GET", "/zaken/ID/verwerkingen", "")},
		{"Stap afronden: Beoordelen", employee, ask(employee, "POST", "/zaken/ID/beoordelen", `{"uitkomst":"akkoord"}`)},
	}
}

func TestEveryOperationIsInTheLog(t *testing.T) {
	h := newHarness(t, "aanvraag")
	for _, op := range operations(h) {
		asked := len(h.source.asked)
		if a := op.do("Traceparent", inTrace); a.status > 299 {
			t.Fatalf("%s: %d %s", op.name, a.status, a.body)
		}
		l := h.recorder.named(t, op.name)
		if l.TraceID != given || l.ParentID != caller || l.Kind != logboek.Action || l.Status != logboek.Ok || l.End.Before(l.Begin) {
			t.Errorf("%s: the line is %+v", op.name, l)
		}
		if l.Role != op.user.Role || l.ActivityURI == "" || l.Activity != "Zaken behandelen" {
			t.Errorf("%s: the line does not say who and why: %+v", op.name, l)
		}
		list := strings.HasPrefix(op.name, "Lijst")
		if (l.Zaak == h.only().ID) == list {
			t.Errorf("%s is logged about zaak %q", op.name, l.Zaak)
		}
		if whose := op.user == citizen || !list; whose != (l.DataSubject == citizen.ID && l.DataSubjectKind == logboek.User) {
			t.Errorf("%s is logged about %q (%s)", op.name, l.DataSubject, l.DataSubjectKind)
		}
		for _, trace := range h.source.trace[asked:] {
			if trace != (logboek.Trace{TraceID: given, SpanID: l.SpanID}) {
				t.Errorf("%s: the source is asked in %v, not as part of it", op.name, trace)
			}
		}
	}
	if len(h.source.asked) != 2 {
		t.Errorf("the sources were asked %d times", len(h.source.asked))
	}
	// What the lists showed the employee stands with the zaak itself.
	shown := h.recorder.named(t, "Zaak in een lijst getoond")
	if shown.Zaak != h.only().ID || shown.DataSubject != citizen.ID || shown.ParentID != h.recorder.named(t, "Lijst van taken bekijken").SpanID {
		t.Errorf("the line of the list is %+v", shown)
	}
	for _, l := range h.recorder.all() {
		if raw := l.Name + l.DataSubject + l.Zaak; strings.Contains(raw, "1234 AB") || strings.Contains(raw, "Aanvrager,") {
			t.Errorf("data is in the log: %+v", l)
		}
	}
}

// TestNothingHappensThatIsNotInTheLog: not a call to layer 2, not a question.
func TestNothingHappensThatIsNotInTheLog(t *testing.T) {
	h := newHarness(t, "aanvraag")
	for _, op := range operations(h) {
		calls, asked, sent := h.store.calls, len(h.source.asked), len(h.store.sent)
		h.recorder.set(errLogboek, nil)
		if a := op.do(); a.status != 503 || a.header.Get("Retry-After") == "" || !strings.Contains(a.problem.Detail, "logboek") {
			t.Errorf("%s without a log: %d %s", op.name, a.status, a.body)
		}
		if h.store.calls != calls || len(h.source.asked) != asked || len(h.store.sent) != sent {
			t.Errorf("%s was done without a log", op.name)
		}
		h.recorder.set(nil, nil)
		if a := op.do(); a.status > 299 {
			t.Fatalf("%s: %d %s", op.name, a.status, a.body)
		}
	}
}

// TestWhenTheEndCannotBeWritten: who reads gets nothing, a step of which the end is
// part is not done, who began something hears the truth, and the end is written as
// soon as that is possible.
func TestWhenTheEndCannotBeWritten(t *testing.T) {
	h := newHarness(t, "aanvraag")
	for _, op := range operations(h) {
		h.recorder.set(nil, errLogboek)
		a, want := op.do(), logboek.Error
		switch {
		case op.name == "Zaak starten": // and then a source was asked
			if a.status != 201 || !strings.Contains(a.body, "historie") {
				t.Errorf("%s is done, but the answer is %d %s", op.name, a.status, a.body)
			}
			want = logboek.Ok
		case a.status != 503 || strings.Contains(a.body, "ZAAK-1") || strings.Contains(a.body, secret) || a.header.Get("ETag") != "":
			t.Errorf("%s: %d %s", op.name, a.status, a.body)
		}
		if l := h.recorder.named(t, op.name); !l.End.IsZero() {
			t.Errorf("%s has an end: %+v", op.name, l)
		}
		h.process.finish(t.Context())
		h.recorder.set(nil, nil)
		h.process.finish(t.Context())
		if l := h.recorder.named(t, op.name); l.End.IsZero() || l.Status != want {
			t.Errorf("%s did not end as %s: %+v", op.name, want, l)
		}
		switch at := h.only().CurrentStep; {
		case op.name == "Zaak starten":
			if at != "opzoeken" {
				t.Errorf("the zaak passed a source of which the answer is not in the log: it is at %s", at)
			}
			h.resume(1)
			h.want(200, employee, "GET", "/zaken/"+h.only().ID, "")
		case strings.HasPrefix(op.name, "Stap"):
			if at != "beoordelen" {
				t.Errorf("a step was done without a log: the zaak is at %s", at)
			}
			if a := op.do(); a.status != 200 {
				t.Errorf("with a log: %d %s", a.status, a.body)
			}
		case op.name != "Bronnen opnieuw bevragen":
			op.do()
		}
	}
	if len(h.process.unfinished) > 0 {
		t.Errorf("ends are left: %+v", h.process.unfinished)
	}
}

func TestHowAnOperationEndedIsInTheLog(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID
	for _, c := range []struct {
		name   string
		do     func()
		status logboek.Status
		fault  string
	}{
		{"somebody else's zaak", func() { h.want(404, stranger, "GET", path, "") }, logboek.Unset, ""},
		{"no zaak", func() { h.want(404, employee, "GET", "/zaken/"+uuid.NewString(), "") }, logboek.Unset, ""},
		{"no version", func() { h.want(428, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`) }, logboek.Unset, ""},
		{"the wrong role", func() { h.want(403, employee, "POST", "/zaken", application) }, logboek.Unset, ""},
		{"a source that is down", func() {
			h.source.set(true, errDown)
			h.want(503, employee, "POST", path+"/bevragingen", "{}")
		}, logboek.Error, "http-503"},
		{"layer 2 that is down", func() {
			h.store.failAt = 1
			h.want(503, employee, "GET", path, "")
			h.store.failAt = 0
		}, logboek.Error, "http-503"},
		{"who gives up", func() {
			ctx, cancel := context.WithCancel(t.Context())
			_ = h.process.withLogboek(ctx, h.process.newAction("Opgegeven", nil), reads, func(ctx context.Context) error {
				cancel()
				return ctx.Err()
			})
		}, logboek.Ok, ""},
	} {
		c.do()
		all := h.recorder.all()
		if l := all[len(all)-1]; l.Status != c.status || l.Fault != c.fault || l.End.IsZero() {
			t.Errorf("%s ends as %q %q: %+v", c.name, l.Status, l.Fault, l)
		}
	}
}

func TestWhatGoesOnByItselfIsInTheLog(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.set(true, errDown)
	z := h.want(201, citizen, "POST", "/zaken", application)
	asked := len(h.source.asked)
	h.recorder.set(errLogboek, nil)
	h.source.set(true, nil)
	h.resume(1)
	if len(h.source.asked) != asked || h.only().CurrentStep != "opzoeken" {
		t.Error("a zaak goes on without a log")
	}
	h.recorder.set(nil, nil)
	h.resume(1)
	l := h.recorder.named(t, "Zaak automatisch verder brengen")
	if l.Role != "" || l.Zaak != z.ID || l.DataSubject != citizen.ID || l.Status != logboek.Ok || l.ParentID != "" {
		t.Errorf("the line is %+v", l)
	}
	if got := h.source.trace[len(h.source.trace)-1]; got.SpanID != l.SpanID || got.TraceID != l.TraceID {
		t.Errorf("the source is asked in %v", got)
	}
	h.source.set(true, errDown)
	h.want(201, stranger, "POST", "/zaken", application)
	h.resume(1)
	if l := h.recorder.named(t, "Zaak automatisch verder brengen"); l.Status != logboek.Error {
		t.Errorf("a zaak that still waits is logged as %+v", l)
	}
}

// TestALostRaceIsNoFailureInTheLog: of two who move the same zaak one is
// refused, and nothing went wrong.
func TestALostRaceIsNoFailureInTheLog(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.set(true, errDown)
	h.want(201, citizen, "POST", "/zaken", application)
	h.source.set(true, nil)
	h.source.while = func() {
		z := h.only()
		if _, err := h.store.SetStatus(t.Context(), z.ID, z.Version, outway.NewStatus{Statustype: "beoordelen"}, outway.Key{}); err != nil {
			t.Error(err)
		}
	}
	h.resume(1)
	if l := h.recorder.named(t, "Zaak automatisch verder brengen"); l.Status != logboek.Unset || l.Fault != "" || l.End.IsZero() {
		t.Errorf("who came too late is logged as %+v", l)
	}
}

func TestTheLogOfAZaakIsThereToRead(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	h.process.Sources = []outway.Bron{{Title: "Adressen", Fields: []outway.Field{{Name: "huisnummer", Title: "Nummer"}}},
		{Title: "Adressen", Fields: []outway.Field{{Name: "postcode", Title: "Postcode van het huis"}}, Warnings: []outway.Warning{{Field: "inonderzoek", Title: "In onderzoek"}}}}
	path := "/zaken/" + z.ID + "/verwerkingen"
	began := h.recorder.named(t, "Zaak starten")
	moment := time.Now()
	for _, l := range []logboek.Verwerking{
		{SpanID: "1111111111111111", ParentID: began.SpanID, Name: "Adres zoeken", Kind: logboek.Question, Status: logboek.Ok, End: moment,
			Bron: "Adressen", Fields: []string{"postcode", "inonderzoek", "vervallen"}, Transaction: "0198f7a0-0000-7000-8000-000000000001", DataSubject: "pseudoniem-van-bsn", DataSubjectKind: "BSN"},
		{SpanID: "2222222222222222", ParentID: "1111111111111111", Name: "Niets", Kind: logboek.Question, Status: logboek.Unset, End: moment},
		{SpanID: "3333333333333333", ParentID: began.SpanID, Name: "Stuk", Kind: logboek.Register, Status: logboek.Error, End: moment},
		{SpanID: "4444444444444444", ParentID: "5555555555555555", Name: "Los", Kind: logboek.Register, Status: logboek.Unset},
	} {
		l.TraceID, l.Zaak, l.Begin, l.Activity, l.ActivityURI = began.TraceID, z.ID, moment, began.Activity, began.ActivityURI
		if err := h.recorder.Begin(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	a := h.want(200, citizen, "GET", path, "")
	for _, want := range []string{`"door":"uzelf"`, `"bron":"Adressen"`, `"velden":["postcode","inonderzoek","vervallen"],"titels":["Postcode van het huis","In onderzoek",""]`, `"doel":"Bijhouden"`, `"grondslag":"publieke taak"`, `"toelichting":"Een wet"`,
		`"transactie":"0198f7a0-0000-7000-8000-000000000001"`, `"resultaat":"gevonden"`, `"resultaat":"niet-gevonden"`, `"resultaat":"mislukt"`, `"resultaat":"gelukt"`, `"resultaat":"bezig"`,
		`"id":"2222222222222222","handeling":"` + began.SpanID + `"`, `"id":"4444444444444444","handeling":"4444444444444444"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s is not in %s", want, a.body)
		}
	}
	e := h.want(200, employee, "GET", path+"?page=2&pageSize=2", "")
	if strings.Contains(e.body, "uzelf") || strings.Contains(e.body, "Adres zoeken") || !strings.Contains(e.body, "Stuk") || !strings.Contains(e.header.Get("Link"), `rel="prev"`) {
		t.Errorf("the second page is %s", e.body)
	}
	e = h.want(200, employee, "GET", path, "")
	if !strings.Contains(e.body, `"door":"Aanvrager"`) || !strings.Contains(e.body, `"door":"Behandelaar"`) {
		t.Errorf("the employee does not see who did what: %s", e.body)
	}
	for _, body := range []string{a.body, e.body} {
		if strings.Contains(body, citizen.ID) || strings.Contains(body, employee.ID) || strings.Contains(body, "pseudoniem") {
			t.Errorf("a pseudonym is in %s", body)
		}
	}
	h.want(404, stranger, "GET", path, "")
	h.want(401, nobody, "GET", path, "")
	h.store.records = nil // the record itself is not read for this
	h.want(200, citizen, "GET", path, "")

	other := newHarness(t, "melding")
	z = other.want(201, nobody, "POST", "/zaken", `{"tekst":"Losse tegel"}`)
	other.want(401, nobody, "GET", "/zaken/"+z.ID+"/verwerkingen", "") // may follow it, and no more
	if l := other.recorder.named(t, "Zaak starten"); l.DataSubject != "" || l.DataSubjectKind != "" || l.Zaak != z.ID {
		t.Errorf("whoever is not known is logged as %+v", l)
	}
}

// TestAnEmployeeIsNoDataSubject: of a zaak that employees begin, no user id says
// whom it is about.
func TestAnEmployeeIsNoDataSubject(t *testing.T) {
	h := newHarness(t, "vraag")
	h.want(201, searcher, "POST", "/zaken", `{"postcode":"1234 AB","dag":"2026-11-23"}`)
	if l := h.recorder.named(t, "Zaak starten"); l.DataSubject != "" || l.Zaak == "" {
		t.Errorf("the line is %+v", l)
	}
}
