package proces

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

func (s *store) Inzage(_ context.Context, search inzage.Search) (inzage.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(search)
	r := inzage.Report{Kind: search.Kind, Number: search.Number, Records: []inzage.Record{}, Kept: []inzage.Kept{}}
	for _, z := range s.zaken {
		one := inzage.Zaak{ID: z.ID, Relation: inzage.Applicant, Step: z.CurrentStep}
		for _, status := range s.statuses[z.ID] {
			one.Statuses = append(one.Statuses, inzage.Status{Step: status.Statustype, Outcome: status.Outcome})
		}
		r.Zaken = append(r.Zaken, one)
	}
	r.Actions = []inzage.Action{{Role: "behandelaar", ActivityURI: inzage.Activity.URI, Details: []inzage.Detail{{Bron: "Adressen", Fields: []string{"postcode"}}, {Fields: []string{"postcode"}}}}, {Role: "van vroeger", ActivityURI: "urn:x:onbekend"}}
	return r, nil
}

func (s *store) Corrections(_ context.Context, zaak string) ([]inzage.Correction, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.corrected[zaak], nil
}

func (s *store) Correct(ctx context.Context, zaak, version string, n outway.NewCorrection) error {
	if _, err := s.UpdateSubject(ctx, s.zaken[zaak].Subject, version, n.Data); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := inzage.Correction{Time: time.Now(), Reason: n.Reason, By: n.SetBy, Role: n.Role}
	for name := range n.Data {
		c.Fields = append(c.Fields, name)
	}
	s.corrected[zaak] = append(s.corrected[zaak], c)
	return nil
}

const searching = `{"soort":"BSN","nummer":"999993653","doel":"inzage"}`

func TestOnlyTheRightSearchesAPerson(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.want(201, citizen, "POST", "/zaken", application)
	for u, want := range map[identity.User]int{nobody: 401, citizen: 403, {ID: "p-anders", Role: "onbekend"}: 403} {
		if a := h.want(want, u, "POST", "/inzage", searching); strings.Contains(a.body, "999993653") {
			t.Errorf("a refusal repeats the number: %s", a.body)
		}
	}
	h.want(400, employee, "POST", "/inzage", `{"soort":"BSN","nummer":"123456789","doel":"inzage"}`)
	h.want(400, employee, "POST", "/inzage", `{"soort":"BSN","nummer":"999993653"}`)
	for _, sent := range h.store.sent {
		if strings.Contains(sent, "999993653") {
			t.Error("layer 2 is asked for somebody without the right")
		}
	}
	h.process.Sources = []outway.Bron{{Title: "Adressen", Fields: []outway.Field{{Name: "postcode", Title: "Postcode van het huis"}}}}
	a := h.want(200, employee, "POST", "/inzage", searching)
	for _, want := range []string{`"velden":["postcode"],"titels":["Postcode van het huis"]`, `"stap":"Beoordelen"`, `"uitkomst":"Gevonden"`, `"rol":"Behandelaar"`, `"rol":"van vroeger"`, inzage.Activity.Grondslag} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s in %s", want, a.body)
		}
	}
	l := h.recorder.named(t, "Inzage: Verzoek om inzage (AVG artikel 15)")
	if l.ActivityURI != inzage.Activity.URI || l.User != employee.ID || l.Role != employee.Role || l.Status != logboek.Ok {
		t.Errorf("logged as %+v", l)
	}
	for _, l := range h.recorder.all() {
		if strings.Contains(strings.Join([]string{l.Name, l.DataSubject, l.UserName}, " "), "999993653") {
			t.Errorf("the number is in the log: %+v", l)
		}
	}
}

// TestTheLogSaysWhichEmployee and of nobody else more than the role: a citizen
// is in the log as the person whom it is about.
func TestTheLogSaysWhichEmployee(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application, identity.HeaderName, "Jip%20Inwoner")
	if l := h.recorder.named(t, "Zaak starten"); l.User != "" || l.UserName != "" || l.Role != citizen.Role {
		t.Errorf("of a citizen: %+v", l)
	}
	h.want(200, employee, "GET", "/zaken/"+z.ID, "", identity.HeaderName, "Kim%20van%20Oefendijk")
	if l := h.recorder.named(t, "Zaak bekijken"); l.User != employee.ID || l.UserName != "Kim van Oefendijk" {
		t.Errorf("of an employee: %+v", l)
	}
	h.want(200, employee, "GET", "/zaken", "", identity.HeaderName, "Kim%20van%20Oefendijk")
	if l := h.recorder.named(t, "Zaak in een lijst getoond"); l.User != employee.ID || l.UserName != "Kim van Oefendijk" {
		t.Errorf("in a list: %+v", l)
	}
	if a := h.want(200, citizen, "GET", "/zaken/"+z.ID+"/verwerkingen", ""); strings.Contains(a.body, "Oefendijk") || strings.Contains(a.body, employee.ID) {
		t.Errorf("a citizen reads who it was: %s", a.body)
	}
}

func TestACorrectionIsInTheHistory(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID + "/correcties"
	h.store.mu.Lock()
	h.store.zaken[z.ID].Resultaat, h.store.zaken[z.ID].Einddatum = "verleend", "2026-11-23"
	h.store.zaken[z.ID].Marks = []string{"beperking"}
	h.store.mu.Unlock()
	tag := h.want(200, employee, "GET", "/zaken/"+z.ID, "").header.Get("ETag")
	const good = `{"gegevens":{"naam":"B. Aanvrager","adres":{"straat":"Kade","huisnummer":3,"postcode":"1234 AB","woonplaats":"Stad"}},"reden":"verkeerd overgenomen"}`
	h.want(401, nobody, "POST", path, good, "If-Match", tag)
	h.want(403, citizen, "POST", path, good, "If-Match", tag)
	h.want(428, employee, "POST", path, good)
	h.want(412, employee, "POST", path, good, "If-Match", `"9.9"`)
	h.want(400, employee, "POST", path, `{"gegevens":{"naam":"B. Aanvrager"},"reden":" "}`, "If-Match", tag)
	if a := h.want(400, employee, "POST", path, `{"gegevens":{"naam":"A. Aanvrager"},"reden":"x"}`, "If-Match", tag); !strings.Contains(a.body, "niets veranderd") {
		t.Error(a.body)
	}
	h.want(http.StatusNoContent, employee, "POST", path, good, "If-Match", tag)
	sent := h.store.sent[len(h.store.sent)-1]
	h.want(http.StatusNoContent, employee, "POST", path, good, "If-Match", tag) // who clicks twice
	if n := len(h.store.corrected[z.ID]); n != 1 {
		t.Errorf("%d corrections", n)
	}
	if !strings.Contains(sent, "B. Aanvrager") || strings.Contains(sent, "Kade") {
		t.Errorf("sent %s: only what differs", sent)
	}
	a := h.want(200, employee, "GET", "/zaken/"+z.ID, "")
	last := a.History[len(a.History)-1]
	if last.Title != "Gegevens verbeterd: naam" || last.Explanation != "verkeerd overgenomen" || last.By != "Behandelaar" {
		t.Errorf("the history ends with %+v", last)
	}
	if l := h.recorder.named(t, "Gegevens van een zaak verbeteren"); l.Zaak != z.ID || l.ActivityURI != inzage.Activity.URI || l.User != employee.ID {
		t.Errorf("logged as %+v", l)
	}
	h.want(412, employee, "POST", path, `{"gegevens":{"naam":"C"},"reden":"x"}`, "If-Match", tag) // the record has changed
}
