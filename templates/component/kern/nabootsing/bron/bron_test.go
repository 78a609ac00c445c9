package bron

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// source is a stand-in made of an answers file, with its log.
type source struct {
	*Bron
	t   *testing.T
	log bytes.Buffer
}

func newSource(t *testing.T, answers string, more ...string) *source {
	t.Helper()
	s := &source{t: t}
	files := fstest.MapFS{"a.json": {Data: []byte(answers)}}
	of := Files{Answers: "a.json"}
	for i := 0; i+1 < len(more); i += 2 {
		files[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
		if strings.HasSuffix(more[i], ".yaml") {
			of.Specification = more[i]
		}
	}
	b, err := New(files, slog.New(slog.NewTextHandler(&s.log, nil)), of)
	if err != nil {
		t.Fatal(err)
	}
	s.Bron = b
	return s
}

func (s *source) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.forced(0, method, path, body, headers...)
}

func (s *source) forced(status int, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r.WithContext(WithStatus(r.Context(), status)))
	if w.Header().Get(HeaderStandIn) != "bron" {
		s.t.Error("the answer does not say that it is from a stand-in")
	}
	return w
}

const house = `{"_embedded":{"adressen":[{"postcode":"1234AB","huisnummer":34,"id":"0363"},{"postcode":"1234AB","huisnummer":36,"id":"0364"}]}}`

const holding = `{"dienst":"adressen","operaties":[
  {"naam":"zoek","methode":"GET","pad":"/adressen","vragen":["postcode","huisnummer","dag"],"antwoorden":[{"antwoord":` + house + `}]},
  {"naam":"lees","methode":"GET","pad":"/adressen/{id}","vragen":["id"],"antwoorden":[{"antwoord":{"id":"0363/a","naam":"x"}}]},
  {"naam":"nieuwste","methode":"GET","pad":"/adressen/nieuwste","antwoorden":[{"antwoord":{"id":"9"}}]},
  {"naam":"vind","methode":"POST","pad":"/zoek","vragen":["id","plaats.code"],"antwoorden":[{"antwoord":` + house + `}]}]}`

func TestWithoutWhenTheAnswerHoldsWhatIsAsked(t *testing.T) {
	s := newSource(t, holding)
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/adressen?postcode=1234AB&huisnummer=34", "", 200, "0363"},
		{"GET", "/adressen?postcode=1234+ab&huisnummer=36", "", 200, "0364"},
		{"GET", "/adressen?postcode=1234AB&dag=2026-11-23", "", 200, "0363"}, // dag is not in the answer
		{"GET", "/adressen?postcode=9999ZZ&huisnummer=34", "", 200, `{"_embedded":{"adressen":[]}}`},
		{"GET", "/adressen/0363%2Fa", "", 200, `"naam":"x"`},
		{"GET", "/adressen/0999", "", 404, `"status":404`},
		{"GET", "/adressen/nieuwste", "", 200, `"id":"9"`}, // a name goes before a parameter
		{"GET", "/adressen/", "", 404, "kent dit pad niet"},
		{"POST", "/zoek", `{"id":["0363"],"type":"Zoek"}`, 200, "1234AB"},
		{"POST", "/zoek", `{"id":"0363","plaats":{"code":1}}`, 200, "1234AB"}, // no code in the answer
		{"POST", "/zoek", `{"id":"0999"}`, 200, `{"_embedded":{"adressen":[]}}`},
		{"POST", "/zoek", ``, 200, "1234AB"},
		{"POST", "/zoek", `geen json`, 400, "geen geldige JSON"},
		{"POST", "/zoek", `{} {}`, 400, "geen geldige JSON"},
		{"POST", "/zoek", `"` + strings.Repeat("x", maxQuestion) + `"`, 413, "groter dan"},
		{"GET", "/anders", "", 404, "kent dit pad niet"},
		{"PUT", "/zoek", "", 405, "deze methode niet"},
	} {
		w := s.ask(c.method, c.path, c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s %.60s gives %d %s", c.method, c.path, c.body, w.Code, w.Body)
		}
	}
	if w := s.ask("PUT", "/zoek", ""); w.Header().Get("Allow") != "POST" {
		t.Errorf("Allow is %q", w.Header().Get("Allow"))
	}
}

