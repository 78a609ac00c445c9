package register

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Two numbers that pass the elfproef, from the range for tests.
const firstBSN, secondBSN = "999993653", "999990019"

var testKey = logboek.Key("een sleutel voor deze tests alleen")

// personalAPI is a server on which the name of a thing is the number of whom it
// is about, and its uitleg that of a second person.
func personalAPI(t testing.TB) *api { return apiWith(t, "naam", "plaats", "uitleg") }

// written takes the lines that were written since the last time.
func (a *api) written() []logboek.Verwerking {
	a.Helper()
	rows, err := a.logboek.Take(context.Background(), "test", time.Minute, 1000)
	if err == nil {
		err = a.logboek.Delivered(context.Background(), rows)
	}
	if err != nil {
		a.Fatal(err)
	}
	var lines []logboek.Verwerking
	for _, r := range rows {
		lines = append(lines, r.Expand()...)
	}
	slices.SortStableFunc(lines, func(a, b logboek.Verwerking) int { return a.Begin.Compare(b.Begin) })
	return lines
}

// told says of lines what was done, and about whom.
func told(lines []logboek.Verwerking) string {
	var all []string
	for _, v := range lines {
		who := "niemand"
		for name, bsn := range map[string]string{"een": firstBSN, "twee": secondBSN} {
			if v.DataSubject == testKey.Pseudonym(logboek.BSN, bsn) {
				who = name
			}
		}
		all = append(all, v.Name+" ("+who+")")
	}
	return strings.Join(all, ", ")
}

func (a *api) expect(want string) []logboek.Verwerking {
	a.Helper()
	lines := a.written()
	if got := told(lines); got != want {
		a.Errorf("written: %s\nwant:    %s", got, want)
	}
	if faults := logboek.Check(lines); faults != nil {
		a.Error(faults)
	}
	return lines
}

