package register

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

var testActivity = logboek.Activity{Title: "Dingen bijhouden", URI: "urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f"}

// thing is a neutral row.
type thing struct {
	opslag.Meta
	Name   string         `json:"naam"`
	Count  *int64         `json:"aantal,omitempty"`
	Day    *value.Date    `json:"dag,omitempty"`
	Colour string         `json:"kleur,omitempty"`
	Place  *value.Address `json:"plaats,omitempty"`
	Parent string         `json:"ouder,omitempty"`
	Help   string         `json:"uitleg,omitempty"`
}

var thingSchema = opslag.Schema[thing]{
	Name: "dingen",
	Columns: []opslag.Column{
		{SQL: "naam", JSON: "naam"},
		{SQL: "aantal", JSON: "aantal", Sort: true},
		{SQL: "dag", JSON: "dag", Filter: true, Sort: true},
		{SQL: "kleur", JSON: "kleur", Filter: true},
		{SQL: "plaats", JSON: "plaats"},
		{SQL: "ouder", JSON: "ouder", Filter: true},
		{SQL: "uitleg", JSON: "uitleg"},
	},
	Meta: func(d *thing) *opslag.Meta { return &d.Meta },
	Fields: func(d *thing) []any {
		return []any{&d.Name, &d.Count, &d.Day, opslag.Text(&d.Colour), &d.Place, opslag.Text(&d.Parent), opslag.Text(&d.Help)}
	},
}

const thingTable = `CREATE TABLE dingen (
	id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMP NOT NULL, gewijzigd_op TIMESTAMP NOT NULL, versie BIGINT NOT NULL,
	naam TEXT NOT NULL, aantal INTEGER CHECK (aantal BETWEEN 1 AND 15), dag TEXT, kleur TEXT, plaats TEXT,
	ouder TEXT REFERENCES dingen (id), uitleg TEXT
);`

// api is a server on a new database.
type api struct {
	testing.TB
	handler  http.Handler
	contract *rest.Contract
	things   *opslag.Table[thing]
	logboek  *opslag.Logboek
	zaken    *opslag.Zaken
	archive  *Archive
	file     string
}

func newAPI(t testing.TB) *api {
	t.Helper()
	return apiWith(t)
}

