package paginas

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

func citizen(p *provider) {
	p.claims["realm_access"] = map[string]any{"roles": []string{"groep-burger"}}
}

// The order of levels is the setting's: asked is what is high enough, and what
// comes back must be on that list.
func TestOIDCLevels(t *testing.T) {
	settings := []string{"OIDC_LEVELS=laag, midden ,hoog", "OIDC_CITIZEN_MINIMUM=midden"}
	for acr, want := range map[any]int{"laag": 403, "midden": 200, "hoog": 200, "": 403, "HOOG": 403, 7: 403, nil: 403} {
		p := newProvider(t)
		citizen(p)
		if acr != nil {
			p.claims["acr"] = acr
		}
		b := oidcBrowser(t, p, settings...)
		status, body := b.get("/inloggen")
		if status != want {
			t.Errorf("acr %v: %d", acr, status)
		}
		if status == 403 && !strings.Contains(body, "niveau") && !strings.Contains(body, "hoe zeker") {
			t.Errorf("acr %v: the page does not say why: %s", acr, body)
		}
		// A medewerker may come with laag, so that is asked as well.
		if got := p.asked.Get("acr_values"); got != "laag midden hoog" {
			t.Errorf("asked %q", got)
		}
	}
	p := newProvider(t)
	p.claims["acr"] = "laag"
	if status, _ := oidcBrowser(t, p, settings...).get("/inloggen"); status != 200 {
		t.Errorf("a medewerker with a level that is enough: %d", status)
	}
	p = newProvider(t)
	citizen(p)
	p.claims["acr"] = "hoog"
	b := oidcBrowser(t, p, "OIDC_LEVELS=laag,midden,hoog", "OIDC_MINIMUM=midden")
	if status, _ := b.get("/inloggen"); status != 200 || p.asked.Get("acr_values") != "midden hoog" {
		t.Errorf("status %d, asked %q", status, p.asked.Get("acr_values"))
	}
}

// Every audience can have a provider of its own, which gives no roles of another.
func TestOIDCPerAudience(t *testing.T) {
	p := newProvider(t)
	p.claims["realm_access"] = map[string]any{"roles": []string{"groep-burger", "balie"}}
	citizens := []string{"OIDC_CITIZEN_ISSUER=ISSUER", "OIDC_CITIZEN_CLIENT_ID=client", "OIDC_CITIZEN_CLIENT_SECRET=geheim",
		"OIDC_CITIZEN_ROLE_CLAIM=realm_access.roles", "OIDC_CITIZEN_ROLE_MAP=groep-burger=aanvrager", "OIDC_ROLE_MAP=groep-balie=balie"}
	b := oidcBrowser(t, p, citizens...)
	_, body := b.get("/inloggen?naar=/toegankelijkheid")
	wants(t, body, "als=citizen", "als=iedereen", "Aanvrager", "Medewerker balie")
	_, body = b.get("/inloggen?als=citizen&naar=/toegankelijkheid")
	wants(t, body, `<span class="rol">Aanvrager</span>`, "<h1>Toegankelijkheid</h1>")
	if strings.Contains(body, "Verder als") {
		t.Error("the provider of inwoners made somebody a medewerker")
	}
	// An answer of one provider does not finish the login at the other.
	b = oidcBrowser(t, p, citizens...)
	p.back = map[string]string{"iss": "https://ander.test"}
	if status, _ := b.get("/inloggen?als=citizen"); status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
	if status, _ := b.get("/inloggen?als=koning"); status != http.StatusOK {
		t.Errorf("an unknown way is asked again: %d", status)
	}
}

