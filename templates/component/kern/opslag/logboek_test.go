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

var begonnen = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func regel(s logboek.Spoor, naam string) logboek.Verwerking {
	child := s.Kind()
	return logboek.Verwerking{
		TraceID: child.Trace, SpanID: child.Span, ParentID: s.Span, Naam: naam, Soort: logboek.Register, Status: logboek.Ok,
		Begin: begonnen, Einde: begonnen.Add(time.Millisecond), Activiteit: "Iets regelen", ActiviteitURI: logboek.NogNietVastgelegd.URI,
	}
}

func naam(lines []logboek.Verwerking) string {
	var names []string
	for _, v := range lines {
		names = append(names, v.Naam)
	}
	return strings.Join(names, ",")
}

func wachtend(t *testing.T, l *Logboek) []logboek.Regel {
	t.Helper()
	lines, err := l.Neem(t.Context(), "test", time.Minute, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func schrijf(t *testing.T, l *Logboek, lines ...logboek.Verwerking) {
	t.Helper()
	if err := l.Schrijf(t.Context(), lines...); err != nil {
		t.Fatal(err)
	}
}

func TestLinesComeBackAsTheyWent(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		zaak := uuid.NewString()
		full := regel(logboek.Nieuw(), "alles")
		full.Betrokkene, full.BetrokkeneSoort, full.Aanroeper, full.Zaak = "v1-x.y", logboek.BSN, "urn:nld:oin:00000099000000002000", zaak
		full.Bron, full.Velden, full.Rol, full.Transactie, full.Fout = "Bron", []string{"een", "twee.deel", "drie \"haakjes\""}, "balie", uuid.NewString(), "Soort"
		open := regel(logboek.Nieuw(), "bijna niets")
		open.Velden = []string{"een", "twee.deel"}
		open.Zaak, open.Einde, open.ParentID = zaak, time.Time{}, ""
		schrijf(t, l, full, open)
		got, count, err := l.List(t.Context(), zaak, 10, 0)
		if err != nil || count != 2 || fmt.Sprint(got) != fmt.Sprint([]logboek.Verwerking{full, open}) {
			t.Errorf("%v, %d\ngot  %+v\nwant %+v", err, count, got, []logboek.Verwerking{full, open})
		}
		if got, count, err := l.List(t.Context(), zaak, 1, 1); err != nil || count != 2 || naam(got) != "bijna niets" {
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
		begin := regel(logboek.Nieuw(), "begonnen")
		begin.Einde, begin.Status, begin.Rol = time.Time{}, logboek.Unset, "balie"
		end := begin
		end.Einde, end.Status, end.Zaak, end.Rol, end.Begin = begonnen.Add(time.Second), logboek.Ok, zaak, "", begonnen.Add(-time.Hour)
		schrijf(t, l, begin)
		if n := len(wachtend(t, l)); n != 0 {
			t.Errorf("%d lines wait while the work goes on", n)
		}
		schrijf(t, l, begin, end) // a list may hold both
		other := end
		other.Status, other.Naam, other.Einde = logboek.Error, "anders", begonnen.Add(time.Minute)
		schrijf(t, l, other)
		schrijf(t, l, begin) // late, as after a repeated request
		got, _, err := l.List(t.Context(), zaak, 10, 0)
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		if v := got[0]; v.Status != logboek.Ok || !v.Begin.Equal(begonnen) || !v.Einde.Equal(end.Einde) || v.Rol != "balie" || v.Naam != "begonnen" {
			t.Errorf("%+v", v)
		}
		if n := len(wachtend(t, l)); n != 1 {
			t.Errorf("%d lines wait", n)
		}
	})
}

func TestLinesThatBreakARuleAreNotStored(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		bad := regel(logboek.Nieuw(), "fout")
		bad.Betrokkene, bad.BetrokkeneSoort = "999993653", logboek.BSN
		err := l.Schrijf(t.Context(), regel(logboek.Nieuw(), "goed"), bad)
		if _, ok := errors.AsType[*logboek.Onjuist](err); !ok || strings.Contains(err.Error(), "999993653") {
			t.Error(err)
		}
		if n := len(wachtend(t, l)); n != 0 {
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
				lines = append(lines, regel(logboek.Nieuw(), fmt.Sprintf("%d.%d", i, n)))
			}
			ctx, cancel := context.WithCancel(t.Context())
			if i%5 == 0 {
				cancel() // who goes away hurts nobody else
			}
			defer cancel()
			return l.Schrijf(ctx, lines...)
		})
		for i, err := range errs {
			if err != nil && (i%5 != 0 || !errors.Is(err, context.Canceled)) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if n := len(wachtend(t, l)); n != 210 {
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
		for i, err := range together(6, func(i int) error { return l.Schrijf(t.Context(), regel(logboek.Nieuw(), fmt.Sprint(i))) }) {
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
		page := logboek.Nieuw() // a page that was looked at: no line of ours
		work := regel(page, "handeling")
		work.Zaak = zaak
		at := logboek.Spoor{Trace: work.TraceID, Span: work.SpanID}
		asked := regel(at, "bevraging")
		person := regel(logboek.Spoor{Trace: asked.TraceID, Span: asked.SpanID}, "betrokkene")
		sibling := regel(page, "ernaast")
		strange := regel(page, "andere zaak")
		strange.Zaak = other
		strangeChild := regel(logboek.Spoor{Trace: strange.TraceID, Span: strange.SpanID}, "kind van andere zaak")
		sameSpan := regel(at, "andere trace")
		sameSpan.TraceID = logboek.Nieuw().Trace
		below := regel(at, "andere zaak, hieruit") // one action may be about two zaken
		below.Zaak = uuid.NewString()
		alone := regel(logboek.Nieuw(), "los")
		for i, v := range []*logboek.Verwerking{&work, &asked, &person, &sibling, &strange, &strangeChild, &sameSpan, &alone, &below} {
			v.Begin = begonnen.Add(time.Duration(i) * time.Second)
			v.Einde = v.Begin
		}
		schrijf(t, l, below, alone, sameSpan, strangeChild, strange, sibling, person, asked, work)
		got, count, err := l.List(t.Context(), zaak, 10, 0)
		if err != nil || count != 4 || naam(got) != "handeling,bevraging,betrokkene,ernaast" {
			t.Error(err, count, naam(got))
		}
		if got, _, err := l.List(t.Context(), other, 10, 0); err != nil || naam(got) != "ernaast,andere zaak,kind van andere zaak" {
			t.Error(err, naam(got))
		}
	})
}

