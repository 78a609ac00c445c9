package opslag

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// shelf is an archive with a clock that can be moved.
type shelf struct {
	*testing.T
	db      *Database
	zaken   *Zaken
	things  *Table[thing]
	archive *Archive
	now     time.Time
}

func newShelf(t *testing.T, db *Database, terms ...Retention) *shelf {
	t.Helper()
	s := &shelf{T: t, db: db, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	db.now = func() time.Time { return s.now }
	schema := thingSchema
	schema.Retention = terms
	s.zaken, s.things = NewZaken(db, ""), NewTable(db, schema)
	s.archive = NewArchive(db, "iets-regelen", "dingen", nil, []string{"beslissen"}, []Archived{s.things})
	if err := s.things.Fits(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// secretText is what must be gone.
const secretText = "Zwaluwstaart-geheim"

// closed makes a zaak about a record, that ended with a result on the day of the
// clock.
func (s *shelf) closed(result string, change func(*thing)) (*Zaak, *thing) {
	s.Helper()
	row := &thing{Name: uuid.NewString() + secretText, Help: secretText}
	if change != nil {
		change(row)
	}
	if _, err := s.things.Create(s.Context(), row, Key{ID: uuid.NewString()}); err != nil {
		s.Fatal(err)
	}
	z := open(s.T, s.zaken, NewZaak{Subject: row.ID, Initiator: "p-" + uuid.NewString()})
	s.end(z, result)
	return z, row
}

func (s *shelf) end(z *Zaak, result string) {
	s.Helper()
	if _, _, _, err := s.zaken.Move(s.Context(), z.ID, z.Version, NewStatus{Statustype: "klaar", Resultaat: result, Statustoelichting: secretText}, Key{ID: uuid.NewString()}); err != nil {
		s.Fatal(err)
	}
}

func (s *shelf) later(years, months, days int) { s.now = s.now.AddDate(years, months, days) }

func (s *shelf) proposal() *Proposal {
	s.Helper()
	p, err := s.archive.Proposal(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return p
}

func (s *shelf) dueIDs() (all []string) {
	for _, d := range s.proposal().Items {
		all = append(all, d.ID)
	}
	return all
}

// destroy destroys all that is due.
func (s *shelf) destroy() *Declaration {
	s.Helper()
	id, err := s.archive.Decide(s.Context(), Decision{By: "A. Archivaris", Approval: "de lijst van vandaag"})
	if err != nil {
		s.Fatal(err)
	}
	for _, d := range s.proposal().Items {
		if err := s.archive.Destroy(s.Context(), id, d); err != nil {
			s.Errorf("%s %s: %v", d.Kind, d.ID, err)
		}
	}
	if err := s.archive.Finish(s.Context(), id, 0); err != nil {
		s.Fatal(err)
	}
	d, err := s.archive.Declaration(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return d
}

func (s *shelf) count(table string) (n int) {
	s.Helper()
	if err := s.db.read.QueryRowContext(s.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

func TestATermFollowsTheResult(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db,
			Retention{Result: "toegekend", Keep: true},
			Retention{Result: "afgewezen", Period: "P1Y", From: FromDecision, Source: "Lijst 1"},
			Retention{Result: "verlopen", Period: "P1M", From: FromObject, Field: "dag"},
			Retention{Result: "gestart", Period: "P3Y", From: FromCreation},
			Retention{Period: "P5Y", From: FromClosing, Source: "Lijst 2"})
		s.closed("toegekend", nil)
		day := value.Date("2026-08-31")
		object, _ := s.closed("verlopen", func(row *thing) { row.Day = &day })
		s.closed("verlopen", nil) // nobody knows when it ends
		other, _ := s.closed("ingetrokken", nil)
		decided := open(t, s.zaken, NewZaak{CurrentStep: "beslissen"})
		begun := open(t, s.zaken, NewZaak{})
		s.later(0, 1, 0) // the decision is of 1 April
		if _, _, _, err := s.zaken.Move(t.Context(), decided.ID, 1, NewStatus{Statustype: "uitvoeren", Outcome: "nee"}, Key{}); err != nil {
			t.Fatal(err)
		}
		s.later(0, 6, 0) // and the closing of 1 October
		decided.Version = 2
		s.end(decided, "afgewezen")
		s.end(begun, "gestart")
		for _, at := range []struct {
			day  string
			want []string
		}{
			{"2026-09-29", nil},
			{"2026-09-30", []string{object.ID}}, // a month after 31 August ends on 30 September
			{"2027-03-31", []string{object.ID}},
			{"2027-04-01", []string{decided.ID, object.ID}},
			{"2029-02-28", []string{decided.ID, object.ID}},
			{"2029-03-01", []string{begun.ID, decided.ID, object.ID}},
			{"2031-02-28", []string{begun.ID, decided.ID, object.ID}},
			{"2031-03-01", []string{begun.ID, decided.ID, object.ID, other.ID}},
			{"2199-01-01", []string{begun.ID, decided.ID, object.ID, other.ID}},
		} {
			s.now = value.Date(at.day).Time().Add(12 * time.Hour)
			got := s.dueIDs()
			slices.Sort(got)
			slices.Sort(at.want)
			if !slices.Equal(got, at.want) {
				t.Errorf("on %s these are due: %v, want %v", at.day, got, at.want)
			}
		}
		p := s.proposal()
		if p.Kept != 1 || p.NoDay != 1 || p.Running != 0 || p.NoTerm != 0 {
			t.Errorf("the rest is %+v", p)
		}
		for _, d := range p.Items {
			if d.ID == decided.ID && (d.From != FromDecision || d.Since != "2026-04-01" || d.Expired != "2027-04-01" || d.Source != "Lijst 1" || d.Resultaat != "afgewezen") {
				t.Errorf("%+v", d)
			}
		}
		s.destroy()
		if p = s.proposal(); len(p.Items) > 0 || s.count("zaken") != 2 || s.count("dingen") != 2 {
			t.Errorf("%d zaken and %d records are left, %+v", s.count("zaken"), s.count("dingen"), p)
		}
	})
}

func TestWithoutADecisionTheClosingCounts(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Period: "P1Y", From: FromDecision})
		s.closed("klaar", nil)
		s.later(1, 0, 0)
		if p := s.proposal(); len(p.Items) != 1 || p.Items[0].From != FromClosing {
			t.Errorf("%+v", p)
		}
	})
}

