package opslag

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestAKeyIsForOneThing: the same key with something else stores nothing and
// names what came of the first time.
func TestAKeyIsForOneThing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things, zaken := NewTable(db, thingSchema), NewZaken(db, "")
		ctx, first := t.Context(), Key{uuid.NewString(), "een"}
		second, old := Key{first.ID, "twee"}, Key{ID: first.ID}
		row := full("eerste")
		if created, err := things.Create(ctx, row, first); err != nil || !created {
			t.Fatal(created, err)
		}
		for _, again := range []Key{first, old} { // a key of before there were fingerprints goes with everything
			repeated := full("eerste")
			if created, err := things.Create(ctx, repeated, again); err != nil || created || repeated.ID != row.ID {
				t.Errorf("%+v: %v, %v", again, created, err)
			}
		}
		_, err := things.Create(ctx, full("tweede"), second)
		wantReused(t, err, row.ID)
		if n, err := things.Count(ctx); err != nil || n != 1 {
			t.Errorf("%d rows, %v", n, err)
		}

		if _, err := zaken.Opened(ctx, first); !errors.Is(err, ErrNotFound) {
			t.Errorf("a key that opened nothing: %v", err)
		}
		n := NewZaak{Omschrijving: "x", Zaaktype: "x", CurrentStep: "a"}
		z, _, err := zaken.Create(ctx, n, first)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = zaken.Create(ctx, n, second)
		wantReused(t, err, z.ID)
		if other, err := zaken.Opened(ctx, first); err != nil || other != z.ID {
			t.Errorf("%s opened %s, %v; want %s", first.ID, other, err, z.ID)
		}
		_, err = zaken.Opened(ctx, second)
		wantReused(t, err, z.ID)
		db.now = func() time.Time { return time.Now().Add(keepKeys + time.Minute) }
		if _, err := zaken.Opened(ctx, second); !errors.Is(err, ErrNotFound) {
			t.Errorf("a key of yesterday: %v", err)
		}
		db.now = time.Now

		status, version, _, err := zaken.Move(ctx, z.ID, 1, NewStatus{Statustype: "b"}, first)
		if err != nil {
			t.Fatal(err)
		}
		if again, _, created, err := zaken.Move(ctx, z.ID, 1, NewStatus{Statustype: "b"}, first); err != nil || created || again.ID != status.ID {
			t.Errorf("the same move: %v, %v", created, err)
		}
		_, _, _, err = zaken.Move(ctx, z.ID, version, NewStatus{Statustype: "c"}, second)
		wantReused(t, err, status.ID)
		if z, err = zaken.Read(ctx, z.ID); err != nil || z.CurrentStep != "b" {
			t.Errorf("the zaak is at %s, %v", z.CurrentStep, err)
		}
	})
}

func wantReused(t *testing.T, err error, id string) {
	t.Helper()
	reused, ok := errors.AsType[*ReusedError](err)
	if !ok || reused.Result != id || !errors.Is(err, ErrKeyReused) {
		t.Errorf("%v (%+v), want the first: %s", err, reused, id)
	}
}

// TestAKeyAtTheSameMoment: of two that come together with something else one is
// stored and the other refused.
func TestAKeyAtTheSameMoment(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things, id := NewTable(db, thingSchema), uuid.NewString()
		var mu sync.Mutex
		var created, reused int
		var work sync.WaitGroup
		for _, name := range []string{"a", "b", "c", "d"} {
			work.Go(func() {
				is, err := things.Create(t.Context(), full(name), Key{id, name})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case is:
					created++
				case errors.Is(err, ErrKeyReused):
					reused++
				default:
					t.Error(err)
				}
			})
		}
		work.Wait()
		if created != 1 || reused != 3 {
			t.Errorf("%d stored and %d refused", created, reused)
		}
	})
}

// TestAnExpiredKeyIsNone, also when it was not removed yet: keys are removed once
// in a while, and not at every request.
func TestAnExpiredKeyIsNone(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		zaken, n := NewZaken(db, ""), NewZaak{Omschrijving: "x", Zaaktype: "x", CurrentStep: "a"}
		open := func(after time.Duration, key Key) (id string, created bool) {
			t.Helper()
			db.now = func() time.Time { return begin.Add(after) }
			z, created, err := zaken.Create(t.Context(), n, key)
			if err != nil {
				t.Fatal(err)
			}
			return z.ID, created
		}
		kept := func() (n int) {
			if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM idempotentiesleutels").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		key := Key{uuid.NewString(), "een"}
		first, _ := open(0, key)
		if again, created := open(keepKeys-30*time.Second, key); created || again != first {
			t.Error("a key is forgotten before a day has passed")
		}
		other := Key{key.ID, "twee"} // then it may be used for something else
		second, created := open(keepKeys+10*time.Second, other)
		if !created || second == first {
			t.Error("a key that has expired still counts")
		}
		if again, created := open(keepKeys+20*time.Second, other); created || again != second {
			t.Error("the key that came in its place does not count")
		}
		open(3*keepKeys, Key{uuid.NewString(), ""})
		if n := kept(); n != 2 {
			t.Errorf("%d keys are kept: a request removed them", n)
		}
		if err := db.housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := kept(); n != 1 {
			t.Errorf("%d keys are kept, want the newest alone", n)
		}
	})
}
