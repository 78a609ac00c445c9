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
	verwerkingBeeld struct {
		ID         string          `json:"id"`
		Handeling  string          `json:"handeling"`
		Onder      string          `json:"onder,omitempty"`
		Tijdstip   time.Time       `json:"tijdstip"`
		Naam       string          `json:"naam"`
		Soort      logboek.Soort   `json:"soort"`
		Bron       string          `json:"bron,omitempty"`
		Velden     []string        `json:"velden,omitempty"`
		Activiteit activiteitBeeld `json:"activiteit"`
		Door       string          `json:"door,omitempty"`
		Resultaat  string          `json:"resultaat"`
		Transactie string          `json:"transactie,omitempty"`
	}
	activiteitBeeld struct {
		Titel       string `json:"titel"`
		URI         string `json:"uri"`
		Doel        string `json:"doel,omitempty"`
		Grondslag   string `json:"grondslag,omitempty"`
		Toelichting string `json:"toelichting,omitempty"`
	}
)

// verwerkingen lists which data of a zaak was handled, for whoever may see what
// the zaak is about.
func (p *Proces) verwerkingen(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	s, err := p.look(r.Context(), u, r.PathValue("zaakId"))
	switch {
	case err != nil:
		return err
	case s.seen != alles && !u.Known():
		return unauthorized()
	case s.seen != alles:
		return rest.NotFound()
	}
	page := rest.ReadPage(r)
	found, err := p.Zaken.Verwerkingen(r.Context(), s.zaak.ID, page.Number, page.Size)
	if err != nil {
		return storeFault(err)
	}
	return rest.WriteList(w, page, found.Aantal, p.showLines(u, s.zaak, found.Verwerkingen))
}

func (p *Proces) showLines(u identity.User, z outway.Zaak, lines []logboek.Verwerking) []verwerkingBeeld {
	parents := map[string]logboek.Verwerking{}
	for _, l := range lines {
		parents[l.SpanID] = l
	}
	var all []verwerkingBeeld
	for _, l := range lines {
		head, by := l, l.Rol
		for range len(lines) { // up to what a person did; a circle ends too
			above, ok := parents[head.ParentID]
			if !ok || above.TraceID != head.TraceID {
				break
			}
			head = above
		}
		if by == "" {
			by = head.Rol
		}
		b := verwerkingBeeld{ID: l.SpanID, Handeling: head.SpanID, Onder: l.ParentID, Tijdstip: l.Begin, Naam: l.Naam, Soort: l.Soort, Bron: l.Bron, Velden: l.Velden,
			Activiteit: activiteitBeeld{Titel: l.Activiteit, URI: l.ActiviteitURI}, Resultaat: result(l), Transactie: l.Transactie}
		purpose := p.Verloop.activiteit(l.ActiviteitURI)
		b.Activiteit.Doel, b.Activiteit.Grondslag, b.Activiteit.Toelichting = purpose.Doel, purpose.Grondslag, purpose.Toelichting
		if b.Door = p.rollen[by].Titel; by != "" && by == u.Rol && z.Initiator == u.ID {
			b.Door = "uzelf"
		}
		all = append(all, b)
	}
	return all
}

// result is how a line ended, in a word.
func result(l logboek.Verwerking) string {
	switch {
	case l.Einde.IsZero():
		return "bezig"
	case l.Status == logboek.Error:
		return "mislukt"
	case l.Soort == logboek.Bevraging && l.Status == logboek.Ok:
		return gevonden
	case l.Soort == logboek.Bevraging:
		return nietGevonden
	case l.Status == logboek.Ok:
		return "gelukt"
	}
	return "geweigerd"
}
