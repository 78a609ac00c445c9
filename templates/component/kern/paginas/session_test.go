package paginas

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

func TestCookieOfSomebodyElseIsNoSession(t *testing.T) {
	one, _ := newSessions(Options{Name: "proef"}, nil)
	two, _ := newSessions(Options{Name: "proef"}, nil)
	visitor := newAnonymous("aanvrager")
	begin := httptest.NewRequest(http.MethodGet, "/", nil)
	w := httptest.NewRecorder()
	if err := one.write(w, begin, session{User: visitor}); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || strings.Contains(cookie.Value, "aanvrager") {
		t.Errorf("cookie %+v", cookie)
	}
	with := func(s *sessions, value string) identity.User {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: cookie.Name, Value: value})
		found, _ := s.read(r)
		return found.User
	}
	if got := with(one, cookie.Value); got != visitor {
		t.Errorf("own cookie: %v", got)
	}
	if got := with(two, cookie.Value); got.Known() {
		t.Errorf("a cookie with another key works: %v", got)
	}
	middle := len(cookie.Value) / 2 // the last character may hold bits that do not count
	other := "A"
	if cookie.Value[middle] == 'A' {
		other = "B"
	}
	if got := with(one, cookie.Value[:middle]+other+cookie.Value[middle+1:]); got.Known() {
		t.Errorf("a changed cookie works: %v", got)
	}
	// Only a visitor who did not log in has the session in the cookie.
	sealed, err := one.sealed("bezoek", session{User: identity.User{ID: "p-1", Role: "balie"}, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if got := with(one, inCookie+sealed); got.Known() {
		t.Errorf("a session that cannot be ended works: %v", got)
	}
}

// What is in the cookie of somebody who logged in says nothing, and what layer 1
// keeps of it does not open the session.
func TestASessionIsKeptSealedAndEndsForGood(t *testing.T) {
	b := newBrowser(t, nil)
	p := b.login("aanvrager")
	site, _ := url.Parse(b.base)
	first := b.client.Jar.Cookies(site)
	for path, content := range b.layer4.kept {
		raw, _ := json.Marshal(content)
		if strings.Contains(string(raw), p.BSN) || strings.Contains(path, strings.TrimPrefix(first[0].Value, inStore)) {
			t.Errorf("layer 1 can read the session: %s", path)
		}
	}
	b.login("balie") // another login ends the one before
	b.client.Jar.SetCookies(site, first)
	if _, body := b.get("/"); strings.Contains(body, "Uitloggen") {
		t.Error("the session before the last login still works")
	}
	b.login("balie")
	second := b.client.Jar.Cookies(site)
	b.post("/uitloggen", nil)
	b.client.Jar.SetCookies(site, second)
	if _, body := b.get("/"); strings.Contains(body, "Uitloggen") {
		t.Error("a session works after logging out")
	}
	for _, value := range []string{"s.", "s.x", "s." + strings.Repeat("A", 5000), "c.", "c.AAAA", "", "s.../../zaken", "s.%2f"} {
		b.client.Jar.SetCookies(site, []*http.Cookie{{Name: first[0].Name, Value: value, Path: "/"}})
		if status, body := b.get("/"); status != http.StatusOK || strings.Contains(body, "Uitloggen") {
			t.Errorf("cookie %.20q: status %d", value, status)
		}
	}
}

func TestProductionCookieAndHeaders(t *testing.T) {
	s, err := newSessions(Options{Name: "proef", Production: true, SessionKey: make([]byte, 32)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.cookie(httptest.NewRequest(http.MethodGet, "/", nil), "sessie", "x", 1); !c.Secure || !strings.HasPrefix(c.Name, "__Host-") {
		t.Errorf("cookie %+v", c)
	}
	if _, err := newSessions(Options{Name: "proef", Production: true}, nil); err == nil {
		t.Error("production starts without a key")
	}
}
