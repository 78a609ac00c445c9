package fieldtype

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// record is a row with one value of a type.
type record[T any] struct {
	opslag.Meta
	Value *T `json:"waarde,omitempty"`
}

// collection is the API on a table with values of one type.
func collection[T any](db *opslag.Database, t Type) register.Collection {
	return register.NewCollection(t.Name, t.Name, opslag.NewTable(db, opslag.Schema[record[T]]{
		Name: tableOf(t), Columns: []opslag.Column{{SQL: "waarde", JSON: "waarde"}},
		Meta:   func(r *record[T]) *opslag.Meta { return &r.Meta },
		Fields: func(r *record[T]) []any { return []any{&r.Value} },
	}), register.Log{})
}

func collectionOf(db *opslag.Database, t Type) register.Collection {
	switch t.Go {
	case "int64":
		return collection[int64](db, t)
	case "float64":
		return collection[float64](db, t)
	case "bool":
		return collection[bool](db, t)
	case "value.Money":
		return collection[value.Money](db, t)
	case "value.Date":
		return collection[value.Date](db, t)
	case "value.PartialDate":
		return collection[value.PartialDate](db, t)
	case "value.DateTime":
		return collection[value.DateTime](db, t)
	case "value.Address":
		return collection[value.Address](db, t)
	case "value.ForeignAddress":
		return collection[value.ForeignAddress](db, t)
	case "value.AnyAddress":
		return collection[value.AnyAddress](db, t)
	case "value.Point":
		return collection[value.Point](db, t)
	}
	return collection[string](db, t)
}

func tableOf(t Type) string { return "t_" + strings.ReplaceAll(t.Name, "-", "_") }

// stored are the types whose values go through the API as they are; a file is
// streamed.
func stored() (all []Type) {
	for _, name := range Names() {
		if t, _ := Of(name); t.Go != "value.Attachment" {
			all = append(all, t)
		}
	}
	return all
}

// notationsOf are the rows of the table of a type: what is typed, and the JSON
// that comes of it, if it is not refused.
func notationsOf(t *testing.T, name string) (rows [][]any) {
	t.Helper()
	raw, err := os.ReadFile("../../templates/component/kern/value/testdata/notaties/" + name + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the test of package value says so
	}
	if err != nil || json.Unmarshal(raw, &rows) != nil {
		t.Fatal(name, err)
	}
	return rows
}

// specification has an operation to make and one to read a record of each type,
// described as in a component.
func specification(t *testing.T) string {
	var paths, schemas strings.Builder
	for _, kind := range stored() {
		field := sample(kind.Name)
		field.Required, field.MaxLength, field.Values = false, 0, nil
		for _, row := range notationsOf(t, kind.Name) {
			if text, ok := row[0].(string); ok && kind.Name == "enum" && len(row) == 2 && row[1] == text {
				field.Values = append(field.Values, text)
			}
		}
		body := "{content: {application/json: {schema: {type: object, additionalProperties: false, properties: {waarde: " + kind.OpenAPI(field, "") + "}}}}}"
		fmt.Fprintf(&paths, "  /%s: {post: {requestBody: %s, responses: {'201': {description: x}}}}\n", kind.Name, body)
		fmt.Fprintf(&paths, "  /%s/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}], responses: {'200': {description: x}}}}\n", kind.Name)
		if kind.Shared() != "" {
			schemas.WriteString(kind.Shared() + "\n")
		}
	}
	return "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\nservers: [{url: 'https://a.test/v1'}]\nsecurity: []\npaths:\n" +
		paths.String() + "components:\n  schemas:\n" + schemas.String()
}

