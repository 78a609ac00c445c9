package proces

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The shapes of the API, as openapi.yaml describes them.
type (
	processView struct {
		Name  string     `json:"naam"`
		Title string     `json:"titel"`
		Steps []stepView `json:"stappen"`
		Roles []roleView `json:"rollen"`
	}
	roleView struct {
		Name      string `json:"naam"`
		Title     string `json:"titel"`
		Audience  string `json:"publiek"`
		Anonymous bool   `json:"anoniem"`
	}
	stepView struct {
		Name     string        `json:"naam"`
		Title    string        `json:"titel"`
		Help     string        `json:"uitleg,omitempty"`
		Kind     string        `json:"soort"`
		Role     string        `json:"rol,omitempty"`
		Term     string        `json:"termijn,omitempty"`
		Outcomes []outcomeView `json:"uitkomsten"`
		DueDate  string        `json:"uiterlijkeDatum,omitempty"`
		Once     bool          `json:"vraagEenmalig,omitempty"`
	}
	outcomeView struct {
		Name  string `json:"naam"`
		Title string `json:"titel"`
	}
	zaakView struct {
		ID            string   `json:"id"`
		Identificatie string   `json:"identificatie"`
		Title         string   `json:"titel"`
		Startdatum    string   `json:"startdatum"`
		Einddatum     string   `json:"einddatum,omitempty"`
		Resultaat     string   `json:"resultaat,omitempty"`
		Step          stepView `json:"stap"`
		Marks         []string `json:"markeringen,omitempty"`
		parties
	}
	// parties are for whom a zaak is, and who began it for that person; both with
	// a pseudonym.
	parties struct {
		Applicant      string `json:"aanvrager,omitempty"`
		Representative string `json:"gemachtigde,omitempty"`
	}
	zaakDetail struct {
		zaakView
		History []event         `json:"historie"`
		MaySee  bool            `json:"inzage"` // the user may see what it is about
		Data    json.RawMessage `json:"gegevens,omitempty"`
		Answers []answerView    `json:"antwoorden,omitempty"`
	}
	event struct {
		Step        string    `json:"stap"`
		Title       string    `json:"titel"`
		Time        time.Time `json:"tijdstip"`
		Outcome     string    `json:"uitkomst,omitempty"`
		Explanation string    `json:"toelichting,omitempty"`
		By          string    `json:"door,omitempty"`
	}
	answerView struct {
		Step     string      `json:"stap"`
		Bron     string      `json:"bron"`
		Title    string      `json:"titel"`
		Activity string      `json:"activiteit"`
		Found    bool        `json:"gevonden"`
		Unasked  bool        `json:"nietGevraagd,omitempty"`
		Count    int         `json:"aantal,omitempty"`
		Data     any         `json:"gegevens,omitempty"`
		List     string      `json:"lijst,omitempty"`
		Fields   []fieldView `json:"velden,omitempty"`
		Notes    []noteView  `json:"opmerkingen,omitempty"`
		Hint     string      `json:"tip,omitempty"`
	}
	fieldView struct {
		Name  string `json:"naam"`
		Title string `json:"titel"`
		Warns bool   `json:"waarschuwing,omitempty"` // the source sends it along unasked
	}
	noteView struct {
		Place string `json:"plaats"`
		Kind  string `json:"soort"`
		Field string `json:"veld"`
		Text  string `json:"tekst"`
	}
	answersView struct {
		Answers []answerView `json:"antwoorden"`
		Outage  string       `json:"storing,omitempty"`
		Left    []string     `json:"eenmaligeVragen,omitempty"` // steps whose question may change something
	}
	taakView struct {
		Zaak          string    `json:"zaak"`
		Identificatie string    `json:"identificatie"`
		Title         string    `json:"titel"`
		Step          stepView  `json:"stap"`
		Since         time.Time `json:"sinds"`
		DueDate       string    `json:"uiterlijkeDatum,omitempty"`
		Marks         []string  `json:"markeringen,omitempty"`
		parties
	}
)

func (p *Process) showProcess() processView {
	b := processView{Name: p.model.Name, Title: p.model.Title, Roles: []roleView{}}
	for _, n := range p.model.Steps() {
		b.Steps = append(b.Steps, showStep(n))
	}
	for _, r := range p.Course.Roles {
		audience := "medewerker"
		if r.Citizen {
			audience = "inwoner"
		} else if r.Company {
			audience = "bedrijf"
		}
		b.Roles = append(b.Roles, roleView{r.Name, r.Title, audience, r.Anonymous})
	}
	return b
}

