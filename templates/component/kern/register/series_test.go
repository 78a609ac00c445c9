package register

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// series sends a series and decodes the answer.
func (a *api) series(want int, parts string, headers ...string) (got seriesAnswer) {
	a.Helper()
	r := httptest.NewRequest(http.MethodPost, "/intern/reeks", strings.NewReader(`{"verzoeken":[`+parts+`]}`))
	r.Header.Set("Content-Type", "application/json")
	for _, header := range headers {
		name, v, _ := strings.Cut(header, ": ")
		r.Header.Set(name, v)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != want {
		a.Fatalf("%d, want %d: %s", w.Code, want, w.Body)
	}
	if want < 300 {
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			a.Fatal(err)
		}
	}
	return got
}

// rows counts what there is: records, zaken, lines.
func (a *api) rows() (n [3]int) {
	a.Helper()
	var err error
	if n[0], err = a.things.Count(a.Context()); err != nil {
		a.Fatal(err)
	}
	if n[1], err = a.zaken.Count(a.Context()); err != nil {
		a.Fatal(err)
	}
	if n[2], _, err = a.logboek.Waiting(a.Context()); err != nil {
		a.Fatal(err)
	}
	return n
}

const seriesLine = `{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"%s","naam":"Zaak starten","soort":"handeling","status":"Ok",` +
	`"begin":"2026-11-23T10:00:00Z","einde":"2026-11-23T10:00:01Z","activiteit":"Dingen","activiteitUri":"urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f"}`

func startSeries(key, span, name, step string) string {
	return `{"methode":"POST","pad":"/v1/dingen","headers":{"Idempotency-Key":"` + key + `"},"inhoud":{"naam":"` + name + `"}},` +
		`{"methode":"POST","pad":"/v1/zaken","headers":{"Idempotency-Key":"` + key + `"},"inhoud":{"omschrijving":"x","zaaktype":"x","huidigeStap":` + step + `},"vul":{"onderwerp":"0.id"}},` +
		`{"methode":"GET","pad":"/v1/zaken/{1.id}/statussen","als":{"1#":"200"}},` +
		`{"methode":"POST","pad":"/v1/verwerkingen","inhoud":[` + fmt.Sprintf(seriesLine, span) + `],"vul":{"zaak":"1.id"},"duurt":true}`
}

// TestSeriesIsAllOrNothing: a start in one call, refused halfway, done, and repeated.
func TestSeriesIsAllOrNothing(t *testing.T) {
	a := apiWith(t, "naam")
	key := uuid.NewString()
	got := a.series(200, startSeries(key, "00f067aa0ba902b7", "een", "7"))
	if got.Failed == nil || *got.Failed != 1 || got.Answers[1].Status != 400 || got.Answers[0].Status != 0 || a.rows() != [3]int{} {
		t.Fatalf("%+v leaves %v", got, a.rows())
	}
	got = a.series(200, startSeries(key, "00f067aa0ba902b7", "een", `"een"`))
	if got.Failed != nil || got.Answers[0].Status != 201 || got.Answers[1].Status != 201 || got.Answers[2].Status != 0 || got.Answers[3].Status != 204 || a.rows() != [3]int{1, 1, 2} {
		t.Fatalf("%+v leaves %v", got, a.rows())
	}
	var record, zaak struct{ ID, Onderwerp string }
	if json.Unmarshal(got.Answers[0].Body, &record) != nil || json.Unmarshal(got.Answers[1].Body, &zaak) != nil || zaak.Onderwerp != record.ID || got.Answers[1].Header["Etag"] != `"1"` {
		t.Errorf("%+v", got)
	}
	lines, _, err := a.logboek.List(t.Context(), zaak.ID, 10, 0)
	if err != nil || len(lines) != 1 || lines[0].End.Sub(lines[0].Begin).Seconds() <= 1 {
		t.Errorf("the line does not end with the work: %+v, %v", lines, err)
	}
	got = a.series(200, startSeries(key, "00f067aa0ba902b7", "een", `"een"`))
	if got.Answers[0].Status != 200 || got.Answers[1].Status != 200 || got.Answers[2].Status != 200 || a.rows() != [3]int{1, 1, 3} { // it was shown once more
		t.Errorf("again: %+v leaves %v", got, a.rows())
	}
	got = a.series(200, startSeries(key, "00f067aa0ba902b8", "twee", `"een"`))
	if got.Failed == nil || *got.Failed != 0 || got.Answers[0].Status != 409 || !strings.HasSuffix(got.Answers[0].Header["Location"], record.ID) || a.rows() != [3]int{1, 1, 3} {
		t.Errorf("the key with something else: %+v leaves %v", got, a.rows())
	}
	move := func(version, change string) seriesAnswer {
		return a.series(200, `{"methode":"POST","pad":"/v1/zaken/`+zaak.ID+`/statussen","headers":{"If-Match":"\"`+version+`\"","Idempotency-Key":"`+key+`"},"inhoud":{"statustype":"twee"}},`+
			`{"methode":"PATCH","pad":"/v1/dingen/`+record.ID+`","headers":{"If-Match":"\"1\"","Content-Type":"application/merge-patch+json"},"inhoud":`+change+`,"als":{"0#":"201"}}`)
	}
	if got = move("1", `{"aantal":99}`); got.Failed == nil || *got.Failed != 1 || got.Answers[1].Status != 400 {
		t.Errorf("a change that does not fit: %+v", got)
	}
	if z, err := a.zaken.Read(t.Context(), zaak.ID); err != nil || z.Version != 1 {
		t.Errorf("the zaak moved all the same: %+v, %v", z, err)
	}
	if got = move("1", `{"aantal":9}`); got.Failed != nil || got.Answers[0].Status != 201 || got.Answers[1].Status != 200 {
		t.Errorf("a step: %+v", got)
	}
	if got = move("1", `{"aantal":9}`); got.Failed != nil || got.Answers[0].Status != 200 || got.Answers[1].Status != 0 {
		t.Errorf("the step again: %+v", got)
	}
}

