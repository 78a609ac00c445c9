package paginas

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// proof is a file that somebody chooses in a form.
type proof struct{ field, name, content string }

// send submits a form with files, as a browser does: the fields first.
func (b *browser) send(path string, form url.Values, files ...proof) (int, string) {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			b.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, f.field, f.name)}, "Content-Type": {"application/pdf"}})
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = io.WriteString(part, f.content)
	}
	_ = w.Close()
	resp, err := b.client.Post(b.base+path, w.FormDataContentType(), &body)
	return b.read(resp, err)
}

var nothingChosen = proof{field: "bewijs"}

// fileSite asks for a file, in the first form and in a later one.
func fileSite(t *testing.T) *browser {
	t.Helper()
	file := Field{Name: "bewijs", Label: "Bewijs", Kind: "file", Stored: true}
	fields := append([]Field{file}, testFields...)
	return newBrowser(t, func(o *Options) {
		o.MaxUpload = 1000
		o.Subject = fields
		o.Screens[0].Fields = fields
		o.Screens = append(o.Screens, Screen{Step: "aanvullen", Kind: "form", Role: "aanvrager", Title: "Aanvullen", Fields: []Field{file, testFields[5]}})
	})
}

func (b *browser) form(path string) url.Values {
	b.t.Helper()
	_, page := b.get(path)
	form := goodForm()
	form.Set("sleutel", hidden(page, "sleutel"))
	return form
}

func (b *browser) held() (all []heldFile) {
	b.layer4.mu.Lock()
	defer b.layer4.mu.Unlock()
	for _, f := range b.layer4.intern.files {
		all = append(all, f)
	}
	return all
}

// TestAMistakeElsewhereKeepsTheFile: the form comes back with everything, and the
// second time nothing has to be chosen again.
func TestAMistakeElsewhereKeepsTheFile(t *testing.T) {
	b := fileSite(t)
	p := b.login("aanvrager")
	form := b.form("/starten")
	form.Set("aantal", "99")
	form.Set("toelichting", "een <lang> verhaal")
	status, page := b.send("/starten", form, proof{"bewijs", "foto <1>.pdf", "%PDF"})
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", status)
	}
	wants(t, page, "Hoogstens 1 kB", "een &lt;lang&gt; verhaal", "foto &lt;1&gt;.pdf (1 kB) is ontvangen.", "Dit bestand houden", "Vervangen door", "Dit bestand verwijderen")
	files := b.held()
	if len(files) != 1 || files[0].owner != p.ID || files[0].content != "%PDF" || files[0].anonymous != "" || files[0].key == "" {
		t.Fatalf("held: %+v", files)
	}
	// Somebody who leaves and comes back finds it again; somebody else does not.
	_, again := b.get("/starten")
	wants(t, again, "een &lt;lang&gt; verhaal", "is ontvangen", `href="#opnieuw"`, `action="/opnieuw"`, `value="`+html.EscapeString(hidden(page, "bewijs.id"))+`"`)
	form = goodForm()
	for _, name := range []string{"sleutel", "bewijs.id"} {
		form.Set(name, hidden(again, name))
	}
	form.Set("bewijs.keuze", "houden")
	if status, page = b.send("/starten", form, nothingChosen); status != http.StatusOK {
		t.Fatalf("status %d: %s", status, page)
	}
	_, body := b.layer4.sent(t, "POST /v1/zaken")
	if file, _ := body["bewijs"].(map[string]any); file["id"] != files[0].ID || len(file) != 1 {
		t.Errorf("sent %v", body["bewijs"])
	}
	if _, page = b.get("/starten"); strings.Contains(page, "verhaal") {
		t.Error("what was sent comes back as a draft")
	}
}

// The form says what is wrong with a file, and keeps what was typed.
func TestAFileThatIsTooLargeLeavesTheRest(t *testing.T) {
	b := fileSite(t)
	b.login("aanvrager")
	for _, size := range []int{1001, 200 << 10} {
		status, page := b.send("/starten", b.form("/starten"), proof{"bewijs", "groot.pdf", strings.Repeat("x", size)})
		if status != http.StatusUnprocessableEntity {
			t.Errorf("%d bytes: status %d", size, status)
		}
		wants(t, page, "Bewijs: het bestand is te groot: hoogstens 1 kB", `href="#veld-bewijs"`, `value="Plaats"`)
	}
	if files := b.held(); len(files) != 0 {
		t.Errorf("held: %+v", files)
	}
	for status, detail := range map[int]string{415: "Dit soort bestand kan niet zonder in te loggen.", 422: "De controle keurt het af.", 429: "Te veel.", 503: "Later opnieuw."} {
		b.layer4.respond["POST /intern/bestanden"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, status, detail) }
		got, page := b.send("/starten", b.form("/starten"), proof{"bewijs", "a.pdf", "x"})
		if got != http.StatusUnprocessableEntity || !strings.Contains(strings.ToLower(page), strings.ToLower(strings.TrimSuffix(detail, "."))) {
			t.Errorf("layer 4 says %d: status %d", status, got)
		}
	}
}

