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
	Logboek    *opslag.Logboek
	Sleutel    logboek.Sleutel
	Activiteit logboek.Activiteit
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
func personalIn[T any](t *opslag.Tabel[T], title string, l Log) *personal[T] {
	p := &personal[T]{Log: l, title: title, values: t.Velden}
	for i, k := range t.Kolommen() {
		if k.Personal || k.BSN {
			p.fields = append(p.fields, k.JSON)
		}
		if k.BSN {
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
		if bsn := opslag.Text(values[i]); bsn != "" {
			all = append(all, bsn)
		}
	}
	return all
}

// log makes the lines of one request; nil, of a table without personal data,
// makes none.
type log[T any] struct {
	*personal[T]
	own   logboek.Spoor // the line itself
	first logboek.Verwerking
}

// begin starts the lines of a request; what names the action: lezen.
func (p *personal[T]) begin(r *http.Request, what string) *log[T] {
	if p == nil {
		return nil
	}
	outer, _ := logboek.UitHeader(r.Header)
	own := outer.Kind()
	transactie, ok := logboek.Transactie(r.Header)
	if !ok {
		transactie = ""
	}
	return &log[T]{p, own, logboek.Verwerking{
		TraceID: own.Trace, SpanID: own.Span, ParentID: outer.Span, Naam: p.title + " " + what,
		Soort: logboek.Register, Status: logboek.Ok, Begin: time.Now(),
		Activiteit: p.Activiteit.Titel, ActiviteitURI: p.Activiteit.URI,
		Aanroeper: aanroeper(r.Header), Velden: p.fields, Transactie: transactie,
	}}
}

// lines are the lines about these rows: one when they are about one person at
// most, or else one for the whole and one for each person.
func (l *log[T]) lines(rows ...*T) []logboek.Verwerking {
	if l == nil {
		return nil
	}
	l.first.Einde = time.Now()
	var persons []string
	for _, row := range rows {
		for _, bsn := range l.persons(row) {
			if !slices.Contains(persons, bsn) {
				persons = append(persons, bsn)
			}
		}
	}
	all := append(make([]logboek.Verwerking, 0, 1+len(persons)), l.first)
	if len(persons) == 1 {
		all[0] = l.about(all[0], persons[0])
		return all
	}
	for _, bsn := range persons {
		child := l.about(l.first, bsn)
		child.SpanID, child.ParentID = l.own.Kind().Span, l.own.Span
		all = append(all, child)
	}
	return all
}

func (l *log[T]) about(v logboek.Verwerking, bsn string) logboek.Verwerking {
	v.Betrokkene, v.BetrokkeneSoort = l.Sleutel.Pseudoniem(logboek.BSN, bsn), logboek.BSN
	return v
}

// shown writes down that these rows are given to the caller, before they are.
func (l *log[T]) shown(ctx context.Context, rows ...*T) error {
	if l == nil {
		return nil
	}
	return problem(l.Logboek.Schrijf(ctx, l.lines(rows...)...))
}
