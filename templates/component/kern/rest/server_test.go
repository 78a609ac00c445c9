package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// secret is a valid test number; it must not come back in an answer or a log.
const secret = "999993653"

const id = "01a200c0-9219-765b-8fd6-070cd3acde57"

func routes() []Route {
	ok := HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		return WriteList(w, ReadPage(r), Found{Count: 41}, []string{})
	})
	return []Route{
		{"GET", "/dingen", ok, nil, ""},
		{"POST", "/dingen", HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
			var thing struct {
				Name   string          `json:"naam"`
				BSN    string          `json:"bsn"`
				Count  int64           `json:"aantal,omitempty"`
				Moment *value.DateTime `json:"moment,omitempty"`
			}
			if err := Decode(r, &thing); err != nil {
				return err
			}
			return Write(w, http.StatusCreated, thing)
		}), nil, ""},
		{"GET", "/dingen/{id}", HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
			return errors.New("de schijf is kapot: " + secret[:3])
		}), nil, ""},
		{"DELETE", "/dingen/{id}", HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
			seen, err := IfMatch(r)
			if err == nil {
				err = seen.MeetsVersion(3)
			}
			if err != nil {
				return err
			}
			w.WriteHeader(http.StatusNoContent)
			return nil
		}), nil, ""},
		{"GET", "/tekening", HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error {
			send(w, 200, "application/xml", []byte("<x/>"))
			return nil
		}), nil, ""},
		{"GET", "/paniek", HandlerFunc(func(http.ResponseWriter, *http.Request) error { panic("bsn " + secret) }), nil, ""},
	}
}

