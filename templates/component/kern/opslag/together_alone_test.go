package opslag

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// TestTogetherTakesOneConnection: whoever asked for another would wait for itself, on
// SQLite at once and on PostgreSQL when as many do so as there are connections.
func TestTogetherTakesOneConnection(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things, zaken, log := NewTable(db, thingSchema), NewZaken(db, ""), NewLogboek(db)
		if err := things.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		db.write.SetMaxOpenConns(1)
		if !db.dialect.remote { // nobody reads beside it
			db.read.SetMaxOpenConns(1)
			c, err := db.read.Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
		}
		key, one := Key{ID: uuid.NewString(), Fingerprint: "a"}, func() logboek.Verwerking { return line(logboek.Trace{}.Child(), "Ding maken") }
		for range 2 { // the second time it is there already
			err := db.Together(ctx, func(ctx context.Context) error {
				row := &thing{Name: "een"}
				created, err := things.Create(ctx, row, key, one())
				if err != nil {
					return err
				}
				z, _, err := zaken.Create(ctx, NewZaak{Zaaktype: "proef", CurrentStep: "een", Subject: row.ID}, key)
				if err != nil {
					return err
				}
				if _, _, _, err := zaken.Move(ctx, z.ID, 1, NewStatus{Statustype: "twee"}, key); err != nil {
					return err
				}
				if created {
					row.Help = "anders"
					if err := things.Replace(ctx, row, one()); err != nil {
						return err
					}
				}
				if _, err := things.Read(ctx, row.ID); err != nil {
					return err
				}
				if all, err := zaken.Statuses(ctx, z.ID); err != nil || len(all) != 2 {
					t.Errorf("%d statuses, %v", len(all), err)
				}
				if _, err := zaken.Corrections(ctx, z.ID); err != nil {
					return err
				}
				if id, err := zaken.Opened(ctx, key); err != nil || id != z.ID {
					t.Errorf("%s, %v", id, err)
				}
				if err := zaken.Moved(ctx, z.ID, key); err != nil {
					return err
				}
				several := one()
				several.Shown = []logboek.Shown{{Zaak: z.ID}}
				return log.Write(ctx, one(), several)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestWhatBreaksOffTogether: a panic and a caller that goes away leave nothing, and the
// next one finds the connection free.
func TestWhatBreaksOffTogether(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		if err := things.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		db.write.SetMaxOpenConns(1)
		attempt := func(ctx context.Context, then func()) (err error) {
			defer func() {
				if recover() != nil {
					err = context.Canceled
				}
			}()
			return db.Together(ctx, func(ctx context.Context) error {
				if _, err := things.Create(ctx, &thing{Name: "een"}, Key{ID: uuid.NewString()}); err != nil {
					return err
				}
				then()
				_, err := things.Create(ctx, &thing{Name: "twee"}, Key{ID: uuid.NewString()})
				return err
			})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if err := attempt(ctx, cancel); err == nil {
			t.Error("went on after its caller left")
		}
		if err := attempt(t.Context(), func() { panic("x") }); err == nil {
			t.Error("went on after a panic")
		}
		ctx, cancel = context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := attempt(ctx, func() {}); err != nil {
			t.Error(err)
		}
		if n, err := things.Count(ctx); err != nil || n != 2 {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}
