package proef

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// migrations runs each migration of the team on tables that are filled, as those
// in production are: a column that must be filled comes into an empty table without
// a word, and stops the component of whoever has rows.
func migrations(t *testing.T, o *Setup) {
	t.Helper()
	try := func(s store) {
		t.Run(s.name, func(t *testing.T) {
			for _, fault := range filledFaults(t, o.Rooms, o.Course.Subject, s) {
				t.Error(fault)
			}
		})
	}
	try(store{name: "sqlite"})
	if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
		try(store{name: "postgres", base: base})
	}
}

// store makes empty databases of one kind. Its name is also the folder of its
// migrations.
type store struct{ name, base string }

// open makes an empty database, as the component sees it and for questions of our own.
func (s store) open(t *testing.T) (*opslag.Database, *sql.DB) {
	t.Helper()
	driver, address, url := "sqlite", filepath.Join(t.TempDir(), "proef.db"), ""
	if s.base != "" {
		url = FreshSchema(t, s.base)
	}
	db, err := opslag.Open(t.Context(), url, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if url != "" { // a plan that is kept would be of a table as it was
		driver, address = "pgx", url+"&default_query_exec_mode=exec"
	} else {
		address += "?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"
	}
	own, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = own.Close() })
	return db, own
}

// filledFaults runs the migrations one by one, with rows in every table before each,
// and says which of them stops.
func filledFaults(t *testing.T, rooms start.Rooms, subject string, s store) (faults []error) {
	t.Helper()
	files, err := fs.Sub(rooms.Files, "1-gegevens/migraties")
	if err != nil {
		return []error{err}
	}
	names, err := fs.Glob(files, s.name+"/*.sql")
	if err != nil || len(names) < 2 {
		return nil // the first one runs on an empty database only
	}
	slices.Sort(names)
	db, own := s.open(t)
	if err := db.Migrate(t.Context(), fstest.MapFS{}); err != nil {
		return []error{err}
	}
	f := &filler{T: t, db: own, postgres: s.base != "", tried: map[string]error{}}
	f.kern = f.tables()
	f.examples = examples(t, rooms, s, files, f.kern)
	some := fstest.MapFS{}
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return []error{err}
		}
		if i > 0 {
			f.fill()
			faults = append(faults, f.missing("1-gegevens/migraties/"+name, string(text))...)
		}
		some[name] = &fstest.MapFile{Data: text}
		if err := db.Migrate(t.Context(), some); err != nil {
			return append(faults, onFilled(name, string(text), i, err))
		}
	}
	if err := rooms.API(db, register.Log{}).Check(t.Context(), subject); err != nil {
		faults = append(faults, fmt.Errorf("na de migraties op gevulde tabellen: %w", err))
	}
	return faults
}

// examples are the values of the invented records, by table and column: what a
// column takes according to whoever wrote it.
func examples(t *testing.T, rooms start.Rooms, s store, files fs.FS, kern []string) map[string][]any {
	t.Helper()
	db, own := s.open(t)
	if err := db.Migrate(t.Context(), files); err != nil {
		return nil // what is wrong with them shows when they run one by one
	}
	if api := rooms.API(db, register.Log{}); api.Seed != nil {
		_, _ = api.Seed(t.Context()) // what is wrong with those shows when the component starts
	}
	f := &filler{T: t, db: own, postgres: s.base != "", kern: kern}
	return f.values()
}

var (
	addsColumn = regexp.MustCompile(`(?i)ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?"?(\w+)"?\s+ADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?\s([^;]*)`)
	placed     = regexp.MustCompile(`\b([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)\b`)
)

// onFilled says that a migration stops on tables that hold rows, where, and what
// helps.
func onFilled(name, text string, number int, err error) error {
	what := "draait niet op gevulde tabellen"
	if number == 0 {
		what = "draait niet op een lege database"
	}
	where := ""
	for _, m := range addsColumn.FindAllStringSubmatch(text, -1) {
		definition := strings.ToUpper(m[3])
		if strings.Contains(definition, "NOT NULL") && !strings.Contains(definition, "DEFAULT") {
			where = fmt.Sprintf(" (tabel %s, kolom %s: verplicht, en de rijen die er al zijn hebben er niets in)", m[1], m[2])
			break
		}
	}
	message := err.Error()
	if i := strings.LastIndex(message, "migratie "+path.Base(name)+": "); i >= 0 { // once is enough
		message = message[i+len("migratie "+path.Base(name)+": "):]
	}
	if m := placed.FindStringSubmatch(message); where == "" && m != nil {
		where = fmt.Sprintf(" (tabel %s, kolom %s)", m[1], m[2])
	}
	return fmt.Errorf("1-gegevens/migraties/%s %s%s: %s\nGeef de kolom een DEFAULT, of doe het in stappen: eerst een kolom die leeg mag zijn, dan een UPDATE die haar vult, en dan pas NOT NULL of CHECK. In productie staan er rijen in, en dan start het component niet", name, what, where, message)
}

// missing says of which tables a migration was not tried, because no row could be
// made for them.
func (f *filler) missing(name, text string) (faults []error) {
	for table, err := range f.tried {
		if err == nil || !mentions(text, table) || strings.Contains(text, "-- zonder proefrijen: "+table+"\n") {
			continue
		}
		faults = append(faults, fmt.Errorf("%s: voor tabel %s lukt geen proefrij (%w); deze migratie is dus niet op een gevulde tabel beproefd. Beproef haar zelf, en zet dan in dat bestand de regel: -- zonder proefrijen: %s", name, table, err, table))
	}
	return faults
}

func mentions(text, table string) bool {
	return regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(table) + `\b`).MatchString(text)
}

// query gives the rows of a question, each as a list of values.
func (f *filler) query(text string, args ...any) (all [][]any) {
	f.Helper()
	rows, err := f.db.QueryContext(context.WithoutCancel(f.Context()), text, args...) //nolint:sqlclosecheck // closed below
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		f.Fatal(err)
	}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			f.Fatal(err)
		}
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				values[i] = string(raw)
			}
		}
		all = append(all, values)
	}
	if err := rows.Err(); err != nil {
		f.Fatal(err)
	}
	return all
}
