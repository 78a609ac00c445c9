package register

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// Archive says what is due, and destroys it with a line in the log of processing
// for each person whom it was about.
type Archive struct {
	store       *opslag.Archive
	collections []Collection
	subject     string // table with what zaken are about; "" for none
	log         Log
	citizens    bool
}

// ArchiveOptions is what the archive must know of the process.
type ArchiveOptions struct {
	Zaaktype string
	Subject  string   // collection that zaken are about; "" for none
	Decides  []string // steps in which somebody decides
	Citizens bool     // people from outside begin zaken, so that the initiator is a data subject
}

// NewArchive makes the archive of the collections of an API.
func NewArchive(db *opslag.Database, a API, o ArchiveOptions, log Log) *Archive {
	var tables []opslag.Archived
	subject := ""
	for _, c := range a.Collections {
		tables = append(tables, c.table)
		if c.Path == o.Subject {
			subject = c.table.Name()
		}
	}
	return &Archive{opslag.NewArchive(db, o.Zaaktype, subject, a.Retention, o.Decides, tables), a.Collections, subject, log, o.Citizens}
}

// Results are the results of a zaak that the terms name.
func (a API) Results() (all []string) {
	for _, r := range a.Retention {
		if r.Result != "" {
			all = append(all, r.Result)
		}
	}
	for _, c := range a.Collections {
		all = append(all, c.table.Results()...)
	}
	return all
}

// Proposal is what is due now.
func (a *Archive) Proposal(ctx context.Context) (*opslag.Proposal, error) {
	return a.store.Proposal(ctx)
}

// Named is one thing that somebody approved the destruction of.
type Named struct {
	Kind string `json:"soort"`
	ID   string `json:"id"`
}

// Skipped is something that was approved and not destroyed.
type Skipped struct {
	Named
	Identificatie string `json:"identificatie,omitempty"` // of a zaak, when there is one
	Why           string `json:"waarom"`
}

// Outcome is what came of an approval. Without a declaration nothing was destroyed.
type Outcome struct {
	Declaration *opslag.Declaration `json:"verklaring,omitempty"`
	Skipped     []Skipped           `json:"overgeslagen"`
	Warning     string              `json:"waarschuwing,omitempty"` // of what was destroyed something may still be found
}

// Destroy destroys what is named and still due. Each thing is destroyed whole or
// not at all; when the store fails halfway, what went before it stands in the
// declaration, and so does it when the caller goes away. What is named twice is
// destroyed once. Wiping the space that came
// free takes no longer than patience, when that is not zero.
func (a *Archive) Destroy(ctx context.Context, named []Named, d opslag.Decision, patience time.Duration) (*Outcome, error) {
	p, err := a.store.Proposal(ctx)
	if err != nil {
		return nil, err
	}
	o := &Outcome{Skipped: []Skipped{}}
	isDue := make(map[Named]opslag.Due, len(p.Items))
	for _, d := range p.Items {
		isDue[Named{d.Kind, d.ID}] = d
	}
	var all []opslag.Due
	seen := map[Named]bool{}
	for _, n := range named {
		if seen[n] {
			continue
		}
		seen[n] = true
		d, found := isDue[n]
		if !found {
			o.Skipped = append(o.Skipped, a.skipped(ctx, n))
			continue
		}
		all = append(all, d)
	}
	if len(all) == 0 {
		return o, nil
	}
	id, err := a.store.Decide(ctx, d)
	if err != nil {
		return nil, err
	}
	failed := a.destroy(ctx, id, all, o)
	ctx = context.WithoutCancel(ctx)
	if err := a.store.Finish(ctx, id, patience); err != nil {
		o.Warning = err.Error()
	}
	declaration, err := a.store.Declaration(ctx, id)
	switch {
	case errors.Is(err, opslag.ErrNotFound): // nothing was destroyed
	case err != nil:
		return o, errors.Join(failed, err)
	default:
		o.Declaration = declaration
	}
	return o, failed
}

// destroy destroys one after the other. What something else refers to waits
// until that is gone too.
func (a *Archive) destroy(ctx context.Context, declaration string, all []opslag.Due, o *Outcome) error {
	for len(all) > 0 {
		var again []opslag.Due
		for _, d := range all {
			n := Named{d.Kind, d.ID}
			lines, err := a.lines(ctx, d)
			if err == nil {
				err = a.store.Destroy(ctx, declaration, d, lines...)
			}
			broken := ruleBroken(err)
			switch {
			case err == nil:
			case errors.Is(err, opslag.ErrNotDue), errors.Is(err, opslag.ErrNotFound):
				o.Skipped = append(o.Skipped, Skipped{n, d.Identificatie, "Iemand anders heeft dit intussen vernietigd, gewijzigd of vastgehouden."})
			case broken != nil && broken.Kind == opslag.Foreign:
				again = append(again, d)
			default:
				return err
			}
		}
		if len(again) == len(all) {
			for _, d := range again {
				o.Skipped = append(o.Skipped, Skipped{Named{d.Kind, d.ID}, d.Identificatie, "Een ander gegeven verwijst hiernaar, en dat blijft nog."})
			}
			return nil
		}
		all = again
	}
	return nil
}

// skipped says why something is not due.
func (a *Archive) skipped(ctx context.Context, n Named) Skipped {
	if n.Kind == opslag.KindZaak {
		_, _, err := a.store.Zaak(ctx, n.ID)
		if not, ok := errors.AsType[*opslag.NotDue](err); ok {
			return Skipped{n, not.Identificatie, not.Why}
		}
	}
	return Skipped{n, "", "Dit is er niet, of het is niet aan de beurt."}
}

// lines are those of the log of processing for one thing that is destroyed.
func (a *Archive) lines(ctx context.Context, d opslag.Due) ([]logboek.Verwerking, error) {
	trace, record := logboek.TraceFrom(ctx).Child(), d.ID
	var all []logboek.Verwerking
	table := d.Kind
	if d.Kind == opslag.KindZaak {
		now := time.Now()
		line := logboek.Verwerking{TraceID: trace.TraceID, SpanID: trace.SpanID, Name: "Zaak vernietigen", Kind: logboek.Register, Status: logboek.Ok,
			Begin: now, End: now, Activity: a.log.Activity.Title, ActivityURI: a.log.Activity.URI, Zaak: d.ID}
		if a.citizens && d.Initiator != "" {
			line.DataSubject, line.DataSubjectKind = d.Initiator, logboek.User
		}
		all, record, table = append(all, line), d.Record, a.subject
	}
	for _, c := range a.collections {
		if record == "" || c.table.Name() != table {
			continue
		}
		lines, err := c.destroyed(ctx, record, trace)
		if err != nil {
			return nil, err
		}
		for i := range lines {
			l := &lines[i]
			if d.Kind == opslag.KindZaak {
				l.In(d.ID)
			}
			all = append(all, *l)
		}
	}
	return all, nil
}

// destroyed makes the lines of a row that is destroyed; none of a table without
// personal data.
func (c collection[T]) destroyed(ctx context.Context, id string, trace logboek.Trace) ([]logboek.Verwerking, error) {
	if c.personal == nil {
		return nil, nil
	}
	row, err := c.table.Read(ctx, id)
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	trace.SetHeader(h)
	return c.personal.begin(&http.Request{Header: h}, "vernietigen").lines(row), nil
}