// server is the API with all types, on SQLite or on PostgreSQL, and beside it the
// store of files.
func server(t *testing.T, databaseURL string) (api http.Handler, files http.Handler) {
	t.Helper()
	db, err := opslag.Open(t.Context(), databaseURL, filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	var sqlite, postgres strings.Builder
	for _, kind := range stored() {
		const table = "CREATE TABLE %s (id TEXT PRIMARY KEY, aangemaakt_op %s NOT NULL, gewijzigd_op %[2]s NOT NULL, versie BIGINT NOT NULL, waarde %s);\n"
		fmt.Fprintf(&sqlite, table, tableOf(kind), "TIMESTAMP", kind.SQLite)
		fmt.Fprintf(&postgres, table, tableOf(kind), "TIMESTAMPTZ", kind.Postgres)
	}
	if err := db.Migrate(t.Context(), fstest.MapFS{
		"sqlite/0001_types.sql": {Data: []byte(sqlite.String())}, "postgres/0001_types.sql": {Data: []byte(postgres.String())},
	}); err != nil {
		t.Fatal(err)
	}
	var routes []rest.Route
	for _, kind := range stored() {
		for _, r := range collectionOf(db, kind).Routes {
			if strings.HasSuffix(r.Pattern, "{id}") == (r.Method == http.MethodGet) && (r.Method == http.MethodGet || r.Method == http.MethodPost) {
				r.Fields = nil // the specification of this test has no more than it needs
				routes = append(routes, r)
			}
		}
	}
	h, err := rest.NewServer(rest.Options{Spec: []byte(specification(t)), Routes: routes, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	store := register.Files{Store: opslag.NewFiles(db, opslag.Limits{}), Most: 1000, Kinds: register.Kinds(), Log: register.Log{
		Logboek: opslag.NewLogboek(db), Key: logboek.Key("geheim"), Activity: logboek.Activity{Title: "Proef", URI: "urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f"},
	}}
	mux := http.NewServeMux()
	for _, route := range store.Internal() {
		mux.Handle(route.Method+" "+route.Pattern, route.Handler)
	}
	return h, mux
}

// call gives the status and the value of an answer.
func call(t *testing.T, h http.Handler, method, path string, body any) (status int, v any, location string) {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"waarde": body})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, nil)
	if method == http.MethodPost {
		r = httptest.NewRequest(method, path, bytes.NewReader(raw))
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(path, w.Code, w.Body)
	}
	if object, ok := answer["waarde"].(map[string]any); ok {
		delete(object, "langFormaat") // is for people
	}
	return w.Code, answer["waarde"], w.Header().Get("Location")
}

// TestNotationsThroughTheAPI: what a form makes of what people type goes through
// the API and either database, and comes back the same. What a form refuses the
// API refuses, and of what a form mends it never makes anything else.
func TestNotationsThroughTheAPI(t *testing.T) {
	databases := map[string]string{"sqlite": ""}
	if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
		databases["postgres"] = proef.FreshSchema(t, base)
	}
	for name, databaseURL := range databases {
		t.Run(name, func(t *testing.T) {
			h, files := server(t, databaseURL)
			for _, row := range notationsOf(t, "file") {
				named(t, files, row)
			}
			for _, kind := range stored() {
				for _, row := range notationsOf(t, kind.Name) {
					through(t, h, kind, row)
				}
			}
		})
	}
}

