package proef

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// seen is a request that went by between two layers.
type seen struct {
	method, path string
	transaction  string
	trace        logboek.Trace
}

func see(r *http.Request) seen {
	tr, _ := logboek.FromHeader(r.Header)
	transaction, _ := logboek.TransactionOf(r.Header)
	return seen{r.Method, r.URL.Path, transaction, tr}
}

// Verwerkingen reads the whole log of a zaak from layer 2.
func (p *Trial) Verwerkingen(zaak string) []logboek.Verwerking {
	p.t.Helper()
	var all []logboek.Verwerking
	for page := 1; ; page++ {
		var list struct {
			Next    *string
			Results []logboek.Verwerking
		}
		if resp := p.API(start.LayerServices, fmt.Sprintf("/verwerkingen?zaak=%s&pageSize=100&page=%d", zaak, page), nil, &list); resp.StatusCode != http.StatusOK {
			p.t.Fatalf("het logboek van de zaak: status %d", resp.StatusCode)
		}
		if all = append(all, list.Results...); list.Next == nil {
			return all
		}
	}
}

// checkLogboek holds the log of the zaak against what went by: each
// operation of the process and each question to a source is there, with why and
// for what, and nobody's number is.
func (w *Walk) checkLogboek() {
	w.t.Helper()
	lines := w.trial.Verwerkingen(w.Zaak)
	for _, fault := range logboek.Check(lines) {
		w.t.Error(fault)
	}
	raw, err := json.Marshal(lines)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, secret := range w.trial.setup.secrets {
		if secret != "" && strings.Contains(string(raw), secret) {
			w.t.Error("een persoonsnummer staat in het logboek van verwerkingen")
		}
	}
	for _, line := range lines {
		if line.End.IsZero() || line.Status == logboek.Error {
			w.t.Errorf("%q liep niet goed af: status %s, einde %v", line.Name, line.Status, line.End)
		}
		known := func(a logboek.Activity) bool { return a.URI == line.ActivityURI }
		if !slices.ContainsFunc(w.trial.setup.Course.Activities, known) && !known(logboek.NotYetRecorded) {
			w.t.Errorf("%q is voor activiteit %s; die staat niet bij activities in 4-proces/activiteiten.go, zodat niemand ziet waarvoor het was", line.Name, line.ActivityURI)
		}
	}
	w.operations(lines)
	w.questions(lines)
	w.register(lines)
	w.shown(lines)
}

// operations looks for a line of each call to the API of the process.
func (w *Walk) operations(lines []logboek.Verwerking) {
	w.t.Helper()
	started := false
	for _, call := range w.trial.process.seen() {
		same := func(v logboek.Verwerking) bool {
			return v.Kind == logboek.Action && v.TraceID == call.trace.TraceID && v.ParentID == call.trace.SpanID && v.Zaak == w.Zaak
		}
		found := slices.ContainsFunc(lines, same)
		started = started || found && call.path == "/v1/zaken" && call.method == http.MethodPost
		if strings.HasPrefix(call.path, "/v1/zaken/"+w.Zaak) && !found {
			w.t.Errorf("%s %s staat niet in het logboek", call.method, strings.ReplaceAll(call.path, w.Zaak, "…"))
		}
	}
	if !started {
		w.t.Error("het starten van de zaak staat niet in het logboek")
	}
}

// questions compares what the sources were asked with the lines about it.
func (w *Walk) questions(lines []logboek.Verwerking) {
	w.t.Helper()
	actions, questions := map[logboek.Trace]bool{}, map[string]logboek.Verwerking{}
	for _, line := range lines {
		if line.Kind == logboek.Action {
			actions[logboek.Trace{TraceID: line.TraceID, SpanID: line.SpanID}] = true
		}
	}
	for _, line := range lines {
		if line.Kind == logboek.Question && actions[logboek.Trace{TraceID: line.TraceID, SpanID: line.ParentID}] {
			questions[line.Transaction] = line
		}
		if line.Kind == logboek.Question && line.Bron == "" {
			w.t.Errorf("vraag %q noemt geen bron", line.Name)
		}
	}
	asked := 0
	for _, call := range w.trial.Bron.questions() {
		line, ok := questions[call.transaction]
		ours := slices.ContainsFunc(lines, func(v logboek.Verwerking) bool { return v.TraceID == call.trace.TraceID })
		switch {
		case ours && !ok:
			w.t.Errorf("een vraag aan een bron (%s) staat niet in het logboek met transactie %s", call.method, call.transaction)
		case ok && (line.TraceID != call.trace.TraceID || line.SpanID != call.trace.SpanID):
			w.t.Errorf("de bron hoorde spoor %v; het logboek heeft %s-%s", call.trace, line.TraceID, line.SpanID)
		case ok:
			asked++
		}
	}
	if asked != len(questions) {
		w.t.Errorf("het logboek heeft %d vragen aan bronnen; de bronnen kregen er %d", len(questions), asked)
	}
	lookups := slices.ContainsFunc(w.route, func(s Step) bool { return s.Bron.Found })
	if lookups && asked == 0 {
		w.t.Error("het pad gaat langs een bron; het logboek noemt geen vraag")
	}
}

