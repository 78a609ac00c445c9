package proces

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// The shapes of the API, as openapi.yaml describes them.
type (
	procesBeeld struct {
		Naam    string      `json:"naam"`
		Titel   string      `json:"titel"`
		Stappen []stapBeeld `json:"stappen"`
		Rollen  []rolBeeld  `json:"rollen"`
	}
	rolBeeld struct {
		Naam    string `json:"naam"`
		Titel   string `json:"titel"`
		Publiek string `json:"publiek"`
		Anoniem bool   `json:"anoniem"`
	}
	stapBeeld struct {
		Naam            string          `json:"naam"`
		Titel           string          `json:"titel"`
		Uitleg          string          `json:"uitleg,omitempty"`
		Soort           string          `json:"soort"`
		Rol             string          `json:"rol,omitempty"`
		Termijn         string          `json:"termijn,omitempty"`
		Uitkomsten      []uitkomstBeeld `json:"uitkomsten"`
		UiterlijkeDatum string          `json:"uiterlijkeDatum,omitempty"`
	}
	uitkomstBeeld struct {
		Naam  string `json:"naam"`
		Titel string `json:"titel"`
	}
	zaakBeeld struct {
		ID            string    `json:"id"`
		Identificatie string    `json:"identificatie"`
		Titel         string    `json:"titel"`
		Startdatum    string    `json:"startdatum"`
		Einddatum     string    `json:"einddatum,omitempty"`
		Resultaat     string    `json:"resultaat,omitempty"`
		Stap          stapBeeld `json:"stap"`
	}
	zaakDetail struct {
		zaakBeeld
		Historie   []gebeurtenis   `json:"historie"`
		Inzage     bool            `json:"inzage"` // the user may see what it is about
		Gegevens   json.RawMessage `json:"gegevens,omitempty"`
		Antwoorden []antwoordBeeld `json:"antwoorden,omitempty"`
	}
	gebeurtenis struct {
		Stap        string    `json:"stap"`
		Titel       string    `json:"titel"`
		Tijdstip    time.Time `json:"tijdstip"`
		Uitkomst    string    `json:"uitkomst,omitempty"`
		Toelichting string    `json:"toelichting,omitempty"`
		Door        string    `json:"door,omitempty"`
	}
	antwoordBeeld struct {
		Stap       string `json:"stap"`
		Bron       string `json:"bron"`
		Titel      string `json:"titel"`
		Activiteit string `json:"activiteit"`
		Gevonden   bool   `json:"gevonden"`
		Gegevens   any    `json:"gegevens,omitempty"`
	}
	antwoordenBeeld struct {
		Antwoorden []antwoordBeeld `json:"antwoorden"`
		Storing    string          `json:"storing,omitempty"`
	}
	taakBeeld struct {
		Zaak            string    `json:"zaak"`
		Identificatie   string    `json:"identificatie"`
		Titel           string    `json:"titel"`
		Stap            stapBeeld `json:"stap"`
		Sinds           time.Time `json:"sinds"`
		UiterlijkeDatum string    `json:"uiterlijkeDatum,omitempty"`
	}
)

func (p *Proces) showProcess() procesBeeld {
	b := procesBeeld{Naam: p.model.Name, Titel: p.model.Title, Rollen: []rolBeeld{}}
	for _, n := range p.model.Steps() {
		b.Stappen = append(b.Stappen, showStep(n))
	}
	for _, r := range p.Verloop.Rollen {
		audience := "medewerker"
		if r.Burger {
			audience = "inwoner"
		}
		b.Rollen = append(b.Rollen, rolBeeld{r.Naam, r.Titel, audience, r.Anoniem})
	}
	return b
}

func showStep(n *bpmn.Node) stapBeeld {
	s := stapBeeld{Naam: n.Step, Titel: n.Title, Uitleg: n.Help, Soort: n.Soort, Rol: n.Role, Termijn: n.Term, Uitkomsten: []uitkomstBeeld{}}
	for _, o := range n.Outcomes {
		s.Uitkomsten = append(s.Uitkomsten, uitkomstBeeld{o.Name, o.Title})
	}
	return s
}

// day is where the calendar of the Netherlands is read.
var day = amsterdam()

func amsterdam() *time.Location {
	if l, err := time.LoadLocation("Europe/Amsterdam"); err == nil {
		return l
	}
	return time.UTC
}

func (p *Proces) showZaak(z outway.Zaak, n *bpmn.Node) zaakBeeld {
	b := zaakBeeld{ID: z.ID, Identificatie: z.Identificatie, Titel: z.Omschrijving, Startdatum: z.Startdatum, Einddatum: z.Einddatum,
		Resultaat: z.Resultaat, Stap: showStep(n)}
	// A zaak changes only when it moves, so it is here since its last change.
	if term, err := bpmn.ParseTerm(n.Term); err == nil && z.Open() {
		b.Stap.UiterlijkeDatum = term.After(z.GewijzigdOp.In(day)).Format(time.DateOnly)
	}
	return b
}

func showAnswers(answers []asked) []antwoordBeeld {
	b := []antwoordBeeld{}
	for _, a := range answers {
		b = append(b, antwoordBeeld{a.step.Title, a.answer.Bron, a.answer.Titel, a.answer.Activiteit.Titel, a.answer.Gevonden, a.answer.Gegevens})
	}
	return b
}

// history tells which steps are done. A status says to which step a zaak came;
// what ended is the step before it, and the lookups in between that were asked
// in one go.
func (p *Proces) history(statussen []outway.StatusRegel, remarks bool) []gebeurtenis {
	events := []gebeurtenis{}
	var at *bpmn.Node
	for i, s := range statussen {
		to := p.model.Step(s.Statustype)
		if to == nil {
			continue // of an earlier version of the process
		}
		if first := p.model.First(); i == 0 && first.Soort == "form" && to != first {
			at = first // a zaak begins after its first form
		}
		if at != nil {
			for j, e := range passed(at, to, s.Uitkomst) {
				e.Tijdstip = s.DatumStatusGezet
				if j == 0 && remarks {
					e.Toelichting = s.Statustoelichting
				}
				events = append(events, e)
			}
		}
		if at = to; to.Kind == bpmn.End {
			events = append(events, gebeurtenis{Stap: to.Step, Titel: to.Title, Tijdstip: s.DatumStatusGezet})
		}
	}
	return events
}

// passed tells which steps ended when a zaak went from one step to another:
// the step itself, and after a form the lookups that were asked before anything
// was saved, with the trail that ahead left. Of a trail that no longer fits the
// model only the step itself is told.
func passed(from, to *bpmn.Node, ended string) []gebeurtenis {
	done := gebeurtenis{Stap: from.Step, Titel: from.Title, Door: from.RoleTitle}
	next := from.Nexts()
	if from.Soort != "form" || slices.Contains(next, to) {
		if ended != "" {
			done.Uitkomst = from.OutcomeTitle(ended)
		}
		return []gebeurtenis{done}
	}
	events, n := []gebeurtenis{done}, next[0]
	for _, outcome := range strings.Fields(ended) {
		if n.Kind != bpmn.Service {
			break
		}
		e := gebeurtenis{Stap: n.Step, Titel: n.Title}
		if outcome == noOutcome {
			outcome = ""
		} else {
			e.Uitkomst = n.OutcomeTitle(outcome)
		}
		events = append(events, e)
		n = n.Next(outcome)
	}
	if n != to {
		return events[:1]
	}
	return events
}
