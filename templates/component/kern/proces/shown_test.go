package proces

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// What a list showed goes to the logbook as it did when each was a line from the
// beginning: the same spans with the same attributes, but for their ids, which are
// each one's own and the same at every delivery.
func TestWhatAListShowedIsDeliveredAsALineForEach(t *testing.T) {
	h := newHarness(t, "aanvraag")
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	h.process.now = func() time.Time { return now }
	for _, n := range []int{0, 1, 20, 100, 501} {
		var zaken []outway.Zaak
		for i := range n {
			initiator := ""
			if i%3 > 0 { // sometimes twice the same, sometimes nobody
				initiator = fmt.Sprintf("p-%024x", i/3)
			}
			zaken = append(zaken, outway.Zaak{ID: uuid.NewString(), Initiator: initiator})
		}
		trace := logboek.NewTrace()
		a := &action{}
		h.process.shows(context.WithValue(logboek.WithTrace(t.Context(), trace), actionKey{}, a), employee, zaken)
		if len(a.shown) != (n+logboek.MaxShown-1)/logboek.MaxShown {
			t.Errorf("%d zaken took %d lines", n, len(a.shown))
		}
		if faults := logboek.Check(a.shown); faults != nil {
			t.Error(faults)
		}
		ours, theirs := spans(t, a.shown), spans(t, lineForEach(h.process, trace, employee, zaken))
		if len(ours) != n || !reflect.DeepEqual(ours, spans(t, a.shown)) {
			t.Fatalf("%d spans for %d zaken, or others at the next delivery", len(ours), n)
		}
		seen := map[any]bool{"": true, trace.SpanID: true}
		for i := range ours {
			if seen[ours[i]["spanId"]] {
				t.Errorf("span %v stands there twice", ours[i]["spanId"])
			}
			seen[ours[i]["spanId"]] = true
			delete(ours[i], "spanId")
			delete(theirs[i], "spanId")
			if !reflect.DeepEqual(ours[i], theirs[i]) {
				t.Errorf("delivered: %v\nbefore:    %v", ours[i], theirs[i])
			}
		}
	}
}

// lineForEach is how a list was written before lines could go together.
func lineForEach(p *Process, trace logboek.Trace, u identity.User, zaken []outway.Zaak) (all []logboek.Verwerking) {
	for _, z := range zaken {
		one := p.line("Zaak in een lijst getoond", trace)
		one.Zaak, one.Status, one.End = z.ID, logboek.Ok, one.Begin
		p.doneBy(&one, u)
		p.concerns(&one, z.Initiator)
		all = append(all, one)
	}
	return all
}

func spans(t *testing.T, lines []logboek.Verwerking) []map[string]any {
	t.Helper()
	raw, err := logboek.OTLP(logboek.Application{Name: "dingen"}, lines)
	var request struct {
		ResourceSpans []struct {
			ScopeSpans []struct{ Spans []map[string]any }
		}
	}
	if err == nil {
		err = json.Unmarshal(raw, &request)
	}
	if err != nil {
		t.Fatal(err)
	}
	return request.ResourceSpans[0].ScopeSpans[0].Spans
}
