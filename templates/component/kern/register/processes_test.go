package register

import (
	"fmt"
	"strings"
	"testing"
)

// TestProcessesOfZaken: layer 4 hands its process over, begins zaken under it, and
// says where those go on whose step is gone.
func TestProcessesOfZaken(t *testing.T) {
	a := newAPI(t)
	const at = "/processen/iets%20regelen" // a name may be anything
	body := func(step string) string {
		return fmt.Sprintf(`{"omschrijving":"Een zaak","zaaktype":"iets regelen","huidigeStap":%q,"initiator":"p-1"}`, step)
	}
	before, _ := a.call(201, "POST", "/zaken", body("oud"))
	if _, known := before["procesversie"]; known {
		t.Errorf("without a process a zaak is %v", before)
	}
	if got := a.internal(200, "GET", at, ""); !strings.Contains(got, `"definities":[]`) || !strings.Contains(got, `"open":[{"stap":"oud","begonnen":0,"blijft":0,"aantal":1}]`) {
		t.Error(got)
	}
	for _, bad := range []string{`{}`, `{"kenmerk":"a"}`, `[`} {
		a.internal(400, "POST", at, bad)
	}
	const own = `{"kenmerk":"a","bpmn":"<a/>","stappen":["oud"]}`
	a.internal(403, "POST", at, own, "Fsc-Authorization: onzin")
	a.internal(403, "GET", at, "", "Fsc-Authorization: onzin")
	for range 2 {
		if got := a.internal(200, "POST", at, own); strings.TrimSpace(got) != `{"versie":1}` {
			t.Error(got)
		}
	}
	a.internal(200, "POST", at, `{"kenmerk":"b","bpmn":"<b/>"}`)
	if got := a.internal(200, "GET", at+"/1", ""); !strings.Contains(got, `"bpmn":"\u003ca/\u003e"`) && !strings.Contains(got, `"bpmn":"<a/>"`) {
		t.Error(got)
	}
	for _, none := range []string{"3", "0", "x"} {
		a.internal(404, "GET", at+"/"+none, "")
	}
	under, _ := a.call(201, "POST", "/zaken", body("oud"), "Procesversie: 1")
	newest, _ := a.call(201, "POST", "/zaken", body("nieuw"))
	if under["procesversie"] != 1.0 || newest["procesversie"] != 2.0 {
		t.Errorf("%v %v", under, newest)
	}
	a.call(409, "POST", "/zaken", body("oud"), "Procesversie: 7")
	for _, bad := range []string{"0", "-1", "x", "1.5"} {
		a.call(400, "POST", "/zaken", body("oud"), "Procesversie: "+bad)
	}
	carry := at + "/overgang"
	for _, bad := range []string{`{}`, `{"van":"oud"}`, `{"van":"oud","naar":"nieuw"}`, `{"van":"oud","naar":"oud","toelichting":"x"}`, `{"van":"oud","blijft":-1}`,
		`{"van":"oud","naar":"nieuw","toelichting":"` + strings.Repeat("é", maxText+1) + `"}`} {
		a.internal(400, "POST", carry, bad)
	}
	const move = `{"van":"oud","naar":"nieuw","toelichting":"De stap is er niet meer.","hoogstens":1}`
	a.internal(403, "POST", carry, move, "Fsc-Authorization: onzin")
	for _, want := range []string{`{"aantal":1}`, `{"aantal":1}`, `{"aantal":0}`} {
		if got := a.internal(200, "POST", carry, move); strings.TrimSpace(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	id := under["id"].(string)
	if z, _ := a.call(200, "GET", "/zaken/"+id, ""); z["huidigeStap"] != "nieuw" || z["procesversie"] != 1.0 {
		t.Errorf("%v", z)
	}
	if list, _ := a.call(200, "GET", "/zaken/"+id+"/statussen", ""); !strings.Contains(fmt.Sprint(list["results"]), "soort:overgang") {
		t.Errorf("%v", list)
	}
	lines, _, err := a.logboek.List(t.Context(), id, 10, 0)
	if err != nil || len(lines) != 1 || lines[0].Name != "Zaak overzetten naar een gewijzigd proces" || lines[0].DataSubject != "p-1" {
		t.Errorf("the log says %+v %v", lines, err)
	}
	if got := a.internal(200, "POST", carry, `{"van":"nieuw","blijft":2,"begonnen":2,"hoogstens":9}`); strings.TrimSpace(got) != `{"aantal":1}` {
		t.Error(got)
	}
	if z, _ := a.call(200, "GET", "/zaken/"+newest["id"].(string), ""); z["blijftOpVersie"] != 2.0 {
		t.Errorf("%v", z)
	}
}
