package proef

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// meadow is a table with what a team can think of.
const meadow = `CREATE TABLE boeren (id TEXT PRIMARY KEY, naam TEXT NOT NULL UNIQUE);
CREATE TABLE weiden (
	id TEXT PRIMARY KEY,
	nummer INTEGER NOT NULL UNIQUE,
	soort TEXT NOT NULL CHECK (soort IN ('gras', 'klaver''s; --')),
	koeien INTEGER CHECK (koeien BETWEEN 3 AND 9),
	buur TEXT REFERENCES weiden (id),
	boer TEXT NOT NULL REFERENCES boeren (id),
	prijs REAL NOT NULL CHECK (prijs >= 1000000 AND prijs < 1000002),
	CONSTRAINT nat_of_droog CHECK (koeien IS NULL OR soort <> 'klaver')
);
`

// TestMigrationsOnFilledTables: what is red on a filled table, and what is not.
func TestMigrationsOnFilledTables(t *testing.T) {
	t.Parallel()
	const (
		copied = "CREATE TABLE nieuw (id TEXT PRIMARY KEY, koeien INTEGER NOT NULL);\nINSERT INTO nieuw SELECT id, koeien FROM weiden;\nDROP TABLE weiden;\nALTER TABLE nieuw RENAME TO weiden;"
		shut   = "CREATE TABLE dicht (id TEXT PRIMARY KEY, a TEXT NOT NULL CHECK (length(a) = 7 AND a LIKE '%[%'));"
	)
	for name, c := range map[string]struct {
		sqlite, postgres []string // after the first
		want             []string // parts of the only fault; none is no fault
	}{
		"nothing more": {},
		"must be filled": {[]string{"ALTER TABLE weiden ADD COLUMN x TEXT NOT NULL;"}, nil,
			[]string{"/0002.sql draait niet op gevulde tabellen", "tabel weiden, kolom x", "DEFAULT", "in stappen"}},
		"must be filled, without the word column": {[]string{`ALTER TABLE "weiden" ADD "x" INTEGER NOT NULL;`}, nil, []string{"tabel weiden, kolom x"}},
		"with a default":       {[]string{"ALTER TABLE weiden ADD COLUMN x TEXT NOT NULL DEFAULT 'y';", "ALTER TABLE weiden ADD COLUMN y TEXT;"}, nil, nil},
		"only in the third":    {[]string{"ALTER TABLE weiden ADD COLUMN y TEXT;", "ALTER TABLE weiden ADD COLUMN x TEXT NOT NULL;"}, nil, []string{"/0003.sql"}},
		"filled from now on":   {[]string{copied}, []string{"ALTER TABLE weiden ALTER COLUMN koeien SET NOT NULL;"}, []string{"koeien"}},
		"a table without rows": {[]string{shut}, nil, nil},
		"a table without rows that changes": {[]string{shut, "ALTER TABLE dicht ADD COLUMN b TEXT;"}, nil,
			[]string{"/0003.sql", "tabel dicht", "zonder proefrijen: dicht"}},
		"and that was tried": {[]string{shut, "-- zonder proefrijen: dicht\nALTER TABLE dicht ADD COLUMN b TEXT;"}, nil, nil},
		"a broken one":       {[]string{"ALTER TABLE bestaat_niet ADD COLUMN b TEXT;"}, nil, []string{"/0002.sql"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.postgres == nil {
				c.postgres = c.sqlite
			}
			stores := []store{{name: "sqlite"}}
			if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
				stores = append(stores, store{name: "postgres", base: base})
			}
			for _, s := range stores {
				files := fstest.MapFS{}
				later := c.sqlite
				if s.base != "" {
					later = c.postgres
				}
				for i, text := range append([]string{meadow}, later...) {
					files["1-gegevens/migraties/"+s.name+"/000"+string(rune('1'+i))+".sql"] = &fstest.MapFile{Data: []byte(text)}
				}
				rooms := start.Rooms{Files: files, API: func(*opslag.Database, register.Log) register.API { return register.API{} }}
				faults := filledFaults(t, rooms, "", s)
				if len(faults) != min(len(c.want), 1) {
					t.Fatalf("%s: %v, want %q", s.name, faults, c.want)
				}
				for _, want := range c.want {
					if !strings.Contains(faults[0].Error(), want) {
						t.Errorf("%s: %v, want %q", s.name, faults[0], want)
					}
				}
			}
		})
	}
}

// TestFiller: it makes a full row and a bare one, in tables as a team makes them.
func TestFiller(t *testing.T) {
	t.Parallel()
	stores := []store{{name: "sqlite"}}
	if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
		stores = append(stores, store{name: "postgres", base: base})
	}
	for _, s := range stores {
		db, own := s.open(t)
		f := &filler{T: t, db: own, postgres: s.base != "", tried: map[string]error{}}
		if err := db.Migrate(t.Context(), fstest.MapFS{}); err != nil {
			t.Fatal(err)
		}
		f.kern = f.tables()
		if err := db.Migrate(t.Context(), fstest.MapFS{s.name + "/0001.sql": &fstest.MapFile{Data: []byte(meadow)}}); err != nil {
			t.Fatal(err)
		}
		if got := f.tables(); !slices.Equal(got, []string{"boeren", "weiden"}) {
			t.Errorf("tables %q", got)
		}
		for range 3 {
			f.fill()
		}
		for table, err := range f.tried {
			if err != nil {
				t.Errorf("%s: %s: %v", s.name, table, err)
			}
		}
		counts := f.query("SELECT count(*), count(koeien) FROM weiden")[0]
		if counts[0] != int64(6) || counts[1] != int64(3) {
			t.Errorf("%s: %v", s.name, counts)
		}
	}
}
