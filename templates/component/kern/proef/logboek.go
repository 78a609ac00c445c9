package proef

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// gezien is a request that went by between two layers.
type gezien struct {
	methode, pad string
	transactie   string
	spoor        logboek.Spoor
}

func zie(r *http.Request) gezien {
	s, _ := logboek.UitHeader(r.Header)
	transactie, _ := logboek.Transactie(r.Header)
	return gezien{r.Method, r.URL.Path, transactie, s}
}

// Verwerkingen reads the whole log of a zaak from layer 2.
func (p *Proef) Verwerkingen(zaak string) []logboek.Verwerking {
	p.t.Helper()
	var all []logboek.Verwerking
	for page := 1; ; page++ {
		var list struct {
			Next    *string
			Results []logboek.Verwerking
		}
		if resp := p.API(start.Diensten, fmt.Sprintf("/verwerkingen?zaak=%s&pageSize=100&page=%d", zaak, page), nil, &list); resp.StatusCode != http.StatusOK {
			p.t.Fatalf("het logboek van de zaak: status %d", resp.StatusCode)
		}
		if all = append(all, list.Results...); list.Next == nil {
			return all
		}
	}
}

// controleerLogboek holds the log of the zaak against what went by: each
// operation of the process and each question to a source is there, with why and
// for what, and nobody's number is.
func (l *Loop) controleerLogboek() {
	l.t.Helper()
	lines := l.proef.Verwerkingen(l.Zaak)
	for _, fault := range logboek.Controleer(lines) {
		l.t.Error(fault)
	}
	raw, err := json.Marshal(lines)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, secret := range l.proef.opzet.geheim {
		if secret != "" && strings.Contains(string(raw), secret) {
			l.t.Error("een persoonsnummer staat in het logboek van verwerkingen")
		}
	}
	for _, line := range lines {
		if line.Einde.IsZero() || line.Status == logboek.Error {
			l.t.Errorf("%q liep niet goed af: status %s, einde %v", line.Naam, line.Status, line.Einde)
		}
		known := func(a logboek.Activiteit) bool { return a.URI == line.ActiviteitURI }
		if !slices.ContainsFunc(l.proef.opzet.Verloop.Activiteiten, known) && !known(logboek.NogNietVastgelegd) {
			l.t.Errorf("%q is voor activiteit %s; die staat niet bij Alle in 4-proces/activiteiten.go, zodat niemand ziet waarvoor het was", line.Naam, line.ActiviteitURI)
		}
	}
	l.operations(lines)
	l.questions(lines)
	l.register(lines)
	l.shown(lines)
}

// operations looks for a line of each call to the API of the process.
func (l *Loop) operations(lines []logboek.Verwerking) {
	l.t.Helper()
	started := false
	for _, call := range l.proef.proces.gezien() {
		same := func(v logboek.Verwerking) bool {
			return v.Soort == logboek.Handeling && v.TraceID == call.spoor.Trace && v.ParentID == call.spoor.Span && v.Zaak == l.Zaak
		}
		found := slices.ContainsFunc(lines, same)
		started = started || found && call.pad == "/v1/zaken" && call.methode == http.MethodPost
		if strings.HasPrefix(call.pad, "/v1/zaken/"+l.Zaak) && !found {
			l.t.Errorf("%s %s staat niet in het logboek", call.methode, strings.ReplaceAll(call.pad, l.Zaak, "…"))
		}
	}
	if !started {
		l.t.Error("het starten van de zaak staat niet in het logboek")
	}
}

