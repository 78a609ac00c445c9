package probe

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// TestHostile: a server that means harm gets no hang, no crash and no memory.
func TestHostile(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("0", 1<<16)
	for name, handler := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, zeros); err != nil {
					return
				}
			}
		},
		"packed": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			for range 1000 { // 64 MiB
				if _, err := io.WriteString(packed, zeros); err != nil {
					return
				}
			}
			_ = packed.Close()
		},
		"not packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			send(w, 200, "application/json", description)
		},
		"never":   func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"drop":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"headers": headers(func(h http.Header) { h.Set("X-Long", strings.Repeat("x", 2*maxHeaderBytes)) }),
		"no JSON": func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "application/json", "\xff\xfe{\x00") },
		"deep": func(w http.ResponseWriter, _ *http.Request) {
			send(w, 200, "application/json", strings.Repeat("[", 1<<19))
		},
		"round":       bodies(`{"type":"string","format":"date"}`, `{"$ref":"#/components/schemas/Dag"}`),
		"itself":      bodies(`"application/json":{}`, `"application/json":[{"$ref":"#"}]`),
		"other types": bodies(`"get":{`, `"get":[{`),
		"YAML": when(at("/v1/openapi.yaml"), func(w http.ResponseWriter, _ *http.Request) {
			var b strings.Builder
			b.WriteString("a0: &a0 [x, x]\n")
			for i := range 40 {
				fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
			}
			b.WriteString("paths: {/x: {get: *a40}}\n")
			send(w, 200, "text/yaml", b.String())
		}),
		"to itself": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			lookBriefly(t, server.URL+"/v1")
		})
	}
}

func lookBriefly(t *testing.T, address string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	base, err := Base(address)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	verdicts, err := Look(ctx, nil, base, "", time.Now())
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if err != nil && !errors.As(err, new(*UnreachableError)) {
		t.Error(err)
	}
	if err == nil && len(verdicts) != len(Rules()) {
		t.Errorf("%d verdicts", len(verdicts))
	}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			for _, arg := range f.Args {
				if strings.ContainsAny(arg, "\x00\n\x1b") || len(arg) > 700 {
					t.Errorf("%s repeats %q", f.Rule, arg)
				}
			}
		}
	}
}

// TestLimits: no more is read than the limit says, packed or not, of headers too.
func TestLimits(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("0", 1<<16)
	read := 0
	for name, handler := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			for {
				n, err := io.WriteString(w, zeros)
				if read += n; err != nil || read > 64<<20 {
					return
				}
			}
		},
		"packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			for range 100 {
				_, _ = io.WriteString(packed, zeros)
			}
			_ = packed.Close()
		},
		"headers": headers(func(h http.Header) { h.Set("X-Long", strings.Repeat("x", 2*maxHeaderBytes)) }),
	} {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		base, err := Base(server.URL + "/v1")
		if err != nil {
			t.Fatal(err)
		}
		a := newProber(t.Context(), nil, base, "").ask(request{})
		if name == "headers" && a.err == nil || name != "headers" && (!a.cut || len(a.body) > 0 || a.err != nil) {
			t.Errorf("%s: cut %v, %d bytes, %v", name, a.cut, len(a.body), a.err)
		}
	}
	if read > 32<<20 {
		t.Errorf("%d bytes were taken", read)
	}
}

// TestOnlyWhatMustBeRefused: a body that may be left out, or may be something else than
// JSON, is not tried.
func TestOnlyWhatMustBeRefused(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"required":true,"content":{"application/json":{}}}`:                         true,
		`{"required":true,"content":{"application/json":{},"application/x+json":{}}}`: true,
		`{"content":{"application/json":{}}}`:                                         false,
		`{"required":true,"content":{"application/json":{},"text/plain":{}}}`:         false,
		`{"required":true,"content":{"*/*":{}}}`:                                      false,
		`{"required":true}`:                                                           false,
		`{"$ref":"#/components/requestBodies/weg"}`:                                   false,
		`{"$ref":"https://elders.test/x.json"}`:                                       false,
		``:                                                                            false, `[]`: false,
	} {
		var a api
		if got := a.takesJSON(json.RawMessage(body)); got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}

// TestGarbage: what is no HTTP at all.
func TestGarbage(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 999999 \x1b[31m\r\nA: \x00\r\n\r\n")
			_ = c.Close()
		}
	}()
	lookBriefly(t, "http://"+listener.Addr().String()+"/v1")
}

// TestPolite: at most so many requests, none that could store something, and the token to
// nobody else.
func TestPolite(t *testing.T) {
	t.Parallel()
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect is followed") }))
	t.Cleanup(other.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == http.MethodGet, r.Method == unknownMethod && len(body) == 0:
		case r.Method == http.MethodPost && r.Header.Get("Content-Type") == "text/plain":
		case r.Method == http.MethodPost && strings.HasSuffix(string(body), ": "):
		default:
			t.Errorf("%s %s %s", r.Method, r.URL, body)
		}
		if strings.HasPrefix(r.URL.Path, "/v1/openapi.") && r.Header.Get("Authorization") != "" {
			t.Error("the description is asked with the token")
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if strings.HasSuffix(r.URL.Path, "/") {
			http.Redirect(w, r, other.URL, http.StatusFound)
			return
		}
		right(w, r)
	}))
	t.Cleanup(server.Close)
	verdicts := lookAt(t, server, "/v1", "geheim", nil)
	if asked > maxRequests || asked < 8 {
		t.Errorf("%d requests", asked)
	}
	for _, v := range verdicts {
		if strings.Contains(fmt.Sprint(v), "geheim") {
			t.Errorf("%s tells the token", v.Rule.ID)
		}
	}
	// What takes anything is asked nothing more.
	lax := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if r.Header.Get("Content-Type") != "text/plain" {
				t.Error("a server that takes anything gets JSON")
			}
			send(w, http.StatusCreated, "application/json", "{}")
			return
		}
		right(w, r)
	}))
	t.Cleanup(lax.Close)
	if got := broken(lookAt(t, lax, "/v1", "", nil)); !strings.Contains(strings.Join(got, ","), ruleMedia) {
		t.Errorf("%q", got)
	}
}

// FuzzDescription: the description of an API is somebody else's.
func FuzzDescription(f *testing.F) {
	f.Add(description)
	f.Add(`{"paths":{"/a":{"post":{"requestBody":{"$ref":"#/components/requestBodies/a"}}}},"components":{"requestBodies":{"a":{"$ref":"#/components/requestBodies/a"}}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		base := &url.URL{Scheme: "http", Host: "127.0.0.1:1", Path: "/v1"}
		p := newProber(t.Context(), &http.Client{Transport: noTransport{}}, base, "")
		if json.Unmarshal([]byte(body), &p.api) != nil {
			return
		}
		for _, o := range append(p.api.operations(http.MethodGet), p.api.operations(http.MethodPost)...) {
			if strings.ContainsAny(o.path, "?#{}") || !strings.HasPrefix(o.path, "/") || len(o.judged) != len(o.wrong) {
				t.Errorf("%+v", o)
			}
		}
		p.reading()
		p.refusing()
		for _, v := range p.verdicts() {
			if v.Outcome == check.Met {
				t.Errorf("%s is met without an answer", v.Rule.ID)
			}
		}
	})
}

type noTransport struct{}

func (noTransport) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.EOF }
