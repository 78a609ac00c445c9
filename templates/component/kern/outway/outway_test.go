package outway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

var activity = logboek.Activiteit{Naam: "vragen", Titel: "Beantwoorden van vragen", URI: "urn:uuid:00000000-0000-4000-8000-000000000000"}

// client makes an Outway to a handler, without pauses, with its log.
func client(t *testing.T, h http.Handler) (*Outway, *bytes.Buffer) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	log := &bytes.Buffer{}
	o, err := NewOutway(server.URL, map[string]string{"bron": "$1$3$hash"}, nil, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	o.pause = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return o, log
}

func TestACallArrivesAsItWasMeant(t *testing.T) {
	var got *http.Request
	var body string
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got, body = r, string(raw)
		_, _ = w.Write([]byte(`{"a":{"b":"x"},"c":"weg"}`))
	}))
	v := NieuweVraag("zoek", http.MethodPost, "/a/{id}/b")
	v.InPad("id", "x/../y z%")
	v.InQuery("q", "een & twee", "")
	v.InBody("nummers", Lijst(Tekst("1")))
	v.InBody("aantal", Getal("12"))
	v.InBody("waar", JaNee("true"))
	v.InBody("leeg", Tekst(""))
	a, err := o.Bevraag(t.Context(), Bron{Naam: "b", Dienst: "bron", Activiteit: activity, Velden: []string{"b"}}, v)
	if err != nil || !a.Gevonden {
		t.Fatal(a, err)
	}
	if raw, _ := json.Marshal(a.Gegevens); string(raw) != `{"a":{"b":"x"}}` {
		t.Errorf("kept %s", raw)
	}
	if got.URL.EscapedPath() != "/a/x%2F..%2Fy%20z%25/b" || got.URL.RawQuery != "q=een+%26+twee" {
		t.Errorf("the address arrived as %s", got.URL)
	}
	if body != `{"aantal":12,"nummers":["1"],"waar":true}` {
		t.Errorf("the body arrived as %s", body)
	}
	if got.Header.Get(fsc.HeaderGrant) != "$1$3$hash" {
		t.Errorf("grant %q", got.Header.Get(fsc.HeaderGrant))
	}
	if id, err := uuid.Parse(got.Header.Get(fsc.HeaderTransaction)); err != nil || id.Version() != 7 {
		t.Errorf("transaction %q", got.Header.Get(fsc.HeaderTransaction))
	}
}

func TestDotsInAPathStayAValue(t *testing.T) {
	v := NieuweVraag("zoek", http.MethodGet, "/a/{id}")
	v.InPad("id", "..")
	if v.Pad != "/a/%2E%2E" {
		t.Errorf("the path is %s", v.Pad)
	}
}

