// Package logboek is the log of data processing: which personal data was
// handled, when, why and for whom (Logboek Dataverwerkingen 1.0, Logius). Layer
// 1 keeps the lines and delivers them; the other layers write them.
//
// A line never holds a burgerservicenummer, only a pseudonym of one.
package logboek

import (
	"context"
	"time"
)

// Kind says what kind of handling a line is about.
type Kind string

// The kinds. The names are what the page of a zaak and the API show.
const (
	Action   Kind = "handeling" // something that a person or the process does; the parent of the others
	Question Kind = "bevraging" // a question to a source
	Register Kind = "register"  // our own register: read, create, change, delete
)

// Status of a line, as OpenTelemetry has it. Cancelled by the user is Ok;
// refused or not found is Unset.
type Status string

// The three states.
const (
	Unset Status = "Unset"
	Ok    Status = "Ok"
	Error Status = "Error"
)

// Interrupted is the Fault of a line whose end never came: the process that did
// the work stopped halfway.
const Interrupted = "Onderbroken"

// Verwerking is one line: one action, for one data subject at most.
type Verwerking struct {
	TraceID  string    `json:"traceId"`                // 32 hexadecimal digits
	SpanID   string    `json:"spanId"`                 // 16 hexadecimal digits
	ParentID string    `json:"parentSpanId,omitempty"` // 16 hexadecimal digits or ""
	Name     string    `json:"naam"`                   // what was done, in Dutch: "Persoon raadplegen met burgerservicenummer"
	Kind     Kind      `json:"soort"`
	Status   Status    `json:"status"`
	Begin    time.Time `json:"begin"`
	End      time.Time `json:"einde,omitzero"` // zero while it is going on

	Activity    string `json:"activiteit"`    // title of the processing activity, for people
	ActivityURI string `json:"activiteitUri"` // dpl.core.processing_activity_id

	DataSubject     string `json:"betrokkene,omitempty"`      // pseudonym; dpl.core.data_subject_id
	DataSubjectKind string `json:"betrokkeneSoort,omitempty"` // of what: "BSN"; dpl.core.data_subject_id_type
	Caller          string `json:"aanroeper,omitempty"`       // dpl.core.foreign_operation.processor

	Zaak        string   `json:"zaak,omitempty"`          // id, when it is known
	Bron        string   `json:"bron,omitempty"`          // title of the source
	Fields      []string `json:"velden,omitempty"`        // names of what was asked; never a value
	Role        string   `json:"rol,omitempty"`           // of the user who did it: "burgerzaken"
	User        string   `json:"gebruiker,omitempty"`     // pseudonym of the employee who did it
	UserName    string   `json:"gebruikerNaam,omitempty"` // and the name: who looked is to be told
	Transaction string   `json:"transactie,omitempty"`    // Fsc-Transaction-Id
	Fault       string   `json:"fout,omitempty"`          // exception.type; no text, which may quote data

	Representative string `json:"gemachtigde,omitempty"` // pseudonym of who did it for the data subject

	// Shown makes this a line about each of these, in one: it has ended, and is
	// itself about nobody. It is written and stored like this; whoever reads the log
	// and whoever it is delivered to gets a line for each (Expand).
	Shown []Shown `json:"getoond,omitempty"`
}

// Ending is how a line ended, in a word.
func (v *Verwerking) Ending() string {
	switch {
	case v.End.IsZero():
		return "bezig"
	case v.Status == Error:
		return "mislukt"
	case v.Kind == Question && v.Status == Ok:
		return "gevonden"
	case v.Kind == Question:
		return "niet-gevonden"
	case v.Status == Ok:
		return "gelukt"
	}
	return "geweigerd"
}

// Recorder is where lines are written. A line that cannot be written is an error,
// and then the work that it is about must not be done.
type Recorder interface {
	// Begin writes lines of work that is about to be done, or that is done at
	// once (with End filled in).
	Begin(ctx context.Context, lines ...Verwerking) error
	// End completes lines that were begun: end, status, and what is known only
	// afterwards. A line that was not begun is added.
	End(ctx context.Context, lines ...Verwerking) error
}
