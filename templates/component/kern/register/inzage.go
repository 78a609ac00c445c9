package register

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Inzage finds what layer 1 keeps of one person, and lets an employee put the
// data of a zaak right.
type Inzage struct {
	API       API
	Zaken     *opslag.Zaken
	Temporary *opslag.Temporary
	Log       Log

	server http.Handler
}

// Routes are the internal routes. Which right they take, layer 4 judges.
func (z *Inzage) Routes() []rest.Route {
	return []rest.Route{
		{Method: http.MethodPost, Pattern: "/inzage", Handler: ownOnly(z.search)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}/correcties", Handler: ownOnly(z.corrections)},
		{Method: http.MethodPost, Pattern: "/zaken/{id}/correcties", Handler: ownOnly(z.correct)},
	}
}

// Through says which server judges a correction as any other change of a record:
// the one in which these routes are.
func (z *Inzage) Through(server http.Handler) http.Handler {
	z.server = server
	return server
}

const maxSearch = 4 << 10 // bytes of JSON

// search answers a question about one person. The number is in the body and comes
// into no address and no log.
func (z *Inzage) search(w http.ResponseWriter, r *http.Request) error {
	var s inzage.Search
	if err := rest.DecodeInternal(w, r, maxSearch, &s); err != nil {
		return err
	}
	var faults []rest.Fault
	for _, field := range []string{"soort", "nummer", "doel", "regels"} {
		if text := s.Wrong()[field]; text != "" {
			faults = append(faults, rest.InBody("/"+field, "check", text))
		}
	}
	if faults != nil {
		return rest.Invalid(faults...)
	}
	outer, _ := logboek.FromHeader(r.Header)
	report, err := z.Find(r.Context(), s, logboek.Verwerking{TraceID: outer.TraceID, ParentID: outer.SpanID})
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, report)
}

// Find gathers what is known about a person. That it was asked is written in the
// log before anything is given: under tells where that line stands and who asked.
func (z *Inzage) Find(ctx context.Context, s inzage.Search, under logboek.Verwerking) (*inzage.Report, error) {
	own := logboek.Trace{TraceID: under.TraceID, SpanID: under.ParentID}.Child()
	line := under
	line.TraceID, line.SpanID, line.Name, line.Kind, line.Status = own.TraceID, own.SpanID, "Gegevens van een persoon opgezocht: "+s.Title(), logboek.Register, logboek.Ok
	line.Activity, line.ActivityURI = inzage.Activity.Title, inzage.Activity.URI
	line.DataSubject, line.DataSubjectKind = z.Log.Key.Pseudonym(s.Kind, s.Number), s.Kind
	line.Begin = time.Now()
	line.End = line.Begin
	if err := z.Log.Logboek.Write(ctx, line); err != nil {
		return nil, err
	}
	return z.gather(ctx, s)
}

func (z *Inzage) gather(ctx context.Context, s inzage.Search) (*inzage.Report, error) {
	person := z.Log.Key.PersonID(s.Kind, s.Number)
	r := &inzage.Report{Kind: s.Kind, Number: s.Number, Purpose: s.Title(), Made: time.Now().UTC().Truncate(time.Second),
		Records: []inzage.Record{}, Zaken: []inzage.Zaak{}, Kept: []inzage.Kept{}, Actions: []inzage.Action{}}
	if err := z.records(ctx, r, s.Kind, s.Number, nil); err != nil {
		return nil, err
	}
	subjects := ids(r.Records)
	zaken, err := z.Zaken.OfPerson(ctx, person, subjects)
	if err != nil {
		return nil, err
	}
	var about, mine []string // zaken of the person, and the records of those
	for i := range zaken {
		found, err := z.zaak(ctx, &zaken[i], person, slices.Contains(subjects, zaken[i].Subject))
		if err != nil {
			return nil, err
		}
		r.Zaken = append(r.Zaken, found)
		if whole(found.Relation) {
			about = append(about, found.ID)
		}
		if found.Relation == inzage.Applicant && found.Record != "" && !slices.Contains(subjects, found.Record) {
			mine = append(mine, found.Record)
		}
	}
	if err := z.records(ctx, r, "", "", mine); err != nil {
		return nil, err
	}
	held, err := z.Temporary.OfPerson(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		r.Kept = append(r.Kept, inzage.Kept{Kind: h.Kind, Name: h.Name, Expires: h.Expires.Time})
	}
	names := []string{z.Log.Key.Pseudonym(s.Kind, s.Number), person}
	lines, count, err := z.Log.Logboek.OfPerson(ctx, names, about, cmp.Or(s.Limit, inzage.MaxLines), s.Offset)
	if err != nil {
		return nil, err
	}
	r.Lines, r.Actions = count, actions(lines, names, about)
	return r, nil
}

