package examples_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
)

// private is what may stand in no log: numbers, names and addresses of people that
// the test puts wherever a caller can put something.
var private = []string{"999990408", "Geheimzinnig", "geheim@prive.test", "0687654321", "NL91ABNA0417164300", "Verborgenlaan", "geheimpje"}

// TestTechnicalLogsHoldNoPersons lets callers say wrong things to every operation of
// every layer, with personal data in bodies, keys, addresses and headers, and then
// lets the database fail with texts that quote the row; at the level debug none of it
// is in the log.
func TestTechnicalLogsHoldNoPersons(t *testing.T) {
	needShell(t)
	for _, answers := range []string{"testdata/alle-veldtypen.yaml", "verhuizing/fieldlab.yaml"} {
		t.Run(filepath.Base(filepath.Dir(answers))+strings.TrimSuffix(filepath.Base(answers), ".yaml"), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "component")
			generate(t, answers, dir)
			program := filepath.Join(dir, "component.exe")
			command(t, dir, "go", "build", "-o", program, ".")
			env := []string{"LOG_LEVEL=debug", "DATA=" + filepath.Join(t.TempDir(), "log.db")}
			database := ""
			if server := os.Getenv("TEST_DATABASE_URL"); server != "" {
				database = proef.FreshSchema(t, server)
				env = append(env, "DATABASE_URL="+database)
			}
			a := attacker{running{launch(t, dir, program, freePorts(t, 5), []int{0, 1, 2, 3}, nil, env...), t, nil}, 0}
			a.everyOperation()
			a.pages()
			a.raw()
			if a.asked < 200 {
				t.Errorf("only %d requests were made", a.asked)
			}
			if database != "" {
				a.brokenDatabase(database)
			}
			a.stop()
			for line := range strings.Lines(a.log.String()) {
				for _, secret := range private {
					if strings.Contains(line, secret) {
						t.Errorf("%s stands in the log:\n%.600s", secret, line)
					}
				}
			}
			if strings.Count(a.log.String(), "level=ERROR") < 3 && database != "" {
				t.Errorf("the log says nothing of a database that fails:\n%.2000s", a.log.String())
			}
		})
	}
}

// attacker puts personal data everywhere.
type attacker struct {
	running
	asked int
}

func (a *attacker) send(method, address string, headers map[string]string, body string) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	a.asked++
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return // refused by the server itself, and that is fine
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

// all is personal data in one text.
func all() string { return strings.Join(private, " ") }

// wrongBodies are bodies with personal data that are wrong in one way or another,
// made of one that is right.
func wrongBodies(object map[string]any) (bodies []string) {
	quoted, _ := json.Marshal(all())
	bodies = append(bodies,
		`{"`+private[1]+`": 1, "bsn": "`+private[0]+`"`, string(quoted), "["+string(quoted)+"]", `{"`+private[0]+`":`+string(quoted)+`}`, `{"bsn":`+private[0]+`}`,
		`{"bsn":"`+private[0]+`","bsn":"`+private[0]+`"}`, all(), "", "null", strings.Repeat("[", 20_000)+all(), `{"x":"`+strings.Repeat(all(), 40_000)+`"}`, "\xff\xfe"+all())
	for name := range object {
		for _, v := range []any{all(), 999990408, []any{all()}, map[string]any{private[1]: all()}, nil, private[0], private[2]} {
			changed := map[string]any{}
			for k, was := range object {
				changed[k] = was
			}
			changed[name] = v
			raw, _ := json.Marshal(changed)
			bodies = append(bodies, string(raw))
		}
	}
	return bodies
}

// everyOperation asks all operations of the two APIs, and the addresses that the
// layers have for each other.
func (a *attacker) everyOperation() {
	a.t.Helper()
	for _, layer := range []int{1, 3} {
		text, _ := get(a.t, a.url(layer, "/v1/openapi.json"))
		var spec struct {
			Paths map[string]map[string]json.RawMessage
		}
		if err := json.Unmarshal([]byte(text), &spec); err != nil {
			a.t.Fatal(err)
		}
		for path, operations := range spec.Paths {
			address := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, url.PathEscape(private[0]+" "+private[1]))
			for method := range operations {
				if method == "parameters" {
					continue
				}
				for i, body := range wrongBodies(a.example(layer, path, text)) {
					if i > 150 {
						break
					}
					a.send(strings.ToUpper(method), a.url(layer, "/v1"+address+"?"+private[1]+"="+private[0]+"&sort="+private[0]+"&page="+private[0]), a.headers(i), body)
				}
			}
		}
		for _, path := range []string{"/intern/bestanden", "/intern/tijdelijk/sessie/" + private[0], "/intern/inzage", "/intern/zaken", "/intern/sleutels", "/" + private[1], "//" + private[0], "/v1/" + private[2], "/v1/../" + private[0]} {
			for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", private[1]} {
				for i, body := range wrongBodies(nil) {
					a.send(method, a.url(layer, path), a.headers(i), body)
				}
			}
		}
	}
	for _, path := range []string{"/kadaster/x?bsn=" + private[0], "/" + private[1], "/nabootsing/gedrag", "/?" + private[2]} {
		for i, body := range wrongBodies(nil) {
			a.send("POST", a.url(2, path), a.headers(i), body)
		}
	}
}

