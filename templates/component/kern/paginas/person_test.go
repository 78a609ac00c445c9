package paginas

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// personFields are a form with the number of who fills it in, of another who
// takes part, and of somebody who does not.
var personFields = []Field{
	{Name: "bsn", Label: "Burgerservicenummer", Kind: "bsn", Required: true, Stored: true, Person: "aanvrager"},
	{Name: "verhuurder", Label: "Nummer van de verhuurder", Kind: "kvk", Stored: true, Person: "verhuurder"},
	{Name: "partner", Label: "Nummer van uw partner", Kind: "bsn", Stored: true, Person: Other},
	{Name: "tekst", Label: "Tekst", Kind: "text", Required: true, Stored: true},
}

// asPerson logs in as the invented person that fits.
func (b *browser) asPerson(roles []identity.Role, fits func(identity.User) bool) identity.User {
	b.t.Helper()
	for _, p := range identity.Personas(roles, 0, testKey.PersonID) {
		if fits(p) {
			if status, _ := b.post("/inloggen", url.Values{"persoon": {p.Choice()}, "naar": {"/"}}); status != http.StatusOK {
				b.t.Fatalf("login: %d", status)
			}
			return p
		}
	}
	b.t.Fatal("no such persona")
	return identity.User{}
}

func personBrowser(t *testing.T) (*browser, []identity.Role) {
	t.Helper()
	roles := append([]identity.Role{{Name: "verhuurder", Title: "Verhuurder", Company: true}}, testRoles...)
	b := newBrowser(t, func(o *Options) {
		o.Roles, o.Subject = roles, personFields
		o.Screens[0].Fields = personFields
		o.Screens = append(o.Screens, Screen{Step: "aanvullen", Kind: "form", Role: "aanvrager", Title: "Aanvullen", Fields: personFields},
			Screen{Step: "instemmen", Kind: "form", Role: "verhuurder", Title: "Instemmen", Fields: personFields},
			Screen{Step: "verbeteren", Kind: "form", Role: "balie", Title: "Verbeteren", Fields: personFields})
	})
	return b, roles
}

// A number that the login proves is shown, is no input, and is what the server
// sends on, whatever a browser says.
func TestTheOwnNumberComesFromTheLogin(t *testing.T) {
	b, roles := personBrowser(t)
	p := b.asPerson(roles, func(u identity.User) bool { return u.Role == "aanvrager" })
	_, page := b.get("/starten")
	wants(t, page, "Burgerservicenummer: <strong>"+p.BSN+"</strong>", "Uit uw inlog", `name="partner"`, "Dit nummer wordt niet gecontroleerd")
	for _, name := range []string{`name="bsn"`, `value="` + p.BSN, `name="verhuurder"`} {
		if strings.Contains(page, name) {
			t.Errorf("%s stands in the form", name)
		}
	}
	const refused = "dit is niet het nummer uit de inlog"
	for _, other := range []url.Values{{"bsn": {"123456782"}}, {"bsn": {"12"}}, {"bsn": {"999990408"}}, {"verhuurder": {"69599084"}}} {
		other.Set("tekst", "x")
		status, page := b.post("/starten", other)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, refused) {
			t.Errorf("%v: status %d", other, status)
		}
	}
	b.post("/starten", url.Values{"bsn": {p.BSN}, "partner": {"999990408"}, "tekst": {"x"}})
	_, sent := b.layer4.sent(t, "POST /v1/zaken")
	if sent["bsn"] != p.BSN || sent["verhuurder"] != nil || sent["partner"] != "999990408" {
		t.Errorf("sent %v", sent)
	}
	// The page after a mistake shows the right one, whatever was tampered with.
	_, page = b.post("/starten", url.Values{"bsn": {"123456782"}, "tekst": {""}})
	wants(t, page, "<strong>"+p.BSN+"</strong>", "Tekst: vul dit in")
	if strings.Contains(page, "123456782") {
		t.Error("the page repeats the number of somebody else")
	}
}

func TestARepresentativeAsksOnTheNumberOfTheRepresented(t *testing.T) {
	b, roles := personBrowser(t)
	p := b.asPerson(roles, func(u identity.User) bool { return u.Role == "aanvrager" && u.Represents.Known() })
	_, page := b.get("/starten")
	wants(t, page, "U handelt namens <strong>"+p.Represents.Name+"</strong>", "<strong>"+p.Represents.BSN+"</strong>", "namens wie u handelt")
	b.post("/starten", url.Values{"tekst": {"x"}})
	req, sent := b.layer4.sent(t, "POST /v1/zaken")
	if sent["bsn"] != p.Represents.BSN || req.Header.Get(identity.HeaderRepresents) != p.Represents.ID || req.Header.Get(identity.HeaderID) != p.ID {
		t.Errorf("sent %v by %s for %s", sent, req.Header.Get(identity.HeaderID), req.Header.Get(identity.HeaderRepresents))
	}
}

