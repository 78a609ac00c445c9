package paginas

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

func TestHomeSaysWhatIsImitatedAndEscapesNames(t *testing.T) {
	b := newBrowser(t, nil)
	status, body := b.get("/")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	wants(t, body, "Gemeente &lt;test&gt;", "Proef &amp; zo", "De inlogvoorziening", `lang="nl"`, `href="#inhoud"`, `aria-current="page"`)
	if strings.Contains(body, "<test>") {
		t.Error("a name is not escaped")
	}
}

func TestStartNeedsTheRightPerson(t *testing.T) {
	b := newBrowser(t, nil)
	_, body := b.get("/starten")
	wants(t, body, "<h1>Inloggen</h1>", "nabootsing")
	b.login("balie")
	if status, _ := b.get("/starten"); status != http.StatusForbidden {
		t.Errorf("the balie starts: %d", status)
	}
}

func TestMistakesStandAtTheFieldAndAtTheTop(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("aanvrager")
	status, body := b.post("/starten", url.Values{"vanaf.dag": {"31"}, "vanaf.maand": {"2"}, "vanaf.jaar": {"2026"},
		"adres.straat": {"Weg"}, "aantal": {"99"}, "toelichting": {"blijft <staan>"}})
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", status)
	}
	wants(t, body, "<title>Fout: Aanvragen", `tabindex="-1" autofocus`, `href="#veld-vanaf-dag"`,
		`href="#veld-adres-huisnummer"`, `href="#veld-aantal"`, `href="#veld-akkoord-1"`, "blijft &lt;staan&gt;",
		`aria-describedby="veld-vanaf-uitleg veld-vanaf-fout"`, "Een getal van 1 tot en met 20", "Bent u akkoord? Kies een antwoord")
	for _, id := range regexp.MustCompile(`href="#(veld-[^"]+)"`).FindAllStringSubmatch(body, -1) {
		if strings.Count(body, `id="`+id[1]+`"`) != 1 {
			t.Errorf("the list points to %s, which is there %d times", id[1], strings.Count(body, `id="`+id[1]+`"`))
		}
	}
}

func goodForm() url.Values {
	return url.Values{"bsn": {"999993653"}, "vanaf.dag": {"31"}, "vanaf.maand": {"12"}, "vanaf.jaar": {"2026"},
		"adres.straat": {"Weg"}, "adres.huisnummer": {"1"}, "adres.postcode": {"1234ab"}, "adres.woonplaats": {"Plaats"},
		"aantal": {"2"}, "akkoord": {"ja"}, "toelichting": {""}}
}

func TestGoodFormMakesOneZaakAndRedirects(t *testing.T) {
	b := newBrowser(t, nil)
	p := b.login("aanvrager")
	_, page := b.get("/starten")
	form := goodForm()
	form.Set("_sleutel", hidden(page, "_sleutel"))
	status, body := b.post("/starten", form)
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}
	wants(t, body, "ZAAK-1")
	req, sent := b.layer4.sent(t, "POST /v1/zaken")
	key := req.Header.Get("Idempotency-Key")
	b.post("/starten", form)
	if again, _ := b.layer4.sent(t, "POST /v1/zaken"); !value.IsUUID(key) || again.Header.Get("Idempotency-Key") != key {
		t.Errorf("the same form has the keys %q and %q", key, again.Header.Get("Idempotency-Key"))
	}
	if req.Header.Get(identity.HeaderID) != p.ID || strings.Contains(strings.Join(flat(req.Header), " "), p.BSN) {
		t.Errorf("headers %v", req.Header)
	}
	want := `{"aantal":2,"adres":{"huisnummer":1,"postcode":"1234 AB","straat":"Weg","woonplaats":"Plaats"},"akkoord":true,"bsn":"999993653","vanaf":"2026-12-31"}`
	if got, _ := json.Marshal(sent); string(got) != want {
		t.Errorf("sent\n%s, want\n%s", got, want)
	}
}

func flat(h http.Header) []string {
	var all []string
	for _, v := range h {
		all = append(all, v...)
	}
	return all
}

func TestMistakesOfLayer4GoToTheirField(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("aanvrager")
	var in, other inputFault
	in.Location.Pointer, in.Detail = "/adres/postcode", "deze postcode bestaat niet"
	other.Location.Pointer, other.Detail = "/onbekend", "iets anders"
	b.layer4.respond["POST /v1/zaken"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, 400, "x", in, other) }
	status, body := b.post("/starten", goodForm())
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", status)
	}
	wants(t, body, `<a href="#veld-adres-postcode">Adres: deze postcode bestaat niet</a>`, "<li>Iets anders</li>")
}

