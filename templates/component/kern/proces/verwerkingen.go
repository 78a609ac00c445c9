package proces

import (
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// The log of processing as people read it. It holds no pseudonyms: who looks at
// a zaak knows whose it is, and who handled it stands there as a role.
type (
	verwerkingView struct {
		ID          string       `json:"id"`
		Action      string       `json:"handeling"`
		Parent      string       `json:"onder,omitempty"`
		Time        time.Time    `json:"tijdstip"`
		Name        string       `json:"naam"`
		Kind        logboek.Kind `json:"soort"`
		Bron        string       `json:"bron,omitempty"`
		Fields      []string     `json:"velden,omitempty"`
		Titles      []string     `json:"titels,omitempty"` // of a question: one of each field
		Activity    activityView `json:"activiteit"`
		By          string       `json:"door,omitempty"`
		Resultaat   string       `json:"resultaat"`
		Transaction string       `json:"transactie,omitempty"`
	}
	activityView struct {
		Title       string `json:"titel"`
		URI         string `json:"uri"`
		Purpose     string `json:"doel,omitempty"`
		Grondslag   string `json:"grondslag,omitempty"`
		Explanation string `json:"toelichting,omitempty"`
	}
)

// verwerkingen lists which data of a zaak was handled, for whoever may see what
// the zaak is about.
func (p *Process) verwerkingen(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	s, err := p.look(r.Context(), u, r.PathValue("zaakId"))
	switch {
	case err != nil:
		return err
	case s.seen != everything && !u.Known():
		return unauthorized()
	case s.seen != everything:
		return rest.NotFound()
	}
	page := rest.ReadPage(r)
	found, err := p.Zaken.Verwerkingen(r.Context(), s.zaak.ID, page.Number, page.Size)
	if err != nil {
		return storeFault(err)
	}
	return rest.WriteList(w, page, rest.Found{Count: found.Count}, p.showLines(u, s.zaak, found.Verwerkingen))
}

func (p *Process) showLines(u identity.User, z outway.Zaak, lines []logboek.Verwerking) []verwerkingView {
	parents := map[string]logboek.Verwerking{}
	for _, l := range lines {
		parents[l.SpanID] = l
	}
	var all []verwerkingView
	for _, l := range lines {
		head, by := l, l.Role
		for range len(lines) { // up to what a person did; a circle ends too
			above, ok := parents[head.ParentID]
			if !ok || above.TraceID != head.TraceID {
				break
			}
			head = above
		}
		if by == "" {
			by = head.Role
		}
		b := verwerkingView{ID: l.SpanID, Action: head.SpanID, Parent: l.ParentID, Time: l.Begin, Name: l.Name, Kind: l.Kind, Bron: l.Bron, Fields: l.Fields,
			Activity: activityView{Title: l.Activity, URI: l.ActivityURI}, Resultaat: l.Ending(), Transaction: l.Transaction}
		if l.Kind == logboek.Question && len(l.Fields) > 0 {
			b.Titles = outway.Titles(p.Sources, l.Bron, l.Fields)
		}
		purpose := p.Course.activity(l.ActivityURI)
		b.Activity.Purpose, b.Activity.Grondslag, b.Activity.Explanation = purpose.Purpose, purpose.Grondslag, purpose.Explanation
		b.By = p.by(u, z, by, head.Representative)
		all = append(all, b)
	}
	return all
}

// by is who did something, for the person who reads it: a role, somebody who
// acted for the applicant, or the reader.
func (p *Process) by(u identity.User, z outway.Zaak, role, representative string) string {
	self := role != "" && role == u.Role && mine(u, z)
	switch {
	case representative != "" && representative == u.ID && self, representative == "" && self && !u.Represents.Known():
		return "uzelf"
	case representative != "" && role != "":
		return p.roles[role].Title + representing
	}
	return p.roles[role].Title
}
