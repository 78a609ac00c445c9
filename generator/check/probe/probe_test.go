package probe

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

const version = "1.2.3"

// description is of an API with one list and one way to add to it.
const description = `{"openapi":"3.0.3","info":{"title":"x","version":"1.2.3"},"security":[{"token":[]}],"paths":{
"/openapi.json":{"get":{"security":[]}},
"/zaken":{"parameters":[{"$ref":"#/components/parameters/page"}],
  "get":{"parameters":[{"name":"sinds","in":"query","schema":{"$ref":"#/components/schemas/Dag"}},{"name":"vrij","in":"query","schema":{"type":"string"}}]},
  "post":{"requestBody":{"required":true,"content":{"application/json":{}}}}},
"/zaken/{id}":{"get":{}}},
"components":{"parameters":{"page":{"name":"page","in":"query","schema":{"type":"integer"}}},"schemas":{"Dag":{"type":"string","format":"date"}}}}`

// right answers as the design rules want.
func right(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range map[string]string{
		"API-Version": version, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Strict-Transport-Security": "max-age=31536000",
	} {
		h.Set(name, value)
	}
	switch r.URL.Path {
	case "/v1/openapi.json":
		h.Set("Access-Control-Allow-Origin", "*")
		if r.Method == http.MethodGet {
			send(w, 200, "application/json", description)
			return
		}
		problem(w, 405, "")
	case "/v1/zaken":
		zaken(w, r)
	case "/.well-known/security.txt":
		send(w, 200, "text/plain", "Contact: mailto:x\nExpires: "+time.Now().Add(time.Hour).Format(time.RFC3339)+"\n")
	default:
		problem(w, 404, "")
	}
}

func zaken(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch {
	case r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/json":
		problem(w, 415, "")
	case r.Method == http.MethodPost && strings.HasSuffix(string(body), ": "):
		problem(w, 400, "")
	case r.Method == http.MethodPost:
		panic("something that could be stored was sent: " + string(body))
	case r.Method != http.MethodGet:
		problem(w, 405, "")
	case strings.Contains(r.Header.Get("Accept"), "onbekend"):
		problem(w, 406, "")
	case r.URL.RawQuery != "":
		problem(w, 400, "page, sinds")
	default:
		send(w, 200, "application/json", `{"2026-01-01T10:00":1,"items":[{"begin":"2026-01-01T10:00:00+01:00","eind":"2026-01-01T10:00:00.5Z","dag":"2026-01-01"}]}`)
	}
}

func send(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func problem(w http.ResponseWriter, status int, more string) {
	send(w, status, "application/problem+json", fmt.Sprintf(`{"status":%d,"title":"t","detail":"d","more":%q}`, status, more))
}

// changed is an answer of right that is changed before it goes out.
type changed struct {
	http.ResponseWriter
	header func(h http.Header)
	body   func(string) string
}

func (c changed) WriteHeader(status int) {
	if c.header != nil {
		c.header(c.Header())
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c changed) Write(b []byte) (int, error) {
	if c.body != nil {
		_, err := io.WriteString(c.ResponseWriter, c.body(string(b)))
		return len(b), err
	}
	return c.ResponseWriter.Write(b)
}

func headers(change func(h http.Header)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { right(changed{w, change, nil}, r) }
}

func without(name string) http.HandlerFunc {
	return headers(func(h http.Header) { h.Del(name) })
}

func bodies(old, instead string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		right(changed{w, nil, func(s string) string { return strings.ReplaceAll(s, old, instead) }}, r)
	}
}

// when answers one question otherwise.
func when(is func(r *http.Request) bool, then http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if is(r) {
			rec := httptest.NewRecorder()
			right(rec, httptest.NewRequest(http.MethodGet, "/niets", nil)) // for its headers
			for name := range rec.Header() {
				w.Header().Set(name, rec.Header().Get(name))
			}
			then(w, r)
			return
		}
		right(w, r)
	}
}

func at(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == path }
}

func answering(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { problem(w, status, "") }
}

