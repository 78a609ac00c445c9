package opslag

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// people is the table of things with two columns for numbers of persons.
func people(db *Database) *Table[thing] {
	s := thingSchema
	s.Columns = slices.Clone(s.Columns)
	for i := range s.Columns {
		s.Columns[i].BSN = s.Columns[i].SQL == "naam" || s.Columns[i].SQL == "uitleg"
		s.Columns[i].KVK = s.Columns[i].SQL == "ouder"
	}
	return NewTable(db, s)
}

func TestRowsOfAPerson(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		table := people(db)
		var ids []string
		for _, row := range []thing{{Name: "012345672", Help: "999993653"}, {Name: "12345672"}, {Name: "999990408"}, {Name: "999991802", Help: "12345672"}} {
			if _, err := table.Create(t.Context(), &row, Key{}); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, row.ID)
		}
		of := func(kind, number string, more ...string) string {
			rows, err := table.OfPerson(t.Context(), kind, number, more)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, row := range rows {
				found = append(found, row.Name)
			}
			return strings.Join(found, " ")
		}
		// Also where somebody left out the leading zero, in any of the columns.
		if got := of(logboek.BSN, "012345672"); got != "012345672 12345672 999991802" {
			t.Errorf("found %q", got)
		}
		if got := of(logboek.BSN, "999993653", ids[2], ids[0]); got != "012345672 999990408" {
			t.Errorf("with other ids: %q", got)
		}
		if got := of(logboek.KVK, "999993653") + of(logboek.BSN, "' OR '1'='1") + of("anders", "999993653"); got != "" {
			t.Errorf("somebody else: %q", got)
		}
		child := thing{Name: "kind", Parent: ids[0]}
		if _, err := table.Create(t.Context(), &child, Key{}); err != nil {
			t.Fatal(err)
		}
		if got := of(logboek.KVK, ids[0]); got != "kind" {
			t.Errorf("of a company: %q", got)
		}
	})
}

func TestZakenOfAPerson(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		mine := open(t, zaken, NewZaak{Initiator: "p-een", SetBy: "p-een"})
		open(t, zaken, NewZaak{Initiator: "p-twee", SetBy: "p-twee"})
		about := open(t, zaken, NewZaak{Initiator: "p-drie", Subject: "0198f7a0-0000-7000-8000-000000000001"})
		done := open(t, zaken, NewZaak{Initiator: "p-drie"})
		if _, _, _, err := zaken.Move(t.Context(), done.ID, 1, NewStatus{Statustype: "verder", SetBy: "p-een"}, Key{}); err != nil {
			t.Fatal(err)
		}
		all, err := zaken.OfPerson(t.Context(), "p-een", []string{about.Subject, mine.ID})
		if err != nil || len(all) != 3 {
			t.Fatalf("%+v %v", all, err)
		}
		for i, want := range []struct {
			id    string
			acted bool
		}{{mine.ID, true}, {about.ID, false}, {done.ID, true}} {
			if all[i].ID != want.id || all[i].Acted != want.acted {
				t.Errorf("zaak %d is %+v", i, all[i])
			}
		}
		if all, err := zaken.OfPerson(t.Context(), "p-niemand", nil); err != nil || len(all) != 0 {
			t.Errorf("of nobody: %+v %v", all, err)
		}
	})
}

