package register

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

// internal makes an internal request, which no specification describes.
func (a *api) internal(want int, method, target, body string, headers ...string) string {
	a.Helper()
	r := httptest.NewRequest(method, "/intern"+target, strings.NewReader(body))
	for _, header := range headers {
		name, v, _ := strings.Cut(header, ": ")
		r.Header.Set(name, v)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != want {
		a.Fatalf("%s %s: %d, want %d: %s", method, target, w.Code, want, w.Body)
	}
	return w.Body.String()
}

func TestMarksOfAZaak(t *testing.T) {
	a := newAPI(t)
	z, _ := a.call(201, "POST", "/zaken", `{"omschrijving":"Een zaak","zaaktype":"dingen","huidigeStap":"begin"}`)
	at := "/zaken/" + z["id"].(string)
	marks := at + "/markeringen"
	a.internal(404, "GET", "/zaken/0198f7a0-0000-7000-8000-000000000001/markeringen", "")
	if got := a.internal(200, "GET", marks, ""); got != "[]" && got != "[]\n" {
		t.Errorf("no marks are %q", got)
	}
	for _, bad := range []string{`{}`, `{"soort":"anders","reden":"x","gezetDoor":"p-1"}`, `{"soort":"bezwaar","reden":"  ","gezetDoor":"p-1"}`,
		`{"soort":"bezwaar","reden":"x"}`, fmt.Sprintf(`{"soort":"bezwaar","reden":%q,"gezetDoor":"p-1"}`, strings.Repeat("é", 1001)), `[`} {
		a.internal(400, "POST", marks, bad)
	}
	a.internal(403, "POST", marks, `{"soort":"bezwaar","reden":"x","gezetDoor":"p-1"}`, "Fsc-Authorization: onzin")
	a.internal(201, "POST", marks, `{"soort":"bezwaar","reden":"gevraagd","gezetDoor":"p-1"}`)
	a.internal(409, "POST", marks, `{"soort":"bezwaar","reden":"gevraagd","gezetDoor":"p-1"}`)
	if read, _ := a.call(200, "GET", at, ""); fmt.Sprint(read["markeringen"]) != "[bezwaar]" {
		t.Errorf("the zaak is %v", read)
	}
	p, _ := a.call(409, "POST", at+"/statussen", `{"statustype":"verder"}`, `If-Match: "1"`)
	if !strings.Contains(fmt.Sprint(p["detail"]), "staat stil") {
		t.Error(p)
	}
	a.internal(400, "POST", marks+"/bezwaar/opheffen", `{}`)
	a.internal(204, "POST", marks+"/bezwaar/opheffen", `{"opgehevenDoor":"p-2"}`)
	a.internal(404, "POST", marks+"/bezwaar/opheffen", `{"opgehevenDoor":"p-2"}`)
	a.call(201, "POST", at+"/statussen", `{"statustype":"verder"}`, `If-Match: "1"`)
}
