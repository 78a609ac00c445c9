package paginas

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// What is sealed counts as long as it says, and no longer: the browser of a
// visitor may keep a cookie and a page for ever.
func TestWhatIsSealedEnds(t *testing.T) {
	s, err := newSessions(Options{Name: "proef"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &oidcLogin{ways: []*way{{OIDC: OIDC{Prefix: "OIDC_", Issuer: "https://niet.test"}}}}
	for after, want := range map[time.Duration]bool{time.Minute: true, -time.Minute: false} {
		until := time.Now().Add(after)
		r := httptest.NewRequest(http.MethodGet, "/inloggen/terug?state=x&iss=ander", nil)
		add := func(kind, beginning, purpose string, value any) {
			sealed, err := s.sealed(purpose, value)
			if err != nil {
				t.Fatal(err)
			}
			r.AddCookie(&http.Cookie{Name: s.cookieName(r, kind), Value: beginning + sealed})
		}
		add("sessie", inCookie, "bezoek", session{User: newAnonymous("melder"), Expires: until})
		if found, err := s.read(r); err != nil || found.User.Known() != want {
			t.Errorf("a session until %s from now: %v %v", after, found.User, err)
		}

		v := &visit{site: &site{sessions: s}, w: httptest.NewRecorder(), r: r}
		key, err := s.sealed(keyPurpose, formKey{ID: "een", User: "p-een", Until: until})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := v.readKey(key); ok != want {
			t.Errorf("a form until %s from now: %t", after, ok)
		}

		add("inloggen", "", "inloggen", pending{Way: "niemand", State: "x", Expires: until})
		if _, _, err := l.returned(v); err == nil || strings.Contains(err.Error(), "state") == want {
			t.Errorf("a login until %s from now: %v", after, err)
		}
	}
}

// An answer to a login that this browser did not begin would log somebody in as
// whoever sent it.
func TestOIDCStateIsOfThisBrowser(t *testing.T) {
	p := newProvider(t)
	b := oidcBrowser(t, p)
	b.policy = "*"
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/inloggen/terug" { // the provider has sent the browser back
			return http.ErrUseLastResponse
		}
		return nil
	}
	for _, state := range []string{"", "&state=", "&state=iets-anders"} {
		if status, _ := b.get("/inloggen"); status != http.StatusFound {
			t.Fatalf("status %d", status)
		}
		if status, _ := b.get("/inloggen/terug?code=eenmalig" + state); status != http.StatusForbidden {
			t.Errorf("state %q: %d", state, status)
		}
	}
}

// What somebody typed for another is not for that somebody's own form.
func TestADraftIsOfWhomItIsFor(t *testing.T) {
	b := fileSite(t)
	for _, p := range testPersonas {
		if !p.Represents.Known() || p.Role != "aanvrager" {
			continue
		}
		agent := b.another()
		agent.loginAs(p)
		form := agent.form("/starten")
		form.Set("aantal", "99")
		form.Set("toelichting", "van een ander")
		if status, _ := agent.send("/starten", form); status != http.StatusUnprocessableEntity {
			t.Fatalf("status %d", status)
		}
		_, page := agent.get("/starten")
		wants(t, page, "van een ander")
		self := p
		self.Represents = identity.Person{}
		own := b.another()
		own.loginAs(self)
		if _, page := own.get("/starten"); strings.Contains(page, "van een ander") {
			t.Error("a draft for another is in the form for oneself")
		}
		return
	}
	t.Error("nobody acts for another")
}

// Of a visitor who did not log in no more is kept than people type.
func TestLittleIsKeptOfAVisitor(t *testing.T) {
	b := newBrowser(t, func(o *Options) {
		o.Roles = []identity.Role{{Name: "aanvrager", Title: "Aanvrager", Citizen: true, Anonymous: true}, testRoles[1]}
		o.Screens[0].Fields = testFields
	})
	for size, want := range map[int]int{1000: 1, mostDraft: 0} {
		clear(b.layer4.kept)
		form := goodForm()
		form.Set("toelichting", strings.Repeat("x", size))
		form.Set("aantal", "99")
		status, page := b.another().post("/starten", form)
		if status < 400 || strings.Count(page, "x") < size || len(b.layer4.kept) != want {
			t.Errorf("%d bytes: status %d, kept %d", size, status, len(b.layer4.kept))
		}
	}
}