// What each failure is to the caller, and how often it was tried.
func TestFailures(t *testing.T) {
	answer := func(status int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"naam":"geheim"}`))
		}
	}
	for name, c := range map[string]struct {
		handler   http.HandlerFunc
		kind      Soort
		temporary bool
		status    int // of the service itself
		tries     int32
	}{
		"source has an error":        {answer(500), FoutBron, true, 500, attempts},
		"source is overloaded":       {answer(503), FoutBron, true, 503, attempts},
		"source refuses":             {answer(400), FoutBron, false, 400, 1},
		"source redirects":           {answer(302, "Location", "/elders"), FoutBron, false, 302, 1},
		"Outway-IncomingRequest-2":   {answer(400, fsc.HeaderErrorCode, "UNKNOWN_GRANT_HASH_IN_HEADER"), FoutFSC, false, 0, 1},
		"Outway-IncomingRequest-3":   {answer(502, fsc.HeaderErrorCode, "ERROR_CODE_SERVICE_UNREACHABLE"), FoutFSC, true, 0, attempts},
		"Inway-Incoming-Request-6":   {answer(401, fsc.HeaderErrorCode, "ERROR_CODE_ACCESS_TOKEN_EXPIRED"), FoutFSC, true, 0, attempts},
		"service not found":          {answer(404, fsc.HeaderErrorCode, "ERROR_CODE_SERVICE_NOT_FOUND"), FoutFSC, true, 0, 1},
		"connection broken":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, FoutVerbinding, true, 0, attempts},
		"answer without end":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, maxAnswer+1) }, FoutBron, false, 200, 1},
		"an error code that is code": {answer(400, fsc.HeaderErrorCode, "a b\tGEHEIM <x>"), FoutFSC, false, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var tries atomic.Int32
			o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tries.Add(1)
				c.handler(w, r)
			}))
			v := NieuweVraag("zoek", http.MethodGet, "/personen/999993653")
			v.InQuery("postcode", "1234AB")
			_, err := o.Bevraag(t.Context(), Bron{Dienst: "bron", Activiteit: activity}, v)
			f, ok := errors.AsType[*Fout](err)
			if !ok || f.Soort != c.kind || f.Tijdelijk() != c.temporary || Status(err) != c.status {
				t.Errorf("the failure is %+v", f)
			}
			if tries.Load() != c.tries {
				t.Errorf("tried %d times, want %d", tries.Load(), c.tries)
			}
			for _, private := range []string{"geheim", "999993653", "1234AB", "<x>"} {
				if strings.Contains(err.Error()+log.String(), private) {
					t.Errorf("%s is in %q or the log\n%s", private, err, log)
				}
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestNotFoundIsAnAnswer(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"404":         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) },
		"204":         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		"empty list":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"personen":[]}`)) },
		"other field": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"personen":[{"bsn":"1"}]}`)) },
	} {
		o, _ := client(t, h)
		a, err := o.Bevraag(t.Context(), Bron{Dienst: "bron", Activiteit: activity, Velden: []string{"naam"}}, NieuweVraag("zoek", http.MethodGet, "/"))
		if err != nil || a.Gevonden || a.Gegevens != nil {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

func TestOnlyASafeCallIsRepeated(t *testing.T) {
	var tries atomic.Int32
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	v := Vraag{Dienst: "bron", Operatie: "maak", Methode: http.MethodPost, Pad: "/"}
	if _, err := o.Doe(t.Context(), activity, v); err == nil || tries.Load() != 1 {
		t.Errorf("a POST without a key was tried %d times: %v", tries.Load(), err)
	}
	v.Herhaalbaar = true
	if _, err := o.Doe(t.Context(), activity, v); err != nil || tries.Load() != 3 {
		t.Errorf("after %d tries: %v", tries.Load(), err)
	}
}

func TestACallNeedsAnActivityAndAGrant(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
	for _, c := range []struct {
		a logboek.Activiteit
		v Vraag
	}{{logboek.Activiteit{}, Vraag{Dienst: "bron"}}, {activity, Vraag{Dienst: "onbekend"}}} {
		_, err := o.Doe(t.Context(), c.a, c.v)
		if f, ok := errors.AsType[*Fout](err); !ok || f.Soort != FoutInstelling || f.Tijdelijk() {
			t.Errorf("the failure is %v", err)
		}
	}
	if _, err := NewOutway("outway:8080", nil, nil, nil); err == nil {
		t.Error("an address without a scheme is accepted")
	}
}

func TestTheLogSaysWhoWhatAndWhy(t *testing.T) {
	o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"naam":"geheim"}`)) }))
	ctx := identity.NewContext(t.Context(), identity.User{ID: "pseudoniem-1", Rol: "balie", Naam: "Jansen", BSN: "999993653"})
	v := NieuweVraag("zoek", http.MethodGet, "/personen/999993653")
	if _, err := o.Bevraag(ctx, Bron{Dienst: "bron", Activiteit: activity, Velden: []string{"naam"}}, v); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"activiteit=vragen", activity.URI, "dienst=bron", "operatie=zoek", "transactie=", "status=200", "ms=", "rol=balie"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s is not in %s", want, log)
		}
	}
	for _, private := range []string{"999993653", "Jansen", "geheim"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("%s is in %s", private, log)
		}
	}
}

