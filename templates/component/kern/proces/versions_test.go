package proces

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// processes is what layer 2 does with processes, on the store of the harness.
type processes struct {
	*store
	defined []outway.Definition
	away    bool
	asked   int // definitions with their text
	carried []outway.Carry
}

func (s *processes) Processes(_ context.Context, zaaktype string) (k outway.Processes, err error) {
	if s.away {
		return k, errDown
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.defined {
		d.BPMN = ""
		k.Definitions = append(k.Definitions, d)
	}
	counts := map[outway.OpenAt]int{}
	for _, z := range s.zaken {
		if z.Open() && z.Zaaktype == zaaktype {
			counts[outway.OpenAt{Step: z.CurrentStep, Began: z.Began, Stays: z.Stays}]++
		}
	}
	for at, n := range counts {
		at.Count = n
		k.Open = append(k.Open, at)
	}
	slices.SortFunc(k.Open, func(a, b outway.OpenAt) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return k, nil
}

func (s *processes) Definition(_ context.Context, _ string, version int) (outway.Definition, error) {
	s.asked++
	if s.away {
		return outway.Definition{}, errDown
	}
	for _, d := range s.defined {
		if d.Version == version {
			return d, nil
		}
	}
	return outway.Definition{}, status(http.StatusNotFound)
}

func (s *processes) Define(_ context.Context, _ string, n outway.NewDefinition) (int, error) {
	for _, d := range s.defined {
		if d.Sum == n.Sum {
			return d.Version, nil
		}
	}
	s.defined = append(s.defined, outway.Definition{Version: len(s.defined) + 1, Sum: n.Sum, BPMN: n.BPMN})
	return len(s.defined), nil
}

func (s *processes) Carry(_ context.Context, zaaktype string, c outway.Carry) (count int, err error) {
	if s.away {
		return 0, errDown
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carried = append(s.carried, c)
	for id, z := range s.zaken {
		if z.Zaaktype != zaaktype || z.CurrentStep != c.From || !z.Open() || z.Stopped() || count == c.Most || c.Stays != 0 && (z.Stays != 0 || z.Began != c.Began) {
			continue
		}
		count++
		z.Stays = c.Stays
		if c.Stays == 0 {
			z.CurrentStep, z.Version, z.ChangedAt = c.To, next(z.Version), time.Now()
			s.statuses[id] = append(s.statuses[id], outway.StatusRecord{Statustype: c.To, Statustoelichting: c.Text, DatumStatusGezet: time.Now(), Kind: outway.Transition})
		}
	}
	return count, nil
}

// changed is a harness of which zaken began under another process: old is its file,
// version 1.
func changed(t *testing.T, old func(string) string, overgang string) (*harness, *processes) {
	t.Helper()
	h := newHarness(t, "aanvraag")
	before := old(string(h.read("aanvraag.bpmn")))
	model, err := bpmn.Parse([]byte(before))
	if err != nil {
		t.Fatal(err)
	}
	s := &processes{store: h.store, defined: []outway.Definition{{Version: 1, Sum: model.Sum(), BPMN: before}}}
	h.process.Processes, h.process.Transitions = s, []byte(overgang)
	h.process.BPMN = h.read("aanvraag.bpmn")
	var faults []error
	h.process.moves, faults = readTransitions([]byte(overgang))
	if faults = append(faults, h.process.checker.checkTransitions(h.process.moves)...); len(faults) > 0 {
		t.Fatal(errors.Join(faults...))
	}
	h.process.checker.transitions = h.process.moves
	return h, s
}

// inspecting is the process with a step that is called otherwise today.
func inspecting(s string) string {
	s = strings.ReplaceAll(s, `"uitvoeren"`, `"bekijken"`)
	return strings.ReplaceAll(s, `name="Uitvoeren"`, `name="Ter plaatse bekijken"`)
}

// put makes a zaak as it would be after some steps.
func (h *harness) put(began int, step, result string, statuses ...outway.StatusRecord) string {
	h.t.Helper()
	z, err := h.store.CreateZaak(h.t.Context(), outway.NewZaak{Omschrijving: "Aanvraag", Zaaktype: h.process.model.Name, CurrentStep: step, Initiator: citizen.ID, Process: began}, outway.Key{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.store.zaken[z.ID].Resultaat = result
	if result != "" {
		h.store.zaken[z.ID].Einddatum = "2026-11-23"
	}
	for i := range statuses {
		statuses[i].DatumStatusGezet = time.Now().Add(time.Duration(i)*time.Minute - time.Hour)
	}
	if statuses != nil {
		h.store.statuses[z.ID] = statuses
	}
	return z.ID
}

// TestNoZaakIsInvisible: wherever a zaak stands, whoever may see it sees it, and a
// list holds as many as it counts.
func TestNoZaakIsInvisible(t *testing.T) {
	h, s := changed(t, inspecting, "bekijken: uitvoeren\n")
	h.store.zaken = map[string]*outway.Zaak{}
	if err := h.process.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		id    string
		title string
		kind  string
	}{
		"at a step of before":      {h.put(1, "bekijken", ""), "Ter plaatse bekijken (deze stap bestaat niet meer)", "task"},
		"at a step nobody knows":   {h.put(0, "verdwenen", ""), "verdwenen (deze stap bestaat niet meer)", "task"},
		"ended at a step of then":  {h.put(1, "bekijken", "toegekend"), "Ter plaatse bekijken", "task"},
		"ended where nobody knows": {h.put(0, "weg", "weg"), "weg", "end"},
	} {
		for _, u := range []identity.User{citizen, employee} {
			z := h.want(200, u, "GET", "/zaken/"+c.id, "")
			if z.Step.Title != c.title || z.Step.Kind != c.kind || z.Step.Role != "" {
				t.Errorf("%s, for %s: %+v", name, u.Role, z.Step)
			}
			list := h.want(200, u, "GET", "/zaken", "")
			if !strings.Contains(list.body, c.id) || strings.Count(list.body, `"identificatie"`) != 4 || !strings.Contains(list.body, `"count":4`) {
				t.Errorf("%s: the list of %s is %s", name, u.Role, list.body)
			}
			h.want(200, u, "GET", "/zaken/"+c.id+"/verwerkingen", "")
		}
		h.want(404, stranger, "GET", "/zaken/"+c.id, "")
		tag := h.want(200, employee, "GET", "/zaken/"+c.id, "").header.Get("ETag")
		h.want(409, employee, "POST", "/zaken/"+c.id+"/uitvoeren", `{}`, "If-Match", tag)
		h.want(409, employee, "POST", "/zaken/"+c.id+"/bevragingen", `{}`)
		h.want(200, employee, "GET", "/zaken/"+c.id+"/markeringen", "")
	}
	if n := s.asked; n > 2 {
		t.Errorf("layer 2 was asked %d times for a process", n)
	}
}

// TestHistoryShowsEveryLine, also of steps that are in the process no more and of
// lookups that a form asked at once, with the titles of then.
func TestHistoryShowsEveryLine(t *testing.T) {
	h, _ := changed(t, func(s string) string {
		s = strings.ReplaceAll(inspecting(s), `"opzoeken"`, `"naslaan"`)
		return strings.ReplaceAll(s, `name="uitkomst.akkoord" value="Akkoord"`, `name="uitkomst.akkoord" value="Goedgevonden"`)
	}, "bekijken: uitvoeren\n")
	if err := h.process.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := h.put(1, "toegekend", "toegekend",
		outway.StatusRecord{Statustype: "naslaan"},
		outway.StatusRecord{Statustype: "beoordelen", Outcome: "gevonden"},
		outway.StatusRecord{Statustype: "bekijken", Outcome: "akkoord", Statustoelichting: "Ga kijken"},
		outway.StatusRecord{Statustype: "uitvoeren", Kind: outway.Transition, Statustoelichting: "De stap bestaat niet meer"},
		outway.StatusRecord{Statustype: "toegekend"})
	asked := h.put(1, "beoordelen", "", outway.StatusRecord{Statustype: "aanvragen"}, outway.StatusRecord{Statustype: "beoordelen", Outcome: "niet-gevonden"})
	lost := h.put(0, "uitvoeren", "", outway.StatusRecord{Statustype: "opzoeken"}, outway.StatusRecord{Statustype: "raadsel", Outcome: "gevonden"}, outway.StatusRecord{Statustype: "uitvoeren", Outcome: "gezien"})
	for _, c := range []struct {
		id   string
		want []string
	}{
		{id, []string{"procesversie|Begonnen onder versie 1 van het proces||", "aanvragen|Aanvragen||", "naslaan|Adres opzoeken|Gevonden|", "beoordelen|Beoordelen|Goedgevonden|Ga kijken",
			"overgang|Het proces is gewijzigd||De stap bestaat niet meer", "uitvoeren|Uitvoeren||", "toegekend|Toegekend||"}},
		{asked, []string{"procesversie|Begonnen onder versie 1 van het proces||", "aanvragen|Aanvragen||", "naslaan|Adres opzoeken|Niet gevonden|"}},
		{lost, []string{"aanvragen|Aanvragen||", "opzoeken|Adres opzoeken|Gevonden|", "raadsel|raadsel|gezien|"}},
	} {
		var got []string
		for _, e := range h.want(200, employee, "GET", "/zaken/"+c.id, "").History {
			got = append(got, strings.Join([]string{e.Step, e.Title, e.Outcome, e.Explanation}, "|"))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("the history is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	report := inzage.Report{Zaken: []inzage.Zaak{{Relation: inzage.Applicant, Step: "bekijken", Statuses: []inzage.Status{{Step: "beoordelen"}, {Step: "bekijken", Outcome: "akkoord"}, {Step: "raadsel"}}}}}
	Explain(&report, h.process.models(t.Context(), outway.Zaak{}), h.process.Course, nil)
	if z := report.Zaken[0]; z.Step != "Ter plaatse bekijken" || z.Statuses[0].Step != "Beoordelen" || z.Statuses[1].Step != "Ter plaatse bekijken" || z.Statuses[1].Outcome != "Akkoord" || z.Statuses[2].Step != "raadsel" {
		t.Errorf("the report is %+v", z)
	}
}

// TestWhatLayer2DoesNotGiveNowIsShownLater: the name stands in the place of the title
// as long as it is away, and it is not asked for every zaak again.
func TestWhatLayer2DoesNotGiveNowIsShownLater(t *testing.T) {
	h, s := changed(t, inspecting, "bekijken: uitvoeren\n")
	if err := h.process.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := h.put(1, "bekijken", "")
	s.away, s.asked = true, 0
	for range 3 {
		if z := h.want(200, employee, "GET", "/zaken/"+id, ""); !strings.HasPrefix(z.Step.Title, "bekijken ") {
			t.Errorf("the step is called %s", z.Step.Title)
		}
	}
	if s.asked != 1 {
		t.Errorf("layer 2 was asked %d times", s.asked)
	}
	s.away = false
	now := time.Now()
	h.process.now = func() time.Time { return now.Add(2 * again) }
	if z := h.want(200, employee, "GET", "/zaken/"+id, ""); !strings.HasPrefix(z.Step.Title, "Ter plaatse bekijken") {
		t.Errorf("the step is called %s", z.Step.Title)
	}
	s.defined[0].BPMN = "geen BPMN"
	h.process.versions.read = nil
	if z := h.want(200, employee, "GET", "/zaken/"+id, ""); !strings.HasPrefix(z.Step.Title, "bekijken ") {
		t.Errorf("of a process that nobody can read the step is called %s", z.Step.Title)
	}
}

// TestSettleCarriesOnceAndKeepsUp: also what an older replica brings, and what a mark
// held back.
func TestSettleCarriesOnceAndKeepsUp(t *testing.T) {
	h, s := changed(t, inspecting, "bekijken: uitvoeren\n")
	held, moved := h.put(1, "bekijken", ""), h.put(1, "bekijken", "")
	h.store.zaken[held].Marks = []string{"beperking"}
	for range 2 {
		if err := h.process.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.store.statuses[moved]) != 2 || h.store.zaken[moved].CurrentStep != "uitvoeren" || h.store.zaken[held].CurrentStep != "bekijken" {
		t.Errorf("%+v, %+v", h.store.zaken[moved], h.store.zaken[held])
	}
	if h.process.version() != 2 {
		t.Errorf("the process of today is version %d", h.process.version())
	}
	carried := len(s.carried)
	h.process.keepUp(t.Context())
	if len(s.carried) != carried {
		t.Error("a zaak that stands still is carried again and again")
	}
	h.store.zaken[held].Marks = nil
	late := h.put(1, "bekijken", "")
	stray := h.put(0, "verdwenen", "")
	h.process.keepUp(t.Context())
	for _, id := range []string{held, late} {
		if z := h.store.zaken[id]; z.CurrentStep != "uitvoeren" {
			t.Errorf("%+v was left behind", z)
		}
	}
	if all := h.process.warnings(); len(all) != 1 || !strings.Contains(all[0], "Bij stap verdwenen, die niet meer bestaat, staan lopende zaken: 1") {
		t.Errorf("the health answer warns of %q", all)
	}
	delete(h.store.zaken, stray)
	h.process.keepUp(t.Context())
	if all := h.process.warnings(); len(all) != 0 {
		t.Errorf("the health answer still warns of %q", all)
	}
	if new := h.want(201, citizen, "POST", "/zaken", application); h.store.zaken[new.ID].Began != 2 {
		t.Errorf("a new zaak begins under %d", h.store.zaken[new.ID].Began)
	}
}

// TestSettleRefuses what would leave a zaak to nobody, with all of it at once, and
// changes nothing.
func TestSettleRefuses(t *testing.T) {
	h, s := changed(t, func(s string) string {
		s = strings.ReplaceAll(inspecting(s), `candidateGroups="behandelaar"`, `candidateGroups="inspecteur"`)
		for _, name := range []string{"id", "sourceRef", "targetRef", "bpmnElement"} {
			s = strings.ReplaceAll(s, name+`="aanvullen"`, name+`="bijwerken"`)
		}
		return strings.ReplaceAll(s, "adressen.zoekAdres", "kadaster.zoek")
	}, "# waar zij heen gaan\nbekijken: blijft\nverdwenen: blijft\n")
	for _, step := range []string{"bekijken", "bekijken", "bijwerken"} {
		h.put(1, step, "")
	}
	h.put(0, "verdwenen", "")
	h.put(1, "beoordelen", "")
	err := h.process.Settle(t.Context())
	if _, refused := errors.AsType[*Refusal](err); !refused {
		t.Fatalf("it settles: %v", err)
	}
	for _, want := range []string{
		"1 lopende zaak bij een stap die niet meer in het proces staat", "bijwerken (“Aanvullen”): 1 lopende zaak", "\nbijwerken: aanvullen\n", "Vul het bestand aan 4-proces/overgang.yaml",
		"4-proces/overgang.yaml regel 3: 1 lopende zaak staan bij verdwenen en kunnen niet op het oude proces blijven",
		"4-proces/overgang.yaml regel 2: 2 lopende zaken bij bekijken kunnen niet verder op versie 1", "rol inspecteur van stap bekijken ontbreekt in 4-proces/rollen.go",
		"POST /zaken/{zaakId}/bekijken ontbreekt in 4-proces/openapi.yaml",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "go run . reset") || len(s.defined) != 1 || len(s.carried) != 0 {
		t.Errorf("something changed: %d definitions, %v\n%v", len(s.defined), s.carried, err)
	}
	h.process.Development = true
	if err := h.process.Settle(t.Context()); !strings.Contains(err.Error(), "go run . reset") {
		t.Errorf("%v", err)
	}
	s.away = true
	if err := h.process.Settle(t.Context()); err == nil || errors.As(err, new(*Refusal)) {
		t.Errorf("layer 2 is away: %v", err)
	}
}

// TestAZaakStaysOnItsProcess: with its own outcomes, titles and next steps, also at a
// step that today's process has as well.
func TestAZaakStaysOnItsProcess(t *testing.T) {
	h, s := changed(t, func(s string) string {
		s = strings.ReplaceAll(s, `name="Beoordelen"`, `name="Wegen"`)
		// Then there was nothing to add.
		return strings.Replace(strings.Replace(s, `targetRef="toegekend"`, `targetRef="X"`, 1), `targetRef="X"`, `targetRef="toegekend"`, 1)
	}, "")
	if err := h.process.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.defined) != 1 {
		t.Fatal("another title is no other process")
	}
	s.defined[0].Sum = "anders"
	h.process.versions = versions{}
	id := h.put(1, "beoordelen", "")
	h.store.zaken[id].Stays = 1
	if err := h.process.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	z := h.want(200, employee, "GET", "/zaken/"+id, "")
	if z.Step.Title != "Wegen" || z.Drawing != 1 {
		t.Errorf("the zaak is at %+v of %d", z.Step, z.Drawing)
	}
	if tasks := h.want(200, employee, "GET", "/taken?rol=behandelaar", ""); !strings.Contains(tasks.body, "Wegen") {
		t.Errorf("the tasks are %s", tasks.body)
	}
	z = h.want(200, employee, "POST", "/zaken/"+id+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", z.header.Get("ETag"))
	if z.Step.Name != "uitvoeren" || z.Drawing != 1 || h.store.zaken[id].Stays != 1 {
		t.Errorf("the zaak went to %+v", z.Step)
	}
}

// TestMistakesInTheFileWithTransitions are all named, with their lines.
func TestMistakesInTheFileWithTransitions(t *testing.T) {
	h := newHarness(t, "aanvraag")
	contract, err := rest.NewContract(h.read("aanvraag.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	read := func(text string) string {
		_, _, err := Room{BPMN: h.read("aanvraag.bpmn"), Transitions: []byte(text), Contract: contract, Course: course("aanvraag", h.source)}.Read()
		return fmt.Sprint(err)
	}
	for _, good := range []string{"", "# niets\n", "oud: beoordelen\n", "\"oud\": 'beoordelen' # zo\n112: blijft\n", "ja: aanvullen\nnee: opzoeken\n", "---\noud: blijft\n", "{}"} {
		if got := read(good); got != "<nil>" {
			t.Errorf("%q: %s", good, got)
		}
	}
	for text, want := range map[string][]string{
		"a: b\nb: beoordelen\n":                       {"regel 1: stap b is er ook niet meer; schrijf meteen waar het eindigt: a: beoordelen"},
		"a: b\nb: c\nc: a\n":                          {"regel 1: a gaat via b rond", "regel 2: b gaat via c rond", "regel 3: c gaat via a rond"},
		"a: b\nb: blijft\n":                           {"regel 1: stap b is er ook niet meer, en zaken die daar staan blijven"},
		"a: b\nb: c\n":                                {"regel 1: stap b is er ook niet meer; kies een stap die er is", "regel 2: stap c staat niet in"},
		"a: a\n":                                      {"regel 1: a verwijst naar zichzelf"},
		"beoordelen: blijft\n":                        {"regel 1: stap beoordelen bestaat nog"},
		"a: toegekend\n":                              {"regel 1: toegekend is een einde"},
		"a: aanvragen\n":                              {"regel 1: aanvragen is het formulier waarmee een zaak begint"},
		"a: nergens\n":                                {"regel 1: stap nergens staat niet in 4-proces/proces.bpmn; kies uit: opzoeken, beoordelen, aanvullen, uitvoeren"},
		"a: blijft\n\na: aanvullen\n":                 {"regel 3: a staat er al, op regel 1"},
		"a:\n  - b\nc: {d: e}\nf:\n? [g]\n: h\n":      {"regel 1: bij a hoort één naam", "regel 3: bij c hoort één naam", "regel 4: bij f hoort één naam", "regel 5: links van de dubbele punt"},
		"- a\n- b\n":                                  {"regel 1: hier horen regels in de vorm"},
		"a: &x blijft\nb: *x\n<<: *x\n":               {"regel 1: bij a hoort één naam", "regel 2: bij b hoort één naam", "regel 3: links van de dubbele punt"},
		"a: !!str blijft\n":                           {"regel 1: bij a hoort één naam"},
		"a: b: c\n":                                   {"geen geldige YAML"},
		"a: blijft\n---\nb: blijft\n":                 {"er staat een tweede document"},
		"a: blijft\n  b: \"\n":                        {"geen geldige YAML"},
		strings.Repeat("x", maxTransitionsFile) + "y": {"groter dan 1 MiB"},
	} {
		got := read(text)
		for _, w := range want {
			if !strings.Contains(got, w) || !strings.Contains(got, TransitionsFile) {
				t.Errorf("%.40q: %q is not in\n%s", text, w, got)
			}
		}
		if n := strings.Count(got, "\n") + 1; n != len(want) {
			t.Errorf("%.40q: %d mistakes, want %d:\n%s", text, n, len(want), got)
		}
	}
}

func FuzzTransitions(f *testing.F) {
	for _, seed := range []string{"a: b\nb: beoordelen\n", "a: &x y\nb: *x\n", "? [a]\n: b\n", "---\n---\n", "a: |\n  x\n  y\n", "a: blijft #", "\xff\xfe"} {
		f.Add([]byte(seed))
	}
	raw, err := os.ReadFile("testdata/aanvraag.bpmn")
	if err != nil {
		f.Fatal(err)
	}
	model, err := bpmn.Parse(raw)
	if err != nil {
		f.Fatal(err)
	}
	c := checker{model: model, whole: true}
	f.Fuzz(func(t *testing.T, data []byte) {
		moves, faults := readTransitions(data)
		faults = append(faults, c.checkTransitions(moves)...)
		for _, fault := range faults {
			if !strings.Contains(fault.Error(), TransitionsFile) {
				t.Errorf("%v names no file", fault)
			}
		}
		for from, tr := range moves {
			if from == "" || tr.From != from || tr.Line < 1 {
				t.Errorf("%q: %+v", from, tr)
			}
			if again, faults := readTransitions([]byte(transitionLine(from, cmpStay(tr.To)))); len(faults) > 0 || again[from].To != tr.To {
				t.Errorf("the line for %q and %q is read as %+v (%v)", from, tr.To, again, faults)
			}
		}
	})
}

func cmpStay(to string) string {
	if to == "" {
		return stays
	}
	return to
}