func TestTaskShowsAnswersAndSendsTheVersionThatWasSeen(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	_, list := b.get("/taken")
	wants(t, list, "/zaken/"+testZaak+"/taak")
	status, page := b.get("/zaken/" + testZaak + "/taak")
	if status != http.StatusOK {
		t.Fatal(status, page)
	}
	wants(t, page, "Bron met &lt;tekens&gt;", "Straat naam", "2 januari 2026", "getoond en niet bewaard", "gevraagd voor: Doel", "31 december 2026", "Ja, goed")
	if strings.Contains(page, "van de aanvrager</textarea>") {
		t.Error("the note of a decision begins with what the aanvrager wrote")
	}
	status, _ = b.post("/zaken/"+testZaak+"/taak", url.Values{"_stap": {hidden(page, "_stap")}, "_versie": {hidden(page, "_versie")},
		"_sleutel": {hidden(page, "_sleutel")}, "uitkomst": {"ja"}, "toelichting": {"prima"}})
	if status != http.StatusOK {
		t.Fatal(status)
	}
	req, body := b.layer4.sent(t, "POST /v1/zaken/"+testZaak+"/beoordelen")
	if req.Header.Get("If-Match") != `"7"` || body["uitkomst"] != "ja" || body["toelichting"] != "prima" {
		t.Errorf("If-Match %q, body %v", req.Header.Get("If-Match"), body)
	}
}

func TestTaskShowsWhatThePersonBeforeSaid(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	z := zaak{ID: testZaak, Step: step{Name: "beoordelen", Role: "balie"}, History: []event{
		{Title: "Aanvragen", By: "Aanvrager", Explanation: "van eerder"},
		{Title: "Bekijken", By: "Medewerker balie", Outcome: "Aanvullen", Explanation: "De huisletter\nontbreekt."},
		{Title: "Opzoeken", Outcome: "Gevonden"}}}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	_, page := b.get("/zaken/" + testZaak + "/taak")
	wants(t, page, "<strong>Bekijken</strong>, door Medewerker balie. Uitkomst: Aanvullen.", "De huisletter\nontbreekt.")
	if strings.Contains(page, "van eerder") {
		t.Error("the page shows more than the step before")
	}
	if e := said(append(slices.Clone(z.History), event{Step: "correctie", Title: "Gegevens verbeterd: naam", By: "Balie", Explanation: "brief 12"})); e == nil || e.Explanation == "brief 12" {
		t.Errorf("a correction hides what was asked: %+v", e)
	}
	if e := said(append(z.History, event{Title: "Aanvullen", By: "Aanvrager"})); e != nil {
		t.Errorf("nothing was said, got %v", e)
	}
}

func TestFormAfterTheLoginEndedSaysThatNothingWasSent(t *testing.T) {
	for path, back := range map[string]string{
		"/starten":                          "%2fstarten",
		"/zaken/" + testZaak + "/taak":      "%2fzaken%2f" + testZaak + "%2ftaak",
		"/zaken/" + testZaak + "/bevraging": "%2fzaken%2f" + testZaak + "%2ftaak",
		"/rol":                              "%2f",
	} {
		status, body := newBrowser(t, nil).post(path, goodForm())
		if status != http.StatusForbidden {
			t.Errorf("%s: %d", path, status)
		}
		wants(t, body, "U bent niet meer ingelogd", "niet verstuurd", `href="/inloggen?naar=`+back+`"`)
	}
}

func TestWhatGoesWrongIsSaidInPlainDutch(t *testing.T) {
	cases := map[int]string{
		http.StatusForbidden:          "Dit mag u niet bekijken of doen",
		http.StatusNotFound:           "Deze pagina is er niet",
		http.StatusConflict:           "Deze stap is al gedaan",
		http.StatusPreconditionFailed: "Iemand anders was u voor",
		http.StatusServiceUnavailable: "Dit is even niet bereikbaar",
		http.StatusTeapot:             "Er ging iets mis",
	}
	for status, text := range cases {
		b := newBrowser(t, nil)
		b.login("balie")
		b.layer4.respond["POST /v1/zaken/"+testZaak+"/beoordelen"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, status, "reden") }
		_, body := b.post("/zaken/"+testZaak+"/taak", url.Values{"_stap": {"beoordelen"}, "uitkomst": {"ja"}})
		wants(t, body, "<h1>"+text+"</h1>")
	}
}

