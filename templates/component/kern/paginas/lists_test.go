package paginas

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// reading answers as layer 4 does with a list in pages by cursor, of more zaken than
// anybody counts.
func reading(results any) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		body := map[string]any{"count": 1000, "countExact": false, "next": nil, "previous": nil, "results": results}
		w.Header().Set("Link", `<?pageSize=20>; rel="first", <?cursor=achter%2B1&pageSize=20>; rel="last"`)
		switch q.Get("cursor") + q.Get("page") {
		case "", "1":
			body["next"] = "?cursor=twee_2&pageSize=20&rol=balie"
		case "twee_2":
			body["next"], body["previous"] = "?cursor=drie-3&pageSize=20", "?cursor=een&pageSize=20"
		case "achter+1":
			body["previous"] = "?cursor=voor&pageSize=20"
		case "leeg":
			body["previous"], body["results"] = "?cursor=voor&pageSize=20", []any{}
		default:
			problem(w, http.StatusBadRequest, "Deze cursor hoort niet bij deze vraag of geldt niet meer; begin opnieuw bij de eerste pagina.")
			return
		}
		_ = json.NewEncoder(w).Encode(body)
	}
}

func lists(t *testing.T) *browser {
	t.Helper()
	b := newBrowser(t, nil)
	b.layer4.respond["GET /v1/zaken"] = reading([]zaak{{ID: testZaak, Identificatie: "ZAAK-1"}})
	b.layer4.respond["GET /v1/taken"] = reading([]task{{Zaak: testZaak, Identificatie: "ZAAK-1"}})
	b.login("balie")
	return b
}

func lacks(t *testing.T, body string, unwanted ...string) {
	t.Helper()
	for _, w := range unwanted {
		if strings.Contains(body, w) {
			t.Errorf("%q stands in\n%s", w, body)
		}
	}
}

const restarted = "De pagina die u opvroeg is er niet meer. Hier staat de eerste pagina."

// TestAListIsLeafedThrough follows the links of a list as a person does: further, to
// the end and back, without a number that nobody knows.
func TestAListIsLeafedThrough(t *testing.T) {
	b := lists(t)
	for _, at := range []string{"/taken", "/zaken"} {
		_, first := b.get(at)
		wants(t, first, "Meer dan 1.000", `<li aria-current="page">Pagina 1</li>`,
			`<a href="`+at+`?plaats=twee_2" rel="next">Volgende pagina</a>`, `<a href="`+at+`?plaats=achter%2B1">Laatste pagina</a>`)
		lacks(t, first, "Vorige pagina", "Eerste pagina", restarted)
		_, second := b.get(at + "?plaats=twee_2")
		wants(t, second, `<a href="`+at+`">Eerste pagina</a>`, `<a href="`+at+`?plaats=een" rel="prev">Vorige pagina</a>`, `rel="next"`, "Laatste pagina")
		lacks(t, second, "aria-current=\"page\">Pagina", restarted)
		_, last := b.get(at + "?plaats=achter%2B1")
		wants(t, last, `<li aria-current="page">Laatste pagina</li>`, `?plaats=voor" rel="prev"`)
		lacks(t, last, `rel="next"`, restarted)
		if asked, _ := b.layer4.sent(t, "GET /v1"+at); asked.URL.Query().Get("cursor") != "achter+1" || asked.URL.Query().Has("page") {
			t.Errorf("%s asked for %s", at, asked.URL.RawQuery)
		}
	}
}

// TestAPlaceThatIsGoneLeadsToTheFirstPage: a bookmark of before a change of the key, of
// somebody else, of a page far away, or nonsense.
func TestAPlaceThatIsGoneLeadsToTheFirstPage(t *testing.T) {
	b := lists(t)
	for _, query := range []string{"plaats=verlopen", "plaats=leeg", "pagina=9999", "plaats=verlopen&pagina=3", "plaats=" + url.QueryEscape("<script>'\"\x00")} {
		for _, at := range []string{"/taken", "/zaken"} {
			status, page := b.get(at + "?" + query)
			if status != http.StatusOK {
				t.Errorf("%s?%s: status %d", at, query, status)
			}
			wants(t, page, restarted, "ZAAK-1", "Pagina 1", `?plaats=twee_2" rel="next"`)
			lacks(t, page, "script>'", "plaats=leeg", "plaats=verlopen")
		}
	}
	for _, query := range []string{"", "plaats=", "pagina=0", "pagina=-1", "pagina=x", "plaats=" + strings.Repeat("a", maxCursor+1)} {
		_, page := b.get("/taken?" + query)
		wants(t, page, "ZAAK-1")
		lacks(t, page, restarted)
	}
	// What goes wrong otherwise is said, and not hidden behind a first page.
	b.layer4.respond["GET /v1/taken"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, http.StatusServiceUnavailable, "Nu niet") }
	if status, _ := b.get("/taken?plaats=twee_2"); status != http.StatusServiceUnavailable {
		t.Errorf("status %d", status)
	}
}

// TestAListOfALayer4FromBefore has pages by number, and always counted to the end.
func TestAListOfALayer4FromBefore(t *testing.T) {
	b := lists(t)
	b.layer4.respond["GET /v1/taken"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", `<?page=1&pageSize=20&rol=balie>; rel="first", <?page=60&pageSize=20&rol=balie>; rel="last"`)
		if r.URL.Query().Has("cursor") {
			problem(w, http.StatusBadRequest, "Deze parameter is er niet.")
			return
		}
		fmt.Fprint(w, `{"count":1200,"next":"?page=4&pageSize=20","previous":"?page=2&pageSize=20","results":[{"zaak":"`+testZaak+`"}]}`)
	}
	_, page := b.get("/taken?pagina=3")
	wants(t, page, "1.200 taken", `?pagina=2" rel="prev"`, "Pagina 3", `?pagina=4" rel="next"`, `/taken?pagina=60">Laatste pagina`)
	lacks(t, page, "Meer dan")
	if _, page = b.get("/taken?plaats=twee_2"); !strings.Contains(page, restarted) {
		t.Error("a cursor of a newer layer 4 leads nowhere")
	}
}

// TestOnePageIsOneCall counts what a page with a list asks of layer 4, beside who
// visits: nothing more is read for it, however many zaken stand on it.
func TestOnePageIsOneCall(t *testing.T) {
	b := lists(t)
	many := make([]zaak, 20)
	for i := range many {
		many[i] = zaak{ID: testZaak, Identificatie: fmt.Sprint("ZAAK-", i)}
	}
	b.layer4.respond["GET /v1/zaken"] = reading(many)
	for _, at := range []string{"/taken", "/zaken", "/zaken?plaats=twee_2", "/taken?plaats=achter%2B1"} {
		b.layer4.mu.Lock()
		b.layer4.requests = nil
		b.layer4.mu.Unlock()
		b.get(at)
		b.layer4.mu.Lock()
		if n := len(b.layer4.requests); n != 1 {
			t.Errorf("%s asks layer 4 %d times", at, n)
		}
		b.layer4.mu.Unlock()
	}
}

func TestHowManyThereAre(t *testing.T) {
	for want, p := range map[string]paging{
		"0 zaken": {}, "1 zaak": {Count: 1}, "999 zaken": {Count: 999}, "1.000 zaken": {Count: 1000}, "meer dan 1.000 zaken": {Count: 1000, More: true},
		"1.002.003 zaken": {Count: 1_002_003}, "meer dan 1 zaken": {Count: 1, More: true},
	} {
		if got := p.Total("zaak", "zaken"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
