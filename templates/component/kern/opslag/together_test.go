package opslag

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// TestTogetherIsAllOrNothing: a record, a zaak about it, a status and lines of the
// log, of which the last one fails or not; with the same keys once more; and several
// at the same moment.
func TestTogetherIsAllOrNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		ctx, things, zaken, log := t.Context(), NewTable(db, thingSchema), NewZaken(db, ""), NewLogboek(db)
		if err := things.Prepare(ctx); err != nil {
			t.Fatal(err)
		}
		refused := errors.New("refused")
		start := func(name, key string, last error) (id string, err error) {
			err = db.Together(ctx, func(ctx context.Context) error {
				row := &thing{Name: name}
				if _, err := things.Create(ctx, row, Key{ID: key}, line(logboek.Trace{}.Child(), "Ding maken")); err != nil {
					return err
				}
				z, _, err := zaken.Create(ctx, NewZaak{Zaaktype: "proef", CurrentStep: "een", Subject: row.ID}, Key{ID: key})
				if err != nil {
					return err
				}
				if _, _, _, err := zaken.Move(ctx, z.ID, 1, NewStatus{Statustype: "twee"}, Key{ID: key}); err != nil {
					return err
				}
				// What is stored in it is read in it.
				if again, err := zaken.Read(ctx, z.ID); err != nil || again.Version != 2 || again.Subject != row.ID {
					t.Errorf("%+v, %v", again, err)
				}
				if all, err := zaken.Statuses(ctx, z.ID); err != nil || len(all) != 2 {
					t.Errorf("%d statuses, %v", len(all), err)
				}
				if err := log.Write(ctx, line(logboek.Trace{}.Child(), "Zaak starten")); err != nil {
					return err
				}
				id = z.ID
				return last
			})
			return id, err
		}
		count := func() [4]int {
			t.Helper()
			var all [4]int
			for i, table := range []string{"dingen", "zaken", "statussen", "verwerkingen"} {
				if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&all[i]); err != nil {
					t.Fatal(err)
				}
			}
			return all
		}
		key := uuid.NewString()
		if _, err := start("eerste", key, refused); !errors.Is(err, refused) || count() != [4]int{} {
			t.Fatalf("%v leaves %v", err, count())
		}
		first, err := start("eerste", key, nil)
		if err != nil || count() != [4]int{1, 1, 2, 2} {
			t.Fatalf("%v leaves %v", err, count())
		}
		if again, err := start("eerste", key, nil); err != nil || again != first || count() != [4]int{1, 1, 2, 3} {
			t.Errorf("again: %s and %s, %v, %v", first, again, err, count())
		}
		if _, err := start("eerste", uuid.NewString(), nil); ruleOf(err) != Unique || count() != [4]int{1, 1, 2, 3} {
			t.Errorf("a name that is there: %v leaves %v", err, count())
		}
		for _, err := range together(8, func(i int) error { _, err := start(fmt.Sprint("ding ", i), uuid.NewString(), nil); return err }) {
			if err != nil {
				t.Error(err)
			}
		}
		if count() != [4]int{9, 9, 18, 19} {
			t.Errorf("together: %v", count())
		}
	})
}

func ruleOf(err error) Kind {
	if broken, ok := errors.AsType[*ConstraintError](err); ok {
		return broken.Kind
	}
	return 0
}

// TestAFaultInTogetherIsNotOverlooked: also when somebody does not pass it on.
func TestAFaultInTogetherIsNotOverlooked(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		if err := things.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := db.Together(t.Context(), func(ctx context.Context) error {
			if _, err := things.Create(ctx, &thing{Name: "een"}, Key{}); err != nil {
				return err
			}
			_, _, _, _ = NewZaken(db, "").Move(ctx, uuid.NewString(), 1, NewStatus{Statustype: "x"}, Key{})
			return nil
		})
		if n, _ := things.Count(t.Context()); !errors.Is(err, ErrNotFound) || n != 0 {
			t.Errorf("%v leaves %d rows", err, n)
		}
	})
}

// TestTogetherWithoutRoomForTheLines: nothing is done, and the error says why.
func TestTogetherWithoutRoomForTheLines(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things, log := NewTable(db, thingSchema), NewLogboek(db)
		if err := things.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := db.write.ExecContext(t.Context(), "ALTER TABLE verwerkingen RENAME TO weg"); err != nil {
			t.Fatal(err)
		}
		write := func(ctx context.Context) error {
			if _, err := things.Create(ctx, &thing{Name: "een"}, Key{}); err != nil {
				return err
			}
			return log.Write(ctx, line(logboek.Trace{}.Child(), "Ding maken"))
		}
		err := db.Together(t.Context(), write)
		_, unwritten := errors.AsType[*LinesError](err)
		if n, _ := things.Count(t.Context()); !unwritten || n != 0 {
			t.Errorf("%v leaves %d rows", err, n)
		}
		if err = log.Gather(t.Context(), func(ctx context.Context) error { return log.Write(ctx, line(logboek.Trace{}.Child(), "Lezen")) }); !errors.As(err, new(*LinesError)) {
			t.Errorf("reading: %v", err)
		}
		for _, err := range together(2, func(int) error { // the next one finds the connection free
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			return db.Together(ctx, func(ctx context.Context) error { return nil })
		}) {
			if err != nil {
				t.Error(err)
			}
		}
	})
}
