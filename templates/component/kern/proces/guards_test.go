package proces

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// Whoever may only follow a zaak, because anybody may begin one, reads none of
// its files.
func TestAFileIsNotForWhoOnlyFollows(t *testing.T) {
	h, _ := withFiles(t)
	file := h.uploaded(citizen)
	z := h.want(201, citizen, "POST", "/zaken", filing(file.ID))
	first := h.process.startRole()
	first.Anonymous = true
	h.process.roles[first.Name] = first
	for _, u := range []identity.User{nobody, stranger} {
		if a := h.want(200, u, "GET", "/zaken/"+z.ID, ""); a.MaySee || a.Data != nil {
			t.Errorf("%s sees %s", u, a.body)
		}
		h.intern(404, u, "GET", "/zaken/"+z.ID+"/bestanden/bijlage", "")
	}
	h.intern(200, citizen, "GET", "/zaken/"+z.ID+"/bestanden/bijlage", "")
}

// A medewerker acts for the organisation, whatever a header says: a zaak that
// one begins is nobody's by that.
func TestAnEmployeeActsForNobody(t *testing.T) {
	h := newHarness(t, "aanvraag")
	for u, want := range map[identity.User]bool{agent: true, {ID: employee.ID, Role: employee.Role, Represents: agent.Represents}: false} {
		r := httptest.NewRequest("GET", "/", nil)
		got, err := h.process.user(r.WithContext(identity.NewContext(r.Context(), u)))
		if err != nil || got.Represents.Known() != want {
			t.Errorf("%s acts for %q: %v", u, got.Represents.ID, err)
		}
	}
}

// A zaak that a mark stops puts no question to a source, wherever it was on its
// way when the mark came.
func TestAStoppedZaakAsksNoSource(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.want(201, citizen, "POST", "/zaken", application)
	z := h.only()
	var lookup string
	for step := range h.process.Course.Questions {
		lookup = step
	}
	z.CurrentStep, z.Marks = lookup, []string{"beperking"}
	asked := len(h.source.asked)
	if _, err := h.process.onward(t.Context(), z, newData(nil, nil)); err != nil || len(h.source.asked) != asked {
		t.Errorf("asked %d times: %v", len(h.source.asked)-asked, err)
	}
}

// The pages say it, and layer 2 does it.
func TestALaterIDOfAPersonIsPassedOn(t *testing.T) {
	h := newHarness(t, "aanvraag")
	k := &renames{}
	h.process.Temporary = k
	for _, route := range h.process.keepRoutes() {
		if route.Pattern != "/personen" {
			continue
		}
		for body, want := range map[string]int{`{"van":"p-een","naar":"p-twee"}`: 204, `7`: 400} {
			w := httptest.NewRecorder()
			route.Handler.ServeHTTP(w, httptest.NewRequest("POST", "/intern/personen", strings.NewReader(body)))
			if w.Code != want {
				t.Errorf("%s: %d", body, w.Code)
			}
		}
	}
	if k.from != "p-een" || k.to != "p-twee" {
		t.Errorf("%+v", k)
	}
}

type renames struct {
	KeepService
	from, to string
}

func (r *renames) Rename(_ context.Context, from, to string) error {
	r.from, r.to = from, to
	return nil
}
