package paginas

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAStepOfAnEarlierProcess: a zaak that stays on the process under which it began
// has its own screen, with the outcomes of then, and its own picture.
func TestAStepOfAnEarlierProcess(t *testing.T) {
	b := newBrowser(t, func(o *Options) { o.Earlier = map[string][]Field{"opgeven": testFields[:1]} })
	b.login("balie")
	at := "/zaken/" + testZaak
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Drawing: 2, Step: step{Name: "wegen", Title: "Wegen en meten", Kind: "decide", Role: "balie",
		Outcomes: []stepOutcome{{"licht", "Te licht"}, {"zwaar", "Zwaar genoeg"}}}}
	b.layer4.respond["GET /v1"+at] = answerJSON(z)
	b.layer4.respond["POST /v1"+at+"/wegen"] = answerJSON(z)
	pictured := 0
	b.layer4.respond["GET /intern/processen/2/bpmn"] = func(w http.ResponseWriter, _ *http.Request) {
		pictured++
		_, _ = io.WriteString(w, "geen tekening")
	}
	if _, page := b.get(at); pictured != 1 || !strings.Contains(page, at+"/taak") {
		t.Errorf("the picture of then was asked %d times, and there is no way to the step:\n%s", pictured, page)
	}
	status, page := b.get(at + "/taak")
	if status != http.StatusOK {
		t.Fatal(status, page)
	}
	wants(t, page, "<h1>Wegen en meten</h1>", "Te licht", "Zwaar genoeg")
	form := url.Values{"_stap": {hidden(page, "_stap")}, "_versie": {hidden(page, "_versie")}, "_sleutel": {hidden(page, "_sleutel")}, "uitkomst": {"zwaar"}}
	if status, page := b.post(at+"/taak", form); status != http.StatusOK {
		t.Fatal(status, page)
	}
	if _, sent := b.layer4.sent(t, "POST /v1"+at+"/wegen"); sent["uitkomst"] != "zwaar" {
		t.Errorf("sent is %v", sent)
	}
	z.Step = step{Name: "opgeven", Title: "Opgeven", Kind: "form", Role: "balie"}
	b.layer4.respond["GET /v1"+at] = answerJSON(z)
	_, page = b.get(at + "/taak")
	wants(t, page, "<h1>Opgeven</h1>", testFields[0].Label)
	// What is there no more, nobody can do.
	z.Step = step{Name: "weg", Title: "Weg (deze stap bestaat niet meer)", Kind: "task"}
	b.layer4.respond["GET /v1"+at] = answerJSON(z)
	if status, _ := b.get(at + "/taak"); status != http.StatusConflict {
		t.Errorf("the page of a step that is gone: %d", status)
	}
	if status, page := b.get(at); status != http.StatusOK || !strings.Contains(page, z.Step.Title) {
		t.Errorf("the page of the zaak: %d", status)
	}
}
