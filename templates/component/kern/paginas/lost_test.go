package paginas

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A draft that was typed before somebody else changed the zaak says what is stored
// now: sent as it is, it would put back what the other put right.
func TestADraftOverAChangedZaakSaysWhatIsStoredNow(t *testing.T) {
	b := withInzage(t, nil)
	b.login("balie")
	at := "/zaken/" + testZaak + "/correctie"
	_, page := b.get(at)
	form := url.Values{"_sleutel": {hidden(page, "_sleutel")}, "_versie": {hidden(page, "_versie")}, "vanaf.dag": {"1"}, "vanaf.maand": {"2"}, "vanaf.jaar": {""},
		"aantal": {"4"}, "toelichting": {"van de aanvrager"}, "_reden": {"brief 12"}}
	b.post(at, form)
	if _, page = b.get(at); !strings.Contains(page, "brief 12</textarea>") || strings.Contains(page, "Hier staat nu") {
		t.Error("a draft of this version")
	}
	form.Set("_versie", `"6"`)
	b.post(at, form)
	_, page = b.get(at)
	wants(t, page, "brief 12</textarea>", `value="4"`, "Hier staat nu: 3<")
	if n := strings.Count(page, "Hier staat nu"); n != 2 { // at the date too, and nowhere else
		t.Errorf("said at %d fields", n)
	}
}

// The reason of a hold is kept nowhere; the page says it once more.
func TestTheReasonOfAHoldIsShownOnceMore(t *testing.T) {
	b := archiveBrowser(t)
	at := "/zaken/" + testZaak + "/bewaren"
	status, page := b.post(at, url.Values{"reden": {"brief van <1 maart>"}})
	if status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
	wants(t, page, "U bent niet meer ingelogd", "brief van &lt;1 maart&gt;", "/inloggen?naar="+strings.ReplaceAll(at, "/", "%2f"))
}