func TestLinesOfAPersonSayWhoDidIt(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		zaak := "0198f7a0-0000-7000-8000-000000000001"
		action := line(logboek.NewTrace(), "Zaak bekijken")
		action.User, action.UserName, action.Role, action.Begin = "p-medewerker", "Kim van Oefendijk", "balie", begun.Add(-time.Second)
		below := func(name, subject string, at time.Duration) logboek.Verwerking {
			v := line(logboek.Trace{TraceID: action.TraceID, SpanID: action.SpanID}, name)
			v.Begin, v.End = begun.Add(at), begun.Add(at)
			if subject != "" {
				v.DataSubject, v.DataSubjectKind = subject, logboek.BSN
			}
			return v
		}
		listed := below("Zaak in een lijst getoond", "", 3*time.Second)
		listed.Zaak, listed.DataSubject, listed.DataSubjectKind = zaak, "p-aanvrager", logboek.User
		write(t, l, action, below("Ding lezen", "v1-x.een", time.Second), below("Ding lezen van een ander", "v1-x.twee", time.Second), listed)
		lines, count, err := l.OfPerson(t.Context(), []string{"v1-x.een", "p-een"}, []string{zaak}, 10, 0)
		if err != nil || count != 2 || name(lines) != "Zaak in een lijst getoond,Ding lezen,Zaak bekijken" {
			t.Fatalf("%d: %s %v", count, name(lines), err)
		}
		if lines[2].User != "p-medewerker" || lines[2].UserName != "Kim van Oefendijk" {
			t.Errorf("the line is %+v", lines[2])
		}
		if lines, count, err := l.OfPerson(t.Context(), []string{"v1-x.een"}, []string{zaak}, 1, 1); err != nil || count != 2 || name(lines) != "Ding lezen,Zaak bekijken" {
			t.Errorf("the second page: %d %s %v", count, name(lines), err)
		}
		if lines, count, err := l.OfPerson(t.Context(), []string{"v1-x.niemand"}, nil, 10, 0); err != nil || count != 0 || lines != nil {
			t.Errorf("of nobody: %d %v %v", count, lines, err)
		}
	})
}

func TestKeptForAPerson(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		kept := NewTemporary(db)
		for id, k := range map[string]Kept{
			"een": {Owner: "p-een", Expires: time.Now().Add(time.Hour)}, "oud": {Owner: "p-een", Expires: time.Now().Add(-time.Hour)}, "ander": {Owner: "p-twee", Expires: time.Now().Add(time.Hour)},
		} {
			k.Content = []byte("x")
			if err := kept.Put(t.Context(), "concept", id, k); err != nil {
				t.Fatal(err)
			}
		}
		files := NewFiles(db, Limits{})
		for _, owner := range []string{"p-een", "p-twee"} {
			in, err := files.Store(t.Context(), Upload{Attachment: value.Attachment{Name: "bewijs van " + owner + ".pdf", Mediatype: "application/pdf"}, Owner: owner, Most: 100}, strings.NewReader("x"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := files.Accept(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		if all, err := kept.OfPerson(t.Context(), "p-een"); err != nil || len(all) != 2 || all[0].Kind != "concept" || all[1].Name != "bewijs van p-een.pdf" {
			t.Errorf("%+v %v", all, err)
		}
	})
}

func TestACorrectionIsStoredWholeOrNotAtAll(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken, table, l := NewZaken(db, ""), people(db), NewLogboek(db)
		row := &thing{Name: "999993653"}
		if _, err := table.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		z := open(t, zaken, NewZaak{Subject: row.ID})
		if _, _, _, err := zaken.Move(t.Context(), z.ID, 1, NewStatus{Statustype: "klaar", Resultaat: "verleend"}, Key{}); err != nil {
			t.Fatal(err)
		}
		row.Name = "999990408"
		what := Correction{Zaak: z.ID, SetBy: "p-1", Role: "balie", Fields: []string{"naam"}, Reason: "verkeerd overgenomen"}
		bad := line(logboek.NewTrace(), "")
		if err := table.Correct(t.Context(), row, what, bad); err == nil {
			t.Fatal("a line that cannot be written is left out")
		}
		if err := table.Correct(t.Context(), row, what, line(logboek.NewTrace(), "Ding verbeteren")); err != nil {
			t.Fatal(err)
		}
		stale := *row
		stale.Version = 1
		if err := table.Correct(t.Context(), &stale, what); !errors.Is(err, ErrStale) {
			t.Errorf("an old version: %v", err)
		}
		all, err := zaken.Corrections(t.Context(), z.ID)
		if err != nil || len(all) != 1 || all[0].Reason != what.Reason || !slices.Equal(all[0].Fields, what.Fields) || all[0].Role != "balie" || all[0].Time.IsZero() {
			t.Fatalf("%+v %v", all, err)
		}
		got, err := table.Read(t.Context(), row.ID)
		if err != nil || got.Name != "999990408" || got.Version != 2 || row.Version != 2 {
			t.Errorf("%+v %v", got, err)
		}
		if lines := waitingLines(t, l); len(lines) != 1 {
			t.Errorf("%d lines", len(lines))
		}
	})
}
