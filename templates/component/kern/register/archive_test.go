package register

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// change runs SQL beside the API: time cannot be moved there.
func (a *api) change(text string, args ...any) {
	a.Helper()
	db, err := sql.Open("sqlite", a.file)
	if err != nil {
		a.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(a.Context(), text, args...); err != nil {
		a.Fatal(err)
	}
}

// finished makes a closed zaak about a thing.
func (a *api) finished(result string) (zaak, record string) {
	a.Helper()
	row, _ := a.call(201, "POST", "/dingen", `{"naam":"999993653","uitleg":"999990408"}`)
	record = row["id"].(string)
	z, _ := a.call(201, "POST", "/zaken", `{"omschrijving":"Een zaak","zaaktype":"dingen","huidigeStap":"begin","onderwerp":"`+record+`","initiator":"p-iemand"}`)
	zaak = z["id"].(string)
	a.call(201, "POST", "/zaken/"+zaak+"/statussen", `{"statustype":"eind","resultaat":"`+result+`"}`, `If-Match: "1"`)
	return zaak, record
}

func TestDeletingAZaak(t *testing.T) {
	a := apiWith(t, "naam", "uitleg")
	zaak, record := a.finished("klaar")
	at := "/zaken/" + zaak
	a.call(428, "DELETE", at, "")
	a.call(412, "DELETE", at, "", `If-Match: "1"`)
	a.call(409, "DELETE", at, "", `If-Match: "1", "2"`)
	a.call(409, "DELETE", at, "", `If-Match: *`)
	a.call(403, "DELETE", at, "", `If-Match: "2"`, "Fsc-Authorization: onzin")
	a.call(404, "DELETE", "/zaken/"+uuid.NewString(), "", `If-Match: "1"`)
	if p, _ := a.call(409, "DELETE", at, "", `If-Match: "2"`); !strings.Contains(fmt.Sprint(p["detail"]), "termijn loopt nog, tot") {
		t.Error(p)
	}
	open, _ := a.call(201, "POST", "/zaken", `{"omschrijving":"Een zaak","zaaktype":"dingen","huidigeStap":"begin"}`)
	if p, _ := a.call(409, "DELETE", "/zaken/"+open["id"].(string), "", `If-Match: "1"`); !strings.Contains(fmt.Sprint(p["detail"]), "loopt nog") {
		t.Error(p)
	}
	kept, keptRecord := a.finished("bewaard")
	a.change("UPDATE zaken SET einddatum = '2020-01-31' WHERE id IN (?, ?)", zaak, kept)
	if p, _ := a.call(409, "DELETE", "/zaken/"+kept, "", `If-Match: "2"`); !strings.Contains(fmt.Sprint(p["detail"]), "blijvend bewaard") {
		t.Error(p)
	}
	if p, _ := a.call(409, "DELETE", "/dingen/"+keptRecord, "", `If-Match: "1"`); !strings.Contains(fmt.Sprint(p["detail"]), "blijvend bewaard") {
		t.Error(p)
	}
	a.internal(201, "POST", at+"/markeringen", `{"soort":"bewaren","reden":"een beroep","gezetDoor":"p-1"}`)
	if p, _ := a.call(409, "DELETE", at, "", `If-Match: "2"`); !strings.Contains(fmt.Sprint(p["detail"]), "vastgehouden") {
		t.Error(p)
	}
	a.internal(204, "POST", at+"/markeringen/bewaren/opheffen", `{"opgehevenDoor":"p-1"}`)
	before, _, err := a.logboek.List(t.Context(), zaak, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	a.call(204, "DELETE", at, "", `If-Match: "2"`)
	a.call(404, "GET", at, "")
	a.call(404, "GET", "/dingen/"+record, "")
	after, _, err := a.logboek.List(t.Context(), zaak, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	var persons []string
	for _, l := range after {
		if strings.Contains(l.Name, "vernietigen") {
			persons = append(persons, l.DataSubjectKind)
		}
	}
	slices.Sort(persons)
	if len(after)-len(before) != len(persons) || !slices.Equal(persons, []string{"", logboek.BSN, logboek.BSN, logboek.User}) {
		t.Errorf("the log says that these were destroyed: %q", persons)
	}
}

func TestApprovingAList(t *testing.T) {
	a := apiWith(t, "naam", "uitleg")
	first, _ := a.finished("klaar")
	second, _ := a.finished("klaar")
	young, _ := a.finished("klaar")
	loose, _ := a.call(201, "POST", "/dingen", `{"naam":"999993653","uitleg":"x"}`)
	child, _ := a.call(201, "POST", "/dingen", `{"naam":"999993653","uitleg":"x","ouder":"`+loose["id"].(string)+`"}`)
	a.change("UPDATE zaken SET einddatum = '2020-01-31' WHERE id IN (?, ?)", first, second)
	a.change("UPDATE dingen SET gewijzigd_op = 1 WHERE id IN (?, ?)", loose["id"], child["id"])
	var p page
	if err := json.Unmarshal([]byte(a.internal(200, "GET", "/archief", "")), &p); err != nil || p.Count != 4 || p.Running != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	for _, bad := range []string{`{}`, `{"door":"A","goedkeuring":"x"}`, `{"teVernietigen":[{"soort":"zaak","id":"x"}],"goedkeuring":"x"}`, `{"teVernietigen":[{"soort":"zaak","id":"x"}],"door":"A"}`, `7`} {
		a.internal(400, "POST", "/archief/vernietigingen", bad)
	}
	a.internal(403, "GET", "/archief", "", "Fsc-Authorization: onzin")
	named, _ := json.Marshal([]Named{{"zaak", first}, {"zaak", first}, {"zaak", young}, {"dingen", loose["id"].(string)}, {"dingen", child["id"].(string)}, {"dingen; DROP TABLE zaken", second}, {"zaak", uuid.NewString()}})
	var o Outcome
	answer := a.internal(200, "POST", "/archief/vernietigingen", `{"teVernietigen":`+string(named)+`,"door":"A. Archivaris","goedkeuring":"de lijst"}`)
	if err := json.Unmarshal([]byte(answer), &o); err != nil || o.Declaration == nil || o.Declaration.Count != 3 || len(o.Skipped) != 3 || o.Warning != "" {
		t.Fatalf("%s %v", answer, err)
	}
	for _, s := range o.Skipped {
		if s.ID == young && !strings.Contains(s.Why, "loopt nog") || s.Why == "" {
			t.Errorf("%+v", s)
		}
	}
	if strings.Contains(answer, "999993653") || strings.Contains(answer, "p-iemand") {
		t.Errorf("the declaration is about a person: %s", answer)
	}
	a.call(404, "GET", "/zaken/"+first, "")
	a.call(200, "GET", "/zaken/"+second, "")
	a.call(200, "GET", "/zaken/"+young, "")
	if all := a.internal(200, "GET", "/archief/vernietigingen", ""); !strings.Contains(all, o.Declaration.ID) || !strings.Contains(all, `"aantal":3`) {
		t.Error(all)
	}
	if one := a.internal(200, "GET", "/archief/vernietigingen/"+o.Declaration.ID, ""); !strings.Contains(one, "P1Y") || !strings.Contains(one, "het sluiten van de zaak") {
		t.Error(one)
	}
	a.internal(404, "GET", "/archief/vernietigingen/"+uuid.NewString(), "")
	if lines, _, err := a.logboek.List(t.Context(), first, 100, 0); err != nil || len(lines) == 0 || lines[0].DataSubjectKind == logboek.BSN && lines[0].DataSubject == "999993653" {
		t.Errorf("%+v %v", lines, err)
	}
	if opslag.KindZaak != "zaak" {
		t.Error("the kind of a zaak is in lists that people keep")
	}
}
