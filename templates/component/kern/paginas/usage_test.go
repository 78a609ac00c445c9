package paginas

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// usedData is an answer of layer 4: a start that asked a source, with an answer
// about two people and two lines of our own register, and then two looks.
const usedData = `{"count":7,"next":null,"previous":null,"results":[
 {"id":"a","handeling":"a","onder":"pagina","tijdstip":"2026-01-02T03:04:05Z","naam":"Zaak <starten>","soort":"handeling","activiteit":{"titel":"Behandelen","uri":"urn:x:1","doel":"Bijhouden van het adres","grondslag":"publieke taak","toelichting":"Een wet"},"door":"uzelf","resultaat":"gelukt"},
 {"id":"b","handeling":"a","onder":"a","tijdstip":"2026-01-02T03:04:06Z","naam":"Personen zoeken","soort":"bevraging","bron":"Bron & Co","velden":["naam.volledigeNaam","_embedded.adressen.postcode","rni","geslacht.code","geslacht"],"titels":["Naam in de BRP","","BSN staat in de RNI","Geslacht","Geslacht"],"activiteit":{"titel":"Onderzoek","uri":"urn:x:2"},"door":"uzelf","resultaat":"gevonden","transactie":"0198f7a0-0000-7000-8000-000000000002"},
 {"id":"c","handeling":"a","onder":"b","tijdstip":"2026-01-02T03:04:06Z","naam":"Personen zoeken","soort":"bevraging","bron":"Bron & Co","activiteit":{"titel":"Onderzoek","uri":"urn:x:2"},"resultaat":"gevonden"},
 {"id":"d","handeling":"a","onder":"a","tijdstip":"2026-01-02T03:04:07Z","naam":"Aanvraag bewaren","soort":"register","velden":["bsn"],"activiteit":{"titel":"Behandelen","uri":"urn:x:1"},"resultaat":"gelukt"},
 {"id":"e","handeling":"a","onder":"d","tijdstip":"2026-01-02T03:04:07Z","naam":"Aanvraag bewaren","soort":"register","activiteit":{"titel":"Behandelen","uri":"urn:x:1"},"resultaat":"gelukt"},
 {"id":"f","handeling":"f","tijdstip":"2026-01-03T03:04:05Z","naam":"Zaak bekijken","soort":"handeling","activiteit":{"titel":"Behandelen","uri":"urn:x:1"},"door":"Medewerker balie","resultaat":"geweigerd"},
 {"id":"g","handeling":"g","tijdstip":"2026-01-03T03:04:05Z","naam":"Zaak vervolgen","soort":"handeling","activiteit":{"titel":"Behandelen","uri":"urn:x:1"},"resultaat":"bezig"}]}`

func (b *browser) used(answer string) string {
	b.t.Helper()
	b.layer4.respond["GET /v1/zaken/"+testZaak+"/verwerkingen"] = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }
	status, body := b.get("/zaken/" + testZaak + "/gebruik")
	if status != http.StatusOK {
		b.t.Fatalf("status %d: %s", status, body)
	}
	return body
}

func TestWhichDataWasUsedIsSaidInPlainDutch(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("aanvrager")
	body := b.used(usedData)
	wants(t, body, "<h1>Welke gegevens zijn gebruikt</h1>", "2 januari 2026 om 04:04: Zaak &lt;starten&gt;", "Door uzelf.", "<h4>Bron &amp; Co</h4>",
		"Naam in de BRP, adressen: postcode, BSN staat in de RNI, geslacht", "Onderzoek", "Nog niet vastgelegd", "Gevonden, ook over 1 ander", "0198f7a0-0000-7000-8000-000000000002",
		"Gebruikt uit ons eigen register: 1 keer", "Aanvraag bewaren (Burgerservicenummer). Gelukt.", "2 keer gebruikt zonder een bron",
		"Door Medewerker balie.", "Niet toegestaan, of niet gevonden.", "Automatisch, door deze dienst.", "Nog bezig.")
	if n := strings.Count(body, "Personen zoeken"); n != 1 {
		t.Errorf("one question stands there %d times", n)
	}
	req, _ := b.layer4.sent(t, "GET /v1/zaken/"+testZaak+"/verwerkingen")
	if req.URL.Query().Get("pageSize") != linesPerPage || req.URL.Query().Has("page") {
		t.Errorf("asked for %s", req.URL.RawQuery)
	}
}