// TestDestroyingLeavesADeclaration: everything of a zaak is gone, in the tables
// and in the file of the database, and the declaration says so without a person.
func TestDestroyingLeavesADeclaration(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		db := open()
		s := newShelf(t, db, Retention{Period: "P5Y", From: FromClosing, Source: "Selectielijst 7.7"})
		file := sent(t, NewFiles(db, Limits{}), Upload{}, secretText)
		z, row := s.closed("klaar", func(row *thing) { row.File = &file })
		if _, err := s.zaken.SetMark(t.Context(), z.ID, NewMark{Kind: MarkHold, Reason: secretText, SetBy: "p-1"}); err != nil {
			t.Fatal(err)
		}
		if err := s.zaken.LiftMark(t.Context(), z.ID, MarkHold, "p-1"); err != nil {
			t.Fatal(err)
		}
		if err := s.things.Correct(t.Context(), row, Correction{Zaak: z.ID, SetBy: "p-1", Role: "balie", Fields: []string{"uitleg"}, Reason: secretText}); err != nil {
			t.Fatal(err)
		}
		stays, _ := s.closed("klaar", func(row *thing) { row.Help = "blijft staan" })
		if _, err := s.zaken.SetMark(t.Context(), stays.ID, NewMark{Kind: MarkHold, Reason: "een beroep loopt", SetBy: "p-1"}); err != nil {
			t.Fatal(err)
		}
		s.later(5, 0, 0)
		if p := s.proposal(); len(p.Items) != 1 || len(p.Held) != 1 || p.Held[0].ID != stays.ID {
			t.Fatalf("%+v", p)
		}
		line := lineOf(t, z.ID)
		id, err := s.archive.Decide(t.Context(), Decision{By: "A. Archivaris", Approval: "de lijst"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.archive.Destroy(t.Context(), id, s.proposal().Items[0], line); err != nil {
			t.Fatal(err)
		}
		if err := s.archive.Finish(t.Context(), id, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := s.zaken.Read(t.Context(), z.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("the zaak: %v", err)
		}
		if _, err := s.things.Read(t.Context(), row.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("the record: %v", err)
		}
		for table, want := range map[string]int{"zaken": 1, "dingen": 1, "statussen": 2, "markeringen": 1, "correcties": 0, "bestanden": 0, "bestandsdelen": 0, "idempotentiesleutels": 0, "verwerkingen": 1} {
			if got := s.count(table); got != want {
				t.Errorf("%s: %d left, want %d", table, got, want)
			}
		}
		d, err := s.archive.Declaration(t.Context(), id)
		if err != nil || len(d.Lines) != 1 || d.Count != 1 || d.By != "A. Archivaris" || d.How == "" {
			t.Fatalf("%+v %v", d, err)
		}
		got := d.Lines[0]
		want := Due{Kind: KindZaak, Identificatie: z.Identificatie, Zaaktype: "iets-regelen", Resultaat: "klaar", Begin: "2026-03-01", End: "2026-03-01",
			Term: "P5Y", From: FromClosing, Since: "2026-03-01", Expired: "2031-03-01", Source: "Selectielijst 7.7"}
		if got.Due != want || fmt.Sprint(got.Counts) != "map[bestanden:1 correcties:1 dingen:1 markeringen:1 statussen:2 zaken:1]" {
			t.Errorf("the line is %+v", got)
		}
		if all, err := s.archive.Declarations(t.Context()); err != nil || len(all) != 1 || all[0].ID != id || all[0].Lines != nil {
			t.Errorf("%+v %v", all, err)
		}
	})
}

func lineOf(t *testing.T, zaak string) logboek.Verwerking {
	t.Helper()
	trace := logboek.NewTrace().Child()
	return logboek.Verwerking{TraceID: trace.TraceID, SpanID: trace.SpanID, Name: "Zaak vernietigen", Kind: logboek.Register, Status: logboek.Ok,
		Begin: time.Now(), End: time.Now(), ActivityURI: "urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f", Zaak: zaak}
}

// TestNothingIsLeftInTheFile reads the bytes of the database.
func TestNothingIsLeftInTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gegevens.db")
	s := newShelf(t, opened(t, "", file), Retention{Period: "P1Y", From: FromClosing})
	for range 20 {
		s.closed("klaar", func(row *thing) { row.Help = strings.Repeat(secretText+" ", 200) })
	}
	there := func() (found bool) {
		names, err := filepath.Glob(file + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(string(raw), secretText)
		}
		return found
	}
	if !there() {
		t.Fatal("the text is not in the file to begin with")
	}
	s.later(2, 0, 0)
	s.destroy()
	if there() {
		t.Error("what was destroyed can still be read in the file")
	}
}

