package opslag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

var begun = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func line(tr logboek.Trace, name string) logboek.Verwerking {
	child := tr.Child()
	return logboek.Verwerking{
		TraceID: child.TraceID, SpanID: child.SpanID, ParentID: tr.SpanID, Name: name, Kind: logboek.Register, Status: logboek.Ok,
		Begin: begun, End: begun.Add(time.Millisecond), Activity: "Iets regelen", ActivityURI: logboek.NotYetRecorded.URI,
	}
}

func name(lines []logboek.Verwerking) string {
	var names []string
	for _, v := range lines {
		names = append(names, v.Name)
	}
	return strings.Join(names, ",")
}

func waitingLines(t *testing.T, l *Logboek) []logboek.Line {
	t.Helper()
	lines, err := l.Take(t.Context(), "test", time.Minute, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func write(t *testing.T, l *Logboek, lines ...logboek.Verwerking) {
	t.Helper()
	if err := l.Write(t.Context(), lines...); err != nil {
		t.Fatal(err)
	}
}

func TestLinesComeBackAsTheyWent(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		zaak := uuid.NewString()
		full := line(logboek.NewTrace(), "alles")
		full.DataSubject, full.DataSubjectKind, full.Caller, full.Zaak = "v1-x.y", logboek.BSN, "urn:nld:oin:00000099000000002000", zaak
		full.Bron, full.Fields, full.Role, full.Transaction, full.Fault = "Bron", []string{"een", "twee.deel", "drie \"haakjes\""}, "balie", uuid.NewString(), "Soort"
		full.Representative = "p-0a1b2c"
		open := line(logboek.NewTrace(), "bijna niets")
		open.Fields = []string{"een", "twee.deel"}
		open.Zaak, open.End, open.ParentID = zaak, time.Time{}, ""
		write(t, l, full, open)
		got, count, err := l.List(t.Context(), zaak, 10, 0)
		if err != nil || count != 2 || fmt.Sprint(got) != fmt.Sprint([]logboek.Verwerking{full, open}) {
			t.Errorf("%v, %d\ngot  %+v\nwant %+v", err, count, got, []logboek.Verwerking{full, open})
		}
		if got, count, err := l.List(t.Context(), zaak, 1, 1); err != nil || count != 2 || name(got) != "bijna niets" {
			t.Error(got, count, err)
		}
		if got, count, err := l.List(t.Context(), zaak, 10, 10); err != nil || count != 2 || len(got) != 0 {
			t.Error(got, count, err)
		}
	})
}

func TestEndCompletesALineOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		zaak := uuid.NewString()
		begin := line(logboek.NewTrace(), "begonnen")
		begin.End, begin.Status, begin.Role = time.Time{}, logboek.Unset, "balie"
		end := begin
		end.End, end.Status, end.Zaak, end.Role, end.Begin = begun.Add(time.Second), logboek.Ok, zaak, "", begun.Add(-time.Hour)
		write(t, l, begin)
		if n := len(waitingLines(t, l)); n != 0 {
			t.Errorf("%d lines wait while the work goes on", n)
		}
		write(t, l, begin, end) // a list may hold both
		other := end
		other.Status, other.Name, other.End = logboek.Error, "anders", begun.Add(time.Minute)
		write(t, l, other)
		write(t, l, begin) // late, as after a repeated request
		got, _, err := l.List(t.Context(), zaak, 10, 0)
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		if v := got[0]; v.Status != logboek.Ok || !v.Begin.Equal(begun) || !v.End.Equal(end.End) || v.Role != "balie" || v.Name != "begonnen" {
			t.Errorf("%+v", v)
		}
		if n := len(waitingLines(t, l)); n != 1 {
			t.Errorf("%d lines wait", n)
		}
	})
}

func TestLinesThatBreakARuleAreNotStored(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		bad := line(logboek.NewTrace(), "fout")
		bad.DataSubject, bad.DataSubjectKind = "999993653", logboek.BSN
		err := l.Write(t.Context(), line(logboek.NewTrace(), "goed"), bad)
		if _, ok := errors.AsType[*logboek.Violation](err); !ok || strings.Contains(err.Error(), "999993653") {
			t.Error(err)
		}
		if n := len(waitingLines(t, l)); n != 0 {
			t.Errorf("%d lines", n)
		}
	})
}