const cases = `{"dienst":"personen","uitleg":"verzonnen","operaties":[
  {"naam":"a","methode":"POST","pad":"/personen","vragen":["bsn","jaar","actief","letter"],"antwoorden":[
    {"bij":{"bsn":"999993653","letter":null},"antwoord":{"wie":"Noor"}},
    {"bij":{"bsn":"999993653","letter":"B"},"antwoord":{"wie":"Noor B"}},
    {"bij":{"bsn":["999990408","999995492"]},"antwoord":{"wie":"Bram en Yara"}},
    {"bij":{"jaar":1985,"actief":true},"antwoord":{"wie":"ja <b>"}},
    {"bij":{"jaar":1986},"status":204},
    {"bij":{"jaar":1987},"bestand":"bronnen/eigen.json"},
    {"bij":{"jaar":1988},"status":403,"antwoord":{"status":403,"title":"geheim"}}],
   "anders":{"status":404,"antwoord":{"title":"niemand"}},
   "fouten":{"429":{"title":"druk"}}},
  {"naam":"b","methode":"POST","pad":"/personen","vragen":["code"],"antwoorden":[{"bij":{"code":"x"},"antwoord":{"wie":"tweede"}}]},
  {"naam":"c","methode":"GET","pad":"/altijd","antwoorden":[{"bij":{},"antwoord":[1]}]},
  {"naam":"d","methode":"GET","pad":"/nooit","antwoorden":[]}]}`

func TestTheFirstCaseThatFitsIsTheAnswer(t *testing.T) {
	s := newSource(t, cases, "bronnen/eigen.json", `{"wie":"eigen bestand"}`)
	if s.service != "personen" {
		t.Errorf("the service is %q", s.service)
	}
	for body, want := range map[string]string{
		`{"bsn":"999993653"}`:                   `200 application/json {"wie":"Noor"}`,
		`{"bsn":["999993653"],"letter":""}`:     `200 application/json {"wie":"Noor"}`,
		`{"bsn":["999991802","999993653"]}`:     `200 application/json {"wie":"Noor"}`,
		`{"bsn":"999993653","letter":"b"}`:      `200 application/json {"wie":"Noor B"}`,
		`{"bsn":"999993653","letter":"C"}`:      `404 application/problem+json {"title":"niemand"}`,
		`{"bsn":"999990408"}`:                   `404 application/problem+json {"title":"niemand"}`,
		`{"bsn":["999995492","999990408"]}`:     `200 application/json {"wie":"Bram en Yara"}`,
		`{"jaar":1985,"actief":true}`:           `200 application/json {"wie":"ja <b>"}`,
		`{"jaar":"1985","actief":false}`:        `404 application/problem+json {"title":"niemand"}`,
		`{"jaar":1986}`:                         `204  `,
		`{"jaar":1987}`:                         `200 application/json {"wie":"eigen bestand"}`,
		`{"jaar":1988}`:                         `403 application/problem+json {"status":403,"title":"geheim"}`,
		`{"code":"X"}`:                          `200 application/json {"wie":"tweede"}`,
		`{}`:                                    `404 application/problem+json {"title":"niemand"}`,
		`[1,2]`:                                 `404 application/problem+json {"title":"niemand"}`,
		`{"bsn":{"bsn":{"bsn":["999993653"]}}}`: `404 application/problem+json {"title":"niemand"}`,
		strings.Repeat("[", 5000):               `400 application/problem+json`,
		strings.Repeat(`{"a":`, 900) + "1" + strings.Repeat("}", 900): `404 application/problem+json {"title":"niemand"}`,
	} {
		w := s.ask("POST", "/personen", body)
		got := strings.TrimSuffix(strings.Join([]string{http.StatusText(w.Code), w.Header().Get("Content-Type"), w.Body.String()}, " "), "\n")
		code, rest, _ := strings.Cut(want, " ")
		if !strings.HasPrefix(got, strings.TrimSpace(http.StatusText(atoi(code))+" "+rest)) {
			t.Errorf("%.60s gives %s, not %s", body, got, want)
		}
	}
	if w := s.ask("GET", "/altijd?x=1", ""); w.Body.String() != "[1]\n" {
		t.Errorf("always gives %s", w.Body)
	}
	if w := s.ask("GET", "/nooit", ""); w.Code != 404 {
		t.Errorf("never gives %d", w.Code)
	}
}

