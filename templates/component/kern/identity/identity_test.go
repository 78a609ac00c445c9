package identity

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

var roles = []Role{
	{Name: "aanvrager", Citizen: true},
	{Name: "balie"},
	{Name: "melder", Citizen: true, Anonymous: true},
}

func TestPersonasAreTwoPerRoleAndStable(t *testing.T) {
	first, second := Personas(roles), Personas(roles)
	if len(first) != 2*len(roles) {
		t.Fatalf("%d personas for %d roles", len(first), len(roles))
	}
	ids := map[string]bool{}
	for i, u := range first {
		if u != second[i] {
			t.Errorf("persona %d differs between two calls", i)
		}
		if ids[u.ID] {
			t.Errorf("pseudonym %s is given twice", u.ID)
		}
		ids[u.ID] = true
		if u.Role != roles[i/2].Name {
			t.Errorf("persona %d has role %s", i, u.Role)
		}
		if (u.BSN != "") != roles[i/2].Citizen {
			t.Errorf("persona %s: only citizens have a BSN", u.Name)
		}
	}
}

func TestPersonaNumbersAreTestNumbersThatPassTheElfproef(t *testing.T) {
	for _, u := range citizens {
		if !strings.HasPrefix(u.BSN, "9999") || len(u.BSN) != 9 {
			t.Errorf("%s: %s is not from the test range", u.Name, u.BSN)
		}
		sum := 0
		for i, c := range u.BSN {
			weight := 9 - i
			if i == 8 {
				weight = -1
			}
			sum += weight * int(c-'0')
		}
		if sum%11 != 0 {
			t.Errorf("%s: %s fails the elfproef", u.Name, u.BSN)
		}
	}
}

func TestBSNStaysOutOfHeadersAndLogs(t *testing.T) {
	u := Personas(roles)[0]
	h := http.Header{}
	u.SetHeaders(h)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("gebruiker", "wie", u)
	_, _ = fmt.Fprintf(&log, "%v %+v %#v %s", u, u, u, u)
	_ = h.Write(&log)
	if strings.Contains(log.String(), u.BSN) {
		t.Errorf("the BSN is in %s", log.String())
	}
}

func TestHeadersGoRoundTrip(t *testing.T) {
	want := Personas(roles)[3]
	req := httptest.NewRequest("GET", "/", nil)
	want.SetHeaders(req.Header)
	var got User
	ReadHeaders(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = FromContext(r.Context())
	})).ServeHTTP(httptest.NewRecorder(), req)
	if got.ID != want.ID || got.Role != want.Role {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHeadersThatAreNotPseudonymsAreRefused(t *testing.T) {
	for _, id := range []string{"", "999993653", "Jip Testman", "a\nb", strings.Repeat("x", 70)} {
		h := http.Header{HeaderID: {id}, HeaderRole: {"balie"}}
		if _, ok := FromHeaders(h); ok {
			t.Errorf("%q is taken for a pseudonym", id)
		}
	}
}

func TestToken(t *testing.T) {
	cases := []struct {
		token, header string
		want          bool
	}{
		{"", "", true},
		{"geheim", "", false},
		{"geheim", "Bearer geheim", true},
		{"geheim", "bearer geheim", true},
		{"geheim", "Basic geheim", false},
		{"geheim", "Bearer anders", false},
		{"geheim", "Bearer ", false},
	}
	for _, c := range cases {
		h := http.Header{}
		h.Set("Authorization", c.header)
		if got := TokenOK(h, c.token); got != c.want {
			t.Errorf("token %q, header %q: %v", c.token, c.header, got)
		}
	}
	h := http.Header{}
	SetToken(h, "geheim")
	if !TokenOK(h, "geheim") {
		t.Error("SetToken and TokenOK disagree")
	}
}

func TestOnlyANameIsAName(t *testing.T) {
	for name, want := range map[string]string{
		"Kim van Oefendijk": "Kim van Oefendijk", "Zoë Ünal-O'Neil": "Zoë Ünal-O'Neil", "": "",
		"a\r\nGebruiker-Rol: balie": "", strings.Repeat("x", 101): "", "Jan 999993653": "", "Jan 9999 93653": "", "\xff": "",
	} {
		h := http.Header{}
		u := User{ID: "p-abc", Role: "balie", Name: name}
		u.SetHeaders(h)
		if h.Get(HeaderName) != "" {
			t.Errorf("the name %q goes along unasked", name)
		}
		u.SetName(h)
		if got, ok := FromHeaders(h); !ok || got.Name != want {
			t.Errorf("%q becomes %q", name, got.Name)
		}
	}
}
