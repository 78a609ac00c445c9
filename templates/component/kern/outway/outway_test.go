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

var activity = logboek.Activity{Name: "vragen", Title: "Beantwoorden van vragen", URI: "urn:uuid:00000000-0000-4000-8000-000000000000"}

// fields are those with these names.
func fields(names ...string) (all []Field) {
	for _, name := range names {
		all = append(all, Field{Name: name, Title: name})
	}
	return all
}

// client makes an Outway to a handler that answers in JSON, without pauses, with
// its log.
func client(t *testing.T, h http.Handler) (*Outway, *bytes.Buffer) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		h.ServeHTTP(w, r)
	}))
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
	q := NewQuestion("zoek", http.MethodPost, "/a/{id}/b")
	q.InPath("id", "x/y z%")
	q.InQuery("q", "een & twee", "")
	q.InBody("nummers", List(Text("1")))
	q.InBody("aantal", Number("12"))
	q.InBody("waar", YesNo("true"))
	q.InBody("leeg", Text(""))
	a, err := o.Ask(t.Context(), Bron{Name: "b", Service: "bron", Activity: activity, Fields: fields("a.b")}, q)
	if err != nil || !a.Found {
		t.Fatal(a, err)
	}
	if raw, _ := json.Marshal(a.Data); string(raw) != `{"a":{"b":"x"}}` {
		t.Errorf("kept %s", raw)
	}
	if got.URL.EscapedPath() != "/a/x%2Fy%20z%25/b" || got.URL.RawQuery != "q=een+%26+twee" {
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

// A value that would make another path is not put in one, and nothing is sent.
func TestAValueThatMakesAnotherPathIsNotAsked(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
	for _, value := range []string{"", ".", "..", "../x", `a\..\b`, "a/../b", "a/.", "a\nb", "a\x00", "\xff"} {
		q := NewQuestion("zoek", http.MethodGet, "/a/{id}")
		q.InPath("id", value)
		_, err := o.Ask(t.Context(), Bron{Service: "bron", Activity: activity}, q)
		if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != FaultQuestion || CauseOf(err) != CauseRejected || strings.ContainsAny(err.Error(), "\n\x00") {
			t.Errorf("%q: %v", value, err)
		}
	}
	for value, path := range map[string]string{"...": "/a/...", ".a": "/a/.a", "{id}": "/a/%7Bid%7D", "%2e%2e": "/a/%252e%252e", "a..b": "/a/a..b"} {
		q := NewQuestion("zoek", http.MethodGet, "/a/{id}")
		if q.InPath("id", value); q.Path != path || q.fault != nil {
			t.Errorf("%q: %s, %v", value, q.Path, q.fault)
		}
	}
}

// Nothing found is what a source said; that it was not asked is something else.
func TestNothingFoundWasAsked(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }))
	b := Bron{Service: "bron", Activity: activity}
	q := b.NewQuestion("zoek", http.MethodGet, "/a")
	q.contract.NotFound = true
	if a, err := o.Ask(t.Context(), b, q); err != nil || a.Found || a.Unasked {
		t.Errorf("%+v, %v", a, err)
	}
	if a := b.NotAsked(); a.Found || !a.Unasked {
		t.Errorf("%+v", a)
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
		kind      FaultKind
		temporary bool
		status    int // of the service itself
		tries     int32
	}{
		"source has an error":        {answer(500), FaultService, true, 500, attempts},
		"source is overloaded":       {answer(503), FaultService, true, 503, attempts},
		"source refuses":             {answer(400), FaultService, false, 400, 1},
		"source redirects":           {answer(302, "Location", "/elders"), FaultService, false, 302, 1},
		"Outway-IncomingRequest-2":   {answer(400, fsc.HeaderErrorCode, "UNKNOWN_GRANT_HASH_IN_HEADER"), FaultFSC, false, 0, 1},
		"Outway-IncomingRequest-3":   {answer(502, fsc.HeaderErrorCode, "ERROR_CODE_SERVICE_UNREACHABLE"), FaultFSC, true, 0, attempts},
		"Inway-Incoming-Request-6":   {answer(401, fsc.HeaderErrorCode, "ERROR_CODE_ACCESS_TOKEN_EXPIRED"), FaultFSC, true, 0, attempts},
		"service not found":          {answer(404, fsc.HeaderErrorCode, "ERROR_CODE_SERVICE_NOT_FOUND"), FaultFSC, true, 0, 1},
		"connection broken":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, FaultConnection, true, 0, attempts},
		"answer without end":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, maxAnswer+1) }, FaultService, false, 200, 1},
		"an error code that is code": {answer(400, fsc.HeaderErrorCode, "a b\tGEHEIM <x>"), FaultFSC, false, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var tries atomic.Int32
			o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tries.Add(1)
				c.handler(w, r)
			}))
			q := NewQuestion("zoek", http.MethodGet, "/personen/999993653")
			q.InQuery("postcode", "1234AB")
			_, err := o.Ask(t.Context(), Bron{Service: "bron", Activity: activity}, q)
			f, ok := errors.AsType[*Fault](err)
			if !ok || f.Kind != c.kind || f.Temporary() != c.temporary || Status(err) != c.status {
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

func TestOnlyASafeCallIsRepeated(t *testing.T) {
	var tries atomic.Int32
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	q := Question{Service: "bron", Operation: "maak", Method: http.MethodPost, Path: "/"}
	if _, err := o.Do(t.Context(), activity, q); err == nil || tries.Load() != 1 {
		t.Errorf("a POST without a key was tried %d times: %v", tries.Load(), err)
	}
	q.Repeatable = true
	if _, err := o.Do(t.Context(), activity, q); err != nil || tries.Load() != 3 {
		t.Errorf("after %d tries: %v", tries.Load(), err)
	}
}

func TestACallNeedsAnActivityAndAGrant(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
	for _, c := range []struct {
		a logboek.Activity
		v Question
	}{{logboek.Activity{}, Question{Service: "bron"}}, {activity, Question{Service: "onbekend"}}} {
		_, err := o.Do(t.Context(), c.a, c.v)
		if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != FaultSettings || f.Temporary() {
			t.Errorf("the failure is %v", err)
		}
	}
	if _, err := NewOutway("outway:8080", nil, nil, nil); err == nil {
		t.Error("an address without a scheme is accepted")
	}
}

func TestTheLogSaysWhoWhatAndWhy(t *testing.T) {
	o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"naam":"geheim"}`)) }))
	ctx := identity.NewContext(t.Context(), identity.User{ID: "pseudoniem-1", Role: "balie", Name: "Jansen", BSN: "999993653"})
	q := NewQuestion("zoek", http.MethodGet, "/personen/999993653")
	if _, err := o.Ask(ctx, Bron{Service: "bron", Activity: activity, Fields: fields("naam")}, q); err != nil {
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
		_, err := o.Do(t.Context(), activity, Question{Service: "bron", Operation: "zoek", Method: http.MethodGet, Path: "/"})
		if text := fmt.Sprint(err) + log.String(); err == nil || strings.Contains(text, number) || strings.Contains(text, "Jansen") {
			t.Errorf("%q: %s", raw, text)
		}
	}
}

// TestAKeyThatWasUsedBefore: the 409 of our own layer 2 with an address, alone or in
// a series, is told from any other, and of the address nothing but an id is kept. What a source
// answers is never read like that.
func TestAKeyThatWasUsedBefore(t *testing.T) {
	const id = "01a200c0-9219-765b-8fd6-070cd3acde57"
	for _, c := range []struct {
		code           int
		location, made string
		reused         bool
	}{
		{409, "/v1/zaken/" + id, id, true},
		{409, "/v1/zaken/" + id + "/statussen", "", true},
		{409, "/v1/personen/999993653", "", true},
		{409, "", "", false},
		{412, "/v1/zaken/" + id, "", false},
	} {
		o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", c.location)
			w.WriteHeader(c.code)
		}))
		inSeries, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"antwoorden":[{"status":%d,"headers":{"Location":%q}}]}`, c.code, c.location)
		}))
		_, alone := NewServices(o, "bron", "", activity, "").Zaak(t.Context(), "z")
		_, err := NewServices(inSeries, "bron", "", activity, "").Opened(t.Context(), Key{"sleutel", "x"})
		for _, err := range []error{alone, err} {
			if made, reused := Reused(err); made != c.made || reused != c.reused || Status(err) != c.code {
				t.Errorf("%d %s: %s, %v", c.code, c.location, made, reused)
			}
		}
		_, err = o.Do(t.Context(), activity, Question{Service: "bron", Method: http.MethodGet, Path: "/", bron: Bron{Name: "brp"}})
		if _, reused := Reused(err); reused {
			t.Errorf("%d of a source is read as one of ours", c.code)
		}
	}
}

