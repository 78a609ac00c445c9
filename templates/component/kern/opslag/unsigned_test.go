package opslag

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestAMigrationWaitsForAKernThatDidNotSign: a component that comes from there is seen
// by its connections only.
func TestAMigrationWaitsForAKernThatDidNotSign(t *testing.T) {
	t.Parallel()
	server, err := sql.Open("pgx", postgresOnly(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	name := "voor_versies_" + strings.ReplaceAll(uuid.NewString(), "-", "") // connections are those of a database
	if _, err := server.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Skip("this server lets nobody make a database: ", err)
	}
	defer func() { _, _ = server.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)") }()
	u, err := url.Parse(os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	if err := migrated(t, bare(t, u.String(), ""), trees()).Close(); err != nil {
		t.Fatal(err)
	}
	older, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = older.Close() }()
	for _, text := range []string{"DROP TABLE versies", "DELETE FROM migraties_kern WHERE naam = '0010_versies.sql'", "ALTER TABLE migraties_kern DROP COLUMN vanaf", "ALTER TABLE migraties DROP COLUMN vanaf"} {
		if _, err := older.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	newer := bare(t, u.String(), "")
	err = newer.MigrateBeside(t.Context(), trees(soilAdded, sizeOut), Roll{wait: 50 * time.Millisecond})
	if _, is := errors.AsType[*EarlierError](err); !is || !strings.Contains(err.Error(), "een versie met een kern die dit nog niet bijhield (verbindingen zonder naam: 1)") {
		t.Fatalf("%v", err)
	}
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	if err := newer.MigrateBeside(t.Context(), trees(soilAdded, sizeOut), Roll{wait: 10 * time.Second}); err != nil {
		t.Error("when it is gone: ", err)
	}
}
