package register

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// as makes a request as a consumer.
func (a *api) as(of *toegang.Afnemer, method, target, body string, headers ...string) *httptest.ResponseRecorder {
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
	a.handler.ServeHTTP(w, r.WithContext(toegang.NewContext(r.Context(), of)))
	return w
}

// TestAnAfnemerIsNamedInTheLog of processing, as a system of its organisation.
func TestAnAfnemerIsNamedInTheLog(t *testing.T) {
	a := personalAPI(t)
	a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`)
	a.written()
	for _, c := range []struct {
		of   *toegang.Afnemer
		want string
	}{
		{&toegang.Afnemer{Name: "zaaksysteem"}, "urn:nld:oin:00000099000000001000:systeem:zaaksysteem"},
		{&toegang.Afnemer{Name: "zaaksysteem", OIN: "00000001001299757000"}, "urn:nld:oin:00000001001299757000:systeem:zaaksysteem"},
	} {
		if w := a.as(c.of, "GET", "/dingen", ""); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
		lines := a.expect("Ding opvragen als lijst (een)")
		if lines[0].Caller != c.want || lines[0].User != "" || lines[0].Role != "" {
			t.Errorf("%+v", lines[0])
		}
		out, err := logboek.OTLP(logboek.Application{Name: "dingen"}, lines)
		if err != nil || !bytes.Contains(out, []byte(`{"key":"dpl.core.foreign_operation.processor","value":{"stringValue":"`+c.want+`"}}`)) || bytes.Contains(out, []byte(firstBSN)) {
			t.Errorf("%s %v", out, err)
		}
	}
}

// TestAnAfnemerSpeaksForNobody: what it does with a zaak no user of ours did.
func TestAnAfnemerSpeaksForNobody(t *testing.T) {
	a := newAPI(t)
	of := &toegang.Afnemer{Name: "zaaksysteem"}
	w := a.as(of, "POST", "/zaken", `{"omschrijving":"Ding","zaaktype":"dingen","huidigeStap":"begin","gezetDoor":"p-kim"}`)
	if w.Code != 201 {
		t.Fatal(w.Code, w.Body)
	}
	at := strings.TrimPrefix(w.Header().Get("Location"), "/v1")
	if w := a.as(of, "POST", at+"/statussen", `{"statustype":"verder","gezetDoor":"p-kim"}`, `If-Match: "1"`); w.Code != 201 {
		t.Fatal(w.Code, w.Body)
	}
	a.call(201, "POST", at+"/statussen", `{"statustype":"nog verder","gezetDoor":"p-layer"}`, `If-Match: "2"`)
	if w := a.as(of, "GET", at+"/statussen", ""); strings.Contains(w.Body.String(), "p-kim") || !strings.Contains(w.Body.String(), "p-layer") {
		t.Error(w.Body)
	}
}

// TestOwnNamesWhatIsForOurselves: those operations and no others refuse a consumer
// themselves, whatever a file says.
func TestOwnNamesWhatIsForOurselves(t *testing.T) {
	a := newAPI(t)
	api, found := API{}, 0
	for _, route := range api.Routes(a.zaken, a.logboek, a.archive, testKey) {
		r := httptest.NewRequest(route.Method, "/", strings.NewReader("{}"))
		w := httptest.NewRecorder()
		route.Handler.ServeHTTP(w, r.WithContext(toegang.NewContext(r.Context(), &toegang.Afnemer{Name: "x"})))
		refused := w.Code == http.StatusForbidden
		if refused != Own(route.Method, route.Pattern) {
			t.Errorf("%s %s: %d, and it is our own: %t", route.Method, route.Pattern, w.Code, !refused)
		}
		if refused {
			found++
		}
	}
	if found != len(own) {
		t.Errorf("%d operations are our own, %d are named", found, len(own))
	}
}
