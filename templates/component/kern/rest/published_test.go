package rest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const published = `
openapi: 3.0.3
info: {title: 'Verhuizing: register', description: 'Van Duinstad &lt;x. Verhuizing.', version: 1.0.0, contact: {name: Duinstad, email: a@duinstad.test, url: https://www.duinstad.test}}
servers: [{url: https://api.duinstad.test/v1}]
tags: [{name: zaken, description: De zaken van Verhuizing.}]
paths:
  /openapi.json:
    get: {security: [], responses: {'200': {description: x}}}
`

// TestTheSpecificationIsOfWhoPublishesIt: one program serves more than one
// organisation, and the published specification and its page say which.
func TestTheSpecificationIsOfWhoPublishesIt(t *testing.T) {
	serve := func(p Published, path string) string {
		h, err := NewServer(Options{Spec: []byte(published), Published: p,
			SecurityTxt: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("Contact: x\n")) })})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	p := Published{Contact: &Contact{Name: "Veenrade <b>", URL: "https://www.veenrade.test"}, Server: "https://api.veenrade.test/x/v1",
		Info: []string{"Van Duinstad <x.", "Van Veenrade <y.", "Verhuizing", "Verhuizen"}, Tags: []string{"Verhuizing", "Verhuizen"}}
	spec := serve(p, "/v1/openapi.json")
	for _, want := range []string{`"title":"Verhuizen: register"`, `Van Veenrade \u0026lt;y. Verhuizen.`, `"servers":[{"description":"Het adres van deze API in productie.","url":"https://api.veenrade.test/x/v1"}]`, `"contact":{"name":"Veenrade \u003cb\u003e","url":"https://www.veenrade.test"}`, "De zaken van Verhuizen."} {
		if !strings.Contains(spec, want) {
			t.Errorf("no %s in %s", want, spec)
		}
	}
	if strings.Contains(strings.ToLower(spec), "duinstad") || !json.Valid([]byte(spec)) {
		t.Error(spec)
	}
	if _, err := NewContract([]byte(spec)); err != nil {
		t.Error(err)
	}
	page := serve(p, "/")
	if !strings.Contains(page, `<a href="https://www.veenrade.test">Veenrade &lt;b&gt;</a>.</p>`) || strings.Contains(page, "mailto:") || strings.Contains(strings.ToLower(page), "duinstad") {
		t.Error(page)
	}
	if was := serve(Published{}, "/v1/openapi.json"); !strings.Contains(was, "https://api.duinstad.test/v1") || !strings.Contains(was, "a@duinstad.test") {
		t.Error(was)
	}
	if got := serve(Published{}, "/.well-known/security.txt"); got != "Contact: x\n" {
		t.Error(got)
	}
}

func TestWithoutAnybodyToReachThereIsNoSecurityTxt(t *testing.T) {
	h, err := NewServer(Options{Spec: []byte(published)})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.well-known/security.txt", nil))
	if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
