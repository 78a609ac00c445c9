package proces

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

type shelves struct{ asked []string }

func (s *shelves) Choices(_ context.Context, collection, label string) ([]outway.Choice, error) {
	s.asked = append(s.asked, collection+"/"+label)
	return []outway.Choice{}, nil
}

// TestChoicesAreForWhoFillsThemIn: a role whose forms do not refer to a
// collection does not get to see what is in it.
func TestChoicesAreForWhoFillsThemIn(t *testing.T) {
	h, s := newHarness(t, "aanvraag"), &shelves{}
	h.process.Options.Choices = s
	h.process.Course.Choices = map[string]Collection{"dossiers": {Label: "naam", Roles: []string{"behandelaar"}}}
	ask := func(u identity.User, collection string) int {
		r := httptest.NewRequest(http.MethodGet, "/v1/keuzes/"+collection, nil)
		r.SetPathValue("verzameling", collection)
		w := httptest.NewRecorder()
		rest.HandlerFunc(h.process.choices).ServeHTTP(w, r.WithContext(identity.NewContext(r.Context(), u)))
		return w.Code
	}
	for _, c := range []struct {
		user       identity.User
		collection string
		want       int
	}{{nobody, "dossiers", 401}, {citizen, "dossiers", 404}, {employee, "anders", 404}, {employee, "dossiers", 200}} {
		if got := ask(c.user, c.collection); got != c.want {
			t.Errorf("%s asks for %s: %d, want %d", c.user, c.collection, got, c.want)
		}
	}
	h.process.Course.Choices["anders"] = Collection{}
	if got := ask(citizen, "anders"); got != 404 {
		t.Errorf("a collection of other roles: %d", got)
	}
	if got := ask(employee, "anders"); got != 200 {
		t.Errorf("who puts data right does not see the choices: %d", got)
	}
	s.asked = nil
	if n := len(h.recorder.all()); n != 0 {
		t.Errorf("a list that is about nobody made %d lines", n)
	}
	h.process.Course.Choices["dossiers"] = Collection{Label: "naam", Roles: []string{"behandelaar"}, Personal: true}
	h.recorder.set(errLogboek, nil)
	if got := ask(employee, "dossiers"); got != 503 || len(s.asked) != 0 {
		t.Errorf("without a log: %d, and layer 2 was asked %d times", got, len(s.asked))
	}
	h.recorder.set(nil, nil)
	s.asked = nil
	if got := ask(employee, "dossiers"); got != 200 {
		t.Errorf("status %d", got)
	}
	if l := h.recorder.named(t, "Keuzes voor een formulier bekijken"); l.Role != employee.Role || l.DataSubject != "" || l.End.IsZero() {
		t.Errorf("the line is %+v", l)
	}
	if len(s.asked) != 1 || s.asked[0] != "dossiers/naam" {
		t.Errorf("layer 2 was asked %q", s.asked)
	}
}
