package outway

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/oauth2/clientcredentials"
)

// tokens asks twice for a token from an address that answers like this.
func tokens(t *testing.T, answer http.HandlerFunc) (token string, fault *Fault, asked int) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/json")
		answer(w, r)
	}))
	defer server.Close()
	held := &tokenHolder{}
	for range 2 {
		token, fault = held.give(t.Context(), Access{}, func(string) string { return "" }, &clientcredentials.Config{ClientID: "ik", ClientSecret: secret, TokenURL: server.URL})
	}
	return token, fault, asked
}

// Whatever who gives tokens answers, the secret goes nowhere else, a token that ran
// out is not used, and nothing of the answer is told.
func TestAHostileTokenEndpoint(t *testing.T) {
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer other.Close()
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		asked  int
		kind   FaultKind // 0 for a token
	}{
		"good":       {says(200, `{"access_token":"a","token_type":"bearer","expires_in":3600}`), 1, 0},
		"it ran out": {says(200, `{"access_token":"a","token_type":"bearer","expires_in":1}`), 2, 0},
		"refused":    {says(400, `{"error":"`+secret+`","error_description":"`+secret+`"}`), -1, FaultAccess},
		"away":       {says(503, secret), -1, FaultConnection},
		"no token":   {says(200, `{"access_token":"","x":"`+secret+`"}`), -1, FaultConnection},
		"garbage":    {says(200, secret), -1, FaultConnection},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}, -1, FaultAccess},
	} {
		token, fault, asked := tokens(t, c.answer)
		switch {
		case c.kind == 0 && (fault != nil || token != "a"), c.kind != 0 && (fault == nil || fault.Kind != c.kind), c.asked >= 0 && asked != c.asked:
			t.Errorf("%s: %q, %v, asked %d times", name, token, fault, asked)
		case fault != nil && strings.Contains(fault.Error(), secret):
			t.Errorf("%s: %v", name, fault)
		}
	}
	if elsewhere > 0 {
		t.Error("the secret went to another address")
	}
}

// A file that is none, a folder and a link to one keep the component from starting.
func TestOddFilesOfATokenEndpoint(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(folder, "link.pem")
	if err := os.Symlink(folder, link); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{folder, link, filepath.Join(folder, "weg.pem")} {
		for _, setting := range []string{"BRP_TOKEN_CA", "BRP_TOKEN_CERT"} {
			faults, _ := withFiles.Files(func(name string) string {
				if name == setting || setting == "BRP_TOKEN_CERT" && name == "BRP_TOKEN_KEY" {
					return path
				}
				return ""
			})
			if len(faults) != 1 || !strings.Contains(faults[0], setting) || !strings.Contains(faults[0], path) {
				t.Errorf("%s as %s: %q", path, setting, faults)
			}
		}
	}
}