// questions compares what the sources were asked with the lines about it.
func (l *Loop) questions(lines []logboek.Verwerking) {
	l.t.Helper()
	handelingen, questions := map[logboek.Spoor]bool{}, map[string]logboek.Verwerking{}
	for _, line := range lines {
		if line.Soort == logboek.Handeling {
			handelingen[logboek.Spoor{Trace: line.TraceID, Span: line.SpanID}] = true
		}
	}
	for _, line := range lines {
		if line.Soort == logboek.Bevraging && handelingen[logboek.Spoor{Trace: line.TraceID, Span: line.ParentID}] {
			questions[line.Transactie] = line
		}
		if line.Soort == logboek.Bevraging && line.Bron == "" {
			l.t.Errorf("vraag %q noemt geen bron", line.Naam)
		}
	}
	asked := 0
	for _, call := range l.proef.Bron.vragen() {
		line, ok := questions[call.transactie]
		ours := slices.ContainsFunc(lines, func(v logboek.Verwerking) bool { return v.TraceID == call.spoor.Trace })
		switch {
		case ours && !ok:
			l.t.Errorf("een vraag aan een bron (%s) staat niet in het logboek met transactie %s", call.methode, call.transactie)
		case ok && (line.TraceID != call.spoor.Trace || line.SpanID != call.spoor.Span):
			l.t.Errorf("de bron hoorde spoor %v; het logboek heeft %s-%s", call.spoor, line.TraceID, line.SpanID)
		case ok:
			asked++
		}
	}
	if asked != len(questions) {
		l.t.Errorf("het logboek heeft %d vragen aan bronnen; de bronnen kregen er %d", len(questions), asked)
	}
	lookups := slices.ContainsFunc(l.path, func(s Stap) bool { return s.Bron.Gevonden })
	if lookups && asked == 0 {
		l.t.Error("het pad gaat langs een bron; het logboek noemt geen vraag")
	}
}

// register looks for the use of our own register.
func (l *Loop) register(lines []logboek.Verwerking) {
	l.t.Helper()
	own := slices.IndexFunc(lines, func(v logboek.Verwerking) bool { return v.Soort == logboek.Register })
	if l.proef.opzet.personal && own < 0 {
		l.t.Error("de zaak bewaart persoonsgegevens; het logboek noemt het eigen register niet")
	}
	if l.proef.opzet.bsn && !slices.ContainsFunc(lines, func(v logboek.Verwerking) bool {
		return v.Soort == logboek.Register && v.BetrokkeneSoort == logboek.BSN
	}) {
		l.t.Error("de zaak bewaart een burgerservicenummer; het logboek zegt niet over wie het gaat")
	}
}

// shown looks at the page about the use of data, as everybody who did a step.
func (l *Loop) shown(lines []logboek.Verwerking) {
	l.t.Helper()
	for role, visitor := range l.visitors {
		if role == "" {
			continue
		}
		page := visitor.Open("/zaken/" + l.Zaak + "/gebruik")
		if page.Status != http.StatusOK {
			l.t.Errorf("welke gegevens zijn gebruikt, voor %q: status %d", role, page.Status)
		}
		for _, line := range lines {
			if len(lines) < 100 && line.Transactie != "" && line.Soort == logboek.Bevraging && !strings.Contains(page.Tekst, line.Transactie) {
				l.t.Errorf("%q staat niet op de pagina voor %q", line.Naam, role)
			}
			if line.Betrokkene != "" && strings.Contains(page.Tekst, line.Betrokkene) {
				l.t.Errorf("een pseudoniem staat op de pagina voor %q", role)
			}
		}
	}
}

// geenLogboek takes the log away: nothing is done that it cannot hold, and
// nothing is asked of a source.
func geenLogboek(t *testing.T, o *Opzet) {
	t.Helper()
	component := Start(t, o)
	l := component.Begin(o.paths[0])
	l.answers(0)
	first := l.path[l.nextHuman(0)]
	b := l.visitor(first)
	form := b.Open("/starten")
	before := component.aantalZaken()
	component.diensten.breek("POST /v1/verwerkingen")
	asked := len(component.Bron.vragen())
	var fields []Veld
	if l.path[0].Soort == "form" {
		fields = first.Velden
	}
	if page := b.Invullen(form, "/starten", fields); page.Status != http.StatusServiceUnavailable {
		t.Errorf("beginnen zonder logboek: status %d, kop %q", page.Status, page.Kop())
	}
	if !first.Anoniem {
		if page := b.Open("/zaken"); page.Status != http.StatusServiceUnavailable {
			t.Errorf("zaken bekijken zonder logboek: status %d, kop %q", page.Status, page.Kop())
		}
	}
	if n := component.aantalZaken() - before; n != 0 {
		t.Errorf("er kwamen %d zaken bij zonder logboek", n)
	}
	if n := len(component.Bron.vragen()) - asked; n != 0 {
		t.Errorf("er gingen %d vragen naar bronnen zonder logboek", n)
	}
	component.diensten.breek("")
	if page := b.Invullen(form, "/starten", fields); page.Status != http.StatusOK {
		t.Errorf("beginnen nu het logboek er weer is: status %d, kop %q", page.Status, page.Kop())
	}
}