// records adds the rows of all collections with the number, or with these ids.
func (z *Inzage) records(ctx context.Context, r *inzage.Report, kind, number string, ids []string) error {
	for _, c := range z.API.Collections {
		if c.OfPerson == nil {
			continue
		}
		found, err := c.OfPerson(ctx, kind, number, ids)
		if err != nil {
			return err
		}
		r.Records = append(r.Records, found...)
	}
	return nil
}

func ids(records []inzage.Record) (all []string) {
	for _, r := range records {
		all = append(all, r.ID)
	}
	return all
}

// whole says whether a zaak is given with all that is in it. Who only did a step
// in the zaak of somebody else is told of that step.
func whole(relation string) bool { return relation == inzage.Applicant || relation == inzage.About }

func (z *Inzage) zaak(ctx context.Context, of *opslag.PersonZaak, person string, about bool) (inzage.Zaak, error) {
	found := inzage.Zaak{ID: of.ID, Identificatie: of.Identificatie, Title: of.Omschrijving, Startdatum: string(of.Startdatum), Einddatum: string(of.Einddatum),
		Step: of.CurrentStep, Resultaat: of.Resultaat, Statuses: []inzage.Status{}, Marks: []inzage.Mark{}, Corrections: []inzage.Correction{}}
	statuses, err := z.Zaken.Statuses(ctx, of.ID)
	if err != nil {
		return found, err
	}
	switch {
	case of.Initiator == person:
		found.Relation = inzage.Applicant
	case about:
		found.Relation = inzage.About
	case of.Representative == person, len(statuses) > 0 && statuses[0].SetBy == person:
		found.Relation = inzage.Delegate
	default:
		found.Relation = inzage.Actor
	}
	for _, s := range statuses {
		if own := s.SetBy == person; own || whole(found.Relation) {
			found.Statuses = append(found.Statuses, inzage.Status{Step: s.Statustype, Time: s.DatumStatusGezet.Time, Outcome: s.Outcome, Explanation: s.Statustoelichting, Own: own})
		}
	}
	if !whole(found.Relation) {
		return found, nil
	}
	found.Record, found.ByDelegate = of.Subject, of.Representative != ""
	marks, err := z.Zaken.Marks(ctx, of.ID)
	if err != nil {
		return found, err
	}
	for _, m := range marks {
		one := inzage.Mark{Kind: m.Kind, Reason: m.Reason, Since: m.Since.Time}
		if m.LiftedAt != nil {
			one.Lifted = &m.LiftedAt.Time
		}
		found.Marks = append(found.Marks, one)
	}
	found.Corrections, err = z.correctionsOf(ctx, of.ID)
	return found, err
}

func (z *Inzage) correctionsOf(ctx context.Context, zaak string) ([]inzage.Correction, error) {
	stored, err := z.Zaken.Corrections(ctx, zaak)
	all := []inzage.Correction{}
	for _, c := range stored {
		all = append(all, inzage.Correction{ID: c.ID, Time: c.Time.Time, Fields: c.Fields, Reason: c.Reason, By: c.SetBy, Role: c.Role})
	}
	return all, err
}

// recordsOf makes the search of one table.
func recordsOf[T any](path, title string, t *opslag.Table[T]) func(context.Context, string, string, []string) ([]inzage.Record, error) {
	return func(ctx context.Context, kind, number string, ids []string) ([]inzage.Record, error) {
		rows, err := t.OfPerson(ctx, kind, number, ids)
		if err != nil {
			return nil, err
		}
		var all []inzage.Record
		for i := range rows {
			m := t.Meta(&rows[i])
			one := inzage.Record{Collection: path, Title: title, ID: m.ID, Created: m.CreatedAt.Time, Changed: m.ChangedAt.Time, Fields: []inzage.Field{}}
			values, err := asObject(&rows[i])
			if err != nil {
				return nil, err
			}
			for _, col := range t.Columns() {
				if v := values[col.JSON]; v != nil && v != "" {
					one.Fields = append(one.Fields, inzage.Field{Name: col.JSON, Value: withoutContent(v)})
				}
			}
			all = append(all, one)
		}
		return all, nil
	}
}

// asObject is a row as its JSON.
func asObject(row any) (object map[string]any, err error) {
	raw, err := json.Marshal(row)
	if err == nil {
		err = json.Unmarshal(raw, &object)
	}
	return object, err
}

// withoutContent leaves of a file what it is called; of anything else everything.
func withoutContent(v any) any {
	file, object := v.(map[string]any)
	if _, named := file["mediatype"]; !object || !named {
		return v
	}
	delete(file, "inhoud")
	return file
}
