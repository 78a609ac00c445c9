package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// part is one request of a series: several requests that layer 2 does in one call,
// all of them or none. See package register.
type part struct {
	Method string            `json:"methode"`
	Path   string            `json:"pad"`
	Query  string            `json:"vraag,omitempty"`
	Header map[string]string `json:"headers,omitempty"`
	Body   any               `json:"inhoud,omitempty"`
	Fill   map[string]string `json:"vul,omitempty"`
	If     map[string]string `json:"als,omitempty"`
	May    []int             `json:"magZijn,omitempty"`
	Lasts  bool              `json:"duurt,omitempty"`
}

// keyed are the headers of a key.
func keyed(key Key) map[string]string {
	h := map[string]string{}
	if key.ID != "" {
		h["Idempotency-Key"] = key.ID
	}
	if key.Fingerprint != "" {
		h["Idempotency-Fingerprint"] = key.Fingerprint
	}
	return h
}

// partAnswer is what came of a request; Status 0 when it was not done.
type partAnswer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"headers"`
	Body   json.RawMessage   `json:"inhoud"`
}

func (a partAnswer) done() bool {
	return a.Status > 0 && a.Status < http.StatusMultipleChoices
}

// series is a list of requests while it is made, and afterwards their answers.
type series struct {
	parts   []part
	answers []partAnswer
}

// add puts a request behind the others and gives its place.
func (l *series) add(p part) int {
	l.parts = append(l.parts, p)
	return len(l.parts) - 1
}

// of refers to a field of the answer at a place.
func of(place int, field string) string { return strconv.Itoa(place) + "." + field }

// anything stands for every text but an empty one, where a condition names what an
// answer has to say.
const anything = "*"

// statusOf refers to the status of the answer at a place.
func statusOf(place int) string { return strconv.Itoa(place) + "#" }

// record adds lines of the log, when there are any.
func (l *series) record(lines []logboek.Verwerking) {
	if len(lines) > 0 {
		l.add(part{Method: http.MethodPost, Path: "/v1/verwerkingen", Body: lines})
	}
}

// do sends a series. When a request is refused the error is that of the request as
// if it came alone. A series can be sent twice when each of its requests can.
func (s *Services) do(ctx context.Context, name string, repeatable bool, l *series) error {
	var answer struct {
		Answers []partAnswer `json:"antwoorden"`
		Failed  *int         `json:"mislukt"`
		Seconds int          `json:"nietVastgelegd"`
	}
	body := map[string]any{"verzoeken": l.parts}
	if _, err := s.send(ctx, call{name: name, method: http.MethodPost, path: "/intern/reeks", body: body, repeatable: repeatable}, &answer); err != nil {
		return withoutSeries(err)
	}
	fault := &Fault{Kind: FaultService, Service: s.service, Operation: name}
	switch {
	case answer.Seconds > 0:
		fault.Kind, fault.Wait = FaultRecording, time.Duration(min(answer.Seconds, 24*60*60))*time.Second
		return fault
	case len(answer.Answers) != len(l.parts) || answer.Failed != nil && (*answer.Failed < 0 || *answer.Failed >= len(l.parts)):
		fault.reason = "het antwoord past niet bij de reeks"
		return fault
	case answer.Failed != nil:
		a := answer.Answers[*answer.Failed]
		return a.fault(fault)
	}
	l.answers = answer.Answers
	return nil
}

func (a partAnswer) fault(f *Fault) *Fault {
	f.Status = a.Status
	if seconds, err := strconv.Atoi(a.Header["Retry-After"]); err == nil && a.Status == http.StatusTooManyRequests {
		f.Wait = time.Duration(min(max(seconds, 0), 24*60*60)) * time.Second
	}
	f.reused(a.Status, a.Header["Location"])
	return f
}

// withoutSeries is the fault of a layer 2 that knows no series: an older version
// beside us, while this one is rolled out. The next attempt may meet the new one.
func withoutSeries(err error) error {
	if f, ok := err.(*Fault); ok && Status(err) == http.StatusNotFound { //nolint:errorlint // made here
		f.Status, f.Wait = http.StatusServiceUnavailable, time.Second
		f.reason = "layer 2 is van een andere versie"
	}
	return err
}

// Look is what somebody wants to see of a zaak.
type Look struct {
	Lines []logboek.Verwerking // say that it is read; without them nothing comes back
	Zaak  string
	// Zaaktype, Initiator and Representative say of which zaken the record is read,
	// when they are not "".
	Zaaktype, Initiator, Representative string

	WithSubject bool
	Key         Key // of a status; see Found.Done
}

// Found is a zaak with what belongs to it.
type Found struct {
	Zaak        Zaak
	Subject     *Subject // nil when there is none, or when it was not to be read
	Asked       bool     // the record was read, or is gone
	Statuses    []StatusRecord
	Corrections []inzage.Correction
	Done        bool // a status was set with the key
	Reused      bool // with the key something else was asked
}

// Look reads a zaak, what it is about and its history in one call.
func (s *Services) Look(ctx context.Context, k Look) (f Found, err error) {
	l := &series{}
	l.record(k.Lines)
	at := "/v1/zaken/" + k.Zaak
	zaak := l.add(part{Method: http.MethodGet, Path: at})
	subject, key := -1, -1
	if k.WithSubject && s.subjects != "" {
		only := map[string]string{of(zaak, "onderwerp"): anything}
		for field, want := range map[string]string{"zaaktype": k.Zaaktype, "initiator": k.Initiator, "gemachtigde": k.Representative} {
			if want != "" {
				only[of(zaak, field)] = want
			}
		}
		subject = l.add(part{Method: http.MethodGet, Path: s.subjects + "/{" + of(zaak, "onderwerp") + "}", If: only, May: []int{http.StatusNotFound}})
	}
	statuses := l.add(part{Method: http.MethodGet, Path: at + "/statussen"})
	corrections := l.add(part{Method: http.MethodGet, Path: correctionsAt(k.Zaak)})
	if k.Key.ID != "" {
		key = l.add(part{Method: http.MethodGet, Path: "/intern/zaken/" + k.Zaak + "/sleutels/" + k.Key.ID, Header: keyed(Key{Fingerprint: k.Key.Fingerprint}),
			May: []int{http.StatusNotFound, http.StatusConflict}})
	}
	if err := s.do(ctx, "zaak bekijken", true, l); err != nil {
		return f, err
	}
	if f.Zaak, err = zaakIn(l.answers[zaak]); err != nil {
		return f, s.unreadable(err)
	}
	if subject >= 0 {
		f.Asked = l.answers[subject].Status != 0
		if f.Subject, err = subjectIn(l.answers[subject]); err != nil {
			return f, s.unreadable(err)
		}
	}
	if key >= 0 {
		f.Done, f.Reused = l.answers[key].done(), l.answers[key].Status == http.StatusConflict
	}
	if f.Statuses, err = statusesIn(l.answers[statuses]); err == nil {
		err = json.Unmarshal(l.answers[corrections].Body, &f.Corrections)
	}
	return f, s.unreadable(err)
}

func zaakIn(a partAnswer) (z Zaak, err error) {
	err = json.Unmarshal(a.Body, &z)
	z.Version = a.Header["Etag"]
	return z, err
}

// subjectIn is nil for one that was not read or is gone.
func subjectIn(a partAnswer) (*Subject, error) {
	if !a.done() {
		return nil, nil //nolint:nilnil // not there is no error
	}
	var id struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(a.Body, &id)
	return &Subject{ID: id.ID, Data: a.Body, Version: a.Header["Etag"]}, err
}

func statusesIn(a partAnswer) ([]StatusRecord, error) {
	var list struct {
		Results []StatusRecord `json:"results"`
	}
	err := json.Unmarshal(a.Body, &list)
	return list.Results, err
}

// unreadable is the fault of an answer that is not what it should be. The text of
// err may quote what was stored.
func (s *Services) unreadable(err error) error {
	if err == nil {
		return nil
	}
	return &Fault{Kind: FaultService, Service: s.service, Operation: "reeks", reason: "het antwoord is geen geldige JSON"}
}

// Work is what a step does in layer 2, all of it or nothing.
type Work struct {
	Lines []logboek.Verwerking // written with it
	Ends  []logboek.Verwerking // likewise: about the zaak, and they end with the work
	Asks  []logboek.Verwerking // of the question that follows from it; only when it was not done before

	Open       *NewZaak // a zaak to open, about Record when there is one
	OpenKey    Key
	Record     map[string]json.RawMessage // nil for none
	RecordKey  Key
	Zaak       string     // or a zaak that is there already
	Version    string     // of the zaak; that of one that is opened is known
	Move       *NewStatus // nil when it stays where it is
	MoveKey    Key
	Change     map[string]json.RawMessage // a merge patch of the record of the zaak; nil for none
	Subject    string                     // that record, and the version that the user saw
	SubjectTag string
}

// Done is how it is afterwards. Of what was repeated, and so done before, it is how it
// is now.
type Done struct {
	Zaak     Zaak
	Subject  *Subject       // that was stored or changed now; nil for none
	Set      []StatusRecord // those that were set now, or all of them
	All      bool           // Set is the whole history, and nothing was corrected yet unless it is Repeated
	Repeated bool           // with the key it was done before
	Begun    bool           // the lines of the question are written
}

// Do does work in one call.
func (s *Services) Do(ctx context.Context, w Work) (d Done, err error) {
	l := &series{}
	l.record(w.Lines)
	record, opened, moved, changed, before, zaak := -1, -1, -1, -1, -1, w.Zaak
	if w.Record != nil {
		record = l.add(part{Method: http.MethodPost, Path: s.subjects, Header: keyed(w.RecordKey), Body: w.Record})
	}
	version := w.Version
	if w.Open != nil {
		p := part{Method: http.MethodPost, Path: "/v1/zaken", Header: keyed(w.OpenKey), Body: w.Open}
		if w.Open.Process > 0 {
			p.Header["Procesversie"] = strconv.Itoa(w.Open.Process)
		}
		if record >= 0 {
			p.Fill = map[string]string{"onderwerp": of(record, "id")}
		}
		opened = l.add(p)
		zaak, version = "{"+of(opened, "id")+"}", `"1"`
	}
	at := "/v1/zaken/" + zaak
	latest := opened
	if w.Move != nil {
		h := keyed(w.MoveKey)
		h["If-Match"] = version
		moved = l.add(part{Method: http.MethodPost, Path: at + "/statussen", Header: h, Body: w.Move})
		latest = moved
	}
	if w.Change != nil { // a repetition changes nothing: that would not be the version it saw
		changed = l.add(part{Method: http.MethodPatch, Path: s.subjects + "/" + w.Subject, Body: w.Change,
			Header: map[string]string{"If-Match": w.SubjectTag, "Content-Type": "application/merge-patch+json"}, If: map[string]string{statusOf(moved): "201"}})
	}
	now := opened
	if moved >= 0 {
		now = l.add(part{Method: http.MethodGet, Path: at})
	}
	if latest >= 0 {
		before = l.add(part{Method: http.MethodGet, Path: at + "/statussen", If: map[string]string{statusOf(latest): "200"}})
	}
	asks := -1
	if len(w.Asks) > 0 && latest >= 0 {
		asks = l.add(part{Method: http.MethodPost, Path: "/v1/verwerkingen", Body: w.Asks, If: map[string]string{statusOf(latest): "201"}})
	}
	if len(w.Ends) > 0 {
		p := part{Method: http.MethodPost, Path: "/v1/verwerkingen", Body: w.Ends, Lasts: true}
		if opened >= 0 {
			p.Fill = map[string]string{"zaak": of(opened, "id")}
		}
		l.add(p)
	}
	repeatable := (w.Record == nil || w.RecordKey.ID != "") && (w.Open == nil || w.OpenKey.ID != "") && (w.Move == nil || w.MoveKey.ID != "")
	if err := s.do(ctx, w.name(), repeatable, l); err != nil {
		return d, err
	}
	return d, s.unreadable(d.read(w, l.answers, places{record, opened, moved, changed, before, now, asks}))
}

// name is what the work is, for the log.
func (w Work) name() string {
	switch {
	case w.Open != nil:
		return "zaak beginnen"
	case w.Change != nil:
		return "onderwerp wijzigen en status zetten"
	}
	return "status zetten"
}

// places are those of the requests of a Work.
type places struct{ record, opened, moved, changed, before, now, asks int }

func (d *Done) read(w Work, all []partAnswer, at places) (err error) {
	if d.Zaak, err = zaakIn(all[at.now]); err != nil {
		return err
	}
	for _, place := range []int{at.record, at.changed} {
		if place >= 0 && all[place].done() {
			if d.Subject, err = subjectIn(all[place]); err != nil {
				return err
			}
		}
	}
	d.Begun = at.asks >= 0 && all[at.asks].done()
	d.Repeated, d.All = all[at.before].Status != 0, w.Open != nil
	if d.Repeated {
		d.All = true
		d.Set, err = statusesIn(all[at.before])
		return err
	}
	if w.Open != nil { // it has just begun, with one status
		z, err := zaakIn(all[at.opened])
		if err != nil {
			return err
		}
		d.Set = []StatusRecord{{Statustype: z.CurrentStep, DatumStatusGezet: z.ChangedAt, SetBy: w.Open.SetBy}}
	}
	if at.moved >= 0 {
		var set StatusRecord
		err = json.Unmarshal(all[at.moved].Body, &set)
		d.Set = append(d.Set, set)
	}
	return err
}
