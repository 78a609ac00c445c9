package proces

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// rolled gives two replicas on one store: the version of before, where a step is
// called bekijken, and the new one, where it is uitvoeren.
func rolled(t *testing.T) (older, newer *harness, s *processes) {
	t.Helper()
	newer, s = changed(t, inspecting, "bekijken: uitvoeren\n")
	older = &harness{t: t, name: newer.name, store: newer.store, source: newer.source, recorder: newer.recorder}
	spec := []byte(strings.ReplaceAll(string(newer.read("aanvraag.yaml")), "uitvoeren", "bekijken"))
	var err error
	older.process, err = New(Options{BPMN: []byte(inspecting(string(newer.read("aanvraag.bpmn")))), Spec: spec, Course: course(newer.name, newer.source), Processes: s,
		Zaken: newer.store, Subjects: newer.store, Marks: newer.store, Archive: newer.store, Inzage: newer.store, Logboek: newer.recorder, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err == nil {
		older.contract, err = rest.NewContract(spec)
	}
	if err != nil {
		t.Fatal(err)
	}
	return older, newer, s
}

func (h *harness) settle() {
	h.t.Helper()
	if err := h.process.Settle(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// tag is the version of a zaak as a replica shows it.
func (h *harness) tag(id string) string {
	h.t.Helper()
	return h.want(200, employee, "GET", "/zaken/"+id, "").header.Get("ETag")
}

// TestAZaakInARoll: one version begins a zaak and the other goes on with it, over a
// step that got another name. What a version cannot do it says politely, and no zaak
// and no line is lost.
func TestAZaakInARoll(t *testing.T) {
	older, newer, _ := rolled(t)
	older.settle()
	newer.settle()

	// Begun by the new one, judged by the old one: it brings the zaak to its own step.
	z := newer.want(201, citizen, "POST", "/zaken", application)
	older.want(200, employee, "POST", "/zaken/"+z.ID+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", older.tag(z.ID))
	if got := newer.store.zaken[z.ID].CurrentStep; got != "bekijken" {
		t.Fatalf("it is at %s", got)
	}
	a := newer.want(503, employee, "POST", "/zaken/"+z.ID+"/uitvoeren", `{}`, "If-Match", newer.tag(z.ID))
	if a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "gaat zo verder bij een andere stap") || !newer.process.versions.hurry.Load() {
		t.Errorf("%s", a.body)
	}
	newer.process.keepUp(t.Context())

	// Now the old one does not know the step.
	seen := older.want(200, employee, "GET", "/zaken/"+z.ID, "")
	if seen.Step.Title != "Uitvoeren (in een nieuwere versie, die nu wordt uitgerold)" {
		t.Errorf("the old version shows %q", seen.Step.Title)
	}
	a = older.want(503, employee, "POST", "/zaken/"+z.ID+"/bekijken", `{}`, "If-Match", seen.header.Get("ETag"))
	if a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "nieuwere versie") {
		t.Errorf("%s", a.body)
	}
	older.want(503, employee, "POST", "/zaken/"+z.ID+"/bevragingen", `{}`)
	older.process.keepUp(t.Context()) // it leaves the zaak where the new one put it
	newer.want(200, employee, "POST", "/zaken/"+z.ID+"/uitvoeren", `{}`, "If-Match", newer.tag(z.ID))
	history := older.want(200, employee, "GET", "/zaken/"+z.ID, "").History
	if last := newer.store.zaken[z.ID]; last.Open() || len(newer.store.statuses[z.ID]) != 5 || len(history) < 4 {
		t.Errorf("%+v\n%+v\n%+v", last, newer.store.statuses[z.ID], history)
	}
}

// TestAnEarlierVersionComesBack: a pod of before that starts again during a roll, or
// after a rollback, starts; zaken at a step of the later version wait for that, are
// there for everybody and are named in the health answer.
func TestAnEarlierVersionComesBack(t *testing.T) {
	older, newer, s := rolled(t)
	older.settle()
	newer.settle()
	z := newer.want(201, citizen, "POST", "/zaken", application)
	newer.want(200, employee, "POST", "/zaken/"+z.ID+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", newer.tag(z.ID))
	again, _, _ := rolled(t)
	again.store, again.process.Processes = newer.store, s
	again.process.Zaken, again.process.Subjects, again.process.Marks = newer.store, newer.store, newer.store
	again.settle()
	if all := again.process.warnings(); len(all) != 1 || !strings.Contains(all[0], "Bij stap uitvoeren staan lopende zaken: 1") {
		t.Errorf("%q", all)
	}
	list := again.want(200, employee, "GET", "/zaken", "")
	if !strings.Contains(list.body, z.ID) {
		t.Errorf("%s", list.body)
	}
	again.want(201, citizen, "POST", "/zaken", application)
	if len(s.carried) != 0 {
		t.Errorf("it moved %+v", s.carried)
	}
	// A process that was not there before ours is no later version: the step is gone.
	s.defined = s.defined[1:]
	again.process.versions.own = 0
	if err := again.process.Settle(t.Context()); err == nil {
		t.Error("a new process starts without a step at which a zaak stands")
	}
}

// TestManyZakenInARoll: two versions with many callers; every zaak gets to its end,
// with each step done once.
func TestManyZakenInARoll(t *testing.T) {
	older, newer, _ := rolled(t)
	older.settle()
	newer.settle()
	const many = 40
	ids := make([]string, many)
	for i := range ids {
		h := []*harness{older, newer}[i%2]
		ids[i] = h.want(201, citizen, "POST", "/zaken", application).ID
	}
	var work sync.WaitGroup
	for i, id := range ids {
		work.Go(func() {
			for turn := i; turn < i+400; turn++ {
				h, step := older, "bekijken"
				if turn%2 == 0 {
					h, step = newer, "uitvoeren"
				}
				at := h.call(employee, "GET", "/zaken/"+id, "")
				body := `{}`
				if at.Step.Name == "beoordelen" {
					step, body = "beoordelen", `{"uitkomst":"akkoord"}`
				}
				if at.Resultaat != "" {
					return
				}
				switch a := h.call(employee, "POST", "/zaken/"+id+"/"+step, body, "If-Match", at.header.Get("ETag")); a.status {
				case 200, 503, 409, 412:
				default:
					t.Errorf("%d %s", a.status, a.body)
					return
				}
				if turn%7 == 0 {
					newer.process.keepUp(t.Context())
					older.process.keepUp(t.Context())
				}
			}
		})
	}
	work.Wait()
	for _, id := range ids {
		z, done := newer.store.zaken[id], 0
		for _, line := range newer.store.statuses[id] {
			if line.Kind != outway.Transition {
				done++
			}
		}
		if z.Resultaat != "toegekend" || done != 4 {
			t.Errorf("%+v after %d steps", z, done)
		}
	}
}

// TestAStepOfALaterVersion: a version of before finds out by itself that there is a
// later one; and a step of an earlier version is gone, also for one that ran before.
func TestAStepOfALaterVersion(t *testing.T) {
	older, newer, _ := rolled(t)
	older.settle()
	z := older.want(201, citizen, "POST", "/zaken", application)
	newer.settle()
	newer.want(200, employee, "POST", "/zaken/"+z.ID+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", newer.tag(z.ID))
	if title := older.want(200, employee, "GET", "/zaken/"+z.ID, "").Step.Title; title != "Uitvoeren (in een nieuwere versie, die nu wordt uitgerold)" {
		t.Errorf("the old version shows %q", title)
	}
	h, _ := changed(t, inspecting, "")
	h.settle()
	h.put(1, "bekijken", "")
	if _, refused := errors.AsType[*Refusal](h.process.Settle(t.Context())); !refused {
		t.Error("it starts again without a step at which a zaak stands")
	}
}
