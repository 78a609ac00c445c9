package opslag

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// TestAllOrNothingPerZaak: when something refers to the record, the zaak stays too.
func TestAllOrNothingPerZaak(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Period: "P1Y", From: FromClosing})
		z, row := s.closed("klaar", nil)
		s.later(1, 0, 0)
		if _, err := s.things.Create(t.Context(), &thing{Name: "kind", Parent: row.ID}, Key{}); err != nil {
			t.Fatal(err)
		}
		due := s.proposal().Items
		id, err := s.archive.Decide(t.Context(), Decision{By: "A", Approval: "x"})
		if err != nil || len(due) != 1 {
			t.Fatal(due, err)
		}
		var broken *ConstraintError
		if err := s.archive.Destroy(t.Context(), id, due[0]); !errors.As(err, &broken) || broken.Kind != Foreign {
			t.Errorf("%v", err)
		}
		statuses, err := s.zaken.Statuses(t.Context(), z.ID)
		if err != nil || len(statuses) != 2 || s.count("vernietigingsregels") != 0 {
			t.Errorf("half of it is gone: %v %v", statuses, err)
		}
		if err := s.archive.Finish(t.Context(), id, 0); err != nil || s.count("vernietigingen") != 0 {
			t.Errorf("a declaration of nothing stays: %v", err)
		}
	})
}

// TestTwoDestroyAtOnce: each zaak is destroyed once and stands on one
// declaration, and one that is marked meanwhile stays.
func TestTwoDestroyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		first, second := newShelf(t, open(), Retention{Period: "P1Y", From: FromClosing}), open()
		other := NewArchive(second, "iets-regelen", "dingen", nil, nil, []Archived{NewTable(second, first.things.schema)})
		const zaken = 10
		for range zaken {
			first.closed("klaar", nil)
		}
		first.later(1, 0, 0)
		due := first.proposal().Items
		marked := 0
		errs := together(3, func(i int) error {
			if i == 2 {
				for _, d := range due {
					_, err := first.zaken.SetMark(context.Background(), d.ID, NewMark{Kind: MarkHold, Reason: "x", SetBy: "p-1"})
					if err == nil {
						marked++
					} else if !errors.Is(err, ErrNotFound) {
						return err
					}
				}
				return nil
			}
			a := []*Archive{first.archive, other}[i]
			id, err := a.Decide(context.Background(), Decision{By: "A", Approval: "x"})
			for _, d := range due {
				if one := a.Destroy(context.Background(), id, d); one != nil && !errors.Is(one, ErrNotDue) {
					err = errors.Join(err, one)
				}
			}
			return err
		})
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		if left, gone := first.count("zaken"), first.count("vernietigingsregels"); left != marked || left+gone != zaken || first.count("dingen") != left {
			t.Errorf("%d are left and %d marked, %d are destroyed", left, marked, gone)
		}
	})
}

func TestWhyAZaakIsNotDue(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Result: "bewaard", Keep: true}, Retention{Result: "object", Period: "P1Y", From: FromObject, Field: "dag"}, Retention{Period: "P1Y", From: FromClosing})
		why := func(id, want string) {
			t.Helper()
			_, _, err := s.archive.Zaak(t.Context(), id)
			var not *NotDue
			if !errors.As(err, &not) || !strings.Contains(not.Why, want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		z, _ := s.closed("klaar", nil)
		kept, _ := s.closed("bewaard", nil)
		object, _ := s.closed("object", nil)
		running := open(t, s.zaken, NewZaak{})
		foreign := open(t, s.zaken, NewZaak{})
		if _, err := db.exec(t.Context(), "UPDATE zaken SET zaaktype = 'anders' WHERE id = $1", foreign.ID); err != nil {
			t.Fatal(err)
		}
		s.end(foreign, "klaar")
		why(z.ID, "tot 1 maart 2027")
		s.later(1, 0, 0)
		why(running.ID, "loopt nog")
		why(kept.ID, "blijvend")
		why(object.ID, "niet ingevuld")
		why(foreign.ID, "geen bewaartermijn")
		if d, version, err := s.archive.Zaak(t.Context(), z.ID); err != nil || d.ID != z.ID || version != 2 {
			t.Errorf("%+v %v", d, err)
		}
		if _, err := s.zaken.SetMark(t.Context(), z.ID, NewMark{Kind: MarkObjection, Reason: "x", SetBy: "p-1"}); err != nil {
			t.Fatal(err)
		}
		why(z.ID, "markering")
		if _, _, err := s.archive.Zaak(t.Context(), uuid.NewString()); !errors.Is(err, ErrNotFound) {
			t.Errorf("no zaak: %v", err)
		}
	})
}

