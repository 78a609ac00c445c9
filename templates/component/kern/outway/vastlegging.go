package outway

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

const (
	maxBetrokkenen = 100             // lines for one question; a last one says how many more
	vastlegTijd    = 5 * time.Second // to write down the end, also when the user has gone
)

// boeking is what the log says of one question: a line for the question itself,
// which also carries the first data subject, and one below it for each other,
// because the standard wants at most one subject on a line.
type boeking struct {
	lines  []logboek.Verwerking
	people []string // people[i] is the subject of lines[i]
}

// spoor is the place in the trace that the source hears of.
func (b *boeking) spoor() logboek.Spoor {
	return logboek.Spoor{Trace: b.lines[0].TraceID, Span: b.lines[0].SpanID}
}

// noem adds the people whose data it is about.
func (b *boeking) noem(key logboek.Sleutel, people []string) {
	all := unique(append(slices.Clone(b.people), people...))
	for i := len(b.people); i < len(all); i++ {
		if i > 0 {
			line := b.lines[0]
			line.ParentID, line.SpanID = line.SpanID, b.spoor().Kind().Span
			line.Betrokkene, line.BetrokkeneSoort = "", ""
			b.lines = append(b.lines, line)
		}
		last := &b.lines[i]
		if i == maxBetrokkenen {
			last.Naam = fmt.Sprintf("%s (en nog %d betrokkenen)", last.Naam, len(all)-i)
			return
		}
		last.Betrokkene, last.BetrokkeneSoort = key.Pseudoniem(logboek.BSN, all[i]), logboek.BSN
		b.people = append(b.people, all[i])
	}
}

// begin writes down a question before it is put. What cannot be written down is
// not asked (Logboek Dataverwerkingen 1.0).
func (o *Outway) begin(ctx context.Context, b Bron, v Vraag) (*boeking, *Fout) {
	parent := logboek.SpoorVan(ctx)
	spoor := parent.Kind()
	n := &boeking{lines: []logboek.Verwerking{{
		TraceID: spoor.Trace, SpanID: spoor.Span, ParentID: parent.Span,
		Naam: cmp.Or(v.Titel, v.Operatie), Soort: logboek.Bevraging, Status: logboek.Unset, Begin: time.Now(),
		Activiteit: b.Activiteit.Titel, ActiviteitURI: b.Activiteit.URI,
		Bron: b.Titel, Velden: b.Velden, Rol: identity.FromContext(ctx).Rol,
	}}}
	if o.Boek == nil {
		return n, nil
	}
	fault := &Fout{Soort: FoutVastlegging, Dienst: b.Dienst, Operatie: v.Operatie}
	if len(o.Sleutel) == 0 {
		fault.reden = "er is geen sleutel voor pseudoniemen"
		return n, fault
	}
	n.noem(o.Sleutel, v.Betrokkene)
	if err := o.Boek.Begin(ctx, n.lines...); err != nil {
		fault.oorzaak = err
		o.log.ErrorContext(ctx, "vraag niet gesteld: zij is niet vast te leggen", "fout", fault)
		return n, fault
	}
	return n, nil
}

// einde writes down how it went and whose data was in the answer, before the
// answer is given to anybody.
func (o *Outway) einde(ctx context.Context, b Bron, v Vraag, n *boeking, answer any, found bool, transactie string, err error) *Fout {
	if o.Boek == nil {
		return nil
	}
	n.noem(o.Sleutel, burgerservicenummers(answer, nil))
	ended := time.Now()
	for i := range n.lines {
		line := &n.lines[i]
		line.Einde, line.Transactie = ended, transactie
		line.Status, line.Fout = status(found, err)
	}
	// The user may have gone, but the question has been put.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), vastlegTijd)
	defer cancel()
	if err := o.Boek.Einde(ctx, n.lines...); err != nil {
		fault := &Fout{Soort: FoutVastlegging, Dienst: b.Dienst, Operatie: v.Operatie, Transactie: transactie, oorzaak: err}
		o.log.ErrorContext(ctx, "antwoord niet gegeven: het is niet vast te leggen", "fout", fault)
		return fault
	}
	return nil
}

// status is how a question ended, in the words of the standard: refused or not
// found is Unset.
func status(found bool, err error) (logboek.Status, string) {
	switch {
	case err == nil && found:
		return logboek.Ok, ""
	case err == nil: // an answer of which nothing is kept, such as an empty list
		return logboek.Unset, ""
	}
	f, ok := errors.AsType[*Fout](err)
	switch {
	case !ok:
		return logboek.Error, "fout"
	case f.Soort == FoutBron && f.Status >= 400 && f.Status < 500 && f.Status != http.StatusTooManyRequests:
		return logboek.Unset, ""
	}
	return logboek.Error, f.Soort.String()
}

// burgerservicenummers gathers them from an answer as the source gave it: also
// who is not shown was in it.
func burgerservicenummers(v any, found []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if s, ok := scalar(v[key]); ok && s != "" && (strings.EqualFold(key, "burgerservicenummer") || strings.EqualFold(key, "bsn")) {
				found = append(found, s)
				continue
			}
			found = burgerservicenummers(v[key], found)
		}
	case []any:
		for _, value := range v {
			found = burgerservicenummers(value, found)
		}
	}
	return found
}

// unique keeps the first of each and drops what is empty.
func unique(all []string) []string {
	var kept []string
	seen := map[string]bool{"": true}
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