// named stores a file under a name that somebody gives it.
func named(t *testing.T, files http.Handler, row []any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/bestanden", strings.NewReader("inhoud"))
	r.Header.Set("Content-Disposition", "attachment; filename*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(row[0].(string)), "+", "%20"))
	w := httptest.NewRecorder()
	files.ServeHTTP(w, r)
	var stored struct {
		ID   string `json:"id"`
		Name string `json:"naam"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &stored); err != nil {
		t.Fatal(w.Code, w.Body)
	}
	if len(row) == 1 {
		if w.Code != http.StatusBadRequest {
			t.Errorf("file %+q is taken as %+q: %d", row[0], stored.Name, w.Code)
		}
		return
	}
	if w.Code != http.StatusCreated || stored.Name != row[1] {
		t.Errorf("file %+q: status %d, name %+q, want %+q", row[0], w.Code, stored.Name, row[1])
	}
	w = httptest.NewRecorder()
	files.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/bestanden/"+stored.ID, nil))
	if err := json.Unmarshal(w.Body.Bytes(), &stored); err != nil || w.Code != http.StatusOK || stored.Name != row[1] {
		t.Errorf("file %+q is kept as %+q: %d (%v)", row[0], stored.Name, w.Code, err)
	}
}

func through(t *testing.T, h http.Handler, kind Type, row []any) {
	t.Helper()
	if len(row) == 2 && row[1] == nil {
		return // nothing
	}
	path := "/v1/" + kind.Name
	status, raw, _ := call(t, h, http.MethodPost, path, row[0])
	if len(row) == 1 {
		if status != http.StatusBadRequest {
			t.Errorf("%s %+q: a form refuses it, and the API makes %+q of it: %d", kind.Name, row[0], raw, status)
		}
		return
	}
	if status == http.StatusCreated && !kind.free() && !reflect.DeepEqual(raw, row[1]) {
		if k, _ := value.Of(kind.Name); k.Canonical(fmt.Sprint(raw)) != row[1] {
			t.Errorf("%s %+q: a form makes %v of it, and the API %v", kind.Name, row[0], row[1], raw)
		}
	}
	status, made, location := call(t, h, http.MethodPost, path, row[1])
	if status != http.StatusCreated || !reflect.DeepEqual(made, row[1]) {
		t.Errorf("%s %v: status %d, made %v", kind.Name, row[1], status, made)
		return
	}
	if status, read, _ := call(t, h, http.MethodGet, location, nil); status != http.StatusOK || !reflect.DeepEqual(read, row[1]) {
		t.Errorf("%s %v: status %d, read %v", kind.Name, row[1], status, read)
	}
}

// TestObjectsThatTheAPIRefuses: what the schema of an object cannot say is checked
// all the same, and named at the part where it is.
func TestObjectsThatTheAPIRefuses(t *testing.T) {
	h, _ := server(t, "")
	for _, c := range []struct{ kind, body, at string }{
		{"onvolledige-datum", `{"type":"Datum"}`, "datum"}, {"onvolledige-datum", `{"type":"Datum","datum":"2026-02-30"}`, "datum"},
		{"onvolledige-datum", `{"type":"JaarDatum","jaar":1985,"maand":3}`, "maand"}, {"onvolledige-datum", `{"type":"JaarMaandDatum","jaar":1985}`, "maand"},
		{"onvolledige-datum", `{"type":"DatumOnbekend","jaar":1985}`, "jaar"}, {"onvolledige-datum", `{"type":"x"}`, "type"},
		{"onvolledige-datum", `{"jaar":1985}`, "type"}, {"onvolledige-datum", `{"type":"JaarDatum","jaar":0}`, "jaar"},
		{"adres-buitenland", `{"regel1":"Laan 7","land":{"code":"NL"}}`, "land/code"}, {"adres-buitenland", `{"regel1":"Laan 7"}`, "land"},
		{"adres-buitenland", `{"regel1":" ","land":{"code":"BE"}}`, "regel1"}, {"adres-buitenland", `{"regel1":"Laan 7","regel2":" ","land":{"code":"BE"}}`, "regel2"},
		{"adres-overal", `{"type":"AdresBuitenland","regel1":"Laan 7"}`, "land"}, {"adres-overal", `{"type":"Adres","straat":"Laan"}`, "postcode"},
		{"adres-overal", `{"type":"AdresBuitenland","regel1":"Laan 7","land":{"code":"BE"},"postcode":"5211 KA"}`, "postcode"},
		{"integer", `9007199254740992`, ""}, {"integer", `1.5`, ""}, {"integer", `"1"`, ""},
	} {
		r := httptest.NewRequest(http.MethodPost, "/v1/"+c.kind, strings.NewReader(`{"waarde":`+c.body+`}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		at := strings.TrimSuffix("/waarde/"+c.at, "/")
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"`+at+`"`) {
			t.Errorf("%s %s: %d %s, want a fault at %s", c.kind, c.body, w.Code, w.Body, at)
		}
	}
	// Zero has no sign, in whatever notation: one database keeps it and the other does not.
	for _, kind := range []string{"integer", "decimal"} {
		if status, v, _ := call(t, h, http.MethodPost, "/v1/"+kind, json.Number("-0")); status != http.StatusCreated || fmt.Sprint(v) != "0" {
			t.Errorf("%s -0: %d %v", kind, status, v)
		}
	}
}

// free says whether a text is kept as it comes.
func (t Type) free() bool { return t.Length > 0 }
