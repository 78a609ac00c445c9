package diensten

import (
	"context"
	"net/http"
	"slices"
	"time"

	gegevens "git.duinstad.test/burgerzaken/verhuizing/1-gegevens"
	"git.duinstad.test/burgerzaken/verhuizing/internal/logboek"
)

// Persoonsgegevens says what is personal in the rows of a table, and where it
// is written down when somebody handles them (Logboek Dataverwerkingen 1.0).
type Persoonsgegevens[T any] struct {
	Logboek    *gegevens.Logboek
	Sleutel    logboek.Sleutel
	Activiteit logboek.Activiteit
	Titel      string   // of one row: "Verhuizing"
	Velden     []string // names of the personal fields
	// BSNs are the numbers of the persons that a row is about, "" for none; nil
	// when the table has no such field. Only a pseudonym of them is stored.
	BSNs func(*T) []string
}

// log makes the lines of one request; nil, of a table without personal data,
// makes none.
type log[T any] struct {
	*Persoonsgegevens[T]
	own   logboek.Spoor // the line itself
	first logboek.Verwerking
}

// begin starts the lines of a request; what names the action: lezen.
func (p *Persoonsgegevens[T]) begin(r *http.Request, what string) *log[T] {
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
		TraceID: own.Trace, SpanID: own.Span, ParentID: outer.Span, Naam: p.Titel + " " + what,
		Soort: logboek.Register, Status: logboek.Ok, Begin: time.Now(),
		Activiteit: p.Activiteit.Titel, ActiviteitURI: p.Activiteit.URI,
		Aanroeper: aanroeper(r.Header), Velden: p.Velden, Transactie: transactie,
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
		if l.BSNs == nil {
			break
		}
		for _, bsn := range l.BSNs(row) {
			if bsn != "" && !slices.Contains(persons, bsn) {
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