// register looks for the use of our own register.
func (w *Walk) register(lines []logboek.Verwerking) {
	w.t.Helper()
	own := slices.IndexFunc(lines, func(v logboek.Verwerking) bool { return v.Kind == logboek.Register })
	if w.trial.setup.personal && own < 0 {
		w.t.Error("de zaak bewaart persoonsgegevens; het logboek noemt het eigen register niet")
	}
	if w.trial.setup.bsn && !slices.ContainsFunc(lines, func(v logboek.Verwerking) bool {
		return v.Kind == logboek.Register && v.DataSubjectKind == logboek.BSN
	}) {
		w.t.Error("de zaak bewaart een burgerservicenummer; het logboek zegt niet over wie het gaat")
	}
}

// shown looks at the page about the use of data, as everybody who did a step.
func (w *Walk) shown(lines []logboek.Verwerking) {
	w.t.Helper()
	for role, visitor := range w.visitors {
		if role == "" {
			continue
		}
		page := visitor.Open("/zaken/" + w.Zaak + "/gebruik")
		if w.guest(role) {
			if page.Status == http.StatusOK {
				w.t.Errorf("%q ziet na de eigen stap nog welke gegevens van een ander zijn gebruikt", role)
			}
			continue
		}
		if page.Status != http.StatusOK {
			w.t.Errorf("welke gegevens zijn gebruikt, voor %q: status %d", role, page.Status)
		}
		for _, line := range lines {
			if len(lines) < 100 && line.Transaction != "" && line.Kind == logboek.Question && !strings.Contains(page.Text, line.Transaction) {
				w.t.Errorf("%q staat niet op de pagina voor %q", line.Name, role)
			}
			if line.DataSubject != "" && strings.Contains(page.Text, line.DataSubject) {
				w.t.Errorf("een pseudoniem staat op de pagina voor %q", role)
			}
		}
	}
}

// settle waits until the zaken of the start have gone on by themselves: what they
// ask of a source is not what a test did.
func (p *Trial) settle() {
	p.t.Helper()
	var resting []string
	for _, n := range p.setup.Model.Steps() {
		if n.Kind == bpmn.Service {
			resting = append(resting, n.Step)
		}
	}
	for range 100 {
		var list struct{ Count int }
		if len(resting) > 0 {
			p.API(start.LayerServices, "/zaken?open=true&huidigeStap="+strings.Join(resting, ","), nil, &list)
		}
		if list.Count == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// withoutLogboek takes the log away: nothing is done that it cannot hold, and
// nothing is asked of a source.
func withoutLogboek(t *testing.T, o *Setup) {
	t.Helper()
	component := Start(t, o)
	component.settle()
	w := component.Begin(o.paths[0])
	w.answers(0)
	first := w.route[w.nextHuman(0)]
	v := w.visitor(first)
	form := v.Open("/starten")
	before := component.countZaken()
	component.services.breakAt("POST /v1/verwerkingen", "POST /intern/reeks") // lines alone, and with what they are about
	asked := len(component.Bron.questions())
	var fields []Field
	if w.route[0].Kind == "form" {
		fields = first.Fields
	}
	page := v.FillIn(form, "/starten", fields)
	// A file is refused before the rest is sent, and then the form comes back.
	if refused := page.Status == http.StatusUnprocessableEntity && uploads(fields); !refused && page.Status != http.StatusServiceUnavailable {
		t.Errorf("beginnen zonder logboek: status %d, kop %q", page.Status, page.Heading())
	}
	if !first.Anonymous {
		if page := v.Open("/zaken"); page.Status != http.StatusServiceUnavailable {
			t.Errorf("zaken bekijken zonder logboek: status %d, kop %q", page.Status, page.Heading())
		}
	}
	if n := component.countZaken() - before; n != 0 {
		t.Errorf("er kwamen %d zaken bij zonder logboek", n)
	}
	if n := len(component.Bron.questions()) - asked; n != 0 {
		t.Errorf("er gingen %d vragen naar bronnen zonder logboek", n)
	}
	component.services.breakAt()
	if page := v.FillIn(form, "/starten", fields); page.Status != http.StatusOK {
		t.Errorf("beginnen nu het logboek er weer is: status %d, kop %q", page.Status, page.Heading())
	}
}
