package paginas

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

const testDeclaration = "0198f7a0-0000-7000-8000-0000000000bb"

// archiveBrowser is a browser before a component where the balie has the right
// archief, with one zaak and one record that are due.
func archiveBrowser(t *testing.T) *browser {
	t.Helper()
	b := newBrowser(t, func(o *Options) {
		o.Roles = nil
		for _, role := range testRoles {
			if role.Name == "balie" {
				role.Rights = []string{identity.RightArchief}
			}
			o.Roles = append(o.Roles, role)
		}
	})
	b.layer4.respond["GET /intern/archief"] = answerJSON(proposal{Count: 2, Running: 3, Kept: 4, NoTerm: 5, NoDay: 6, Items: []due{
		{Kind: "zaak", ID: testZaak, Identificatie: "ZAAK-1", Resultaat: "toegekend", Begin: "2020-01-02", End: "2020-02-03", Term: "P5Y", From: "het besluit", Source: "Lijst <7.7>", Expired: "2025-02-03"},
		{Kind: "dingen", ID: "d-1", Identificatie: "d-1", Begin: "2020-01-02", Term: "P1Y", From: "de laatste wijziging", Expired: "2021-01-02"},
	}, Held: []heldZaak{{ID: testZaak, Identificatie: "ZAAK-9", Marks: marks{"bewaren"}, Expired: "2024-05-06"}}})
	d := declaration{ID: testDeclaration, By: "Kim (Balie)", Approval: "de lijst", How: "verwijderd", Count: 1,
		Lines: []destroyed{{due: due{Kind: "zaak", Identificatie: "ZAAK-1", Begin: "2020-01-02", End: "2020-02-03", Term: "P5Y", From: "het besluit"}, Counts: map[string]int64{"zaken": 1, "statussen": 2}}}}
	b.layer4.respond["GET /intern/archief/vernietigingen"] = answerJSON([]declaration{d})
	b.layer4.respond["GET /intern/archief/vernietigingen/"+testDeclaration] = answerJSON(d)
	b.layer4.respond["POST /intern/archief/vernietigingen"] = answerJSON(destruction{Declaration: &d, Warning: "Let op de kopie",
		Skipped: []skipped{{Kind: "dingen", ID: "d-1", Why: "Een ander gegeven verwijst hiernaar."}}})
	return b
}

func TestTheArchiveShowsWhatIsDue(t *testing.T) {
	b := archiveBrowser(t)
	b.login("balie")
	_, home := b.get("/")
	wants(t, home, `<a href="/archief">Vernietigen wat de bewaartermijn voorbij is</a>`)
	status, page := b.get("/archief")
	if status != http.StatusOK {
		t.Fatal(status, page)
	}
	wants(t, page, "ZAAK-1", "5 jaar na het besluit (Lijst &lt;7.7&gt;)", "2 januari 2020 tot en met 3 februari 2020", "dingen d-1", "ZAAK-9", "Niet vernietigen", "/zaken/"+testZaak+"/bewaren",
		"<dd>3</dd>", "<dd>4</dd>", "<dd>5</dd>", "<dd>6</dd>", "/archief/verklaringen/"+testDeclaration, `aria-current="page">Archief`)
	if strings.Count(page, " checked") != 2 {
		t.Error("the list is not chosen to begin with")
	}
}

func TestNobodyElseSeesTheArchive(t *testing.T) {
	b := archiveBrowser(t)
	for _, at := range []string{"/archief", "/archief/verklaringen/" + testDeclaration, "/archief/verklaringen/" + testDeclaration + "/bestand", "/zaken/" + testZaak + "/bewaren"} {
		if _, page := b.get(at); !strings.Contains(page, "<h1>Inloggen</h1>") {
			t.Errorf("%s without logging in: %s", at, page)
		}
	}
	b.login("aanvrager")
	for _, at := range []string{"/archief", "/archief/verklaringen/" + testDeclaration, "/zaken/" + testZaak + "/bewaren"} {
		if status, _ := b.get(at); status != http.StatusForbidden {
			t.Errorf("%s: %d", at, status)
		}
	}
	for _, at := range []string{"/archief", "/zaken/" + testZaak + "/bewaren", "/zaken/" + testZaak + "/bewaren/opheffen"} {
		if status, _ := b.post(at, url.Values{"kies": {"zaak:x"}, "akkoord": {"ja"}, "reden": {"x"}}); status != http.StatusForbidden {
			t.Errorf("post to %s: %d", at, status)
		}
	}
	if _, page := b.get("/"); strings.Contains(page, "/archief") {
		t.Error("the menu of the aanvrager has the archive")
	}
}

