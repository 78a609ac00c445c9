package paginas

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
)

// withInzage gives the balie the right, and layer 4 a memory for what the pages
// keep.
func withInzage(t *testing.T, log *bytes.Buffer) *browser {
	b := newBrowser(t, func(o *Options) {
		o.Roles = []identity.Role{testRoles[0], {Name: "balie", Title: "Medewerker balie", Rights: []string{identity.RightInzage}}}
		o.Subject = append(testFields[:len(testFields):len(testFields)], Field{Name: "bewijs", Label: "Bewijs", Kind: "file"},
			Field{Name: "ouder", Label: "Ouder", Kind: "reference", Reference: "ouders"}) // no form asks it: nobody knows what it may be
		if log != nil {
			o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		}
	})
	b.layer4.respond["POST /intern/inzage"] = answerJSON(inzage.Report{Kind: "BSN", Number: "999993653", Purpose: "Verzoek om inzage (AVG artikel 15)", Lines: 250, Made: time.Now(),
		Records: []inzage.Record{{Title: "Ding", Fields: []inzage.Field{{Name: "vanaf", Value: "2026-12-31"}, {Name: "nieuwVeld", Value: "<b>x"}}}},
		Zaken:   []inzage.Zaak{{ID: testZaak, Identificatie: "ZAAK-1", Relation: inzage.Applicant, Startdatum: "2026-01-02", Step: "Beoordelen", Marks: []inzage.Mark{{Kind: "bezwaar"}}}},
		Kept:    []inzage.Kept{{Kind: "concept"}},
		Actions: []inzage.Action{{Name: "Zaak bekijken", UserName: "Kim van Oefendijk", Role: "Medewerker balie", Zaak: testZaak, Activity: "Proeven", Grondslag: "publieke taak"}}})
	return b
}

// sends opens the form at a path, fills it in and sends it.
func (b *browser) sends(path string, form url.Values) (int, string) {
	b.t.Helper()
	_, page := b.get(path)
	all := url.Values{"_sleutel": {hidden(page, "_sleutel")}}
	for name, values := range form {
		all[name] = values
	}
	return b.post(path, all)
}

var searching = url.Values{"soort": {"BSN"}, "nummer": {"9999.93.653"}, "doel": {"inzage"}}

func TestInzageIsForTheRightOnly(t *testing.T) {
	for _, role := range []string{"", "aanvrager", "balie"} {
		b := newBrowser(t, nil) // nobody has the right
		if role != "" {
			b.login(role)
		}
		for _, path := range []string{"/inzage", "/inzage/" + testZaak, "/inzage/" + testZaak + "/gebruik", "/inzage/" + testZaak + "/overzicht.html", "/zaken/" + testZaak + "/rechten", "/zaken/" + testZaak + "/correctie"} {
			if status, body := b.get(path); role != "" && status != http.StatusForbidden || role == "" && !strings.Contains(body, "<h1>Inloggen</h1>") {
				t.Errorf("%s as %q: %d", path, role, status)
			}
		}
		for _, path := range []string{"/inzage", "/zaken/" + testZaak + "/rechten", "/zaken/" + testZaak + "/correctie"} {
			if status, _ := b.post(path, searching); status != http.StatusForbidden {
				t.Errorf("POST %s as %q: %d", path, role, status)
			}
		}
		for _, path := range []string{"/", "/zaken/" + testZaak} {
			if _, body := b.get(path); strings.Contains(body, "/inzage") || strings.Contains(body, "/rechten") {
				t.Errorf("%s leads %q there", path, role)
			}
		}
	}
	b := withInzage(t, nil)
	b.login("balie")
	_, home := b.get("/")
	wants(t, home, `<li><a href="/inzage">Inzage</a></li>`, "Opzoeken wat er over een persoon bekend is")
	_, page := b.get("/zaken/" + testZaak)
	wants(t, page, `href="/zaken/`+testZaak+`/rechten"`)
}

