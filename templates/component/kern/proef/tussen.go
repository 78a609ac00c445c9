package proef

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
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
	passed []gezien
	broken string // method and path that get no answer; "" for none
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

// gezien lists the requests that went by.
func (r *relay) gezien() []gezien {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.passed)
}

// breek lets requests with a method and path fail; "" makes all work again.
func (r *relay) breek(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = what
}

func (r *relay) note(req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passed = append(r.passed, zie(req))
}

// ServeHTTP implements http.Handler.
func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.search(req)
	r.note(req)
	r.mu.Lock()
	target, broken := r.target, r.broken == req.Method+" "+req.URL.Path
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
	asked   []gezien
	answers []Uitslag
	down    bool
}

// vragen lists what the sources were asked, also when they did not answer.
func (b *Bron) vragen() []gezien {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// Uitslag is what a source answers to one kind of question.
type Uitslag struct {
	Dienst     string // FSC service
	Methode    string
	Pad        string   // with {naam} for what varies
	Operatie   string   // as the answers file of the stand-in names it
	Antwoorden string   // that file, from the root of the component
	Bewaard    []string // fields that the component stores after all
	Gevonden   bool
}

// readUitslag finds an operation in the answers file of a stand-in.
func readUitslag(name, operation string) (Uitslag, error) {
	file, err := readAnswers(name)
	if err != nil {
		return Uitslag{}, err
	}
	for _, op := range file.Operaties {
		if op.Naam == operation {
			return Uitslag{Dienst: file.Dienst, Methode: op.Methode, Pad: op.Pad, Operatie: operation, Antwoorden: name}, nil
		}
	}
	return Uitslag{}, fmt.Errorf("%s kent die vraag niet", name)
}

// answersFile is as much of an answers file as the tests need.
type answersFile struct {
	Dienst    string
	Operaties []struct {
		Naam, Methode, Pad string
		Antwoorden         []struct {
			Status   int
			Antwoord json.RawMessage
			Bestand  string
		}
	}
}

func readAnswers(name string) (file answersFile, err error) {
	raw, err := os.ReadFile(root + "/" + name)
	if err != nil {
		return file, err
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return file, fmt.Errorf("%s: %w", name, err)
	}
	return file, nil
}

// Antwoord is the first answer in the answers file that says that something is
// found.
func (u Uitslag) Antwoord() ([]byte, error) {
	file, err := readAnswers(u.Antwoorden)
	if err != nil {
		return nil, err
	}
	for _, op := range file.Operaties {
		for _, a := range op.Antwoorden {
			if op.Naam != u.Operatie || a.Status != 0 && a.Status != http.StatusOK {
				continue
			}
			if a.Bestand != "" {
				return os.ReadFile(root + "/" + a.Bestand)
			}
			return a.Antwoord, nil
		}
	}
	return nil, fmt.Errorf("%s heeft geen antwoord van %s met status 200", u.Antwoorden, u.Operatie)
}

// to says whether this is the answer to a request.
func (u Uitslag) to(service string, r *http.Request) bool {
	if u.Dienst != service || u.Methode != r.Method {
		return false
	}
	want, got := strings.Split(u.Pad, "/"), strings.Split(r.URL.EscapedPath(), "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") })
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

// Straks says what questions are answered with from now on. It is per kind of
// question and not a queue: zaken of the starting data ask along.
func (b *Bron) Straks(answers ...Uitslag) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers = append(slices.Clone(answers), b.answers...)
}

// Weg makes all sources unreachable, or reachable again.
func (b *Bron) Weg(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

// ServeHTTP implements http.Handler.
func (b *Bron) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service := b.services[r.Header.Get("Fsc-Grant-Hash")]
	if service == b.own || service == "" {
		b.relay.ServeHTTP(w, r)
		return
	}
	b.search(r)
	answer, known, down := b.next(service, r)
	if down {
		w.Header().Set("Fsc-Error-Code", "ERROR_CODE_SERVICE_UNREACHABLE")
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	judged := b.keur(service, r)
	switch {
	case !known:
		maps.Copy(w.Header(), judged.Header())
		w.WriteHeader(judged.Code)
		_, _ = w.Write(judged.Body.Bytes())
	case !answer.Gevonden:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"status":404,"title":"Niet gevonden"}`)
	default:
		raw, err := answer.Antwoord()
		if err != nil {
			b.t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(raw)
	}
}

// keur puts a question to the stand-in of the source, which judges it by the
// specification: whatever a test lets a source answer, the question itself must
// be one that the source takes. The fault names parameters and no values.
func (b *Bron) keur(service string, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.relay.ServeHTTP(w, r)
	switch w.Code {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusPreconditionFailed, http.StatusUnsupportedMediaType:
		b.t.Errorf("de bron %s keurt de vraag %s %s af met status %d: %s", service, r.Method, r.URL.Path, w.Code, w.Body)
	}
	return w
}

func (b *Bron) next(service string, r *http.Request) (answer Uitslag, known, down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, zie(r))
	if b.down {
		return Uitslag{}, false, true
	}
	i := slices.IndexFunc(b.answers, func(u Uitslag) bool { return u.to(service, r) })
	if i < 0 {
		return Uitslag{}, false, false
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

// Waarden gathers the texts and numbers in a JSON document that are long enough
// to be recognised: a year or a house number occurs by chance in every id.
func Waarden(t *testing.T, document []byte) map[string]bool {
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