func TestDataThatWasNotUsedAndALogOfManyPages(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	wants(t, b.used(`{"count":0,"next":null,"previous":null,"results":[]}`), "nog niets opgevraagd of gebruikt")
	var l map[string]any
	if err := json.Unmarshal([]byte(usedData), &l); err != nil {
		t.Fatal(err)
	}
	l["previous"], l["next"], l["results"] = "?page=1", "?page=3", l["results"].([]any)[1:4]
	raw, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, b.used(string(raw)), "vervolg van de vorige pagina", `href="/zaken/`+testZaak+`/gebruik?pagina=3"`, `rel="next"`)
}

func TestOnlyWhoMaySeeTheDataIsPointedToItsUse(t *testing.T) {
	link := `href="/zaken/` + testZaak + `/gebruik"`
	for _, may := range []bool{true, false} {
		b := newBrowser(t, nil)
		b.login("balie")
		b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(zaak{ID: testZaak, MaySee: may, Step: step{Name: "beoordelen", Role: "balie"}})
		if _, body := b.get("/zaken/" + testZaak); strings.Contains(body, link) != may {
			t.Errorf("may see: %v, but the page is\n%s", may, body)
		}
	}
	b := newBrowser(t, nil)
	b.login("balie")
	_, body := b.get("/zaken/" + testZaak + "/taak")
	wants(t, body, "Elke vraag aan een bron wordt vastgelegd", link)
}

// TestEachPageIsAPlaceInATrace: the calls of one page belong together, and a
// trace that the caller had goes on.
func TestEachPageIsAPlaceInATrace(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	trace := func(what string) logboek.Trace {
		req, _ := b.layer4.sent(t, what)
		tr, ok := logboek.FromHeader(req.Header)
		if !ok {
			t.Fatalf("%s has no traceparent", what)
		}
		return tr
	}
	b.get("/zaken/" + testZaak + "/taak")
	first := trace("GET /v1/zaken/" + testZaak)
	if again := trace("POST /v1/zaken/" + testZaak + "/bevragingen"); again != first {
		t.Errorf("one page is %v and %v", first, again)
	}
	b.get("/zaken/" + testZaak)
	if other := trace("GET /v1/zaken/" + testZaak); other.TraceID == first.TraceID {
		t.Error("two pages are one trace")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base+"/zaken", nil)
	if err != nil {
		t.Fatal(err)
	}
	given := logboek.NewTrace()
	given.SetHeader(req.Header)
	b.read(b.client.Do(req))
	if got := trace("GET /v1/zaken"); got.TraceID != given.TraceID || got.SpanID == given.SpanID {
		t.Errorf("called in %v, calls in %v", given, got)
	}
}

// A task page asks its sources each time that it is opened: the same question
// stands on the page once, with the moments. Another outcome stands by itself.
func TestTheSameQuestionAgainIsToldOnce(t *testing.T) {
	look := func(id, day, found string) string {
		return `{"id":"` + id + `","handeling":"` + id + `","tijdstip":"2026-01-` + day + `T03:04:05Z","naam":"Taak bekijken","soort":"handeling","activiteit":{"titel":"Behandelen"},"door":"Medewerker balie","resultaat":"gelukt"},
 {"id":"v` + id + `","handeling":"` + id + `","onder":"` + id + `","tijdstip":"2026-01-` + day + `T03:04:06Z","naam":"Adres zoeken","soort":"bevraging","bron":"BAG","velden":["postcode"],"activiteit":{"titel":"Onderzoek"},"door":"Medewerker balie","resultaat":"` + found + `","transactie":"0198f7a0-0000-7000-8000-0000000000` + day + `"}`
	}
	b := newBrowser(t, nil)
	b.login("balie")
	body := b.used(`{"count":8,"next":null,"previous":null,"results":[` + strings.Join([]string{
		look("a", "02", "gevonden"), look("b", "03", "gevonden"), look("c", "04", "niet-gevonden"), look("d", "05", "gevonden"),
	}, ",") + `]}`)
	wants(t, body, "Daarna nog 2 keer hetzelfde gevraagd, voor het laatst op 5 januari 2026 om 04:04", "2 januari 2026 om 04:04: Taak bekijken", "4 januari 2026 om 04:04: Taak bekijken",
		"3 januari 2026 om 04:04, kenmerk", "0198f7a0-0000-7000-8000-000000000003", "0198f7a0-0000-7000-8000-000000000005", "Niet gevonden")
	if n := strings.Count(body, "<h4>BAG</h4>"); n != 2 {
		t.Errorf("the question stands there %d times, want 2:\n%s", n, body)
	}
}