func lookAt(t *testing.T, server *httptest.Server, path, token string, clear *url.URL) []check.Verdict {
	t.Helper()
	base, err := Base(server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	verdicts, err := look(t.Context(), server.Client(), base, token, clear, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return verdicts
}

// broken names the rules that have findings, each once with its cases.
func broken(verdicts []check.Verdict) []string {
	var all []string
	for _, v := range verdicts {
		for _, f := range v.Findings {
			all = append(all, strings.TrimSuffix(f.Rule+" "+f.Case, " "))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// linted is what the rules for descriptions find in the one of these tests, when there
// are any: it is that of no real API.
func linted(all []string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s == ruleDocument })
}

// TestRight: an API that does all well has no finding, over TLS, and all is looked at.
func TestRight(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(right))
	t.Cleanup(server.Close)
	gone, err := url.Parse("http://127.0.0.1:1/v1/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1", "/v1/", "/v1/openapi.json"} {
		verdicts := lookAt(t, server, path, "geheim", gone)
		if got := linted(broken(verdicts)); len(got) > 0 {
			t.Errorf("%s: %q", path, got)
		}
		for _, v := range verdicts {
			if v.Outcome != check.Met && !slices.Contains([]string{ruleYAML, ruleDocument, ruleTLSQuality}, v.Rule.ID) {
				t.Errorf("%s: %s is %s: %v", path, v.Rule.ID, v.Outcome, v.Missed)
			}
		}
	}
}

// wrong are servers that do one thing wrongly, by the finding that they give.
func wrong() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		ruleBase + " other":      bodies(`"version":"1.2.3"`, `"version":"2.0.0"`), // with the header, below
		ruleVersion:              headers(func(h http.Header) { h.Set("API-Version", "v1.2.3") }),
		rulePublish + " status":  when(at("/v1/openapi.json"), answering(401)),
		rulePublish + " content": bodies(`{"openapi":"3.0.3",`, `{"geen":[}`),
		rulePublish + " media": headers(func(h http.Header) {
			h.Set("Content-Type", strings.Replace(h.Get("Content-Type"), "application/json", "text/plain", 1))
		}),
		rulePublish + " cors": without("Access-Control-Allow-Origin"),
		ruleYAML + " content": when(at("/v1/openapi.yaml"), func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "text/yaml", "a: [") }),
		ruleYAML + " version": when(at("/v1/openapi.yaml"), func(w http.ResponseWriter, _ *http.Request) {
			send(w, 200, "text/yaml", strings.Replace(description, version, "1.0.0", 1))
		}),
		ruleYAML + " operations": when(at("/v1/openapi.yaml"), func(w http.ResponseWriter, _ *http.Request) {
			send(w, 200, "text/yaml", "info: {version: 1.2.3}\npaths: {/x: {get: {}}}\n")
		}),
		ruleSlash + " redirect": when(at("/v1/zaken/"), func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/v1/zaken", http.StatusMovedPermanently)
		}),
		ruleSlash + " status":    when(at("/v1/zaken/"), func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "application/json", "{}") }),
		ruleUnknown:              when(at("/v1"+unknownPath), func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "application/json", "{}") }),
		ruleProblem + " media":   headers(func(h http.Header) { h.Set("Content-Type", strings.Replace(h.Get("Content-Type"), "problem+", "", 1)) }),
		ruleProblem + " content": bodies(`"title":"t"`, `"title":`),
		ruleProblem + " members": bodies(`"title":"t",`, ""),
		ruleProblem + " status":  bodies(`"status":404`, `"status":500`),
		ruleHeaders:              without("X-Frame-Options"),
		ruleHSTS:                 headers(func(h http.Header) { h.Set("Strict-Transport-Security", "max-age=0; includeSubDomains") }),
		ruleCORS:                 headers(func(h http.Header) { h.Set("Access-Control-Allow-Origin", "*") }),
		ruleCORS + " credentials": headers(func(h http.Header) {
			h.Set("Access-Control-Allow-Origin", foreign)
			h.Set("Access-Control-Allow-Credentials", "true")
		}),
		ruleAccept: when(func(r *http.Request) bool { return r.Header.Get("Accept") == unknownMedia }, func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "application/json", "{}") }),
		ruleMedia:  when(func(r *http.Request) bool { return r.Header.Get("Content-Type") == "text/plain" }, answering(500)),
		ruleInput + " json": when(func(r *http.Request) bool {
			return r.Method == http.MethodPost && r.Header.Get("Content-Type") != "text/plain"
		}, answering(422)),
		ruleInput + " query":         when(func(r *http.Request) bool { return r.URL.RawQuery != "" }, answering(422)),
		ruleAllErrors:                bodies("page, sinds", "page"),
		ruleMethod:                   when(func(r *http.Request) bool { return r.Method == unknownMethod }, func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "application/json", "{}") }),
		ruleDateTime:                 bodies("10:00:00+01:00", "10:00:00"),
		ruleSecurityTxt + " status":  when(at("/.well-known/security.txt"), answering(404)),
		ruleSecurityTxt + " contact": bodies("Contact:", "Kontakt:"),
		ruleSecurityTxt + " expires": bodies("Expires: ", "Expires: 1"),
	}
}

