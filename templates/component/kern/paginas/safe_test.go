package paginas

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A browser drops tabs and line ends from an address, so that "/\t/elders" is
// "//elders" to it.
func TestLoginGoesNowhereElseByWayOfTheBrowser(t *testing.T) {
	for _, to := range []string{"/\t/kwaad.example", "/\n/kwaad.example", "/\r/kwaad.example", "/\x00/kwaad.example", "/\x7f/kwaad.example",
		"\t//kwaad.example", " //kwaad.example", "/ /kwaad.example", "", "zaken", "/%zz", "///kwaad.example", "/" + strings.Repeat("a", 5000)} {
		if got := local(to); got != "/" {
			t.Errorf("local(%q) = %q", to, got)
		}
	}
	for _, to := range []string{"/", "/zaken?pagina=2", "/zaken/0198f7a0-0000-7000-8000-000000000001/taak"} {
		if got := local(to); got != to {
			t.Errorf("local(%q) = %q", to, got)
		}
	}
	b := newBrowser(t, nil)
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := b.client.PostForm(b.base+"/inloggen", url.Values{"persoon": {testPersonas[0].Choice()}, "naar": {"/\t/kwaad.example"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if to := resp.Header.Get("Location"); to != "/" {
		t.Errorf("after logging in the browser goes to %q", to)
	}
}

// Changing the role must not make a session last longer: somebody whose role
// was taken away would keep it for ever.
func TestASessionEndsEightHoursAfterLoggingIn(t *testing.T) {
	s, err := newSessions(Options{Name: "proef"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(time.Minute)
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	if err := s.write(w, r, session{User: newAnonymous("melder"), Expires: end}); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	r.AddCookie(cookie)
	if got, _ := s.read(r); !got.Expires.Equal(end) || cookie.MaxAge > 60 {
		t.Errorf("the session ends at %s and the cookie after %d s, want %s", got.Expires, cookie.MaxAge, end)
	}
}

// What a panic says can hold anything; it stays out of the log.
func TestAPanicIsAPageAndLeavesNoDataInTheLog(t *testing.T) {
	var log bytes.Buffer
	sessions, err := newSessions(Options{Name: "proef"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := templates(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Options: Options{Name: "proef", Title: "Proef", Log: slog.New(slog.NewTextHandler(&log, nil)),
		Screens: []Screen{{Step: "a", Start: true}}}, sessions: sessions, pages: pages}
	w := httptest.NewRecorder()
	s.handle(func(*visit) error { panic("bsn 999993653") }).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/zaken", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Er ging iets mis") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if strings.Contains(log.String()+w.Body.String(), "999993653") || !strings.Contains(log.String(), "paniek") {
		t.Errorf("the log is %s", log.String())
	}
}

// A form that is much larger than a form can be is not read to its end.
func TestALargeFormIsRefused(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	for _, path := range []string{"/inloggen", "/rol", "/starten", "/zaken/" + testZaak + "/taak"} {
		if status, _ := b.post(path, url.Values{"rol": {strings.Repeat("a", 3<<20)}}); status != http.StatusRequestEntityTooLarge && status != http.StatusForbidden {
			t.Errorf("%s: status %d", path, status)
		} else if path != "/starten" && status == http.StatusForbidden {
			t.Errorf("%s was read", path)
		}
	}
}

// Providers put a name of their own around what they call a person.
func TestASubjectThatHoldsABSNIsRefused(t *testing.T) {
	for subject, want := range map[string]bool{
		"999993653": true, "99999365": true, "f:4b3c:999993653": true, "digid|999993653": true, "bsn=999993653@digid.example": true,
		"0198f7a0-0000-7000-8000-000000000001": false, "12345678-1234-1234-1234-123456789012": false, "p-4f2a": false, "auth0|5f7c8ec7c33c6c004bbafe82": false,
	} {
		if got := looksLikeBSN.MatchString(subject); got != want {
			t.Errorf("%q is taken for a BSN: %t", subject, got)
		}
	}
}
