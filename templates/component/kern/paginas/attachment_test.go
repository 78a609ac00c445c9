package paginas

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// withFile is a site of which a zaak may hold a file.
func withFile(t *testing.T, data map[string]any) *browser {
	t.Helper()
	b := newBrowser(t, func(o *Options) {
		o.Subject = append([]Field{{Name: "bewijs", Label: "Bewijs", Kind: "file", Stored: true}}, testFields...)
	})
	b.login("balie")
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(zaak{ID: testZaak, Identificatie: "ZAAK-1", MaySee: true,
		Step: step{Name: "beoordelen", Role: "balie"}, Data: data})
	b.layer4.respond["GET /intern/zaken/"+testZaak+"/bestanden/bewijs"] = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<script>") }
	return b
}

func file(name, mediatype string) map[string]any {
	return map[string]any{"id": "0198f7a0-0000-7000-8000-00000000000b", "naam": name, "mediatype": mediatype, "grootte": 8.0}
}

func (b *browser) fetch(path string) *http.Response {
	b.t.Helper()
	resp, err := b.client.Get(b.base + path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func TestAFileIsSavedAndNeverShown(t *testing.T) {
	address := "/zaken/" + testZaak + "/bestanden/bewijs"
	for name, want := range map[string]string{
		"bewijs.pdf":           `attachment; filename=bewijs.pdf`,
		`een "kop";x=y.html`:   `attachment; filename="een \"kop\";x=y.html"`,
		"foto's café.jpg":      `attachment; filename*=utf-8''foto%27s%20caf%C3%A9.jpg`,
		"a\u202egpj.exe":       `attachment; filename=agpj.exe`,
		`<img src=x>.svg`:      `attachment; filename="<img src=x>.svg"`,
		"100%-zeker (nr 2).md": `attachment; filename="100%-zeker (nr 2).md"`,
	} {
		b := withFile(t, map[string]any{"bewijs": file(name, "text/html")})
		for _, page := range []string{"", "/taak"} {
			_, body := b.get("/zaken/" + testZaak + page)
			wants(t, body, `<a href="`+address+`"`)
		}
		resp := b.fetch(address)
		h := resp.Header
		if resp.StatusCode != http.StatusOK || h.Get("Content-Type") != "application/octet-stream" || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Content-Security-Policy") != policy || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, header %v", name, resp.StatusCode, h)
		}
		if got := h.Get("Content-Disposition"); got != want {
			t.Errorf("%s is saved as %s, want %s", name, got, want)
		}
		if body := b.text(resp); body != "<script>" {
			t.Errorf("the file holds %q", body)
		}
	}
}

func (b *browser) text(resp *http.Response) string {
	b.t.Helper()
	_, body := b.read(resp, nil)
	return body
}

func TestNoFileNoAnswer(t *testing.T) {
	b := withFile(t, map[string]any{"toelichting": "geheim", "bewijs": map[string]any{"id": "../x", "naam": "x"}})
	for _, field := range []string{"bewijs", "toelichting", "bsn", "..%2fzaak", "onbekend"} {
		if resp := b.fetch("/zaken/" + testZaak + "/bestanden/" + field); resp.StatusCode != http.StatusNotFound || strings.Contains(b.text(resp), "geheim") {
			t.Errorf("%s: status %d", field, resp.StatusCode)
		}
	}
	b = withFile(t, nil) // somebody who may follow the zaak and not see what it is about
	if resp := b.fetch("/zaken/" + testZaak + "/bestanden/bewijs"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", resp.StatusCode)
	}
	other := newBrowser(t, nil)
	if resp := other.fetch("/zaken/" + testZaak + "/bestanden/bewijs"); resp.Request.URL.Path != "/inloggen" {
		t.Errorf("somebody who did not log in ends at %s", resp.Request.URL.Path)
	}
}

// TestANameThatTurnsAround: what a page repeats is called as it looks.
func TestANameThatTurnsAround(t *testing.T) {
	const evil = "evil\u202egpj.exe"
	v := &visit{sent: &sent{names: map[string][]string{"bewijs": {evil}}, Values: url.Values{"naam": {"a\u2066b"}}}}
	rows := v.typedRows([]Field{{Name: "bewijs", Label: "Bewijs", Kind: "file"}, {Name: "naam", Label: "Naam", Kind: "text"}})
	if len(rows) != 2 || rows[0].Value != "evilgpj.exe" || rows[1].Value != "ab" {
		t.Errorf("the page repeats %+q", rows)
	}
}