// apiWith is a server on which these fields of a thing are personal data; name
// and uitleg are then the numbers of whom it is about.
func apiWith(t testing.TB, personal ...string) *api {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.db")
	db, err := opslag.Open(t.Context(), "", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	migrations := fstest.MapFS{"sqlite/0001_zaken.sql": {Data: []byte(thingTable)}}
	if err := db.Migrate(t.Context(), migrations); err != nil {
		t.Fatal(err)
	}
	spec, err := os.ReadFile("testdata/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	schema := thingSchema
	schema.Columns = slices.Clone(schema.Columns)
	schema.Retention = []opslag.Retention{{Result: "bewaard", Keep: true}, {Period: "P1Y", From: opslag.FromClosing, Source: "Lijst"}}
	for i := range schema.Columns {
		col := &schema.Columns[i]
		col.Personal = slices.Contains(personal, col.JSON)
		col.BSN = col.Personal && (col.JSON == "naam" || col.JSON == "uitleg")
	}
	a := &api{TB: t, things: opslag.NewTable(db, schema), file: file}
	if a.contract, err = rest.NewContract(spec); err != nil {
		t.Fatal(err)
	}
	if err := a.things.Fits(t.Context()); err != nil { // as a component does when it starts
		t.Fatal(err)
	}
	a.logboek = opslag.NewLogboek(db)
	things := NewCollection("dingen", "Ding", a.things, Log{
		Logboek: a.logboek, Key: testKey, Activity: testActivity, OIN: "00000099000000001000",
	})
	api := API{Collections: []Collection{things}}
	if api.Personal("dingen") != (len(personal) > 0) || api.Personal("anders") {
		t.Error("whether a collection is personal is not what its columns say")
	}
	a.zaken = opslag.NewZaken(db, "00000099000000001000")
	a.archive = NewArchive(db, api, ArchiveOptions{Zaaktype: "dingen", Subject: "dingen", Citizens: true}, Log{Logboek: a.logboek, Key: testKey, Activity: testActivity})
	routes := api.Routes(a.zaken, a.logboek, a.archive, testKey)
	temporary := opslag.NewTemporary(db)
	in := &Inzage{API: api, Zaken: a.zaken, Temporary: temporary, Log: Log{Logboek: a.logboek, Key: testKey}}
	series := &Series{API: api, Database: db, Logboek: a.logboek}
	internal := slices.Concat(series.Routes(), Internal(temporary, a.zaken, testKey), Marks(a.zaken), a.archive.Internal(), in.Routes(),
		Processes(a.zaken, Log{Logboek: a.logboek, Key: testKey, Activity: testActivity}, true))
	if a.handler, err = rest.NewServer(rest.Options{Spec: spec, Routes: routes, Internal: internal, Ready: db.Ready, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	in.Through(a.handler)
	series.Through(a.handler)
	return a
}

// call makes a request, holds the answer against the specification and decodes it.
func (a *api) call(want int, method, target, body string, headers ...string) (map[string]any, http.Header) {
	a.Helper()
	r := httptest.NewRequest(method, "/v1"+target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, v, _ := strings.Cut(header, ": ")
		r.Header.Set(name, v)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != want {
		a.Fatalf("%s %s: %d, want %d: %s", method, target, w.Code, want, w.Body)
	}
	if err := rest.CheckResponse(a.contract, r, w.Result()); err != nil {
		a.Error(err)
	}
	var v map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			a.Error(err)
		}
	}
	return v, w.Header()
}

const patch = "Content-Type: application/merge-patch+json"

func TestLifeOfARow(t *testing.T) {
	a := newAPI(t)
	made, h := a.call(201, "POST", "/dingen", `{"naam":"eerste","aantal":3,"plaats":{"straat":"Dorpsstraat","huisnummer":1,"postcode":"1234 AB","woonplaats":"Utrecht"},"uitleg":"lang"}`)
	at := strings.TrimPrefix(h.Get("Location"), "/v1")
	if h.Get("ETag") != `"1"` || at != "/dingen/"+made["id"].(string) {
		t.Error(h)
	}
	read, h := a.call(200, "GET", at, "")
	if h.Get("ETag") != `"1"` || read["uitleg"] != "lang" {
		t.Error(read, h)
	}
	a.call(428, "PUT", at, `{"naam":"x"}`)
	a.call(412, "PUT", at, `{"naam":"x"}`, `If-Match: "7"`)
	put, h := a.call(200, "PUT", at, `{"naam":"tweede","kleur":"rood"}`, `If-Match: "1"`)
	if h.Get("ETag") != `"2"` || put["uitleg"] != nil || put["aangemaaktOp"] != made["aangemaaktOp"] {
		t.Error(put, h)
	}
	changed, h := a.call(200, "PATCH", at, `{"kleur":null,"dag":"2026-02-03"}`, `If-Match: "2"`, patch)
	if h.Get("ETag") != `"3"` || changed["kleur"] != nil || changed["dag"] != "2026-02-03" || changed["naam"] != "tweede" {
		t.Error(changed, h)
	}
	a.call(400, "PATCH", at, `{"naam":null}`, `If-Match: "3"`, patch)
	a.call(400, "PATCH", at, `{}`, `If-Match: "3"`, patch)
	a.call(415, "PATCH", at, `{"naam":"x"}`, `If-Match: "3"`)
	a.call(412, "DELETE", at, "", `If-Match: "2"`)
	a.call(204, "DELETE", at, "", `If-Match: "3"`)
	a.call(404, "GET", at, "")
	a.call(404, "PATCH", at, `{"naam":"x"}`, `If-Match: "3"`, patch)
}

// TestIfMatchOfARowAndAZaak: the whole of RFC 9110, section 13.1.1, on each
// change that asks for it, and an id in capitals on the way.
func TestIfMatchOfARowAndAZaak(t *testing.T) {
	a := newAPI(t)
	_, h := a.call(201, "POST", "/dingen", `{"naam":"eerste"}`)
	at := strings.TrimPrefix(h.Get("Location"), "/v1")
	capitals := "/dingen/" + strings.ToUpper(strings.TrimPrefix(at, "/dingen/"))
	a.call(412, "PUT", at, `{"naam":"a"}`, `If-Match: W/"1"`)
	a.call(412, "PATCH", at, `{"naam":"a"}`, `If-Match: "98", "99"`, patch)
	a.call(400, "PATCH", at, `{"naam":"a"}`, `If-Match: 1`, patch)
	a.call(200, "PUT", at, `{"naam":"a"}`, `If-Match: *`)
	a.call(200, "PATCH", at, `{"naam":"b"}`, `If-Match: "99", "2"`, patch)
	if got, h := a.call(200, "PATCH", capitals, `{"naam":"c"}`, `If-Match: "99" , "3"`, patch); h.Get("ETag") != `"4"` || "/dingen/"+got["id"].(string) != at {
		t.Error(got, h)
	}
	a.call(412, "DELETE", at, "", `If-Match: W/"4"`)
	a.call(204, "DELETE", capitals, "", `If-Match: *`)
	a.call(404, "DELETE", at, "", `If-Match: *`)

	zaak, _ := a.call(201, "POST", "/zaken", `{"omschrijving":"x","zaaktype":"x","huidigeStap":"een"}`)
	moves := "/zaken/" + strings.ToUpper(zaak["id"].(string)) + "/statussen"
	a.call(412, "POST", moves, `{"statustype":"twee"}`, `If-Match: W/"1"`)
	a.call(412, "POST", moves, `{"statustype":"twee"}`, `If-Match: "8", "9"`)
	if status, _ := a.call(201, "POST", moves, `{"statustype":"twee"}`, `If-Match: *`); status["zaak"] != zaak["id"] {
		t.Error(status)
	}
	key := "Idempotency-Key: " + strings.ToUpper(uuid.NewString())
	a.call(201, "POST", moves, `{"statustype":"drie"}`, `If-Match: "1", "2"`, key)
	a.call(200, "POST", moves, `{"statustype":"drie"}`, `If-Match: "1", "2"`, strings.ToLower(key))
	a.call(201, "POST", moves, `{"statustype":"eind","resultaat":"af"}`, `If-Match: *`)
	a.call(409, "POST", moves, `{"statustype":"verder"}`, `If-Match: *`)
	a.call(404, "POST", "/zaken/"+uuid.NewString()+"/statussen", `{"statustype":"verder"}`, `If-Match: *`)
}

// TestAnyVersionIsNeverTooLate: with * a change is made on what is there, also
// when others change it at the same time.
func TestAnyVersionIsNeverTooLate(t *testing.T) {
	a := newAPI(t)
	_, h := a.call(201, "POST", "/dingen", `{"naam":"eerste"}`)
	at := strings.TrimPrefix(h.Get("Location"), "/v1")
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			r := httptest.NewRequest("PATCH", "/v1"+at, strings.NewReader(`{"naam":"a"}`))
			r.Header = http.Header{"Content-Type": {"application/merge-patch+json"}, "If-Match": {"*"}}
			w := httptest.NewRecorder()
			if a.handler.ServeHTTP(w, r); w.Code != http.StatusOK {
				t.Errorf("status %d: %s", w.Code, w.Body)
			}
		})
	}
	work.Wait()
	if _, h := a.call(200, "GET", at, ""); h.Get("ETag") != `"5"` {
		t.Error(h.Get("ETag"))
	}
}

