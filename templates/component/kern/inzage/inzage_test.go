package inzage

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

func TestASearchThatCannotBe(t *testing.T) {
	good := Search{Kind: logboek.BSN, Number: "999993653", Purpose: "inzage"}
	if wrong := good.Wrong(); len(wrong) != 0 {
		t.Errorf("a good search: %v", wrong)
	}
	if wrong := (Search{Kind: logboek.KVK, Number: "12345678", Purpose: "controle", Limit: MaxLines}).Wrong(); len(wrong) != 0 {
		t.Errorf("a good search of a company: %v", wrong)
	}
	for field, change := range map[string]func(*Search){
		"soort": func(s *Search) { s.Kind = "naam" }, "nummer": func(s *Search) { s.Number = "123456789" }, "doel": func(s *Search) { s.Purpose = "nieuwsgierig" },
		"regels": func(s *Search) { s.Limit = MaxLines + 1 },
	} {
		s := good
		change(&s)
		wrong := s.Wrong()
		if len(wrong) != 1 || wrong[field] == "" || strings.Contains(wrong[field], s.Number) {
			t.Errorf("%s: %v", field, wrong)
		}
	}
}

func TestAReportIsOneFileThatPeopleAndProgramsRead(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := &Report{Kind: logboek.BSN, Number: "999993653", Purpose: "Verzoek om inzage (AVG artikel 15)", Made: at, Lines: 1,
		Records: []Record{{Title: "Ding", Created: at, Changed: at, Fields: []Field{{"nieuwAdres", "</script><b>x"}, {"vanaf", "2026-12-31"}, {"bewijs", map[string]any{"naam": "foto.jpg", "mediatype": "image/jpeg"}}, {"plek", map[string]any{"straat": "Kade", "huisnummer": 3.0}}}}},
		Zaken: []Zaak{{ID: "z", Identificatie: "ZAAK-1", Title: "Proef", Relation: Applicant, Startdatum: "2026-01-02", Step: "Klaar", Resultaat: "verleend",
			Statuses: []Status{{Step: "Klaar", Time: at, Explanation: "vrij & blij", Own: true}}, Marks: []Mark{{Kind: "beperking", Reason: "gevraagd", Since: at, Lifted: &at}},
			Corrections: []Correction{{Time: at, Fields: []string{"nieuwAdres"}, Reason: "verkeerd", Role: "Balie"}}}},
		Kept: []Kept{{Kind: "concept", Expires: at}},
		Actions: []Action{{Time: at, Name: "Zaak bekijken", Role: "Balie", UserName: "Kim van Oefendijk", Zaak: "z", Activity: "Proeven", Purpose: "doel", Grondslag: "publieke taak",
			Details: []Detail{{Name: "Ding lezen", Fields: []string{"nieuwAdres", "vanaf"}}, {Name: "Persoon", Bron: "BRP", Fields: []string{"naam.volledigeNaam", "weg"}, Titles: []string{"Naam", ""}}}}}}
	var b strings.Builder
	if err := r.HTML(&b, Look{Organisation: "Gemeente <test>", Service: "Proef", Label: func(name string) (string, string) {
		return map[string]string{"vanaf": "Vanaf welke datum?"}[name], ""
	}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Gemeente &lt;test&gt;", "burgerservicenummer 999993653", "Vanaf welke datum?</th><td>31 december 2026", "Nieuw adres</th><td>&lt;/script&gt;&lt;b&gt;x",
		"<td>bestand foto.jpg", "<td>huisnummer: 3, straat: Kade", "vrij &amp; blij", "door deze persoon", "opgeheven op", "nieuw adres. Reden: verkeerd", "Een formulier dat nog niet verstuurd is", "Kim van Oefendijk (Balie)", "zaak ZAAK-1",
		"Gegevens: nieuw adres, vanaf, Naam, weg", "Grondslag: publieke taak"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	if strings.Count(b.String(), "</script>") != 1 || strings.Contains(b.String(), "<b>x") || strings.Contains(b.String(), "src=") {
		t.Error("what somebody typed becomes a part of the page, or the page needs something else")
	}
	_, data, _ := strings.Cut(b.String(), `<script type="application/json" id="gegevens">`)
	data, _, _ = strings.Cut(data, "</script>")
	var back Report
	if err := json.Unmarshal([]byte(data), &back); err != nil || back.Number != r.Number || len(back.Actions) != 1 || back.Records[0].Fields[0].Value != "</script><b>x" {
		t.Errorf("the JSON inside is %v %s", err, data)
	}
}

func TestWhoDidIt(t *testing.T) {
	for want, a := range map[string]Action{
		"Kim (Balie)": {UserName: "Kim", Role: "Balie"}, "Kim": {UserName: "Kim"}, "Inwoner": {Role: "Inwoner"}, "Inwoner, gemachtigde": {Role: "Inwoner", Delegate: true},
		"Een andere organisatie: urn:nld:oin:1": {Caller: "urn:nld:oin:1"}, "Automatisch, door deze dienst": {},
	} {
		if got := a.By(); got != want {
			t.Errorf("%+v is %q, want %q", a, got, want)
		}
	}
}