// TestSeriesThatReads: what may not be seen is not read, and of what is refused
// nothing comes out nor into the log.
func TestSeriesThatReads(t *testing.T) {
	a := apiWith(t, "naam")
	ding, _ := a.call(201, "POST", "/dingen", `{"naam":"een"}`)
	zaak, _ := a.call(201, "POST", "/zaken", `{"omschrijving":"x","zaaktype":"x","huidigeStap":"een","initiator":"p-1","onderwerp":"`+ding["id"].(string)+`"}`)
	before := a.rows()[2]
	at := "/v1/zaken/" + zaak["id"].(string)
	look := func(who string, more ...string) seriesAnswer {
		return a.series(200, `{"methode":"POST","pad":"/v1/verwerkingen","inhoud":[`+fmt.Sprintf(seriesLine, uuid.NewString()[24:28]+"67aa0ba902b7")+`]},`+
			`{"methode":"GET","pad":"`+at+`"},{"methode":"GET","pad":"/v1/dingen/{1.onderwerp}","als":{"1.initiator":"`+who+`","1.onderwerp":"*"}},`+
			`{"methode":"GET","pad":"`+at+`/statussen"},{"methode":"GET","pad":"/intern`+strings.TrimPrefix(at, "/v1")+`/correcties"},`+
			`{"methode":"GET","pad":"/intern`+strings.TrimPrefix(at, "/v1")+`/sleutels/`+uuid.NewString()+`","magZijn":[404]}`+strings.Join(more, ""))
	}
	got := look("p-1")
	if got.Failed != nil || got.Answers[2].Status != 200 || !strings.Contains(string(got.Answers[2].Body), `"naam":"een"`) || string(got.Answers[4].Body) != "[]" || got.Answers[5].Status != 404 || a.rows()[2] != before+2 {
		t.Errorf("%+v, %d lines", got, a.rows()[2]-before)
	}
	if got = look("p-2"); got.Failed != nil || got.Answers[2].Status != 0 || got.Answers[3].Status != 200 || a.rows()[2] != before+3 {
		t.Errorf("of another: %+v, %d lines", got, a.rows()[2]-before)
	}
	if got = look("p-1", `,{"methode":"GET","pad":"/v1/zaken/`+uuid.NewString()+`"}`); got.Failed == nil || *got.Failed != 6 || got.Answers[2].Status != 0 || a.rows()[2] != before+3 {
		t.Errorf("with one that is not there: %+v, %d lines", got, a.rows()[2]-before)
	}
}

