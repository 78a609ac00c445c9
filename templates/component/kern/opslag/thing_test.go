package opslag

import (
	"context"
	"database/sql"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// thing is a neutral row with every kind of column.
type thing struct {
	Meta
	Name    string            `json:"naam"`
	Help    string            `json:"uitleg,omitempty"`
	Count   *int64            `json:"aantal,omitempty"`
	Size    *float64          `json:"maat,omitempty"`
	Price   *value.Money      `json:"prijs,omitempty"`
	Day     *value.Date       `json:"dag,omitempty"`
	Moment  *value.DateTime   `json:"moment,omitempty"`
	On      *bool             `json:"aan,omitempty"`
	Address *value.Address    `json:"adres,omitempty"`
	Point   *value.Point      `json:"plek,omitempty"`
	File    *value.Attachment `json:"bestand,omitempty"`
	Parent  string            `json:"ouder,omitempty"`
}

var thingSchema = Schema[thing]{
	Name: "dingen",
	Columns: []Column{
		{SQL: "naam", JSON: "naam", Sort: true},
		{SQL: "uitleg", JSON: "uitleg"},
		{SQL: "aantal", JSON: "aantal", Sort: true},
		{SQL: "maat", JSON: "maat"},
		{SQL: "prijs", JSON: "prijs"},
		{SQL: "dag", JSON: "dag", Filter: true},
		{SQL: "moment", JSON: "moment"},
		{SQL: "aan", JSON: "aan", Filter: true},
		{SQL: "adres", JSON: "adres"},
		{SQL: "plek", JSON: "plek"},
		{SQL: "bestand", JSON: "bestand"},
		{SQL: "ouder", JSON: "ouder", Filter: true},
	},
	Meta: func(d *thing) *Meta { return &d.Meta },
	Fields: func(d *thing) []any {
		return []any{&d.Name, Text(&d.Help), &d.Count, &d.Size, &d.Price, &d.Day, &d.Moment, &d.On, &d.Address, &d.Point, &d.File, Text(&d.Parent)}
	},
}

const thingSQLite = `-- een tabel voor deze tests
CREATE TABLE dingen (
	id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMP NOT NULL, gewijzigd_op TIMESTAMP NOT NULL, versie BIGINT NOT NULL,
	naam TEXT NOT NULL UNIQUE, uitleg TEXT, aantal INTEGER CHECK (aantal BETWEEN 1 AND 20), maat REAL, prijs INTEGER,
	dag TEXT, moment TIMESTAMP, aan INTEGER, adres TEXT, plek TEXT, bestand TEXT, ouder TEXT REFERENCES dingen (id)
);
CREATE INDEX dingen_ouder_idx ON dingen (ouder);`

const thingPostgres = `
CREATE TABLE dingen (
	id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMPTZ NOT NULL, gewijzigd_op TIMESTAMPTZ NOT NULL, versie BIGINT NOT NULL,
	naam TEXT NOT NULL UNIQUE, uitleg TEXT, aantal BIGINT CHECK (aantal BETWEEN 1 AND 20), maat DOUBLE PRECISION, prijs BIGINT,
	dag DATE, moment TIMESTAMPTZ, aan BOOLEAN, adres JSONB, plek JSONB, bestand JSONB, ouder TEXT REFERENCES dingen (id)
);
CREATE INDEX ON dingen (ouder);`

// migrations are those of a team: one, for the table of things. Its number and
// its name are those of a migration of kern, which has a counter of its own.
func migrations(testing.TB) fs.FS {
	return fstest.MapFS{
		"sqlite/0001_zaken.sql":   {Data: []byte(thingSQLite)},
		"postgres/0001_zaken.sql": {Data: []byte(thingPostgres)},
	}
}

// each runs a test on SQLite, and on PostgreSQL when TEST_DATABASE_URL says
// where there is one. Each test gets a schema of its own there.
func each(t *testing.T, f func(t *testing.T, open func() *Database)) {
	t.Run("sqlite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "map met spatie & 100%", "gegevens.db")
		f(t, func() *Database { return opened(t, "", file) })
	})
	t.Run("postgres", func(t *testing.T) {
		databaseURL := os.Getenv("TEST_DATABASE_URL")
		if databaseURL == "" {
			t.Skip("TEST_DATABASE_URL is not set")
		}
		own := schemaOf(t, databaseURL)
		f(t, func() *Database { return opened(t, own, "") })
	})
}

func schemaOf(t testing.TB, databaseURL string) string {
	t.Helper()
	schema := "test_" + uuid.NewString()[:8]
	db, err := sql.Open("pgx", databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE")
		_ = db.Close()
	})
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func opened(t testing.TB, databaseURL, file string) *Database {
	t.Helper()
	db, err := Open(context.Background(), databaseURL, file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(context.Background(), migrations(t)); err != nil {
		t.Fatal(err)
	}
	return db
}

// eachStore is each with one open database.
func eachStore(t *testing.T, f func(t *testing.T, db *Database)) {
	each(t, func(t *testing.T, open func() *Database) { f(t, open()) })
}

// List is a page of a list without the way to the others.
func (t *Table[T]) List(ctx context.Context, q Query) ([]T, int, error) {
	p, err := t.Page(ctx, q)
	return p.Rows, p.Count, err
}

// List is a page of zaken without the way to the others.
func (s *Zaken) List(ctx context.Context, q ZakenQuery) ([]Zaak, int, error) {
	p, err := s.Page(ctx, q)
	return p.Rows, p.Count, err
}
