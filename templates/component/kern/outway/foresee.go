package outway

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// errForeseen ends the work of somebody who would put a question, when that was all
// there was to know.
var errForeseen = errors.New("outway: de vraag is alleen voorzien")

// foresight is what comes of looking which question will be put.
type foresight struct{ lines []logboek.Verwerking }

type foresightKey struct{}

// Foreseeing says whether nothing may be asked in this context: somebody looks which
// question will be put.
func Foreseeing(ctx context.Context) bool {
	f, _ := ctx.Value(foresightKey{}).(*foresight)
	return f != nil
}

// Foresee gives the lines with which the first question begins that ask would put; nil
// when it would put none. Nothing is asked: ask ends in an error there. When the lines
// are written together with what leads to the question, that is a call less; see
// Ends.Begun.
func Foresee(ctx context.Context, ask func(context.Context) error) []logboek.Verwerking {
	f := &foresight{}
	_ = ask(context.WithValue(ctx, foresightKey{}, f)) // what is wrong with a question comes out when it is put
	return f.lines
}

// foreseen says whether this question is not to be put, but only to be known.
func (o *Outway) foreseen(ctx context.Context, b Bron, q Question) bool {
	f, _ := ctx.Value(foresightKey{}).(*foresight)
	if f == nil {
		return false
	}
	if f.lines == nil && q.fault == nil && o.Logboek != nil && len(o.Key) > 0 {
		e := newEntry(ctx, b, q)
		e.addDataSubjects(o.Key, q.DataSubjects)
		f.lines = e.lines
	}
	return true
}

// Begun says that the lines of a question that was foreseen are written: when it is
// put in a context with these Ends, it has begun already.
func (e *Ends) Begun(lines ...logboek.Verwerking) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.abandon()
	e.foreseen = slices.Clone(lines)
}

// takes says whether a question has begun already, and then gives it the lines with
// which it did.
func (e *Ends) takes(of *entry) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.foreseen) == 0 || !slices.EqualFunc(e.foreseen, of.lines, sameQuestion) {
		return false
	}
	of.lines, e.foreseen = e.foreseen, nil
	return true
}

// sameQuestion says whether two lines begin the same question: all but where they
// stand themselves is the same.
func sameQuestion(a, b logboek.Verwerking) bool {
	return a.TraceID == b.TraceID && (a.DataSubject == b.DataSubject && a.DataSubjectKind == b.DataSubjectKind) &&
		a.Name == b.Name && a.Bron == b.Bron && a.ActivityURI == b.ActivityURI && a.Role == b.Role && slices.Equal(a.Fields, b.Fields)
}

// abandon ends a question that was foreseen and not put: something else was to be
// asked after all, or nothing. That is in the log too.
func (e *Ends) abandon() {
	ended := time.Now()
	for i := range e.foreseen {
		line := &e.foreseen[i]
		line.End, line.Status, line.Fault = ended, logboek.Error, FaultQuestion.String()
	}
	e.lines, e.foreseen = append(e.lines, e.foreseen...), nil
}
