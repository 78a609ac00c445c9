package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestTextsComeInOneForm: an accent that comes as a character of its own, written
// out or as \u0301, is the same letter: for the choices and lengths of the
// specification, and for the handler.
func TestTextsComeInOneForm(t *testing.T) {
	var seen []string
	note := HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		seen = append(seen, r.URL.Query()["kleur"]...)
		if r.Method == http.MethodPost {
			var given struct {
				Colour string   `json:"kleur"`
				Names  []string `json:"namen"`
			}
			if err := Decode(r, &given); err != nil {
				return err
			}
			seen = append(append(seen, given.Colour), given.Names...)
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	spec := `{openapi: 3.0.3, info: {title: T, version: 1.0.0}, servers: [{url: 'https://a.test/v1'}], paths: {
  '/a': {get: {parameters: [{name: kleur, in: query, schema: &k {type: string, enum: [café, cafe, 'a,b', '100%']}}], responses: {'204': {description: x}}},
    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {kleur: *k, namen: {type: array, items: {type: string, maxLength: 4}}}}}}}, responses: {'204': {description: x}}}}}}`
	h, err := NewServer(Options{Spec: []byte(spec), Routes: []Route{{Method: "GET", Pattern: "/a", Handler: note}, {Method: "POST", Pattern: "/a", Handler: note}}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []*httptest.ResponseRecorder{
		call(h, "GET", "/v1/a?kleur=cafe%CC%81", ""),
		call(h, "GET", "/v1/a?kleur=a%2Cb", ""),
		call(h, "GET", "/v1/a?kleur=100%25", ""),
		call(h, "POST", "/v1/a", "{\"kleur\":\"cafe\u0301\",\"namen\":[\"Zoe\u0308\"]}", jsonType),
		call(h, "POST", "/v1/a", `{"kleur":"cafe\u0301","namen":["cafe\u0301","\n\u0303"]}`, jsonType),
	} {
		if w.Code != 204 {
			t.Fatal(w.Code, w.Body)
		}
	}
	if got, want := fmt.Sprintf("%q", seen), fmt.Sprintf("%q", []string{"café", "a,b", "100%", "café", "Zoë", "café", "café", "\n\u0303"}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type gone struct{}

func (gone) Error() string { return "de reden" }

func (gone) Unavailable() (string, time.Duration) { return "Nu niet.", 1500 * time.Millisecond }

// TestWhatIsAwaySaysWhenToComeBack: and the reason is in the log only. Nobody waits
// for the answer to a request that was cancelled, which is no outage either.
func TestWhatIsAwaySaysWhenToComeBack(t *testing.T) {
	h, log := newServer(t, func(o *Options) {
		o.Ready = func(context.Context) error { return gone{} }
		for i := range o.Routes {
			o.Routes[i].Handler = HandlerFunc(func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("lezen: %w", gone{}) })
		}
	})
	for _, path := range []string{"/v1/dingen", "/healthz/ready"} {
		w := call(h, "GET", path, "", "Authorization: Bearer geheim")
		p := problemOf(t, w, http.StatusServiceUnavailable)
		if w.Header().Get("Retry-After") != "2" || p.Detail != "Nu niet." || strings.Contains(w.Body.String(), "reden") || !strings.Contains(log.String(), "de reden") {
			t.Errorf("%s: %v %s; %s", path, w.Header(), w.Body, log)
		}
	}
	log.Reset()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	Error(&recorder{ResponseWriter: w, log: slog.New(slog.NewTextHandler(log, nil))}, httptest.NewRequestWithContext(ctx, "GET", "/", nil), errors.Join(gone{}))
	if w.Body.Len() > 0 || log.Len() > 0 {
		t.Errorf("%s %s", w.Body, log)
	}
}
