package register

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// found searches for a person.
func (a *api) found(kind, number string) (r inzage.Report) {
	a.Helper()
	body := a.internal(200, "POST", "/inzage", fmt.Sprintf(`{"soort":%q,"nummer":%q,"doel":"inzage"}`, kind, number))
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		a.Fatal(err)
	}
	if strings.Contains(body, "null") {
		a.Errorf("null in %s", body)
	}
	return r
}

func TestInzageFindsOnePersonInAllTables(t *testing.T) {
	a := personalAPI(t)
	me, other := testKey.PersonID(logboek.BSN, firstBSN), testKey.PersonID(logboek.BSN, secondBSN)
	begin := func(initiator, by, subject string) string {
		z, _ := a.call(201, "POST", "/zaken", fmt.Sprintf(`{"omschrijving":"Een zaak","zaaktype":"dingen","huidigeStap":"begin","initiator":%q,"gezetDoor":%q%s}`, initiator, by, subject))
		return z["id"].(string)
	}
	about := func(body string) (string, string) {
		row, _ := a.call(201, "POST", "/dingen", body)
		return row["id"].(string), fmt.Sprintf(`,"onderwerp":%q`, row["id"])
	}
	mine, ofMine := about(`{"naam":"zonder nummer","kleur":"rood"}`)
	numbered, ofNumbered := about(`{"naam":"` + firstBSN + `","uitleg":"` + secondBSN + `"}`)
	theirs, ofTheirs := about(`{"naam":"` + secondBSN + `"}`)
	own, registered, acted := begin(me, me, ofMine), begin(other, "p-balie-medewerker", ofNumbered), begin(other, other, ofTheirs)
	delegated := begin(other, me, fmt.Sprintf(`,"gemachtigde":%q`, me))
	a.call(201, "POST", "/zaken/"+own+"/statussen", `{"statustype":"verder","gezetDoor":"p-balie-medewerker","statustoelichting":"vrije tekst"}`, `If-Match: "1"`)
	a.call(201, "POST", "/zaken/"+acted+"/statussen", fmt.Sprintf(`{"statustype":"verder","gezetDoor":%q,"statustoelichting":"van mij"}`, me), `If-Match: "1"`)
	a.internal(201, "POST", "/zaken/"+own+"/markeringen", `{"soort":"beperking","reden":"gevraagd","gezetDoor":"p-1"}`)
	a.internal(204, "PUT", "/tijdelijk/concept/een", fmt.Sprintf(`{"eigenaar":%q,"inhoud":"eA==","verlooptOp":%q}`, me, time.Now().Add(time.Hour).Format(time.RFC3339)))

	r := a.found(logboek.BSN, firstBSN)
	var records []string
	for _, rec := range r.Records {
		records = append(records, rec.ID)
	}
	if len(records) != 2 || records[0] != numbered || records[1] != mine || fmt.Sprint(r.Records[1].Fields) != "[{naam zonder nummer} {kleur rood}]" {
		t.Errorf("records %+v", r.Records)
	}
	relations := map[string]string{}
	for _, z := range r.Zaken {
		relations[z.ID] = z.Relation
		switch z.ID {
		case own:
			if len(z.Statuses) != 2 || z.Statuses[1].Explanation != "vrije tekst" || len(z.Marks) != 1 || z.Record != mine {
				t.Errorf("the own zaak is %+v", z)
			}
		case acted: // of somebody else: nothing but the own step
			if len(z.Statuses) != 1 || z.Statuses[0].Explanation != "van mij" || z.Record != "" {
				t.Errorf("the zaak of somebody else is %+v", z)
			}
		}
	}
	if want := map[string]string{own: inzage.Applicant, registered: inzage.About, acted: inzage.Actor, delegated: inzage.Delegate}; fmt.Sprint(relations) != fmt.Sprint(want) {
		t.Errorf("zaken %v, want %v", relations, want)
	}
	if len(r.Kept) != 1 || r.Kept[0].Kind != "concept" {
		t.Errorf("kept %+v", r.Kept)
	}
	raw, _ := json.Marshal(r)
	if strings.Contains(string(raw), theirs) {
		t.Error("the record of somebody else is in it")
	}
	acting := logboek.Verwerking{TraceID: logboek.NewTrace().TraceID, SpanID: logboek.NewTrace().SpanID, Name: "Namens een ander", Kind: logboek.Action, Status: logboek.Ok, Begin: time.Now(), End: time.Now(),
		ActivityURI: "urn:x:dingen", DataSubject: other, DataSubjectKind: logboek.User, Representative: me}
	if err := a.logboek.Write(t.Context(), acting); err != nil {
		t.Fatal(err)
	}
	if r = a.found(logboek.BSN, firstBSN); !slices.ContainsFunc(r.Actions, func(act inzage.Action) bool { return act.Name == acting.Name && act.Delegate }) {
		t.Errorf("what was done for another is not found: %+v", r.Actions)
	}
	// The search itself is in the log, and so in what is found next.
	lines := a.written()
	last := lines[len(lines)-1]
	if last.DataSubject != testKey.Pseudonym(logboek.BSN, firstBSN) || last.ActivityURI != inzage.Activity.URI || !strings.Contains(last.Name, "Verzoek om inzage") {
		t.Errorf("the search is logged as %+v", last)
	}
	if again := a.found(logboek.BSN, firstBSN); again.Actions[0].Name != last.Name || again.Lines != r.Lines+1 {
		t.Errorf("the search is not found: %+v", again.Actions[0])
	}
}

