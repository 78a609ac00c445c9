package nabootsing

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/3-integratie/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/3-integratie/nabootsing/bron"
)

const contract = `
groep: proef
eigen: {oin: "00000099000000001000", naam: Eigen}
aangeboden: [{naam: eigen-diensten}]
afgenomen:
  - {naam: eigen-diensten, aanbieder: {oin: "00000099000000001000", naam: Eigen}, grant: FSC_GRANT_HASH_EIGEN_DIENSTEN}
  - {naam: adressen, aanbieder: {oin: "", naam: Ander}, grant: FSC_GRANT_HASH_ADRESSEN}
`

const answers = `{"dienst":"adressen","operaties":[
  {"naam":"zoek","methode":"GET","pad":"/adressen","vragen":["postcode","huisnummer","dag"],"antwoorden":[{"antwoord":` + house + `}]},
  {"naam":"lees","methode":"GET","pad":"/adressen/{id}","vragen":["id"],"antwoorden":[{"antwoord":{"id":"0363","naam":"x"}}]},
  {"naam":"vind","methode":"POST","pad":"/zoek","vragen":["id"],"antwoorden":[{"antwoord":` + house + `}]}]}`

const house = `{"_embedded":{"adressen":[{"postcode":"1234AB","huisnummer":34,"id":"0363"},{"postcode":"1234AB","huisnummer":36,"id":"0364"}]}}`

// outway is a stand-in with a layer 2 behind it.
type outway struct {
	*Nabootsing
	t      *testing.T
	log    bytes.Buffer
	grants map[string]string
	seen   *http.Request // what layer 2 got
	body   string
	down   func() // switches layer 2 off
}