func TestOIDCDefaultRoleIsForWhoHasNoRoleClaim(t *testing.T) {
	for _, claims := range []map[string]any{{"realm_access": map[string]any{"roles": []string{"groep-anders"}}}, {"realm_access": map[string]any{"roles": ""}}} {
		p := newProvider(t)
		p.claims = claims
		if status, _ := oidcBrowser(t, p, "OIDC_DEFAULT_ROLE=aanvrager").get("/inloggen"); status != http.StatusForbidden {
			t.Errorf("%v became aanvrager: %d", claims, status)
		}
	}
	p := newProvider(t)
	p.claims = map[string]any{}
	if status, _ := oidcBrowser(t, p, "OIDC_DEFAULT_ROLE=aanvrager").get("/inloggen"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
}

// Who acts for another is known by both: the login says so.
func TestOIDCRepresentation(t *testing.T) {
	settings := []string{"OIDC_REPRESENTED_BSN_CLAIM=namens.bsn", "OIDC_REPRESENTED_NAME_CLAIM=namens.naam"}
	p := newProvider(t)
	citizen(p)
	p.claims["bsn"], p.claims["namens"] = "999990408", map[string]any{"bsn": "999993653", "naam": "Noor van Toetsen"}
	b := oidcBrowser(t, p, settings...)
	b.layer4.respond["GET /v1/zaken"] = answerJSON(list[zaak]{})
	_, body := b.get("/inloggen?naar=/zaken")
	wants(t, body, "U handelt namens", "Noor van Toetsen")
	req, _ := b.layer4.sent(t, "GET /v1/zaken")
	if got := req.Header.Get(identity.HeaderID); got != testKey.PersonID(logboek.BSN, "999990408") {
		t.Errorf("acts: %s", got)
	}
	if got := req.Header.Get(identity.HeaderRepresents); got != testKey.PersonID(logboek.BSN, "999993653") {
		t.Errorf("represented: %s", got)
	}
	for _, odd := range []any{map[string]any{"bsn": "123456789"}, []any{map[string]any{"bsn": "999993653"}}, "999993653", 999993653, true} { // never taken for "nobody"
		p.claims["namens"] = odd
		b = oidcBrowser(t, p, settings...)
		status, body := b.get("/inloggen")
		if status != http.StatusForbidden || strings.Contains(body, "andere rol") {
			t.Errorf("half an authorisation, %v: %d", odd, status)
		}
		wants(t, body, "<h1>Inloggen is niet gelukt</h1>")
	}
	for _, none := range []any{nil, "", []any{}, map[string]any{}, map[string]any{"bsn": nil}} {
		p.claims["namens"] = none
		b = oidcBrowser(t, p, settings...)
		if status, _ := b.get("/inloggen"); status != http.StatusOK {
			t.Errorf("no authorisation, %v: %d", none, status)
		}
	}
}

// Logging out ends the session wherever its cookie is, and at the provider.
func TestOIDCLogoutEndsEverything(t *testing.T) {
	p := newProvider(t)
	var ended url.Values
	p.discovery = map[string]any{"end_session_endpoint": p.URL + "/uit?x=1"}
	p.Config.Handler.(*http.ServeMux).HandleFunc("/uit", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		ended = r.Form
		w.Header().Set("Content-Security-Policy", policy)
	})
	b := oidcBrowser(t, p)
	b.policy = "*"
	b.get("/inloggen")
	site, _ := url.Parse(b.base)
	old := b.client.Jar.Cookies(site)
	resp, err := b.client.Get(b.base + "/toegankelijkheid")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if got := resp.Header.Get("Content-Security-Policy"); !strings.Contains(got, "form-action 'self' "+p.URL+";") {
		t.Errorf("a browser would not go to the provider: %s", got)
	}
	b.post("/uitloggen", nil)
	if ended.Get("id_token_hint") == "" || ended.Get("post_logout_redirect_uri") != b.base+"/" || ended.Get("x") != "1" {
		t.Errorf("the provider got %v", ended)
	}
	b.client.Jar.SetCookies(site, old)
	if _, body := b.get("/toegankelijkheid"); strings.Contains(body, "Uitloggen") {
		t.Error("an old cookie still works")
	}
	if len(b.layer4.kept) > 0 {
		t.Errorf("layer 1 still keeps %d sessions", len(b.layer4.kept))
	}

	// A token with a burgerservicenummer does not go in an address.
	citizen(p)
	p.claims["bsn"], ended = "999993653", nil
	b.get("/inloggen")
	_, body := b.post("/uitloggen", nil)
	wants(t, body, `<form method="post" action="`+p.URL+`/uit?x=1">`, `name="id_token_hint"`)
	if ended != nil {
		t.Error("the token went in an address")
	}

	// Nor does one of which no setting says that it has the number.
	p = newProvider(t)
	citizen(p)
	p.claims["bsn"], p.discovery = "999993653", map[string]any{"end_session_endpoint": p.URL + "/uit"}
	b = oidcBrowser(t, p, "OIDC_BSN_CLAIM=")
	b.policy = "*"
	b.get("/inloggen")
	_, body = b.post("/uitloggen", nil)
	wants(t, body, `<form method="post" action="`+p.URL+`/uit">`, `name="id_token_hint"`)
}

func TestOIDCCompany(t *testing.T) {
	roles := []identity.Role{{Name: "ondernemer", Company: true}, {Name: "inwoner", Citizen: true}, {Name: "balie"}}
	self := identity.User{ID: "p-sub", Name: "Iemand", BSN: "999993653", KVK: "68750110", Branch: "000037178598", Represents: identity.Person{KVK: "69599084", BSN: "999990408"}}
	company := inRole(self, roles[0], testKey)
	if company.ID != testKey.PersonID(logboek.KVK, "68750110") || company.BSN != "" || company.Applicant().Number("kvk") != "69599084" {
		t.Errorf("company %+v", company)
	}
	person := inRole(self, roles[1], testKey)
	if person.ID != testKey.PersonID(logboek.BSN, "999993653") || person.KVK != "" || person.Applicant().Number("bsn") != "999990408" {
		t.Errorf("citizen %+v", person)
	}
	employee := inRole(self, roles[2], testKey)
	if employee != (identity.User{ID: "p-sub", Name: "Iemand", Role: "balie"}) {
		t.Errorf("employee %+v", employee)
	}
	self.Represents = identity.Person{BSN: "999990408"}
	if !inRole(self, roles[0], testKey).Represents.Known() {
		t.Error("a company that acts for a citizen acts for itself")
	}
	self.Represents = identity.Person{BSN: "999993653"}
	if inRole(self, roles[1], testKey).Represents.Known() {
		t.Error("somebody acts for themselves")
	}
}

