// Package inzage is what a component knows about one person, as its layers hand
// it on and as people read it: the requests of AVG articles 15 to 21. It finds
// nothing itself; layer 2 does.
package inzage

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Activity is for what personal data is handled here. It is the same in every
// component: the law itself asks for it.
var Activity = logboek.Activity{
	Name: "rechten-van-betrokkenen", Title: "Rechten van betrokkenen",
	URI:       "urn:uuid:6f2f0a52-5d7b-5c43-9b0a-1f6f3f1d7a10",
	Purpose:   "verzoeken van betrokkenen over hun gegevens beantwoorden, en nagaan wie ernaar keek",
	Grondslag: "wettelijke verplichting", Explanation: "AVG artikel 12 en artikelen 15 tot en met 21",
	Retention: "zo lang als de regels in het logboek van verwerkingen",
}

// Purpose is why somebody searches. It goes into the log with the search.
type Purpose struct{ Name, Title string }

// Purposes are those that one can choose from: a free text would end up in a log.
var Purposes = []Purpose{
	{"inzage", "Verzoek om inzage (AVG artikel 15)"},
	{"rectificatie", "Verzoek om rectificatie (AVG artikel 16)"},
	{"wissing", "Verzoek om wissing (AVG artikel 17)"},
	{"beperking", "Verzoek om beperking (AVG artikel 18)"},
	{"overdracht", "Verzoek om overdracht van gegevens (AVG artikel 20)"},
	{"bezwaar", "Bezwaar tegen de verwerking (AVG artikel 21)"},
	{"controle", "Controle op wie gegevens bekijkt"},
}

// Search is a question about one person. The number travels in the body of a
// request and nowhere else.
type Search struct {
	Kind    string `json:"soort"` // logboek.BSN or logboek.KVK
	Number  string `json:"nummer"`
	Purpose string `json:"doel"`   // the name of one of Purposes
	Offset  int    `json:"vanaf"`  // how many of the newest lines of the log to leave out
	Limit   int    `json:"regels"` // and how many to give; at most MaxLines
}

// MaxLines is how many lines of the log one answer holds.
const MaxLines = 5000

// Wrong says what is wrong, per field of the search, in Dutch; it holds no value.
func (s Search) Wrong() map[string]string {
	wrong := map[string]string{}
	switch s.Kind {
	case logboek.BSN:
		if err := value.BSN(s.Number); err != nil {
			wrong["nummer"] = err.Error()
		}
	case logboek.KVK:
		if k, _ := value.Of("kvk"); k.Check(s.Number) != nil {
			wrong["nummer"] = k.Check(s.Number).Error()
		}
	default:
		wrong["soort"] = "Kies BSN of KVK"
	}
	if s.Title() == "" {
		wrong["doel"] = "Kies waarvoor u zoekt"
	}
	if s.Offset < 0 || s.Limit < 0 || s.Limit > MaxLines {
		wrong["regels"] = "Vraag niet meer regels tegelijk dan er in een antwoord passen"
	}
	return wrong
}

// Title is the purpose as people read it; "" when there is none.
func (s Search) Title() string {
	i := slices.IndexFunc(Purposes, func(p Purpose) bool { return p.Name == s.Purpose })
	if i < 0 {
		return ""
	}
	return Purposes[i].Title
}

// The relations of a person with a zaak.
const (
	Applicant = "aanvrager"     // it was begun for this person
	About     = "betrokkene"    // the record that it is about has the number of this person
	Actor     = "deed een stap" // this person did a step in it
	Delegate  = "gemachtigde"   // this person began it for somebody else
)

// Report is what is known about one person.
type Report struct {
	Kind    string    `json:"soort"`
	Number  string    `json:"nummer"`
	Purpose string    `json:"doel"`
	Made    time.Time `json:"gemaaktOp"`
	Records []Record  `json:"gegevens"`
	Zaken   []Zaak    `json:"zaken"`
	Kept    []Kept    `json:"tijdelijk"`
	Actions []Action  `json:"verwerkingen"`
	Lines   int       `json:"aantalRegels"` // in the log, also those that are not given
}

// Record is a row of the register.
type Record struct {
	Collection string    `json:"verzameling"`
	Title      string    `json:"titel"`
	ID         string    `json:"id"`
	Created    time.Time `json:"aangemaaktOp"`
	Changed    time.Time `json:"gewijzigdOp"`
	Fields     []Field   `json:"velden"`
}

// Field is one value of a record. Of a file it is the name and the kind, not
// what is in it.
type Field struct {
	Name  string `json:"naam"`
	Value any    `json:"waarde"`
}