func TestApprovingDestruction(t *testing.T) {
	b := archiveBrowser(t)
	p := b.login("balie")
	chosen := "zaak:" + testZaak
	for name, form := range map[string]url.Values{
		"Kies wat er vernietigd wordt":                 {"akkoord": {"ja"}},
		"Bevestig dat u de lijst hebt gecontroleerd":   {"kies": {chosen}},
		"Er zijn 2 fouten in uw formulier":             {},
		`href="#akkoord">Bevestig dat u de lijst hebt`: {"kies": {chosen}, "akkoord": {"nee"}},
	} {
		status, page := b.post("/archief", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, name) {
			t.Errorf("%s: %d %s", name, status, page)
		}
		if want := len(form["kies"]); strings.Count(page, " checked") != want {
			t.Errorf("%s: %d are chosen, want %d", name, strings.Count(page, " checked"), want)
		}
	}
	status, page := b.post("/archief", url.Values{"kies": {chosen, chosen, "zonder-id"}, "akkoord": {"ja"}})
	if status != http.StatusOK {
		t.Fatal(status, page)
	}
	wants(t, page, "Een ander gegeven verwijst hiernaar.", "Let op de kopie", "Kim (Balie)", "statussen: 2, zaken: 1", "Reservekopieën")
	_, sent := b.layer4.sent(t, "POST /intern/archief/vernietigingen")
	if raw, _ := json.Marshal(sent); string(raw) != `{"door":"`+p.Name+`","teVernietigen":[{"id":"`+testZaak+`","soort":"zaak"}]}` {
		t.Errorf("sent %s", raw)
	}
	if status, _ := b.post("/archief", url.Values{"kies": {strings.Repeat("x", 300<<10)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form that is too large: %d", status)
	}
}

func TestADeclarationCanBeReadAndKept(t *testing.T) {
	b := archiveBrowser(t)
	b.login("balie")
	if status, page := b.get("/archief/verklaringen/" + testDeclaration); status != http.StatusOK || !strings.Contains(page, "Verklaring van vernietiging") || strings.Contains(page, "Niet vernietigd") {
		t.Error(status, page)
	}
	if status, file := b.get("/archief/verklaringen/" + testDeclaration + "/bestand"); status != http.StatusOK || !json.Valid([]byte(file)) || !strings.Contains(file, "ZAAK-1") {
		t.Error(status, file)
	}
	if status, _ := b.get("/archief/verklaringen/..%2f..%2fzaken"); status != http.StatusNotFound {
		t.Errorf("another path: %d", status)
	}
}

func TestHoldingAZaak(t *testing.T) {
	b := archiveBrowser(t)
	b.login("balie")
	at := "/zaken/" + testZaak
	b.layer4.respond["GET /intern"+at+"/markeringen"] = answerJSON([]mark{})
	b.layer4.respond["POST /intern"+at+"/markeringen"] = answerJSON(mark{})
	b.layer4.respond["POST /intern"+at+"/markeringen/bewaren/opheffen"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	_, page := b.get(at)
	wants(t, page, at+"/bewaren")
	if status, page := b.post(at+"/bewaren", url.Values{"reden": {"  "}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, `href="#veld-reden"`) {
		t.Errorf("no reason: %d %s", status, page)
	}
	if status, page := b.post("/zaken/"+strings.ToUpper(testZaak)+"/bewaren", url.Values{"reden": {"een beroep"}}); status != http.StatusOK {
		t.Error(status, page)
	}
	if _, sent := b.layer4.sent(t, "POST /intern"+at+"/markeringen"); sent["soort"] != "bewaren" || sent["reden"] != "een beroep" {
		t.Errorf("sent %v", sent)
	}
	b.layer4.respond["GET /intern"+at+"/markeringen"] = answerJSON([]mark{{Kind: "bewaren", Reason: "een <beroep>"}})
	_, page = b.get(at + "/bewaren")
	wants(t, page, "Niet meer vasthouden", "een &lt;beroep&gt;")
	if status, _ := b.post(at+"/bewaren/opheffen", nil); status != http.StatusOK {
		t.Error(status)
	}
	for path, code := range map[string]int{"": http.StatusConflict, "/bewaren/opheffen": http.StatusNotFound} { // somebody else was first
		b.layer4.respond["POST /intern"+at+"/markeringen"+path] = func(w http.ResponseWriter, _ *http.Request) { problem(w, code, "x") }
	}
	if status, _ := b.post(at+"/bewaren", url.Values{"reden": {"x"}}); status != http.StatusOK {
		t.Errorf("held by somebody else: %d", status)
	}
	if status, _ := b.post(at+"/bewaren/opheffen", nil); status != http.StatusOK {
		t.Errorf("let go by somebody else: %d", status)
	}
}