func newStandIn(t *testing.T) *outway {
	t.Helper()
	o := &outway{t: t}
	diensten := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		o.seen, o.body = r, string(raw)
		w.Header().Set("ETag", `"7"`)
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("thee"))
	}))
	t.Cleanup(diensten.Close)
	o.down = diensten.Close
	agreed, err := fsc.Read([]byte(contract))
	if err != nil {
		t.Fatal(err)
	}
	o.grants = agreed.Grants(func(string) string { return "" }, false)
	log := slog.New(slog.NewTextHandler(&o.log, nil))
	sources, err := bron.Alle(fstest.MapFS{"a.json": {Data: []byte(answers)}}, log, bron.Bestanden{Antwoorden: "a.json"})
	if err != nil {
		t.Fatal(err)
	}
	o.Nabootsing, err = New(Opties{FSC: agreed, Grants: o.grants, Eigen: "eigen-diensten", DienstenURL: diensten.URL, Bronnen: sources, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *outway) call(service, method, path, body string, headers ...string) *http.Response {
	o.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if grant, ok := o.grants[service]; ok {
		r.Header.Set(fsc.HeaderGrant, grant)
	} else if service != "" {
		r.Header.Set(fsc.HeaderGrant, service)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	resp := w.Result()
	if resp.Header.Get(bron.HeaderNabootsing) == "" {
		o.t.Error("the answer does not say that it is from a stand-in")
	}
	return resp
}

// refused checks an error in the form of FSC Core.
func (o *outway) refused(resp *http.Response, status int, code, domain string) {
	o.t.Helper()
	var e struct{ Message, Domain, Code string }
	_ = json.NewDecoder(resp.Body).Decode(&e)
	if resp.StatusCode != status || resp.Header.Get(fsc.HeaderErrorCode) != code || e.Code != code || e.Domain != domain || e.Message == "" {
		o.t.Errorf("refused with %d %s %+v, want %d %s", resp.StatusCode, resp.Header.Get(fsc.HeaderErrorCode), e, status, code)
	}
}

// The names are those of the FSC test suite; what is not here (contracts,
// tokens, certificates, delegation) the stand-in does not have.
func TestFSC(t *testing.T) {
	t.Run("Outway-IncomingRequest-1", func(t *testing.T) {
		o := newStandIn(t)
		resp := o.call("eigen-diensten", "PATCH", "/v1/a%2Fb/c?x=1&y=%20", `{"a":1}`, "If-Match", `"6"`)
		if o.seen.Method != "PATCH" || o.seen.URL.EscapedPath() != "/v1/a%2Fb/c" || o.seen.URL.RawQuery != "x=1&y=%20" || o.body != `{"a":1}` || o.seen.Header.Get("If-Match") != `"6"` {
			t.Errorf("the service got %s %s %s", o.seen.Method, o.seen.URL, o.body)
		}
		if raw, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusTeapot || string(raw) != "thee" || resp.Header.Get("ETag") != `"7"` {
			t.Errorf("the client got %d %s", resp.StatusCode, raw)
		}
	})
	t.Run("Outway-IncomingRequest-2", func(t *testing.T) {
		o := newStandIn(t)
		for _, grant := range []string{"", "$1$3$onbekend"} {
			o.refused(o.call(grant, "POST", "/v1/zaken", ""), 400, "UNKNOWN_GRANT_HASH_IN_HEADER", "ERROR_DOMAIN_OUTWAY")
		}
		o.refused(o.call("", "GET", "/v1/zaken", ""), 400, "UNKNOWN_GRANT_HASH_IN_HEADER", "ERROR_DOMAIN_OUTWAY")
		if o.seen != nil {
			t.Error("something was sent")
		}
	})
	t.Run("Outway-IncomingRequest-3", func(t *testing.T) {
		o := newStandIn(t)
		o.down()
		o.refused(o.call("eigen-diensten", "GET", "/v1/zaken", ""), 502, "ERROR_CODE_SERVICE_UNREACHABLE", "ERROR_DOMAIN_INWAY")
	})
	t.Run("Integration-ConsumeService-2", func(t *testing.T) {
		o := newStandIn(t)
		o.Stel("eigen-diensten", GeenContract)
		o.refused(o.call("eigen-diensten", "GET", "/v1/zaken", ""), 400, "UNKNOWN_GRANT_HASH_IN_HEADER", "ERROR_DOMAIN_OUTWAY")
		if o.seen != nil {
			t.Error("something was sent")
		}
	})
	t.Run("CONNECT", func(t *testing.T) {
		o := newStandIn(t)
		o.refused(o.call("eigen-diensten", "CONNECT", "/", ""), 405, "ERROR_CODE_METHOD_UNSUPPORTED", "ERROR_DOMAIN_OUTWAY")
	})
	t.Run("Outway-TransactionLog-1", func(t *testing.T) {
		o := newStandIn(t)
		o.down()
		o.call("eigen-diensten", "GET", "/v1/zaken?bsn=999993653", "")
		if log := o.log.String(); !strings.Contains(log, "DIRECTION_OUTGOING") || strings.Contains(log, "999993653") {
			t.Errorf("the log is %s", log)
		}
	})
	t.Run("Outway-TransactionLog-2", func(t *testing.T) {
		o := newStandIn(t)
		own := uuid.Must(uuid.NewV7()).String()
		for _, given := range []string{"", own} {
			var headers []string
			if given != "" {
				headers = []string{fsc.HeaderTransaction, given}
			}
			resp := o.call("eigen-diensten", "GET", "/", "", headers...)
			id, err := uuid.Parse(resp.Header.Get(fsc.HeaderTransaction))
			if err != nil || id.Version() != 7 || o.seen.Header.Get(fsc.HeaderTransaction) != id.String() || given != "" && given != id.String() {
				t.Errorf("given %q, answered %q, passed on %q", given, id, o.seen.Header.Get(fsc.HeaderTransaction))
			}
		}
		for _, wrong := range []string{uuid.NewString(), "x", strings.ReplaceAll(own, "-", "")} {
			o.refused(o.call("eigen-diensten", "GET", "/", "", fsc.HeaderTransaction, wrong), 400, "INVALID_LOG_RECORD_ID", "ERROR_DOMAIN_OUTWAY")
		}
	})
}

func TestASourceAnswersWhatItsExampleHolds(t *testing.T) {
	o := newStandIn(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/adressen?postcode=1234AB&huisnummer=34", "", 200, "0363"},
		{"GET", "/adressen?postcode=1234+ab&huisnummer=36", "", 200, "0364"},
		{"GET", "/adressen?postcode=1234AB&huisnummer=34&dag=2026-11-23", "", 200, "0363"}, // dag is not in the example
		{"GET", "/adressen?postcode=9999ZZ&huisnummer=34", "", 200, `{"_embedded":{"adressen":[]}}`},
		{"GET", "/adressen/0363", "", 200, `"naam":"x"`},
		{"GET", "/adressen/0999", "", 404, "status"},
		{"POST", "/zoek", `{"id":["0363"],"type":"Zoek"}`, 200, "1234AB"},
		{"POST", "/zoek", `{"id":"0999"}`, 200, `{"_embedded":{"adressen":[]}}`},
		{"POST", "/zoek", `geen json`, 400, "status"},
		{"GET", "/anders", "", 404, "status"},
		{"PUT", "/zoek", "", 405, "status"},
	} {
		resp := o.call("adressen", c.method, c.path, c.body)
		if raw, _ := io.ReadAll(resp.Body); resp.StatusCode != c.status || !strings.Contains(string(raw), c.want) {
			t.Errorf("%s %s %s gives %d %s", c.method, c.path, c.body, resp.StatusCode, raw)
		}
	}
	o.Stel("adressen", NietGevonden)
	if resp := o.call("adressen", "GET", "/adressen?postcode=1234AB&huisnummer=34", ""); resp.StatusCode != 404 {
		t.Errorf("made to find nothing it gives %d", resp.StatusCode)
	}
	o.Stel("adressen", Onbereikbaar)
	o.refused(o.call("adressen", "GET", "/adressen", ""), 502, "ERROR_CODE_SERVICE_UNREACHABLE", "ERROR_DOMAIN_INWAY")
}

func TestTheStandInSaysWhatItIs(t *testing.T) {
	o := newStandIn(t)
	if first, _, _ := strings.Cut(o.log.String(), "\n"); !strings.Contains(first, "nabootsing") {
		t.Errorf("the log begins with %s", first)
	}
	for range maxRecent + 5 {
		o.call("adressen", "GET", "/adressen?postcode=1234AB", "")
	}
	if n := len(o.Recent()); n != maxRecent {
		t.Errorf("%d calls are remembered", n)
	}
	page, _ := io.ReadAll(o.call("", "GET", "/", "").Body)
	if !strings.HasPrefix(string(page), EersteRegel) || !strings.Contains(string(page), "adressen") || strings.Contains(string(page), "1234AB") {
		t.Errorf("the page is %s", page)
	}
	if _, err := New(Opties{Productie: true}); err == nil {
		t.Error("the stand-in starts in production")
	}
}

func TestRead(t *testing.T) {
	agreed, err := fsc.Read([]byte(contract))
	if err != nil || len(agreed.Afgenomen) != 2 || agreed.GrantNames()[1] != "FSC_GRANT_HASH_ADRESSEN" {
		t.Fatal(agreed, err)
	}
	env := func(name string) string { return map[string]string{"FSC_GRANT_HASH_ADRESSEN": "$1$3$echt"}[name] }
	if g := agreed.Grants(env, true); g["adressen"] != "$1$3$echt" || g["eigen-diensten"] != "" {
		t.Errorf("the grants in production are %v", g)
	}
	if g := agreed.Grants(env, false); g["adressen"] != "$1$3$echt" || len(g["eigen-diensten"]) != 91 {
		t.Errorf("the grants in development are %v", g)
	}
	for name, bad := range map[string]string{
		"unknown key":   contract + "extra: 1\n",
		"OIN as number": strings.Replace(contract, `"00000099000000001000"`, "1000", 1),
		"short OIN":     strings.Replace(contract, `"00000099000000001000"`, `"123"`, 1),
		"group":         strings.Replace(contract, "proef", `"een groep"`, 1),
		"service":       strings.Replace(contract, "naam: adressen", "naam: a b", 1),
		"twice":         strings.Replace(contract, "naam: adressen", "naam: eigen-diensten", 1),
		"grant":         strings.Replace(contract, "FSC_GRANT_HASH_ADRESSEN", "$1$3$hash", 1),
		"no yaml":       "a: [",
	} {
		if _, err := fsc.Read([]byte(bad)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
