package opslag

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// named is a row with what one sorts and filters by.
type named struct {
	Meta
	Name   string          `json:"naam"`
	Nick   string          `json:"roepnaam,omitempty"`
	Colour string          `json:"kleur,omitempty"`
	Size   *float64        `json:"maat,omitempty"`
	Price  *value.Money    `json:"prijs,omitempty"`
	Day    *value.Date     `json:"dag,omitempty"`
	Moment *value.DateTime `json:"moment,omitempty"`
	On     *bool           `json:"aan,omitempty"`
}

var namedSchema = Schema[named]{
	Name: "namen",
	Columns: []Column{
		{SQL: "naam", JSON: "naam", Sort: true}, {SQL: "roepnaam", JSON: "roepnaam", Sort: true}, {SQL: "kleur", JSON: "kleur", Filter: true},
		{SQL: "maat", JSON: "maat", Sort: true}, {SQL: "prijs", JSON: "prijs", Sort: true}, {SQL: "dag", JSON: "dag", Sort: true, Filter: true},
		{SQL: "moment", JSON: "moment", Sort: true}, {SQL: "aan", JSON: "aan", Filter: true},
	},
	Meta: func(d *named) *Meta { return &d.Meta },
	Fields: func(d *named) []any {
		return []any{&d.Name, Text(&d.Nick), Text(&d.Colour), &d.Size, &d.Price, &d.Day, &d.Moment, &d.On}
	},
}

func namedMigrations() fs.FS {
	const sqlite = `CREATE TABLE namen (id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMP NOT NULL, gewijzigd_op TIMESTAMP NOT NULL, versie BIGINT NOT NULL,
		naam TEXT NOT NULL, roepnaam TEXT, kleur TEXT CHECK (kleur IN ('café', 'cafe', 'n.v.t.', 'a,b', '100%', 'Ja', 'in behandeling')),
		maat REAL, prijs INTEGER, dag TEXT, moment TIMESTAMP, aan INTEGER)`
	postgres := strings.NewReplacer("TIMESTAMP", "TIMESTAMPTZ", "REAL", "DOUBLE PRECISION", "prijs INTEGER", "prijs BIGINT", "dag TEXT", "dag DATE", "aan INTEGER", "aan BOOLEAN").Replace(sqlite)
	return fstest.MapFS{"sqlite/0001_namen.sql": {Data: []byte(sqlite)}, "postgres/0001_namen.sql": {Data: []byte(postgres)}}
}

// peopleSorted are names in the order in which every list shows them; package
// value says why.
var peopleSorted = []string{
	"(onbekend)", "😀", "10 Gebroeders", "100%", "2 Gebroeders", "a,b", "Çelik", "D66", "Dé Bakker", "de Vries", "Deelen", "Emil", "Emile", "Émile", "Emily",
	"IJsbrand", "ijsbrand", "Ĳsbrand", "İlker", "ılker", "ING", "Jansen", "jansen", "Jansen - de Wit", "Jansen-de Wit", "Müller", "N'Diaye",
	"Øe", "Strasse", "Straße", "'t Hart", "T Hart", "’t Hart", "van den Berg", "Van der Berg", "van der Berg", "van 't Hek", "Zoë", "Zwart", "Яна", "李",
}

// eachLocale opens the same table in SQLite and in PostgreSQL under every locale
// that is there. Ids are compared by the locale, which is the same for the digits
// and letters of a UUID in each of these, though not in one that counts (kn).
func eachLocale(t *testing.T, f func(t *testing.T, db *Database)) {
	eachOf(t, []string{"C", "C.UTF-8", "en_US", "ICU", "ICU-tr"}, f)
}

func eachOf(t *testing.T, locales []string, f func(t *testing.T, db *Database)) {
	open := func(t *testing.T, databaseURL, file string) {
		db, err := Open(t.Context(), databaseURL, file)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if err := db.Migrate(t.Context(), namedMigrations()); err != nil {
			t.Fatal(err)
		}
		f(t, db)
	}
	t.Run("sqlite", func(t *testing.T) { open(t, "", filepath.Join(t.TempDir(), "namen.db")) })
	all := map[string]string{
		"C": "LC_COLLATE 'C' LC_CTYPE 'C'", "C.UTF-8": "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'", "en_US": "LC_COLLATE 'en_US.UTF-8' LC_CTYPE 'en_US.UTF-8'",
		"ICU": "LOCALE_PROVIDER icu ICU_LOCALE 'nl' LC_COLLATE 'C' LC_CTYPE 'C'", "ICU-tr": "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LC_COLLATE 'C' LC_CTYPE 'C'",
	}
	for _, name := range locales {
		t.Run("postgres/"+name, func(t *testing.T) { open(t, localeDatabase(t, all[name]), "") })
	}
}