func specification(t testing.TB) []byte {
	t.Helper()
	spec, err := os.ReadFile("testdata/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func newServer(t testing.TB, change func(*Options)) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	o := Options{Spec: specification(t), Routes: routes(), Log: slog.New(slog.NewTextHandler(&log, nil))}
	if change != nil {
		change(&o)
	}
	h, err := NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	return h, &log
}

// call makes a request; headers are "Name: value".
func call(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	for _, header := range headers {
		name, v, _ := strings.Cut(header, ": ")
		r.Header.Add(name, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const jsonType = "Content-Type: application/json"

func TestBadRequests(t *testing.T) {
	good := `{"naam":"a","bsn":"` + secret + `"}`
	cases := []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		faults                     []string // in:pointer or name:code
	}{
		{"unknown path", "GET", "/v1/anders", "", nil, 404, nil},
		{"outside the base", "GET", "/dingen", "", nil, 404, nil},
		{"slash at the end", "GET", "/v1/dingen/", "", nil, 404, nil},
		{"slash after an id", "GET", "/v1/dingen/" + id + "/", "", nil, 404, nil},
		{"two slashes", "GET", "/v1//dingen", "", nil, 404, nil},
		{"dots", "GET", "/v1/x/../dingen", "", nil, 404, nil},
		{"wrong method", "PATCH", "/v1/dingen", "", nil, 405, nil},
		{"wrong method on the specification", "POST", "/v1/openapi.json", "", nil, 405, nil},
		{"wrong method on health", "POST", "/healthz/live", "", nil, 405, nil},
		{"accept", "GET", "/v1/dingen", "", []string{"Accept: text/html"}, 406, nil},
		{"accept refuses json", "GET", "/v1/dingen", "", []string{"Accept: application/json;q=0, text/*"}, 406, nil},
		{"accept json for xml", "GET", "/v1/tekening", "", []string{"Accept: application/json"}, 406, nil},
		{"content type", "POST", "/v1/dingen", good, []string{"Content-Type: text/plain"}, 415, nil},
		{"no content type", "POST", "/v1/dingen", good, nil, 415, nil},
		{"charset", "POST", "/v1/dingen", good, []string{"Content-Type: application/json; charset=latin1"}, 415, nil},
		{"compressed", "POST", "/v1/dingen", good, []string{jsonType, "Content-Encoding: gzip"}, 415, nil},
		{"no body", "POST", "/v1/dingen", "", []string{jsonType}, 400, []string{"body::required"}},
		{"nothing at all", "POST", "/v1/dingen", "", nil, 400, []string{"body::required"}},
		{"broken", "POST", "/v1/dingen", `{"naam":`, []string{jsonType}, 400, []string{"body::json"}},
		{"garbage behind", "POST", "/v1/dingen", good + "x", []string{jsonType}, 400, []string{"body::json"}},
		{"two values", "POST", "/v1/dingen", good + good, []string{jsonType}, 400, []string{"body::json"}},
		{"key twice", "POST", "/v1/dingen", `{"naam":"a","naam":"b","bsn":"` + secret + `"}`, []string{jsonType}, 400, []string{"body:/naam:json"}},
		{"no UTF-8", "POST", "/v1/dingen", "{\"naam\":\"\xff\"}", []string{jsonType}, 400, []string{"body::json"}},
		{"null byte", "POST", "/v1/dingen", `{"naam":"\u0000","bsn":"` + secret + `"}`, []string{jsonType}, 400, []string{"body:/naam:json"}},
		{"too deep", "POST", "/v1/dingen", strings.Repeat("[", 40) + strings.Repeat("]", 40), []string{jsonType}, 400, []string{"body::json"}},
		{"too large", "POST", "/v1/dingen", `{"naam":"` + strings.Repeat("a", maxBody) + `"}`, []string{jsonType}, 413, nil},
		{"no object", "POST", "/v1/dingen", `[]`, []string{jsonType}, 400, []string{"body::type"}},
		{"null", "POST", "/v1/dingen", `null`, []string{jsonType}, 400, []string{"body::nullable"}},
		{"everything at once", "POST", "/v1/dingen?x=1", `{"naam":"","bsn":"999993654","aantal":21,"dag":"2026-02-30","moment":"2026-01-01t00:00:00z","kleur":"blauw","extra":1,"doos":{"inhoud":"*"}}`,
			[]string{jsonType, "Idempotency-Key: 1"}, 400, []string{
				"body:/aantal:maximum", "body:/bsn:format", "body:/dag:format", "body:/doos/inhoud:format", "body:/doos/maat:required",
				"body:/extra:unknown", "body:/kleur:enum", "body:/moment:format", "body:/naam:pattern",
				"header:Idempotency-Key:format", "query:x:unknown"}},
		{"data as a key", "POST", "/v1/dingen", `{"naam":"a","bsn":"` + secret + `","` + secret + `":1}`, []string{jsonType}, 400, []string{"body:/?:unknown"}},
		{"null where the specification has none", "POST", "/v1/dingen", `{"naam":"a","bsn":"` + secret + `","aantal":null,"dag":null,"kleur":null,"doos":null,"kist":{"maat":null}}`, []string{jsonType}, 400,
			[]string{"body:/aantal:nullable", "body:/dag:nullable", "body:/doos:nullable", "body:/kist/maat:nullable", "body:/kleur:enum"}},
		{"types", "POST", "/v1/dingen", `{"naam":1,"bsn":null,"aantal":1.5}`, []string{jsonType}, 400, []string{"body:/aantal:type", "body:/bsn:nullable", "body:/naam:type"}},
		{"integer with a point", "POST", "/v1/dingen", `{"naam":"a","bsn":"` + secret + `","aantal":2.0}`, []string{jsonType}, 400, []string{"body:/aantal:type"}},
		{"huge number", "POST", "/v1/dingen", `{"naam":"a","bsn":"` + secret + `","aantal":1e999}`, []string{jsonType}, 400, []string{"body:/aantal:type"}},
		{"unknown offset", "POST", "/v1/dingen", `{"naam":"a","bsn":"` + secret + `","moment":"2026-01-01T00:00:00-00:00"}`, []string{jsonType}, 400, []string{"body:/moment:format"}},
		{"page zero", "GET", "/v1/dingen?page=0", "", nil, 400, []string{"query:page:minimum"}},
		{"page is no number", "GET", "/v1/dingen?page=een&pageSize=101", "", nil, 400, []string{"query:page:type", "query:pageSize:maximum"}},
		{"page twice", "GET", "/v1/dingen?page=1&page=2", "", nil, 400, []string{"query:page:unique"}},
		{"enum and boolean", "GET", "/v1/dingen?kleur=blauw&aan=ja", "", nil, 400, []string{"query:aan:type", "query:kleur:enum"}},
		{"list", "GET", "/v1/dingen?soort=a,,c", "", nil, 400, []string{"query:soort:maxItems", "query:soort:minLength"}},
		{"bad escape", "GET", "/v1/dingen?page=%zz", "", nil, 400, nil},
		{"null byte in the query", "GET", "/v1/dingen?soort=%00", "", nil, 400, []string{"query:soort:encoding"}},
		{"id is none", "GET", "/v1/dingen/" + secret, "", nil, 400, []string{"path:id:format"}},
		{"without If-Match", "DELETE", "/v1/dingen/" + id, "", nil, 428, nil},
		{"weak If-Match", "DELETE", "/v1/dingen/" + id, "", []string{`If-Match: W/"1"`}, 412, nil},
		{"no tag in If-Match", "DELETE", "/v1/dingen/" + id, "", []string{`If-Match: 1`}, 400, []string{"header:If-Match:format"}},
		{"other tags in If-Match", "DELETE", "/v1/dingen/" + id, "", []string{`If-Match: "1"`, `If-Match: "2"`}, 412, nil},
		{"spaces for a text", "POST", "/v1/dingen", `{"naam":" \u00a0\u200b\t","bsn":"  ","doos":{"maat":1,"etiket":"\n"}}`, []string{jsonType}, 400, []string{"body:/bsn:pattern", "body:/doos/etiket:pattern", "body:/naam:pattern"}},
		{"spaces for a day and a choice", "POST", "/v1/dingen", `{"naam":"a","bsn":"` + secret + `","dag":" ","kleur":" "}`, []string{jsonType}, 400, []string{"body:/dag:format", "body:/kleur:enum"}},
		{"error of our own", "GET", "/v1/dingen/" + id, "", nil, 500, nil},
		{"panic", "GET", "/v1/paniek", "", nil, 500, nil},
	}
	h, log := newServer(t, nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := call(h, c.method, c.target, c.body, c.headers...)
			p := problemOf(t, w, c.status)
			var faults []string
			for _, f := range p.Errors {
				faults = append(faults, f.In+":"+f.Location.Pointer+f.Location.Name+":"+f.Code)
			}
			slices.Sort(faults)
			if !slices.Equal(faults, c.faults) {
				t.Errorf("faults %q, want %q", faults, c.faults)
			}
			if allow := w.Header().Get("Allow"); w.Code == http.StatusMethodNotAllowed && !strings.HasPrefix(allow, "GET, HEAD") {
				t.Errorf("405 with Allow: %s", allow)
			}
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("the answer repeats the value: %s", w.Body)
			}
		})
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("the log holds the value:\n%s", log)
	}
}

