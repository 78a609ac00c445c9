package tests

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"testing"
)

// TestBothDatabasesHaveTheSameMigrations: a laptop runs those of SQLite and
// production those of PostgreSQL, so one that is forgotten shows only there.
func TestBothDatabasesHaveTheSameMigrations(t *testing.T) {
	names := map[string][]string{}
	for _, database := range []string{"sqlite", "postgres"} {
		files, err := fs.Glob(os.DirFS("../1-gegevens/migraties"), database+"/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("1-gegevens/migraties/%s: %d bestanden, %v", database, len(files), err)
		}
		for _, file := range files {
			names[database] = append(names[database], path.Base(file))
		}
	}
	for database, other := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		for _, name := range names[database] {
			if !slices.Contains(names[other], name) {
				t.Errorf("1-gegevens/migraties/%s/%s ontbreekt; hij staat wel in %s", other, name, database)
			}
		}
	}
}
