package opslag

import (
	"errors"
	"testing"
	"time"
)

// TestTemporary keeps something until it expires or is forgotten, and never
// longer: what has expired is not given, also before it is removed.
func TestTemporary(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		db.now = func() time.Time { return now }
		kept := NewTemporary(db)
		ctx := t.Context()
		for _, content := range []string{"eerst", "daarna"} {
			if err := kept.Put(ctx, "concept", "een", Kept{"p-1", []byte(content), now.Add(time.Hour)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := kept.Put(ctx, "sessie", "een", Kept{"p-2", []byte("ander"), now.Add(2 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		k, err := kept.Get(ctx, "concept", "een")
		if err != nil || string(k.Content) != "daarna" || k.Owner != "p-1" || !k.Expires.Equal(now.Add(time.Hour)) {
			t.Errorf("kept %+v, %v", k, err)
		}
		now = now.Add(time.Hour)
		if _, err := kept.Get(ctx, "concept", "een"); !errors.Is(err, ErrNotFound) {
			t.Errorf("what has expired: %v", err)
		}
		if err := kept.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM tijdelijk").Scan(&left); err != nil || left != 1 {
			t.Errorf("%d left after the purge, %v; want the session alone", left, err)
		}
		if err := kept.Delete(ctx, "sessie", "een"); err != nil {
			t.Fatal(err)
		}
		if _, err := kept.Get(ctx, "sessie", "een"); !errors.Is(err, ErrNotFound) {
			t.Errorf("what was forgotten: %v", err)
		}
	})
}