// at puts the zaak at a step, with numbers in its record.
func (b *browser) at(step step, data map[string]any) {
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Title: "Proef", Startdatum: "2026-01-02", Step: step, Data: data, MaySee: true}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/"+step.Name] = answerJSON(z)
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = nil
}

func TestNumbersInALaterForm(t *testing.T) {
	stored := map[string]any{"bsn": "999991802", "verhuurder": "69599076", "partner": "999990408", "tekst": "oud"}
	typed := url.Values{"partner": {"999990408"}, "tekst": {"nieuw"}, "_versie": {`"7"`}}
	for name, c := range map[string]struct {
		fits       func(identity.User) bool
		role, step string
		bsn, kvk   string
	}{
		"who asked":           {func(u identity.User) bool { return u.Role == "aanvrager" }, "aanvrager", "aanvullen", "999991802", "69599076"},
		"another who is part": {func(u identity.User) bool { return u.Role == "verhuurder" }, "verhuurder", "instemmen", "999991802", "68750110"},
		"without a number":    {func(u identity.User) bool { return u.Role == "aanvrager" && u.EU != "" }, "aanvrager", "aanvullen", "999991802", "69599076"},
		"a medewerker":        {func(u identity.User) bool { return u.Role == "balie" }, "balie", "verbeteren", "123456782", "69599084"},
	} {
		t.Run(name, func(t *testing.T) {
			b, roles := personBrowser(t)
			p := b.asPerson(roles, c.fits)
			want := c.bsn
			if p.Role == "aanvrager" && p.BSN != "" {
				want = p.BSN
			}
			stored := maps.Clone(stored)
			if c.role == "verhuurder" {
				delete(stored, "verhuurder") // nobody knows yet who it is
			}
			b.at(step{Name: c.step, Title: "Stap", Kind: "form", Role: c.role}, stored)
			_, page := b.get("/zaken/" + testZaak + "/taak")
			if asked := strings.Contains(page, `name="bsn"`); asked != (c.role == "balie") {
				t.Errorf("the number is asked: %t", asked)
			}
			form := url.Values{}
			maps.Copy(form, typed)
			form.Set("_stap", c.step)
			if c.role == "balie" {
				form.Set("bsn", c.bsn)
				form.Set("verhuurder", c.kvk)
			}
			if status, body := b.post("/zaken/"+testZaak+"/taak", form); status != http.StatusOK {
				t.Fatalf("status %d: %s", status, body)
			}
			_, sent := b.layer4.sent(t, "POST /v1/zaken/"+testZaak+"/"+c.step)
			if sent["bsn"] != want || sent["verhuurder"] != c.kvk || sent["tekst"] != "nieuw" {
				t.Errorf("sent %v", sent)
			}
		})
	}
}

// When the record says who the other party is, the address of the zaak shows and
// does nothing for anybody else with that role.
func TestAZaakThatNamesAnotherGuest(t *testing.T) {
	b, roles := personBrowser(t)
	p := b.asPerson(roles, func(u identity.User) bool { return u.Role == "verhuurder" })
	at := step{Name: "instemmen", Title: "Stap", Kind: "form", Role: "verhuurder"}
	b.layer4.respond["GET /v1/zaken/"+testZaak+"/verwerkingen"] = answerJSON(list[handled]{})
	for number, want := range map[string]int{p.KVK: http.StatusOK, "69599076": http.StatusNotFound} {
		b.at(at, map[string]any{"bsn": "999991802", "verhuurder": number, "tekst": "van een ander"})
		for _, path := range []string{"", "/taak", "/gebruik"} {
			if status, page := b.get("/zaken/" + testZaak + path); status != want || want != http.StatusOK && strings.Contains(page, "van een ander") {
				t.Errorf("%s with %s in the record: %d", path, number, status)
			}
		}
		form := url.Values{"tekst": {"nieuw"}, "_versie": {`"7"`}, "_stap": {"instemmen"}, "_sleutel": {""}}
		if status, _ := b.post("/zaken/"+testZaak+"/taak", form); want == http.StatusNotFound && status != want {
			t.Errorf("a form of another guest: %d", status)
		}
	}
}

