package proef

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
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

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
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

// seen lists the requests that went by.
func (r *relay) seen() []seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.passed)
}

// breakAt lets requests with a method and path fail; "" makes all work again.
func (r *relay) breakAt(what string) {
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
	asked   []seen
	answers []Reply
	down    bool
}

// questions lists what the sources were asked, also when they did not answer.
func (b *Bron) questions() []seen {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// Reply is what a source answers to one kind of question.
type Reply struct {
	Service   string // FSC service
	Method    string
	Path      string   // with {naam} for what varies
	Operation string   // as the answers file of the stand-in names it
	Answers   string   // that file, from the root of the component
	Stored    []string // fields that the component stores after all
	Found     bool
}

// readReply finds an operation in the answers file of a service.
func readReply(files fs.FS, service, operation string) (Reply, error) {
	name, file, err := findAnswers(files, service)
	if err != nil {
		return Reply{}, err
	}
	for _, op := range file.Operations {
		if op.Name == operation {
			return Reply{Service: file.Service, Method: op.Method, Path: op.Path, Operation: operation, Answers: name}, nil
		}
	}
	var known []string
	for _, op := range file.Operations {
		known = append(known, op.Name)
	}
	return Reply{}, fmt.Errorf("%s kent die vraag niet, wel %s", name, strings.Join(known, ", "))
}

// answersFile is as much of an answers file as the tests need.
type answersFile struct {
	Service       string `json:"dienst"`
	Specification string `json:"specificatie"`
	Operations    []struct {
		Name    string `json:"naam"`
		Method  string `json:"methode"`
		Path    string `json:"pad"`
		Answers []struct {
			Status int             `json:"status"`
			Answer json.RawMessage `json:"antwoord"`
			File   string          `json:"bestand"`
		} `json:"antwoorden"`
	} `json:"operaties"`
}

// findAnswers finds the answers file of a service: its name is not that of the
// source where the language or a system keeps that name for itself.
func findAnswers(files fs.FS, service string) (string, answersFile, error) {
	found, err := bron.Find(files)
	if err != nil {
		return "", answersFile{}, err
	}
	for _, one := range found {
		if file, err := readAnswers(files, one.Answers); err != nil || file.Service == service {
			return one.Answers, file, err
		}
	}
	return "", answersFile{}, fmt.Errorf("geen antwoordenbestand in 3-integratie is van dienst %s", service)
}

func readAnswers(files fs.FS, name string) (file answersFile, err error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return file, err
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return file, fmt.Errorf("%s: %w", name, err)
	}
	return file, nil
}

// Answer is the first answer in the answers file that says that something is
// found.
func (reply Reply) Answer() ([]byte, error) {
	file, err := readAnswers(os.DirFS(root), reply.Answers)
	if err != nil {
		return nil, err
	}
	for _, op := range file.Operations {
		for _, a := range op.Answers {
			if op.Name != reply.Operation || a.Status != 0 && a.Status != http.StatusOK {
				continue
			}
			if a.File != "" {
				return os.ReadFile(root + "/" + a.File)
			}
			return a.Answer, nil
		}
	}
	return nil, fmt.Errorf("%s heeft geen antwoord van %s met status 200", reply.Answers, reply.Operation)
}

// to says whether this is the answer to a request.
func (reply Reply) to(service string, r *http.Request) bool {
	if reply.Service != service || reply.Method != r.Method {
		return false
	}
	want, got := strings.Split(reply.Path, "/"), strings.Split(r.URL.EscapedPath(), "/")
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
	judged := b.judge(service, r)
	switch {
	case !known:
		maps.Copy(w.Header(), judged.Header())
		w.WriteHeader(judged.Code)
		_, _ = w.Write(judged.Body.Bytes())
	case !answer.Found:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"status":404,"title":"Niet gevonden"}`)
	default:
		raw, err := answer.Answer()
		if err != nil {
			b.t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(raw)
	}
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
