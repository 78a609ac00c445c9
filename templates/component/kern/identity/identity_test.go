package identity

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

var roles = []Role{
	{Name: "aanvrager", Citizen: true},
	{Name: "balie"},
	{Name: "melder", Citizen: true, Anonymous: true},
	{Name: "zaak", Company: true},
}

// number makes an id of a number, as package logboek does.
func number(kind, value string) string { return Pseudonym(kind, value) }

func TestPersonasAreTwoPerRoleAndStable(t *testing.T) {
	first, second := Personas(roles, 0, number), Personas(roles, 0, number)
	choices := map[string]bool{}
	for i, u := range first {
		if u != second[i] {
			t.Errorf("persona %d differs between two calls", i)
		}
		if choices[u.Choice()] {
			t.Errorf("persona %d cannot be told from another", i)
		}
		choices[u.Choice()] = true
		if i >= PerRole*len(roles) {
			if u.EU == "" && (!u.Represents.Known() || u.Represents.ID == u.ID) {
				t.Errorf("persona %s acts for nobody and is no European", u.Name)
			}
			continue
		}
		role := roles[i/PerRole]
		if u.Role != role.Name || (u.BSN != "") != role.Citizen || (u.KVK != "") != role.Company || u.Represents.Known() {
			t.Errorf("persona %s of role %s: citizens have a BSN, companies a KVK number", u.Name, role.Name)
		}
	}
	for _, role := range roles {
		acting := slices.ContainsFunc(first, func(u User) bool { return u.Role == role.Name && u.Represents.Known() })
		if acting != role.Outside() {
			t.Errorf("role %s: somebody acts for another: %t", role.Name, acting)
		}
	}
}

// Whoever acts for a person must find the zaken of that person, so the id of a
// person follows from the number and not from the role.
func TestARepresentedPersonHasOneID(t *testing.T) {
	all := Personas(roles, 0, number)
	for _, u := range all {
		if !u.Represents.Known() {
			continue
		}
		if !slices.ContainsFunc(all, func(other User) bool {
			return other.ID == u.Represents.ID && other.BSN == u.Represents.BSN && other.KVK == u.Represents.KVK
		}) {
			t.Errorf("%s acts for somebody who never logs in", u.Name)
		}
		if u.Applicant().Number("bsn") == u.BSN && u.BSN != "" {
			t.Errorf("%s asks on the own number for another", u.Name)
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
	u := Personas(roles, 0, number)[0]
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
	want := Personas(roles, 0, number)[3]
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
		h = http.Header{HeaderID: {"p-een"}, HeaderRole: {"balie"}, HeaderRepresents: {id}}
		if _, ok := FromHeaders(h); ok != (id == "") {
			t.Errorf("%q is taken for somebody who is represented: %t", id, ok)
		}
	}
}

// recognised says whether a request carries a token of the component, as rest does.
func recognised(h http.Header, token string) bool {
	tokens := NewTokens(token)
	sum, given := GivenToken(h)
	return len(tokens) == 0 || given && tokens.Has(sum)
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
		if got := recognised(h, c.token); got != c.want {
			t.Errorf("token %q, header %q: %v", c.token, c.header, got)
		}
	}
	h := http.Header{}
	SetToken(h, "geheim")
	if !recognised(h, "geheim") {
		t.Error("who sends the token is not recognised by it")
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