// problemOf checks what must hold for every error.
func problemOf(t *testing.T, w *httptest.ResponseRecorder, status int) (p Problem) {
	t.Helper()
	if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s, want %d: %s", w.Code, w.Header().Get("Content-Type"), status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != status || p.Title == "" || p.Detail == "" || !strings.HasPrefix(p.Instance, "urn:uuid:") {
		t.Errorf("%+v", p)
	}
	checkHeaders(t, w.Header())
	return p
}

func checkHeaders(t *testing.T, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"API-Version": "1.2.3", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
	} {
		if h.Get(name) != want {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
	if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Error(h.Get("Content-Security-Policy"))
	}
	if !strings.HasPrefix(h.Get("Strict-Transport-Security"), "max-age=3") {
		t.Error(h.Get("Strict-Transport-Security"))
	}
}

func TestGoodRequests(t *testing.T) {
	h, log := newServer(t, nil)
	contract, err := NewContract(specification(t))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		method, target, body string
		headers              []string
		status               int
	}{
		{"GET", "/v1/dingen", "", nil, 200},
		{"HEAD", "/v1/dingen", "", nil, 200},
		{"GET", "/v1/dingen?page=2&kleur=rood&aan=true&soort=a,b", "", []string{"Accept: text/html, application/*;q=0.5"}, 200},
		{"POST", "/v1/dingen", ` {"naam":"a","bsn":"` + secret + `","aantal":2,"moment":"2026-01-01T01:00:00.1234567+01:00","kist":null} `, []string{"Content-Type: application/json; charset=UTF-8", "Idempotency-Key: " + id}, 201},
		{"DELETE", "/v1/dingen/" + id, "", []string{`If-Match: "3"`, "Accept: text/html"}, 204},
		{"DELETE", "/v1/dingen/" + id, "", []string{`If-Match: "2"`, `If-Match: W/"3", "3"`}, 204},
		{"DELETE", "/v1/dingen/" + strings.ToUpper(id), "", []string{`If-Match: *`}, 204},
		{"GET", "/v1/tekening", "", []string{"Accept: application/xml"}, 200},
		{"GET", "/v1/openapi.json", "", []string{"Origin: https://elders.test"}, 200},
		{"GET", "/", "", nil, 200},
		{"GET", "/healthz/live", "", nil, 200},
		{"GET", "/healthz/ready", "", nil, 200},
	}
	for _, c := range cases {
		w := call(h, c.method, c.target, c.body, c.headers...)
		if w.Code != c.status {
			t.Errorf("%s %s: %d %s", c.method, c.target, w.Code, w.Body)
		}
		checkHeaders(t, w.Header())
		if strings.HasPrefix(c.target, "/v1") && c.method != "HEAD" {
			if err := CheckResponse(contract, httptest.NewRequest(c.method, c.target, nil), w.Result()); err != nil {
				t.Error(err)
			}
		}
		if c.method == "POST" && !strings.Contains(w.Body.String(), `"2026-01-01T00:00:00.123456Z"`) {
			t.Errorf("the moment is not UTC to the microsecond: %s", w.Body)
		}
	}
	if strings.Contains(log.String(), "kleur") || strings.Contains(log.String(), id) {
		t.Errorf("the log:\n%s", log)
	}
}