// example is a record that is there, or an object with the names of the specification.
func (a *attacker) example(layer int, path, spec string) map[string]any {
	a.t.Helper()
	collection, _, _ := strings.Cut(path, "/{")
	var list struct{ Results []map[string]any }
	if resp, err := http.Get(a.url(layer, "/v1"+collection)); err == nil {
		_ = json.NewDecoder(resp.Body).Decode(&list) // what is no list has no results
		_ = resp.Body.Close()
	}
	if len(list.Results) > 0 {
		return list.Results[0]
	}
	example := map[string]any{}
	for _, name := range regexp.MustCompile(`"([a-zA-Z]+)":\s*\{\s*"(?:type|\$ref|title|description)"`).FindAllStringSubmatch(spec, 20) {
		example[name[1]] = all()
	}
	return example
}

func (a *attacker) headers(i int) map[string]string {
	h := map[string]string{
		"Content-Type": []string{"application/json", "application/json; charset=" + private[1], "text/" + private[1], ""}[i%4],
		"If-Match":     []string{"*", `"` + private[0] + `"`, private[1]}[i%3], "Idempotency-Key": []string{private[0] + "-" + private[1], strings.Repeat(private[0], 40)}[i%2],
		"Gebruiker-Id": "p-" + private[1], "Gebruiker-Rol": []string{"aanvrager", "inwoner", "behandelaar", "burgerzaken", private[1]}[i%5], "Gebruiker-BSN": private[0], "Gebruiker-Naam": private[1],
		"Fsc-Transaction-Id": private[0], "Traceparent": "00-" + private[0], "X-Forwarded-For": private[1],
		"User-Agent": all(), "Referer": "https://x.test/?bsn=" + private[0],
	}
	if i%3 == 0 { // refused at the door
		for _, name := range []string{"Accept", "Authorization", "Content-Crs", "Accept-Crs", "Fsc-Grant-Hash", "Range"} {
			h[name] = private[1] + " " + private[0]
		}
		h["Cookie"] = "sessie=" + private[0] + "; formulier=" + private[1]
	}
	return h
}

