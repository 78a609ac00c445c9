package opslag

import (
	"errors"
	"slices"
	"testing"
)

// TestAnIndexOfATeamServesWhenItHasTheOrderOfAList: not one in another order, by other
// rules, of another kind, of part of the rows or of something else first.
func TestAnIndexOfATeamServesWhenItHasTheOrderOfAList(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		others := []string{"(ouder DESC, id)", "(ouder COLLATE NOCASE, id)", "(lower(naam), ouder, id)", "(ouder, id) WHERE ouder IS NOT NULL", "(ouder, id, naam)", "(ouder)"}
		if db.dialect.remote {
			others = []string{"(ouder DESC, id)", `(ouder COLLATE "C", id)`, "(lower(naam), ouder, id)", "(ouder, id) WHERE ouder IS NOT NULL", "(ouder, id, naam)", "(ouder)", "(ouder text_pattern_ops, id)", "USING brin (ouder, id)"}
		}
		own := func(columns string) bool {
			t.Helper()
			if _, err := db.write.ExecContext(t.Context(), "DROP INDEX IF EXISTS van_het_team"); err != nil {
				t.Fatal(err)
			}
			how := "CREATE INDEX van_het_team ON dingen "
			if _, err := db.write.ExecContext(t.Context(), how+columns); err != nil {
				t.Fatal(err)
			}
			for range 2 { // what is there is not made once more
				table := NewTable(db, thingSchema)
				if err := errors.Join(table.Fits(t.Context()), db.housekeep(t.Context())); err != nil {
					t.Fatal(err)
				}
			}
			return slices.Contains(indexNames(t, NewTable(db, thingSchema).indexes), "ouder, id")
		}
		for _, columns := range others {
			if !own(columns) {
				t.Errorf("%s counts as (ouder, id)", columns)
			}
		}
		if own("(ouder, id)") {
			t.Error("there are two of the same")
		}
	})
}

// TestProcessesThatStartTogether take away what nothing asks for, and none of them
// fails because another did.
func TestProcessesThatStartTogether(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		if err := NewTable(open(), thingSchema).Fits(t.Context()); err != nil {
			t.Fatal(err)
		}
		less := thingSchema
		less.Columns = slices.Clone(thingSchema.Columns)
		for i := range less.Columns {
			less.Columns[i].Sort, less.Columns[i].Filter = false, false
		}
		tables := make([]*Table[thing], 6)
		for i := range tables {
			tables[i] = NewTable(open(), less)
		}
		for i, err := range together(len(tables), func(i int) error {
			return errors.Join(tables[i].Fits(t.Context()), tables[i].db.housekeep(t.Context()))
		}) {
			if err != nil {
				t.Errorf("process %d: %v", i, err)
			}
		}
		if got := indexNames(t, tables[0].indexes); !slices.Equal(got, []string{"aangemaakt_op, id", "gewijzigd_op, id"}) {
			t.Errorf("left: %q", got)
		}
	})
}