// TestWhatIsKeptCannotBeDeleted: no term, hold or "blijvend bewaren" gives way to
// a deletion of the record.
func TestWhatIsKeptCannotBeDeleted(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Result: "bewaard", Keep: true}, Retention{Period: "P1Y", From: FromClosing})
		_, kept := s.closed("bewaard", nil)
		held, heldRow := s.closed("klaar", nil)
		if _, err := s.zaken.SetMark(t.Context(), held.ID, NewMark{Kind: MarkHold, Reason: "x", SetBy: "p-1"}); err != nil {
			t.Fatal(err)
		}
		_, young := s.closed("klaar", nil)
		for _, row := range []*thing{kept, heldRow, young} {
			if err := s.things.Delete(t.Context(), row.ID, 1); !errors.Is(err, ErrKept) {
				t.Errorf("%v", err)
			}
			if err := s.things.Delete(t.Context(), row.ID, 2); !errors.Is(err, ErrStale) {
				t.Errorf("%v", err)
			}
		}
		free := &thing{Name: "zonder zaak"}
		if _, err := s.things.Create(t.Context(), free, Key{}); err != nil {
			t.Fatal(err)
		}
		if err := s.things.Delete(t.Context(), free.ID, 1); err != nil {
			t.Error(err)
		}
		schema := thingSchema
		schema.Retention = []Retention{{Keep: true}}
		forever := NewTable(db, schema)
		if err := forever.Delete(t.Context(), kept.ID, 1); !errors.Is(err, ErrKept) || !forever.Permanent() {
			t.Errorf("%v", err)
		}
	})
}

// TestZakenAboutNothing have a term of their own.
func TestZakenAboutNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db)
		s.archive = NewArchive(db, "iets-regelen", "", []Retention{{Period: "P1Y", From: FromClosing}}, nil, []Archived{s.things})
		z := open(t, s.zaken, NewZaak{Subject: uuid.NewString()}) // of which we know no table
		s.end(z, "klaar")
		s.later(1, 0, 0)
		if d := s.destroy(); len(d.Lines) != 1 || s.count("zaken") != 0 {
			t.Errorf("%+v", d)
		}
		if faults := RetentionFaults([]Retention{{Period: "P1Y", From: FromObject, Field: "dag"}, {Result: "x", Period: "P1Y", From: FromClosing}}); len(faults) != 1 {
			t.Errorf("%v", faults)
		}
	})
}

// TestEveryPartOfAZaakGoes: a table that refers to zaken is emptied and counted
// when a zaak is destroyed.
func TestEveryPartOfAZaakGoes(t *testing.T) {
	refers := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \([^;]*REFERENCES zaken`)
	names, err := fs.Glob(own, "migraties/*/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(own, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range refers.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(partsOfZaak, m[1]) {
				t.Errorf("%s: table %s has rows of a zaak, and destroying one does not name it", name, m[1])
			}
		}
	}
}

func TestTermsThatCannotBeKept(t *testing.T) {
	db := opened(t, "", filepath.Join(t.TempDir(), "x.db"))
	for want, r := range map[string]Retention{
		"in dagen of langer":         {Period: "PT5H", From: FromClosing},
		"P5D of P8W":                 {Period: "vijf jaar", From: FromClosing},
		"geen veld met een datum":    {Period: "P1Y", From: FromObject, Field: "naam"},
		"kennen we niet":             {Period: "P1Y", From: "ooit"},
		`Period "P0D": een bewaarte`: {Period: "P0D", From: FromClosing},
	} {
		schema := thingSchema
		schema.Retention = []Retention{r}
		if err := NewTable(db, schema).Fits(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", r, err)
		}
	}
	schema := thingSchema
	schema.Retention = []Retention{{Keep: true}, {Keep: true}}
	if err := NewTable(db, schema).Fits(t.Context()); err == nil || !strings.Contains(err.Error(), "twee termijnen") {
		t.Error(err)
	}
}

// Whoever reads keeps the journal of SQLite from being wiped: then that is said.
func TestWipingThatDidNotHappenIsSaid(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		if db.dialect.remote {
			return // VACUUM waits for nobody who only reads
		}
		zaken := NewZaken(db, "")
		open(t, zaken, NewZaak{})
		rows, err := db.read.QueryContext(t.Context(), "SELECT id FROM zaken")
		if err != nil || !rows.Next() {
			t.Fatal(err)
		}
		open(t, zaken, NewZaak{}) // in the journal, and newer than what is read
		if _, err := db.write.ExecContext(t.Context(), "PRAGMA busy_timeout = 20"); err != nil {
			t.Fatal(err)
		}
		if err := db.wipe(t.Context(), nil); err == nil {
			t.Error("the journal is said to be wiped")
		}
		_ = rows.Close()
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if err := db.wipe(t.Context(), nil); err != nil {
			t.Errorf("nobody reads any more: %v", err)
		}
	})
}
