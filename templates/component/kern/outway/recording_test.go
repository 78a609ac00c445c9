package outway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// notebook remembers what is written down, and can fail.
type notebook struct {
	begun, ended []logboek.Verwerking
	noBegin      error
	noEnd        error
}

// Begin implements logboek.Recorder.
func (b *notebook) Begin(ctx context.Context, lines ...logboek.Verwerking) error {
	b.begun = append(b.begun, slices.Clone(lines)...)
	return errors.Join(ctx.Err(), b.noBegin)
}

// End implements logboek.Recorder.
func (b *notebook) End(ctx context.Context, lines ...logboek.Verwerking) error {
	b.ended = append(b.ended, slices.Clone(lines)...)
	return errors.Join(ctx.Err(), b.noEnd)
}

var testKey = logboek.Key(strings.Repeat("s", 32))

func pseudonym(bsn string) string { return testKey.Pseudonym(logboek.BSN, bsn) }

// numbers are the burgerservicenummers in a test.
var numbers = regexp.MustCompile(`\b\d{9}\b`)

// written asks a source with a log and gives what was written down.
func written(t *testing.T, b *notebook, status int, answer string, asked ...string) (Answer, error, *http.Request) { //nolint:staticcheck // the request is what was sent, if anything
	t.Helper()
	var sent *http.Request
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = r
		if len(b.begun) == 0 {
			t.Error("the question was put before it was written down")
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	o.Logboek, o.Key = b, testKey
	ctx := identity.NewContext(t.Context(), identity.User{ID: "pseudoniem-1", Role: "balie"})
	ctx = logboek.WithTrace(ctx, logboek.Trace{TraceID: strings.Repeat("a", 32), SpanID: strings.Repeat("b", 16)})
	q := NewQuestion("Personen", http.MethodPost, "/personen")
	q.Title, q.contract = "Persoon raadplegen", Contract{List: "personen", NotFound: true}
	q.About(asked...)
	a, err := o.Ask(ctx, Bron{Name: "brp", Title: "BRP", Service: "bron", Activity: activity, Fields: fields("naam")}, q)
	for _, line := range slices.Concat(b.begun, b.ended) {
		for _, number := range numbers.FindAllString(answer+strings.Join(asked, " "), -1) {
			if strings.Contains(fmt.Sprintf("%+v", line), number) {
				t.Errorf("a burgerservicenummer is written down: %+v", line)
			}
		}
	}
	return a, err, sent
}

func TestAQuestionIsWrittenDown(t *testing.T) {
	b := &notebook{}
	a, err, sent := written(t, b, 200, `{"personen":[{"burgerservicenummer":"999993653","naam":"x"}]}`, "999993653")
	if err != nil || !a.Found || len(b.begun) != 1 || len(b.ended) != 1 {
		t.Fatalf("%v, %v, %+v, %+v", a, err, b.begun, b.ended)
	}
	begun, ended := b.begun[0], b.ended[0]
	if begun.DataSubject != pseudonym("999993653") || begun.DataSubjectKind != "BSN" || begun.Name != "Persoon raadplegen" || begun.Kind != logboek.Question || !begun.End.IsZero() ||
		begun.TraceID != strings.Repeat("a", 32) || begun.ParentID != strings.Repeat("b", 16) || begun.Begin.IsZero() || begun.Role != "balie" || begun.Bron != "BRP" ||
		begun.Activity != activity.Title || begun.ActivityURI != activity.URI || !slices.Equal(begun.Fields, []string{"naam"}) {
		t.Errorf("begun as %+v", begun)
	}
	if ended.SpanID != begun.SpanID || ended.End.Before(ended.Begin) || ended.Status != logboek.Ok || ended.Transaction == "" || ended.DataSubject != begun.DataSubject {
		t.Errorf("ended as %+v", ended)
	}
	if got := sent.Header.Get(logboek.HeaderTraceparent); got != "00-"+begun.TraceID+"-"+begun.SpanID+"-01" {
		t.Errorf("the source heard of %q", got)
	}
}

func TestOneLinePerPerson(t *testing.T) {
	b := &notebook{}
	// The answer holds somebody who is not shown, and one who was asked for twice.
	answer := `{"personen":[{"burgerservicenummer":"999993653"},{"burgerservicenummer":"999990408","partners":[{"burgerservicenummer":"999995492"}]}]}`
	if _, err, _ := written(t, b, 200, answer, "999993653", "999993653", ""); err != nil {
		t.Fatal(err)
	}
	if len(b.begun) != 1 || len(b.ended) != 3 {
		t.Fatalf("%d begun, %d ended", len(b.begun), len(b.ended))
	}
	for i, want := range []string{pseudonym("999993653"), pseudonym("999990408"), pseudonym("999995492")} {
		line := b.ended[i]
		if line.DataSubject != want || i > 0 && (line.ParentID != b.ended[0].SpanID || line.SpanID == b.ended[0].SpanID) || line.End.IsZero() {
			t.Errorf("line %d is %+v", i, line)
		}
	}
}

func TestManyPeopleAreCounted(t *testing.T) {
	var people []string
	for i := range 150 {
		people = append(people, fmt.Sprintf(`{"burgerservicenummer":"%09d"}`, 100_000_000+i))
	}
	b := &notebook{}
	if _, err, _ := written(t, b, 200, `[`+strings.Join(people, ",")+`]`); err != nil {
		t.Fatal(err)
	}
	last := b.ended[len(b.ended)-1]
	if len(b.ended) != maxDataSubjects+1 || last.DataSubject != "" || last.DataSubjectKind != "" || !strings.Contains(last.Name, "nog 50 betrokkenen") {
		t.Errorf("%d lines, the last %+v", len(b.ended), last)
	}
}

func TestHowAQuestionEnded(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
		want   logboek.Status
		fault  string
	}{
		"found":        {200, `{"personen":[{}]}`, logboek.Ok, ""},
		"nothing":      {204, ``, logboek.Unset, ""},
		"empty":        {200, `{"personen":[]}`, logboek.Unset, ""},
		"not found":    {404, `{}`, logboek.Unset, ""},
		"refused":      {403, `{}`, logboek.Unset, ""},
		"broken":       {500, `{"burgerservicenummer":"999993653"}`, logboek.Error, "bron"},
		"unreadable":   {200, `{`, logboek.Error, "bron"},
		"no such path": {404, `<html>`, logboek.Error, "bron"},
	} {
		b := &notebook{}
		_, _, _ = written(t, b, c.status, c.answer)
		if len(b.ended) != 1 || b.ended[0].Status != c.want || b.ended[0].Fault != c.fault || b.ended[0].Transaction == "" {
			t.Errorf("%s: %+v", name, b.ended)
		}
	}
}