func TestPagesOfAList(t *testing.T) {
	h, _ := newServer(t, nil)
	for target, want := range map[string][3]string{
		"/v1/dingen":                   {"", "?page=2&pageSize=20", `<?page=1&pageSize=20>; rel="first", <?page=3&pageSize=20>; rel="last", <?page=2&pageSize=20>; rel="next"`},
		"/v1/dingen?page=3":            {"?page=2&pageSize=20", "", `<?page=1&pageSize=20>; rel="first", <?page=3&pageSize=20>; rel="last", <?page=2&pageSize=20>; rel="prev"`},
		"/v1/dingen?page=9&kleur=rood": {"?kleur=rood&page=3&pageSize=20", "", `<?kleur=rood&page=1&pageSize=20>; rel="first", <?kleur=rood&page=3&pageSize=20>; rel="last", <?kleur=rood&page=3&pageSize=20>; rel="prev"`},
		"/v1/dingen?pageSize=50":       {"", "", `<?page=1&pageSize=50>; rel="first", <?page=1&pageSize=50>; rel="last"`},
	} {
		w := call(h, "GET", target, "")
		var body struct {
			Count          int
			Next, Previous string
			Results        []string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.Count != 41 || body.Results == nil {
			t.Errorf("%s: %v %s", target, err, w.Body)
		}
		if got := [3]string{body.Previous, body.Next, w.Header().Get("Link")}; got != want {
			t.Errorf("%s: %q", target, got)
		}
	}
}

func TestTheSpecificationIsForEverybodyAndTheRestForATokenHolder(t *testing.T) {
	h, _ := newServer(t, func(o *Options) { o.Token = "geheim" })
	for _, target := range []string{"/v1/openapi.json", "/", "/healthz/live", "/healthz/ready"} {
		if w := call(h, "GET", target, ""); w.Code != 200 {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	w := call(h, "GET", "/v1/openapi.json", "", "Origin: https://elders.test")
	if w.Header().Get("Access-Control-Allow-Origin") != "*" || !json.Valid(w.Body.Bytes()) {
		t.Error(w.Header())
	}
	if p := problemOf(t, call(h, "GET", "/v1/dingen", ""), 401); p.Status != 401 {
		t.Error(p)
	}
	problemOf(t, call(h, "GET", "/v1/dingen", "", "Authorization: Bearer anders"), 401)
	if w := call(h, "GET", "/v1/dingen", "", "Authorization: Bearer geheim"); w.Code != 200 {
		t.Error(w.Code)
	}
	if w := call(h, "GET", "/v1/dingen", "", "Authorization: Bearer geheim", "Origin: https://elders.test"); w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("a foreign website may read the answer")
	}
}

func TestOriginsOnTheListMayCall(t *testing.T) {
	h, _ := newServer(t, func(o *Options) { o.Origins = []string{"https://wel.test"} })
	w := call(h, "OPTIONS", "/v1/dingen", "", "Origin: https://wel.test", "Access-Control-Request-Method: POST")
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Methods") != "GET, HEAD, POST" {
		t.Error(w.Code, w.Header())
	}
	problemOf(t, call(h, "OPTIONS", "/v1/dingen", "", "Origin: https://niet.test", "Access-Control-Request-Method: POST"), 405)
}

func TestReadyWithAWarning(t *testing.T) {
	warnings := []string{}
	h, _ := newServer(t, func(o *Options) { o.Warnings = func() []string { return warnings } })
	if w := call(h, "GET", "/healthz/ready", ""); w.Code != 200 || w.Body.String() != `{"status":"ok"}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	warnings = append(warnings, "iets loopt af")
	if w := call(h, "GET", "/healthz/ready", ""); w.Code != 200 || w.Body.String() != `{"status":"ok","waarschuwingen":["iets loopt af"]}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(h, "GET", "/healthz/live", ""); w.Code != 200 || w.Body.String() != `{"status":"ok"}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestNotReady(t *testing.T) {
	h, _ := newServer(t, func(o *Options) { o.Ready = func(context.Context) error { return errors.New("geen database") } })
	problemOf(t, call(h, "GET", "/healthz/ready", ""), 503)
	if w := call(h, "GET", "/healthz/live", ""); w.Code != 200 {
		t.Error(w.Code)
	}
}

func TestRoutesAndSpecificationAgree(t *testing.T) {
	missing := routes()[1:]
	if _, err := NewServer(Options{Spec: specification(t), Routes: missing}); err == nil || !strings.Contains(err.Error(), "GET /dingen") {
		t.Errorf("an operation without a route: %v", err)
	}
	extra := append(routes(), Route{"PUT", "/dingen", http.NotFoundHandler(), nil, ""})
	if _, err := NewServer(Options{Spec: specification(t), Routes: extra}); err == nil || !strings.Contains(err.Error(), "PUT /dingen") {
		t.Errorf("a route without an operation: %v", err)
	}
	other := routes()
	other[1].Fields, other[1].From = []string{"naam", "bsn", "gewicht"}, "dingen.go"
	_, err := NewServer(Options{Spec: specification(t), File: "openapi.yaml", Routes: other})
	for _, want := range []string{
		"veld gewicht: staat in dingen.go en ontbreekt in openapi.yaml (POST /dingen)",
		"veld aantal: staat in openapi.yaml en ontbreekt in dingen.go (POST /dingen)",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("other fields: %v\nwant %s", err, want)
		}
	}
}

func TestPage(t *testing.T) {
	h, _ := newServer(t, nil)
	w := call(h, "GET", "/", "")
	if w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Feature-Policy") != "'none'" {
		t.Error(w.Header())
	}
	page := w.Body.String()
	for _, want := range []string{`<html lang="nl">`, "<title>Dingen 1.2.3</title>", `<details id="maakDing">`, "De naam."} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, " style=") || strings.Contains(page, "unsafe") {
		t.Error("the page needs more than its policy allows")
	}
}