func TestTogetherInOneTransaction(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		errs := together(20, func(i int) error {
			var lines []logboek.Verwerking
			for n := range i + 1 {
				lines = append(lines, line(logboek.NewTrace(), fmt.Sprintf("%d.%d", i, n)))
			}
			ctx, cancel := context.WithCancel(t.Context())
			if i%5 == 0 {
				cancel() // who goes away hurts nobody else
			}
			defer cancel()
			return l.Write(ctx, lines...)
		})
		for i, err := range errs {
			if err != nil && (i%5 != 0 || !errors.Is(err, context.Canceled)) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if n := len(waitingLines(t, l)); n != 210 {
			t.Errorf("%d lines, want 210", n)
		}
	})
}

func TestFailedWriteFailsForAll(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		if _, err := db.exec(t.Context(), "ALTER TABLE verwerkingen RENAME TO weg"); err != nil {
			t.Fatal(err)
		}
		for i, err := range together(6, func(i int) error { return l.Write(t.Context(), line(logboek.NewTrace(), fmt.Sprint(i))) }) {
			if err == nil {
				t.Errorf("%d is told that its line is stored", i)
			}
		}
	})
}

func TestLinesOfAZaak(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		zaak, other := uuid.NewString(), uuid.NewString()
		page := logboek.NewTrace() // a page that was looked at: no line of ours
		work := line(page, "handeling")
		work.Zaak = zaak
		at := logboek.Trace{TraceID: work.TraceID, SpanID: work.SpanID}
		asked := line(at, "bevraging")
		person := line(logboek.Trace{TraceID: asked.TraceID, SpanID: asked.SpanID}, "betrokkene")
		sibling := line(page, "ernaast")
		strange := line(page, "andere zaak")
		strange.Zaak = other
		strangeChild := line(logboek.Trace{TraceID: strange.TraceID, SpanID: strange.SpanID}, "kind van andere zaak")
		sameSpan := line(at, "andere trace")
		sameSpan.TraceID = logboek.NewTrace().TraceID
		below := line(at, "andere zaak, hieruit") // one action may be about two zaken
		below.Zaak = uuid.NewString()
		alone := line(logboek.NewTrace(), "los")
		for i, v := range []*logboek.Verwerking{&work, &asked, &person, &sibling, &strange, &strangeChild, &sameSpan, &alone, &below} {
			v.Begin = begun.Add(time.Duration(i) * time.Second)
			v.End = v.Begin
		}
		write(t, l, below, alone, sameSpan, strangeChild, strange, sibling, person, asked, work)
		got, count, err := l.List(t.Context(), zaak, 10, 0)
		if err != nil || count != 4 || name(got) != "handeling,bevraging,betrokkene,ernaast" {
			t.Error(err, count, name(got))
		}
		if got, _, err := l.List(t.Context(), other, 10, 0); err != nil || name(got) != "ernaast,andere zaak,kind van andere zaak" {
			t.Error(err, name(got))
		}
	})
}

func TestOneProcessDeliversAtATime(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		clock := begun
		db.now = func() time.Time { return clock }
		for i := range 5 {
			write(t, l, line(logboek.NewTrace(), fmt.Sprint(i)))
		}
		var mu sync.Mutex
		var held []string
		for _, err := range together(6, func(i int) error {
			lines, err := l.Take(t.Context(), fmt.Sprint(i), time.Minute, 3)
			mu.Lock()
			defer mu.Unlock()
			for _, r := range lines {
				held = append(held, r.Name)
			}
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		if got := strings.Join(held, ","); got != "0,1,2" {
			t.Errorf("held: %s", got)
		}
		clock = clock.Add(2 * time.Minute) // whoever had the turn is gone
		lines, err := l.Take(t.Context(), "opvolger", time.Minute, 10)
		if err != nil || len(lines) != 5 {
			t.Fatal(lines, err)
		}
		if lines, err := l.Take(t.Context(), "ander", time.Minute, 10); err != nil || len(lines) != 0 {
			t.Error(lines, err)
		}
		if err := errors.Join(l.Delivered(t.Context(), lines), l.Release(t.Context(), "opvolger")); err != nil {
			t.Error(err)
		}
		if lines, err := l.Take(t.Context(), "ander", time.Minute, 10); err != nil || len(lines) != 0 {
			t.Error("delivered lines go again", lines, err)
		}
	})
}