func TestWhatCannotBeWrittenDownIsNotAsked(t *testing.T) {
	_, err, sent := written(t, &notebook{noBegin: errors.New("vol")}, 200, `{"naam":"x"}`)
	if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != FaultRecording || !f.Temporary() || CauseOf(err) != CauseRecording || sent != nil {
		t.Errorf("%v, sent %v", err, sent)
	}
	a, err, sent := written(t, &notebook{noEnd: errors.New("vol")}, 200, `{"naam":"x"}`)
	if CauseOf(err) != CauseRecording || sent == nil || a.Found || a.Data != nil {
		t.Errorf("%v, answered %+v", err, a)
	}
	o, _ := client(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
	o.Logboek = &notebook{}
	if f := o.try(t.Context(), "bron"); f == nil || f.Kind != FaultRecording {
		t.Errorf("without a key for pseudonyms: %v", f)
	}
}

// The end is written down also when the user has gone.
func TestTheEndIsWrittenDownForWhoHasGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := &notebook{}
	o, _ := client(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	o.Logboek, o.Key = b, testKey
	if f := o.try(ctx, "bron"); f == nil || f.Kind != FaultConnection || len(b.ended) != 1 || b.ended[0].Status != logboek.Error {
		t.Errorf("%v, %+v", f, b.ended)
	}
}