func TestEveryHandlingOfPersonalDataIsWritten(t *testing.T) {
	a := personalAPI(t)
	const trace = "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	key := "Idempotency-Key: " + uuid.NewString()
	made, _ := a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`, key, trace)
	lines := a.expect("Ding aanmaken (een)")
	if v := lines[0]; v.TraceID != "0af7651916cd43dd8448eb211c80319c" || v.ParentID != "b7ad6b7169203331" || v.Kind != logboek.Register ||
		v.Status != logboek.Ok || fmt.Sprint(v.Fields) != "[naam plaats uitleg]" || v.Activity != "Dingen bijhouden" || v.Caller != "" {
		t.Errorf("%+v", v)
	}
	at := "/dingen/" + made["id"].(string)
	// A repeat gives the row out once more, so it is one more handling. Something
	// else with the same key gives nobody anything, and says nothing of the first.
	a.call(200, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`, key)
	a.expect("Ding aanmaken (een)")
	if refused, _ := a.call(409, "POST", "/dingen", `{"naam":"`+secondBSN+`"}`, key); strings.Contains(fmt.Sprint(refused), firstBSN) {
		t.Error(refused)
	}
	a.expect("")
	a.call(200, "GET", at, "", trace)
	a.expect("Ding lezen (een)")
	a.call(200, "PATCH", at, `{"aantal":3}`, `If-Match: "1"`, patch)
	a.expect("Ding wijzigen (een)")
	a.call(200, "PUT", at, `{"naam":"`+secondBSN+`"}`, `If-Match: "2"`)
	lines = a.expect("Ding vervangen (niemand), Ding vervangen (een), Ding vervangen (twee)")
	if lines[1].ParentID != lines[0].SpanID || lines[2].ParentID != lines[0].SpanID || lines[1].TraceID != lines[0].TraceID {
		t.Errorf("%+v", lines)
	}
	a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`","uitleg":"`+secondBSN+`"}`)
	a.expect("Ding aanmaken (niemand), Ding aanmaken (een), Ding aanmaken (twee)")
	a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`)
	a.expect("Ding aanmaken (een)")
	a.call(200, "GET", "/dingen", "")
	a.expect("Ding opvragen als lijst (niemand), Ding opvragen als lijst (twee), Ding opvragen als lijst (een)")
	a.call(200, "GET", "/dingen?kleur=rood", "")
	a.expect("Ding opvragen als lijst (niemand)")
	a.call(204, "DELETE", at, "", `If-Match: "3"`)
	a.expect("Ding verwijderen (twee)")
	// Where nothing was given or done, there is nothing to write.
	a.call(404, "GET", at, "")
	a.call(404, "DELETE", at, "", `If-Match: "3"`)
	a.call(400, "POST", "/dingen", `{"naam":"`+firstBSN+`","aantal":19}`)
	a.expect("")
}

func TestNothingPersonalNothingWritten(t *testing.T) {
	a := newAPI(t)
	made, _ := a.call(201, "POST", "/dingen", `{"naam":"x"}`)
	a.call(200, "GET", "/dingen/"+made["id"].(string), "")
	a.expect("")
}

func TestWhatCannotBeWrittenIsNotDone(t *testing.T) {
	a := personalAPI(t)
	made, _ := a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`)
	at := "/dingen/" + made["id"].(string)
	db, err := sql.Open("sqlite", "file:"+a.file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rename := func(from, to string) {
		if _, err := db.ExecContext(t.Context(), "ALTER TABLE "+from+" RENAME TO "+to); err != nil {
			t.Fatal(err)
		}
	}
	rename("verwerkingen", "weg")
	key := "Idempotency-Key: " + uuid.NewString()
	for _, c := range [][]string{
		{"GET", at, ""}, {"GET", "/dingen", ""}, {"POST", "/dingen", `{"naam":"` + secondBSN + `"}`}, {"POST", "/dingen", `{"naam":"` + secondBSN + `"}`, key},
		{"PUT", at, `{"naam":"` + secondBSN + `"}`, `If-Match: "1"`}, {"PATCH", at, `{"aantal":2}`, `If-Match: "1"`, patch},
		{"DELETE", at, "", `If-Match: "1"`},
	} {
		answer, _ := a.call(500, c[0], c[1], c[2], c[3:]...)
		if text := toJSON(t, answer); strings.Contains(text, "99999") {
			t.Errorf("%s %s gives the data all the same: %s", c[0], c[1], text)
		}
	}
	rename("weg", "verwerkingen")
	list, _ := a.call(200, "GET", "/dingen", "")
	if rows := list["results"].([]any); len(rows) != 1 || rows[0].(map[string]any)["naam"] != firstBSN || rows[0].(map[string]any)["aantal"] != nil {
		t.Errorf("%v", rows)
	}
	a.call(201, "POST", "/dingen", `{"naam":"`+secondBSN+`"}`, key) // its key was not kept either
}

func token(sub, iss string) string {
	part := base64.RawURLEncoding.EncodeToString
	return "Fsc-Authorization: Bearer " + part([]byte(`{}`)) + "." + part([]byte(`{"sub":"`+sub+`","iss":"`+iss+`"}`)) + ".x"
}

const ours, theirs = "00000099000000001000", "00000099000000002000"