// TestAnAnswerThatIsNoHTTPIsNotRepeated: the library quotes what it cannot
// read, and that may be about somebody.
func TestAnAnswerThatIsNoHTTPIsNotRepeated(t *testing.T) {
	const number = "999993653"
	for _, raw := range []string{
		"302 Found\r\nLocation: /personen/%zz" + number + "\r\nContent-Length: 0", "302 Found\r\nLocation: ://" + number + "\r\nContent-Length: 0",
		number + " Jansen", "200 OK\r\n" + number + " Jansen", "200 OK\r\nContent-Length: " + number + "x", "200 OK\r\nTransfer-Encoding: " + number,
		"404 Not Found\r\nFsc-Error-Code: BSN_" + number + "\r\nContent-Length: 0",
	} {
		o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 "+raw+"\r\n\r\n")
				_ = conn.Close()
			}
		}))
		_, err := o.Doe(t.Context(), activity, Vraag{Dienst: "bron", Operatie: "zoek", Methode: http.MethodGet, Pad: "/"})
		if text := fmt.Sprint(err) + log.String(); err == nil || strings.Contains(text, number) || strings.Contains(text, "Jansen") {
			t.Errorf("%q: %s", raw, text)
		}
	}
}

func TestDienstenCarriesVersionKeyAndToken(t *testing.T) {
	var got *http.Request
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.Header().Set("ETag", `"4"`)
		_, _ = w.Write([]byte(`{"id":"z","huidigeStap":"a","gewijzigdOp":"2026-11-23T10:00:00Z"}`))
	}))
	d := NewDiensten(o, "bron", "/v1/dingen", activity, "token")
	if z, err := d.Zaak(t.Context(), "z"); err != nil || z.Versie != `"4"` || got.URL.Path != "/v1/zaken/z" || got.Header.Get("Authorization") != "Bearer token" {
		t.Errorf("%+v, %v, %s", z, err, got.URL)
	}
	if _, err := d.ZetStatus(t.Context(), "z", `"4"`, NieuweStatus{Statustype: "b"}, "sleutel"); err != nil ||
		got.Header.Get("If-Match") != `"4"` || got.Header.Get("Idempotency-Key") != "sleutel" {
		t.Errorf("%v, %v", err, got.Header)
	}
	if x, err := d.WijzigOnderwerp(t.Context(), "x", `"1"`, map[string]any{"a": nil}); err != nil || x.ID != "z" ||
		got.Method != http.MethodPatch || got.Header.Get("Content-Type") != "application/merge-patch+json" {
		t.Errorf("%+v, %v", x, err)
	}
	if _, err := d.Zaken(t.Context(), Filter{Zaaktype: "t", Stappen: []string{"a", "b"}, Open: true, Grootte: 20}); err != nil ||
		got.URL.RawQuery != "huidigeStap=a%2Cb&open=true&page=1&pageSize=20&zaaktype=t" {
		t.Errorf("%v, %s", err, got.URL.RawQuery)
	}
	if _, err := NewDiensten(o, "bron", "", activity, "").Onderwerp(t.Context(), "x"); err == nil {
		t.Error("a process without a subject reads one")
	}
}

func TestTheTypeOfAnAnswer(t *testing.T) {
	type person struct {
		Nummer   string
		Leeftijd *int64
		Bedrag   json.Number
		Geheim   *bool
		Overig   any
	}
	type answer struct{ Personen []person }
	ask := func(body string) (answer, string) {
		o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		v := NieuweVraag("zoek", http.MethodGet, "/")
		a, err := o.Bevraag(t.Context(), Bron{Naam: "b", Dienst: "bron", Activiteit: activity, Velden: []string{"personen"}}, v)
		if err != nil {
			t.Fatal(err)
		}
		var to answer
		o.Client(Bron{Naam: "b"}).Decode(v, a, &to)
		return to, log.String()
	}
	got, _ := ask(`{"personen":[{"nummer":"0363200000000034","leeftijd":9007199254740993,"bedrag":125.50,"geheim":false,"overig":{"a":1}},{}]}`)
	if p := got.Personen[0]; p.Nummer != "0363200000000034" || *p.Leeftijd != 9007199254740993 || p.Bedrag != "125.50" || *p.Geheim || p.Overig == nil {
		t.Errorf("read %+v", p)
	}
	if p := got.Personen[1]; p.Leeftijd != nil || p.Geheim != nil || p.Bedrag != "" {
		t.Errorf("what is not there is %+v", p)
	}
	got, log := ask(`{"personen":[{"leeftijd":"999993653","nummer":"1"}]}`)
	if got.Personen != nil || !strings.Contains(log, "Personen.Leeftijd") || strings.Contains(log, "999993653") {
		t.Errorf("read %+v, log %s", got, log)
	}
	if got, _ = ask(`{}`); got.Personen != nil {
		t.Errorf("nothing is %+v", got)
	}
}
