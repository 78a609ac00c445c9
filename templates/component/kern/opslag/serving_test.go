package opslag

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// tree is a row of the version of before.
type tree struct {
	Meta
	Name string `json:"naam"`
	Size int64  `json:"maat"`
}

var treeSchema = Schema[tree]{
	Name:    "bomen",
	Columns: []Column{{SQL: "naam", JSON: "naam", Sort: true}, {SQL: "maat", JSON: "maat"}},
	Meta:    func(t *tree) *Meta { return &t.Meta },
	Fields:  func(t *tree) []any { return []any{&t.Name, &t.Size} },
}

// trees are the migrations of a version: the first one and what came after it.
func trees(later ...string) fstest.MapFS {
	files := fstest.MapFS{
		"sqlite/0001_bomen.sql":   {Data: []byte("CREATE TABLE bomen (id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMP NOT NULL, gewijzigd_op TIMESTAMP NOT NULL, versie BIGINT NOT NULL, naam TEXT NOT NULL, maat BIGINT NOT NULL);")},
		"postgres/0001_bomen.sql": {Data: []byte("CREATE TABLE bomen (id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMPTZ NOT NULL, gewijzigd_op TIMESTAMPTZ NOT NULL, versie BIGINT NOT NULL, naam TEXT NOT NULL, maat BIGINT NOT NULL);")},
	}
	for i, text := range later {
		for _, d := range []string{"sqlite", "postgres"} {
			files[d+"/000"+string(rune('2'+i))+"_later.sql"] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return files
}

const (
	soilAdded = "-- naast: elke vorige versie\nALTER TABLE bomen ADD COLUMN grond TEXT;"
	sizeOut   = "-- stilstand: maat gaat weg\nALTER TABLE bomen DROP COLUMN maat;"
)

// bare opens a database with no tables yet.
func bare(t *testing.T, databaseURL, file string) *Database {
	t.Helper()
	db, err := Open(t.Context(), databaseURL, file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func migrated(t *testing.T, db *Database, files fstest.MapFS) *Database {
	t.Helper()
	if err := db.MigrateBeside(t.Context(), files, Roll{wait: 50 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	return db
}

// postgresOnly gives the address of an empty schema.
func postgresOnly(t *testing.T) string {
	t.Helper()
	databaseURL := os.Getenv("TEST_DATABASE_URL")
	if databaseURL == "" {
		t.Skip("TEST_DATABASE_URL is not set")
	}
	return schemaOf(t, databaseURL)
}

// TestAMigrationWaitsForAnEarlierVersion that cannot go on beside it, says which one
// and what to do, and changes nothing until that one is gone.
func TestAMigrationWaitsForAnEarlierVersion(t *testing.T) {
	t.Parallel()
	url := postgresOnly(t)
	older := migrated(t, bare(t, url, ""), trees())
	newer := bare(t, url, "")
	// What it can stand beside runs; but not when something after it cannot.
	err := newer.MigrateBeside(t.Context(), trees(soilAdded, sizeOut), Roll{wait: 50 * time.Millisecond})
	early, is := errors.AsType[*EarlierError](err)
	if !is || early.Migration != "1-gegevens/migraties/0003_later.sql" || len(early.Where) != 1 || early.Where[0] == "" {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"maat gaat weg", "kubectl scale --replicas=0", "STILSTAND=ja", early.Where[0], "Er is niets veranderd"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if there, err := hasColumn(t.Context(), older.read, postgres, "bomen", "grond"); there || err != nil {
		t.Error("half of it was done", err)
	}
	migrated(t, newer, trees(soilAdded))
	works := NewTable(older, treeSchema)
	if _, err := works.Create(t.Context(), &tree{Name: "eik", Size: 3}, Key{}); err != nil {
		t.Error(err)
	}
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	// It knows 0002, and the other one does as well.
	third := migrated(t, bare(t, url, ""), trees(soilAdded, "-- naast: versies met 0002_later\nALTER TABLE bomen DROP COLUMN grond;"))
	if _, err := third.read.ExecContext(t.Context(), "SELECT maat FROM bomen"); err != nil {
		t.Error(err)
	}
}

// TestAVersionThatIsGoneDoesNotCount: one that was killed left its row.
func TestAVersionThatIsGoneDoesNotCount(t *testing.T) {
	t.Parallel()
	url := postgresOnly(t)
	older := migrated(t, bare(t, url, ""), trees())
	if _, err := older.write.ExecContext(t.Context(), "UPDATE versies SET gezien_op = gezien_op - interval '31 seconds'"); err != nil {
		t.Fatal(err)
	}
	migrated(t, bare(t, url, ""), trees(sizeOut))
}

// TestSomebodyDecidesToStop: the migration runs, and the earlier version that still
// serves finds out, says so and is not ready any more.
func TestSomebodyDecidesToStop(t *testing.T) {
	t.Parallel()
	url := postgresOnly(t)
	older := migrated(t, bare(t, url, ""), trees())
	newer := bare(t, url, "")
	if err := newer.MigrateBeside(t.Context(), trees(sizeOut), Roll{Stop: true}); err != nil {
		t.Fatal(err)
	}
	if err := older.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := older.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, is := errors.AsType[*NewerError](older.Ready(t.Context())); !is {
		t.Error("it is still ready")
	}
	if err := newer.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestADatabaseOfALaterVersion: an earlier one goes on when it can, as after a
// rollback, and refuses with a sentence when it cannot.
func TestADatabaseOfALaterVersion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		later   string
		refused bool
	}{
		"that added something":        {soilAdded, false},
		"that says nothing, and adds": {"ALTER TABLE bomen ADD COLUMN grond TEXT;", false},
		"that took something away":    {sizeOut, true},
		"that says nothing":           {"ALTER TABLE bomen RENAME COLUMN maat TO omvang;", true},
		"that needs what we know":     {"-- naast: versies met 0001_bomen\nALTER TABLE bomen ADD COLUMN grond TEXT;", false},
		"that needs what we do not":   {"-- naast: versies met 0001_bomen, 0002_nooit\nALTER TABLE bomen ADD COLUMN grond TEXT;", true},
	} {
		for _, database := range []string{"sqlite", "postgres"} {
			t.Run(name+"/"+database, func(t *testing.T) {
				t.Parallel()
				url, file := "", filepath.Join(t.TempDir(), "proef.db")
				if database == "postgres" {
					url = postgresOnly(t)
				}
				newer := migrated(t, bare(t, url, file), trees(c.later))
				if err := newer.Close(); err != nil {
					t.Fatal(err)
				}
				db := bare(t, url, file)
				err := db.Migrate(t.Context(), trees())
				if late, is := errors.AsType[*NewerError](err); is != c.refused {
					t.Fatalf("%v", err)
				} else if is {
					if !strings.Contains(err.Error(), "1-gegevens/migraties/0002_later") || late.Migration == "" {
						t.Error(err)
					}
					return
				}
				if err := NewTable(db, treeSchema).Fits(t.Context()); err != nil {
					t.Error(err)
				}
				// A kern of before said nothing: it goes on, as it always did.
				if _, err := db.write.ExecContext(t.Context(), "UPDATE migraties SET vanaf = NULL"); err != nil {
					t.Fatal(err)
				}
				migrated(t, bare(t, url, file), trees())
			})
		}
	}
}

// TestATableOfMigrationsOfBefore gets its column, once, and keeps what is in it.
func TestATableOfMigrationsOfBefore(t *testing.T) {
	t.Parallel()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			url, file := "", filepath.Join(t.TempDir(), "proef.db")
			if database == "postgres" {
				url = postgresOnly(t)
			}
			db := bare(t, url, file)
			if _, err := db.write.ExecContext(t.Context(), "CREATE TABLE migraties (naam TEXT PRIMARY KEY, som TEXT NOT NULL, moment TEXT NOT NULL)"); err != nil {
				t.Fatal(err)
			}
			if _, err := db.write.ExecContext(t.Context(), "INSERT INTO migraties VALUES ('0000_weg.sql', 'x', 'y')"); err != nil {
				t.Fatal(err)
			}
			migrated(t, migrated(t, db, trees()), trees())
			// And a kern of before goes on writing in it.
			if _, err := db.write.ExecContext(t.Context(), "INSERT INTO migraties (naam, som, moment) VALUES ('0009_x.sql', 'x', 'y')"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestAMigrationGivesWay: it does not stand in line for a table that a long
// transaction holds, with everybody else behind it; it tries again.
func TestAMigrationGivesWay(t *testing.T) {
	t.Parallel()
	url := postgresOnly(t)
	older := migrated(t, bare(t, url, ""), trees())
	if _, err := NewTable(older, treeSchema).Create(t.Context(), &tree{Name: "eik"}, Key{}); err != nil {
		t.Fatal(err)
	}
	long, err := older.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = long.Rollback() }()
	if _, err := long.ExecContext(t.Context(), "SELECT * FROM bomen"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- bare(t, url, "").Migrate(context.WithoutCancel(t.Context()), trees(soilAdded)) }()
	longest := time.Duration(0)
	for begin := time.Now(); time.Since(begin) < 3*time.Second; time.Sleep(5 * time.Millisecond) {
		asked := time.Now()
		if _, _, err := NewTable(older, treeSchema).List(t.Context(), Query{Limit: 5}); err != nil {
			t.Fatal(err)
		}
		longest = max(longest, time.Since(asked))
	}
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	default:
	}
	if longest < 100*time.Millisecond || longest > 2*time.Second {
		t.Errorf("somebody else waited %s", longest)
	}
	_ = long.Rollback()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if there, err := hasColumn(t.Context(), older.read, postgres, "bomen", "grond"); !there || err != nil {
		t.Error("it is not done", err)
	}
}

// TestWhatALaterVersionLeavesEmpty reads as empty, and can be stored again.
func TestWhatALaterVersionLeavesEmpty(t *testing.T) {
	t.Parallel()
	older := migrated(t, bare(t, postgresOnly(t), ""), trees())
	table := NewTable(older, treeSchema)
	row := &tree{Name: "eik", Size: 3}
	if _, err := table.Create(t.Context(), row, Key{}); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"ALTER TABLE bomen ALTER COLUMN naam DROP NOT NULL", "ALTER TABLE bomen ALTER COLUMN maat DROP NOT NULL", "UPDATE bomen SET naam = NULL, maat = NULL"} {
		if _, err := older.write.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	read, err := table.Read(t.Context(), row.ID)
	if err != nil || read.Name != "" || read.Size != 0 || read.Version != 1 || read.CreatedAt != row.CreatedAt {
		t.Fatalf("%+v, %v", read, err)
	}
	all, n, err := table.List(t.Context(), Query{Limit: 5, Sort: "naam"})
	if err != nil || n != 1 || len(all) != 1 || all[0].ID != row.ID {
		t.Fatalf("%+v, %d, %v", all, n, err)
	}
	if err := table.Replace(t.Context(), read); err != nil {
		t.Error(err)
	}
	if _, err := table.Read(t.Context(), "weg"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestKeysAfterARoll: a text that an earlier version stored gets its place in the
// order when that version is gone.
func TestKeysAfterARoll(t *testing.T) {
	t.Parallel()
	url := postgresOnly(t)
	older := migrated(t, bare(t, url, ""), trees())
	newer := migrated(t, bare(t, url, ""), trees(soilAdded))
	table := NewTable(newer, treeSchema)
	if _, err := table.Create(t.Context(), &tree{Name: "wilg"}, Key{}); err != nil {
		t.Fatal(err)
	}
	if err := newer.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	const insert = "INSERT INTO bomen (id, aangemaakt_op, gewijzigd_op, versie, naam, maat) SELECT $1, aangemaakt_op, gewijzigd_op, 1, 'eik', 1 FROM bomen"
	if _, err := older.write.ExecContext(t.Context(), insert, value.KeySum("a", "b")); err != nil {
		t.Fatal(err)
	}
	first := func() string {
		all, _, err := table.List(t.Context(), Query{Limit: 5, Sort: "naam"})
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		return all[0].Name
	}
	if got := first(); got != "wilg" {
		t.Fatalf("the key is there already: %s", got)
	}
	if err := errors.Join(older.Close(), newer.look(t.Context()), newer.housekeep(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := first(); got != "eik" {
		t.Errorf("first comes %s", got)
	}
}

// TestNobodyIsLeftBehind: a database that is closed is not seen any more, and one
// that never migrated can be closed too.
func TestNobodyIsLeftBehind(t *testing.T) {
	t.Parallel()
	url := postgresOnly(t)
	db := migrated(t, migrated(t, bare(t, url, ""), trees()), trees(soilAdded)) // twice: one sign
	watch, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watch.Close() }()
	serve := func(want int) {
		t.Helper()
		var n int
		if err := watch.QueryRowContext(t.Context(), "SELECT count(*) FROM versies").Scan(&n); err != nil || n != want {
			t.Errorf("%d, want %d, %v", n, want, err)
		}
	}
	for _, want := range []int{1, 0} {
		serve(want)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := bare(t, url, "").Reset(t.Context(), trees(soilAdded)); err != nil { // a command: it serves nobody
		t.Fatal(err)
	}
	serve(0)
}
