package proces

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// processes is what layer 2 does with processes, on the store of the harness.
type processes struct {
	*store
	defined []outway.Definition
	away    bool
	asked   int // definitions with their text
	others  []outway.OtherType
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
	k.Others = s.others
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
	s.mu.Lock()
	defer s.mu.Unlock()
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
	s.mu.Lock()
	defer s.mu.Unlock()
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
		code := 409
		if name == "at a step of before" { // it goes on by itself
			code = 503
		}
		h.want(code, employee, "POST", "/zaken/"+c.id+"/uitvoeren", `{}`, "If-Match", tag)
		h.want(code, employee, "POST", "/zaken/"+c.id+"/bevragingen", `{}`)
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

// TestVersionOfAMoment: no zaak ran in a process from before it began, whatever the
// clocks say, and nobody works by a process on which no zaak stays.
func TestVersionOfAMoment(t *testing.T) {
	h := newHarness(t, "aanvraag")
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	earlier := *h.process.model
	h.process.versions = versions{
		own: 3, all: []int{3, 2, 1}, read: map[int]*bpmn.Process{1: &earlier, 2: &earlier}, stays: map[int]bool{1: true, 3: true},
		seen: map[int]time.Time{1: noon.Add(-2 * time.Hour), 2: noon, 3: noon.Add(2 * time.Hour)},
	}
	for _, c := range []struct {
		zaak outway.Zaak
		at   time.Duration
		want int
	}{
		{outway.Zaak{Began: 1}, -time.Hour, 1}, {outway.Zaak{Began: 1}, time.Hour, 2}, {outway.Zaak{Began: 1}, 3 * time.Hour, 3},
		{outway.Zaak{Began: 2}, -time.Hour, 2}, {outway.Zaak{Began: 1, Stays: 1}, 3 * time.Hour, 1}, {outway.Zaak{}, time.Hour, -1},
	} {
		if got := h.process.then(c.zaak, noon.Add(c.at)); got != c.want {
			t.Errorf("%+v ran at %s in version %d, want %d", c.zaak, c.at, got, c.want)
		}
	}
	if all := h.process.staying(); len(all) != 1 {
		t.Errorf("zaken stay on %d processes, want 1", len(all))
	}
}