// TestSeriesRefuses what does not belong in one, before any of it is done.
func TestSeriesRefuses(t *testing.T) {
	a := newAPI(t)
	id := uuid.NewString()
	good := `{"methode":"POST","pad":"/v1/dingen","inhoud":{"naam":"een"}}`
	for _, bad := range []string{
		`{"methode":"POST","pad":"/intern/reeks","inhoud":{"verzoeken":[` + good + `]}}`,
		`{"methode":"POST","pad":"/v1/../intern/reeks"}`, `{"methode":"DELETE","pad":"/v1/zaken/` + id + `"}`, `{"methode":"DELETE","pad":"/v1/dingen/` + id + `"}`,
		`{"methode":"GET","pad":"/v1/verwerkingen"}`, `{"methode":"GET","pad":"/v1/dingen"}`, `{"methode":"GET","pad":"/v1/dingen/a/b"}`, `{"methode":"GET","pad":"/v1/dingen/%2e%2e"}`,
		`{"methode":"GET","pad":"/v1/zaken/` + id + `?x=1"}`, `{"methode":"POST","pad":"/v1/bestanden"}`, `{"methode":"GET","pad":"/v1/bestanden/` + id + `"}`, `{"methode":"GET","pad":"http://elders/v1/zaken/x"}`,
		`{"methode":"POST","pad":"/intern/inzage"}`, `{"methode":"PUT","pad":"/intern/tijdelijk/a/b"}`, `{"methode":"","pad":""}`, `{"methode":"PUT","pad":"/v1/dingen/` + id + `"}`,
		`{"methode":"GET","pad":"/v1/zaken/{0.naam}"}`, `{"methode":"GET","pad":"/v1/zaken/{7.id}"}`, `{"methode":"GET","pad":"/v1/zaken/{x}"}`,
		`{"methode":"POST","pad":"/v1/zaken","inhoud":{"omschrijving":"x"},"vul":{"onderwerp":"0.niets"}}`,
		`{"methode":"POST","pad":"/v1/zaken","inhoud":"tekst","duurt":true}`, strings.TrimSuffix(strings.Repeat(good+",", 20), ","),
	} {
		a.series(400, good+","+bad)
		if n := a.rows(); n != [3]int{} {
			t.Fatalf("%s leaves %v", bad, n)
		}
	}
	a.series(400, "")
	a.series(400, `{"methode":`)
	a.series(413, good+`,{"methode":"POST","pad":"/v1/dingen","inhoud":{"naam":"`+strings.Repeat("x", maxSeries)+`"}}`)
	a.series(403, good, "Fsc-Authorization: x")
	if n := a.rows(); n != [3]int{} {
		t.Errorf("what was refused leaves %v", n)
	}
	for _, twice := range []string{`{"naam":"een","naam":"twee"}`, `{"naam":7}`, `{"naam":"een","meer":1}`} { // judged as when it comes alone
		if got := a.series(200, `{"methode":"POST","pad":"/v1/dingen","inhoud":`+twice+`}`); got.Failed == nil || got.Answers[0].Status != 400 {
			t.Errorf("%s: %+v", twice, got)
		}
	}
}

// TestListInASeries: the list of zaken with its question, and no question anywhere else.
func TestListInASeries(t *testing.T) {
	a := newAPI(t)
	a.series(200, startSeries(uuid.NewString(), "00f067aa0ba902b7", "een", `"een"`))
	line := `{"methode":"POST","pad":"/v1/verwerkingen","inhoud":[` + fmt.Sprintf(seriesLine, "00f067aa0ba902b8") + `]},`
	before := a.rows()
	got := a.series(200, line+`{"methode":"GET","pad":"/v1/zaken","vraag":"zaaktype=x&pageSize=1&sort=-identificatie"}`)
	var list struct {
		Count   int
		Results []struct{ Zaaktype string }
	}
	if got.Failed != nil || json.Unmarshal(got.Answers[1].Body, &list) != nil || list.Count != 1 || len(list.Results) != 1 || !strings.Contains(got.Answers[1].Header["Link"], `rel="last"`) {
		t.Errorf("%+v", got)
	}
	if after := a.rows(); after[2] != before[2]+1 {
		t.Errorf("%v became %v: a list in a series is written down once", before, after)
	}
	for _, query := range []string{"zaaktype=x&cursor=x", "sort=onbekend", "x=1"} {
		if got := a.series(200, line+`{"methode":"GET","pad":"/v1/zaken","vraag":"`+query+`"}`); got.Failed == nil || got.Answers[1].Status != 400 {
			t.Errorf("%s: %+v", query, got)
		}
	}
	if after := a.rows(); after[2] != before[2]+1 {
		t.Errorf("%v became %v: what is refused is not read", before, after)
	}
	for _, path := range []string{"/v1/zaken/" + uuid.NewString(), "/v1/verwerkingen", "/v1/dingen"} {
		a.series(400, `{"methode":"GET","pad":"`+path+`","vraag":"pageSize=1"}`)
	}
	a.series(400, `{"methode":"GET","pad":"/v1/zaken?pageSize=1"}`)
}