// TestATextOfSpacesIsRefused says so with the words of the page.
func TestATextOfSpacesIsRefused(t *testing.T) {
	a := newAPI(t)
	for _, body := range []string{
		`{"naam":"   "}`, `{"naam":"\u00a0"}`, `{"naam":"\t\n"}`, `{"naam":""}`,
		`{"naam":"x","plaats":{"straat":" ","huisnummer":1,"postcode":"1234 AB","woonplaats":"Utrecht"}}`,
	} {
		refused, _ := a.call(400, "POST", "/dingen", body)
		faults, _ := refused["errors"].([]any)
		if len(faults) != 1 || faults[0].(map[string]any)["detail"] != value.Missing+"." {
			t.Errorf("%s: %v", body, refused)
		}
	}
	a.call(400, "POST", "/zaken", `{"omschrijving":" ","zaaktype":"x","huidigeStap":"x"}`)
}

func TestRepeatedRequestMakesOneRow(t *testing.T) {
	a := newAPI(t)
	key := "Idempotency-Key: " + uuid.NewString()
	first, _ := a.call(201, "POST", "/dingen", `{"naam":"een"}`, key)
	again, _ := a.call(200, "POST", "/dingen", `{"naam":"een"}`, key)
	if first["id"] != again["id"] {
		t.Error("a second row")
	}
	a.call(204, "DELETE", "/dingen/"+first["id"].(string), "", `If-Match: "1"`)
	a.call(404, "POST", "/dingen", `{"naam":"een"}`, key)
}

func TestRulesOfTheDatabase(t *testing.T) {
	a := newAPI(t)
	// The specification allows 20, the table of this test 15.
	p, _ := a.call(400, "POST", "/dingen", `{"naam":"veel","aantal":18}`)
	if !strings.Contains(toJSON(t, p["errors"]), `"pointer":"/aantal"`) {
		t.Error(p)
	}
	a.call(409, "POST", "/dingen", `{"naam":"wees","ouder":"`+uuid.NewString()+`"}`)
	parent, _ := a.call(201, "POST", "/dingen", `{"naam":"ouder"}`)
	a.call(201, "POST", "/dingen", `{"naam":"kind","ouder":"`+parent["id"].(string)+`"}`)
	a.call(409, "DELETE", "/dingen/"+parent["id"].(string), "", `If-Match: "1"`)
}

