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
