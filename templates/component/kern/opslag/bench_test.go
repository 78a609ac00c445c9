package opslag

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// BenchmarkFirstPage is the first page of a list of 20 000 rows, as it comes, sorted
// by a text in both directions, and filtered; and making a row with such a text.
func BenchmarkFirstPage(b *testing.B) {
	db := opened(b, "", filepath.Join(b.TempDir(), "gegevens.db"))
	things := NewTable(db, thingSchema)
	if _, err := things.Create(b.Context(), &thing{Name: "eerste"}, Key{}); err != nil {
		b.Fatal(err)
	}
	if _, err := db.exec(b.Context(), "CREATE INDEX dingen_aan_idx ON dingen (aan, id)"); err != nil { // as a generated table has
		b.Fatal(err)
	}
	insert, n := things.insert, 0
	if err := db.within(b.Context(), func(tx *transaction) error {
		for ; n < 20_000; n++ {
			row := &thing{Name: fmt.Sprintf("Émile van der Berg %07d", n*7919%20_000), Day: new(value.Date("2026-01-02")), On: new(n%2 == 0)}
			m := things.Meta(row)
			m.ID, _ = newID()
			m.CreatedAt, m.ChangedAt, m.Version = db.moment(), db.moment(), 1
			if _, err := tx.exec(b.Context(), insert, things.values(row)...); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for name, q := range map[string]Query{
		"plain": {}, "up": {Sort: "naam"}, "down": {Sort: "-naam"}, "number": {Sort: "aantal"}, "filter": {Filters: []Filter{{"aan", []string{"true"}}}},
	} {
		q.Limit = 20
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := things.List(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("create", func(b *testing.B) {
		for b.Loop() {
			n++
			if _, err := things.Create(b.Context(), &thing{Name: fmt.Sprintf("Émile van der Berg %07d", n)}, Key{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
