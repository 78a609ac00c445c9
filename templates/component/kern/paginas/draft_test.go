package paginas

import (
	"encoding/base64"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// another is a browser of somebody else at the same site.
func (b *browser) another() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{t: b.t, base: b.base, client: &http.Client{Jar: jar}, layer4: b.layer4}
}

func (b *browser) loginAs(p identity.User) {
	b.t.Helper()
	if status, _ := b.post("/inloggen", url.Values{"persoon": {p.Choice()}, "naar": {"/"}}); status != http.StatusOK {
		b.t.Fatalf("login: %d", status)
	}
}

// TestWhatWasTypedOutlivesTheSession: the answer shows it, and after logging in
// the same person finds the form filled in, and nobody else does.
func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	b := fileSite(t)
	p := b.login("aanvrager")
	form := b.form("/starten")
	form.Set("toelichting", "een <lang> verhaal")
	gone := b.another()
	status, page := gone.send("/starten", form, proof{"bewijs", "foto <1>.pdf", "%PDF"})
	if status != http.StatusForbidden {
		t.Fatalf("status %d", status)
	}
	wants(t, page, "U bent niet meer ingelogd", "niet verstuurd", "wel bewaard", "een &lt;lang&gt; verhaal", "Straat: Weg", "foto &lt;1&gt;.pdf", `href="/inloggen?naar=%2fstarten"`)
	if files := b.held(); len(files) != 1 || files[0].owner != p.ID || files[0].anonymous != "ja" {
		t.Errorf("held: %+v", files)
	}
	for path, k := range b.layer4.kept {
		of, _ := k.(map[string]any)
		content, _ := of["inhoud"].(string)
		if raw, _ := base64.StdEncoding.DecodeString(content); strings.Contains(string(raw), "verhaal") || strings.Contains(path, p.ID) || of["eigenaar"] != p.ID {
			t.Errorf("%s is kept for %q as %q", path, of["eigenaar"], raw)
		}
	}
	other := b.another()
	other.loginAs(testPersonas[1])
	if _, page := other.get("/starten"); strings.Contains(page, "verhaal") || strings.Contains(page, "foto") {
		t.Error("somebody else sees it")
	}
	same := b.another()
	same.loginAs(p)
	_, page = same.get("/starten")
	wants(t, page, "een &lt;lang&gt; verhaal", "foto &lt;1&gt;.pdf (1 kB) is ontvangen.", `value="Plaats"`)
	same.post("/opnieuw", url.Values{"naar": {"/starten"}})
	if _, page = same.get("/starten"); strings.Contains(page, "verhaal") {
		t.Error("beginning again did not forget it")
	}
}

// TestTheKeyBelongsToWhoOpenedTheForm and nothing is kept of what somebody else
// sends with it.
func TestTheKeyBelongsToWhoOpenedTheForm(t *testing.T) {
	b := fileSite(t)
	b.login("aanvrager")
	mine := b.form("/starten")
	other := b.another()
	other.loginAs(testPersonas[1])
	status, page := other.send("/starten", mine, proof{"bewijs", "a.pdf", "x"})
	if status != http.StatusForbidden || len(b.held()) != 0 {
		t.Errorf("status %d, held %d", status, len(b.held()))
	}
	wants(t, page, "geopend door iemand anders")
	if _, page := other.get("/starten"); strings.Contains(page, "Plaats") {
		t.Error("something of it is kept")
	}
	// Who acts for another has another key than when acting for oneself.
	for _, p := range testPersonas {
		if p.Represents.Known() && p.Role == "aanvrager" {
			agent := b.another()
			agent.loginAs(p)
			form := agent.form("/starten")
			self := p
			self.Represents = identity.Person{}
			agent.loginAs(self)
			if status, _ := agent.send("/starten", form); status != http.StatusForbidden {
				t.Errorf("the form for another is sent for oneself: status %d", status)
			}
		}
	}
	for _, key := range []string{"", "x", mine.Get("_sleutel")[1:], mine.Get("_sleutel") + "x", "0198f7a0-0000-7000-8000-000000000001"} {
		form := goodForm()
		form.Set("_sleutel", key)
		status, page := b.send("/starten", form, proof{"bewijs", "a.pdf", "x"})
		if status != http.StatusBadRequest {
			t.Errorf("%q: status %d", key, status)
		}
		wants(t, page, "Dit formulier stond te lang open of is veranderd", `value="Plaats"`, "a.pdf (1 kB) is ontvangen")
		form = goodForm()
		form.Set("_sleutel", hidden(page, "_sleutel"))
		if status, _ := b.send("/starten", form); status != http.StatusOK {
			t.Errorf("the form that came back: status %d", status)
		}
	}
	b.layer4.mu.Lock()
	defer b.layer4.mu.Unlock()
	for _, r := range b.layer4.requests {
		if key := r.Header.Get("Idempotency-Key"); r.URL.Path == "/v1/zaken" && (key == "" || key == mine.Get("_sleutel")) {
			t.Errorf("a zaak with the key %q", key)
		}
	}
}

