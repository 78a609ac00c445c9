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

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// Name tells a route in one line.
func (r Route) Name() string {
	var words []string
	for _, s := range r {
		words = append(words, strings.TrimSuffix(s.Name+" "+s.Outcome, " "))
	}
	return strings.Join(words, ", ")
}

// oneRoute walks a zaak along the shortest route.
func oneRoute(t *testing.T, o *Setup) {
	t.Helper()
	along(t, o, o.paths[0])
}

// along walks a zaak from its beginning to its end.
func along(t *testing.T, o *Setup, path Route) {
	t.Helper()
	w := Start(t, o).Begin(path)
	for !w.Done() {
		w.Advance()
	}
	w.Check()
}

// everyRoute walks one zaak along each of the other routes.
func everyRoute(t *testing.T, o *Setup) {
	t.Helper()
	for _, path := range o.paths[1:] {
		t.Run(path.Name(), func(t *testing.T) {
			t.Parallel()
			along(t, o, path)
		})
	}
}

// restart restarts the component after every step of the longest route.
func restart(t *testing.T, o *Setup) {
	t.Helper()
	component := Start(t, o)
	w := component.Begin(o.longest())
	for !w.Done() {
		w.Advance()
		component.Restart()
		w.Forget()
	}
	w.Check()
}

func (o *Setup) longest() Route {
	return slices.MaxFunc(o.paths, func(a, b Route) int { return len(a) - len(b) })
}

// submitTwice submits the same form twice: that makes one zaak.
func submitTwice(t *testing.T, o *Setup) {
	t.Helper()
	component := Start(t, o)
	w := component.Begin(o.paths[0])
	before := component.countZaken()
	first := w.route[0]
	v := w.visitor(w.route[w.nextHuman(0)])
	page := v.Open("/starten")
	for range 2 {
		w.answers(1)
		if answer := v.FillIn(page, "/starten", first.Fields); answer.Status != http.StatusOK {
			t.Fatalf("status %d: %s", answer.Status, answer.Mistakes())
		}
	}
	if got := component.countZaken() - before; got != 1 {
		t.Errorf("twee keer versturen maakte %d zaken", got)
	}
}

func (p *Trial) countZaken() int {
	p.t.Helper()
	var list struct{ Count int }
	p.API(start.LayerServices, "/zaken", nil, &list)
	return list.Count
}

// notStored walks along every route and then searches the store for what only
// the sources said, but for the fields of which the answers say why they are
// stored.
func notStored(t *testing.T, o *Setup) {
	t.Helper()
	component := Start(t, o)
	before := component.Content()
	component.run()
	said, kept, typed := map[string]bool{}, map[string]bool{}, o.ownWords()
	for _, path := range o.paths {
		w := component.Begin(path)
		for !w.Done() {
			w.Advance()
		}
		for _, s := range path {
			typed += s.Name + "\n" + s.Title + "\n" + s.Outcome + "\n" + s.Resultaat + "\n" // the component's own words
			for _, f := range s.Fields {
				typed += string(f.json()) + "\n"
			}
			if !s.Bron.Found {
				continue
			}
			raw, err := s.Bron.Answer()
			if err != nil {
				t.Fatal(err)
			}
			for value := range Values(t, raw) {
				said[value] = true
			}
			maps.Copy(kept, Values(t, below(t, raw, s.Bron.Stored)))
		}
	}
	after := component.Content()
	for value := range said {
		if !kept[value] && !strings.Contains(typed, value) && strings.Count(after, value) > strings.Count(before, value) {
			t.Errorf("%q zei alleen een bron, en toch staat het in de opslag. Moet dat, zet dan in fieldlab.yaml bij purpose.stored welk veld en bij purpose.reason waarom", value)
		}
	}
}

// below is the part of a document that the fields name.
func below(t *testing.T, document []byte, fields []string) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(document, &v); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(partsAt(v, "", fields))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// partsAt gathers what stands at a path that ends with one of the fields.
func partsAt(v any, at string, fields []string) (parts []any) {
	if slices.ContainsFunc(fields, func(f string) bool { return strings.HasSuffix("."+at, "."+f) }) {
		return []any{v}
	}
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			parts = append(parts, partsAt(below, strings.TrimPrefix(at+"."+name, "."), fields)...)
		}
	case []any:
		for _, below := range v {
			parts = append(parts, partsAt(below, at, fields)...)
		}
	}
	return parts
}

// asking is a route on which a source is asked right after the beginning; without
// one the test is not for this component.
func (o *Setup) asking(t *testing.T) Route {
	t.Helper()
	path := o.paths[0]
	if len(path) < 2 || path[1].Kind != "lookup" {
		t.Skip("na het begin volgt geen bron")
	}
	return path
}

// sourceAway begins a zaak while no source answers. What the zaak keeps it keeps,
// and it goes on when the sources are back; what it does not keep, nobody has.
func sourceAway(t *testing.T, o *Setup) {
	t.Helper()
	path := o.asking(t)
	component := Start(t, o)
	before := component.countZaken()
	component.Bron.SetDown(true)
	w := component.Begin(path)
	v := w.visitor(path[0])
	page := v.FillIn(v.Open("/starten"), "/starten", path[0].Fields)
	if page.Status == http.StatusServiceUnavailable {
		if got := component.countZaken(); got != before {
			t.Errorf("er kwamen %d zaken bij terwijl de bron weg was", got-before)
		}
		return
	}
	w.begun(page)
	if o.Course.Questions[path[1].Name].Once {
		return // it waits until somebody has the question put again
	}
	component.Bron.SetDown(false)
	w.answers(1)
	component.Restart() // proces tries again when it starts
	v = component.Visitor(o.Course.Roles, path[0].Role)
	wanted := html.EscapeString(path[1].Title)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if page := v.Open("/zaken/" + w.Zaak); page.Status == http.StatusOK && !strings.Contains(page.Text, "wacht op een antwoord van een bron: "+wanted) {
			return
		}
	}
	t.Errorf("de zaak gaat niet verder nu de bron terug is")
}

// published reads the specifications as anybody may.
func published(t *testing.T, o *Setup) {
	t.Helper()
	component := Start(t, o)
	for _, layer := range []string{start.LayerProcess, start.LayerServices} {
		var spec struct{ OpenAPI string }
		resp := component.API(layer, "/openapi.json", nil, &spec)
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(spec.OpenAPI, "3.0.") || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("laag %s: status %d, OpenAPI %q, Access-Control-Allow-Origin %q", layer, resp.StatusCode, spec.OpenAPI, resp.Header.Get("Access-Control-Allow-Origin"))
		}
	}
}