func TestServicesReadsVersionAndCarriesToken(t *testing.T) {
	var got *http.Request
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.Header().Set("ETag", `"4"`)
		_, _ = w.Write([]byte(`{"id":"z","huidigeStap":"a","gewijzigdOp":"2026-11-23T10:00:00Z"}`))
	}))
	s := NewServices(o, "bron", "/v1/dingen", activity, "token")
	if z, err := s.Zaak(t.Context(), "z"); err != nil || z.Version != `"4"` || got.URL.Path != "/v1/zaken/z" || got.Header.Get("Authorization") != "Bearer token" {
		t.Errorf("%+v, %v, %s", z, err, got.URL)
	}
	if _, err := s.Zaken(t.Context(), Filter{Zaaktype: "t", Steps: []string{"a", "b"}, Open: true, Size: 20}); err != nil ||
		got.URL.RawQuery != "huidigeStap=a%2Cb&open=true&page=1&pageSize=20&zaaktype=t" {
		t.Errorf("%v, %s", err, got.URL.RawQuery)
	}
	if _, err := NewServices(o, "bron", "", activity, "").Subject(t.Context(), "x"); err == nil {
		t.Error("a process without a subject reads one")
	}
}

// TestWorkCarriesVersionsAndKey: each request of a series has of its own what it would
// have alone.
func TestWorkCarriesVersionsAndKey(t *testing.T) {
	var sent struct {
		Parts []part `json:"verzoeken"`
	}
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || r.URL.Path != "/intern/reeks" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		_, _ = io.WriteString(w, `{"antwoorden":[{"status":201,"inhoud":{"statustype":"b"}},{"status":200,"headers":{"Etag":"\"2\""},"inhoud":{"id":"x"}},
			{"status":200,"headers":{"Etag":"\"5\""},"inhoud":{"id":"z"}},{"status":0}]}`)
	}))
	d, err := NewServices(o, "bron", "/v1/dingen", activity, "token").Do(t.Context(), Work{Zaak: "z", Version: `"4"`, Move: &NewStatus{Statustype: "b"},
		MoveKey: Key{"sleutel", "vingerafdruk"}, Change: map[string]json.RawMessage{"a": json.RawMessage("null")}, Subject: "x", SubjectTag: `"1"`})
	if err != nil || len(sent.Parts) != 4 {
		t.Fatalf("%v, %+v", err, sent)
	}
	move, change := sent.Parts[0], sent.Parts[1]
	if h := move.Header; h["If-Match"] != `"4"` || h["Idempotency-Key"] != "sleutel" || h["Idempotency-Fingerprint"] != "vingerafdruk" {
		t.Errorf("%+v", move)
	}
	if h := change.Header; change.Method != http.MethodPatch || change.Path != "/v1/dingen/x" || h["If-Match"] != `"1"` || h["Content-Type"] != "application/merge-patch+json" {
		t.Errorf("%+v", change)
	}
	if d.Zaak.Version != `"5"` || d.Subject == nil || d.Subject.Version != `"2"` || len(d.Set) != 1 || d.Set[0].Statustype != "b" || d.Repeated {
		t.Errorf("%+v", d)
	}
}

