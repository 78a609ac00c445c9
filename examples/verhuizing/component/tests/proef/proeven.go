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

	integratie "git.duinstad.test/burgerzaken/verhuizing/3-integratie"
	"git.duinstad.test/burgerzaken/verhuizing/internal/identity"
	"git.duinstad.test/burgerzaken/verhuizing/internal/start"
)

// Proces is the process that the tests walk through.
type Proces struct {
	Naam, Titel string // stored with each zaak
	Rollen      []identity.Role
	Paden       []Pad
	Woorden     []string // other words of the component itself, which its logbook holds
}

// Naam tells a path in one line.
func (p Pad) Naam() string {
	var words []string
	for _, s := range p {
		words = append(words, strings.TrimSuffix(s.Naam+" "+s.Uitkomst, " "))
	}
	return strings.Join(words, ", ")
}

// AllePaden walks one zaak along every path.
func AllePaden(t *testing.T, o Opzet, p Proces) {
	t.Helper()
	for _, path := range p.Paden {
		t.Run(path.Naam(), func(t *testing.T) {
			t.Parallel()
			l := Start(t, o).Begin(p.Rollen, path)
			for !l.Klaar() {
				l.Verder()
			}
			l.Controleer()
		})
	}
}

// Herstarten restarts the component after every step of the longest path.
func Herstarten(t *testing.T, o Opzet, p Proces) {
	t.Helper()
	component := Start(t, o)
	l := component.Begin(p.Rollen, p.langste())
	for !l.Klaar() {
		l.Verder()
		component.Herstart()
		l.Vergeet()
	}
	l.Controleer()
}

func (p Proces) langste() Pad {
	return slices.MaxFunc(p.Paden, func(a, b Pad) int { return len(a) - len(b) })
}

// TweeKeerVersturen submits the same form twice: that makes one zaak.
func TweeKeerVersturen(t *testing.T, o Opzet, p Proces) {
	t.Helper()
	component := Start(t, o)
	l := component.Begin(p.Rollen, p.Paden[0])
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

// NietBewaard walks along every path and then searches the store for what only
// the sources said, but for the fields of which the answers say why they are
// stored.
func NietBewaard(t *testing.T, o Opzet, p Proces) {
	t.Helper()
	component := Start(t, o)
	before := component.Inhoud()
	component.run()
	said, kept, typed := map[string]bool{}, map[string]bool{}, p.Naam+"\n"+p.Titel+"\n"+strings.Join(p.Woorden, "\n")+"\n"
	for _, path := range p.Paden {
		l := component.Begin(p.Rollen, path)
		for !l.Klaar() {
			l.Verder()
		}
		for _, s := range path {
			typed += s.Naam + "\n" + s.Titel + "\n" + s.Uitkomst + "\n" + s.Resultaat + "\n" // the component's own words
			for _, f := range s.Velden {
				typed += f.Form + "\n" + f.JSON + "\n"
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
	part, _ := integratie.Prune(v, fields)
	raw, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// BronWeg begins a zaak while no source answers. What the zaak keeps it keeps,
// and it goes on when the sources are back; what it does not keep, nobody has.
func BronWeg(t *testing.T, o Opzet, p Proces) {
	t.Helper()
	path := p.Paden[0]
	if len(path) < 2 || path[1].Soort != "lookup" {
		t.Skip("na het begin volgt geen bron")
	}
	component := Start(t, o)
	before := component.aantalZaken()
	component.Bron.Weg(true)
	l := component.Begin(p.Rollen, path)
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
	b = component.Bezoeker(p.Rollen, path[0].Rol)
	wanted := html.EscapeString(path[1].Titel)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if page := b.Open("/zaken/" + l.Zaak); page.Status == http.StatusOK && !strings.Contains(page.Tekst, "wacht op een antwoord van een bron: "+wanted) {
			return
		}
	}
	t.Errorf("de zaak gaat niet verder nu de bron terug is")
}

// Openbaar reads the specifications as anybody may.
func Openbaar(t *testing.T, o Opzet) {
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