func TestSourceThatIsDownLeavesTheTaskUsable(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, 503, "Een bron krijgt nu te veel vragen.") }
	status, body := b.get("/zaken/" + testZaak + "/taak")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	wants(t, body, "Een bron krijgt nu te veel vragen. Laad deze pagina later opnieuw", "Ja, goed")
	// What other sources said is there all the same.
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = answerJSON(map[string]any{
		"antwoorden": []answer{{Step: "Adres zoeken", Title: "BAG", Found: true, Data: map[string]any{"straat": "Dorpsstraat"}}}, "storing": "De bron BRP is weg."})
	_, body = b.get("/zaken/" + testZaak + "/taak")
	wants(t, body, "De bron BRP is weg. Laad deze pagina later opnieuw", "<h3>Adres zoeken</h3>", "Bron: BAG", "Dorpsstraat")
}

func TestQuestionThatIsNotKeptIsAskedAgain(t *testing.T) {
	b := newBrowser(t, func(o *Options) {
		o.Subject = nil
		o.Screens[0].Fields = []Field{{Name: "postcode", Label: "Postcode", Kind: "postcode", Required: true}}
	})
	b.login("balie")
	good := b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"]
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = func(w http.ResponseWriter, r *http.Request) {
		b.layer4.mu.Unlock()
		_, body := b.layer4.sent(t, "POST /v1/zaken/"+testZaak+"/bevragingen")
		b.layer4.mu.Lock()
		if body["postcode"] != "1234 AB" {
			var f inputFault
			f.Location.Pointer, f.Detail = "/postcode", "ontbreekt"
			problem(w, 400, "x", f)
			return
		}
		good(w, r)
	}
	_, body := b.get("/zaken/" + testZaak + "/taak")
	wants(t, body, `id="vraag-postcode"`, "niet bewaard")
	status, body := b.post("/zaken/"+testZaak+"/bevraging", url.Values{"postcode": {"x"}})
	if status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", status)
	}
	wants(t, body, `href="#vraag-postcode"`)
	status, body = b.post("/zaken/"+testZaak+"/bevraging", url.Values{"postcode": {"1234ab"}})
	if status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	wants(t, body, "Straat naam")
}

func TestAnswersOfAProcessThatKeepsNothingAreShownAtOnce(t *testing.T) {
	b := newBrowser(t, func(o *Options) { o.Subject = nil })
	b.login("aanvrager")
	b.layer4.respond["POST /v1/zaken"] = answerJSON(zaak{ID: testZaak, Identificatie: "ZAAK-9", Answers: []answer{{Title: "Bron", Found: true, Data: map[string]any{"naam": "Waarde"},
		Notes: []note{{Kind: noteWarning, Text: "Geheim"}}}}})
	client := *b.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.client = &client
	status, body := b.post("/starten", goodForm())
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	wants(t, body, "ZAAK-9", "Waarde", "Let op: geheim")
}

func TestVisitorWithoutLogin(t *testing.T) {
	b := newBrowser(t, func(o *Options) {
		o.Roles = []identity.Role{{Name: "aanvrager", Title: "Aanvrager", Citizen: true, Anonymous: true}, testRoles[1]}
	})
	_, body := b.get("/starten")
	wants(t, body, `name="bsn" value=""`)
	_, body = b.post("/starten", goodForm())
	wants(t, body, testZaak, "Bewaar dit kenmerk")
	first, _ := b.layer4.sent(t, "POST /v1/zaken")
	if !strings.HasPrefix(first.Header.Get(identity.HeaderID), anonymousPrefix) {
		t.Errorf("pseudonym %q", first.Header.Get(identity.HeaderID))
	}
	again, _ := b.layer4.sent(t, "GET /v1/zaken/"+testZaak)
	if again.Header.Get(identity.HeaderID) != first.Header.Get(identity.HeaderID) {
		t.Error("the pseudonym changes within a session")
	}
	status, body := b.post("/volgen", url.Values{"kenmerk": {"0198f7a0-0000-7000-8000-000000000009"}})
	if status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", status)
	}
	wants(t, body, "dit kenmerk kennen we niet")
	_, body = b.post("/volgen", url.Values{"kenmerk": {testZaak}})
	wants(t, body, "<h1>Zaak ZAAK-1</h1>")
	if status, _ := b.get("/zaken"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
}

func TestFormFromAnotherSiteIsRefused(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("aanvrager")
	req, _ := http.NewRequest(http.MethodPost, b.base+"/starten", strings.NewReader(goodForm().Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	status, body := b.read(b.client.Do(req))
	if status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
	wants(t, body, "andere website")
}

func TestLoginGoesNowhereElse(t *testing.T) {
	for _, to := range []string{"https://kwaad.example", "//kwaad.example", `/\kwaad.example`, "javascript:alert(1)"} {
		if got := local(to); got != "/" {
			t.Errorf("local(%q) = %q", to, got)
		}
	}
	if got := local("/zaken/1"); got != "/zaken/1" {
		t.Error(got)
	}
}
