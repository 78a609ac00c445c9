package opslag

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
)

func TestAMarkStopsAZaak(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		z := open(t, zaken, NewZaak{})
		move := func(version int64) error {
			_, _, _, err := zaken.Move(t.Context(), z.ID, version, NewStatus{Statustype: "verder"}, Key{})
			return err
		}
		for _, kind := range []string{MarkRestriction, MarkObjection} {
			m, err := zaken.SetMark(t.Context(), z.ID, NewMark{Kind: kind, Reason: "gevraagd", SetBy: "p-1"})
			if err != nil || m.ID == "" || m.Since.IsZero() {
				t.Fatalf("%+v %v", m, err)
			}
			if err := move(1); !errors.Is(err, ErrStopped) {
				t.Errorf("move with %s: %v", kind, err)
			}
			if _, err := zaken.SetMark(t.Context(), z.ID, NewMark{Kind: kind, Reason: "nog eens", SetBy: "p-1"}); !errors.Is(err, ErrMarked) {
				t.Errorf("the same mark twice: %v", err)
			}
			if err := zaken.LiftMark(t.Context(), z.ID, kind, "p-2"); err != nil {
				t.Error(err)
			}
			if err := zaken.LiftMark(t.Context(), z.ID, kind, "p-2"); !errors.Is(err, ErrNotFound) {
				t.Errorf("lifting what is not there: %v", err)
			}
		}
		if _, err := zaken.SetMark(t.Context(), z.ID, NewMark{Kind: MarkHold, Reason: "een beroep loopt", SetBy: "p-1"}); err != nil {
			t.Fatal(err)
		}
		if err := move(1); err != nil {
			t.Errorf("a hold stops a zaak: %v", err)
		}
		got, err := zaken.Read(t.Context(), z.ID)
		marks, err2 := zaken.Marks(t.Context(), z.ID)
		if err != nil || err2 != nil || !slices.Equal(got.Marks, Marks{MarkHold}) || len(marks) != 3 || marks[0].LiftedBy != "p-2" || marks[2].LiftedAt != nil {
			t.Errorf("%+v %+v %v %v", got, marks, err, err2)
		}
		if _, err := zaken.SetMark(t.Context(), z.ID, NewMark{Kind: "anders", Reason: "x", SetBy: "p-1"}); err == nil {
			t.Error("a kind that does not exist can be set")
		}
		if _, err := zaken.SetMark(t.Context(), uuid.NewString(), NewMark{Kind: MarkHold, Reason: "x", SetBy: "p-1"}); !errors.Is(err, ErrNotFound) {
			t.Errorf("a mark on no zaak: %v", err)
		}
	})
}

func TestTwoMarksAtTheSameMoment(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		z := open(t, zaken, NewZaak{})
		kinds := []string{MarkHold, MarkRestriction, MarkObjection}
		for _, err := range together(len(kinds), func(i int) error {
			_, err := zaken.SetMark(t.Context(), z.ID, NewMark{Kind: kinds[i], Reason: "x", SetBy: "p-1"})
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		if got, err := zaken.Read(t.Context(), z.ID); err != nil || !slices.Equal(got.Marks, Marks{MarkRestriction, MarkHold, MarkObjection}) {
			t.Errorf("%+v %v", got, err)
		}
		list, _, err := zaken.List(t.Context(), ZakenQuery{Query: Query{Limit: 10}})
		if err != nil || len(list) != 1 || len(list[0].Marks) != 3 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// The record that a zaak is about is not handled either, by whoever it is: it may
// be put right, which is what the person asked.
func TestAMarkStopsTheRecord(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken, things := NewZaken(db, ""), NewTable(db, thingSchema)
		row := &thing{Name: "een"}
		if _, err := things.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		z := open(t, zaken, NewZaak{Subject: row.ID})
		mark := func(kind string) {
			if _, err := zaken.SetMark(t.Context(), z.ID, NewMark{Kind: kind, Reason: "gevraagd", SetBy: "p-1"}); err != nil {
				t.Fatal(err)
			}
		}
		mark(MarkHold)
		if err := things.Replace(t.Context(), row); err != nil {
			t.Errorf("a hold stops the record: %v", err)
		}
		mark(MarkRestriction)
		if err := things.Replace(t.Context(), row); !errors.Is(err, ErrStopped) {
			t.Errorf("a change under a restriction: %v", err)
		}
		if err := things.Correct(t.Context(), row, Correction{Zaak: z.ID, SetBy: "p-2", Role: "balie", Fields: []string{"naam"}, Reason: "verzoek"}); err != nil {
			t.Errorf("a correction under a restriction: %v", err)
		}
		old := *row
		old.Version--
		if err := things.Replace(t.Context(), &old); !errors.Is(err, ErrStale) {
			t.Errorf("a change of an earlier version: %v", err)
		}
		if err := zaken.LiftMark(t.Context(), z.ID, MarkRestriction, "p-2"); err != nil {
			t.Fatal(err)
		}
		if err := things.Replace(t.Context(), row); err != nil {
			t.Errorf("after the restriction: %v", err)
		}
	})
}
