package rest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// TestInternal lets nobody without the token of the component reach what is
// between the layers, and keeps it out of the specification.
func TestInternal(t *testing.T) {
	var got struct{ Name string }
	route := Route{Method: http.MethodPut, Pattern: "/tijdelijk/{id}", Handler: HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		if err := DecodeInternal(w, r, 64, &got); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})}
	s := &server{mux: http.NewServeMux(), tokens: identity.NewTokens("geheim")}
	s.internal(route)
	for _, c := range []struct {
		name, token, body string
		want              int
	}{
		{"good", "Bearer geheim", `{"name":"x"}`, http.StatusNoContent},
		{"no token", "", `{"name":"x"}`, http.StatusUnauthorized},
		{"another token", "Bearer anders", `{"name":"x"}`, http.StatusUnauthorized},
		{"no JSON", "Bearer geheim", `naam`, http.StatusBadRequest},
		{"too large", "Bearer geheim", `{"name":"` + strings.Repeat("x", 100) + `"}`, http.StatusRequestEntityTooLarge},
	} {
		r := httptest.NewRequest(http.MethodPut, "/intern/tijdelijk/1", strings.NewReader(c.body))
		if c.token != "" {
			r.Header.Set("Authorization", c.token)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", c.name, w.Code, c.want, w.Body)
		}
	}
}
