package proef

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Bezoeker is a person with a browser.
type Bezoeker struct {
	Persoon identity.User

	t      *testing.T
	proef  *Proef
	client *http.Client
}

// Pagina is what the browser shows.
type Pagina struct {
	Status int
	Pad    string
	Tekst  string // HTML
}

// Bezoeker opens a browser and logs in as the first persona with the role;
// without a role it stays a visitor.
func (p *Proef) Bezoeker(roles []identity.Role, role string) *Bezoeker {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	b := &Bezoeker{t: p.t, proef: p, client: &http.Client{Jar: jar, Timeout: time.Minute}}
	if role == "" {
		return b
	}
	for _, persona := range identity.Personas(roles) {
		if persona.Rol == role {
			b.Persoon = persona
			break
		}
	}
	page := b.post("/inloggen", url.Values{"persoon": {b.Persoon.ID}, "naar": {"/"}})
	if page.Status != http.StatusOK || !strings.Contains(page.Tekst, html.EscapeString(b.Persoon.Naam)) {
		p.t.Fatalf("inloggen als %s: status %d", role, page.Status)
	}
	return b
}

// Header is how the APIs know this person.
func (b *Bezoeker) Header() http.Header {
	h := http.Header{}
	b.Persoon.SetHeaders(h)
	return h
}

// Open visits a page.
func (b *Bezoeker) Open(path string) Pagina {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base()+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req)
}

func (b *Bezoeker) base() string { return b.proef.running.URLs[start.Interactie] }

func (b *Bezoeker) post(path string, form url.Values) Pagina {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base()+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

func (b *Bezoeker) do(req *http.Request) Pagina {
	b.t.Helper()
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, secret := range b.proef.opzet.geheim {
		if secret != "" && strings.Contains(resp.Request.URL.String(), secret) {
			b.t.Error("een persoonsnummer staat in het adres van een pagina")
		}
	}
	return Pagina{resp.StatusCode, resp.Request.URL.Path, string(raw)}
}

// Veld is one answer in a form, in JSON notation.
type Veld struct {
	paginas.Field
	Waarde any
}

func (f Veld) json() []byte {
	raw, err := json.Marshal(f.Waarde)
	if err != nil {
		panic(err) // it came from JSON
	}
	return raw
}

var (
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	heading     = regexp.MustCompile(`(?s)<h1>(.*?)</h1>`)
	summary     = regexp.MustCompile(`(?s)<div class="foutlijst">(.*?)</div>`)
)

// Kop is the heading of the page.
func (p Pagina) Kop() string {
	if m := heading.FindStringSubmatch(p.Tekst); m != nil {
		return html.UnescapeString(strings.TrimSpace(m[1]))
	}
	return ""
}

// Fouten is the list of mistakes on the page, for a message.
func (p Pagina) Fouten() string {
	if m := summary.FindStringSubmatch(p.Tekst); m != nil {
		return m[1]
	}
	return p.Kop()
}

// Invullen fills in the form with the action on the page and submits it.
func (b *Bezoeker) Invullen(page Pagina, action string, fields []Veld) Pagina {
	b.t.Helper()
	_, form, found := strings.Cut(page.Tekst, `action="`+action+`"`)
	if !found {
		b.t.Fatalf("%s heeft geen formulier naar %s; de kop is %q", page.Pad, action, page.Kop())
	}
	form, _, _ = strings.Cut(form, "</form>")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	write := func(name, value string) {
		if !strings.Contains(form, `name="`+name+`"`) {
			b.t.Errorf("het formulier op %s vraagt niet om %s", page.Pad, name)
		}
		if err := w.WriteField(name, value); err != nil {
			b.t.Fatal(err)
		}
	}
	for _, m := range hiddenInput.FindAllStringSubmatch(form, -1) {
		write(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	for _, f := range fields {
		if f.control() == value.Upload {
			b.attach(w, f)
			continue
		}
		for name, value := range f.inputs(b.t, form) {
			write(name, value)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base()+action, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func (b *Bezoeker) attach(w *multipart.Writer, f Veld) {
	b.t.Helper()
	var a struct{ Naam, Mediatype, Inhoud string }
	if err := json.Unmarshal(f.json(), &a); err != nil {
		b.t.Fatal(err)
	}
	content, err := base64.StdEncoding.DecodeString(a.Inhoud)
	if err != nil {
		b.t.Fatal(err)
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, f.Naam, a.Naam)},
		"Content-Type":        {a.Mediatype},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		b.t.Fatal(err)
	}
}

// control is how the form asks for the field.
func (f Veld) control() value.Control {
	k, _ := value.Of(f.Soort)
	return k.Control
}

// inputs spreads an answer over the inputs of its field, as it is typed.
func (f Veld) inputs(t *testing.T, form string) map[string]string {
	t.Helper()
	all := map[string]string{}
	if f.control() == value.ReferenceList { // whatever there is to choose
		_, choices, _ := strings.Cut(form, `name="`+f.Naam+`"`)
		choices, _, _ = strings.Cut(choices, "</select>")
		if m := regexp.MustCompile(`<option value="([^"]+)"`).FindStringSubmatch(choices); m != nil {
			all[f.Naam] = m[1]
			return all
		}
		t.Fatalf("er valt bij %s niets te kiezen", f.Naam)
	}
	for name, values := range paginas.Typed(f.Field, f.Waarde) {
		all[name] = values[0]
	}
	return all
}