func TestTooMuchIsRefusedWithASentence(t *testing.T) {
	b := fileSite(t)
	b.login("aanvrager")
	many := make([]proof, 10_000)
	for i := range many {
		many[i] = proof{"bewijs", fmt.Sprintf("f%d.pdf", i), "x"}
	}
	status, page := b.send("/starten", b.form("/starten"), many...)
	if status != http.StatusUnprocessableEntity || len(b.held()) != 1 {
		t.Errorf("status %d, %d files are held", status, len(b.held()))
	}
	wants(t, page, "U stuurde te veel bestanden in één formulier", "Bewijs: kies bij deze vraag één bestand", `value="Plaats"`)
	form := b.form("/starten")
	form.Set("onzin", strings.Repeat("x", 2*mostText))
	status, page = b.send("/starten", form)
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", status)
	}
	wants(t, page, "niet alles konden lezen")
	form = url.Values{"sleutel": form["sleutel"]}
	for i := range mostValues + 10 {
		form.Set(fmt.Sprint("v", i), "x")
	}
	if status, _ = b.send("/starten", form); status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d values: status %d", len(form), status)
	}
}

// storedSite has a zaak with a file, at a step where the aanvrager may change it.
func storedSite(t *testing.T) *browser {
	t.Helper()
	b := fileSite(t)
	b.login("aanvrager")
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", MaySee: true, Step: step{Name: "aanvullen", Role: "aanvrager", Kind: "form"},
		Data: map[string]any{"bewijs": file("oud.pdf", "a/b"), "toelichting": "eerst"}}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/aanvullen"] = answerJSON(z)
	return b
}

// TestEmptyIsNotErase: an empty input for a file leaves what is stored; removing
// and replacing are choices.
func TestEmptyIsNotErase(t *testing.T) {
	const stored = "0198f7a0-0000-7000-8000-00000000000b"
	task := "/zaken/" + testZaak + "/taak"
	for name, c := range map[string]struct {
		choice string
		file   proof
		want   string // "" is none, "new" the file that was chosen
		wrong  string
	}{
		"nothing chosen":        {"houden", nothingChosen, stored, ""},
		"another file":          {"vervangen", proof{"bewijs", "nieuw.pdf", "x"}, "new", ""},
		"another file, kept on": {"houden", proof{"bewijs", "nieuw.pdf", "x"}, "new", ""},
		"removed":               {"verwijderen", nothingChosen, "", ""},
		"replaced by nothing":   {"vervangen", nothingChosen, "", "kies het bestand dat ervoor in de plaats komt"},
	} {
		b := storedSite(t)
		_, page := b.get(task)
		wants(t, page, "oud.pdf (1 kB) is ontvangen.", `value="houden" checked`)
		form := url.Values{"bewijs.keuze": {c.choice}, "toelichting": {"daarna"}}
		for _, field := range []string{"sleutel", "versie", "stap", "bewijs.id"} {
			form.Set(field, hidden(page, field))
		}
		status, page := b.send(task, form, c.file)
		if c.wrong != "" {
			wants(t, page, c.wrong, "oud.pdf (1 kB) is ontvangen.", "daarna</textarea>")
			continue
		}
		if status != http.StatusOK {
			t.Errorf("%s: status %d: %s", name, status, page)
		}
		_, body := b.layer4.sent(t, "POST /v1/zaken/"+testZaak+"/aanvullen")
		sent, _ := body["bewijs"].(map[string]any)
		got, _ := sent["id"].(string)
		if files := b.held(); c.want == "new" && len(files) == 1 {
			c.want = files[0].ID
		}
		if got != c.want {
			t.Errorf("%s: sent %q, want %q", name, got, c.want)
		}
	}
}

// A required file cannot be taken away, and one that is gone is asked again.
func TestAFileThatIsGoneIsAskedAgain(t *testing.T) {
	b := fileSite(t)
	b.login("aanvrager")
	form := b.form("/starten")
	form.Set("bewijs.id", "0198f7a0-0000-7000-8000-0000000000ff")
	form.Set("aantal", "99")
	status, page := b.send("/starten", form)
	if status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", status)
	}
	wants(t, page, "Bewijs: het bestand dat u eerder koos is er niet meer; kies het opnieuw", `href="#veld-bewijs"`)
}

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
	for _, key := range []string{"", "x", mine.Get("sleutel")[1:], mine.Get("sleutel") + "x", "0198f7a0-0000-7000-8000-000000000001"} {
		form := goodForm()
		form.Set("sleutel", key)
		status, page := b.send("/starten", form, proof{"bewijs", "a.pdf", "x"})
		if status != http.StatusBadRequest {
			t.Errorf("%q: status %d", key, status)
		}
		wants(t, page, "Dit formulier stond te lang open of is veranderd", `value="Plaats"`, "a.pdf (1 kB) is ontvangen")
		form = goodForm()
		form.Set("sleutel", hidden(page, "sleutel"))
		if status, _ := b.send("/starten", form); status != http.StatusOK {
			t.Errorf("the form that came back: status %d", status)
		}
	}
	b.layer4.mu.Lock()
	defer b.layer4.mu.Unlock()
	for _, r := range b.layer4.requests {
		if key := r.Header.Get("Idempotency-Key"); r.URL.Path == "/v1/zaken" && (key == "" || key == mine.Get("sleutel")) {
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
	for status, title := range map[int]string{503: "Dit is even niet bereikbaar", 500: "Er ging iets mis", 409: "Deze stap is al gedaan"} {
		b.layer4.respond["POST /v1/zaken"] = func(w http.ResponseWriter, _ *http.Request) { problem(w, status, "reden") }
		form := b.form("/starten")
		form.Set("toelichting", "een lang verhaal")
		_, page := b.send("/starten", form)
		wants(t, page, title, "wel bewaard", `<a href="/starten">open het formulier opnieuw</a>`)
		_, page = b.get("/starten")
		wants(t, page, "een lang verhaal")
		if k, want := hidden(page, "sleutel"), form.Get("sleutel"); k != want {
			t.Error("the same form has another key: it could make a second zaak")
		}
		b.post("/opnieuw", url.Values{"naar": {"/starten"}})
	}
}