func TestASearchShowsOnePersonAndNoNumberInAnAddressOrALog(t *testing.T) {
	var log bytes.Buffer
	b := withInzage(t, &log)
	who := b.login("balie")
	_, form := b.get("/inzage")
	wants(t, form, "Burgerservicenummer", "KVK-nummer", "Verzoek om rectificatie (AVG artikel 16)", `name="nummer"`)
	status, page := b.sends("/inzage", searching)
	if status != http.StatusOK {
		t.Fatal(status, page)
	}
	wants(t, page, "Wat er bekend is over deze persoon", "Vanaf welke datum?", "31 december 2026", "Nieuw veld", "&lt;b&gt;x", "ZAAK-1", "/zaken/"+testZaak+"/rechten", "250 regels", "Bezwaar")
	req, sent := b.layer4.sent(t, "POST /intern/inzage")
	if sent["nummer"] != "999993653" || sent["doel"] != "inzage" || req.Header.Get(identity.HeaderName) != url.PathEscape(who.Name) || req.Header.Get(identity.HeaderID) != who.ID {
		t.Errorf("asked %v with %v", sent, req.Header)
	}
	at := b.last
	if !strings.HasPrefix(at, "/inzage/") {
		t.Fatalf("the page is %s", at)
	}
	_, looked := b.get(at + "/gebruik?pagina=2")
	wants(t, looked, "Kim van Oefendijk (Medewerker balie)", "publieke taak", `href="`+at+`/gebruik?pagina=3" rel="next"`, `href="`+at+`/gebruik?pagina=1" rel="prev"`)
	if _, sent := b.layer4.sent(t, "POST /intern/inzage"); sent["vanaf"] != 100.0 || sent["regels"] != 100.0 {
		t.Errorf("asked %v", sent)
	}
	for name, want := range map[string]string{"overzicht.html": "<h1>Overzicht van gegevens</h1>", "gegevens.json": `"nummer":"999993653"`} {
		resp, err := b.client.Get(b.base + at + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		disposition := resp.Header.Get("Content-Disposition")
		if _, body := b.read(resp, nil); !strings.Contains(body, want) || disposition != "attachment; filename="+name {
			t.Errorf("%s: %s %.200s", name, disposition, body)
		}
	}
	b.layer4.mu.Lock()
	defer b.layer4.mu.Unlock()
	for _, r := range b.layer4.requests {
		if strings.Contains(r.URL.String()+strings.Join(flat(r.Header), " "), "999993653") {
			t.Errorf("the number is in the address or a header of %s", r.URL)
		}
	}
	searches := 0
	for path, k := range b.layer4.kept {
		content, err := base64.StdEncoding.DecodeString(fmt.Sprint(k.(map[string]any)["inhoud"]))
		if err != nil || strings.Contains(path+string(content), "999993653") || strings.Contains(string(content), `"nummer"`) {
			t.Errorf("the number is kept in the open at %s: %s %v", path, content, err)
		}
		if strings.Contains(path, "/inzage/") {
			searches++
		}
	}
	if searches != 1 {
		t.Errorf("%d searches are kept", searches)
	}
	if strings.Contains(log.String(), "999993653") || strings.Contains(log.String(), "9999.93.653") {
		t.Errorf("the number is in the log: %s", log.String())
	}
}

func TestASearchIsOfWhoSearched(t *testing.T) {
	b := withInzage(t, nil)
	b.login("balie")
	b.sends("/inzage", searching)
	at := b.last
	for _, p := range testPersonas { // the last of the balie
		if p.Role == "balie" {
			b.post("/inloggen", url.Values{"persoon": {p.Choice()}, "naar": {"/"}})
		}
	}
	for _, path := range []string{at, at + "/gebruik", at + "/overzicht.html", "/inzage/" + testZaak, "/inzage/geen-id"} {
		if status, body := b.get(path); status != http.StatusNotFound || strings.Contains(body, "999993653") {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestASearchWithAMistakeSaysSo(t *testing.T) {
	b := withInzage(t, nil)
	b.login("balie")
	for want, form := range map[string]url.Values{
		"geen geldig burgerservicenummer": {"soort": {"BSN"}, "nummer": {"123456789"}, "doel": {"inzage"}},
		"8 cijfers":                       {"soort": {"KVK"}, "nummer": {"999993653"}, "doel": {"inzage"}},
		"Waarvoor zoekt u? Kies":          {"soort": {"BSN"}, "nummer": {"999993653"}},
		"Nummer: vul dit in":              {"soort": {"BSN"}, "doel": {"inzage"}},
	} {
		status, body := b.sends("/inzage", form)
		if status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", form, status)
		}
		wants(t, body, want)
	}
}

func TestAMarkIsSetAndLiftedOnAPage(t *testing.T) {
	b := withInzage(t, nil)
	b.login("balie")
	at, marks := "/zaken/"+testZaak+"/rechten", "/intern/zaken/"+testZaak+"/markeringen"
	lifted := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b.layer4.respond["GET "+marks] = answerJSON([]mark{{Kind: "bezwaar", Reason: "brief van <1 maart>", Since: lifted}, {Kind: "beperking", Reason: "vroeger", Since: lifted, Lifted: &lifted}, {Kind: "bewaren", Reason: "geheim van het archief", Since: lifted}})
	b.layer4.respond["POST "+marks] = answerJSON(mark{})
	b.layer4.respond["POST "+marks+"/bezwaar/opheffen"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	_, page := b.get(at)
	wants(t, page, "Bezwaar tegen de verwerking opheffen", "brief van &lt;1 maart&gt;", "Beperking van de verwerking vastleggen", "<h2>Eerder</h2>", "vroeger", "/zaken/"+testZaak+"/correctie")
	if strings.Contains(page, "geheim van het archief") {
		t.Error("a hold of the archive is shown as a right of the person")
	}
	if status, body := b.sends(at, url.Values{"soort": {"beperking"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `href="#beperking-reden"`) {
		t.Errorf("without a reason: %d", status)
	}
	b.sends(at, url.Values{"soort": {"beperking"}, "reden": {"verzoek 12"}})
	if _, sent := b.layer4.sent(t, "POST "+marks); sent["soort"] != "beperking" || sent["reden"] != "verzoek 12" {
		t.Errorf("sent %v", sent)
	}
	b.sends(at, url.Values{"soort": {"bezwaar"}, "doen": {"opheffen"}})
	b.layer4.sent(t, "POST "+marks+"/bezwaar/opheffen")
	if status, _ := b.sends(at, url.Values{"soort": {"bewaren"}, "reden": {"x"}}); status != http.StatusBadRequest {
		t.Errorf("a hold without its right: %d", status)
	}
}

func TestACorrectionSendsWhatTheEmployeeSaw(t *testing.T) {
	b := withInzage(t, nil)
	b.login("balie")
	at, below := "/zaken/"+testZaak+"/correctie", "POST /intern/zaken/"+testZaak+"/correcties"
	b.layer4.respond[below] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	status, page := b.get(at)
	if status != http.StatusOK {
		t.Fatal(status, page)
	}
	wants(t, page, `name="vanaf.jaar" value="2026"`, `name="aantal" value="3"`, "van de aanvrager</textarea>", "verbetert u hier niet", "Waarom verbetert u dit?")
	if strings.Contains(page, `type="file"`) {
		t.Error("a file can be chosen")
	}
	if strings.Contains(page, "Ouder") {
		t.Error("a reference without choices can be chosen")
	}
	form := url.Values{"_versie": {hidden(page, "_versie")}, "vanaf.dag": {"1"}, "vanaf.maand": {"2"}, "vanaf.jaar": {"2027"}, "aantal": {"3"}, "toelichting": {""}}
	if status, body := b.sends(at, form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Waarom verbetert u dit? Vul dit in") {
		t.Errorf("without a reason: %d", status)
	}
	form.Set("_reden", "verkeerd overgenomen")
	if status, body := b.sends(at, form); status != http.StatusOK || !strings.Contains(body, "ZAAK-1") {
		t.Errorf("%d %s", status, body)
	}
	req, sent := b.layer4.sent(t, below)
	want := map[string]any{"bsn": nil, "vanaf": "2027-02-01", "adres": nil, "aantal": 3.0, "akkoord": nil, "toelichting": nil}
	if fmt.Sprint(sent["gegevens"]) != fmt.Sprint(want) || sent["reden"] != "verkeerd overgenomen" || req.Header.Get("If-Match") != `"7"` {
		t.Errorf("sent %v with %q", sent, req.Header.Get("If-Match"))
	}
	form.Set("vanaf.jaar", "") // required, for it is there
	if status, _ := b.sends(at, form); status != http.StatusUnprocessableEntity {
		t.Errorf("half a date: %d", status)
	}
	form.Set("vanaf.jaar", "2027")
	var nothing inputFault
	nothing.Location.Pointer, nothing.Detail = "/gegevens", "er is niets veranderd"
	b.layer4.respond[below] = func(w http.ResponseWriter, _ *http.Request) { problem(w, 400, "x", nothing) }
	if _, body := b.sends(at, form); !strings.Contains(body, "<li>Er is niets veranderd</li>") {
		t.Error(body)
	}
	b.layer4.respond[below] = func(w http.ResponseWriter, _ *http.Request) { problem(w, 412, "x") }
	if _, body := b.sends(at, form); !strings.Contains(body, "Iemand anders was u voor") {
		t.Error(body)
	}
}

// TestAFormOfAnEmployeeIsOfWhoOpenedIt: with the key of another employee nothing
// is done, and what somebody typed whose session ended is there after logging in.
func TestAFormOfAnEmployeeIsOfWhoOpenedIt(t *testing.T) {
	b := withInzage(t, nil)
	b.login("balie")
	rights, correction := "/zaken/"+testZaak+"/rechten", "/zaken/"+testZaak+"/correctie"
	b.layer4.respond["GET /intern/zaken/"+testZaak+"/markeringen"] = answerJSON([]mark{{Kind: "bezwaar", Reason: "x"}})
	forms := map[string]url.Values{"/inzage": maps.Clone(searching), rights: {"soort": {"bezwaar"}, "doen": {"opheffen"}},
		correction: {"vanaf.dag": {"1"}, "vanaf.maand": {"2"}, "vanaf.jaar": {"2027"}, "_reden": {"wat al getypt was"}}}
	for path, form := range forms {
		_, page := b.get(path)
		form.Set("_sleutel", hidden(page, "_sleutel"))
		if status, _ := b.post(path, url.Values{"soort": {"bezwaar"}, "doen": {"opheffen"}, "_sleutel": {"onzin"}}); status != http.StatusBadRequest {
			t.Errorf("%s with a key that is not ours: %d", path, status)
		}
	}
	b.post("/uitloggen", nil)
	for path, form := range forms {
		if status, body := b.post(path, form); status != http.StatusForbidden || !strings.Contains(body, "U bent niet meer ingelogd") {
			t.Errorf("%s without a session: %d", path, status)
		}
	}
	others := slices.DeleteFunc(slices.Clone(testPersonas), func(p identity.User) bool { return p.Role != "balie" })
	b.post("/inloggen", url.Values{"persoon": {others[1].Choice()}, "naar": {"/"}})
	for path, form := range forms {
		if status, body := b.post(path, form); status != http.StatusForbidden || !strings.Contains(body, "iemand anders dan u") {
			t.Errorf("%s by another employee: %d %s", path, status, body)
		}
	}
	if _, page := b.get(correction); strings.Contains(page, "wat al getypt was") {
		t.Error("another employee sees what was typed")
	}
	b.layer4.mu.Lock()
	for _, r := range b.layer4.requests {
		if r.Method == http.MethodPost {
			t.Errorf("%s was asked", r.URL.Path)
		}
	}
	b.layer4.mu.Unlock()
	b.login("balie")
	_, page := b.get(correction)
	wants(t, page, "wat al getypt was", `name="vanaf.jaar" value="2027"`, "U ziet hier wat u eerder invulde")
}