func TestWhatChangesOnTheWayGoesAgain(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		clock := begun.Add(11 * time.Minute)
		db.now = func() time.Time { return clock }
		open := line(logboek.NewTrace(), "lang")
		open.End, open.Status = time.Time{}, logboek.Unset
		young := open
		young.SpanID, young.Begin = "00000000000000aa", begun.Add(5*time.Minute)
		write(t, l, open, young)
		if n, err := l.Interrupt(t.Context(), 10*time.Minute); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		lines := waitingLines(t, l)
		if len(lines) != 1 || lines[0].Status != logboek.Error || lines[0].Fault != logboek.Interrupted || lines[0].End.IsZero() {
			t.Fatalf("%+v", lines)
		}
		end := open
		end.End, end.Status = begun.Add(time.Hour), logboek.Ok
		write(t, l, end) // while the other is on its way
		if err := l.Delivered(t.Context(), lines); err != nil {
			t.Fatal(err)
		}
		again := waitingLines(t, l)
		if len(again) != 1 || again[0].Status != logboek.Ok || again[0].Fault != "" || again[0].SpanID != open.SpanID {
			t.Fatalf("%+v", again)
		}
		if err := l.Delivered(t.Context(), again); err != nil || len(waitingLines(t, l)) != 0 {
			t.Error(err, "still waits")
		}
	})
}

func TestRefusedStaysAndDeliveredGoes(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		clock := begun
		db.now = func() time.Time { return clock }
		write(t, l, line(logboek.NewTrace(), "geweigerd"), line(logboek.NewTrace(), "geleverd"))
		lines := waitingLines(t, l)
		if err := errors.Join(l.Refused(t.Context(), lines[0], time.Hour), l.Delivered(t.Context(), lines[1:])); err != nil {
			t.Fatal(err)
		}
		if n := len(waitingLines(t, l)); n != 0 {
			t.Errorf("%d lines wait", n)
		}
		clock = clock.Add(366 * 24 * time.Hour)
		if n, err := l.Purge(t.Context(), 365*24*time.Hour, 0); n != 1 || err != nil {
			t.Error(n, err)
		}
		again := waitingLines(t, l)
		if !slices.ContainsFunc(again, func(r logboek.Line) bool { return r.Name == "geweigerd" && r.Refused == 1 }) || len(again) != 1 {
			t.Errorf("%+v", again)
		}
	})
}

// In development the log is bounded by its number of lines too. What was not delivered
// stays, also when it is the oldest.
func TestTheOldestLinesMakeWay(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		open := line(logboek.NewTrace(), "bezig")
		open.End = time.Time{}
		write(t, l, open)
		for i := range 500 {
			several := line(logboek.NewTrace(), "samen")
			several.Shown = []logboek.Shown{{Zaak: uuid.NewString()}, {Zaak: uuid.NewString()}}
			write(t, l, line(logboek.NewTrace(), fmt.Sprint(i)), several)
		}
		if n, err := l.Purge(t.Context(), time.Hour, 10); err != nil || n != 0 {
			t.Errorf("%d that were not delivered went: %v", n, err)
		}
		if err := l.Delivered(t.Context(), waitingLines(t, l)); err != nil {
			t.Fatal(err)
		}
		late := line(logboek.NewTrace(), "wacht")
		write(t, l, late)
		if n, err := l.Purge(t.Context(), time.Hour, 0); err != nil || n != 0 {
			t.Errorf("%d went without a bound: %v", n, err)
		}
		n, err := l.Purge(t.Context(), time.Hour, 10)
		if rows, shown, keys := count(t, db, "verwerkingen"), count(t, db, "getoonde_verwerkingen"), count(t, db, "getoonde_sleutels"); err != nil || rows != 11 || shown != 10 || keys != 20 {
			t.Errorf("%d went, %d, %d and %d are left: %v", n, rows, shown, keys, err)
		}
		if n := count(t, db, "verwerkingen WHERE naam IN ('bezig', 'wacht')"); n != 2 {
			t.Error("what was not delivered went")
		}
	})
}
