package rest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// TestLayersOfDifferentVersions: what a layer of another version asks in vain may be
// right elsewhere, so it hears that it can try again; anybody else hears what is
// wrong, and so does a layer of this version.
func TestLayersOfDifferentVersions(t *testing.T) {
	t.Parallel()
	h, _ := newServer(t, func(o *Options) {
		o.Internal = []Route{{Method: http.MethodGet, Pattern: "/iets", Handler: HandlerFunc(func(http.ResponseWriter, *http.Request) error { return NotFound() })}}
	})
	same := identity.SumOf(specification(t))
	for _, c := range []struct {
		method, path, body, made string
		want                     int
	}{
		{"POST", "/v1/dingen", `{"naam":"x","nieuw":1}`, "", 400},
		{"POST", "/v1/dingen", `{"naam":"x","nieuw":1}`, same, 400},
		{"POST", "/v1/dingen", `{"naam":"x","nieuw":1}`, "anders", 503},
		{"POST", "/v1/dingen/1/boomadvies", `{}`, same, 404},
		{"POST", "/v1/dingen/1/boomadvies", `{}`, "anders", 503},
		{"PATCH", "/v1/dingen", `{}`, "anders", 503},
		{"GET", "/v1/dingen?nieuw=1", "", "anders", 503},
		{"GET", "/v1/dingen", "", "anders", 200},
		{"DELETE", "/v1/dingen/" + id, "", "anders", 428}, // of the handler: right in every version
		{"GET", "/intern/nieuw", "", same, 503},           // the same specification, another kern
		{"GET", "/intern/nieuw", "", "", 404},
		{"GET", "/intern/iets", "", "anders", 404}, // it is there, and says that something is not
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(c.body))
		if c.body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		identity.SetAPI(r.Header, c.made)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want || (c.want == 503) != (w.Header().Get("Retry-After") == "1") {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}