func TestOneProcessDeliversAtATime(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		clock := begonnen
		db.now = func() time.Time { return clock }
		for i := range 5 {
			schrijf(t, l, regel(logboek.Nieuw(), fmt.Sprint(i)))
		}
		var mu sync.Mutex
		var held []string
		for _, err := range together(6, func(i int) error {
			lines, err := l.Neem(t.Context(), fmt.Sprint(i), time.Minute, 3)
			mu.Lock()
			defer mu.Unlock()
			for _, r := range lines {
				held = append(held, r.Naam)
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
		lines, err := l.Neem(t.Context(), "opvolger", time.Minute, 10)
		if err != nil || len(lines) != 5 {
			t.Fatal(lines, err)
		}
		if lines, err := l.Neem(t.Context(), "ander", time.Minute, 10); err != nil || len(lines) != 0 {
			t.Error(lines, err)
		}
		if err := errors.Join(l.Geleverd(t.Context(), lines), l.Vrij(t.Context(), "opvolger")); err != nil {
			t.Error(err)
		}
		if lines, err := l.Neem(t.Context(), "ander", time.Minute, 10); err != nil || len(lines) != 0 {
			t.Error("delivered lines go again", lines, err)
		}
	})
}

func TestWhatChangesOnTheWayGoesAgain(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		clock := begonnen.Add(11 * time.Minute)
		db.now = func() time.Time { return clock }
		open := regel(logboek.Nieuw(), "lang")
		open.Einde, open.Status = time.Time{}, logboek.Unset
		young := open
		young.SpanID, young.Begin = "00000000000000aa", begonnen.Add(5*time.Minute)
		schrijf(t, l, open, young)
		if n, err := l.Sluit(t.Context(), 10*time.Minute); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		lines := wachtend(t, l)
		if len(lines) != 1 || lines[0].Status != logboek.Error || lines[0].Fout != logboek.Onderbroken || lines[0].Einde.IsZero() {
			t.Fatalf("%+v", lines)
		}
		end := open
		end.Einde, end.Status = begonnen.Add(time.Hour), logboek.Ok
		schrijf(t, l, end) // while the other is on its way
		if err := l.Geleverd(t.Context(), lines); err != nil {
			t.Fatal(err)
		}
		again := wachtend(t, l)
		if len(again) != 1 || again[0].Status != logboek.Ok || again[0].Fout != "" || again[0].SpanID != open.SpanID {
			t.Fatalf("%+v", again)
		}
		if err := l.Geleverd(t.Context(), again); err != nil || len(wachtend(t, l)) != 0 {
			t.Error(err, "still waits")
		}
	})
}

func TestRefusedStaysAndDeliveredGoes(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		clock := begonnen
		db.now = func() time.Time { return clock }
		schrijf(t, l, regel(logboek.Nieuw(), "geweigerd"), regel(logboek.Nieuw(), "geleverd"))
		lines := wachtend(t, l)
		if err := errors.Join(l.Geweigerd(t.Context(), lines[0], time.Hour), l.Geleverd(t.Context(), lines[1:])); err != nil {
			t.Fatal(err)
		}
		if n := len(wachtend(t, l)); n != 0 {
			t.Errorf("%d lines wait", n)
		}
		clock = clock.Add(366 * 24 * time.Hour)
		if n, err := l.Ruim(t.Context(), 365*24*time.Hour); n != 1 || err != nil {
			t.Error(n, err)
		}
		again := wachtend(t, l)
		if !slices.ContainsFunc(again, func(r logboek.Regel) bool { return r.Naam == "geweigerd" && r.Geweigerd == 1 }) || len(again) != 1 {
			t.Errorf("%+v", again)
		}
	})
}
