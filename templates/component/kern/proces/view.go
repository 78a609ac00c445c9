package proces

import (
	"encoding/json"
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
		Drawing int             `json:"procesversie,omitempty"` // of the process that shows where it is, when that is not the one of today
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

func (p *Process) showZaak(z outway.Zaak, at place) zaakView {
	n := at.at
	if at.lost { // nobody can do it: it is only where the zaak stands
		n = &bpmn.Node{Step: n.Step, Title: n.Title, Kind: n.Kind, StepKind: n.StepKind}
		if z.Open() {
			n.Title += p.another(at)
		}
	}
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
