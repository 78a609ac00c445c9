package proces

import (
	"errors"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

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
	if all := h.process.warnings(); len(all) != 1 || !strings.Contains(all[0], "Bij stap verdwenen staan lopende zaken: 1") {
		t.Errorf("the health answer warns of %q", all)
	}
	delete(h.store.zaken, stray)
	h.process.keepUp(t.Context())
	if all := h.process.warnings(); len(all) != 0 {
		t.Errorf("the health answer still warns of %q", all)
	}
	if z := h.want(201, citizen, "POST", "/zaken", application); h.store.zaken[z.ID].Began != 2 {
		t.Errorf("a new zaak begins under %d", h.store.zaken[z.ID].Began)
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
		"4-proces/overgang.yaml regel 3: 1 lopende zaak, bij verdwenen; op het oude proces blijven kan niet",
		"4-proces/overgang.yaml regel 2: 2 lopende zaken, bij bekijken; op versie 1 van het proces blijven kan nu niet", "rol inspecteur van stap bekijken ontbreekt in 4-proces/rollen.go",
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
	// Nor by a replica that runs already.
	h.process.versions.own = 2
	h.process.keepUp(t.Context())
	if len(s.carried) != 0 {
		t.Errorf("zaken that cannot stay went: %+v", s.carried)
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

// TestEveryStepAfterOneThatStays has to be there too, or stay as well.
func TestEveryStepAfterOneThatStays(t *testing.T) {
	h, _ := changed(t, func(s string) string {
		for _, name := range []string{"id", "sourceRef", "targetRef", "bpmnElement"} {
			s = strings.ReplaceAll(s, name+`="aanvullen"`, name+`="bijwerken"`)
		}
		return inspecting(s)
	}, "bijwerken: blijft\n")
	h.put(1, "bijwerken", "")
	if err := h.process.Settle(t.Context()); err == nil || !strings.Contains(err.Error(), "de zaak komt ook langs stap bekijken; zet in 4-proces/overgang.yaml ook: bekijken: blijft") {
		t.Errorf("got %v", err)
	}
}

// TestWhatStayingNeeds of the code that is here is named, each with its file.
func TestWhatStayingNeeds(t *testing.T) {
	for want, c := range map[string]struct {
		old        func(string) string
		step, says string
		forms      map[string]bool
	}{
		"de vraag van stap naslaan ontbreekt in 4-proces/verloop.go": {
			old: func(s string) string { return strings.ReplaceAll(s, `"opzoeken"`, `"naslaan"`) }, step: "naslaan", says: "naslaan: blijft\n",
		},
		"de vragen van stap aanvullen ontbreken in 5-interactie/schermen.go": {old: inspecting, step: "aanvullen", forms: map[string]bool{"aanvragen": true}},
		"uitkomst goed van stap beoordelen ontbreekt in 4-proces/openapi.yaml bij POST /zaken/{zaakId}/beoordelen": {
			old: func(s string) string { return strings.ReplaceAll(s, "akkoord", "goed") }, step: "beoordelen",
		},
	} {
		h, _ := changed(t, c.old, c.says)
		h.process.Forms = c.forms
		id := h.put(1, c.step, "")
		if c.says == "" {
			h.store.zaken[id].Stays = 1
		}
		if err := h.process.Settle(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}

// TestAZaakThatStaysIsLookedAtAtEachStart, also where its step is in the process of
// today: what it needs may have gone since.
func TestAZaakThatStaysIsLookedAtAtEachStart(t *testing.T) {
	h, _ := changed(t, func(s string) string {
		s = strings.ReplaceAll(s, `candidateGroups="behandelaar"`, `candidateGroups="inspecteur"`)
		return strings.ReplaceAll(s, "adressen.zoekAdres", "kadaster.zoek")
	}, "")
	id := h.put(1, "opzoeken", "")
	h.store.zaken[id].Stays = 1
	err := h.process.Settle(t.Context())
	for _, want := range []string{
		"1 lopende zaak, bij opzoeken; op versie 1 van het proces blijven kan nu niet",
		"stap opzoeken is er nu anders (een vraag aan adressen.zoekAdres) dan toen (een vraag aan kadaster.zoek)",
		"stap beoordelen is er nu anders (decide van rol behandelaar) dan toen (decide van rol inspecteur)",
		"rol inspecteur van stap beoordelen ontbreekt in 4-proces/rollen.go",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}

// TestARolloutIsLeftAlone: the step that a later process has again is not one that is
// gone.
func TestARolloutIsLeftAlone(t *testing.T) {
	h, s := changed(t, inspecting, "bekijken: uitvoeren\n")
	if err := h.process.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.defined = append(s.defined, outway.Definition{Version: 3, Sum: "later", BPMN: s.defined[0].BPMN})
	id := h.put(3, "bekijken", "")
	h.process.keepUp(t.Context())
	if z := h.store.zaken[id]; z.CurrentStep != "bekijken" {
		t.Errorf("a zaak of a later process went to %s", z.CurrentStep)
	}
	s.defined[2].BPMN = "iets van later"
	h.process.versions.read = nil
	h.process.keepUp(t.Context())
	if z := h.store.zaken[id]; z.CurrentStep != "bekijken" {
		t.Errorf("a zaak of a process that cannot be read here went to %s", z.CurrentStep)
	}
}

// TestAnotherNameHidesNoZaken: a process that is called otherwise leaves all zaken
// behind; zaken that another keeps in the same register are none of its business.
func TestAnotherNameHidesNoZaken(t *testing.T) {
	for name, c := range map[string]struct {
		ours, first, own, refused bool
	}{
		"a name of before":                      {ours: true, own: true, refused: true},
		"a name of before, at the first start":  {first: true, refused: true},
		"zaken of another":                      {own: true},
		"zaken of another, at the first start":  {first: true, own: true},
		"zaken of another, and none of our own": {},
	} {
		h, s := changed(t, inspecting, "")
		s.others = []outway.OtherType{{Zaaktype: "eerder", Count: 3, Ours: c.ours}}
		if c.first {
			s.defined = nil
		}
		if c.own {
			h.put(0, "beoordelen", "")
		}
		err := h.process.Settle(t.Context())
		if (err != nil) != c.refused || c.refused && !strings.Contains(err.Error(), "het register heeft 3 zaken van eerder") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