// localeDatabase makes a database with a locale, and skips the test where that
// locale is not installed.
func localeDatabase(t *testing.T, as string) string {
	databaseURL := os.Getenv("TEST_DATABASE_URL")
	if databaseURL == "" {
		t.Skip("TEST_DATABASE_URL is not set")
	}
	db, err := sql.Open("pgx", databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	name := "test_" + uuid.NewString()[:8]
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8' "+as); err != nil {
		t.Skip("this locale is not there")
	}
	t.Cleanup(func() { _, _ = db.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// paged reads a list page by page.
func paged(t *testing.T, table *Table[named], q Query) (names []string) {
	t.Helper()
	for q.Limit = 7; ; q.Offset += q.Limit {
		rows, count, err := table.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			names = append(names, row.Name)
		}
		if len(names) >= count || len(rows) == 0 {
			return names
		}
	}
}

// TestListsAreTheSameEverywhere: the order and the filters of a list depend neither
// on the database nor on its locale.
func TestListsAreTheSameEverywhere(t *testing.T) {
	eachLocale(t, func(t *testing.T, db *Database) {
		for name, f := range map[string]func(*testing.T, *Database){
			"order": theSameOrder, "filters": exactFilters, "numbers and days": numbersAndDays, "texts of before": textsOfBefore,
		} {
			if _, err := db.exec(t.Context(), "DELETE FROM namen"); err != nil {
				t.Fatal(err)
			}
			t.Run(name, func(t *testing.T) { f(t, db) })
		}
	})
}

func theSameOrder(t *testing.T, db *Database) {
	table := NewTable(db, namedSchema)
	for i := range peopleSorted { // any order but the right one
		name := peopleSorted[(i*17+5)%len(peopleSorted)]
		nick := name
		if i%10 == 0 {
			nick = ""
		}
		if _, err := table.Create(t.Context(), &named{Name: name, Nick: nick}, Key{}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(by string, want []string) {
		t.Helper()
		if got := paged(t, table, Query{Sort: by}); !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", by, got, want)
		}
	}
	down := slices.Clone(peopleSorted)
	slices.Reverse(down)
	check("naam", peopleSorted)
	check("-naam", down)
	// Who has none comes last in both directions.
	for _, by := range []string{"roepnaam", "-roepnaam"} {
		rows, _, err := table.List(t.Context(), Query{Sort: by, Limit: 100})
		if err != nil || rows[len(rows)-1].Nick != "" || rows[0].Nick == "" {
			t.Errorf("%s: %v", by, err)
		}
	}
	// A changed text has another place.
	rows, _, err := table.List(t.Context(), Query{Sort: "naam", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	rows[0].Name = "Zzz"
	if err := table.Replace(t.Context(), &rows[0]); err != nil {
		t.Fatal(err)
	}
	i := slices.Index(peopleSorted, "Zwart")
	check("naam", slices.Concat(peopleSorted[1:i+1], []string{"Zzz"}, peopleSorted[i+1:]))
}

// exactFilters: a filter gives what has this value, with its
// capitals and accents, however the accent came.
func exactFilters(t *testing.T, db *Database) {
	table := NewTable(db, namedSchema)
	on, off := true, false
	for i, colour := range []string{"café", "cafe", "n.v.t.", "a,b", "100%", "Ja", "in behandeling", "cafe\u0301", ""} {
		row := &named{Name: fmt.Sprint(i), Colour: colour, On: []*bool{&on, &off, nil}[i%3], Day: new(value.Date(fmt.Sprintf("2026-01-0%d", i%3+1)))}
		if _, err := table.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		if row.Colour != value.NFC(colour) {
			t.Errorf("the answer says %q", row.Colour)
		}
	}
	for _, c := range []struct{ field, value, want string }{
		{"kleur", "café", "0 7"}, {"kleur", "cafe\u0301", "0 7"}, {"kleur", "cafe", "1"}, {"kleur", "n.v.t.", "2"}, {"kleur", "a,b", "3"}, {"kleur", "100%", "4"},
		{"kleur", "Ja", "5"}, {"kleur", "ja", ""}, {"kleur", "CAFÉ", ""}, {"kleur", "caf_", ""}, {"kleur", "", ""},
		{"aan", "true", "0 3 6"}, {"aan", "false", "1 4 7"}, {"dag", "2026-01-02", "1 4 7"}, {"dag", "2027-01-02", ""},
	} {
		if got := strings.Join(paged(t, table, Query{Filters: []Filter{{c.field, []string{c.value}}}}), " "); got != c.want {
			t.Errorf("%s=%q: got %q, want %q", c.field, c.value, got, c.want)
		}
	}
}

// numbersAndDays: what is empty comes last in both
// directions, and what is alike follows by id, in the same direction.
func numbersAndDays(t *testing.T, db *Database) {
	table := NewTable(db, namedSchema)
	moment := func(s string) *value.DateTime { return new(value.MustDateTime(s)) }
	for i, row := range []*named{
		{Size: new(10.5), Price: new(value.Money(-1)), Day: new(value.Date("0999-12-31")), Moment: moment("2026-10-25T02:30:00.000001+02:00")},
		{Size: new(-2.0), Price: new(value.Money(1000)), Day: new(value.Date("2026-02-28")), Moment: moment("2026-10-25T02:30:00+01:00")},
		{},
		{Size: new(1e300), Price: new(value.Money(999)), Day: new(value.Date("2024-02-29")), Moment: moment("2026-10-25T02:30:00.0000019+02:00")},
		{Size: new(9.0), Price: new(value.Money(0)), Day: new(value.Date("9999-12-31")), Moment: moment("1899-12-31T23:59:59Z")},
		{Size: new(9.0), Price: new(value.Money(0)), Day: new(value.Date("2026-02-28")), Moment: moment("2026-10-25T02:30:00+02:00")},
	} {
		row.Name = fmt.Sprint(i)
		row.ID = fmt.Sprintf("00000000-0000-7000-8000-00000000000%d", i)
		if _, err := table.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
	}
	for by, want := range map[string]string{
		"maat": "1 4 5 0 3 2", "-maat": "3 0 5 4 1 2", "prijs": "0 4 5 3 1 2", "-prijs": "1 3 5 4 0 2",
		"dag": "0 3 1 5 4 2", "-dag": "4 5 1 3 0 2", "moment": "4 5 0 3 1 2", "-moment": "1 3 0 5 4 2",
	} {
		if got := strings.Join(paged(t, table, Query{Sort: by}), " "); got != want {
			t.Errorf("%s: got %s, want %s", by, got, want)
		}
	}
}

// textsOfBefore: those of an earlier kern, and those that a migration of
// a team changed.
func textsOfBefore(t *testing.T, db *Database) {
	const insert = "INSERT INTO namen (id, aangemaakt_op, gewijzigd_op, versie, naam, roepnaam) VALUES ($1, $2, $2, 1, $3, $4)"
	long := strings.Repeat("é", 300)
	for i := range keysAtATime + 5 {
		name := fmt.Sprintf("naam %04d", i)
		if i == 3 {
			name = long
		}
		if _, err := db.exec(t.Context(), insert, fmt.Sprintf("%08d", i), db.moment(), name, nil); err != nil {
			t.Fatal(err)
		}
	}
	first := func(want string) {
		t.Helper()
		rows, _, err := NewTable(db, namedSchema).List(t.Context(), Query{Sort: "-naam", Limit: 1})
		if err != nil || rows[0].Name != want {
			t.Fatalf("%v, %v", err, rows)
		}
	}
	first("naam 0504")
	if _, err := db.exec(t.Context(), "UPDATE namen SET naam = $1 WHERE naam = $2", "zz", "naam 0100"); err != nil {
		t.Fatal(err)
	}
	first("zz")
	var left int
	if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM namen WHERE naam__"+keyVersion+" IS NULL").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d without a key, %v", left, err)
	}
}

// TestAMigrationMayCopyATable: the way in which a migration changes a CHECK on
// SQLite, with SELECT *, on a table of which we keep sort keys.
func TestAMigrationMayCopyATable(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		db := open()
		if _, err := NewTable(db, thingSchema).Create(t.Context(), &thing{Name: "één"}, Key{}); err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(thingSQLite, "CREATE TABLE dingen", "CREATE TABLE dingen_nieuw", 1)
		text, _, _ = strings.Cut(text, "CREATE INDEX")
		more := migrations(t).(fstest.MapFS)
		more["sqlite/0002_grens.sql"] = &fstest.MapFile{Data: []byte(strings.Replace(text, "BETWEEN 1 AND 20", "BETWEEN 1 AND 30", 1) +
			"INSERT INTO dingen_nieuw SELECT * FROM dingen; DROP TABLE dingen; ALTER TABLE dingen_nieuw RENAME TO dingen;")}
		more["postgres/0002_grens.sql"] = &fstest.MapFile{Data: []byte("ALTER TABLE dingen DROP CONSTRAINT dingen_aantal_check; ALTER TABLE dingen ADD CHECK (aantal BETWEEN 1 AND 30);")}
		if err := db.Migrate(t.Context(), more); err != nil {
			t.Fatal(err)
		}
		things := NewTable(db, thingSchema)
		if _, err := things.Create(t.Context(), &thing{Name: "Een", Count: new(int64(25))}, Key{}); err != nil {
			t.Fatal(err)
		}
		rows, count, err := things.List(t.Context(), Query{Sort: "naam", Limit: 5})
		if err != nil || count != 2 || rows[0].Name != "Een" || rows[1].Name != "één" {
			t.Errorf("%v, %d, %v", err, count, rows)
		}
	})
}
