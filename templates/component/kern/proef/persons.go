package proef

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// outside are the personas with the role that begins a zaak, when people from
// outside do that and log in for it.
func (o *Setup) outside(t *testing.T) (all []identity.User) {
	t.Helper()
	for _, role := range o.Course.Roles {
		if role.Name != o.Model.First().Role || !role.Outside() || role.Anonymous {
			continue
		}
		for _, persona := range personas(t, o.Course.Roles, o.Course.Variant) {
			if persona.Role == role.Name {
				all = append(all, persona)
			}
		}
	}
	return all
}

// ownOnly looks at all that each persona sees of the data that is there at the
// start, and at the form: no number of another who logs in stands there.
func ownOnly(t *testing.T, o *Setup) {
	t.Helper()
	all := o.outside(t)
	if len(all) == 0 {
		return
	}
	component := Start(t, o)
	for _, who := range all {
		v := component.visitorAs(who)
		pages := []Page{v.Open("/zaken"), v.Open("/taken"), v.Open("/starten")}
		for _, m := range zaakLink.FindAllStringSubmatch(pages[0].Text, -1) {
			pages = append(pages, v.Open("/zaken/"+m[1]))
		}
		for _, page := range pages {
			for _, other := range all {
				number := other.BSN + other.KVK
				if number == "" || number == who.BSN+who.KVK || number == who.Represents.BSN+who.Represents.KVK {
					continue
				}
				if strings.Contains(page.Text, number) {
					t.Errorf("%s ziet op %s het nummer van %s", who.Name, page.Path, other.Name)
				}
			}
		}
	}
}

// onBehalf lets somebody begin a zaak for another: it is of the other, who sees
// all of it, and no longer of the one who did it once that is no longer for the other.
func onBehalf(t *testing.T, o *Setup) {
	t.Helper()
	var agent, self, represented identity.User
	for _, who := range o.outside(t) {
		if who.Represents.Known() {
			agent = who
		}
	}
	if !agent.Known() {
		return
	}
	for _, who := range o.outside(t) {
		switch {
		case who.Represents.Known():
		case who.ID == agent.ID:
			self = who
		case who.ID == agent.Represents.ID:
			represented = who
		}
	}
	component := Start(t, o)
	w := component.Begin(o.paths[0])
	v := component.visitorAs(agent)
	w.visitors[agent.Role] = v
	if page := v.Open("/starten"); !strings.Contains(page.Text, "U handelt namens") || !strings.Contains(page.Text, html.EscapeString(agent.Represents.Name)) {
		t.Errorf("het formulier zegt niet namens wie %s handelt", agent.Name)
	}
	w.Advance()
	for who, want := range map[identity.User]int{agent: http.StatusOK, represented: http.StatusOK, self: http.StatusNotFound} {
		if page := component.visitorAs(who).Open("/zaken/" + w.Zaak); page.Status != want {
			t.Errorf("%s (namens %q) krijgt de zaak met status %d; verwacht %d", who.Name, who.Represents.Name, page.Status, want)
		}
	}
	var z struct {
		Initiator      string `json:"initiator"`
		Representative string `json:"gemachtigde"`
	}
	component.API(start.LayerServices, "/zaken/"+w.Zaak, nil, &z)
	if z.Initiator != agent.Represents.ID || z.Representative != agent.ID {
		t.Errorf("de zaak is van %q en begonnen door %q", z.Initiator, z.Representative)
	}
}
