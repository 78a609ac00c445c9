package proef

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// relay passes requests on to a layer and looks for personal data in the
// address and the headers.
type relay struct {
	t       *testing.T
	name    string
	secrets []string
	server  *httptest.Server
	check   func(*http.Response) error

	mu     sync.Mutex
	target *url.URL
	passed []seen
	broken []string // methods and paths that get no answer
}

func newRelay(t *testing.T, name string, secrets []string) *relay {
	return &relay{t: t, name: name, secrets: secrets}
}

// point says where the requests go from now on.
func (r *relay) point(target string) {
	r.t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = u
}

// seen lists the requests that went by.
func (r *relay) seen() []seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.passed)
}

// breakAt lets requests with a method and path fail; without any all work again.
func (r *relay) breakAt(what ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = what
}

func (r *relay) note(req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passed = append(r.passed, see(req))
}

// ServeHTTP implements http.Handler.
func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.search(req)
	r.note(req)
	r.mu.Lock()
	target, broken := r.target, slices.Contains(r.broken, req.Method+" "+req.URL.Path)
	r.mu.Unlock()
	if broken {
		w.WriteHeader(http.StatusInsufficientStorage)
		return
	}
	if target == nil {
		http.Error(w, "nog niet gestart", http.StatusBadGateway)
		return
	}
	proxy := httputil.ReverseProxy{
		Rewrite:        func(p *httputil.ProxyRequest) { p.SetURL(target) },
		ModifyResponse: r.check,
		// A component that stops in the middle of a call is no mistake.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	proxy.ServeHTTP(w, req)
}

// search looks for secrets where logs of others would keep them.
func (r *relay) search(req *http.Request) {
	places := []string{req.URL.String()}
	for name, values := range req.Header {
		places = append(places, name+": "+strings.Join(values, ","))
	}
	for _, secret := range r.secrets {
		for _, place := range places {
			if secret != "" && strings.Contains(place, secret) {
				r.t.Errorf("een persoonsnummer gaat naar laag %s in het adres of een header: %s", r.name, strings.ReplaceAll(place, secret, "…"))
			}
		}
	}
}

// Bron stands before the outway and plays the sources, so that a test decides
// whether something is found. Calls to our own layer 2 go through.
type Bron struct {
	*relay
	services map[string]string // grant hash → service
	own      string

	mu      sync.Mutex
	asked   []seen
	answers []Reply
	down    bool
	wrong   mistake
}

// questions lists what the sources were asked, also when they did not answer.
func (b *Bron) questions() []seen {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

func newBron(t *testing.T, grants map[string]string, own string, secrets []string) *Bron {
	t.Helper()
	b := &Bron{relay: newRelay(t, "integratie", secrets), services: map[string]string{}, own: own}
	for service, grant := range grants {
		b.services[grant] = service
	}
	b.server = httptest.NewServer(b)
	t.Cleanup(b.server.Close)
	return b
}

// AnswerWith says what questions are answered with from now on. It is per kind of
// question and not a queue: zaken of the starting data ask along.
func (b *Bron) AnswerWith(answers ...Reply) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers = append(slices.Clone(answers), b.answers...)
}

// SetDown makes all sources unreachable, or reachable again.
func (b *Bron) SetDown(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

// SetWrong lets all sources make a mistake, or none again.
func (b *Bron) SetWrong(m mistake) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = m
}

// ServeHTTP implements http.Handler.
func (b *Bron) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service := b.services[r.Header.Get("Fsc-Grant-Hash")]
	if service == b.own || service == "" {
		b.relay.ServeHTTP(w, r)
		return
	}
	b.search(r)
	asked := readAsked(r)
	answer, known, down := b.next(service, r)
	if down {
		w.Header().Set("Fsc-Error-Code", "ERROR_CODE_SERVICE_UNREACHABLE")
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	judged := b.judge(service, r)
	if wrong := b.mistake(); wrong.body != nil {
		body := wrong.body(answer, asked)
		w.Header().Set("Content-Type", wrong.mediaType)
		_, _ = w.Write(body)
		return
	}
	if !known {
		maps.Copy(w.Header(), judged.Header())
		w.WriteHeader(judged.Code)
		_, _ = w.Write(judged.Body.Bytes())
		return
	}
	body, err := answer.body(asked)
	switch {
	case err != nil:
		b.t.Error(err)
	case body == nil:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"status":404,"title":"Niet gevonden"}`)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}
}

func (b *Bron) mistake() mistake {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wrong
}

// judge puts a question to the stand-in of the source, which judges it by the
// specification: whatever a test lets a source answer, the question itself must
// be one that the source takes. The fault names parameters and no values.
func (b *Bron) judge(service string, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.relay.ServeHTTP(w, r)
	switch w.Code {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusPreconditionFailed, http.StatusUnsupportedMediaType:
		b.t.Errorf("dienst %s keurt de vraag %s %s uit 3-integratie af met status %d: %s", service, r.Method, r.URL.Path, w.Code, w.Body)
	}
	return w
}

func (b *Bron) next(service string, r *http.Request) (answer Reply, known, down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, see(r))
	if b.down {
		return Reply{}, false, true
	}
	i := slices.IndexFunc(b.answers, func(reply Reply) bool { return reply.to(service, r) })
	if i < 0 {
		return Reply{}, false, false
	}
	return b.answers[i], true, false
}

func decode(t *testing.T, resp *http.Response, out any) {
	t.Helper()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(out); err != nil {
		t.Fatalf("%s: status %d, %v in %.300s", resp.Request.URL.Path, resp.StatusCode, err, raw)
	}
}

// Values gathers the texts and numbers in a JSON document that are long enough
// to be recognised: a year or a house number occurs by chance in every id.
func Values(t *testing.T, document []byte) map[string]bool {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	keep := func(text string) {
		words := strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) && !strings.ContainsRune("abcdef", unicode.ToLower(r)) })
		if len(text) >= 9 || words && len(text) >= 5 {
			all[text] = true
		}
	}
	var walk func(any)
	walk = func(v any) {
		switch x := v.(type) {
		case map[string]any:
			for _, e := range x {
				walk(e)
			}
		case []any:
			for _, e := range x {
				walk(e)
			}
		case string:
			keep(x)
		case json.Number:
			keep(x.String())
		}
	}
	walk(v)
	return all
}
