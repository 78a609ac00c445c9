package proces

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// agent acts for the citizen; another agent does too, for the same citizen.
var (
	agent   = identity.User{ID: "gemachtigde-1", Role: "aanvrager", Represents: identity.Person{ID: citizen.ID}}
	another = identity.User{ID: "gemachtigde-2", Role: "aanvrager", Represents: identity.Person{ID: citizen.ID}}
	himself = identity.User{ID: agent.ID, Role: "aanvrager"}
)

// TestARepresentativeActsForAnother: the zaak is of the person represented, who
// sees all of it; of two representatives each sees what they began.
func TestARepresentativeActsForAnother(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, agent, "POST", "/zaken", application)
	if got := h.only(); got.Initiator != citizen.ID || got.Representative != agent.ID || h.store.statuses[z.ID][0].SetBy != agent.ID {
		t.Fatalf("the zaak is of %s, begun by %s, set by %s", got.Initiator, got.Representative, h.store.statuses[z.ID][0].SetBy)
	}
	path := "/zaken/" + z.ID
	for _, u := range []identity.User{citizen, agent, employee} {
		a := h.want(200, u, "GET", path, "")
		if a.Applicant != citizen.ID || a.Representative != agent.ID || a.History[0].By != "Aanvrager, gemachtigde" {
			t.Errorf("%s sees %s", u, a.body)
		}
	}
	for _, u := range []identity.User{himself, another, stranger} {
		h.want(404, u, "GET", path, "")
		h.want(404, u, "GET", path+"/verwerkingen", "")
		if a := h.want(200, u, "GET", "/zaken", ""); !strings.Contains(a.body, `"count":0`) {
			t.Errorf("%s for %s sees %s", u, u.Represents.ID, a.body)
		}
	}
	for _, u := range []identity.User{citizen, agent} {
		if a := h.want(200, u, "GET", "/zaken", ""); !strings.Contains(a.body, `"count":1`) || !strings.Contains(a.body, `"gemachtigde":"`+agent.ID) {
			t.Errorf("%s sees %s", u, a.body)
		}
	}
	tag := h.want(200, employee, "GET", path, "").header.Get("ETag")
	z = h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen"}`, "If-Match", tag)
	more := `{"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`
	h.want(404, another, "POST", path+"/aanvullen", more, "If-Match", z.header.Get("ETag"))
	if a := h.want(200, agent, "GET", "/taken?rol=aanvrager", ""); !strings.Contains(a.body, z.ID) || !strings.Contains(a.body, `"aanvrager":"`+citizen.ID) {
		t.Errorf("the tasks are %s", a.body)
	}
	z = h.want(200, citizen, "POST", path+"/aanvullen", more, "If-Match", z.header.Get("ETag"))
	for _, e := range z.History {
		if e.Step == "aanvullen" && e.By != "Aanvrager" {
			t.Errorf("what the applicant did is done by %q", e.By)
		}
	}
}

// The log says who acted and for whom; an employee never acts for anybody.
func TestTheLogSaysWhoActedForWhom(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, agent, "POST", "/zaken", application)
	if l := h.recorder.named(t, "Zaak starten"); l.DataSubject != citizen.ID || l.Representative != agent.ID {
		t.Errorf("the line is about %q, by %q", l.DataSubject, l.Representative)
	}
	acting := employee
	acting.Represents = identity.Person{ID: citizen.ID}
	h.want(200, acting, "GET", "/zaken/"+z.ID, "")
	if l := h.recorder.named(t, "Zaak bekijken"); l.DataSubject != citizen.ID || l.Representative != "" {
		t.Errorf("the line is about %q, by %q", l.DataSubject, l.Representative)
	}
	h.want(200, citizen, "GET", "/zaken/"+z.ID, "")
	for u, want := range map[identity.User][]string{citizen: {"Aanvrager, gemachtigde", "uzelf"}, agent: {"uzelf", "Aanvrager"}} {
		body := h.want(200, u, "GET", "/zaken/"+z.ID+"/verwerkingen", "").body
		for _, by := range want {
			if !strings.Contains(body, `"door":"`+by+`"`) {
				t.Errorf("%s does not read %q in %s", u, by, body)
			}
		}
	}
}