func TestLoginFaultsNameEverySetting(t *testing.T) {
	roles := []identity.Role{{Name: "ondernemer", Title: "Ondernemer", Company: true}, {Name: "melder", Title: "Melder", Citizen: true, Anonymous: true}, {Name: "balie", Title: "Balie"}}
	env := map[string]string{"OIDC_EMPLOYEE_ISSUER": "http://intern.test", "OIDC_EMPLOYEE_LEVELS": "1,2", "OIDC_EMPLOYEE_MINIMUM": "3"}
	got := strings.Join(LoginFaults(roles, func(name string) string { return env[name] }), "\n")
	wants(t, got, "OIDC_COMPANY_ISSUER ontbreekt", "OIDC_EMPLOYEE_CLIENT_ID ontbreekt", "OIDC_EMPLOYEE_REDIRECT_URL ontbreekt", "OIDC_EMPLOYEE_ISSUER is geen adres met https", "OIDC_EMPLOYEE_LEVELS")
	if strings.Contains(got, "CITIZEN") || strings.Contains(got, "intern.test") {
		t.Errorf("too much: %s", got)
	}
}

// A level that is asked of an audience without a provider of its own is asked of
// nobody, and that must not go by in silence.
func TestLoginFaultsNameWhatIsNotRead(t *testing.T) {
	roles := []identity.Role{{Name: "inwoner", Title: "Inwoner", Citizen: true}}
	env := map[string]string{"OIDC_ISSUER": "https://inlog.test", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b", "OIDC_REDIRECT_URL": "https://hier.test/inloggen/terug",
		"OIDC_CITIZEN_LEVELS": "laag,hoog", "OIDC_CITIZEN_BSN_CLAIM": "bsn"}
	got := LoginFaults(roles, func(name string) string { return env[name] })
	if len(got) != 2 || !strings.HasPrefix(got[0], "OIDC_CITIZEN_BSN_CLAIM telt niet") || !strings.HasPrefix(got[1], "OIDC_CITIZEN_LEVELS telt niet") {
		t.Errorf("faults %q", got)
	}
	env["OIDC_LEVELS"], env["OIDC_CITIZEN_MINIMUM"] = "laag,hoog", "hoog" // this one is read
	delete(env, "OIDC_CITIZEN_LEVELS")
	delete(env, "OIDC_CITIZEN_BSN_CLAIM")
	if got := LoginFaults(roles, func(name string) string { return env[name] }); len(got) > 0 {
		t.Errorf("faults %q", got)
	}
}

// The minimum of citizens is on the list of their own provider, and need not be on
// that of everybody else.
func TestTheMinimumOfAnAudienceIsOfItsOwnProvider(t *testing.T) {
	roles := []identity.Role{{Name: "inwoner", Title: "Inwoner", Citizen: true}, {Name: "balie", Title: "Balie"}}
	env := map[string]string{"OIDC_CITIZEN_LEVELS": "laag,midden,hoog", "OIDC_CITIZEN_MINIMUM": "midden"}
	for _, prefix := range []string{"OIDC_", "OIDC_CITIZEN_"} {
		env[prefix+"ISSUER"], env[prefix+"CLIENT_ID"], env[prefix+"CLIENT_SECRET"], env[prefix+"REDIRECT_URL"] = "https://inlog.test", "x", "y", "https://hier.test/inloggen/terug"
	}
	read := func(name string) string { return env[name] }
	if faults := LoginFaults(roles, read); len(faults) > 0 {
		t.Error(faults)
	}
	env["OIDC_EMPLOYEE_MINIMUM"] = "hoog"
	wants(t, strings.Join(LoginFaults(roles, read), "\n"), "OIDC_LEVELS noemt het niveau niet")
}

// Two components on one laptop share the cookies of localhost.
func TestCookiesOfTwoPortsLiveSideBySide(t *testing.T) {
	one, two := newBrowser(t, nil), newBrowser(t, nil)
	two.client.Jar = one.client.Jar
	one.login("aanvrager")
	two.login("aanvrager")
	if _, body := one.get("/"); !strings.Contains(body, "Uitloggen") {
		t.Error("logging in on the second logged out the first")
	}
}

// TestTheWayBackExists: an address to come back to that is none of ours is found at the
// start and not by the first who logs in.
func TestTheWayBackExists(t *testing.T) {
	for back, right := range map[string]bool{"https://zaken.test/inloggen/terug": true, "https://zaken.test/terug": false, "https://zaken.test": false, "https://zaken.test/inloggen/terug/": false} {
		env := map[string]string{"OIDC_ISSUER": "https://inloggen.test", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "x", "OIDC_REDIRECT_URL": back}
		got := strings.Join(LoginFaults([]identity.Role{{Name: "balie", Title: "Balie"}}, func(name string) string { return env[name] }), "\n")
		if said := strings.Contains(got, "OIDC_REDIRECT_URL eindigt niet op /inloggen/terug"); said == right {
			t.Errorf("%s: %s", back, got)
		}
	}
}
