package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gegevens "git.duinstad.test/burgerzaken/verhuizing/1-gegevens"
	"git.duinstad.test/burgerzaken/verhuizing/1-gegevens/register"
	"git.duinstad.test/burgerzaken/verhuizing/internal/logboek"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rest"
)

// collections are the collections of the register, as they stand in the paths.
var collections = []string{
	"verhuizingen",
}

// api is the API on a database with the invented records.
type api struct {
	*testing.T
	handler  http.Handler
	contract *rest.Contract
}

func newAPI(t *testing.T) *api {
	t.Helper()
	db, err := gegevens.Open(t.Context(), "", filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context(), os.DirFS("../../1-gegevens/migraties")); err != nil {
		t.Fatal(err)
	}
	r := register.New(db)
	for range 2 { // the second time there is nothing to do
		if err := r.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	spec, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a := &api{T: t}
	if a.contract, err = rest.NewContract(spec); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if a.handler, err = rest.NewServer(rest.Options{Spec: spec, Routes: Routes(r, logboek.Sleutel("een sleutel voor deze tests")), Ready: db.Ready, Log: log}); err != nil {
		t.Fatal(err)
	}
	return a
}

// call makes a request and holds the answer against openapi.yaml.
func (a *api) call(want int, method, path, mediatype string, body any, version string) map[string]any {
	a.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		a.Fatal(err)
	}
	r := httptest.NewRequest(method, "/v1"+path, strings.NewReader(string(raw)))
	r.Header.Set("Content-Type", mediatype)
	if version != "" {
		r.Header.Set("If-Match", `"`+version+`"`)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != want {
		a.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	if err := rest.CheckResponse(a.contract, r, w.Result()); err != nil {
		a.Error(err)
	}
	var v map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			a.Error(err)
		}
	}
	return v
}

const (
	plain = "application/json"
	patch = "application/merge-patch+json"
)

// TestEveryCollectionDoesWhatTheSpecificationSays takes an invented record of
// each collection through its whole life.
func TestEveryCollectionDoesWhatTheSpecificationSays(t *testing.T) {
	a := newAPI(t)
	for _, name := range collections {
		found := a.call(200, "GET", "/"+name, plain, nil, "")["results"].([]any)
		if len(found) == 0 {
			t.Fatalf("%s: no invented records", name)
		}
		record := a.call(200, "GET", "/"+name+"/"+found[0].(map[string]any)["id"].(string), plain, nil, "")
		for _, own := range []string{"id", "aangemaaktOp", "gewijzigdOp"} {
			delete(record, own)
		}
		at := "/" + name + "/" + a.call(201, "POST", "/"+name, plain, record, "")["id"].(string)
		a.call(200, "PUT", at, plain, record, "1")
		a.call(412, "PUT", at, plain, record, "1")
		changed := a.call(200, "PATCH", at, patch, record, "2")
		for field := range record {
			if changed[field] == nil {
				t.Errorf("%s: %s is lost", name, field)
			}
		}
		a.call(400, "PATCH", at, patch, map[string]any{"bestaat-niet": 1}, "3")
		a.call(428, "DELETE", at, plain, nil, "")
		a.call(204, "DELETE", at, plain, nil, "3")
		a.call(404, "GET", at, plain, nil, "")
	}
}

// TestZaken opens a zaak and closes it.
func TestZaken(t *testing.T) {
	a := newAPI(t)
	zaak := a.call(201, "POST", "/zaken", plain, map[string]string{
		"omschrijving": "Verhuizing doorgeven", "zaaktype": "verhuizing-doorgeven", "huidigeStap": "aangifte",
	}, "")
	at := "/zaken/" + zaak["id"].(string)
	a.call(201, "POST", at+"/statussen", plain, map[string]string{"statustype": "eind", "resultaat": "klaar"}, "1")
	a.call(409, "POST", at+"/statussen", plain, map[string]string{"statustype": "verder"}, "2")
	a.call(200, "GET", at+"/statussen", plain, nil, "")
	a.call(200, "GET", at, plain, nil, "")
	a.call(200, "GET", "/zaken?sort=-gewijzigdOp", plain, nil, "")
}
