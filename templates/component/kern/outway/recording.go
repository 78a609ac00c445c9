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
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

const (
	maxDataSubjects = 100             // lines for one question; a last one says how many more
	recordTimeout   = 5 * time.Second // to write down the end, also when the user has gone
)

// entry is what the log says of one question: a line for the question itself,
// which also carries the first data subject, and one below it for each other,
// because the standard wants at most one subject on a line.
type entry struct {
	lines  []logboek.Verwerking
	people []string // people[i] is the subject of lines[i]
}

// trace is the place in the trace that the source hears of.
func (e *entry) trace() logboek.Trace {
	return logboek.Trace{TraceID: e.lines[0].TraceID, SpanID: e.lines[0].SpanID}
}

// addDataSubjects adds the people whose data it is about.
func (e *entry) addDataSubjects(key logboek.Key, people []string) {
	all := unique(append(slices.Clone(e.people), people...))
	for i := len(e.people); i < len(all); i++ {
		if i > 0 {
			line := e.lines[0]
			line.ParentID, line.SpanID = line.SpanID, e.trace().Child().SpanID
			line.DataSubject, line.DataSubjectKind = "", ""
			e.lines = append(e.lines, line)
		}
		last := &e.lines[i]
		if i == maxDataSubjects {
			last.Name = fmt.Sprintf("%s (en nog %d betrokkenen)", last.Name, len(all)-i)
			return
		}
		last.DataSubject, last.DataSubjectKind = key.Pseudonym(logboek.BSN, all[i]), logboek.BSN
		e.people = append(e.people, all[i])
	}
}

func newEntry(ctx context.Context, b Bron, q Question) *entry {
	parent := logboek.TraceFrom(ctx)
	trace := parent.Child()
	return &entry{lines: []logboek.Verwerking{{
		TraceID: trace.TraceID, SpanID: trace.SpanID, ParentID: parent.SpanID,
		Name: cmp.Or(q.Title, q.Operation), Kind: logboek.Question, Status: logboek.Unset, Begin: time.Now(),
		Activity: b.Activity.Title, ActivityURI: b.Activity.URI,
		Bron: b.Title, Fields: b.kept(), Role: identity.FromContext(ctx).Role,
	}}}
}

// begin writes down a question before it is put. What cannot be written down is
// not asked (Logboek Dataverwerkingen 1.0).
func (o *Outway) begin(ctx context.Context, b Bron, q Question) (*entry, *Fault) {
	e := newEntry(ctx, b, q)
	if o.Logboek == nil {
		return e, nil
	}
	fault := &Fault{Kind: FaultRecording, Service: b.Service, Operation: q.Operation}
	if len(o.Key) == 0 {
		fault.reason = "er is geen sleutel voor pseudoniemen"
		return e, fault
	}
	e.addDataSubjects(o.Key, q.DataSubjects)
	if kept, _ := ctx.Value(endsKey{}).(*Ends); kept != nil && kept.takes(e) {
		return e, nil
	}
	if err := o.Logboek.Begin(ctx, e.lines...); err != nil {
		fault.cause = err
		o.log.ErrorContext(ctx, "vraag niet gesteld: zij is niet vast te leggen", "fout", fault)
		return e, fault
	}
	return e, nil
}

// end writes down how it went and whose data was in the answer, before the
// answer is given to anybody.
func (o *Outway) end(ctx context.Context, b Bron, q Question, e *entry, answer any, found bool, transaction string, err error) *Fault {
	if o.Logboek == nil {
		return nil
	}
	e.addDataSubjects(o.Key, burgerservicenummers(answer, nil))
	ended := time.Now()
	for i := range e.lines {
		line := &e.lines[i]
		line.End, line.Transaction = ended, transaction
		line.Status, line.Fault = status(found, err)
	}
	// The user may have gone, but the question has been put.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := o.Logboek.End(ctx, e.lines...); err != nil {
		fault := &Fault{Kind: FaultRecording, Service: b.Service, Operation: q.Operation, Transaction: transaction, cause: err}
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
	f, ok := errors.AsType[*Fault](err)
	switch {
	case !ok:
		return logboek.Error, "fout"
	case f.Kind == FaultService && f.Status >= 400 && f.Status < 500 && f.Status != http.StatusTooManyRequests && CauseOf(f) != CauseUnreadable:
		return logboek.Unset, ""
	}
	return logboek.Error, f.Kind.String()
}

// burgerservicenummers gathers them from an answer as the source gave it: also
// who is not shown was in it.
func burgerservicenummers(v any, found []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if s, ok := value.Plain(v[key]); ok && s != "" && (strings.EqualFold(key, "burgerservicenummer") || strings.EqualFold(key, "bsn")) {
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
