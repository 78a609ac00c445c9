package proces

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

func (s *store) Archive(context.Context) (json.RawMessage, error) {
	return json.RawMessage(`{"teVernietigen":[]}`), nil
}

func (s *store) Declarations(context.Context) (json.RawMessage, error) {
	return json.RawMessage(`[{"id":"v-1"}]`), nil
}

func (s *store) Declaration(_ context.Context, id string) (json.RawMessage, error) {
	if id != "v-1" {
		return nil, status(http.StatusNotFound)
	}
	return json.RawMessage(`{"id":"v-1"}`), nil
}

// Destroy destroys what is closed.
func (s *store) Destroy(_ context.Context, a outway.Approval) (d outway.Destruction, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(a.Items) == 0 {
		return d, status(http.StatusBadRequest)
	}
	s.approved = append(s.approved, a)
	for _, n := range a.Items {
		if z := s.zaken[n.ID]; z == nil || z.Open() {
			d.Skipped = append(d.Skipped, outway.Skipped{Named: n, Why: "De zaak loopt nog."})
			continue
		}
		delete(s.zaken, n.ID)
		d.Declaration = json.RawMessage(`{"id":"v-1"}`)
	}
	return d, nil
}

func TestTheArchiveIsForWhoHasTheRight(t *testing.T) {
	h := newHarness(t, "aanvraag")
	for _, at := range []string{"/archief", "/archief/vernietigingen", "/archief/vernietigingen/v-1"} {
		h.want(401, nobody, "GET", at, "")
		h.want(403, citizen, "GET", at, "")
		h.want(200, employee, "GET", at, "")
	}
	h.want(404, employee, "GET", "/archief/vernietigingen/v-2", "")
	h.want(403, citizen, "POST", "/archief/vernietigingen", `{"teVernietigen":[{"soort":"zaak","id":"x"}]}`)
	h.want(400, employee, "POST", "/archief/vernietigingen", `{}`)
	h.want(400, employee, "POST", "/archief/vernietigingen", `[`)
	h.want(200, employee, "POST", "/archief/vernietigingen", `{"teVernietigen":[{"soort":"zaak","id":"x"}],"door":"Kim","goedkeuring":"verzonnen"}`)
	if a := h.store.approved[0]; a.By != "Kim (Behandelaar)" || !strings.HasPrefix(a.Approval, "de lijst op de pagina Archief van ") {
		t.Errorf("%+v", a)
	}
	roles := h.process.roles["behandelaar"]
	roles.Rights = []string{"inzage"}
	h.process.roles["behandelaar"] = roles
	h.want(403, employee, "GET", "/archief", "")
	if l := h.recorder.named(t, "Vernietiging goedkeuren"); l.Role != employee.Role {
		t.Errorf("%+v", l)
	}
}

func TestDestroyingAZaak(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path, tag := "/zaken/"+z.ID, z.header.Get("ETag")
	h.want(401, nobody, "DELETE", path, "", "If-Match", tag)
	h.want(403, citizen, "DELETE", path, "", "If-Match", tag)
	h.want(428, employee, "DELETE", path, "")
	h.want(412, employee, "DELETE", path, "", "If-Match", `"9.9"`)
	h.want(412, employee, "DELETE", path, "", "If-Match", "W/"+tag)
	h.want(400, employee, "DELETE", path, "", "If-Match", "los")
	h.want(409, employee, "DELETE", path, "", "If-Match", `"9.9", `+tag)
	h.want(409, employee, "DELETE", path, "", "If-Match", "*")
	h.want(404, employee, "DELETE", "/zaken/"+uuid.NewString(), "", "If-Match", tag)
	if a := h.want(409, employee, "DELETE", path, "", "If-Match", tag); !strings.Contains(a.body, "loopt nog") {
		t.Error(a.body)
	}
	z = h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"afwijzen"}`, "If-Match", tag)
	h.want(204, employee, "DELETE", path, "", "If-Match", z.header.Get("ETag"))
	h.want(404, employee, "GET", path, "")
	if a := h.store.approved[3]; a.By != employee.ID+" (Behandelaar)" || a.Items[0] != (outway.Named{Kind: "zaak", ID: z.ID}) {
		t.Errorf("%+v", a)
	}
}
