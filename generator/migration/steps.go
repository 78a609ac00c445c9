package migration

import (
	"fmt"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// lines joins statements, each on a line of its own.
func lines(statements ...string) string {
	var b strings.Builder
	for _, s := range statements {
		if s != "" {
			b.WriteString(s + ";\n")
		}
	}
	return b.String()
}

// createTable makes a table with its indexes.
type createTable struct{ *model.Entity }

func (s createTable) sql(d ddl.Dialect) string { return d.Table(s.Entity) }

// dropTable drops a table with the files of its rows.
type dropTable struct{ table string }

func (s dropTable) sql(ddl.Dialect) string {
	return lines("DELETE FROM bestanden WHERE tabel = "+quote.SQL(s.table), "DROP TABLE "+s.table)
}

// renameTable gives a table another name, and everything that is called after it but
// its primary key, by which nobody ever asks.
type renameTable struct {
	*model.Entity // as it was
	from, to      string
	beside        bool // a version of before goes on under the old name
}

func (s renameTable) sql(d ddl.Dialect) string {
	var all []string
	switch beside := s.beside && d == ddl.Postgres; {
	case beside:
		all = append(all, withView(s.from, s.to))
		for _, f := range s.Fields {
			all = append(all, moveSortKey(s.from, f, f.Name.SQL, s.to, f.Name.SQL, false))
		}
	default:
		for _, f := range s.Fields {
			all = append(all, dropSortKey(d, s.from, f))
		}
		all = append(all, "ALTER TABLE "+s.from+" RENAME TO "+s.to)
	}
	for _, f := range s.Fields {
		all = append(all, renames(d, f, s.from, f.Name.SQL, s.to, f.Name.SQL)...)
	}
	// A request that is repeated with its key must find what came of it.
	return lines(append(all,
		"UPDATE bestanden SET tabel = "+quote.SQL(s.to)+" WHERE tabel = "+quote.SQL(s.from),
		"DELETE FROM idempotentiesleutels WHERE bereik = "+quote.SQL(s.to),
		"UPDATE idempotentiesleutels SET bereik = "+quote.SQL(s.to)+" WHERE bereik = "+quote.SQL(s.from))...)
}

// withView gives a table another name, with a view under the old one through which
// a version of before reads and writes as ever. It has all columns, also those that
// the team or kern made.
func withView(from, to string) string {
	return fmt.Sprintf(`DO $$ DECLARE kolommen text; BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO kolommen FROM pg_attribute WHERE attrelid = '%[1]s'::regclass AND attnum > 0 AND NOT attisdropped;
    ALTER TABLE %[1]s RENAME TO %[2]s;
    EXECUTE 'CREATE VIEW %[1]s AS SELECT ' || kolommen || ' FROM %[2]s';
END $$`, from, to)
}

// moveSortKey gives the sort key of a column, when it is there, the name that goes
// with the new one. With another it stays there too, for a version of before; what
// that version writes gets its new key when it is gone (see opslag).
func moveSortKey(oldTable string, f *model.Field, oldColumn, table, column string, another bool) string {
	from, to := value.KeyColumn(oldTable, oldColumn), value.KeyColumn(table, column)
	if f.BaseType != "string" {
		return ""
	}
	var do strings.Builder
	for _, way := range []string{"_op_", "_af_"} {
		fmt.Fprintf(&do, "    ALTER INDEX IF EXISTS %s RENAME TO %s;\n", value.KeyVersion+way+value.KeySum(oldTable, oldColumn), value.KeyVersion+way+value.KeySum(table, column))
	}
	if from != to {
		fmt.Fprintf(&do, "    ALTER TABLE %s RENAME COLUMN %s TO %s;\n", table, from, to)
	}
	if another {
		fmt.Fprintf(&do, "    ALTER TABLE %[1]s ADD COLUMN %[2]s TEXT COLLATE \"C\";\n    UPDATE %[1]s SET %[2]s = %[3]s;\n", table, from, to)
	}
	return fmt.Sprintf("DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = '%s'::regclass AND attname = '%s') THEN\n%sEND IF; END $$", table, from, do.String())
}

// renames gives what is called after a column the name that goes with a new one.
func renames(d ddl.Dialect, f *model.Field, oldTable, oldColumn, table, column string) (all []string) {
	if d == ddl.SQLite {
		if ddl.Indexed(f) { // SQLite cannot rename an index
			all = append(all, "DROP INDEX "+sqliteIndex(oldTable, oldColumn), strings.TrimSuffix(d.Index(table, column), ";\n"))
		}
		return all
	}
	named := func(there bool, label string) {
		if there {
			all = append(all, renameNamed(oldTable, oldColumn, table, column, label))
		}
	}
	named(ddl.Check(f, "") != "", checks)
	named(f.Reference != nil, fkeys)
	named(ddl.Indexed(f), indexes)
	return all
}

func sqliteIndex(table, column string) string { return table + "_" + column + "_idx" }

// dropSortKey takes away the column by which a list is sorted on a text, when there
// is one, which the team may have asked for itself: kern makes it anew under its new
// name. On SQLite kern does that before every migration.
func dropSortKey(d ddl.Dialect, table string, f *model.Field) string {
	if d == ddl.SQLite || f.BaseType != "string" {
		return ""
	}
	return "ALTER TABLE " + table + " DROP COLUMN IF EXISTS " + value.KeyColumn(table, f.Name.SQL)
}

// renameColumn gives a column another name, and everything that is called after it.
type renameColumn struct {
	table    string
	field    *model.Field // as it was
	from, to string
	beside   *bridge // a version of before goes on under the old name
}

func (s renameColumn) sql(d ddl.Dialect) string {
	if d == ddl.Postgres && s.beside != nil {
		return s.expand()
	}
	all := []string{dropSortKey(d, s.table, s.field), fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s", s.table, s.from, s.to)}
	return lines(append(all, renames(d, s.field, s.table, s.from, s.table, s.to)...)...)
}

// expand gives the column its new name, and makes one with the old name beside it.
func (s renameColumn) expand() string {
	all := []string{fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s", s.table, s.from, s.to)}
	all = append(all, renames(ddl.Postgres, s.field, s.table, s.from, s.table, s.to)...)
	all = append(all, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s", s.table, s.from, s.field.Postgres),
		fmt.Sprintf("UPDATE %s SET %s = %s", s.table, s.from, s.to),
		moveSortKey(s.table, s.field, s.from, s.table, s.to, true))
	if ddl.Indexed(s.field) {
		all = append(all, strings.TrimSuffix(ddl.Postgres.Index(s.table, s.from), ";\n"))
	}
	return lines(all...) + s.beside.copies()
}

// makeIndex and dropIndex are about the index of a column.
type makeIndex struct{ table, column string }

func (s makeIndex) sql(d ddl.Dialect) string { return d.Index(s.table, s.column) }

type dropIndex struct{ table, column string }

func (s dropIndex) sql(d ddl.Dialect) string {
	if d == ddl.SQLite {
		return lines("DROP INDEX " + sqliteIndex(s.table, s.column))
	}
	return lines(dropNamed(s.table, s.column, indexes))
}

// dropColumn drops a column, with the files that it names.
type dropColumn struct {
	table, column string
	file, indexed bool
	field         *model.Field // nil for one that was kept
	keyed         bool         // it may have its sort key still
}

func (s dropColumn) sql(d ddl.Dialect) string {
	text := ""
	if s.file {
		id := "CASE WHEN json_valid(" + s.column + ") THEN json_extract(" + s.column + ", '$.id') END" // the trial of a component has other texts in it
		if d == ddl.Postgres {
			id = s.column + " ->> 'id'"
		}
		text += lines(fmt.Sprintf("DELETE FROM bestanden WHERE tabel = %s AND id IN (SELECT %s FROM %s)", quote.SQL(s.table), id, s.table))
	}
	if s.indexed {
		text += dropIndex{s.table, s.column}.sql(d)
	}
	if s.field != nil {
		text += lines(dropSortKey(d, s.table, s.field))
	}
	if s.keyed && d == ddl.Postgres {
		text += lines("ALTER TABLE " + s.table + " DROP COLUMN IF EXISTS " + value.KeyColumn(s.table, s.column))
	}
	return text + lines(fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", s.table, s.column))
}
