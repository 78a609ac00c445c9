package start

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// made is what the command afnemer prints: the lines for the file, and the token.
var made = regexp.MustCompile(`(?s)onder afnemers:\n\n(.*?)\n\nDit is het token.*:\n\n  ([A-Za-z0-9_-]{43})\n`)

func (c *changing) command(env []string, args ...string) (int, string) {
	c.t.Helper()
	var out sink
	code := run(c.t.Context(), args, environment(append([]string{"DATA", c.data}, env...)...), &out, &out, c.parts().Component())
	return code, out.String()
}

// TestAnAfnemerFromCommandToRequest: what the command prints goes into the file, and
// the token then does what it is for and nothing else. A second token comes beside
// the first, and what goes out of the file holds no more.
func TestAnAfnemerFromCommandToRequest(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	file := filepath.Join(t.TempDir(), "afnemers.yaml")
	code, text := c.command(nil, "afnemer", "zaaksysteem", "lijstZaken", "leesZaak")
	found := made.FindStringSubmatch(text)
	if code != exitDone || found == nil {
		t.Fatal(code, text)
	}
	put := func(lines string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("afnemers:\n"+lines+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(found[1])
	token, own := found[2], strings.Repeat("e", 40)
	var log sink
	component := c.parts().Component()
	s, err := ReadSettings(component, []string{LayerServices, LayerData}, environment("PORT", "0", "DATA", c.data, "COMPONENT_TOKEN", own, "AFNEMERS", file, "LOG_LEVEL", "info", "VERZOEKEN_PER_MINUUT", "40"), &log)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), s, component)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Stop() }()
	base := r.URLs[LayerServices]
	for path, want := range map[string]int{"/v1/zaken": 200, "/v1/zaken/0198f7a0-0000-7000-8000-000000000001": 404, "/v1/zaken/0198f7a0-0000-7000-8000-000000000001/statussen": 403,
		"/v1/verwerkingen?zaak=0198f7a0-0000-7000-8000-000000000001": 403, "/intern/archief": 403, "/intern/tijdelijk/sessie/x": 403, "/v1/openapi.json": 200} {
		if got := askedWith(t, http.DefaultClient, base+path, token); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	code, text = c.command([]string{"AFNEMERS", file, "COMPONENT_TOKEN", own}, "afnemer", "zaaksysteem", "lijstZaken")
	second := regexp.MustCompile(`(?m)^      - ([0-9a-f]{64})$`).FindStringSubmatch(text)
	next := regexp.MustCompile(`(?m)^  ([A-Za-z0-9_-]{43})$`).FindStringSubmatch(text)
	if code != exitDone || second == nil || next == nil || !strings.Contains(text, "haal de oude weg") {
		t.Fatal(code, text)
	}
	put(strings.Replace(found[1], "    operaties:", "      - "+second[1]+"\n    operaties:", 1))
	r.Settings.Access.Gate.Afnemers.Look()
	for _, one := range []string{token, next[1]} {
		if got := askedWith(t, http.DefaultClient, base+"/v1/zaken", one); got != 200 {
			t.Errorf("while the token is replaced: %d", got)
		}
	}
	put("  - naam: kapot") // keeps what was
	r.Settings.Access.Gate.Afnemers.Look()
	if got := askedWith(t, http.DefaultClient, base+"/v1/zaken", token); got != 200 {
		t.Errorf("with a file that is wrong: %d", got)
	}
	if err := os.WriteFile(file, []byte("afnemers: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Settings.Access.Gate.Afnemers.Look()
	if got := askedWith(t, http.DefaultClient, base+"/v1/zaken", token); got != 401 {
		t.Errorf("who is no consumer any more: %d", got)
	}
	told := log.String()
	for _, want := range []string{"afnemer=zaaksysteem", "een gewijzigd bestand klopt niet"} {
		if !strings.Contains(told, want) {
			t.Errorf("%s is not in the log: %s", want, told)
		}
	}
	for _, never := range []string{token, next[1], own, second[1]} {
		if strings.Contains(told, never) {
			t.Error("a token is in the log")
		}
	}
}

func TestTheCommandAfnemerSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	for want, args := range map[string][]string{
		"go run . afnemer NAAM OPERATIE…":                 {"zaaksysteem"},
		"een naam bestaat uit":                            {"Zaaksysteem", "lijstZaken"},
		"bedoelt u lijstZaken?":                           {"x", "lijstZaak"},
		"legVerwerkingenVast is alleen voor de lagen van": {"x", "legVerwerkingenVast"},
		"lijstZaken staat er twee keer":                   {"x", "lijstZaken", "lijstZaken"},
	} {
		if code, text := c.command(nil, append([]string{"afnemer"}, args...)...); code == exitDone || !strings.Contains(text, want) || strings.Contains(text, "Dit is het token") {
			t.Errorf("%v: %d %s", args, code, text)
		}
	}
	// A command lets nobody in: it works where the files of who may are not.
	away := filepath.Join(t.TempDir(), "weg")
	if code, text := c.command([]string{"TLS_CERT", away, "TLS_KEY", away}, "afnemer", "x", "lijstZaken"); code != exitDone {
		t.Error(code, text)
	}
	if code, text := c.command([]string{"TLS_CERT", away, "TLS_KEY", away, "AFNEMERS", away}, "opschonen", "--help"); code != exitDone {
		t.Error(code, text)
	}
	file := filepath.Join(t.TempDir(), "afnemers.yaml")
	if err := os.WriteFile(file, []byte("afnemers:\n  - naam: x\n    tokens: ["+strings.Repeat("a", 64)+"]\n    operaties: [legVerwerkingenVast, lijstZaak]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ReadSettings(c.parts().Component(), nil, environment("AFNEMERS", file), io.Discard)
	if text := fmt.Sprint(err); !strings.Contains(text, "regel 4: x: operatie legVerwerkingenVast is alleen") || !strings.Contains(text, "bedoelt u lijstZaken?") {
		t.Error(text)
	}
}

// TestWhatTheLayersTellEachOther: the names of the headers stand in the packages that
// use them, and rest refuses each of a consumer.
func TestWhatTheLayersTellEachOther(t *testing.T) {
	want := []string{identity.HeaderID, identity.HeaderRole, identity.HeaderRepresents, identity.HeaderName, rest.FingerprintHeader, logboek.HeaderTrace, outway.HeaderOwner, outway.HeaderAnonymous}
	if got := rest.OwnHeaders(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestVisitorsWhoAskTooMuchGetAPage, in Dutch, and who watches over the layer never.
func TestVisitorsWhoAskTooMuchGetAPage(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	component := c.parts().Component()
	s, err := ReadSettings(component, nil, environment("PORT", "0", "DATA", c.data, "VERZOEKEN_PER_MINUUT", "6", "PROXIES", "127.0.0.1"), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), s, component)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Stop() }()
	site := r.URLs[LayerInteraction]
	send := func(from, method, path, body string, header ...string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(context.Background(), method, strings.Replace(site, "localhost", "127.0.0.1", 1)+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", from)
		if body != "" {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return resp, read(resp)
	}
	for range 6 {
		if resp, _ := send("203.0.113.1", "GET", "/proces", ""); resp.StatusCode != 200 {
			t.Fatal(resp.StatusCode)
		}
	}
	resp, page := send("203.0.113.1", "GET", "/proces", "")
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "10" || !strings.Contains(page, "Even wachten") || !strings.Contains(page, `lang="nl"`) || !strings.Contains(page, `href="/proces"`) || resp.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, page)
	}
	// What somebody typed can be sent again; what another website sent not.
	if resp, page = send("203.0.113.1", "POST", "/starten", "toelichting=Een+lang+verhaal"); resp.StatusCode != 429 || !strings.Contains(page, `value="Een lang verhaal"`) {
		t.Errorf("%d: what was typed is lost: %s", resp.StatusCode, page)
	}
	if _, page = send("203.0.113.1", "POST", "/starten", "toelichting=Kwaad", "Sec-Fetch-Site", "cross-site"); strings.Contains(page, "Kwaad") {
		t.Error("another website has its form sent by ours")
	}
	if _, page = send("203.0.113.1", "POST", "/starten", "toelichting="+strings.Repeat("x", 70<<10)); strings.Contains(page, "xxx") {
		t.Error("a large form is read")
	}
	if resp, _ = send("203.0.113.2", "GET", "/proces", ""); resp.StatusCode != 200 {
		t.Errorf("somebody else: %d", resp.StatusCode)
	}
	for range 20 {
		if resp, _ = send("203.0.113.1", "GET", "/healthz/ready", ""); resp.StatusCode != 200 {
			t.Fatalf("who watches over the layer: %d", resp.StatusCode)
		}
	}
	if resp, _ = send("203.0.113.1", "GET", "/healthz/anders", ""); resp.StatusCode != 429 {
		t.Errorf("below it nothing else is without a limit: %d", resp.StatusCode)
	}
	// Between the layers nothing is counted: they made more than six requests by now.
	if status := askedWith(t, http.DefaultClient, r.URLs[LayerProcess]+"/v1/zaken", "", "Gebruiker-Id", "medewerker-1", "Gebruiker-Rol", "burgerzaken"); status != 200 {
		t.Errorf("a layer is limited: %d", status)
	}
}
