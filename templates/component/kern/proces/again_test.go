package proces

import (
	"errors"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// All that a source says besides data reaches whoever goes on with it.
func TestWhatASourceSaysBesidesItsData(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.says = outway.Answer{Fields: []outway.Field{{Name: "naam.voornamen", Title: "Voornamen"}}, Warnings: []outway.Warning{{Field: "geheim", Title: "Geheimhouding"}}, List: "personen", Count: 7,
		Data:  map[string]any{"personen": []any{map[string]any{"geheim": true}}},
		Notes: []outway.Note{{Place: "/personen/0", Kind: outway.NoteWarning, Field: "geheim", Text: "Geheim."}, {Place: "/personen/0", Kind: outway.NoteDiffers, Field: "nummer", Text: "Anders."}}}
	z := h.want(201, citizen, "POST", "/zaken", application)
	a := h.want(200, employee, "POST", "/zaken/"+z.ID+"/bevragingen", `{}`)
	for _, want := range []string{
		`"gevonden":true`, `"aantal":7`, `"lijst":"personen"`, `"velden":[{"naam":"naam.voornamen","titel":"Voornamen"},{"naam":"geheim","titel":"Geheimhouding","waarschuwing":true}]`, `{"personen":[{"geheim":true}]}`,
		`{"plaats":"/personen/0","soort":"waarschuwing","veld":"geheim","tekst":"Geheim."}`, `{"plaats":"/personen/0","soort":"verschil","veld":"nummer","tekst":"Anders."}`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s is not in %s", want, a.body)
		}
	}
	h.source.set(false, nil)
	h.source.says = outway.Answer{Hint: "Met postcode 1028BC."}
	if a = h.want(200, employee, "POST", "/zaken/"+z.ID+"/bevragingen", `{}`); !strings.Contains(a.body, `"gevonden":false`) || !strings.Contains(a.body, `"tip":"Met postcode 1028BC."`) || strings.Contains(a.body, "aantal") {
		t.Errorf("nothing found is %s", a.body)
	}
}

// A source that was not asked did not say that there is nothing.
func TestThatNothingWasAskedIsSaid(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.set(false, nil)
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID + "/bevragingen"
	if a := h.want(200, employee, "POST", path, `{}`); !strings.Contains(a.body, `"gevonden":false`) || strings.Contains(a.body, "nietGevraagd") {
		t.Errorf("nothing found is %s", a.body)
	}
	h.source.says = outway.Bron{Name: "adressen"}.NotAsked()
	if a := h.want(200, employee, "POST", path, `{}`); !strings.Contains(a.body, `"nietGevraagd":true`) {
		t.Errorf("nothing asked is %s", a.body)
	}
}

// What is found decides, not what is kept of it; and what is no answer decides
// nothing.
func TestFoundIsWhatTheSourceFound(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.says.Data = map[string]any{}
	h.want(201, citizen, "POST", "/zaken", application)
	if ended := h.trail(); ended != "gevonden" {
		t.Errorf("it ended as %q", ended)
	}
	h.empty()
	h.source.set(true, &outway.Fault{Kind: outway.FaultService, Service: "adressen", Status: 200})
	z := h.want(201, citizen, "POST", "/zaken", application)
	h.resume(1)
	if at := h.only(); at.CurrentStep != "opzoeken" || z.Step.Name != "opzoeken" {
		t.Errorf("the zaak went on to %s", at.CurrentStep)
	}
}

// A question that may change something is put once, and again only when a
// medewerker says so: however often the component starts in between.
func TestAQuestionThatMayChangeSomethingIsNotRepeated(t *testing.T) {
	h := newHarness(t, "aanvraag")
	q := h.process.Course.Questions["opzoeken"]
	q.Once = true
	h.process.Course.Questions["opzoeken"] = q
	h.source.set(true, errDown)
	z := h.want(201, citizen, "POST", "/zaken", application)
	if !strings.Contains(z.body, `"vraagEenmalig":true`) {
		t.Errorf("nobody hears of it: %s", z.body)
	}
	h.resume(3)
	h.restart()
	h.source.set(true, nil)
	h.resume(3)
	if n := len(h.source.asked); n != 1 || h.only().CurrentStep != "opzoeken" {
		t.Fatalf("asked %d times, the zaak is at %s", n, h.only().CurrentStep)
	}
	path := "/zaken/" + z.ID + "/bevragingen"
	h.want(409, citizen, "POST", path, `{}`)
	if a := h.want(200, employee, "POST", path, `{}`); strings.Contains(a.body, secret) {
		t.Errorf("the answer is given to whoever asks: %s", a.body)
	}
	if n := len(h.source.asked); n != 2 || h.only().CurrentStep != "beoordelen" {
		t.Errorf("asked %d times, the zaak is at %s", n, h.only().CurrentStep)
	}
}

// Who has it put again hears why it fails, and the zaak stays where it is.
func TestAskingNowOfASourceThatIsAway(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.set(true, errDown)
	z := h.want(201, citizen, "POST", "/zaken", application)
	a := h.want(503, employee, "POST", "/zaken/"+z.ID+"/bevragingen", `{}`)
	if f, ok := errors.AsType[*outway.Fault](errDown); !ok || strings.Contains(a.body, f.Service) || h.only().CurrentStep != "opzoeken" {
		t.Errorf("at %s: %s", h.only().CurrentStep, a.body)
	}
}

// trail is how the last lookup of the only zaak ended.
func (h *harness) trail() string {
	all := h.store.statuses[h.only().ID]
	return all[len(all)-1].Outcome
}

// Whoever looks at a task does not have such a question put by looking; who says
// so does.
func TestLookingAtATaskRepeatsNoQuestionThatMayChangeSomething(t *testing.T) {
	h := newHarness(t, "aanvraag")
	q := h.process.Course.Questions["opzoeken"]
	q.Once = true
	h.process.Course.Questions["opzoeken"] = q
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID + "/bevragingen"
	for range 3 {
		a := h.want(200, employee, "POST", path, `{}`)
		if n := len(h.source.asked); n != 1 || !strings.Contains(a.body, `"eenmaligeVragen":["`+h.process.model.Step("opzoeken").Title+`"]`) {
			t.Fatalf("asked %d times: %s", n, a.body)
		}
	}
	if a := h.want(200, employee, "POST", path+"?eenmalig=true", `{}`); len(h.source.asked) != 2 || strings.Contains(a.body, "eenmaligeVragen") || !strings.Contains(a.body, secret) {
		t.Errorf("asked %d times: %s", len(h.source.asked), a.body)
	}
}
