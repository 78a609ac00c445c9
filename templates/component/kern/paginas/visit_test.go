package paginas

import (
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

var testRoles = []identity.Role{
	{Name: "aanvrager", Title: "Aanvrager", Citizen: true},
	{Name: "balie", Title: "Medewerker balie"},
}

var testFields = []Field{
	{Name: "bsn", Label: "Burgerservicenummer", Kind: "bsn", Required: true, Stored: true, Person: "aanvrager"},
	{Name: "vanaf", Label: "Vanaf welke datum?", Kind: "date", Required: true, Stored: true},
	{Name: "adres", Label: "Adres", Kind: "adres", Required: true, Stored: true},
	{Name: "aantal", Label: "Aantal", Kind: "integer", Min: Limit(1), Max: Limit(20), Stored: true},
	{Name: "akkoord", Label: "Bent u akkoord?", Kind: "boolean", Required: true, Stored: true},
	{Name: "toelichting", Label: "Toelichting", Kind: "longtext", Stored: true},
}

var testKey = logboek.Key("een sleutel voor de tests")

var testPersonas = identity.Personas(testRoles, 0, testKey.PersonID)

const testZaak = "0198f7a0-0000-7000-8000-000000000001"

// layer4 stands in for the API of the process and remembers what it was asked.
type layer4 struct {
	mu       sync.Mutex
	bodies   []map[string]any
	requests []*http.Request
	respond  map[string]func(http.ResponseWriter, *http.Request) // "METHOD path"
	intern   below
	kept     map[string]any // what is kept for a short time, per path
	away     bool           // the database below does not answer
}

// newLayer4 is a layer 4 that keeps things for a short time and knows nothing else.
func newLayer4() *layer4 {
	return &layer4{respond: map[string]func(http.ResponseWriter, *http.Request){}, kept: map[string]any{}}
}

// keeps answers for what is kept for a short time, and says whether that was asked.
func (l *layer4) keeps(w http.ResponseWriter, r *http.Request, body map[string]any) bool {
	if !strings.HasPrefix(r.URL.Path, "/intern/tijdelijk/") {
		return false
	}
	switch r.Method {
	case http.MethodPut:
		l.kept[r.URL.Path] = body
	case http.MethodDelete:
		delete(l.kept, r.URL.Path)
	default:
		found, there := l.kept[r.URL.Path]
		if !there {
			problem(w, http.StatusNotFound, "Niet gevonden")
			return true
		}
		_ = json.NewEncoder(w).Encode(found)
		return true
	}
	w.WriteHeader(http.StatusNoContent)
	return true
}

func (l *layer4) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away {
		w.Header().Set("Retry-After", "30")
		problem(w, http.StatusServiceUnavailable, "Het register is nu niet bereikbaar; probeer het zo nog eens.")
		return
	}
	if h := l.respond[r.Method+" "+r.URL.Path]; h == nil && strings.HasPrefix(r.URL.Path, "/intern/bestanden") {
		l.intern.ServeHTTP(w, r)
		return
	}
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	if l.keeps(w, r, body) {
		return
	}
	l.requests, l.bodies = append(l.requests, r), append(l.bodies, body)
	if h := l.respond[r.Method+" "+r.URL.Path]; h != nil {
		h(w, r)
		return
	}
	problem(w, http.StatusNotFound, "Niet gevonden")
}

// sent is the last request with this method and path, and its body.
func (l *layer4) sent(t *testing.T, what string) (*http.Request, map[string]any) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.requests) - 1; i >= 0; i-- {
		if l.requests[i].Method+" "+l.requests[i].URL.Path == what {
			return l.requests[i], l.bodies[i]
		}
	}
	t.Fatalf("%s was not asked", what)
	return nil, nil
}

func problem(w http.ResponseWriter, status int, detail string, faults ...inputFault) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "title": "x", "detail": detail, "errors": faults})
}

func answerJSON(v any) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"7"`)
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
		_ = json.NewEncoder(w).Encode(v)
	}
}

// browser visits the pages as a person does.
type browser struct {
	t      *testing.T
	base   string
	client *http.Client
	layer4 *layer4
	policy string // "*": any
	last   string // path of the page that it read last
}

func newBrowser(t *testing.T, change func(*Options)) *browser {
	t.Helper()
	l := newLayer4()
	under := httptest.NewServer(l)
	t.Cleanup(under.Close)
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Title: "Proef", Startdatum: "2026-01-02",
		Step:    step{Name: "beoordelen", Title: "Beoordelen", Kind: "decide", Role: "balie"},
		History: []event{{Step: "aanvragen", Title: "Aanvragen", Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}},
		Data:    map[string]any{"aantal": 3.0, "vanaf": "2026-12-31", "toelichting": "van de aanvrager"}}
	l.respond["POST /v1/zaken"] = answerJSON(z)
	l.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	l.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = answerJSON(map[string]any{"antwoorden": []answer{
		{Title: "Bron met <tekens>", Activity: "Doel", Found: true, Data: map[string]any{"straatNaam": "Weg", "sinds": "2026-01-02"}}}})
	l.respond["POST /v1/zaken/"+testZaak+"/beoordelen"] = answerJSON(z)
	l.respond["GET /v1/zaken"] = answerJSON(list[zaak]{Count: 1, Results: []zaak{z}})
	l.respond["GET /v1/taken"] = answerJSON(list[task]{Count: 1, Results: []task{{Zaak: testZaak, Identificatie: "ZAAK-1", Step: z.Step}}})
	o := Options{Name: "proef", Title: "Proef & zo", Organisation: "Gemeente <test>", Colour: "#154273", Roles: testRoles,
		Subject: testFields, ProcessURL: under.URL, Key: testKey, MaxUpload: 15 << 20, Log: slog.New(slog.DiscardHandler), StandIns: []string{"de inlogvoorziening"},
		Screens: []Screen{
			{Step: "aanvragen", Kind: "form", Role: "aanvrager", Title: "Aanvragen", Start: true, Fields: testFields},
			{Step: "beoordelen", Kind: "decide", Role: "balie", Title: "Beoordelen", Outcomes: []Outcome{{"ja", "Ja, goed"}, {"nee", "Nee"}}},
		}}
	if change != nil {
		change(&o)
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	jar, _ := cookiejar.New(nil)
	return &browser{t: t, base: server.URL, client: &http.Client{Jar: jar}, layer4: l}
}

func (b *browser) get(path string) (int, string) {
	b.t.Helper()
	resp, err := b.client.Get(b.base + path)
	return b.read(resp, err)
}

func (b *browser) post(path string, form url.Values) (int, string) {
	b.t.Helper()
	resp, err := b.client.PostForm(b.base+path, b.withKey(path, form))
	return b.read(resp, err)
}

func (b *browser) read(resp *http.Response, err error) (int, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b.last = resp.Request.URL.Path
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Security-Policy"); got != policy && b.policy != "*" {
		b.t.Errorf("%s: policy %q", resp.Request.URL.Path, got)
	}
	return resp.StatusCode, string(body)
}

// login picks the first person with the role.
func (b *browser) login(role string) identity.User {
	b.t.Helper()
	for _, p := range testPersonas {
		if p.Role == role {
			if status, _ := b.post("/inloggen", url.Values{"persoon": {p.Choice()}, "naar": {"/"}}); status != http.StatusOK {
				b.t.Fatalf("login: %d", status)
			}
			return p
		}
	}
	b.t.Fatalf("no persona %s", role)
	return identity.User{}
}

func wants(t *testing.T, body string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(body, w) {
			t.Errorf("%q is missing in\n%s", w, body)
		}
	}
}

func hidden(body, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}