// TestWrong: each rule is broken once, and then nothing else is said.
func TestWrong(t *testing.T) {
	t.Parallel()
	proven := map[string]bool{ruleBase: true, ruleTLS: true, ruleRedirect: true, ruleDocument: true} // elsewhere
	for want, handler := range wrong() {
		rule, _, _ := strings.Cut(want, " ")
		proven[rule] = true
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewTLSServer(handler)
			t.Cleanup(server.Close)
			got := linted(broken(lookAt(t, server, "/v1", "geheim", nil)))
			if want == ruleBase+" other" {
				got = slices.DeleteFunc(got, func(s string) bool { return s == ruleVersion }) // compared with the same
			}
			if !slices.Equal(got, []string{want}) {
				t.Errorf("found %q", got)
			}
		})
	}
	for _, rule := range Rules() {
		if (!proven[rule.ID] || !strings.HasSuffix(rule.ID, "-live")) && rule.By == check.Running {
			t.Errorf("%s is never broken", rule.ID)
		}
	}
}

// TestAddress: what is wrong with the address itself.
func TestAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://x.test/v1": "https://x.test/v1", "https://x.test/a/v1/": "https://x.test/a/v1", " http://x.test:8083/v1/openapi.yaml ": "http://x.test:8083/v1",
		"https://x.test": "https://x.test", "ftp://x.test/v1": "", "x.test/v1": "", "https://u:p@x.test/v1": "", "https://x.test/v1?token=x": "", "": "", "http://": "",
	} {
		got := ""
		if u, err := Base(address); err == nil {
			got = u.String()
		} else if !errors.Is(err, ErrAddress) {
			t.Error(err)
		}
		if got != want {
			t.Errorf("%q gives %q", address, got)
		}
	}
	far := &url.URL{Scheme: "http", Host: "api.test", Path: "/v1"}
	if _, err := Look(t.Context(), nil, far, "geheim", time.Now()); !errors.Is(err, ErrClear) {
		t.Errorf("a token goes over http: %v", err)
	}
	var away *UnreachableError
	if _, err := Look(t.Context(), nil, &url.URL{Scheme: "http", Host: "127.0.0.1:1", Path: "/v1"}, "", time.Now()); !errors.As(err, &away) {
		t.Errorf("%v", err)
	}
}

// TestTransport: TLS, its certificate, what http does, and the base path.
func TestTransport(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(right))
	t.Cleanup(server.Close)
	base, err := Base(server.URL + "/v1")
	if err != nil {
		t.Fatal(err)
	}
	verdicts, err := Look(t.Context(), nil, base, "", time.Now()) // which does not know who signed
	if err != nil || !slices.Equal(broken(verdicts), []string{ruleTLS + " certificate"}) {
		t.Errorf("%v %q", err, broken(verdicts))
	}
	for want, handler := range map[string]http.HandlerFunc{
		ruleRedirect: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://x.test", http.StatusPermanentRedirect)
		},
		ruleTLS + " clear": right,
	} {
		clear := httptest.NewServer(handler)
		t.Cleanup(clear.Close)
		at, err := url.Parse(clear.URL + "/v1/openapi.json")
		if err != nil {
			t.Fatal(err)
		}
		if got := linted(broken(lookAt(t, server, "/v1", "", at))); !slices.Equal(got, []string{want}) {
			t.Errorf("%q, not %s", got, want)
		}
	}
	if got := broken(lookAt(t, server, "", "", nil)); !slices.Contains(got, ruleBase+" none") {
		t.Errorf("%q", got)
	}
}

// TestLocked: what asks for a token is not said to be wrong without one.
func TestLocked(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/v1/openapi.json") || r.URL.Path == "/.well-known/security.txt":
			right(w, r)
		default:
			when(func(*http.Request) bool { return true }, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Del("API-Version") // a proxy before the API
				problem(w, 401, "")
			})(w, r)
		}
	}))
	t.Cleanup(server.Close)
	verdicts := lookAt(t, server, "/v1", "", nil)
	if got := linted(broken(verdicts)); len(got) > 0 {
		t.Errorf("%q", got)
	}
	for _, v := range verdicts {
		if slices.Contains([]string{ruleUnknown, ruleAccept, ruleMedia, ruleInput, ruleDateTime, ruleCORS}, v.Rule.ID) {
			if v.Outcome != check.NotChecked || v.Missed[0].Why != "needs-token" {
				t.Errorf("%s is %s: %v", v.Rule.ID, v.Outcome, v.Missed)
			}
		}
	}
}