// A visitor without a login has a key of the session of the browser.
func TestTheKeyOfAVisitorBelongsToTheBrowser(t *testing.T) {
	b := newBrowser(t, func(o *Options) {
		o.Roles = []identity.Role{{Name: "aanvrager", Title: "Aanvrager", Citizen: true, Anonymous: true}, testRoles[1]}
		o.MaxUpload = 1000
		o.Screens[0].Fields = append([]Field{{Name: "bewijs", Label: "Bewijs", Kind: "file", Stored: true}}, testFields...)
	})
	form := b.form("/starten")
	other := b.another()
	other.get("/starten")
	if status, page := other.send("/starten", form); status != http.StatusForbidden || !strings.Contains(page, "iemand anders") {
		t.Errorf("another visitor: status %d", status)
	}
	lost := b.another() // the browser keeps no cookies, or the visit ended
	status, page := lost.send("/starten", form, proof{"bewijs", "a.pdf", "x"})
	if status != http.StatusBadRequest {
		t.Errorf("without a session: status %d", status)
	}
	wants(t, page, `value="Plaats"`, "a.pdf (1 kB) is ontvangen")
	if files := b.held(); len(files) != 1 || files[0].anonymous != "ja" || !strings.HasPrefix(files[0].owner, anonymousPrefix) {
		t.Errorf("held: %+v", files)
	}
	if status, _ := b.send("/starten", form); status != http.StatusOK {
		t.Errorf("the visitor: status %d", status)
	}
}

// When layer 4 is away, the form is there again afterwards.
func TestAnOutageKeepsWhatWasTyped(t *testing.T) {
	b := fileSite(t)
	b.login("aanvrager")
	for status, title := range map[int]string{503: "Dit is even niet bereikbaar", 500: "Er ging iets mis", 502: "De vraag aan een bron is niet gelukt", 409: "Deze stap is al gedaan"} {
		b.layer4.respond["POST /v1/zaken"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, status, "reden") }
		form := b.form("/starten")
		form.Set("toelichting", "een lang verhaal")
		_, page := b.send("/starten", form)
		wants(t, page, title, "wel bewaard", `<a href="/starten">open het formulier opnieuw</a>`)
		_, page = b.get("/starten")
		wants(t, page, "een lang verhaal")
		if k, want := hidden(page, "_sleutel"), form.Get("_sleutel"); k != want {
			t.Error("the same form has another key: it could make a second zaak")
		}
		b.post("/opnieuw", url.Values{"naar": {"/starten"}})
	}
}

// The same holds for a decision, and for a question to the sources.
func TestADecisionOutlivesTheSession(t *testing.T) {
	b := newBrowser(t, func(o *Options) {
		o.Subject = nil
		o.Screens[0].Fields = []Field{{Name: "postcode", Label: "Postcode", Kind: "postcode", Required: true}}
	})
	p := b.login("balie")
	task, ask := "/zaken/"+testZaak+"/taak", "/zaken/"+testZaak+"/bevraging"
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = func(w http.ResponseWriter, _ *http.Request) {
		var f inputFault
		f.Location.Pointer, f.Detail = "/postcode", "ontbreekt"
		problem(w, 400, "x", f)
	}
	_, page := b.get(task)
	gone := b.another()
	for path, form := range map[string]url.Values{
		task: {"_stap": {"beoordelen"}, "uitkomst": {"nee"}, "toelichting": {"een <lange> reden"}}, ask: {"postcode": {"9876 ZZ"}},
	} {
		form.Set("_sleutel", hidden(page, "_sleutel"))
		status, answer := gone.post(path, form)
		if status != http.StatusForbidden {
			t.Errorf("%s: status %d", path, status)
		}
		wants(t, answer, "wel bewaard", `href="/inloggen?naar=%2fzaken%2f`+testZaak+`%2ftaak"`)
	}
	same := b.another()
	same.loginAs(p)
	_, page = same.get(task)
	wants(t, page, "een &lt;lange&gt; reden", `value="nee" checked`, `value="9876 ZZ"`, `value="`+ask+`"`)
}