func atoi(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

func TestAForcedStatus(t *testing.T) {
	s := newSource(t, cases, "bronnen/eigen.json", `{}`)
	for _, c := range []struct {
		status       int
		path, header string
		want         string
	}{
		{401, "/personen", "WWW-Authenticate", `"status":401`},
		{404, "/personen", "", `"niemand"`},
		{429, "/personen", "Retry-After", `"druk"`},
		{429, "/altijd", "Retry-After", `"status":429`},
		{503, "/personen", "Retry-After", `"status":503`},
		{503, "/onbekend", "Retry-After", `"status":503`},
	} {
		w := s.forced(c.status, "POST", c.path, `{"bsn":"999993653"}`)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || c.header != "" && w.Header().Get(c.header) == "" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("forced to %d on %s: %d %v %s", c.status, c.path, w.Code, w.Header(), w.Body)
		}
	}
	if ForcedStatus(t.Context()) != 0 {
		t.Error("a plain context forces something")
	}
}

const person = `{"type":"Raadpleeg","personen":[
  {"burgerservicenummer":"999993653","geheimhoudingPersoonsgegevens":true,
   "naam":{"voornamen":"Noor","geslachtsnaam":"Toetsen","inOnderzoek":{"naam":true}},
   "geboorte":{"datum":{"type":"JaarDatum","jaar":1985,"langFormaat":"1985"},"plaats":{"code":"0363"}},
   "verblijfplaats":{"type":"Adres","verblijfadres":{"postcode":"1028BC","huisnummer":34}},
   "kinderen":[{"naam":{"voornamen":"Yara"}},{"burgerservicenummer":"999995492"}]},
  {"burgerservicenummer":"999990408","naam":{"voornamen":"Bram"}}]}`

func TestTheQuestionChoosesItsFields(t *testing.T) {
	s := newSource(t, `{"dienst":"brp","operaties":[{"naam":"p","methode":"POST","pad":"/personen",
		"kiest":{"veld":"fields","onder":"personen","altijd":["type","inOnderzoek","geheimhoudingPersoonsgegevens"]},"antwoorden":[{"antwoord":`+person+`}]}]}`)
	for asked, want := range map[string]string{
		`["burgerservicenummer"]`: `{"personen":[{"burgerservicenummer":"999993653","geheimhoudingPersoonsgegevens":true},{"burgerservicenummer":"999990408"}],"type":"Raadpleeg"}`,
		`["naam.voornamen"]`:      `{"personen":[{"geheimhoudingPersoonsgegevens":true,"naam":{"inOnderzoek":{"naam":true},"voornamen":"Noor"}},{"naam":{"voornamen":"Bram"}}],"type":"Raadpleeg"}`,
		`["geboorte.datum","verblijfplaats.verblijfadres.postcode"]`: `{"personen":[{"geboorte":{"datum":{"jaar":1985,"langFormaat":"1985","type":"JaarDatum"}},"geheimhoudingPersoonsgegevens":true,"verblijfplaats":{"type":"Adres","verblijfadres":{"postcode":"1028BC"}}},{}],"type":"Raadpleeg"}`,
		`["kinderen.naam"]`:                               `{"personen":[{"geheimhoudingPersoonsgegevens":true,"kinderen":[{"naam":{"voornamen":"Yara"}}]},{}],"type":"Raadpleeg"}`,
		`["bestaatNiet","naam.x"]`:                        `{"personen":[{"geheimhoudingPersoonsgegevens":true},{}],"type":"Raadpleeg"}`,
		`"kinderen.burgerservicenummer, geboorte.plaats"`: `{"personen":[{"geboorte":{"plaats":{"code":"0363"}},"geheimhoudingPersoonsgegevens":true,"kinderen":[{"burgerservicenummer":"999995492"}]},{}],"type":"Raadpleeg"}`,
	} {
		w := s.ask("POST", "/personen", `{"fields":`+asked+`}`)
		if got := strings.TrimSpace(w.Body.String()); got != want {
			t.Errorf("%s gives\n%s, not\n%s", asked, got, want)
		}
	}
	var all, whole any
	_ = json.Unmarshal(s.ask("POST", "/personen", `{}`).Body.Bytes(), &all)
	_ = json.Unmarshal([]byte(person), &whole)
	if a, b := mustJSON(all), mustJSON(whole); a != b {
		t.Errorf("without fields it gives %s", a)
	}
}