// Zaak is a zaak with what is known of it.
type Zaak struct {
	ID            string       `json:"id"`
	Identificatie string       `json:"identificatie"`
	Title         string       `json:"titel"`
	Relation      string       `json:"relatie"`
	ByDelegate    bool         `json:"doorGemachtigde"` // somebody with an authorisation began it
	Startdatum    string       `json:"startdatum"`
	Einddatum     string       `json:"einddatum,omitempty"`
	Step          string       `json:"stap"`
	Resultaat     string       `json:"resultaat,omitempty"`
	Record        string       `json:"onderwerp,omitempty"`
	Statuses      []Status     `json:"statussen"`
	Marks         []Mark       `json:"markeringen"`
	Corrections   []Correction `json:"correcties"`
}

// Status is a step that a zaak came to.
type Status struct {
	Step        string    `json:"stap"`
	Time        time.Time `json:"tijdstip"`
	Outcome     string    `json:"uitkomst,omitempty"`
	Explanation string    `json:"toelichting,omitempty"`
	Own         bool      `json:"zelf"` // it was this person who did the step before
}

// Mark is a hold, a restriction or an objection.
type Mark struct {
	Kind   string     `json:"soort"`
	Reason string     `json:"reden"`
	Since  time.Time  `json:"sinds"`
	Lifted *time.Time `json:"opgehevenOp,omitempty"`
}

// Correction says that the stored data of a zaak was put right.
type Correction struct {
	ID     string    `json:"id"`
	Time   time.Time `json:"tijdstip"`
	Fields []string  `json:"velden"` // names; never a value
	Reason string    `json:"reden"`
	By     string    `json:"gezetDoor"` // pseudonym of the employee
	Role   string    `json:"rol"`
}

// Kept is something that is kept for a short time. What is in it is sealed.
type Kept struct {
	Kind    string    `json:"soort"`
	Name    string    `json:"naam,omitempty"` // of a file
	Expires time.Time `json:"verlooptOp"`
}

// Action is what somebody, or the component by itself, did at one moment with
// the data of the person.
type Action struct {
	Time        time.Time `json:"tijdstip"`
	Name        string    `json:"naam"`
	Role        string    `json:"rol,omitempty"`
	User        string    `json:"gebruiker,omitempty"`     // pseudonym of an employee
	UserName    string    `json:"gebruikerNaam,omitempty"` // of an employee
	Delegate    bool      `json:"gemachtigde"`             // somebody with an authorisation did it for another
	Caller      string    `json:"aanroeper,omitempty"`     // another organisation
	Zaak        string    `json:"zaak,omitempty"`
	Activity    string    `json:"activiteit"`
	ActivityURI string    `json:"activiteitUri"`
	Purpose     string    `json:"doel,omitempty"`
	Grondslag   string    `json:"grondslag,omitempty"`
	Explanation string    `json:"toelichting,omitempty"`
	Details     []Detail  `json:"details"`
}

// Detail is one line of the log under an action.
type Detail struct {
	Name      string   `json:"naam"`
	Kind      string   `json:"soort"`
	Bron      string   `json:"bron,omitempty"`
	Fields    []string `json:"velden,omitempty"` // names; never a value
	Titles    []string `json:"titels,omitempty"` // of fields of a source, as the source calls them
	Resultaat string   `json:"resultaat"`
}

// String says what it is, in words.
func (k Kept) String() string {
	switch k.Kind {
	case "sessie":
		return "Een inlogsessie"
	case "concept":
		return "Een formulier dat nog niet verstuurd is"
	case "bestand":
		return "Een bestand bij een formulier dat nog niet verstuurd is: " + k.Name
	}
	return upperFirst(k.Kind)
}

// By says who did it, as people read it.
func (a Action) By() string {
	switch {
	case a.UserName != "" && a.Role != "":
		return a.UserName + " (" + a.Role + ")"
	case a.UserName != "":
		return a.UserName
	case a.Role != "" && a.Delegate:
		return a.Role + ", gemachtigde"
	case a.Role != "":
		return a.Role
	case strings.Contains(a.Caller, ":systeem:"):
		return "Een ander systeem: " + a.Caller
	case a.Caller != "":
		return "Een andere organisatie: " + a.Caller
	}
	return "Automatisch, door deze dienst"
}

// What are the names of the fields that were handled, each once, in words: of a
// source as it calls them.
func (a Action) What() string {
	var all []string
	for _, d := range a.Details {
		for i, name := range d.Fields {
			text := Words(name)
			if i < len(d.Titles) && !value.Blank(d.Titles[i]) {
				text = value.Shown(d.Titles[i])
			}
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return strings.Join(all, ", ")
}

// Words makes words of the name of a field: nieuwAdres becomes "nieuw adres".
func Words(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '.' || r == '_':
			r = ' '
		case unicode.IsUpper(r) && i > 0:
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