func TestRecordsWithoutAZaak(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Result: "klaar", Keep: true}, Retention{Period: "P1Y", From: FromClosing})
		row := &thing{Name: "los"}
		if _, err := s.things.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		s.later(0, 6, 0)
		if err := s.things.Replace(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		busy := &thing{Name: "met een zaak"}
		if _, err := s.things.Create(t.Context(), busy, Key{}); err != nil {
			t.Fatal(err)
		}
		open(t, s.zaken, NewZaak{Subject: busy.ID})
		s.later(0, 11, 0)
		if p := s.proposal(); len(p.Items) != 0 || p.Running != 1 {
			t.Fatalf("a year after the making, not after the last change: %+v", p)
		}
		s.later(0, 1, 0)
		p := s.proposal()
		if len(p.Items) != 1 || p.Items[0].Kind != "dingen" || p.Items[0].ID != row.ID || p.Items[0].From != FromChange {
			t.Fatalf("%+v", p)
		}
		if d := s.destroy(); len(d.Lines) != 1 || d.Lines[0].Counts["dingen"] != 1 || s.count("dingen") != 1 {
			t.Errorf("%+v", d)
		}
	})
}

// TestTwoZakenAboutOneRecord: the record goes with the last.
func TestTwoZakenAboutOneRecord(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Period: "P1Y", From: FromClosing})
		_, row := s.closed("klaar", nil)
		second := open(t, s.zaken, NewZaak{Subject: row.ID})
		s.later(0, 6, 0)
		s.end(second, "klaar")
		s.later(0, 6, 0)
		if d := s.destroy(); len(d.Lines) != 1 || s.count("dingen") != 1 {
			t.Errorf("the first: %+v, %d records", d, s.count("dingen"))
		}
		s.later(0, 6, 0)
		if d := s.destroy(); len(d.Lines) != 1 || s.count("dingen") != 0 || s.count("zaken") != 0 {
			t.Errorf("the second: %+v, %d records", d, s.count("dingen"))
		}
	})
}