func showStep(n *bpmn.Node) stepView {
	s := stepView{Name: n.Step, Title: n.Title, Help: n.Help, Kind: n.StepKind, Role: n.Role, Term: n.Term, Outcomes: []outcomeView{}}
	for _, o := range n.Outcomes {
		s.Outcomes = append(s.Outcomes, outcomeView{o.Name, o.Title})
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

func (p *Process) showZaak(z outway.Zaak, n *bpmn.Node) zaakView {
	b := zaakView{ID: z.ID, Identificatie: z.Identificatie, Title: z.Omschrijving, Startdatum: z.Startdatum, Einddatum: z.Einddatum,
		Resultaat: z.Resultaat, Step: showStep(n), parties: parties{z.Initiator, z.Representative}}
	b.Step.Once = n.Kind == bpmn.Service && p.once(n)
	// A zaak changes only when it moves, so it is here since its last change.
	if term, err := value.ParseTerm(n.Term); err == nil && z.Open() && !z.Stopped() {
		b.Step.DueDate = term.After(z.ChangedAt.In(day)).Format(time.DateOnly)
	}
	return b
}

func showAnswers(answers []asked) []answerView {
	b := []answerView{}
	for _, a := range answers {
		v := answerView{Step: a.step.Title, Bron: a.answer.Bron, Title: a.answer.Title, Activity: a.answer.Activity.Title,
			Found: a.answer.Found, Unasked: a.answer.Unasked, Count: a.answer.Count, Data: a.answer.Data, List: a.answer.List, Hint: a.answer.Hint}
		for _, f := range a.answer.Fields {
			v.Fields = append(v.Fields, fieldView{Name: f.Name, Title: f.Title})
		}
		for _, w := range a.answer.Warnings {
			v.Fields = append(v.Fields, fieldView{Name: w.Field, Title: w.Title, Warns: true})
		}
		for _, n := range a.answer.Notes {
			v.Notes = append(v.Notes, noteView(n))
		}
		b = append(b, v)
	}
	return b
}

// history tells which steps are done. A status says to which step a zaak came;
// what ended is the step before it, and the lookups in between that were asked
// in one go.
func (p *Process) history(z outway.Zaak, statuses []outway.StatusRecord, remarks bool) []event {
	events := []event{}
	var at *bpmn.Node
	for i, r := range statuses {
		to := p.model.Step(r.Statustype)
		if to == nil {
			continue // of an earlier version of the process
		}
		if first := p.model.First(); i == 0 && first.StepKind == "form" && to != first {
			at = first // a zaak begins after its first form
		}
		if at != nil {
			for j, e := range passed(at, to, r.Outcome) {
				e.Time = r.DatumStatusGezet
				if j == 0 && remarks {
					e.Explanation = r.Statustoelichting
					if e.By != "" && z.Representative != "" && r.SetBy == z.Representative && r.SetBy != z.Initiator {
						e.By += representing
					}
				}
				events = append(events, e)
			}
		}
		if at = to; to.Kind == bpmn.End {
			events = append(events, event{Step: to.Step, Title: to.Title, Time: r.DatumStatusGezet})
		}
	}
	return events
}

// representing stands behind the role of who did something for another.
const representing = ", gemachtigde"

// discreet takes out how questions about persons ended of whom nobody proved
// anything, before somebody from outside reads it: it would say whether the
// person exists.
func (p *Process) discreet(events []event) {
	for i := range events {
		if p.Course.Questions[events[i].Step].Unproven {
			events[i].Outcome = ""
		}
	}
}

// passed tells which steps ended when a zaak went from one step to another:
// the step itself, and after a form the lookups that were asked before anything
// was saved, with the trail that ahead left. Of a trail that no longer fits the
// model only the step itself is told.
func passed(from, to *bpmn.Node, ended string) []event {
	done := event{Step: from.Step, Title: from.Title, By: from.RoleTitle}
	next := from.Nexts()
	if from.StepKind != "form" || slices.Contains(next, to) {
		if ended != "" {
			done.Outcome = from.OutcomeTitle(ended)
		}
		return []event{done}
	}
	events := []event{done}
	outcomes := strings.Fields(ended)
	for i, n := range trailOf(from, to, ended) {
		e := event{Step: n.Step, Title: n.Title}
		if outcomes[i] != noOutcome {
			e.Outcome = n.OutcomeTitle(outcomes[i])
		}
		events = append(events, e)
	}
	return events
}

// trailOf lists the lookups that were asked after a form and before anything was
// saved; none when the trail does not fit the model.
func trailOf(from, to *bpmn.Node, ended string) (lookups []*bpmn.Node) {
	next := from.Nexts()
	if from.StepKind != "form" || slices.Contains(next, to) {
		return nil
	}
	n := next[0]
	for _, outcome := range strings.Fields(ended) {
		if n.Kind != bpmn.Service {
			break
		}
		if outcome == noOutcome {
			outcome = ""
		}
		lookups = append(lookups, n)
		n = n.Next(outcome)
	}
	if n != to {
		return nil
	}
	return lookups
}