func mustJSON(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

// TestOneServiceOfTwoFiles: two sources that ask one service of a provider are one
// stand-in, with the operations and the answers of each.
func TestOneServiceOfTwoFiles(t *testing.T) {
	files := fstest.MapFS{
		"een.json": {Data: []byte(`{"dienst":"brp","operaties":[{"naam":"p","methode":"GET","pad":"/personen","vragen":["bsn"],"antwoorden":[{"bij":{"bsn":"1"},"antwoord":{"wie":"een"}}]}]}`)},
		"twee.json": {Data: []byte(`{"dienst":"brp","operaties":[{"naam":"p","methode":"GET","pad":"/personen","vragen":["bsn"],"antwoorden":[{"bij":{"bsn":"2"},"antwoord":{"wie":"twee"}}]},
			{"naam":"k","methode":"GET","pad":"/kinderen/{id}","antwoorden":[{"antwoord":{"wie":"kind","id":"3"}}]}]}`)},
	}
	sources, err := All(files, slog.New(slog.DiscardHandler), Files{Answers: "een.json"}, Files{Answers: "twee.json"})
	if err != nil || len(sources) != 1 {
		t.Fatalf("%v, %v", sources, err)
	}
	for asked, want := range map[string]string{"/personen?bsn=1": "een", "/personen?bsn=2": "twee", "/kinderen/3": "kind", "/personen?bsn=3": "404"} {
		w := httptest.NewRecorder()
		sources["brp"].ServeHTTP(w, httptest.NewRequest(http.MethodGet, asked, nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s gives %d %s", asked, w.Code, w.Body)
		}
	}
}

func TestAllTellsEveryMistake(t *testing.T) {
	files := fstest.MapFS{
		"goed.json":  {Data: []byte(holding)},
		"fout.json":  {Data: []byte(`{"operaties":1}`)},
		"fout2.json": {Data: []byte(`{`)},
	}
	var list []Files
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, Files{Answers: name})
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	_, err := All(files, log, append(list, Files{Answers: "er-niet.json"})...)
	for _, want := range []string{"er-niet.json", "fout.json, regel 1: ", "fout.json, regel 1, operaties: ", "fout2.json, regel 1: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	sources, err := All(files, log, Files{Answers: "goed.json"})
	if err != nil || len(sources) != 1 || sources["adressen"] == nil {
		t.Errorf("%v, %v", sources, err)
	}
	if none, err := All(files, log); err != nil || len(none) != 0 {
		t.Errorf("without files: %v, %v", none, err)
	}
}

func TestANumberOfARealPersonIsNamed(t *testing.T) {
	const real = "111222333"
	s := newSource(t, strings.ReplaceAll(cases, "999993653", real), "bronnen/eigen.json", `{"x":[{"burgerservicenummer":"`+real+`"}]}`)
	log := s.log.String()
	if strings.Contains(log, real) {
		t.Error("the log holds the number")
	}
	for _, want := range []string{"operaties[0].antwoorden[0].bij.bsn", "operaties[0].antwoorden[1].bij.bsn", "eigen.json: x[0].burgerservicenummer"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not name %s: %s", want, log)
		}
	}
	if s := newSource(t, cases, "bronnen/eigen.json", `{}`); s.log.Len() > 0 {
		t.Errorf("numbers for tests are named: %s", s.log.String())
	}
}
