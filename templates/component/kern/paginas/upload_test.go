package paginas

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
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
	form.Set("_sleutel", hidden(page, "_sleutel"))
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
	for _, name := range []string{"_sleutel", "bewijs.id"} {
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

// Layer 4 may answer before it has the whole file; the rest of the form is read all
// the same.
func TestAnAnswerBeforeTheEndOfAFile(t *testing.T) {
	b := fileSite(t)
	b.login("aanvrager")
	b.layer4.respond["POST /intern/bestanden"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		problem(w, 429, "Te veel bestanden.")
	}
	for range 20 {
		form := b.form("/starten")
		status, page := b.send("/starten", form, proof{"bewijs", "a.pdf", strings.Repeat("x", 900)}, proof{"onzin", "b.pdf", strings.Repeat("y", 1<<20)})
		if status != http.StatusUnprocessableEntity {
			t.Fatalf("status %d", status)
		}
		wants(t, page, `value="Plaats"`)
	}
	l := &limited{r: strings.NewReader("xyz"), most: 9}
	if l.stop() {
		t.Error("too much of nothing")
	}
	if n, err := l.Read(make([]byte, 3)); n != 0 || err == nil {
		t.Error("what was stopped reads on")
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
	form = url.Values{"_sleutel": form["_sleutel"]}
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
		for _, field := range []string{"_sleutel", "_versie", "_stap", "bewijs.id"} {
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

	// When layer 4 says it, it is said once.
	form.Set("aantal", "3")
	b.layer4.respond["POST /v1/zaken"] = func(w http.ResponseWriter, _ *http.Request) {
		var f inputFault
		f.Location.Pointer, f.Detail = "/bewijs", "Dit bestand is er niet meer; kies het opnieuw."
		problem(w, 400, "x", f)
	}
	_, page = b.send("/starten", form)
	if n := strings.Count(page, `href="#veld-bewijs"`); n != 1 {
		t.Errorf("the mistake is there %d times: %s", n, page)
	}
}