func TestCallerOfAnotherOrganisationIsNamed(t *testing.T) {
	a := personalAPI(t)
	a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`)
	a.written()
	for header, want := range map[string]string{
		token(theirs, ours):                  "urn:nld:oin:" + theirs,
		token(ours, ours):                    "",
		token(`999993653`, ours):             "",
		"Fsc-Authorization: Bearer kapot":    "",
		"Fsc-Authorization: Bearer a.b!.c":   "",
		"Fsc-Authorization: Bearer e30.W10.": "",
	} {
		id := uuid.NewString()
		a.call(200, "GET", "/dingen", "", header, "Fsc-Transaction-Id: "+id)
		lines := a.expect("Ding opvragen als lijst (een)")
		if v := lines[0]; v.Caller != want || v.Transaction != id || v.TraceID != strings.ReplaceAll(id, "-", "") || v.ParentID != "" {
			t.Errorf("%s: %+v", header, v)
		}
	}
}

func TestLogIsForTheComponentItself(t *testing.T) {
	a := newAPI(t)
	zaak := uuid.NewString()
	lines := fmt.Sprintf(`[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","naam":"Kijken","soort":"handeling","status":"Unset",
		"begin":"2026-03-29T02:30:00.5+02:00","activiteit":"Kijken","activiteitUri":"urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f","zaak":"%s"}]`, zaak)
	a.call(403, "POST", "/verwerkingen", lines, token(theirs, ours))
	a.call(403, "GET", "/verwerkingen?zaak="+zaak, "", token(theirs, ours))
	// A token that does not say clearly that it is our own is not ours.
	for _, unclear := range []string{strings.Replace(token(theirs, ours), "Bearer", "bearer", 1), token("", ""), token("peer", ours), "Fsc-Authorization: ", "Fsc-Authorization: Bearer kapot"} {
		a.call(403, "GET", "/verwerkingen?zaak="+zaak, "", unclear)
	}
	a.call(204, "POST", "/verwerkingen", lines, token(ours, ours))
	a.call(204, "POST", "/verwerkingen", lines)
	found, _ := a.call(200, "GET", "/verwerkingen?zaak="+zaak+"&pageSize=1", "")
	want := `[{"activiteit":"Kijken","activiteitUri":"urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f","begin":"2026-03-29T00:30:00.5Z","naam":"Kijken",` +
		`"soort":"handeling","spanId":"b7ad6b7169203331","status":"Unset","traceId":"0af7651916cd43dd8448eb211c80319c","zaak":"` + zaak + `"}]`
	if got := toJSON(t, found["results"]); got != want || found["count"] != 1.0 {
		t.Errorf("%v %s", found["count"], got)
	}
	a.call(204, "POST", "/verwerkingen", strings.Replace(lines, `"status":"Unset"`, `"status":"Ok","einde":"2026-03-29T00:30:01Z"`, 1))
	found, _ = a.call(200, "GET", "/verwerkingen?zaak="+zaak, "")
	if got := toJSON(t, found["results"]); !strings.Contains(got, `"einde":"2026-03-29T00:30:01Z"`) || !strings.Contains(got, `"status":"Ok"`) {
		t.Error(got)
	}
	a.call(400, "GET", "/verwerkingen", "")
	a.call(400, "POST", "/verwerkingen", `[]`)
	for change, pointer := range map[string]string{
		`"zaak"`:   `/0/betrokkene"`,
		`"status"`: `/0/betrokkeneSoort"`,
	} {
		with := map[string]string{`"zaak"`: `"betrokkene":"999993653","betrokkeneSoort":"BSN","zaak"`, `"status"`: `"betrokkene":"p-1a2b","status"`}[change]
		answer, _ := a.call(400, "POST", "/verwerkingen", strings.Replace(lines, change, with, 1))
		if text := toJSON(t, answer["errors"]); !strings.Contains(text, pointer) || strings.Contains(text, "999993653") {
			t.Error(text)
		}
	}
}

// Readers at the same moment all have their line before they have their answer.
func TestManyReadersEachHaveTheirLine(t *testing.T) {
	a := personalAPI(t)
	made, _ := a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`)
	a.written()
	const readers = 16
	done := make(chan int, readers)
	for range readers {
		go func() {
			for range 20 {
				w := httptest.NewRecorder()
				a.handler.ServeHTTP(w, httptest.NewRequest("GET", "/v1/dingen/"+made["id"].(string), nil))
				if w.Code != 200 {
					done <- w.Code
					return
				}
			}
			done <- 200
		}()
	}
	for range readers {
		if status := <-done; status != 200 {
			t.Errorf("status %d", status)
		}
	}
	lines := a.written()
	spans := map[string]bool{}
	for _, v := range lines {
		spans[v.TraceID+v.SpanID] = true
	}
	if len(lines) != readers*20 || len(spans) != len(lines) || slices.ContainsFunc(lines, func(v logboek.Verwerking) bool { return v.DataSubject == "" }) {
		t.Errorf("%d lines, %d different", len(lines), len(spans))
	}
}
