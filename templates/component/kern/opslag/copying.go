package opslag

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// passing are the tables that do not go along in a copy, and that may hold
// something in a database into which one is put: sessions and forms that somebody
// is busy with, who delivers to the logbook, how many files came this hour, and which
// versions serve.
var passing = map[string]bool{"tijdelijk": true, "logboekbezorgers": true, "bestandstellingen": true, "versies": true}

// anew are tables that go along, and that a start fills by itself: what one left
// behind in an empty database is in nobody's way.
var anew = map[string]bool{"procesdefinities": true}

// onlyWhere is which rows of a table go along, when not all do: a file that no row
// has belongs to a form that somebody is busy with.
var onlyWhere = map[string]string{
	"bestanden":     " WHERE verloopt_op IS NULL",
	"bestandsdelen": " WHERE bestand IN (SELECT id FROM bestanden WHERE verloopt_op IS NULL)",
}

// copying is how a database gives its rows in the values of a copy, and takes them.
type copying struct {
	tables  string // gives the names of all tables
	columns string // gives name and type of the columns of table $1 that can be written
	derived string // gives the columns of table $1 that a trigger fills; "" when there are none
	ready   string // statement before the first row is read or written
	kind    func(declared string) kind
	read    func(c storedColumn) string        // the expression that gives a column
	place   func(c storedColumn, n int) string // the place of value n, of that column
	insert  string                             // what stands between the columns and VALUES
	apart   func(ctx context.Context, tx *transaction, tables []string) (join func() error, err error)
	after   func(ctx context.Context, tx *transaction, table string, columns []storedColumn) error
	others  string // gives how many others are connected; "" when opening told
	again   string // statement after which it looks anew
	places  int    // how many values a statement may have
}

// storedColumn is a column as the database has it. Its name is never one from a
// copy.
type storedColumn struct {
	name, declared string
	kind           kind
}

// kind is what a column holds.
type kind int

const (
	anything kind = iota
	integers
	booleans
	moments
	floats
	texts
	blobs
)

var (
	copySQLite = copying{
		tables: `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
		// Columns that are made of others cannot be written.
		columns: "SELECT name, type FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid",
		ready:   "PRAGMA defer_foreign_keys = ON",
		kind:    kindInSQLite,
		// Of an expression the driver knows no type, so it gives what is stored.
		read:   func(c storedColumn) string { return "+" + quoted(c.name) },
		place:  func(storedColumn, int) string { return "?" }, // it looks up a name each time
		apart:  keysInSQLite,
		after:  func(context.Context, *transaction, string, []storedColumn) error { return nil },
		places: 1_000,
	}
	copyPostgres = copying{
		tables: `SELECT relname FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
			AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e') ORDER BY relname`,
		columns: `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
			WHERE attrelid = (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = $1) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
		// What a migration keeps of a column under its old name, for a version of before.
		derived: `SELECT trim(both '"' from (regexp_match(prosrc, 'ELSE NEW\.("?\w+"?) := NEW\.'))[1]) FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid
			WHERE tgrelid = quote_ident($1)::regclass AND tgname LIKE 'overgang\_1\_%' AND prosrc ~ 'ELSE NEW\.'`,
		ready: "SET LOCAL datestyle = 'ISO, YMD'",
		kind:  kindInPostgres,
		read:  readInPostgres,
		place: placeInPostgres,
		// Numbers that the database gives out itself come along as they were.
		insert: " OVERRIDING SYSTEM VALUE",
		apart:  keysInPostgres,
		after:  numbersInPostgres,
		again:  "SELECT pg_stat_clear_snapshot()",
		others: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
		places: 10_000,
	}
)

func kindInSQLite(declared string) kind {
	switch base, _, _ := strings.Cut(strings.ToUpper(declared), "("); strings.TrimSpace(base) {
	case "INTEGER", "BIGINT", "INT", "SMALLINT":
		return integers
	case "BOOLEAN":
		return booleans
	case "TIMESTAMP":
		return moments
	case "REAL", "DOUBLE PRECISION", "DOUBLE", "FLOAT":
		return floats
	case "TEXT", "VARCHAR", "CHAR":
		return texts
	case "BLOB":
		return blobs
	}
	return anything
}

func kindInPostgres(declared string) kind {
	switch plainType(declared) {
	case "bigint", "integer", "smallint":
		return integers
	case "boolean":
		return booleans
	case "timestamp with time zone", "timestamp without time zone":
		return moments
	case "double precision", "real":
		return floats
	case "text", "character varying", "character":
		return texts
	case "bytea":
		return blobs
	}
	return anything
}

// quoted writes a name that the database gave as a name in SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// given makes the value of a copy of one that was read.
func (c storedColumn) given(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UnixMicro()
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	return v
}

// taken makes a value to write of one of a copy, or says that the column cannot
// have it.
func (c storedColumn) taken(v any, remote bool) (any, bool) {
	if v == nil {
		return nil, true
	}
	n, isInteger := v.(int64)
	switch c.kind {
	case integers:
		return v, isInteger
	case booleans:
		if remote {
			return n == 1, isInteger && (n == 0 || n == 1)
		}
		return v, isInteger
	case moments:
		if remote {
			return time.UnixMicro(n).UTC(), isInteger
		}
		return v, isInteger
	case floats:
		return takenFloat(v)
	case blobs:
		_, ok := v.([]byte)
		return v, ok
	case texts:
		return takenText(v, remote)
	}
	if !remote {
		return v, true
	}
	switch v := v.(type) { // the database makes it of its text
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	}
	return takenText(v, remote)
}

func takenFloat(v any) (any, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case string: // the number that is none, of PostgreSQL
		f, err := strconv.ParseFloat(v, 64)
		return f, err == nil && (math.IsNaN(f) || math.IsInf(f, 0))
	}
	return nil, false
}

// takenText: SQLite keeps bytes in a column of text as bytes.
func takenText(v any, remote bool) (any, bool) {
	switch v := v.(type) {
	case string:
		return v, !remote || utf8.ValidString(v) && !strings.Contains(v, "\x00")
	case []byte:
		if !remote {
			return v, true
		}
		return string(v), utf8.Valid(v) && !slices.Contains(v, 0)
	}
	return nil, false
}

// names reads one column of text.
func (t *transaction) names(ctx context.Context, text string, args ...any) (all []string, err error) {
	rows, err := t.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}

// columnsOf are the columns of a table without those that fill themselves from others:
// of the two kinds of database only one may have them.
func (d *Database) columnsOf(ctx context.Context, tx *transaction, table string) (all []storedColumn, err error) {
	var derived []string
	if d.dialect.copying.derived != "" {
		if derived, err = tx.names(ctx, d.dialect.copying.derived, table); err != nil {
			return nil, err
		}
	}
	rows, err := tx.QueryContext(ctx, d.dialect.copying.columns, table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c storedColumn
		if err := rows.Scan(&c.name, &c.declared); err != nil {
			return nil, err
		}
		if slices.Contains(derived, c.name) || strings.HasSuffix(c.name, "__"+keyVersion) || strings.HasPrefix(c.name, keyVersion+"__") {
			continue
		}
		c.kind = d.dialect.copying.kind(c.declared)
		all = append(all, c)
	}
	return all, rows.Err()
}

// tablesOf are the tables that the migrations of these sets make, as far as they
// are there, and the tables that somebody else made.
func (d *Database) tablesOf(ctx context.Context, tx *transaction, all []migrationSet) (ours, others []string, err error) {
	made := map[string]bool{}
	own := map[string]bool{}
	for _, set := range all {
		own[set.table] = true
		files, err := d.files(set)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			for _, table := range f.tables() {
				made[strings.ToLower(strings.Trim(table, `"`))] = true
			}
		}
	}
	there, err := tx.names(ctx, d.dialect.copying.tables)
	if err != nil {
		return nil, nil, err
	}
	for _, table := range there {
		switch {
		case own[table]:
		case made[strings.ToLower(table)]:
			ours = append(ours, table)
		default:
			others = append(others, table)
		}
	}
	return ours, others, nil
}

