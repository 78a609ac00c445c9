package paginas

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// once reads the form with which a page lets something be sent once more.
func once(page string) url.Values {
	_, page, _ = strings.Cut(page, `<form method="post" action="/starten">`)
	page, _, _ = strings.Cut(page, "</form>")
	form := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(page, -1) {
		form.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return form
}

func (b *browser) away(now bool) {
	b.layer4.mu.Lock()
	defer b.layer4.mu.Unlock()
	b.layer4.away = now
}

// TestWhatWasTypedOutlivesAnOutage: the session is away too then, so nobody knows
// whose form it is; the page itself holds all of it, and sends it once more.
func TestWhatWasTypedOutlivesAnOutage(t *testing.T) {
	b := fileSite(t)
	b.login("aanvrager")
	form := b.form("/starten")
	form.Set("toelichting", "een <lang>\nverhaal \"met\" é")
	b.away(true)
	status, page := b.send("/starten", form, proof{"bewijs", "foto <1>.pdf", "%PDF"})
	if status != http.StatusServiceUnavailable {
		t.Fatalf("status %d", status)
	}
	wants(t, page, "Dit is even niet bereikbaar", "Het register is nu niet bereikbaar", "Opnieuw versturen", "een &lt;lang&gt;", "foto &lt;1&gt;.pdf", "niets dubbel")
	if strings.Contains(page, "wel bewaard") {
		t.Error("the page says that it is kept elsewhere")
	}
	again := once(page)
	for name := range form {
		if got := strings.ReplaceAll(again.Get(name), "\r\n", "\n"); got != form.Get(name) {
			t.Errorf("%s: %q", name, got)
		}
	}
	// Still away: the same once more.
	if status, page = b.send("/starten", again); status != http.StatusServiceUnavailable || once(page).Get("toelichting") != again.Get("toelichting") {
		t.Errorf("the second time: status %d", status)
	}
	b.away(false)
	status, page = b.send("/starten", once(page))
	if status != http.StatusUnprocessableEntity { // not without the file that was chosen
		t.Fatalf("without the file: status %d", status)
	}
	wants(t, page, "Bewijs: dit bestand is niet aangekomen; kies het opnieuw", "een &lt;lang&gt;")
	form.Set("_sleutel", hidden(page, "_sleutel"))
	if status, _ = b.send("/starten", form, proof{"bewijs", "foto.pdf", "%PDF"}); status != http.StatusOK {
		t.Errorf("at last: status %d", status)
	}
	r, body := b.layer4.sent(t, "POST /v1/zaken")
	if body["toelichting"] != "een <lang>\nverhaal \"met\" é" || r.Header.Get("Idempotency-Key") == "" {
		t.Errorf("%v", body)
	}
}

// TestAFormWithoutFilesIsSentOnceMore with one button, and with the same key.
func TestAFormWithoutFilesIsSentOnceMore(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("aanvrager")
	form := b.form("/starten")
	b.layer4.respond["POST /v1/zaken"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		problem(w, http.StatusServiceUnavailable, "De database is nu bezet.")
	}
	resp, err := b.client.PostForm(b.base+"/starten", form)
	if err != nil || resp.Header.Get("Retry-After") != "3" {
		t.Fatal(err, resp.Header)
	}
	_, page := b.read(resp, err)
	first, _ := b.layer4.sent(t, "POST /v1/zaken")
	b.layer4.respond["POST /v1/zaken"] = answerJSON(zaak{ID: testZaak})
	if status, _ := b.post("/starten", once(page)); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	second, _ := b.layer4.sent(t, "POST /v1/zaken")
	if key := first.Header.Get("Idempotency-Key"); key == "" || key != second.Header.Get("Idempotency-Key") {
		t.Errorf("%q and %q", key, second.Header.Get("Idempotency-Key"))
	}
}

// TestAPageThatIsAwayOffersToTryAgain at its own address, and nowhere else.
func TestAPageThatIsAwayOffersToTryAgain(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	b.away(true)
	for path, want := range map[string]string{
		"/zaken": `href="/zaken"`, "/taken?page=2": `href="/taken?page=2"`, "/zaken/" + testZaak: `href="/zaken/` + testZaak + `"`,
		"/inloggen/terug?code=x": `href="/inloggen"`,
	} {
		status, page := b.get(path)
		if status != http.StatusServiceUnavailable {
			t.Errorf("%s: status %d", path, status)
		}
		wants(t, page, "Dit is even niet bereikbaar", "Probeer het opnieuw", want)
	}
}

// TestWhoGoesAwayIsNoOutage: nothing is written of it, neither on a page nor in
// the log.
func TestWhoGoesAwayIsNoOutage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	v := &visit{site: &site{}, w: w, r: httptest.NewRequestWithContext(ctx, http.MethodPost, "/starten", nil)}
	v.showError(&fault{status: http.StatusServiceUnavailable})
	if w.Body.Len() > 0 {
		t.Error(w.Body)
	}
}