func TestInzageKnowsNobodyThatIsNotThere(t *testing.T) {
	a := personalAPI(t)
	if r := a.found(logboek.BSN, firstBSN); len(r.Records)+len(r.Zaken)+len(r.Kept) != 0 {
		t.Errorf("found %+v", r)
	}
	for _, bad := range []string{`{}`, `[`, `{"soort":"BSN","nummer":"123456789","doel":"inzage"}`, `{"soort":"KVK","nummer":"1","doel":"inzage"}`, `{"soort":"BSN","nummer":"999993653","doel":"nieuwsgierig"}`,
		`{"soort":"BSN","nummer":"999993653","doel":"inzage","regels":100000}`} {
		if body := a.internal(400, "POST", "/inzage", bad); strings.Contains(body, "123456789") {
			t.Errorf("a refusal repeats the number: %s", body)
		}
	}
	a.internal(403, "POST", "/inzage", `{"soort":"BSN","nummer":"999993653","doel":"inzage"}`, "Fsc-Authorization: onzin")
	if lines := a.written(); len(lines) != 1 {
		t.Errorf("%d lines: what was refused is logged as done", len(lines))
	}
}

func TestWhoLookedIsFoundAboveTheLine(t *testing.T) {
	a := personalAPI(t)
	row, _ := a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`"}`)
	trace := logboek.NewTrace()
	action := logboek.Verwerking{TraceID: trace.TraceID, SpanID: trace.SpanID, Name: "Zaak bekijken", Kind: logboek.Action, Status: logboek.Ok, Begin: time.Now(), End: time.Now(),
		Activity: "Dingen", ActivityURI: "urn:x:dingen", Role: "balie", User: "p-medewerker", UserName: "Kim van Oefendijk"}
	raw, _ := json.Marshal([]logboek.Verwerking{action})
	a.call(204, "POST", "/verwerkingen", string(raw))
	a.call(200, "GET", "/dingen/"+row["id"].(string), "", "Traceparent: "+trace.String())
	r := a.found(logboek.BSN, firstBSN)
	for _, act := range r.Actions {
		if act.Name == "Zaak bekijken" {
			if act.UserName != "Kim van Oefendijk" || act.User != "p-medewerker" || act.Role != "balie" || len(act.Details) != 1 || act.Details[0].Name != "Ding lezen" || act.What() != "naam, plaats, uitleg" {
				t.Errorf("the action is %+v", act)
			}
			return
		}
	}
	t.Errorf("nobody looked: %+v", r.Actions)
}

func TestACorrectionOfAClosedZaak(t *testing.T) {
	a := personalAPI(t)
	row, _ := a.call(201, "POST", "/dingen", `{"naam":"`+firstBSN+`","kleur":"rood"}`)
	z, _ := a.call(201, "POST", "/zaken", fmt.Sprintf(`{"omschrijving":"Een zaak","zaaktype":"dingen","huidigeStap":"begin","onderwerp":%q}`, row["id"]))
	at := "/zaken/" + z["id"].(string)
	a.call(201, "POST", at+"/statussen", `{"statustype":"klaar","resultaat":"verleend"}`, `If-Match: "1"`)
	at += "/correcties"
	a.written()
	send := func(want int, collection, data, reason, version string) string {
		return a.internal(want, "POST", at, fmt.Sprintf(`{"verzameling":%q,"gegevens":%s,"reden":%q,"gezetDoor":"p-medewerker","rol":"balie"}`, collection, data, reason), `If-Match: "`+version+`"`)
	}
	send(400, "dingen", `{"kleur":"groen"}`, "  ", "1")
	send(400, "dingen", `{"kleur":"paars"}`, "verkeerd", "1") // what the specification refuses
	send(400, "dingen", `{"kleur":"rood"}`, "verkeerd", "1")  // nothing changes
	send(412, "dingen", `{"kleur":"groen"}`, "verkeerd", "9")
	send(409, "anders", `{"kleur":"groen"}`, "verkeerd", "1")
	a.internal(403, "POST", at, `{}`, "Fsc-Authorization: onzin")
	if got := a.internal(200, "GET", at, ""); strings.TrimSpace(got) != "[]" {
		t.Errorf("corrections that did not happen: %s", got)
	}
	send(200, "dingen", `{"kleur":"groen"}`, "verkeerd overgenomen", "1")
	var all []inzage.Correction
	if err := json.Unmarshal([]byte(a.internal(200, "GET", at, "")), &all); err != nil || len(all) != 1 || fmt.Sprint(all[0].Fields) != "[kleur]" || all[0].Reason != "verkeerd overgenomen" || all[0].By != "p-medewerker" || all[0].Role != "balie" {
		t.Errorf("%+v %v", all, err)
	}
	if read, _ := a.call(200, "GET", "/dingen/"+row["id"].(string), ""); read["kleur"] != "groen" {
		t.Errorf("the row is %v", read)
	}
	lines := a.written()
	if lines[0].Name != "Ding verbeteren" || lines[0].ActivityURI != inzage.Activity.URI || lines[0].DataSubject != testKey.Pseudonym(logboek.BSN, firstBSN) {
		t.Errorf("logged as %+v", lines[0])
	}
	if r := a.found(logboek.BSN, firstBSN); len(r.Zaken) != 1 || len(r.Zaken[0].Corrections) != 1 {
		t.Errorf("not found with the person: %+v", r.Zaken)
	}
}