// A login without the number cannot send a form that needs it, and hears why.
func TestALoginWithoutTheNumber(t *testing.T) {
	b, roles := personBrowser(t)
	b.asPerson(roles, func(u identity.User) bool { return u.EU != "" })
	if status, _ := b.post("/starten", url.Values{"bsn": {"999993653"}, "tekst": {"x"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a number that the login does not give: %d", status)
	}
	status, page := b.post("/starten", url.Values{"tekst": {"x"}})
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", status)
	}
	wants(t, page, `<a href="#veld-bsn">Burgerservicenummer: uw inlog geeft dit nummer niet.`, `id="veld-bsn"`)
}

func TestATypedNumberIsMarkedAsUnchecked(t *testing.T) {
	b, roles := personBrowser(t)
	b.asPerson(roles, func(u identity.User) bool { return u.Role == "balie" })
	b.at(step{Name: "beoordelen", Title: "Beoordelen", Kind: "decide", Role: "balie"}, map[string]any{"bsn": "999991802", "partner": "999990408"})
	for _, path := range []string{"/zaken/" + testZaak, "/zaken/" + testZaak + "/taak"} {
		_, page := b.get(path)
		wants(t, page, "<dt>Nummer van uw partner (niet gecontroleerd)</dt>", "<dt>Burgerservicenummer</dt>")
	}
}

// Whoever looks at a zaak sees that it was begun for another, and by whom.
func TestAZaakShowsForWhomItIsAndWhoBeganIt(t *testing.T) {
	b, roles := personBrowser(t)
	agent := func(u identity.User) bool { return u.Role == "aanvrager" && u.Represents.Known() }
	p := b.asPerson(roles, agent)
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Step: step{Name: "beoordelen", Title: "Beoordelen", Kind: "decide", Role: "balie"}, MaySee: true,
		parties: parties{Applicant: p.Represents.ID, Representative: p.ID}}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	b.layer4.respond["GET /v1/zaken"] = answerJSON(list[zaak]{Count: 1, Results: []zaak{z}})
	b.layer4.respond["GET /v1/taken"] = answerJSON(list[task]{Count: 1, Results: []task{{Zaak: testZaak, Identificatie: "ZAAK-1", parties: z.parties}}})
	const applicant, began = "<dt>Aanvrager</dt><dd>", "<dt>Begonnen door een gemachtigde</dt><dd>"
	_, page := b.get("/zaken/" + testZaak)
	wants(t, page, applicant+p.Represents.Name, began+"uzelf")
	b.asPerson(roles, func(u identity.User) bool { return u.ID == p.Represents.ID && !u.Represents.Known() })
	_, page = b.get("/zaken/" + testZaak)
	wants(t, page, applicant+"uzelf", began+"kenmerk "+p.ID)
	b.asPerson(roles, func(u identity.User) bool { return u.Role == "balie" })
	for _, path := range []string{"/zaken/" + testZaak, "/zaken/" + testZaak + "/taak"} {
		_, page = b.get(path)
		wants(t, page, applicant+"kenmerk "+p.Represents.ID, began+"kenmerk "+p.ID)
	}
	for _, path := range []string{"/zaken", "/taken"} {
		_, page = b.get(path)
		wants(t, page, "(door een gemachtigde)")
	}
}

// A step in the zaak of another is done, and there is no page of it to go to.
func TestWhoTakesPartInTheZaakOfAnotherHearsThatItIsDone(t *testing.T) {
	b, roles := personBrowser(t)
	b.asPerson(roles, func(u identity.User) bool { return u.Role == "verhuurder" })
	b.at(step{Name: "instemmen", Title: "Instemmen", Kind: "form", Role: "verhuurder"}, map[string]any{"tekst": "oud", "bsn": "999993653"})
	_, page := b.get("/zaken/" + testZaak + "/taak")
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/instemmen"] = func(w http.ResponseWriter, r *http.Request) {
		b.layer4.respond["GET /v1/zaken/"+testZaak] = nil
		answerJSON(zaak{ID: testZaak, Identificatie: "ZAAK-1", Step: step{Name: "beoordelen", Title: "Beoordelen"}})(w, r)
	}
	status, page := b.post("/zaken/"+testZaak+"/taak", url.Values{"_stap": {"instemmen"}, "_sleutel": {hidden(page, "_sleutel")}, "_versie": {`"7"`}, "tekst": {"nieuw"}})
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, page)
	}
	wants(t, page, "<h1>Gelukt</h1>", "ZAAK-1")
	if strings.Contains(page, "Zaak bekijken") {
		t.Error("the page leads to a zaak that is not there")
	}
}
