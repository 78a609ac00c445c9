package proef

import (
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// Naam tells a path in one line.
func (p Pad) Naam() string {
	var words []string
	for _, s := range p {
		words = append(words, strings.TrimSuffix(s.Naam+" "+s.Uitkomst, " "))
	}
	return strings.Join(words, ", ")
}

// allePaden walks one zaak along every path.
func allePaden(t *testing.T, o *Opzet) {
	t.Helper()
	for _, path := range o.paths {
		t.Run(path.Naam(), func(t *testing.T) {
			t.Parallel()
			l := Start(t, o).Begin(path)
			for !l.Klaar() {
				l.Verder()
			}
			l.Controleer()
		})
	}
}

// herstarten restarts the component after every step of the longest path.
func herstarten(t *testing.T, o *Opzet) {
	t.Helper()
	component := Start(t, o)
	l := component.Begin(o.longest())
	for !l.Klaar() {
		l.Verder()
		component.Herstart()
		l.Vergeet()
	}
	l.Controleer()
}

func (o *Opzet) longest() Pad {
	return slices.MaxFunc(o.paths, func(a, b Pad) int { return len(a) - len(b) })
}

// tweeKeerVersturen submits the same form twice: that makes one zaak.
func tweeKeerVersturen(t *testing.T, o *Opzet) {
	t.Helper()
	component := Start(t, o)
	l := component.Begin(o.paths[0])
	before := component.aantalZaken()
	first := l.path[0]
	b := l.visitor(l.path[l.nextHuman(0)])
	page := b.Open("/starten")
	for range 2 {
		l.answers(1)
		if answer := b.Invullen(page, "/starten", first.Velden); answer.Status != http.StatusOK {
			t.Fatalf("status %d: %s", answer.Status, answer.Fouten())
		}
	}
	if got := component.aantalZaken() - before; got != 1 {
		t.Errorf("twee keer versturen maakte %d zaken", got)
	}
}

func (p *Proef) aantalZaken() int {
	p.t.Helper()
	var list struct{ Count int }
	p.API(start.Diensten, "/zaken", nil, &list)
	return list.Count
}

// nietBewaard walks along every path and then searches the store for what only
// the sources said, but for the fields of which the answers say why they are
// stored.
func nietBewaard(t *testing.T, o *Opzet) {
	t.Helper()
	component := Start(t, o)
	before := component.Inhoud()
	component.run()
	said, kept, typed := map[string]bool{}, map[string]bool{}, o.ownWords()
	for _, path := range o.paths {
		l := component.Begin(path)
		for !l.Klaar() {
			l.Verder()
		}
		for _, s := range path {
			typed += s.Naam + "\n" + s.Titel + "\n" + s.Uitkomst + "\n" + s.Resultaat + "\n" // the component's own words
			for _, f := range s.Velden {
				typed += string(f.json()) + "\n"
			}
			if !s.Bron.Gevonden {
				continue
			}
			raw, err := s.Bron.Antwoord()
			if err != nil {
				t.Fatal(err)
			}
			for value := range Waarden(t, raw) {
				said[value] = true
			}
			maps.Copy(kept, Waarden(t, onder(t, raw, s.Bron.Bewaard)))
		}
	}
	after := component.Inhoud()
	for value := range said {
		if !kept[value] && !strings.Contains(typed, value) && strings.Count(after, value) > strings.Count(before, value) {
			t.Errorf("%q zei alleen een bron, en toch staat het in de opslag. Moet dat, zet dan in fieldlab.yaml bij purpose.stored welk veld en bij purpose.reason waarom", value)
		}
	}
}

// onder is the part of a document that the fields name.
func onder(t *testing.T, document []byte, fields []string) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(document, &v); err != nil {
		t.Fatal(err)
	}
	part, _ := outway.Prune(v, fields)
	raw, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// bronWeg begins a zaak while no source answers. What the zaak keeps it keeps,
// and it goes on when the sources are back; what it does not keep, nobody has.
func bronWeg(t *testing.T, o *Opzet) {
	t.Helper()
	path := o.paths[0]
	if len(path) < 2 || path[1].Soort != "lookup" {
		t.Skip("na het begin volgt geen bron")
	}
	component := Start(t, o)
	before := component.aantalZaken()
	component.Bron.Weg(true)
	l := component.Begin(path)
	b := l.visitor(path[0])
	page := b.Invullen(b.Open("/starten"), "/starten", path[0].Velden)
	if page.Status == http.StatusServiceUnavailable {
		if got := component.aantalZaken(); got != before {
			t.Errorf("er kwamen %d zaken bij terwijl de bron weg was", got-before)
		}
		return
	}
	l.begun(page)
	component.Bron.Weg(false)
	l.answers(1)
	component.Herstart() // proces tries again when it starts
	b = component.Bezoeker(o.Verloop.Rollen, path[0].Rol)
	wanted := html.EscapeString(path[1].Titel)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if page := b.Open("/zaken/" + l.Zaak); page.Status == http.StatusOK && !strings.Contains(page.Tekst, "wacht op een antwoord van een bron: "+wanted) {
			return
		}
	}
	t.Errorf("de zaak gaat niet verder nu de bron terug is")
}

// openbaar reads the specifications as anybody may.
func openbaar(t *testing.T, o *Opzet) {
	t.Helper()
	component := Start(t, o)
	for _, layer := range []string{start.Proces, start.Diensten} {
		var spec struct{ OpenAPI string }
		resp := component.API(layer, "/openapi.json", nil, &spec)
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(spec.OpenAPI, "3.0.") || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("laag %s: status %d, OpenAPI %q, Access-Control-Allow-Origin %q", layer, resp.StatusCode, spec.OpenAPI, resp.Header.Get("Access-Control-Allow-Origin"))
		}
	}
}