// The same key for another person is another form.
func TestAKeyIsOfOnePersonForOnePerson(t *testing.T) {
	a := attempt{user: agent, key: "k"}
	own, other := attempt{user: himself, key: "k"}, attempt{user: agent, key: "k"}
	other.user.Represents.ID = stranger.ID
	if a.derive("zaak") == own.derive("zaak") || a.derive("zaak") == other.derive("zaak") {
		t.Error("two forms have one key")
	}
}

// How a question about an unproven number ended is for medewerkers only: it says
// whether the person exists.
func TestNobodyFromOutsideHearsWhetherATypedPersonExists(t *testing.T) {
	h := newHarness(t, "aanvraag")
	for step, q := range h.process.Course.Questions {
		q.Unproven = true
		h.process.Course.Questions[step] = q
	}
	z := h.want(201, citizen, "POST", "/zaken", application)
	for u, want := range map[identity.User]bool{citizen: false, employee: true} {
		a := h.want(200, u, "GET", "/zaken/"+z.ID, "")
		if got := strings.Contains(a.body, "Gevonden"); got != want {
			t.Errorf("%s hears it: %t", u, got)
		}
	}
}

// Somebody from outside who does a step in the zaak of another hears that it is
// done, and sees nothing of the zaak after that.
func TestWhoTakesPartInTheZaakOfAnotherSeesItForOneStep(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.process.roles["behandelaar"] = identity.Role{Name: "behandelaar", Company: true}
	partner := identity.User{ID: "bedrijf-1", Role: "behandelaar"}
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID
	z = h.want(200, partner, "GET", path, "")
	if z.Data == nil {
		t.Fatalf("the partner does not see what to judge: %s", z.body)
	}
	z = h.want(200, partner, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen","toelichting":"nee"}`, "If-Match", z.header.Get("ETag"))
	if z.Step.Name != "aanvullen" || z.MaySee || z.Data != nil || len(z.History) > 0 || z.Applicant != "" {
		t.Errorf("the partner sees %s", z.body)
	}
	h.want(404, partner, "GET", path, "")
}

// A zaak that comes back to a guest comes back to that one: another with the same
// role and the address sees nothing of what the first filled in.
func TestAZaakHasOneGuestOfARole(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.process.roles["behandelaar"] = identity.Role{Name: "behandelaar", Company: true}
	first, other := identity.User{ID: "bedrijf-1", Role: "behandelaar"}, identity.User{ID: "bedrijf-2", Role: "behandelaar"}
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID
	h.want(200, other, "GET", path, "") // nobody knows yet whose it is
	h.want(200, first, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen"}`, "If-Match", h.want(200, first, "GET", path, "").header.Get("ETag"))
	tag := h.want(200, citizen, "GET", path, "").header.Get("ETag")
	h.want(200, citizen, "POST", path+"/aanvullen", `{"adres":{"straat":"Kade","huisnummer":3,"postcode":"1234 AB","woonplaats":"Stad"}}`, "If-Match", tag)
	z = h.want(200, first, "GET", path, "")
	h.want(404, other, "GET", path, "")
	h.want(404, other, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", z.header.Get("ETag"))
	h.want(404, other, "GET", path+"/verwerkingen", "")
	// Whose number stands in the record is the same person, whoever acted before.
	if _, err := h.store.UpdateSubject(t.Context(), h.only().Subject, h.store.records[h.only().Subject].Version, map[string]any{"opmerking": "68750110"}); err != nil {
		t.Fatal(err)
	}
	h.want(200, identity.User{ID: h.process.Key.PersonID(logboek.KVK, "68750110"), Role: "behandelaar"}, "GET", path, "")
	h.want(200, employee2(h), "GET", path, "")
}

// employee2 is an employee of a role that the process gets for the occasion.
func employee2(h *harness) identity.User {
	h.process.roles["balie"] = identity.Role{Name: "balie"}
	return identity.User{ID: "medewerker-2", Role: "balie"}
}
