package outway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Services is the client of our own layer 2. It goes through the outway too:
// another component may one day offer the register instead.
type Services struct {
	outway   *Outway
	service  string
	subjects string // path of the collection that zaken are about: /v1/verhuizingen; "" for none
	activity logboek.Activity
	token    string
	// API is the specification of layer 2 for which this component was made, as
	// identity.SumOf gives it; "" says nothing of it.
	API string
}

// NewServices makes the client. The token is that of the component; "" in
// development.
func NewServices(o *Outway, service, subjects string, a logboek.Activity, token string) *Services {
	return &Services{outway: o, service: service, subjects: subjects, activity: a, token: token}
}

// Zaak is one run of the process, as layer 2 keeps it.
type Zaak struct {
	ID            string    `json:"id"`
	Identificatie string    `json:"identificatie"`
	Omschrijving  string    `json:"omschrijving"`
	Zaaktype      string    `json:"zaaktype"`
	Startdatum    string    `json:"startdatum"`
	Einddatum     string    `json:"einddatum,omitempty"`
	CurrentStep   string    `json:"huidigeStap"`
	Resultaat     string    `json:"resultaat,omitempty"`
	Subject       string    `json:"onderwerp,omitempty"`
	Initiator     string    `json:"initiator,omitempty"`
	Marks         []string  `json:"markeringen,omitempty"`
	ChangedAt     time.Time `json:"gewijzigdOp"`
	Version       string    `json:"-"` // ETag

	Representative string `json:"gemachtigde,omitempty"` // who began it for the initiator

	Began int `json:"procesversie,omitempty"`   // version of the process under which it began; 0 when it is not known
	Stays int `json:"blijftOpVersie,omitempty"` // version on which it stays; 0 when it follows the process of today
}

// Open says whether the zaak still goes on.
func (z Zaak) Open() bool { return z.Resultaat == "" && z.Einddatum == "" }

// Stopped says whether a mark stops its processing: a restriction or an
// objection, but not a hold.
func (z Zaak) Stopped() bool {
	return slices.ContainsFunc(z.Marks, func(kind string) bool { return kind != MarkHold })
}

// MarkHold is the mark with which a zaak goes on: it is only kept from being
// destroyed.
const MarkHold = "bewaren"

// NewZaak is what a zaak begins with.
type NewZaak struct {
	Omschrijving string `json:"omschrijving"`
	Zaaktype     string `json:"zaaktype"`
	CurrentStep  string `json:"huidigeStap"`
	Subject      string `json:"onderwerp,omitempty"`
	Initiator    string `json:"initiator,omitempty"`
	SetBy        string `json:"gezetDoor,omitempty"`

	Representative string `json:"gemachtigde,omitempty"`

	Process int `json:"-"` // version of the process under which it begins; 0 leaves it to layer 2
}

// StatusRecord is one move of a zaak: to which step, and how the step before it ended.
type StatusRecord struct {
	ID                string    `json:"id,omitempty"`
	Statustype        string    `json:"statustype"`
	DatumStatusGezet  time.Time `json:"datumStatusGezet"`
	Outcome           string    `json:"uitkomst,omitempty"`
	Statustoelichting string    `json:"statustoelichting,omitempty"`
	SetBy             string    `json:"gezetDoor,omitempty"`
	Kind              string    `json:"soort,omitempty"` // Transition, or "" for a step that was done
}

// Transition is the kind of a status that came of a change of the process.
const Transition = "overgang"

// NewStatus moves a zaak; with a Resultaat it ends.
type NewStatus struct {
	Statustype        string `json:"statustype"`
	Outcome           string `json:"uitkomst,omitempty"`
	Statustoelichting string `json:"statustoelichting,omitempty"`
	SetBy             string `json:"gezetDoor,omitempty"`
	Resultaat         string `json:"resultaat,omitempty"`
}

// Subject is the record that a zaak is about.
type Subject struct {
	ID      string
	Data    json.RawMessage
	Version string // ETag
}

// Key makes that a call has one effect, however often it is made. Fingerprint is
// of what a person asked: what is sent can differ although that is the same, such
// as after an answer of a source. With another fingerprint the key is refused
// (Reused).
type Key struct{ ID, Fingerprint string }

// Zaak reads one zaak.
func (s *Services) Zaak(ctx context.Context, id string) (Zaak, error) {
	var z Zaak
	h, err := s.send(ctx, call{name: "zaak lezen", method: http.MethodGet, path: "/v1/zaken/" + url.PathEscape(id)}, &z)
	z.Version = h.Get("ETag")
	return z, err
}

// Statuses reads the history of a zaak, oldest first.
func (s *Services) Statuses(ctx context.Context, zaak string) ([]StatusRecord, error) {
	var list struct {
		Results []StatusRecord `json:"results"`
	}
	_, err := s.send(ctx, call{name: "statussen lezen", method: http.MethodGet, path: "/v1/zaken/" + url.PathEscape(zaak) + "/statussen"}, &list)
	return list.Results, err
}

// Subject reads the record.
func (s *Services) Subject(ctx context.Context, id string) (Subject, error) {
	if s.subjects == "" {
		return Subject{}, errors.New("dit proces bewaart niets over een onderwerp")
	}
	var raw json.RawMessage
	h, err := s.send(ctx, call{name: "onderwerp lezen", method: http.MethodGet, path: s.subjects + "/" + url.PathEscape(id)}, &raw)
	if err != nil {
		return Subject{}, err
	}
	var found struct {
		ID string `json:"id"`
	}
	err = json.Unmarshal(raw, &found)
	return Subject{ID: found.ID, Data: raw, Version: h.Get("ETag")}, err
}

// call is one call to layer 2.
type call struct {
	name, method, path string
	query              url.Values
	body               any
	ifMatch            string
	activity           logboek.Activity // when it is not that of the process
	repeatable         bool             // although it is no GET
}

func (s *Services) send(ctx context.Context, c call, to any) (http.Header, error) {
	q := Question{Service: s.service, Operation: c.name, Method: c.method, Path: c.path, Query: c.query, Header: http.Header{},
		Repeatable: c.repeatable || c.method == http.MethodGet || c.method == http.MethodPut && c.ifMatch == ""}
	identity.SetToken(q.Header, s.token)
	setTrace(ctx, q.Header)
	identity.SetAPI(q.Header, s.API)
	if c.ifMatch != "" {
		q.Header.Set("If-Match", c.ifMatch)
	}
	if c.body != nil {
		body, err := json.Marshal(c.body)
		if err != nil {
			return http.Header{}, err
		}
		q.Body = body
	}
	activity := s.activity
	if c.activity.Name != "" {
		activity = c.activity
	}
	reply, err := s.outway.Do(ctx, activity, q)
	if err != nil {
		return http.Header{}, err
	}
	if to == nil {
		return reply.Header, nil
	}
	if err := json.Unmarshal(reply.Body, to); err != nil {
		// The text of err may quote what was stored.
		return http.Header{}, &Fault{Kind: FaultService, Service: s.service, Operation: c.name, Status: reply.Status,
			Transaction: reply.Transaction, reason: "het antwoord is geen geldige JSON"}
	}
	return reply.Header, nil
}