// pages logs in as everybody and sends wrong forms.
func (a *attacker) pages() {
	a.t.Helper()
	login, _ := get(a.t, a.url(0, "/inloggen"))
	for _, chosen := range persona.FindAllStringSubmatch(login, -1) {
		jar, err := cookiejar.New(nil)
		if err != nil {
			a.t.Fatal(err)
		}
		browser := &http.Client{Jar: jar, Timeout: time.Minute}
		page := func(method, path string, body io.Reader, ctype string) string {
			req, err := http.NewRequestWithContext(a.t.Context(), method, a.url(0, path), body)
			if err != nil {
				a.t.Fatal(err)
			}
			req.Header.Set("Content-Type", ctype)
			a.asked++
			resp, err := browser.Do(req)
			if err != nil {
				return ""
			}
			defer func() { _ = resp.Body.Close() }()
			text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
			return string(text)
		}
		encoded := func(values url.Values) (io.Reader, string) {
			return strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"
		}
		body, ctype := encoded(url.Values{"persoon": {chosen[1]}, "naar": {"/"}})
		seen := page("POST", "/inloggen", body, ctype)
		for _, link := range append(regexp.MustCompile(`href="(/[^"]*)"`).FindAllStringSubmatch(seen, -1), []string{"", "/inloggen/terug?code=" + private[0] + "&state=" + private[1] + "&error=" + private[1]}, []string{"", "/zaken/" + private[0]}, []string{"", "/inzage?nummer=" + private[0]}) {
			text := page("GET", link[1], nil, "")
			for _, form := range regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*>`).FindAllString(text, -1) {
				action := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(form)
				if action == nil {
					action = link
				}
				if action[1] == "/uitloggen" || action[1] == "/inloggen" {
					continue
				}
				values := url.Values{private[1]: {all()}}
				for _, field := range regexp.MustCompile(`name="([^"]+)"(?:[^>]*value="([^"]*)")?`).FindAllStringSubmatch(text, -1) {
					if values.Set(field[1], all()); strings.HasPrefix(field[1], "_") && field[2] != "" {
						values.Set(field[1], field[2])
					}
				}
				path := strings.ReplaceAll(action[1], "&amp;", "&")
				body, ctype := encoded(values)
				page("POST", path, body, ctype)
				body, _ = encoded(values)
				page("POST", path, body, "multipart/form-data; boundary="+private[1])
				var parts bytes.Buffer
				w := multipart.NewWriter(&parts)
				for name := range values {
					_ = w.WriteField(name, values.Get(name))
				}
				if f, err := w.CreateFormFile("bestand", all()+".pdf"); err == nil {
					_, _ = f.Write([]byte("%PDF-1.4 " + all()))
				}
				page("POST", path, bytes.NewReader(parts.Bytes()), w.FormDataContentType()) // cut off: it has no end
				_ = w.Close()
				page("POST", path, bytes.NewReader(parts.Bytes()), w.FormDataContentType())
			}
		}
	}
}

// raw says what is no HTTP, to every layer.
func (a *attacker) raw() {
	a.t.Helper()
	for layer := range 4 {
		for _, text := range []string{
			"GET /" + private[0] + " HTTP/9\r\n\r\n", private[1] + "\r\n\r\n", "GET /?" + private[0] + ";" + private[1] + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
			"POST /v1/zaken HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"bsn\":\"" + private[0], "GET / HTTP/1.1\r\nHost: " + private[1] + "\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: localhost\r\n" + private[1] + "\x00: " + private[0] + "\r\n\r\n", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz" + private[0] + "\r\n",
		} {
			conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", a.base+layer), time.Second)
			if err != nil {
				a.t.Fatal(err)
			}
			a.asked++
			_, _ = io.WriteString(conn, text)
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(time.Second))
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}
}

// brokenDatabase lets every change fail with a text that quotes the row, in each of
// the ways in which PostgreSQL can.
func (a *attacker) brokenDatabase(address string) {
	a.t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	exec := func(text string) {
		if _, err := db.ExecContext(a.t.Context(), text); err != nil {
			a.t.Fatal(err)
		}
	}
	rows, err := db.QueryContext(a.t.Context(), "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname NOT LIKE 'migraties%' AND relname <> 'versies'")
	if err != nil {
		a.t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			a.t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		a.t.Fatal(err)
	}
	for _, code := range []string{"P0001", "22P02", "22001", "42704", "42P01", "23505", "23514", "40001", "57014", "53100", "XX000", "08006"} {
		exec("CREATE OR REPLACE FUNCTION mislukt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '" + code + "', MESSAGE = 'geheimpje ' || NEW::text, DETAIL = 'geheimpje ' || NEW::text, HINT = 'geheimpje'; END $$")
		for _, table := range tables {
			exec(`DROP TRIGGER IF EXISTS mislukt ON "` + table + `"; CREATE TRIGGER mislukt BEFORE INSERT OR UPDATE ON "` + table + `" FOR EACH ROW EXECUTE FUNCTION mislukt()`)
		}
		a.rightBodies()
	}
	for _, table := range tables {
		exec(`DROP TRIGGER mislukt ON "` + table + `"; ALTER TABLE "` + table + `" ADD CONSTRAINT nooit CHECK (false) NOT VALID`)
	}
	a.rightBodies() // its detail quotes the row
	a.pages()
	for _, table := range tables {
		exec(`ALTER TABLE "` + table + `" RENAME TO "` + table + `_weg"`)
	}
	a.rightBodies()
	a.pages()
}

// rightBodies sends what would be stored if the database did.
func (a *attacker) rightBodies() {
	a.t.Helper()
	for path, body := range map[string]string{
		"/v1/gebieden": `{"naam":"` + private[1] + " " + private[0] + " " + private[2] + `"}`, "/v1/zaken": `{"omschrijving":"` + all() + `","zaaktype":"x","huidigeStap":"a","initiator":"p-` + private[1] + `"}`,
		"/v1/bestanden?naam=" + url.QueryEscape(all()): "%PDF-1.4 " + all(),
	} {
		for range 4 {
			h := map[string]string{"Content-Type": "application/json", "Idempotency-Key": uuid.NewString()}
			a.send("POST", a.url(3, path), h, body)
			a.send("POST", a.url(1, path), h, body)
		}
	}
}
