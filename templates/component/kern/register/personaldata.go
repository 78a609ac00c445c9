package register

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// Log is where the handling of personal data is written down (Logboek
// Dataverwerkingen 1.0), and for which processing activity.
type Log struct {
	Logboek  *opslag.Logboek
	Key      logboek.Key
	Activity logboek.Activity
	OIN      string // of our own organisation
}

// personal says what is personal in the rows of a table.
type personal[T any] struct {
	Log
	title  string   // of one row: "Verhuizing"
	fields []string // names of the personal fields
	bsns   []int    // which of the fields are numbers of the persons that a row is about
	values func(*T) []any
}

// personalIn is nil for a table without personal data.
func personalIn[T any](t *opslag.Table[T], title string, l Log) *personal[T] {
	p := &personal[T]{Log: l, title: title, values: t.Fields}
	for i, col := range t.Columns() {
		if col.Personal || col.BSN {
			p.fields = append(p.fields, col.JSON)
		}
		if col.BSN {
			p.bsns = append(p.bsns, i)
		}
	}
	if len(p.fields) == 0 {
		return nil
	}
	return p
}

// persons are the numbers of the persons that a row is about. Only a pseudonym
// of them is stored in the log.
func (p *personal[T]) persons(row *T) []string {
	if len(p.bsns) == 0 {
		return nil
	}
	values, all := p.values(row), []string(nil)
	for _, i := range p.bsns {
		if bsn := opslag.StringOf(values[i]); bsn != "" {
			all = append(all, bsn)
		}
	}
	return all
}

// log makes the lines of one request; nil, of a table without personal data,
// makes none.
type log[T any] struct {
	*personal[T]
	own   logboek.Trace // the line itself
	first logboek.Verwerking
}

// begin starts the lines of a request; what names the action: lezen.
func (p *personal[T]) begin(r *http.Request, what string) *log[T] {
	if p == nil {
		return nil
	}
	outer, _ := logboek.FromHeader(r.Header)
	own := outer.Child()
	transaction, ok := logboek.TransactionOf(r.Header)
	if !ok {
		transaction = ""
	}
	return &log[T]{p, own, logboek.Verwerking{
		TraceID: own.TraceID, SpanID: own.SpanID, ParentID: outer.SpanID, Name: p.title + " " + what,
		Kind: logboek.Register, Status: logboek.Ok, Begin: time.Now(),
		Activity: p.Activity.Title, ActivityURI: p.Activity.URI,
		Caller: callerOf(r, p.OIN), Fields: p.fields, Transaction: transaction,
	}}
}

// lines are the lines about these rows: one when they are about one person at
// most, or else one for the whole and one for each person, which go together.
func (l *log[T]) lines(rows ...*T) []logboek.Verwerking {
	if l == nil {
		return nil
	}
	l.first.End = time.Now()
	var persons []string
	seen := make(map[string]bool, len(rows))
	for _, row := range rows {
		for _, bsn := range l.persons(row) {
			if !seen[bsn] {
				seen[bsn] = true
				persons = append(persons, bsn)
			}
		}
	}
	all := append(make([]logboek.Verwerking, 0, 2), l.first)
	if len(persons) == 1 {
		all[0] = l.about(all[0], persons[0])
		return all
	}
	for some := range slices.Chunk(persons, logboek.MaxShown) {
		children := l.first
		children.SpanID, children.ParentID = l.own.Child().SpanID, l.own.SpanID
		children.Shown = make([]logboek.Shown, len(some))
		for i, bsn := range some {
			children.Shown[i] = logboek.Shown{DataSubject: l.Key.Pseudonym(logboek.BSN, bsn), DataSubjectKind: logboek.BSN}
		}
		all = append(all, children)
	}
	return all
}

func (l *log[T]) about(v logboek.Verwerking, bsn string) logboek.Verwerking {
	v.DataSubject, v.DataSubjectKind = l.Key.Pseudonym(logboek.BSN, bsn), logboek.BSN
	return v
}

// shown writes down that these rows are given to the caller, before they are.
func (l *log[T]) shown(ctx context.Context, rows ...*T) error {
	if l == nil {
		return nil
	}
	return problem(l.Logboek.Write(ctx, l.lines(rows...)...))
}