// ran are the sums of the migrations of all sets that have run; none in a database
// that is new. It asks no more than the oldest kern wrote down: before an update the
// program of after it may be the one that makes the copy.
func (d *Database) ran(ctx context.Context, tx *transaction, all []migrationSet) (map[string]map[string]string, error) {
	there, err := tx.names(ctx, d.dialect.copying.tables)
	if err != nil {
		return nil, err
	}
	done := map[string]map[string]string{}
	for _, set := range all {
		if !slices.Contains(there, set.table) {
			continue
		}
		pairs, err := tx.names(ctx, "SELECT naam || '\n' || som FROM "+set.table)
		if err != nil {
			return nil, err
		}
		done[set.table] = map[string]string{}
		for _, pair := range pairs {
			name, sum, _ := strings.Cut(pair, "\n")
			done[set.table][name] = sum
		}
		files, err := d.files(set)
		if err != nil {
			return nil, err
		}
		for name := range done[set.table] {
			if !slices.ContainsFunc(files, func(f migration) bool { return f.name == name }) {
				return nil, fmt.Errorf("gegevens: de database is van een nieuwere versie van dit component: %s kent hier geen %s. Gebruik de versie waarmee de database het laatst is bijgewerkt", set.where, name)
			}
		}
	}
	return done, nil
}

// sumsOf are the migrations of a set as another kind of database would run them.
func sumsOf(set migrationSet, kind string) (map[string]string, error) {
	if !slices.Contains([]string{sqlite.name, postgres.name}, kind) {
		return nil, nil
	}
	files, err := (&Database{dialect: dialect{name: kind}}).files(set)
	sums := map[string]string{}
	for _, f := range files {
		sums[f.name] = f.sum
	}
	return sums, err
}

// occupied says which tables hold something that a copy would have to live with.
func (d *Database) occupied(ctx context.Context, tx *transaction, tables []string) error {
	var found []string
	for _, table := range tables {
		if passing[table] || anew[table] {
			continue
		}
		var n int64
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+quoted(table)).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			found = append(found, fmt.Sprintf("%s (%d)", table, n))
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("gegevens: de database is niet leeg: er staat iets in %s. Een reservekopie gaat alleen in een lege database; maak een nieuwe, en kies die met DATABASE_URL of DATA", strings.Join(found, ", "))
	}
	return nil
}
