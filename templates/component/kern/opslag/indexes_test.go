package opslag

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// indexNames are the indexes of the table of things, as the database has them.
func indexNames(t *testing.T, x *indexes) (columns []string) {
	t.Helper()
	all, err := x.there(t.Context(), x.db.read)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if x.former(i.name) && i.valid {
			columns = append(columns, i.columns)
		}
	}
	slices.Sort(columns)
	return columns
}

// TestIndexesFollowWhatIsOffered: what a team begins to offer gets an index, and what it
// offers no more loses it; what the team made itself stays, and serves.
func TestIndexesFollowWhatIsOffered(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		check := func(schema Schema[thing], want ...string) {
			t.Helper()
			table := NewTable(db, schema)
			if err := errors.Join(table.Fits(t.Context()), db.housekeep(t.Context())); err != nil {
				t.Fatal(err)
			}
			if got := indexNames(t, table.indexes); !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q", got, want)
			}
		}
		key := "naam__" + keyVersion + ", id"
		check(thingSchema, "aan, id", "aangemaakt_op, id", "aantal, id", "dag, id", "gewijzigd_op, id", key, "ouder, id")
		less := thingSchema
		less.Columns = slices.Clone(thingSchema.Columns)
		less.Columns[0].Sort, less.Columns[2].Sort, less.Columns[4].Sort = false, false, true
		check(less, "aan, id", "aangemaakt_op, id", "dag, id", "gewijzigd_op, id", "ouder, id", "prijs, id")
		if _, err := db.write.ExecContext(t.Context(), "CREATE INDEX van_het_team ON dingen (dag, id)"); err != nil {
			t.Fatal(err)
		}
		check(thingSchema, "aan, id", "aangemaakt_op, id", "aantal, id", "gewijzigd_op, id", key, "ouder, id")
	})
}

// TestAMigrationMayDropAColumnWithAnIndex, which SQLite refuses when one has it.
func TestAMigrationMayDropAColumnWithAnIndex(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		db := open()
		if err := NewTable(db, thingSchema).Fits(t.Context()); err != nil {
			t.Fatal(err)
		}
		more := migrations(t).(fstest.MapFS)
		for _, kind := range []string{"sqlite", "postgres"} {
			more[kind+"/0002_weg.sql"] = &fstest.MapFile{Data: []byte("ALTER TABLE dingen DROP COLUMN dag;")}
		}
		if err := db.Migrate(t.Context(), more); err != nil {
			t.Fatal(err)
		}
	})
}

// tooMany puts more rows in the table of things than are passed while others wait.
func tooMany(t *testing.T, db *Database) {
	t.Helper()
	const rows = `INSERT INTO dingen (id, aangemaakt_op, gewijzigd_op, versie, naam)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) SELECT CAST(i AS TEXT), $1, $1, 1, 'naam ' || i FROM n`
	if _, err := db.write.ExecContext(t.Context(), rows, db.moment(), largeTable+1); err != nil {
		t.Fatal(err)
	}
}

// TestALargeTableGetsItsIndexesBesideTheWork: not when the component starts, and not in
// a request; several processes do not hinder each other; one that was left halfway is
// made anew; and what an earlier version uses stays until that has gone.
func TestALargeTableGetsItsIndexesBesideTheWork(t *testing.T) {
	t.Parallel()
	url := postgresOnly(t)
	db := opened(t, url, "")
	tooMany(t, db)
	table := NewTable(db, thingSchema)
	if err := table.Fits(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := indexNames(t, table.indexes); len(got) > 0 {
		t.Errorf("made at the start: %q", got)
	}
	// Halfway: what a process leaves that is stopped while it makes one. And the index
	// of an earlier version.
	half := table.indexes.wanted[0]
	if _, err := db.write.ExecContext(t.Context(), half.create("dingen", "CONCURRENTLY ")); err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{
		"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '" + half.name + "'::regclass",
		"CREATE INDEX " + keyVersion + "_af_x ON dingen (naam DESC NULLS LAST, id)",
	} {
		if _, err := db.write.ExecContext(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	db.serving.others.Store(true)
	tables := []*Table[thing]{table}
	for range 3 {
		another := NewTable(opened(t, url, ""), thingSchema)
		another.db.serving.others.Store(true)
		tables = append(tables, another)
	}
	for range 3 { // who finds another at it does nothing, and looks later
		for i, err := range together(len(tables), func(i int) error { return tables[i].keep(t.Context()) }) {
			if err != nil {
				t.Errorf("process %d: %v", i, err)
			}
		}
	}
	got := indexNames(t, table.indexes)
	if len(got) != len(table.indexes.wanted)+1 || !slices.Contains(got, half.columns) {
		t.Errorf("%d indexes of %d: %q", len(got), len(table.indexes.wanted), got)
	}
	db.serving.others.Store(false)
	table.indexes.done.Store(false)
	if err := table.keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := indexNames(t, table.indexes); len(got) != len(table.indexes.wanted) || strings.Contains(strings.Join(got, " "), "DESC") {
		t.Errorf("what nothing asks for stays: %q", got)
	}
	if err := table.keep(t.Context()); err != nil || !table.indexes.done.Load() {
		t.Errorf("it is not done: %v", err)
	}
}

// TestExpiredKeysGo, all of them, and those that still count stay.
func TestExpiredKeysGo(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		const rows = `INSERT INTO idempotentiesleutels (bereik, sleutel, resultaat, aangemaakt_op)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) SELECT $2, CAST(i AS TEXT), 'x', $1 FROM n`
		now := time.Now()
		for scope, age := range map[string]time.Duration{"oud": keepKeys + time.Minute, "nieuw": keepKeys - time.Minute} {
			if _, err := db.write.ExecContext(t.Context(), rows, value.At(now.Add(-age)), scope); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left, still int
		if err := db.read.QueryRowContext(t.Context(), "SELECT count(*), count(CASE WHEN bereik = 'nieuw' THEN 1 END) FROM idempotentiesleutels").Scan(&left, &still); err != nil || left != 1001 || still != 1001 {
			t.Errorf("%d are left, %d still count, %v", left, still, err)
		}
	})
}
