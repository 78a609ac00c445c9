package paginas

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
)

// ended is a page of the zaak after it ended with a result.
func (b *browser) ended(t *testing.T, result string) string {
	t.Helper()
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Title: "Proef", Startdatum: "2026-01-02", Einddatum: "2026-02-03", Resultaat: result}
	z.Step.Name, z.Step.Title, z.Step.Kind = "klaar", "Klaar", "end"
	if result == "" {
		z.Einddatum, z.Step.Kind = "", "decide"
	}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	for _, path := range []string{"", "/bevestiging"} {
		status, page := b.get("/zaken/" + testZaak + path)
		if status != http.StatusOK {
			t.Fatalf("%s: %d", path, status)
		}
		if path != "" {
			return page
		}
		if there := strings.Contains(page, "Bent u het niet eens"); there != (result == "afgewezen") {
			t.Errorf("result %q: remedies %v", result, there)
		}
	}
	return ""
}

// TestRemediesStandUnderADecision and under nothing else.
func TestRemediesStandUnderADecision(t *testing.T) {
	m := &organisatie.Remedies{Results: []string{"afgewezen"}, With: "het college van <Veenrade>", Term: "6 weken", Post: "Postbus 1", URL: "https://www.veenrade.test/bezwaar"}
	b := newBrowser(t, func(o *Options) { o.Remedies = m })
	b.login("balie")
	page := b.ended(t, "afgewezen")
	for _, want := range []string{"bezwaar maken bij het college van &lt;Veenrade&gt;", "binnen 6 weken", "bezwaarschrift naar: Postbus 1.", `<a href="https://www.veenrade.test/bezwaar">`, "Noem daarbij zaaknummer ZAAK-1"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	for _, result := range []string{"toegekend", ""} {
		if page := b.ended(t, result); strings.Contains(page, "niet eens") {
			t.Errorf("remedies stand under %q", result)
		}
	}
	m.Appeal = true
	if page := b.ended(t, "afgewezen"); !strings.Contains(page, "beroep instellen bij") || !strings.Contains(page, "beroepschrift") || strings.Contains(page, "bezwaarschrift") {
		t.Errorf("beroep: %s", page)
	}
	m.Own = "Ga naar <b>de rechter</b>.\n\nEn snel."
	if page := b.ended(t, "afgewezen"); !strings.Contains(page, `<p class="regels">Ga naar &lt;b&gt;de rechter&lt;/b&gt;.</p>`) || !strings.Contains(page, `<p class="regels">En snel.</p>`) || strings.Contains(page, "beroepschrift") {
		t.Errorf("a text of its own: %s", page)
	}
}

func TestWithoutAFileNothingChanges(t *testing.T) {
	b := newBrowser(t, nil)
	_, page := b.get("/")
	if !strings.Contains(page, `<p class="organisatie">Gemeente &lt;test&gt;</p>`) || strings.Contains(page, "<img") {
		t.Errorf("the head is\n%s", page)
	}
	for _, path := range []string{"/logo.svg", "/logo.png", organisatie.SecurityPath} {
		if status, _ := b.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	b.login("balie")
	b.ended(t, "toegekend")
}

// TestThePagesSayWhatTheOrganisationSays: its logo with words for who cannot see it,
// its texts as plain text, and security.txt.
func TestThePagesSayWhatTheOrganisationSays(t *testing.T) {
	file, faults := organisatie.Read("testdata/veenrade.yaml", organisatie.Known{Name: "Gemeente Duinstad", ServicesBase: "/v1", ProcessBase: "/v1",
		Steps: []string{"aangifte"}, Fields: []string{"verhuisdatum"}, Results: []string{"afgewezen"}, Activities: []string{"aangifte-verhuizing"}})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	b := newBrowser(t, func(o *Options) {
		o.Logo, o.SecurityTxt = file.Logo, file.SecurityTxt("")
		o.Notes = map[string]string{"home": "Wij <zijn> open.\n\n\n\nBel gerust."}
	})
	_, page := b.get("/")
	for _, want := range []string{`<p class="organisatie"><img class="logo" src="/logo.svg" alt="Gemeente Veenrade"></p>`, `<p class="regels">Wij &lt;zijn&gt; open.</p>`, `<p class="regels">Bel gerust.</p>`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	resp, err := b.client.Get(b.base + "/logo.svg")
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(string(raw), "<svg") {
		t.Errorf("%v %.80s", resp.Header, raw)
	}
	if status, text := b.get(organisatie.SecurityPath); status != http.StatusOK || !strings.Contains(text, "Expires: ") {
		t.Errorf("%d %s", status, text)
	}
}
