package proef

import (
	"encoding/json"
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

// Stap is one step of a path through the process.
type Stap struct {
	Naam, Titel, Soort string // as in the process
	Rol                string
	Anoniem            bool // without logging in
	Uitkomst           string
	Velden             []Veld
	Bron               Uitslag // of a lookup
	Resultaat          string  // of an end
}

func (s Stap) human() bool { return s.Soort == "form" || s.Soort == "decide" || s.Soort == "task" }

// Pad is one way from the beginning to an end.
type Pad []Stap

// Loop is a zaak on its way along a path.
type Loop struct {
	Zaak string // id

	t        *testing.T
	proef    *Proef
	roles    []identity.Role
	path     Pad
	at       int // index of the next step
	visitors map[string]*Bezoeker
}

// Begin prepares a zaak along a path; Verder does the steps.
func (p *Proef) Begin(path Pad) *Loop {
	return &Loop{t: p.t, proef: p, roles: p.opzet.Verloop.Rollen, path: path, visitors: map[string]*Bezoeker{}}
}

// Klaar says whether the next step is the end.
func (l *Loop) Klaar() bool { return l.path[l.at].Soort == "end" }

// zaakLink is a link of our own: the answer of a source may hold such a path too.
var zaakLink = regexp.MustCompile(`(?:^|")/zaken/([0-9a-f-]{36})`)

// Verder does the next step that a person does, through the pages; the lookups
// behind it follow by themselves.
func (l *Loop) Verder() {
	l.t.Helper()
	if l.at == 0 && !l.path[0].human() { // a begin that is only a button
		l.answers(0)
		b := l.visitor(l.path[l.nextHuman(0)])
		l.begun(b.Invullen(b.Open("/starten"), "/starten", nil))
		l.at = l.nextHuman(0)
		return
	}
	step := l.path[l.at]
	b := l.visitor(step)
	if l.at == 0 && step.Soort == "form" {
		l.answers(1)
		l.begun(b.Invullen(b.Open("/starten"), "/starten", step.Velden))
	} else {
		if l.Zaak == "" { // the first step is a task: a button makes the zaak
			l.begun(b.Invullen(b.Open("/starten"), "/starten", nil))
		}
		l.task(b, step)
	}
	l.at = l.nextHuman(l.at + 1)
}

func (l *Loop) begun(page Pagina) {
	l.t.Helper()
	if page.Status != http.StatusOK {
		l.t.Fatalf("beginnen: status %d: %s", page.Status, page.Fouten())
	}
	m := zaakLink.FindStringSubmatch(page.Pad + page.Tekst)
	if m == nil {
		l.t.Fatalf("na het begin noemt de pagina geen zaak: %s", page.Kop())
	}
	l.Zaak = m[1]
}

func (l *Loop) task(b *Bezoeker, step Stap) {
	l.t.Helper()
	address := "/zaken/" + l.Zaak + "/taak"
	page := b.Open(address)
	if page.Status != http.StatusOK || page.Kop() != step.Titel {
		l.t.Fatalf("taak %s: status %d, de kop is %q", step.Naam, page.Status, page.Kop())
	}
	if !step.Anoniem {
		if list := b.allTasks(); !strings.Contains(list, address) {
			l.t.Errorf("taak %s staat niet in de takenlijst van %s", step.Naam, step.Rol)
		}
	}
	l.answers(l.at + 1)
	fields := step.Velden
	if step.Soort != "form" {
		fields = []Veld{{Field: paginas.Field{Naam: "toelichting", Soort: "longtext"}, Waarde: "Gezien in de proef."}}
		if step.Uitkomst != "" {
			fields = append(fields, Veld{Field: paginas.Field{Naam: "uitkomst", Soort: "enum"}, Waarde: step.Uitkomst})
		}
	}
	if page = b.Invullen(page, address, fields); page.Status != http.StatusOK {
		l.t.Fatalf("taak %s: status %d: %s", step.Naam, page.Status, page.Fouten())
	}
}

var nextPage = regexp.MustCompile(`<a href="([^"]+)" rel="next"`)

// allTasks leafs through the list of tasks.
func (b *Bezoeker) allTasks() string {
	b.t.Helper()
	var all strings.Builder
	for address := "/taken"; address != ""; {
		page := b.Open(address)
		all.WriteString(page.Tekst)
		address = ""
		if m := nextPage.FindStringSubmatch(page.Tekst); m != nil {
			address = html.UnescapeString(m[1])
		}
	}
	return all.String()
}

// visitor is the person who does a step: for each role the same one all along.
func (l *Loop) visitor(step Stap) *Bezoeker {
	l.t.Helper()
	role := step.Rol
	if step.Anoniem {
		role = ""
	}
	if l.visitors[role] == nil {
		l.visitors[role] = l.proef.Bezoeker(l.roles, role)
	}
	return l.visitors[role]
}

// Vergeet closes all browsers: after a restart everybody logs in again.
func (l *Loop) Vergeet() { clear(l.visitors) }

// answers tells the sources what to say to the lookups from index i on.
func (l *Loop) answers(i int) {
	var all []Uitslag
	for ; i < len(l.path) && l.path[i].Soort == "lookup"; i++ {
		all = append(all, l.path[i].Bron)
	}
	l.proef.Bron.Straks(all...)
}

func (l *Loop) nextHuman(i int) int {
	for i < len(l.path)-1 && l.path[i].Soort == "lookup" {
		i++
	}
	return i
}

// Controleer looks at the zaak through both APIs: it has come to this end along
// this path.
func (l *Loop) Controleer() {
	l.t.Helper()
	end := l.path[len(l.path)-1]
	var z struct {
		HuidigeStap, Resultaat, Einddatum string
	}
	if resp := l.proef.API(start.Diensten, "/zaken/"+l.Zaak, nil, &z); resp.StatusCode != http.StatusOK {
		l.t.Fatalf("diensten kent de zaak niet: %d", resp.StatusCode)
	}
	if z.HuidigeStap != end.Naam || z.Resultaat != end.Resultaat || z.Einddatum == "" {
		l.t.Errorf("de zaak is bij %q met resultaat %q en einddatum %q; verwacht %q en %q", z.HuidigeStap, z.Resultaat, z.Einddatum, end.Naam, end.Resultaat)
	}
	var history struct{ Results []struct{ Statustype string } }
	l.proef.API(start.Diensten, "/zaken/"+l.Zaak+"/statussen", nil, &history)
	if n := len(history.Results); n == 0 || history.Results[n-1].Statustype != end.Naam {
		l.t.Errorf("de laatste van de %d statussen is niet %q", n, end.Naam)
	}
	l.lookInProces(end)
	l.controleerLogboek()
}

// lookInProces reads the zaak as somebody who has done a step in it.
func (l *Loop) lookInProces(end Stap) {
	l.t.Helper()
	for role, visitor := range l.visitors {
		page := visitor.Open("/zaken/" + l.Zaak)
		if page.Status != http.StatusOK || !strings.Contains(page.Tekst, html.EscapeString(end.Titel)) {
			l.t.Errorf("de pagina van de zaak voor %q: status %d, kop %q", role, page.Status, page.Kop())
		}
		l.openFiles(visitor, page)
		if role == "" {
			continue
		}
		l.followInProces(visitor, end)
	}
}

// openFiles saves each file that the page names.
func (l *Loop) openFiles(visitor *Bezoeker, page Pagina) {
	l.t.Helper()
	for _, step := range l.path {
		for _, f := range step.Velden {
			var a value.Attachment
			if f.control() != value.Upload || json.Unmarshal(f.json(), &a) != nil || !strings.Contains(page.Tekst, html.EscapeString(a.String())) {
				continue
			}
			if got := visitor.Open("/zaken/" + l.Zaak + "/bestanden/" + f.Naam); got.Status != http.StatusOK || got.Tekst != string(a.Inhoud) {
				l.t.Errorf("het bestand %s: status %d, %d bytes van de %d", f.Naam, got.Status, len(got.Tekst), len(a.Inhoud))
			}
		}
	}
}

// followInProces compares the history that proces shows with the path.
func (l *Loop) followInProces(visitor *Bezoeker, end Stap) {
	l.t.Helper()
	var z struct {
		Stap     struct{ Naam string }
		Historie []struct{ Stap string }
	}
	resp := l.proef.API(start.Proces, "/zaken/"+l.Zaak, visitor.Header(), &z)
	if resp.StatusCode != http.StatusOK || z.Stap.Naam != end.Naam {
		l.t.Errorf("proces laat %s de zaak zien met status %d bij %q", visitor.Persoon.Rol, resp.StatusCode, z.Stap.Naam)
	}
	var got, want []string
	for _, e := range z.Historie {
		if e.Stap != end.Naam {
			got = append(got, e.Stap)
		}
	}
	i := 0 // of a row of lookups whose questions are not kept, proces notes the first
	for _, s := range l.path[:len(l.path)-1] {
		noted := i < len(got) && got[i] == s.Naam
		if noted {
			i++
		}
		if noted || s.human() {
			want = append(want, s.Naam)
		}
	}
	if !slices.Equal(got, want) {
		l.t.Errorf("de zaak ging langs %v; verwacht %v", got, want)
	}
}
