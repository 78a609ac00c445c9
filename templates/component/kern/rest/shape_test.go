package rest

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestIdsInCapitals: whoever sends an id in capitals means the same one (RFC 9562,
// section 4), wherever it stands; handlers see one spelling.
func TestIdsInCapitals(t *testing.T) {
	var seen []string
	note := func(all ...string) { seen = append(seen, all...) }
	record := HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		note(r.PathValue("id"), r.URL.Query().Get("eigenaar"), r.Header.Get("Idempotency-Key"))
		if r.Method == http.MethodPost {
			var given struct {
				Owner string            `json:"eigenaar"`
				Names []string          `json:"anderen"`
				Box   map[string]string `json:"doos"`
				Count json.Number       `json:"aantal"`
			}
			if err := Decode(r, &given); err != nil {
				return err
			}
			note(given.Owner, given.Box["in"])
			note(given.Names...)
			if given.Count != "1234567890.10" {
				t.Errorf("the body is written otherwise than needed: %s", given.Count)
			}
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	spec := `{openapi: 3.0.3, info: {title: T, version: 1.0.0}, servers: [{url: 'https://a.test/v1'}], paths: {
  '/a/{id}': {parameters: [{name: id, in: path, required: true, schema: &u {type: string, format: uuid, pattern: '^[0-9a-fA-F-]{36}$'}}],
    get: {parameters: [{name: eigenaar, in: query, schema: *u}], responses: {'204': {description: x}}},
    post: {parameters: [{name: Idempotency-Key, in: header, schema: *u}], requestBody: {content: {application/json: {schema: {type: object, properties: {
      aantal: {type: number}, eigenaar: *u, anderen: {type: array, items: *u}, doos: {allOf: [{type: object, properties: {in: *u}}]}}}}}}, responses: {'204': {description: x}}}}}}`
	h, err := NewServer(Options{Spec: []byte(spec), Routes: []Route{{Method: "GET", Pattern: "/a/{id}", Handler: record}, {Method: "POST", Pattern: "/a/{id}", Handler: record}}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	up := strings.ToUpper(id)
	for _, w := range []*httptest.ResponseRecorder{
		call(h, "GET", "/v1/a/"+up+"?eigenaar="+up, ""),
		call(h, "POST", "/v1/a/"+up, `{"aantal":1234567890.10,"eigenaar":"`+up+`","anderen":["`+up+`"],"doos":{"in":"`+up+`"}}`, jsonType, "Idempotency-Key: "+up),
	} {
		if w.Code != 204 {
			t.Fatal(w.Code, w.Body)
		}
	}
	if len(seen) != 9 {
		t.Fatal(seen)
	}
	for _, s := range seen {
		if s != id && s != "" {
			t.Errorf("a handler sees %s", s)
		}
	}
}
