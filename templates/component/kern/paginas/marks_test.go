package paginas

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestMarksAreSeen shows a mark on the page of the zaak and in both lists, and
// nobody is sent to a step that is stopped.
func TestMarksAreSeen(t *testing.T) {
	for kind, want := range map[string]string{"beperking": "AVG artikel 18", "bezwaar": "AVG artikel 21", "bewaren": "niet vernietigd"} {
		b := newBrowser(t, nil)
		b.login("balie")
		z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Title: "Proef", Startdatum: "2026-01-02", Marks: marks{kind},
			Step: step{Name: "beoordelen", Title: "Beoordelen", Kind: "decide", Role: "balie"}}
		b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
		b.layer4.respond["GET /v1/zaken"] = answerJSON(list[zaak]{Count: 1, Results: []zaak{z}})
		b.layer4.respond["GET /v1/taken"] = answerJSON(list[task]{Count: 1, Results: []task{{Zaak: testZaak, Identificatie: "ZAAK-1", Step: z.Step, Marks: z.Marks}}})
		b.layer4.respond["POST /v1/zaken/"+testZaak+"/beoordelen"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, 409, "De zaak staat stil.") }
		_, page := b.get("/zaken/" + testZaak)
		wants(t, page, want)
		for _, at := range []string{"/zaken", "/taken"} {
			_, list := b.get(at)
			wants(t, list, markTexts[kind].short)
		}
		stops := kind != "bewaren"
		if strings.Contains(page, "Deze zaak wacht op u") == stops || strings.Contains(page, "wacht op een antwoord van een bron") {
			t.Errorf("%s: the page says\n%s", kind, page)
		}
		status, task := b.get("/zaken/" + testZaak + "/taak")
		if (status == http.StatusConflict) != stops || strings.Contains(task, "Deze zaak staat stil") != stops {
			t.Errorf("%s: the task is %d %s", kind, status, task)
		}
		if !stops {
			continue
		}
		if status, page := b.post("/zaken/"+testZaak+"/taak", url.Values{"_stap": {"beoordelen"}, "uitkomst": {"ja"}, "_versie": {`"7"`}}); status != http.StatusConflict || !strings.Contains(page, "Deze zaak staat stil") {
			t.Errorf("%s: finishing the step is %d %s", kind, status, page)
		}
	}
}
