package register

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Who was seen goes to the logbook as it did when each person was a line from the
// beginning: the same spans with the same attributes, but for their ids.
func TestPersonsOfOneRequestAreDeliveredAsALineForEach(t *testing.T) {
	a := personalAPI(t)
	p := personalIn(a.things, "Ding", Log{Logboek: a.logboek, Key: testKey, Activity: logboek.Activity{Title: "Dingen bijhouden", URI: "urn:x:dingen"}})
	caller := logboek.NewTrace()
	h := http.Header{}
	caller.SetHeader(h)
	for _, n := range []int{0, 1, 2, 100, 600} {
		var rows []*thing
		for i := range n { // two persons in a row, of which one is in the next too
			rows = append(rows, &thing{Name: strconv.Itoa(999900000 + i), Help: strconv.Itoa(999900001 + i)})
		}
		l := p.begin(&http.Request{Header: h}, "opvragen als lijst")
		ours := l.lines(rows...)
		if faults := logboek.Check(ours); faults != nil {
			t.Error(faults)
		}
		if most := 2 + n/logboek.MaxShown; len(ours) > most {
			t.Errorf("%d rows took %d lines", n, len(ours))
		}
		got, want := spansOf(t, ours), spansOf(t, lineForEach(l, rows))
		if len(got) != len(want) || !reflect.DeepEqual(got, spansOf(t, ours)) {
			t.Fatalf("%d rows: %d spans, want %d, the same each time", n, len(got), len(want))
		}
		seen := map[any]bool{}
		for i := range got {
			if seen[got[i]["spanId"]] {
				t.Errorf("span %v stands there twice", got[i]["spanId"])
			}
			seen[got[i]["spanId"]] = true
			if i > 0 {
				delete(got[i], "spanId")
				delete(want[i], "spanId")
			}
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("delivered: %v\nbefore:    %v", got[i], want[i])
			}
		}
	}
}

// lineForEach is how a request was written before lines could go together.
func lineForEach(l *log[thing], rows []*thing) []logboek.Verwerking {
	var persons []string
	known := map[string]bool{}
	for _, row := range rows {
		for _, bsn := range l.persons(row) {
			if !known[bsn] {
				known[bsn] = true
				persons = append(persons, bsn)
			}
		}
	}
	all := []logboek.Verwerking{l.first}
	if len(persons) == 1 {
		return []logboek.Verwerking{l.about(l.first, persons[0])}
	}
	for _, bsn := range persons {
		child := l.about(l.first, bsn)
		child.SpanID, child.ParentID = l.own.Child().SpanID, l.own.SpanID
		all = append(all, child)
	}
	return all
}

func spansOf(t *testing.T, lines []logboek.Verwerking) []map[string]any {
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

// A layer above writes what it showed in one line; who may see the zaak gets its own.
func TestLinesTogetherComeInThroughTheAPI(t *testing.T) {
	a := personalAPI(t)
	const zaak, other = "0190b2a0-0000-7000-8000-000000000001", "0190b2a0-0000-7000-8000-000000000002"
	body := func(shown string, more string) string {
		at := time.Now().UTC().Format(time.RFC3339Nano)
		tr := logboek.NewTrace()
		return fmt.Sprintf(`[{"traceId":"%s","spanId":"%s","naam":"Getoond","soort":"handeling","status":"Ok","begin":"%s","activiteit":"x","activiteitUri":"urn:x:dingen","getoond":%s%s}]`, tr.TraceID, tr.SpanID, at, shown, more)
	}
	end := `,"einde":"` + time.Now().Add(time.Second).UTC().Format(time.RFC3339Nano) + `"`
	a.call(204, "POST", "/verwerkingen", body(`[{"zaak":"`+zaak+`","betrokkene":"p-1","betrokkeneSoort":"gebruiker"},{"zaak":"`+other+`"}]`, end))
	answer, _ := a.call(200, "GET", "/verwerkingen?zaak="+zaak, "")
	results := answer["results"].([]any)
	if len(results) != 1 || results[0].(map[string]any)["betrokkene"] != "p-1" || results[0].(map[string]any)["getoond"] != nil {
		t.Errorf("%v", answer)
	}
	for what, bad := range map[string]string{
		"without an end":             body(`[{"zaak":"`+zaak+`"}]`, ""),
		"with a zaak of its own":     body(`[{"zaak":"`+zaak+`"}]`, end+`,"zaak":"`+zaak+`"`),
		"with one without a zaak":    body(`[{"zaak":"`+zaak+`"},{"betrokkene":"p-1","betrokkeneSoort":"gebruiker"}]`, end),
		"with a burgerservicenummer": body(`[{"betrokkene":"`+firstBSN+`","betrokkeneSoort":"BSN"}]`, end),
		"with something else":        body(`[{"zaak":"`+zaak+`","naam":"x"}]`, end),
	} {
		if problem, _ := a.call(400, "POST", "/verwerkingen", bad); problem["title"] == nil {
			t.Errorf("%s: %v", what, problem)
		}
	}
}
