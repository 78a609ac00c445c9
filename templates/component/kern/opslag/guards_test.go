package opslag

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// A key says what came of a request: with the zaak and its record the keys go
// too, also when they have not expired yet.
func TestNoKeyOfWhatIsDestroyedIsLeft(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Period: "P1D", From: FromClosing})
		loose := &thing{Name: "los"}
		if _, err := s.things.Create(t.Context(), loose, Key{ID: uuid.NewString()}); err != nil {
			t.Fatal(err)
		}
		s.now = time.Date(2026, 3, 1, 21, 0, 0, 0, time.UTC)
		row := &thing{Name: "een"}
		if _, err := s.things.Create(t.Context(), row, Key{ID: uuid.NewString()}); err != nil {
			t.Fatal(err)
		}
		z, _, err := s.zaken.Create(t.Context(), NewZaak{Zaaktype: "iets-regelen", CurrentStep: "begin", Subject: row.ID}, Key{ID: uuid.NewString()})
		if err != nil {
			t.Fatal(err)
		}
		s.end(z, "klaar")
		s.now = s.now.Add(4 * time.Hour) // the next day, and no key is a day old
		if n := s.count("idempotentiesleutels"); n != 4 {
			t.Fatalf("%d keys", n)
		}
		if d := s.destroy(); len(d.Lines) != 2 {
			t.Fatalf("destroyed %+v", d.Lines)
		}
		if n := s.count("idempotentiesleutels"); n != 0 {
			t.Errorf("%d keys are left", n)
		}
	})
}

// What changed since the list was made is not what was approved.
func TestWhatChangedIsNotDestroyed(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Period: "P1Y", From: FromClosing})
		z, _ := s.closed("klaar", nil)
		s.later(2, 0, 0)
		d := s.proposal().Items[0]
		if _, err := db.write.ExecContext(t.Context(), "UPDATE zaken SET versie = versie + 1 WHERE id = $1", z.ID); err != nil {
			t.Fatal(err)
		}
		id, err := s.archive.Decide(t.Context(), Decision{By: "A", Approval: "lijst"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.archive.Destroy(t.Context(), id, d); !errors.Is(err, ErrNotDue) {
			t.Errorf("destroyed: %v", err)
		}
	})
}

// A file that a record has goes with the record, and not because whoever sent it
// takes it out of a form that is never sent. One that expired is in no record,
// also before it is removed.
func TestAFileIsTakenOnceAndStays(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b, things := NewFiles(db, Limits{}), NewTable(db, thingSchema)
		now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
		db.now = func() time.Time { return now }
		bound := sent(t, b, Upload{Owner: "p-een"}, "blijft")
		row := &thing{Name: "a", File: &value.Attachment{ID: bound.ID}}
		if _, err := things.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		if err := b.Drop(t.Context(), bound.ID); err != nil {
			t.Fatal(err)
		}
		if f, err := b.Read(t.Context(), bound.ID); err != nil || !f.Bound {
			t.Errorf("the file of a record is gone: %+v %v", f, err)
		}
		if _, err := things.Create(t.Context(), &thing{Name: "b", File: &value.Attachment{ID: bound.ID}}, Key{}); !errors.Is(err, ErrNoFile) {
			t.Errorf("a file is in two records: %v", err)
		}
		held := sent(t, b, Upload{Anonymous: true}, "even")
		now = now.Add(keepAnonymous + time.Minute)
		if _, err := things.Create(t.Context(), &thing{Name: "c", File: &value.Attachment{ID: held.ID}}, Key{}); !errors.Is(err, ErrNoFile) {
			t.Errorf("a file that expired is taken: %v", err)
		}
		if _, err := b.Read(t.Context(), held.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("a file that expired is there: %v", err)
		}
	})
}

// A hold keeps the record of a zaak that is closed, also of a table without terms.
func TestAHoldKeepsARecordWithoutATerm(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db)
		z, row := s.closed("klaar", nil)
		if _, err := s.zaken.SetMark(t.Context(), z.ID, NewMark{Kind: MarkHold, Reason: "x", SetBy: "p-1"}); err != nil {
			t.Fatal(err)
		}
		if err := s.things.Delete(t.Context(), row.ID, 1); !errors.Is(err, ErrKept) {
			t.Errorf("a record that is held: %v", err)
		}
		if err := s.zaken.LiftMark(t.Context(), z.ID, MarkHold, "p-1"); err != nil {
			t.Fatal(err)
		}
		if err := s.things.Delete(t.Context(), row.ID, 1); err != nil {
			t.Errorf("a record that nothing keeps: %v", err)
		}
	})
}

// Somebody keeps the zaken of before the id of a person followed from a number;
// what others did in them, and everybody else, stays as it is.
func TestAPersonKeepsZakenUnderALaterID(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		own := open(t, zaken, NewZaak{CurrentStep: "a", Initiator: "p-eerder", SetBy: "p-eerder"})
		other := open(t, zaken, NewZaak{CurrentStep: "a", Initiator: "p-ander", SetBy: "p-eerder"})
		if _, _, _, err := zaken.Move(t.Context(), own.ID, 1, NewStatus{Statustype: "b", SetBy: "p-balie"}, Key{}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := zaken.Rename(t.Context(), "p-eerder", "p-later"); err != nil {
				t.Fatal(err)
			}
		}
		for id, want := range map[string][]string{own.ID: {"p-later", "p-later", "p-balie"}, other.ID: {"p-ander", "p-eerder"}} {
			z, err := zaken.Read(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{z.Initiator}
			statuses, err := zaken.Statuses(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range statuses {
				got = append(got, s.SetBy)
			}
			if !slices.Equal(got, want) {
				t.Errorf("of %q, want %q", got, want)
			}
		}
	})
}

// A declaration of which the work broke off before anything was destroyed declares
// nothing.
func TestADeclarationOfNothingIsNotListed(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Period: "P1Y", From: FromClosing})
		if _, err := s.archive.Decide(t.Context(), Decision{By: "A", Approval: "lijst"}); err != nil {
			t.Fatal(err)
		}
		s.closed("klaar", nil)
		s.later(2, 0, 0)
		done := s.destroy()
		if all, err := s.archive.Declarations(t.Context()); err != nil || len(all) != 1 || all[0].ID != done.ID || all[0].Count != 1 {
			t.Errorf("%+v %v", all, err)
		}
	})
}
