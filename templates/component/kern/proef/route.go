package proef

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Step is one step of a route through the process.
type Step struct {
	Name, Title, Kind string // as in the process
	Role              string
	Anonymous         bool // without logging in
	Outcome           string
	Fields            []Field
	Bron              Reply  // of a lookup
	Resultaat         string // of an end
}

func (s Step) human() bool { return s.Kind == "form" || s.Kind == "decide" || s.Kind == "task" }

// Route is one way from the beginning to an end.
type Route []Step

// Walk is a zaak on its way along a route.
type Walk struct {
	Zaak string // id

	t        *testing.T
	trial    *Trial
	roles    []identity.Role
	route    Route
	at       int // index of the next step
	visitors map[string]*Visitor
}

// Begin prepares a zaak along a route; Advance does the steps.
func (p *Trial) Begin(route Route) *Walk {
	return &Walk{t: p.t, trial: p, roles: p.setup.Course.Roles, route: route, visitors: map[string]*Visitor{}}
}

// Done says whether the next step is the end.
func (w *Walk) Done() bool { return w.route[w.at].Kind == "end" }

// zaakLink is a link of our own: the answer of a source may hold such a path too.
var zaakLink = regexp.MustCompile(`(?:^|")/zaken/([0-9a-f-]{36})`)

// Advance does the next step that a person does, through the pages; the lookups
// behind it follow by themselves.
func (w *Walk) Advance() {
	w.t.Helper()
	if w.at == 0 && !w.route[0].human() { // a begin that is only a button
		w.answers(0)
		v := w.visitor(w.route[w.nextHuman(0)])
		w.begun(v.FillIn(v.Open("/starten"), "/starten", nil))
		w.at = w.nextHuman(0)
		return
	}
	step := w.route[w.at]
	v := w.visitor(step)
	if w.at == 0 && step.Kind == "form" {
		w.answers(1)
		w.begun(v.FillIn(v.Open("/starten"), "/starten", step.Fields))
	} else {
		if w.Zaak == "" { // the first step is a task: a button makes the zaak
			w.begun(v.FillIn(v.Open("/starten"), "/starten", nil))
		}
		w.task(v, step)
	}
	w.at = w.nextHuman(w.at + 1)
}

func (w *Walk) begun(page Page) {
	w.t.Helper()
	if page.Status != http.StatusOK {
		w.t.Fatalf("beginnen: status %d: %s", page.Status, page.Mistakes())
	}
	m := zaakLink.FindStringSubmatch(page.Path + page.Text)
	if m == nil {
		w.t.Fatalf("na het begin noemt de pagina geen zaak: %s", page.Heading())
	}
	w.Zaak = m[1]
}

func (w *Walk) task(v *Visitor, step Step) {
	w.t.Helper()
	address := "/zaken/" + w.Zaak + "/taak"
	page := v.Open(address)
	if page.Status != http.StatusOK || page.Heading() != step.Title {
		w.t.Fatalf("taak %s: status %d, de kop is %q", step.Name, page.Status, page.Heading())
	}
	if !step.Anonymous && !w.guest(step.Role) { // who is a guest was given the address
		if list := v.allTasks(); !strings.Contains(list, address) {
			w.t.Errorf("taak %s staat niet in de takenlijst van %s", step.Name, step.Role)
		}
	}
	w.answers(w.at + 1)
	fields := step.Fields
	if step.Kind != "form" {
		fields = []Field{{Field: paginas.Field{Name: "toelichting", Kind: "longtext"}, Value: "Gezien in de proef."}}
		if step.Outcome != "" {
			fields = append(fields, Field{Field: paginas.Field{Name: "uitkomst", Kind: "enum"}, Value: step.Outcome})
		}
	}
	if page = v.FillIn(page, address, fields); page.Status != http.StatusOK {
		w.t.Fatalf("taak %s: status %d: %s", step.Name, page.Status, page.Mistakes())
	}
}

var nextPage = regexp.MustCompile(`<a href="([^"]+)" rel="next"`)

// allTasks leafs through the list of tasks.
func (v *Visitor) allTasks() string {
	v.t.Helper()
	var all strings.Builder
	for address := "/taken"; address != ""; {
		page := v.Open(address)
		all.WriteString(page.Text)
		address = ""
		if m := nextPage.FindStringSubmatch(page.Text); m != nil {
			address = html.UnescapeString(m[1])
		}
	}
	return all.String()
}

// visitor is the person who does a step: for each role the same one all along.
func (w *Walk) visitor(step Step) *Visitor {
	w.t.Helper()
	role := step.Role
	if step.Anonymous {
		role = ""
	}
	if w.visitors[role] == nil {
		w.visitors[role] = w.trial.Visitor(w.roles, role)
	}
	return w.visitors[role]
}

