package proef

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// withRight are rooms in which every employee has a right, whatever the team
// chose.
func withRight(rooms start.Rooms, right string) start.Rooms {
	course := rooms.Process
	rooms.Process = func(o *outway.Outway) proces.Course {
		c := course(o)
		c.Roles = slices.Clone(c.Roles)
		for i := range c.Roles {
			if !c.Roles[i].Outside() {
				c.Roles[i].Rights = []string{right}
			}
		}
		return c
	}
	return rooms
}

// closed is a component with a zaak that has ended, and a role of employees that
// has a right.
func closed(t *testing.T, rooms start.Rooms, right string) (o *Setup, component *Trial, w *Walk, role string) {
	t.Helper()
	o = New(t, withRight(rooms, right))
	i := slices.IndexFunc(o.Course.Roles, func(r identity.Role) bool { return !r.Outside() })
	if i < 0 {
		t.Skip("geen rol is van medewerkers")
	}
	component = Start(t, o)
	w = component.Begin(o.paths[0])
	for !w.Done() {
		w.Advance()
	}
	return o, component, w, o.Course.Roles[i].Name
}

// rights handles the requests of a person about a zaak that has ended: an employee
// searches the person, puts the data right, restricts its use, and sees who
// looked. That the number comes into no address and no log is looked at all along.
func rights(t *testing.T, rooms start.Rooms) {
	t.Helper()
	o, component, w, role := closed(t, rooms, identity.RightInzage)
	v := component.Visitor(o.Course.Roles, role)
	if page := v.Open("/zaken/" + w.Zaak); page.Status != http.StatusOK || !strings.Contains(v.Open("/").Text, `href="/inzage"`) {
		t.Fatalf("de pagina van de zaak: status %d, of er is geen weg naar de inzage", page.Status)
	}
	data := w.data(o)
	w.restrict(v)
	corrected := w.putRight(v, o, data)
	if number := w.number(o, data); number != "" {
		w.search(v, number, corrected)
	}
}

// data is the record of the zaak, as layer 4 gives it to an employee.
func (w *Walk) data(o *Setup) map[string]any {
	w.t.Helper()
	var z struct {
		Data map[string]any `json:"gegevens"`
	}
	i := slices.IndexFunc(o.Course.Roles, func(r identity.Role) bool { return !r.Outside() })
	w.trial.API(start.LayerProcess, "/zaken/"+w.Zaak, w.trial.Visitor(o.Course.Roles, o.Course.Roles[i].Name).Header(), &z)
	return z.Data
}

// number is a burgerservicenummer with which the zaak must be found: one that is
// stored, or that of who logged in and began it.
func (w *Walk) number(o *Setup, data map[string]any) string {
	w.t.Helper()
	for _, f := range o.Pages.Subject {
		if text, ok := data[f.Name].(string); f.Kind == "bsn" && ok {
			return text
		}
	}
	key, err := logboek.ReadKey(func(string) string { return "" }, false)
	if err != nil {
		w.t.Fatal(err)
	}
	if by := w.visitors[w.route[w.nextHuman(0)].Role]; by != nil && by.Person.BSN != "" && by.Person.ID == key.PersonID(logboek.BSN, by.Person.BSN) {
		return by.Person.BSN
	}
	return ""
}

func plainField(name, kind, text string) Field {
	return Field{Field: paginas.Field{Name: name, Kind: kind}, Value: text}
}

// restrict sets a restriction and lifts it again.
func (w *Walk) restrict(v *Visitor) {
	w.t.Helper()
	at := "/zaken/" + w.Zaak + "/rechten"
	page := v.FillIn(v.Open(at), at, []Field{plainField("reden", "longtext", "Verzoek uit de proef.")})
	if page.Status != http.StatusOK || !strings.Contains(page.Text, "Verzoek uit de proef.") || !strings.Contains(v.Open("/zaken/"+w.Zaak).Text, "AVG artikel 18") {
		w.t.Errorf("een beperking is niet te zien: status %d: %s", page.Status, page.Mistakes())
	}
	v.FillIn(v.Open(at), at, nil)
	if strings.Contains(v.Open("/zaken/"+w.Zaak).Text, "AVG artikel 18") {
		w.t.Error("een beperking is niet op te heffen")
	}
}

// putRight corrects a text of the record, and says what became of it; "" when
// there is no text.
func (w *Walk) putRight(v *Visitor, o *Setup, data map[string]any) string {
	w.t.Helper()
	const wrong = "Verbeterd in de proef"
	var fields []Field
	changed := ""
	for _, f := range o.Pages.Subject {
		given := data[f.Name]
		if changed == "" && (f.Kind == "text" || f.Kind == "longtext") && (f.MaxLength == 0 || f.MaxLength >= len(wrong)) {
			given, changed = wrong, f.Name
		}
		if k, _ := value.Of(f.Kind); given != nil && k.Control != value.Upload {
			fields = append(fields, Field{Field: f, Value: given})
		}
	}
	if changed == "" {
		return ""
	}
	at := "/zaken/" + w.Zaak + "/correctie"
	page := v.FillIn(v.Open(at), at, append(fields, plainField("_reden", "longtext", "Verkeerd overgenomen in de proef.")))
	if page.Status != http.StatusOK || page.Path != "/zaken/"+w.Zaak {
		w.t.Errorf("verbeteren: status %d: %s", page.Status, page.Mistakes())
	}
	for _, want := range []string{wrong, "Gegevens verbeterd", "Verkeerd overgenomen in de proef."} {
		if !strings.Contains(page.Text, want) {
			w.t.Errorf("na het verbeteren staat %q niet bij de zaak", want)
		}
	}
	return wrong
}

// search finds the zaak by the number, and who looked at it.
func (w *Walk) search(v *Visitor, number, corrected string) {
	w.t.Helper()
	page := v.FillIn(v.Open("/inzage"), "/inzage", []Field{plainField("soort", "enum", logboek.BSN), plainField("nummer", "text", number), plainField("doel", "enum", "inzage")})
	if page.Status != http.StatusOK || !strings.Contains(page.Text, "/zaken/"+w.Zaak) || !strings.Contains(page.Text, number) || !strings.Contains(page.Text, corrected) {
		w.t.Fatalf("zoeken vindt de zaak niet: status %d: %s", page.Status, page.Mistakes())
	}
	looked := v.Open(page.Path + "/gebruik")
	for _, want := range []string{html.EscapeString(v.Person.Name) + " (", "Zaak bekijken", "Rechten van betrokkenen"} {
		if !strings.Contains(looked.Text, want) {
			w.t.Errorf("wie er keek: %q staat er niet", want)
		}
	}
	if file := v.Open(page.Path + "/overzicht.html"); file.Status != http.StatusOK || !strings.Contains(file.Text, number) || !strings.Contains(file.Text, corrected) {
		w.t.Errorf("het overzicht als bestand: status %d", file.Status)
	}
	for role := range w.visitors { // who did the steps is somebody else, or has another right
		if role == "" || role == v.Person.Role {
			continue
		}
		if got := w.visitors[role].Open(page.Path); got.Status == http.StatusOK || strings.Contains(got.Text, number) {
			w.t.Errorf("%s ziet wat een ander zocht: status %d", role, got.Status)
		}
	}
}