// The ID token goes over TLS, wherever a provider says that one logs out.
func TestOIDCLogsOutOverTLS(t *testing.T) {
	for address, want := range map[string]bool{"https://inlog.test/uit": true, "http://inlog.test/uit": false, "javascript://inlog.test/%0aalert(1)": false, "/uit": false, "//inlog.test/uit": false, "": false, "https://": false, ":": false} {
		if got := wayOut(address, "https://inlog.test"); (got == address && got != "") != want {
			t.Errorf("%q: %q", address, got)
		}
	}
	if wayOut("http://localhost:1/uit", "http://localhost:1") == "" || wayOut("javascript://x/", "http://localhost:1") != "" {
		t.Error("a provider to try with")
	}
}

// A form with more inputs than any of ours is not read to its end.
func TestAFormOfManyInputs(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("aanvrager")
	for _, name := range []string{"n", "n%d"} {
		form := goodForm()
		for i := range mostValues + 1 {
			if name == "n" {
				form.Add(name, "x")
			} else {
				form.Set(strings.Replace(name, "%d", strconv.Itoa(i), 1), "x")
			}
		}
		if status, _ := b.post("/starten", form); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: status %d", name, status)
		}
	}
}

// Whoever logs in with a number finds back what began under the id of before that
// number made it. A medewerker has the same id, and of who acts for another nobody
// knows whose id it was.
func TestOIDCFindsBackWhatWasBegunBefore(t *testing.T) {
	p := newProvider(t)
	p.claims["bsn"] = "999993653"
	for role, want := range map[string]bool{"groep-burger": true, "groep-balie": false, "groep-burger namens": false} {
		p.claims["realm_access"] = map[string]any{"roles": strings.Fields(role)[:1]}
		p.claims["namens"] = map[bool]string{true: "999990408"}[strings.HasSuffix(role, "namens")]
		b := oidcBrowser(t, p, "OIDC_REPRESENTED_BSN_CLAIM=namens")
		var got map[string]any
		b.layer4.respond["POST /intern/personen"] = func(w http.ResponseWriter, _ *http.Request) {
			got = b.layer4.bodies[len(b.layer4.bodies)-1]
			w.WriteHeader(http.StatusNoContent)
		}
		if _, page := b.get("/inloggen?naar=/toegankelijkheid"); !strings.Contains(page, "Uitloggen") {
			t.Fatal(page)
		}
		if (got != nil) != want || want && (got["van"] != identity.Pseudonym(p.URL, p.subject) || got["naar"] != testKey.PersonID(logboek.BSN, "999993653")) {
			t.Errorf("%s: %v", role, got)
		}
	}
	p.claims["realm_access"] = map[string]any{"roles": []string{"groep-burger"}}
	b := oidcBrowser(t, p)
	b.layer4.respond["POST /intern/personen"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, 503, "weg") }
	if status, page := b.get("/inloggen?naar=/toegankelijkheid"); status != http.StatusOK || !strings.Contains(page, "Uitloggen") {
		t.Errorf("logging in stops: %d %s", status, page)
	}
}

// Of whom the name goes along is who works for the organisation.
func TestTheNameOfACitizenStaysHere(t *testing.T) {
	for _, role := range []string{"aanvrager", "balie"} {
		b := newBrowser(t, nil)
		b.layer4.respond["GET /v1/zaken"] = answerJSON(list[zaak]{})
		b.login(role)
		b.get("/zaken")
		req, _ := b.layer4.sent(t, "GET /v1/zaken")
		if name := req.Header.Get(identity.HeaderName); (name != "") != (role == "balie") {
			t.Errorf("%s: %q", role, name)
		}
	}
}
