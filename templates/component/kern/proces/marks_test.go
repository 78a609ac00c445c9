package proces

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

func (s *store) Marks(_ context.Context, id string) ([]outway.Mark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []outway.Mark{}
	for _, kind := range s.zaken[id].Marks {
		all = append(all, outway.Mark{Kind: kind})
	}
	return all, nil
}

func (s *store) SetMark(_ context.Context, id string, n outway.NewMark) (outway.Mark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(n)
	z := s.zaken[id]
	if slices.Contains(z.Marks, n.Kind) {
		return outway.Mark{}, status(http.StatusConflict)
	}
	z.Marks = append(z.Marks, n.Kind)
	return outway.Mark{Kind: n.Kind, Reason: n.Reason, SetBy: n.SetBy}, nil
}

func (s *store) LiftMark(_ context.Context, id, kind, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(kind + by)
	z := s.zaken[id]
	if !slices.Contains(z.Marks, kind) {
		return status(http.StatusNotFound)
	}
	z.Marks = slices.DeleteFunc(slices.Clone(z.Marks), func(k string) bool { return k == kind })
	return nil
}

func TestAMarkStopsSteps(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path, tag := "/zaken/"+z.ID, z.header.Get("ETag")
	for _, kind := range []string{"beperking", "bezwaar"} {
		if a := h.want(201, employee, "POST", path+"/markeringen", `{"soort":"`+kind+`","reden":"gevraagd"}`); !strings.Contains(a.body, employee.ID) {
			t.Errorf("who set it is not in %s", a.body)
		}
		h.want(409, employee, "POST", path+"/markeringen", `{"soort":"`+kind+`","reden":"nog eens"}`)
		asked := len(h.source.asked)
		h.want(409, employee, "POST", path+"/bevragingen", `{}`)
		if a := h.want(409, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", tag); !strings.Contains(a.body, "staat stil") {
			t.Errorf("a step says %s", a.body)
		}
		if len(h.source.asked) != asked {
			t.Error("a source was asked for a zaak that stands still")
		}
		for _, list := range []string{"/zaken", "/taken?rol=behandelaar", path} {
			if a := h.want(200, employee, "GET", list, ""); !strings.Contains(a.body, `"markeringen":["`+kind+`"]`) {
				t.Errorf("%s does not show the mark: %s", list, a.body)
			}
		}
		if a := h.want(200, citizen, "GET", path, ""); !slices.Equal(a.Marks, []string{kind}) {
			t.Errorf("the citizen sees %s", a.body)
		}
		h.want(204, employee, "POST", path+"/markeringen/"+kind+"/opheffen", "")
		h.want(404, employee, "POST", path+"/markeringen/"+kind+"/opheffen", "")
	}
	h.want(201, employee, "POST", path+"/markeringen", `{"soort":"bewaren","reden":"een beroep"}`)
	if a := h.want(200, citizen, "GET", path, ""); a.Marks != nil {
		t.Errorf("a hold is shown to the citizen: %s", a.body)
	}
	h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", tag)
}

func TestWhoMayMark(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID + "/markeringen"
	h.want(401, nobody, "POST", path, `{"soort":"bezwaar","reden":"x"}`)
	h.want(403, citizen, "POST", path, `{"soort":"bezwaar","reden":"x"}`)
	h.want(403, citizen, "GET", path, "")
	h.want(403, citizen, "POST", path+"/bezwaar/opheffen", "")
	h.want(400, employee, "POST", path, `{"soort":"anders","reden":"x"}`)
	h.want(200, employee, "GET", path, "")
	roles := h.process.roles["behandelaar"]
	roles.Rights = []string{"archief"}
	h.process.roles["behandelaar"] = roles
	h.want(403, employee, "POST", path, `{"soort":"bezwaar","reden":"x"}`)
	h.want(201, employee, "POST", path, `{"soort":"bewaren","reden":"x"}`)
	if l := h.recorder.named(t, "Markeringen van een zaak bekijken"); l.Zaak != z.ID || l.Role != employee.Role {
		t.Errorf("the line is %+v", l)
	}
}

func TestAMarkStopsResuming(t *testing.T) {
	h := newHarness(t, "aanvraag")
	h.source.set(true, errDown)
	z := h.want(201, citizen, "POST", "/zaken", application)
	h.source.set(true, nil)
	h.want(201, employee, "POST", "/zaken/"+z.ID+"/markeringen", `{"soort":"beperking","reden":"x"}`)
	h.source.asked = nil
	lines := len(h.recorder.all())
	h.resume(3)
	if got := h.only(); got.CurrentStep != "opzoeken" || len(h.source.asked) > 0 || len(h.recorder.all()) != lines {
		t.Errorf("the zaak went on to %s", got.CurrentStep)
	}
	h.want(204, employee, "POST", "/zaken/"+z.ID+"/markeringen/beperking/opheffen", "")
	h.resume(1)
	if got := h.only(); got.CurrentStep != "beoordelen" {
		t.Errorf("the zaak stays at %s", got.CurrentStep)
	}
}
