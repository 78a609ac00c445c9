package proef

import (
	"bytes"
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
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Visitor is a person with a browser.
type Visitor struct {
	Person identity.User

	t      *testing.T
	trial  *Trial
	client *http.Client
}

// Page is what the browser shows.
type Page struct {
	Status int
	Path   string
	Text   string // HTML
}

// Visitor opens a browser and logs in as the first persona with the role;
// without a role it stays a visitor.
func (p *Trial) Visitor(roles []identity.Role, role string) *Visitor {
	p.t.Helper()
	for _, persona := range personas(p.t, roles, p.setup.Course.Variant) {
		if persona.Role == role {
			return p.visitorAs(persona)
		}
	}
	return p.visitorAs(identity.User{})
}

// visitorAs opens a browser and logs in as a persona; as nobody it stays a visitor.
func (p *Trial) visitorAs(who identity.User) *Visitor {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	v := &Visitor{Person: who, t: p.t, trial: p, client: &http.Client{Jar: jar, Timeout: time.Minute}}
	if !who.Known() {
		return v
	}
	page := v.post("/inloggen", url.Values{"persoon": {who.Choice()}, "naar": {"/"}})
	if page.Status != http.StatusOK || !strings.Contains(page.Text, html.EscapeString(who.Name)) {
		p.t.Fatalf("inloggen als %s: status %d", who.Role, page.Status)
	}
	return v
}

// personas are the invented persons that one can log in as.
func personas(t *testing.T, roles []identity.Role, variant int) []identity.User {
	t.Helper()
	key, err := logboek.ReadKey(func(string) string { return "" }, false) // as a component on a laptop
	if err != nil {
		t.Fatal(err)
	}
	return identity.Personas(roles, variant, key.PersonID)
}

// Header is how the APIs know this person.
func (v *Visitor) Header() http.Header {
	h := http.Header{}
	v.Person.SetHeaders(h)
	return h
}

// Open visits a page.
func (v *Visitor) Open(path string) Page {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.base()+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(req)
}

func (v *Visitor) base() string { return v.trial.running.URLs[start.LayerInteraction] }

func (v *Visitor) post(path string, form url.Values) Page {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.base()+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(req)
}

func (v *Visitor) do(req *http.Request) Page {
	v.t.Helper()
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, secret := range v.trial.setup.secrets {
		if secret != "" && strings.Contains(resp.Request.URL.String(), secret) {
			v.t.Error("een persoonsnummer staat in het adres van een pagina")
		}
	}
	return Page{resp.StatusCode, resp.Request.URL.Path, string(raw)}
}

// Field is one answer in a form, in JSON notation.
type Field struct {
	paginas.Field
	Value any

	large int64 // of a file: how many bytes it has, when it is not a small one
}

func (f Field) json() []byte {
	raw, err := json.Marshal(f.Value)
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

// Heading is the heading of the page.
func (p Page) Heading() string {
	if m := heading.FindStringSubmatch(p.Text); m != nil {
		return html.UnescapeString(strings.TrimSpace(m[1]))
	}
	return ""
}

// Mistakes is the list of mistakes on the page, for a message.
func (p Page) Mistakes() string {
	if m := summary.FindStringSubmatch(p.Text); m != nil {
		return m[1]
	}
	return p.Heading()
}

// FillIn fills in the form with the action on the page and submits it.
func (v *Visitor) FillIn(page Page, action string, fields []Field) Page {
	v.t.Helper()
	_, form, found := strings.Cut(page.Text, `action="`+action+`"`)
	if !found {
		v.t.Fatalf("%s heeft geen formulier naar %s; de kop is %q", page.Path, action, page.Heading())
	}
	form, _, _ = strings.Cut(form, "</form>")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	v.compose(w, page, form, fields)
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.base()+action, &body)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(req)
}

// compose writes what is filled in, the hidden inputs first.
func (v *Visitor) compose(w *multipart.Writer, page Page, form string, fields []Field) {
	v.t.Helper()
	write := func(name, value string) {
		if !strings.Contains(form, `name="`+name+`"`) {
			v.t.Errorf("het formulier op %s vraagt niet om %s", page.Path, name)
		}
		if err := w.WriteField(name, value); err != nil {
			v.t.Error(err)
		}
	}
	for _, m := range hiddenInput.FindAllStringSubmatch(form, -1) {
		write(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	for _, f := range fields {
		if strings.Contains(form, `name="_vast" value="`+f.Name+`"`) {
			continue // shown and not asked: it comes from the login
		}
		if f.control() == value.Upload {
			v.attach(w, f)
			continue
		}
		for name, value := range f.inputs(v.t, form) {
			write(name, value)
		}
	}
	if err := w.Close(); err != nil {
		v.t.Error(err)
	}
}

func (v *Visitor) attach(w *multipart.Writer, f Field) {
	v.t.Helper()
	a, content := f.file()
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, f.Name, a.Name)},
		"Content-Type":        {a.Mediatype},
	})
	if err != nil {
		v.t.Error(err)
		return
	}
	if f.large > 0 {
		_, err = io.CopyN(part, pattern{}, f.large)
	} else {
		_, err = io.WriteString(part, content)
	}
	if err != nil {
		v.t.Error(err)
	}
}

// pattern is what is in a large file.
type pattern struct{}

// Read implements io.Reader.
func (pattern) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte('a' + i%26)
	}
	return len(p), nil
}

// file is what somebody adds for a field: a small file with the name that the
// specification gives as an example.
func (f Field) file() (value.Attachment, string) {
	a, ok := value.ReadAttachment(f.Value)
	if !ok || a.Name == "" {
		a = value.Attachment{Name: "bijlage.txt", Mediatype: "text/plain"}
	}
	content := "Verzonnen inhoud van " + a.Name + ".\n"
	a.Size = int64(len(content))
	return a, content
}

// control is how the form asks for the field.
func (f Field) control() value.Control {
	k, _ := value.Of(f.Kind)
	return k.Control
}

// inputs spreads an answer over the inputs of its field, as it is typed.
func (f Field) inputs(t *testing.T, form string) map[string]string {
	t.Helper()
	all := map[string]string{}
	if f.control() == value.ReferenceList { // whatever there is to choose
		_, choices, _ := strings.Cut(form, `name="`+f.Name+`"`)
		choices, _, _ = strings.Cut(choices, "</select>")
		if m := regexp.MustCompile(`<option value="([^"]+)"`).FindStringSubmatch(choices); m != nil {
			all[f.Name] = m[1]
			return all
		}
		t.Fatalf("er valt bij %s niets te kiezen", f.Name)
	}
	for name, values := range paginas.Typed(f.Field, f.Value) {
		all[name] = values[0]
	}
	return all
}