// guest says whether a role takes part in the zaak of another: somebody from
// outside who did not begin it sees it while it waits for them, and then no more.
func (w *Walk) guest(role string) bool {
	i := slices.IndexFunc(w.roles, func(r identity.Role) bool { return r.Name == role })
	return i >= 0 && w.roles[i].Outside() && role != w.trial.setup.Model.First().Role
}

// Forget closes all browsers: after a restart everybody logs in again.
func (w *Walk) Forget() { clear(w.visitors) }

// answers tells the sources what to say to the lookups from index i on.
func (w *Walk) answers(i int) {
	var all []Reply
	for ; i < len(w.route) && w.route[i].Kind == "lookup"; i++ {
		all = append(all, w.route[i].Bron)
	}
	w.trial.Bron.AnswerWith(all...)
}

func (w *Walk) nextHuman(i int) int {
	for i < len(w.route)-1 && w.route[i].Kind == "lookup" {
		i++
	}
	return i
}

// Check looks at the zaak through both APIs: it has come to this end along
// this route.
func (w *Walk) Check() {
	w.t.Helper()
	end := w.route[len(w.route)-1]
	var z struct {
		CurrentStep string `json:"huidigeStap"`
		Resultaat   string `json:"resultaat"`
		Einddatum   string `json:"einddatum"`
	}
	if resp := w.trial.API(start.LayerServices, "/zaken/"+w.Zaak, nil, &z); resp.StatusCode != http.StatusOK {
		w.t.Fatalf("diensten kent de zaak niet: %d", resp.StatusCode)
	}
	if z.CurrentStep != end.Name || z.Resultaat != end.Resultaat || z.Einddatum == "" {
		w.t.Errorf("de zaak is bij %q met resultaat %q en einddatum %q; verwacht %q en %q", z.CurrentStep, z.Resultaat, z.Einddatum, end.Name, end.Resultaat)
	}
	var history struct{ Results []struct{ Statustype string } }
	w.trial.API(start.LayerServices, "/zaken/"+w.Zaak+"/statussen", nil, &history)
	if n := len(history.Results); n == 0 || history.Results[n-1].Statustype != end.Name {
		w.t.Errorf("de laatste van de %d statussen is niet %q", n, end.Name)
	}
	w.lookInProcess(end)
	w.checkLogboek()
}

// lookInProcess reads the zaak as somebody who has done a step in it.
func (w *Walk) lookInProcess(end Step) {
	w.t.Helper()
	for role, visitor := range w.visitors {
		page := visitor.Open("/zaken/" + w.Zaak)
		if w.guest(role) {
			if page.Status == http.StatusOK && strings.Contains(page.Text, "/zaken/"+w.Zaak+"/bestanden/") {
				w.t.Errorf("%q ziet na de eigen stap nog bestanden van de zaak van een ander", role)
			}
			continue
		}
		if page.Status != http.StatusOK || !strings.Contains(page.Text, html.EscapeString(end.Title)) {
			w.t.Errorf("de pagina van de zaak voor %q: status %d, kop %q", role, page.Status, page.Heading())
		}
		w.openFiles(visitor, page)
		if role == "" {
			continue
		}
		w.followInProcess(visitor, end)
	}
}

// openFiles saves each file that the page names.
func (w *Walk) openFiles(visitor *Visitor, page Page) {
	w.t.Helper()
	for _, step := range w.route {
		for _, f := range step.Fields {
			if f.control() != value.Upload {
				continue
			}
			a, content := f.file()
			if !strings.Contains(page.Text, html.EscapeString(a.String())) {
				continue
			}
			if got := visitor.Open("/zaken/" + w.Zaak + "/bestanden/" + f.Name); got.Status != http.StatusOK || got.Text != content {
				w.t.Errorf("het bestand %s: status %d, %d bytes van de %d", f.Name, got.Status, len(got.Text), len(content))
			}
		}
	}
}

// followInProcess compares the history that proces shows with the route.
func (w *Walk) followInProcess(visitor *Visitor, end Step) {
	w.t.Helper()
	var z struct {
		Step struct {
			Name string `json:"naam"`
		} `json:"stap"`
		History []struct {
			Step string `json:"stap"`
		} `json:"historie"`
	}
	resp := w.trial.API(start.LayerProcess, "/zaken/"+w.Zaak, visitor.Header(), &z)
	if resp.StatusCode != http.StatusOK || z.Step.Name != end.Name {
		w.t.Errorf("proces laat %s de zaak zien met status %d bij %q", visitor.Person.Role, resp.StatusCode, z.Step.Name)
	}
	var got, want []string
	for _, e := range z.History {
		if e.Step != end.Name {
			got = append(got, e.Step)
		}
	}
	i := 0 // of a row of lookups whose questions are not kept, proces notes the first
	for _, s := range w.route[:len(w.route)-1] {
		noted := i < len(got) && got[i] == s.Name
		if noted {
			i++
		}
		if noted || s.human() {
			want = append(want, s.Name)
		}
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("de zaak ging langs %v; verwacht %v", got, want)
	}
}
