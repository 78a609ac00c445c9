package register

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestALockedDatabaseIsSaidAsSuch: 503 with when to come back, for whatever would
// have changed something; what only reads goes on.
func TestALockedDatabaseIsSaidAsSuch(t *testing.T) {
	t.Parallel() // it waits for a lock as long as everybody does
	a := newAPI(t)
	other, err := sql.Open("sqlite", "file:"+a.file+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, target, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder()
		a.handler.ServeHTTP(w, r)
		return w
	}
	w := ask("POST", "/v1/dingen", `{"naam":"een ding"}`)
	var p struct {
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "3" ||
		w.Header().Get("Content-Type") != "application/problem+json" || p.Status != 503 || p.Detail == "" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := ask("GET", "/v1/dingen", ""); w.Code != http.StatusOK {
		t.Errorf("reading: %d %s", w.Code, w.Body)
	}
	if w := ask("GET", "/healthz/ready", ""); w.Code != http.StatusServiceUnavailable {
		t.Errorf("ready: %d %s", w.Code, w.Body)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if w := ask("POST", "/v1/dingen", `{"naam":"een ding"}`); w.Code != http.StatusCreated {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
	if w := ask("GET", "/healthz/ready", ""); w.Code != http.StatusOK {
		t.Errorf("ready afterwards: %d %s", w.Code, w.Body)
	}
}