func TestTheTypeOfAnAnswer(t *testing.T) {
	type person struct {
		Number string      `json:"Nummer"`
		Age    *int64      `json:"Leeftijd"`
		Amount json.Number `json:"Bedrag"`
		Secret *bool       `json:"Geheim"`
		Other  any         `json:"Overig"`
	}
	type answer struct {
		Persons []person `json:"Personen"`
	}
	ask := func(body string) (answer, string) {
		o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		q := NewQuestion("zoek", http.MethodGet, "/")
		a, err := o.Ask(t.Context(), Bron{Name: "b", Service: "bron", Activity: activity, Fields: fields("personen")}, q)
		if err != nil {
			t.Fatal(err)
		}
		var to answer
		o.Client(Bron{Name: "b"}).Decode(q, a, &to)
		return to, log.String()
	}
	got, _ := ask(`{"personen":[{"nummer":"0363200000000034","leeftijd":9007199254740993,"bedrag":125.50,"geheim":false,"overig":{"a":1}},{}]}`)
	if p := got.Persons[0]; p.Number != "0363200000000034" || *p.Age != 9007199254740993 || p.Amount != "125.50" || *p.Secret || p.Other == nil {
		t.Errorf("read %+v", p)
	}
	if p := got.Persons[1]; p.Age != nil || p.Secret != nil || p.Amount != "" {
		t.Errorf("what is not there is %+v", p)
	}
	got, log := ask(`{"personen":[{"leeftijd":"999993653","nummer":"1"}]}`)
	if got.Persons != nil || !strings.Contains(log, "Personen.Leeftijd") || strings.Contains(log, "999993653") {
		t.Errorf("read %+v, log %s", got, log)
	}
	if got, _ = ask(`{"anders":1}`); got.Persons != nil {
		t.Errorf("nothing is %+v", got)
	}
}