func TestList(t *testing.T) {
	a := newAPI(t)
	for _, body := range []string{`{"naam":"a","aantal":2,"kleur":"rood"}`, `{"naam":"b","aantal":1,"kleur":"groen"}`, `{"naam":"c","kleur":"rood","dag":"2026-01-02"}`} {
		a.call(201, "POST", "/dingen", body)
	}
	for query, want := range map[string]string{
		"":                           "3 a b c",
		"?sort=aantal":               "3 b a c",
		"?sort=-aantal&pageSize=1":   "3 a",
		"?kleur=rood":                "2 a c",
		"?kleur=rood&dag=2026-01-02": "1 c",
		"?page=2&pageSize=2":         "3 c",
		"?page=9&pageSize=2":         "3",
		"?ouder=" + uuid.NewString(): "0",
	} {
		v, _ := a.call(200, "GET", "/dingen"+query, "")
		got := toJSON(t, v["count"])
		for _, row := range v["results"].([]any) {
			got += " " + row.(map[string]any)["naam"].(string)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	a.call(400, "GET", "/dingen?sort=uitleg", "")
	a.call(400, "GET", "/dingen?naam=a", "")
}

func TestLifeOfAZaak(t *testing.T) {
	a := newAPI(t)
	subject, _ := a.call(201, "POST", "/dingen", `{"naam":"onderwerp"}`)
	body := `{"omschrijving":"Iets regelen","zaaktype":"regelen","huidigeStap":"begin","initiator":"p-1a2b","onderwerp":"` + subject["id"].(string) + `"}`
	key := "Idempotency-Key: " + uuid.NewString()
	zaak, h := a.call(201, "POST", "/zaken", body, key)
	again, _ := a.call(200, "POST", "/zaken", body, key)
	if again["id"] != zaak["id"] || h.Get("ETag") != `"1"` {
		t.Error(again, h)
	}
	at := "/zaken/" + zaak["id"].(string)
	a.call(409, "DELETE", "/dingen/"+subject["id"].(string), "", `If-Match: "1"`)
	a.call(428, "POST", at+"/statussen", `{"statustype":"midden"}`)
	key = "Idempotency-Key: " + uuid.NewString()
	_, h = a.call(201, "POST", at+"/statussen", `{"statustype":"midden","gezetDoor":"p-1a2b"}`, `If-Match: "1"`, key)
	if h.Get("ETag") != `"2"` {
		t.Error(h)
	}
	a.call(200, "POST", at+"/statussen", `{"statustype":"midden","gezetDoor":"p-1a2b"}`, `If-Match: "1"`, key)
	a.call(412, "POST", at+"/statussen", `{"statustype":"midden"}`, `If-Match: "1"`)
	a.call(201, "POST", at+"/statussen", `{"statustype":"eind","uitkomst":"akkoord","resultaat":"toegekend"}`, `If-Match: "2"`)
	a.call(409, "POST", at+"/statussen", `{"statustype":"terug"}`, `If-Match: "3"`)
	history, _ := a.call(200, "GET", at+"/statussen", "")
	if n := len(history["results"].([]any)); n != 3 {
		t.Error(n, "statussen")
	}
	closed, _ := a.call(200, "GET", at, "")
	if closed["resultaat"] != "toegekend" || closed["einddatum"] == nil || closed["huidigeStap"] != "eind" {
		t.Error(closed)
	}
	for query, want := range map[string]float64{
		"": 1, "?open=true": 0, "?open=false&initiator=p-1a2b": 1, "?huidigeStap=midden,eind": 1, "?huidigeStap=midden": 0, "?zaaktype=anders": 0,
	} {
		if v, _ := a.call(200, "GET", "/zaken"+query, ""); v["count"] != want {
			t.Errorf("%q: %v", query, v["count"])
		}
	}
	a.call(400, "GET", "/zaken?initiator=999993653", "")
	a.call(404, "GET", "/zaken/"+uuid.NewString()+"/statussen", "")
}

func TestMergePatch(t *testing.T) { // the cases of RFC 7396, appendix A
	for _, c := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		var target, p any
		if json.Unmarshal([]byte(c[0]), &target) != nil || json.Unmarshal([]byte(c[1]), &p) != nil {
			t.Fatal(c)
		}
		if got := toJSON(t, mergePatch(target, p)); got != c[2] {
			t.Errorf("%s with %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(b))
}
